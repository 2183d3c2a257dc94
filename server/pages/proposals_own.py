"""A proposal as its own circle has it: the room of its text, with whom it is shared, what its owner does with it."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.access import Verb, may
from drafts.desk import cast as casts
from drafts.desk import proposals
from drafts.desk.proposals import Opened, Standing
from drafts.errors import Refusal
from drafts.model import WORDED, Clause, Proposal, Stage
from drafts.numbering import Slot, addresses, as_issued
from drafts.tabling import MAX_REASON
from drafts.words import hunks
from server import render
from server.auth import Signed
from server.i18n import Tongue
from server.pages import room, view
from server.pages.forms import Form
from server.pages.record import Names
from server.render import escape


async def page(request: Request, signed: Signed) -> Response:
    """The room in which a party writes its proposal."""
    return await show(request, signed, request.path_params["proposal_id"])


async def show(request: Request, signed: Signed, proposal_id: str, why: Refusal | None = None) -> Response:
    """The room; ``why``: what was refused."""
    store, spoken = request.app.state.store, view.tongue(request)
    opened = await proposals.get(store, signed.person.id, proposal_id)
    found = await proposals.standing(store, opened)
    names = Names(found.parent, spoken)
    found.room.kept = as_issued([_called(opened.proposal, found)])
    facts = await _facts(request, opened, found, names, spoken)
    said, status = (spoken.refusal(why), why.status) if why else ("", 200)
    return await room.show(
        request, opened.me, found.room, why=said, status=status, template="proposal.html", more=facts
    )


def _called(proposal: Proposal, found: Standing) -> Clause:
    """The proposal's one clause with the label that it has in the draft, or would have there."""
    text, parent = found.own, found.parent
    standing: list[Slot] = [Slot(c.kind, c.depth, c.id) for c in parent.standing() if c.id != text.id]
    at = next((i + 1 for i, slot in enumerate(standing) if slot.id == proposal.after_id), 0)
    standing.insert(at, Slot(text.kind, text.depth, text.id))
    label = parent.addresses().get(text.id) or addresses(standing, parent.kept)[at]
    return Clause(text.id, text.kind, text.depth, text.text, label)


async def _facts(request: Request, opened: Opened, found: Standing, names: Names, spoken: Tongue) -> dict[str, object]:
    proposal, text = opened.proposal, opened.text
    store = request.app.state.store
    possible = await proposals.parties(store, opened) if opened.own else []
    known = (await casts.of(store, found.parent)).parties
    shared = [known[party].name for party in text.circle[1:] if party in known]
    tabled = found.tabled
    return {
        "proposal": proposal,
        "parent": opened.draft,
        "own": opened.own,
        "label": names.of(proposal.clause_id),
        "place": names.of(proposal.after_id),
        "owner": known[text.circle[0]].name if text.circle[0] in known else "–",
        "shared": shared,
        "possible": possible,
        "circle": text.circle,
        "pledged": [known[party].name for party in found.pledged if party in known],
        "pledges": opened.me.party.id in found.pledged,
        "may_pledge": may(opened.me, Verb.PROPOSAL_BACK, text) is None,
        "worded": proposal.kind in WORDED,
        "change": _change(opened, found, spoken),
        "behind": found.behind,
        "stale": bool(found.reading.stale),
        "conflicts": found.reading.conflicts,
        "clause_reads": view.markup(render.plain(found.clause.text, spoken)) if found.clause is not None else "",
        "gone": proposal.clause_id is not None and found.clause is None,
        "tabled": tabled if tabled is not None else None,
        "on_table": tabled is not None and tabled.open,
        "reworded": found.reworded,
        "away": opened.text.stage is Stage.WITHDRAWN,
        "may_table": may(opened.me, Verb.PROPOSAL_TABLE, opened.draft) is None,
        "places": _places(names, proposal.after_id),
    }


def _change(opened: Opened, found: Standing, spoken: Tongue) -> object:
    """The proposed words as tracked changes against the clause as it stood."""
    proposal = opened.proposal
    if proposal.kind not in WORDED:
        return view.markup(render.plain(proposal.base_text, spoken))
    return view.markup(render.both_sides(hunks(proposal.base_text, found.own.text.strip()), spoken))


def _places(names: Names, chosen: str | None) -> object:
    return view.markup(
        "".join(
            f'<option value="{clause}"{" selected" if clause == chosen else ""}>{escape(name)}</option>'
            for clause, name in names.all()
        )
    )


# ── what its owner does ──

Doing = Callable[[Request, str, str, Form], Awaitable[str | None]]


def _door(do: Doing) -> Callable[[Request, Signed, Form], Awaitable[Response]]:
    """Do it and go on to the address that it gives, else back to the proposal; what is refused is said there."""

    async def told(request: Request, signed: Signed, form: Form) -> Response:
        proposal_id = request.path_params["proposal_id"]
        await proposals.get(request.app.state.store, signed.person.id, proposal_id)
        try:
            going = await do(request, signed.person.id, proposal_id, form)
        except Refusal as refusal:
            if view.wants_json(request) or refusal.status in {403, 404}:
                raise
            return await show(request, signed, proposal_id, refusal)
        return RedirectResponse(going or f"/proposals/{proposal_id}", 303)

    return told


async def _share(request: Request, person: str, proposal: str, form: Form) -> None:
    store, perform = request.app.state.store, request.app.state.hub.perform
    chosen = [name.removeprefix("party-") for name in form.values if name.startswith("party-") and form.flag(name)]
    await proposals.share(store, perform, person, proposal, chosen)


async def _describe(request: Request, person: str, proposal: str, form: Form) -> None:
    reason, after = form.text("reason", most=MAX_REASON), form.text("after", most=32)
    await proposals.describe(request.app.state.store, person, proposal, reason, after or None)


async def _table(request: Request, person: str, proposal: str, _form: Form) -> str:
    store, perform = request.app.state.store, request.app.state.hub.perform
    await proposals.table(store, perform, person, proposal)
    opened = await proposals.get(store, person, proposal)
    return f"/drafts/{opened.draft.id}/proposals/{proposal}"


async def _reword(request: Request, person: str, proposal: str, form: Form) -> str:
    store, perform = request.app.state.store, request.app.state.hub.perform
    await proposals.reword(store, perform, person, proposal, form.text("reason", most=MAX_REASON))
    opened = await proposals.get(store, person, proposal)
    return f"/drafts/{opened.draft.id}/proposals/{proposal}"


async def _take_in(request: Request, person: str, proposal: str, form: Form) -> None:
    store, perform = request.app.state.store, request.app.state.hub.perform
    await proposals.take_in(store, perform, person, proposal, seen=form.flag("seen"))


async def _discard(request: Request, person: str, proposal: str, form: Form) -> None:
    store, perform = request.app.state.store, request.app.state.hub.perform
    await proposals.discard(store, perform, person, proposal, away=not form.flag("back"))


async def _withdraw(request: Request, person: str, proposal: str, form: Form) -> str:
    store, perform = request.app.state.store, request.app.state.hub.perform
    await proposals.withdraw(store, perform, person, proposal, form.text("reason", most=MAX_REASON))
    opened = await proposals.get(store, person, proposal)
    return f"/drafts/{opened.draft.id}/proposals/{proposal}"


async def _pledge(request: Request, person: str, proposal: str, form: Form) -> None:
    store, perform = request.app.state.store, request.app.state.hub.perform
    await proposals.pledge(store, perform, person, proposal, joins=form.flag("joins"))


share, describe, table, reword = _door(_share), _door(_describe), _door(_table), _door(_reword)
take_in, discard, withdraw, pledge = _door(_take_in), _door(_discard), _door(_withdraw), _door(_pledge)
