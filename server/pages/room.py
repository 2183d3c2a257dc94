"""The page of a draft: the sheet, the outline, the comments, and everything the scripts need to go on from there."""

from dataclasses import dataclass
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import commands as do
from drafts.access import Verb, may
from drafts.brackets import count
from drafts.change import narrow
from drafts.decide import MAX_REASON
from drafts.desk import brought, cast, drafts, forums, threads
from drafts.desk import floor as floors
from drafts.desk.cast import Cast
from drafts.desk.threads import ThreadView
from drafts.errors import Invalid
from drafts.model import Forum, Member, Mode, Openness, Stage, Version
from drafts.room import MAX_CLAUSES, MAX_COMMENT
from drafts.stages import reaches
from drafts.state import ClauseState, State
from server import auth, wire, words
from server.auth import Signed
from server.hub import operation
from server.i18n import Tongue
from server.pages import merges, table, view
from server.pages.forms import Form
from server.render import Names, escape
from server.sheet import Look, beginning, sheet

_VERBS = {
    "edit": Verb.DRAFT_EDIT,
    "lock": Verb.CLAUSE_LOCK,
    "set": Verb.DRAFT_SET,
    "issue": Verb.VERSION_ISSUE,
    "comment": Verb.THREAD_OPEN,
    "comment_delegations": Verb.THREAD_OPEN_DELEGATIONS,
    "note": Verb.BRACKET_NOTE,
}
_GROUPS = ("government", "industry", "civil_society", "academia")


@dataclass(frozen=True, slots=True)
class Baseline:
    """A state that the redline can be shown against; ``b`` as in drafts/redline.py."""

    b: int
    label: str
    date: str


async def page(request: Request, signed: Signed) -> Response:
    """The draft as it stands, for reading without scripts and for going on with them."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    state, me = await drafts.state(store, signed.person.id, draft_id)
    if state.draft.parent:
        query = f"?{request.url.query}" if request.url.query else ""
        return RedirectResponse(f"/proposals/{draft_id}{query}", 303)
    await request.app.state.hub.opened(state.draft, me.person_id)
    return await show(request, me, state)


async def show(
    request: Request,
    me: Member,
    state: State,
    *,
    why: str = "",
    status: int = 200,
    template: str = "room.html",
    more: dict[str, object] | None = None,
) -> Response:
    """The page for somebody who may read the draft. ``more``: what another template needs besides."""
    store, spoken = request.app.state.store, view.tongue(request)
    draft = state.draft
    forum, _ = await forums.enter(store, me.person_id, draft.forum_id)
    talks = await threads.all(store, me.person_id, draft.id, state)
    people = await cast.of(store, state)
    baselines = _baselines(people.issued, spoken)
    look = _look(request, baselines)
    named = _labels(state)
    floor = floors.Views(state, people, brief=True).all(me)
    laid = table.lay(request, me, state, floor, named)
    act = f"/drafts/{draft.id}/proposals/new" if floor["draft"]["may"]["propose"] else ""
    made = sheet(state, names_of(state, people), look, spoken, laid.by_clause, act)
    rights = {name: may(me, verb, draft) is None for name, verb in _VERBS.items()}
    found = count(c.text for c in state.standing())
    query = request.query_params
    group = query.get("group", "")
    return view.page(
        request,
        template,
        status=status,
        me=me,
        why=why,
        draft=draft,
        forum=forum,
        stages=[one for one in Stage if one is draft.stage or reaches(draft.stage, one)],
        opennesses=list(Openness),
        look=look,
        baselines=baselines,
        since_label=next(base.label for base in baselines if base.b == look.baseline),
        latest=people.issued[-1] if people.issued else None,
        compare_old=people.issued[-1].number if people.issued else "live",
        may=rights,
        brought_says=merges.held_says(await brought.held(store, me.person_id, draft.id), spoken),
        sheet=made,
        doc=view.markup(made.doc),
        table=floor["draft"],
        front=view.markup(laid.front),
        loose=view.markup(laid.loose),
        outline=view.markup(made.outline),
        brackets=found.pairs + found.spanning,
        options=view.markup(_options(state, named)),
        threads=talks,
        label_of=named.__getitem__,
        show_resolved=query.get("all") == "1",
        shown_group=group if group in _GROUPS else "",
        group_counts=_group_counts(talks),
        room_data=view.markup(
            _room_data(request, _Facts(state, forum, me, look, baselines, rights, people, talks, floor))
        ),
        **(more or {}),
    )


async def settings(request: Request, signed: Signed, form: Form) -> Response:
    """Mode, observers, title and symbol, as one form has them all; stage and who sees what, where it names them."""
    draft_id = request.path_params["draft_id"]
    command = do.SetDraft(
        operation(),
        title=form.text("title", most=500, needed=True),
        symbol=form.text("symbol", most=100),
        mode=form.choice("mode", Mode),
        observers=form.flag("observers"),
        stage=form.choice("stage", Stage) if "stage" in form.values else None,
        proposals=form.choice("proposals", Openness) if "proposals" in form.values else None,
        positions=form.choice("positions", Openness) if "positions" in form.values else None,
    )
    await request.app.state.hub.perform(signed.person.id, draft_id, command)
    return RedirectResponse(f"/drafts/{draft_id}", 303)


async def lock(request: Request, signed: Signed, form: Form) -> Response:
    """Mark a clause agreed ad ref, or re-open it with a reason."""
    draft_id, clause = request.path_params["draft_id"], form.text("clause", most=32, needed=True)
    state = form.text("state", most=20)
    if state not in {"open", "agreed_ad_ref"}:
        raise Invalid("bad_choice", "Please choose one of the list.")
    command = do.Lock(operation(), clause, state, form.text("reason", most=MAX_REASON))
    await request.app.state.hub.perform(signed.person.id, draft_id, command)
    return RedirectResponse(f"/drafts/{draft_id}#c-{clause}", 303)


def names_of(state: State, people: Cast) -> Names:
    """Codes and names of the parties behind the author indexes, escaped."""
    parties = [people.parties.get(party_id) for _, party_id in state.authors]
    return Names(
        tuple(escape(party.code if party else "–") for party in parties),
        tuple(escape(party.name if party else "–") for party in parties),
    )


def _options(state: State, named: dict[str, str]) -> str:
    """The clauses of the text as a list to choose from."""
    return "".join(
        f'<option value="{c.id}">{escape(named[c.id])} {escape(beginning(c.text))}</option>' for c in state.standing()
    )


def _labels(state: State) -> dict[str, str]:
    """What to call each clause: its full label, or its first words. Of clauses that are gone too."""
    named = {clause: label for clause, label in state.addresses().items() if label}
    return named | {c.id: f"“{beginning(c.text, 28)}”" for c in state.clauses if c.id not in named}


def _baselines(issued: list[Version], spoken: Tongue) -> list[Baseline]:
    """The latest version first; the text as it was brought in last."""
    found = [Baseline(v.number + 1, v.label, spoken.day(v.issued_at)) for v in reversed(issued)]
    return [*found, Baseline(1, spoken._("the text as brought in"), "")]


def _look(request: Request, baselines: list[Baseline]) -> Look:
    wanted = request.query_params.get("since", "")
    known = {str(base.b): base.b for base in baselines}
    shown = "clean" if request.query_params.get("view") == "clean" else "redline"
    return Look(shown, known.get(wanted, baselines[0].b))


def _group_counts(talks: list[ThreadView]) -> list[tuple[str, int]]:
    groups = [thread["comments"][0]["party"]["group"] for thread in talks if thread["resolved"] is None]
    return [(group, groups.count(group)) for group in _GROUPS]


@dataclass(frozen=True, slots=True)
class _Facts:
    state: State
    forum: Forum
    me: Member
    look: Look
    baselines: list[Baseline]
    rights: dict[str, bool]
    people: Cast
    talks: list[ThreadView]
    floor: floors.View


def _room_data(request: Request, facts: _Facts) -> str:
    """The JSON of ``#room-data``; ``<`` is escaped, so that no text can end the element it stands in."""
    draft, me, spoken = facts.state.draft, facts.me, view.tongue(request)
    data: dict[str, Any] = {
        "draft": {
            "id": draft.id,
            "title": draft.title,
            "symbol": draft.symbol,
            "mode": draft.mode,
            "language": draft.language,
            "observers": draft.observers,
            "stage": draft.stage,
            "parent": draft.parent,
        },
        "forum": {"id": facts.forum.id, "name": facts.forum.name},
        "seq": draft.seq,
        "epoch": facts.state.epoch,
        "kept": [(clause, *kept) for clause, kept in facts.state.kept.items()],
        "baselines": [{"b": base.b, "label": base.label, "date": base.date} for base in facts.baselines],
        "view": facts.look.view,
        "since": facts.look.baseline,
        "you": {
            "person": me.person_id,
            "name": me.person_name,
            "party": me.party.id,
            "code": me.party.code,
            "party_name": me.party.name,
            "group": me.party.group,
            "role": me.role,
            "may": facts.rights,
        },
        "authors": facts.state.authors,
        "people": _people(facts),
        "parties": {p.id: {"code": p.code, "name": p.name, "group": p.group} for p in facts.people.parties.values()},
        "clauses": [_clause(c) for c in facts.state.clauses],
        "threads": facts.talks,
        "floor": facts.floor,
        "words": words.for_scripts(spoken),
        "csrf": auth.form_token(request),
        "messages": spoken.for_scripts(),
        "locale": spoken.language,
        "socket": f"/ws/drafts/{draft.id}",
        "limits": {"frame": wire.MAX_FRAME, "clauses": MAX_CLAUSES, "comment": MAX_COMMENT},
    }
    return msgspec.json.encode(data).decode().replace("<", "\\u003c")


def _people(facts: _Facts) -> dict[str, Any]:
    """Everybody who wrote or is in the forum, as others see them; somebody who left stands for the party they last
    wrote for."""
    parties = dict(facts.state.authors)
    found: dict[str, Any] = {}
    for person_id, name in facts.people.names.items():
        party = facts.people.parties.get(parties.get(person_id, ""))
        if party:
            found[person_id] = {
                "name": name,
                "party": party.id,
                "code": party.code,
                "group": party.group,
                "party_name": party.name,
            }
    for member in facts.people.members.values():
        party = member.party
        found[member.person_id] = {
            "name": member.person_name,
            "party": party.id,
            "code": party.code,
            "group": party.group,
            "party_name": party.name,
        }
    return found


def _clause(clause: ClauseState) -> dict[str, Any]:
    gone = clause.gone
    return {
        "id": clause.id,
        "kind": clause.kind,
        "depth": clause.depth,
        "lang": clause.lang,
        "number": clause.number,
        "segs": [(narrow(s.text), s.ins, s.by, s.dele, s.del_by) for s in clause.segments],
        "state": clause.state,
        "state_by": clause.state_by,
        "state_at": clause.state_at,
        "born": clause.born,
        "source": clause.source,
        "gone": (gone.epoch, gone.author, gone.at, gone.reason, gone.into) if gone else None,
        "moved": clause.moved,
    }
