"""Proposals of a draft: the list of what is tabled with one's own private ones on top, beginning one, and one of them
with its history."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import readings
from drafts.access import Verb, demand, may
from drafts.acts import Act, ActKind
from drafts.change import MAX_TEXT
from drafts.desk import cast as casts
from drafts.desk import drafts, floor, proposals
from drafts.desk.cast import Cast
from drafts.desk.proposals import Wish
from drafts.errors import Refusal
from drafts.floor import Tabled
from drafts.model import (
    WORDED,
    ClauseKind,
    Draft,
    Member,
    Proposal,
    ProposalKind,
    ProposalState,
)
from drafts.readings import Reading
from drafts.tabling import MAX_REASON
from server import render
from server.auth import Signed
from server.i18n import Tongue
from server.pages import proposals_own, view
from server.pages.forms import Form
from server.pages.record import Names

PAGE: Final = 50  # proposals of a page of the list
_SHAPES: Final = ("preambular", "operative", "chapeau", "heading", "sub1", "sub2", "sub3")


@dataclass(frozen=True, slots=True)
class Card:
    """A tabled proposal on a page: what everybody may know who sees it, what its clause is called, and where a new or
    moved one goes ('' for the very front)."""

    view: dict[str, Any]
    label: str
    place: str


@dataclass(frozen=True, slots=True)
class Own:
    """A proposal of the reader's circle: ``shared`` with these parties; ``own`` when it is its own party's."""

    proposal: Proposal
    label: str
    party: str
    own: bool
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a tabled proposal. ``words``: a new wording as HTML, against the clause as it was."""

    kind: str
    at: int
    party: str
    person: str
    text: str
    words: Markup | None
    accepts: bool | None = None
    state: str = ""


# ── the list ──


async def page(request: Request, signed: Signed) -> Response:
    """What is tabled, by clause, and the reader's own. ``?clause=`` shows one clause's, ``?all=1`` the closed ones
    too."""
    store, draft_id, query = request.app.state.store, request.path_params["draft_id"], request.query_params
    state, me = await drafts.state(store, signed.person.id, draft_id)
    people = await casts.of(store, state)
    names, views = Names(state, view.tongue(request)), floor.Views(state, people, brief=True)
    wanted = [
        tabled
        for tabled in state.floor.proposals.values()
        if (tabled.open or query.get("all") == "1") and query.get("clause", "") in {"", tabled.clause}
    ]
    order = {clause.id: at for at, clause in enumerate(state.clauses)}
    wanted = [one for one in wanted if views.open_to(me, one)]
    wanted.sort(key=lambda one: (order.get(one.clause or readings.place(state, one) or "", -1), one.number))
    asked, pages = query.get("page", "1"), max(1, -(-len(wanted) // PAGE))
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 6 else 1
    shown = wanted[(number - 1) * PAGE : number * PAGE]
    cards = [found for tabled in shown if (found := card(views.proposal(me, tabled), names))]
    mine = await proposals.mine(store, signed.person.id, draft_id)
    known = [_own(one, text, me, people, names) for one, text in mine]
    return view.page(
        request,
        "proposals.html",
        me=me,
        draft=state.draft,
        groups=_groups(cards, names),
        closed=sum(not tabled.open for tabled in state.floor.proposals.values() if views.open_to(me, tabled)),
        shows_all=query.get("all") == "1",
        number=number,
        pages=pages,
        link="?" + urlencode({name: query[name] for name in ("clause", "all") if query.get(name)} | {"page": ""}),
        clause_chosen=query.get("clause", ""),
        clauses=list(names.all()),
        private=[one for one in known if one.proposal.state.private],
        away=[one for one in known if one.own and _away(one.proposal)],
        may_write=may(me, Verb.PROPOSAL_WRITE, state.draft) is None,
    )


def _away(proposal: Proposal) -> bool:
    return proposal.state is ProposalState.WITHDRAWN and proposal.number is None


def card(seen: dict[str, Any] | None, names: Names) -> Card | None:
    """A view of a proposal as a page shows it; None for none."""
    if seen is None:
        return None
    return Card(seen, names.of(seen["clause"]), names.of(seen["place"] or seen["after"]))


def _groups(cards: Sequence[Card], names: Names) -> list[tuple[str, str, list[Card]]]:
    """Clause id and name, and the proposals about it, in the order of the cards; new clauses stand where they go."""
    groups: dict[str, list[Card]] = {}
    for one in cards:
        groups.setdefault(one.view["clause"] or one.view["place"] or "", []).append(one)
    return [(clause, names.of(clause), found) for clause, found in groups.items()]


def _own(one: Proposal, text: Draft, me: Member, people: Cast, names: Names) -> Own:
    shared = [people.parties[party].name for party in text.circle[1:] if party in people.parties]
    owner = people.parties.get(text.circle[0])
    own = text.circle[0] == me.party.id
    return Own(one, names.of(one.clause_id), owner.name if owner else "–", own, tuple(shared))


# ── beginning ──


async def new(request: Request, signed: Signed) -> Response:
    """The form for one kind of proposal: ``?kind=`` on ``?clause=``."""
    return await _form(request, signed, dict(request.query_params))


async def begin(request: Request, signed: Signed, form: Form) -> Response:
    """Keep a proposal private, or lay it on the table at once."""
    app, draft_id = request.app, request.path_params["draft_id"]
    try:
        wish = _wish(form)
        made = await proposals.begin(app.state.store, signed.person.id, draft_id, wish)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        return await _form(request, signed, form.values, refusal)
    if form.text("how", most=10) == "table":
        try:
            await proposals.table(app.state.store, app.state.hub.perform, signed.person.id, made.id)
        except Refusal as refusal:  # it is kept, and its page says why it is not on the table
            return await proposals_own.show(request, signed, made.id, refusal)
        return RedirectResponse(f"/drafts/{draft_id}/proposals/{made.id}", 303)
    return RedirectResponse(f"/proposals/{made.id}", 303)


def _wish(form: Form) -> Wish:
    kind = form.choice("kind", ProposalKind)
    return Wish(
        kind,
        form.text("clause", most=32) or None,
        after_id=form.text("after", most=32) or None,
        shape=_shape(form.text("shape", most=16)) if kind is ProposalKind.ADD else None,
        reason=form.text("reason", most=MAX_REASON),
        text=" ".join(form.text("text", most=MAX_TEXT).split("\n")) if kind in WORDED else None,
        number=form.number("number") if form.text("number") else None,
    )


def _shape(said: str) -> tuple[ClauseKind, int, str]:
    if said.startswith("sub") and said in _SHAPES:
        return ClauseKind.SUB, int(said[3:]), ""
    return ClauseKind(said if said in _SHAPES else "operative"), 0, ""


async def _form(request: Request, signed: Signed, typed: dict[str, str], why: Refusal | None = None) -> Response:
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    state, me = await drafts.state(store, signed.person.id, draft_id)
    demand(me, Verb.PROPOSAL_WRITE, state.draft)
    spoken = view.tongue(request)
    known = {kind.value for kind in ProposalKind}
    kind = ProposalKind(typed["kind"]) if typed.get("kind") in known else ProposalKind.MODIFY
    clause = state.clause(typed.get("clause", ""))
    standing = [c for c in Names(state, spoken).all() if (found := state.clause(c[0])) and found.gone is None]
    if clause is None or clause.gone is not None:
        clause = None
    given = typed.get("text")
    return view.page(
        request,
        "proposal_new.html",
        status=why.status if why else 200,
        me=me,
        draft=state.draft,
        kind=kind,
        kinds=list(ProposalKind),
        clause=clause,
        name=dict(standing).get(clause.id, "") if clause else "",
        now_reads=view.markup(render.plain(clause.text, spoken)) if clause else "",
        clauses=standing,
        shapes=_SHAPES,
        shape=typed.get("shape", "operative"),
        after=typed.get("after", typed.get("clause", "") if kind is ProposalKind.ADD else ""),
        worded=kind in WORDED,
        text=given if given is not None else (clause.text if clause and kind is not ProposalKind.ADD else ""),
        reason=typed.get("reason", ""),
        may_table=may(me, Verb.PROPOSAL_TABLE, state.draft) is None,
        why=spoken.refusal(why) if why else "",
    )


# ── one ──


async def one(request: Request, signed: Signed) -> Response:
    """A tabled proposal with its history, and what the reader may do with it."""
    return await show(request, signed)


async def show(request: Request, signed: Signed, why: Refusal | None = None) -> Response:
    """The page of a tabled proposal; ``why``: what was refused."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    proposal_id, spoken = request.path_params["proposal_id"], view.tongue(request)
    state, me = await drafts.state(store, signed.person.id, draft_id)
    tabled = proposals.tabled(state, me, proposal_id)
    people = await casts.of(store, state)
    names, views = Names(state, spoken), floor.Views(state, people)
    shown = card(views.proposal(me, tabled), names)
    reading = readings.against(state, tabled)
    clause = state.clause(tabled.clause or "")
    acts = await proposals.history(store, signed.person.id, draft_id, proposal_id)
    others = [p for p in state.floor.of_clause(tabled.clause) if p.open and p.id != tabled.id and _together(p, tabled)]
    return view.page(
        request,
        "proposal_one.html",
        status=why.status if why else 200,
        me=me,
        draft=state.draft,
        card=shown,
        tabled=tabled,
        number=clause.number if clause else 0,
        choices=_choices(reading, spoken) if tabled.open and not reading.stale else [],
        others=[found for p in others if (found := card(views.proposal(me, p), names))],
        outcome=reading.outcome or tabled.text,
        steps=[_step(act, people, spoken) for act in acts],
        circle=tabled.party == me.party.id,
        sponsoring=me.party.id in tabled.backers(),
        worded=tabled.kind in WORDED,
        why=spoken.refusal(why) if why else "",
    )


def _together(one_: Tabled, other: Tabled) -> bool:
    """Whether the two can be merged: both change the words of their clause, or are new clauses of one place."""
    return one_.kind in WORDED and other.kind in WORDED and one_.after == other.after


def _choices(reading: Reading, spoken: Tongue) -> list[tuple[int, Markup]]:
    found = readings.choices(reading)
    return [
        (choice.number, view.markup(render.both_sides([reading.pieces[at] for at in choice.at], spoken)))
        for choice in found
    ]


def _step(act: Act, people: Cast, spoken: Tongue) -> Step:
    body = act.body
    party = people.parties.get(act.party_id)
    words = None
    if act.kind in {ActKind.TABLE, ActKind.REVISE, ActKind.OFFER} and body["text"]:
        hunks = readings.worded(body["old"], body["text"], body["old"]).pieces
        words = view.markup(render.both_sides(hunks, spoken))
    kind = act.kind.value
    if act.kind is ActKind.SPONSOR:
        kind = "join" if body["joins"] else "leave"
    return Step(
        kind,
        act.at,
        party.name if party else "–",
        people.name(act.person_id),
        body.get("reason") or body.get("note") or "",
        words,
        body.get("accepts"),
        body.get("state", ""),
    )
