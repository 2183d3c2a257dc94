"""The moderation of a consultation: what waits, what was reported, what is hidden; and the door for reports."""

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.access import Verb
from drafts.consultation import Remark, Reply
from drafts.desk import moderating, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Invalid
from drafts.store.reports import Report
from server import pace
from server.auth import Signed
from server.i18n import Tongue
from server.pages import consulting, view
from server.pages.forms import Form, local
from server.pages.remark_cards import Card, Place, card, places

_MOST = 50  # let through at once: a page


@dataclass(frozen=True, slots=True)
class Case:
    """A comment, or a reply under it, on the page of those who moderate. ``withdrawn``: there is nothing to hide."""

    card: Card
    reply: Reply | None = None
    reports: tuple[Report, ...] = ()


async def page(request: Request, _signed: Signed) -> Response:
    """What there is to moderate."""
    entered = await consulting.enter(request, Verb.ROUND_LEAD)
    store, spoken = request.app.state.store, view.tongue(request)
    found = await moderating.docket(store, entered, before=_cursor(request, "before"), after=_cursor(request, "after"))
    known = places((await rounds.text(store, entered)).clauses)
    hidden = [*((one, None) for one in found.hidden.remarks), *found.hidden_replies]
    return await consulting.page(
        request,
        entered,
        "consultation_moderation.html",
        "moderation",
        waiting=_cases(entered, [(one, None) for one in found.waiting.remarks], known, spoken),
        pages=found.waiting,
        reported=[Case(_card(entered, one.remark, known, spoken), one.reply, one.reports) for one in found.reported],
        hidden=_cases(entered, hidden, known, spoken),
        more_hidden=found.hidden.total - len(found.hidden.remarks),
        here_path=request.url.path,
    )


def _cases(entered: Entered, found: Sequence[tuple[Remark, Reply | None]], known: Place, spoken: Tongue) -> list[Case]:
    return [Case(_card(entered, remark, known, spoken), reply) for remark, reply in found]


def _card(entered: Entered, remark: Remark, known: Place, spoken: Tongue) -> Card:
    return card(entered, remark, known, spoken, whole=True)


def _cursor(request: Request, name: str) -> int | None:
    value = request.query_params.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 18 else None


async def act(request: Request, signed: Signed, form: Form) -> Response:
    """Let through, hide, show again, or keep what was reported."""
    store, round_id, at = request.app.state.store, request.path_params["round_id"], consulting.at(request)
    person_id, reply_id = signed.person.id, form.text("reply", most=32) or None
    number = form.number("number")
    match form.values.get("act", ""):
        case "let_through":
            await moderating.let_through(store, person_id, round_id, _numbers(form), at)
        case "hide":
            reason = form.text("reason", most=moderating.REASON)
            await moderating.hide(store, person_id, round_id, number, reason, at, reply_id=reply_id)
        case "show":
            await moderating.show(store, person_id, round_id, number, at, reply_id=reply_id)
        case "keep":
            await moderating.keep(store, person_id, round_id, number, at, reply_id=reply_id)
        case _:
            raise Invalid("bad_choice", "{field}: please choose one of the list.", field="act")
    return RedirectResponse(local(form.values.get("next", ""), f"/consultations/{round_id}/moderation"), 303)


def _numbers(form: Form) -> list[int]:
    """``numbers``: with spaces between, or one ``number``."""
    found = form.text("numbers", most=1_000).split() or [form.values.get("number", "")]
    if len(found) > _MOST or not all(one.isascii() and one.isdigit() and len(one) < 10 for one in found):
        raise Invalid("bad_number", "{field}: this is not a number.", field="number")
    return [int(one) for one in found]


async def report(request: Request, signed: Signed, form: Form) -> Response:
    """Say that a comment, or a reply under it, should not stand there; back to the comment."""
    round_id, number = request.path_params["round_id"], request.path_params["number"]
    reason = form.text("reason", most=moderating.REASON)
    pace.check(request)
    await moderating.report(
        request.app.state.store,
        signed.person.id,
        round_id,
        number,
        reason,
        consulting.at(request),
        reply_id=form.text("reply", most=32) or None,
    )
    path = f"/consultations/{round_id}/comments/{number}?done=reported"
    return RedirectResponse(local(form.values.get("next", ""), path), 303)
