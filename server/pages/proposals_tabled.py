"""What is done with a tabled proposal from its page: by its owner, its sponsors, and those who decide."""

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import commands as do
from drafts.change import MAX_TEXT
from drafts.decide import MAX_REASON
from drafts.desk import drafts, proposals
from drafts.errors import Refusal
from server.auth import Signed
from server.hub import operation
from server.pages import proposals as pages
from server.pages import view
from server.pages.forms import Form

Doing = Callable[[Request, str, str, Form], Awaitable[None]]
_MOST = 50  # proposals or hunks that are chosen at once


def _door(work: Doing) -> Callable[[Request, Signed, Form], Awaitable[Response]]:
    """Do it and show the proposal; what is refused is said on its page."""

    async def told(request: Request, signed: Signed, form: Form) -> Response:
        draft_id, proposal_id = request.path_params["draft_id"], request.path_params["proposal_id"]
        state, me = await drafts.state(request.app.state.store, signed.person.id, draft_id)
        proposals.tabled(state, me, proposal_id)  # who may not see it learns nothing else about it
        try:
            await work(request, signed.person.id, proposal_id, form)
        except Refusal as refusal:
            if view.wants_json(request) or refusal.status in {403, 404}:
                raise
            return await pages.show(request, signed, refusal)
        return RedirectResponse(f"/drafts/{draft_id}/proposals/{proposal_id}", 303)

    return told


async def _perform(request: Request, person: str, command: do.Command) -> None:
    await request.app.state.hub.perform(person, request.path_params["draft_id"], command)


def _chosen(form: Form, prefix: str) -> list[str]:
    names = [name.removeprefix(prefix) for name in form.values if name.startswith(prefix) and form.flag(name)]
    return names[:_MOST]


async def _accept(request: Request, person: str, proposal: str, form: Form) -> None:
    """Whole; with ``hunk-N`` ticked in part; with ``with-ID`` ticked merged with those."""
    others = _chosen(form, "with-")
    numbers = [int(number) for number in _chosen(form, "hunk-") if number.isdecimal() and len(number) < 6]
    parts = form.text("part", most=8) == "part"
    command = do.Accept(
        operation(),
        (proposal, *others),
        form.number("number"),
        tuple(sorted(numbers)) if parts else None,
        form.text("reason", most=MAX_REASON),
    )
    await _perform(request, person, command)


async def _offer(request: Request, person: str, proposal: str, form: Form) -> None:
    text = " ".join(form.text("text", most=MAX_TEXT).split("\n"))
    together = (proposal, *_chosen(form, "with-"))
    await _perform(request, person, do.Offer(operation(), together, text, form.text("note", most=MAX_REASON)))


async def _answer(request: Request, person: str, proposal: str, form: Form) -> None:
    accepts, note = form.flag("accepts"), form.text("note", most=MAX_REASON)
    await _perform(request, person, do.Answer(operation(), proposal, accepts, note))


async def _not_retain(request: Request, person: str, proposal: str, form: Form) -> None:
    await _perform(request, person, do.NotRetain(operation(), proposal, form.text("reason", most=MAX_REASON)))


async def _sponsor(request: Request, person: str, proposal: str, form: Form) -> None:
    await _perform(request, person, do.Sponsor(operation(), proposal, form.flag("joins")))


async def _withdraw(request: Request, person: str, proposal: str, form: Form) -> None:
    await _perform(request, person, do.Withdraw(operation(), proposal, form.text("reason", most=MAX_REASON)))


async def _review(request: Request, person: str, proposal: str, _form: Form) -> None:
    await proposals.review(request.app.state.store, request.app.state.hub.perform, person, proposal)


accept, offer, answer, not_retain = _door(_accept), _door(_offer), _door(_answer), _door(_not_retain)
sponsor, withdraw, review = _door(_sponsor), _door(_withdraw), _door(_review)
