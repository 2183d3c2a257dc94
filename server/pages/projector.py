"""The text on the wall: one clause in big type with what is proposed on it, following the chair.

Whoever may read the draft may project it; proposals and positions are on it as far as that person sees them. The
script (web/src/projector.ts) asks for this page again when something changed, and puts the new ``main`` in its place.
"""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.access import Verb
from drafts.brackets import count
from drafts.desk import cast, drafts
from drafts.desk.floor import Views
from drafts.model import ClauseKind, now
from drafts.redline import Mark
from drafts.state import ClauseState, State
from server import render
from server.auth import Signed
from server.pages import view
from server.pages.forms import Form
from server.pages.room import names_of
from server.render import Names
from server.sheet import beginning, shown_runs

MOST = 4  # proposals that a room can read at once
LONG = 600  # UTF-16 units; a longer clause is set smaller, so that its proposals stay on the wall


@dataclass(frozen=True, slots=True)
class Part:
    """A clause on the wall. ``html``: its words with what is new and what is gone since the last version."""

    id: str
    label: str
    language: str
    html: Markup


async def page(request: Request, signed: Signed) -> Response:
    """The clause that the address names, else the one that the chair shows, else the first that is not agreed."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    state, me = await drafts.state(store, signed.person.id, draft_id)
    people, spoken = await cast.of(store, state), view.tongue(request)
    asked = request.query_params.get("clause", "")
    shown = _chosen(state, asked or request.app.state.hub.shown(draft_id) or "")
    standing = [clause for clause in state.standing() if clause.kind is not ClauseKind.HEADING]
    block = [clause for clause in state.block(shown) if clause.gone is None] if shown else []
    named = state.labels()
    names = names_of(state, people)
    whole = Names(names.names, names.names)
    ids = {clause.id for clause in block}
    on_it = [p for p in state.floor.open() if p.clause in ids or (p.clause is None and p.after in ids)]
    views = Views(state, people)
    seen = [one for tabled in on_it if (one := views.proposal(me, tabled))]
    at = standing.index(shown) if shown in standing else 0
    return view.page(
        request,
        "projector.html",
        me=me,
        draft=state.draft,
        forum=people.forum,
        section=_section(state, shown),
        latest=people.issued[-1].label if people.issued else "",
        marks={mark for clause in block for mark in _marks(clause, state)},
        parts=[
            Part(
                clause.id,
                named.get(clause.id, ""),
                clause.lang or state.draft.language,
                view.markup(render.text(shown_runs(clause, state.epoch, state.owners), whole, spoken)),
            )
            for clause in block
        ],
        large=sum(len(clause.wide) for clause in block) > LONG,
        number=at + 1 if standing else 0,
        total=len(standing),
        before=standing[at - 1].id if at > 0 else "",
        after=standing[at + 1].id if at + 1 < len(standing) else "",
        brackets=_brackets(block),
        proposals=seen[:MOST],
        more=max(0, len(seen) - MOST),
        state=shown.state if shown else "open",
        clock=now(),
    )


async def show(request: Request, signed: Signed, form: Form) -> Response:
    """Those who lead put a clause on the wall."""
    draft_id, clause_id = request.path_params["draft_id"], form.text("clause", most=32, needed=True)
    await drafts.open(request.app.state.store, signed.person.id, draft_id, Verb.DESK_READ)
    request.app.state.hub.sitting(draft_id).show(clause_id)
    return RedirectResponse(f"/drafts/{draft_id}/desk" if form.flag("desk") else f"/drafts/{draft_id}/projector", 303)


def _chosen(state: State, wanted: str) -> ClauseState | None:
    """The clause, or for a sub-clause the clause that it belongs to."""
    standing = state.standing()
    found = state.clause(wanted)
    if found is None or found.gone is not None:
        texts = [clause for clause in standing if clause.kind is not ClauseKind.HEADING]
        found = next((clause for clause in texts if not clause.locked), texts[0] if texts else None)
    if found is None or found.kind is not ClauseKind.SUB:
        return found
    before = standing[: standing.index(found)]
    return next((clause for clause in reversed(before) if clause.kind is not ClauseKind.SUB), found)


def _section(state: State, shown: ClauseState | None) -> str:
    standing = state.standing()
    before = standing[: standing.index(shown)] if shown in standing else []
    return next((beginning(c.text, 60) for c in reversed(before) if c.kind is ClauseKind.HEADING), "")


def _marks(clause: ClauseState, state: State) -> set[str]:
    found = {run.mark for run in shown_runs(clause, state.epoch, state.owners)}
    return {name for name, marks in (("ins", {Mark.INS}), ("del", {Mark.DEL, Mark.INSDEL})) if found & marks}


def _brackets(block: list[ClauseState]) -> int:
    found = count(clause.text for clause in block)
    return found.pairs + found.spanning + found.unbalanced
