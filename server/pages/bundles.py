"""Bundles of comments that say nearly the same: their list, one unfolded, and the doors of those who lead."""

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.consultation import Remark
from drafts.desk import bundles, rounds
from drafts.desk.bundles import Told
from drafts.errors import Invalid
from server.auth import Signed
from server.i18n import Tongue
from server.pages import consulting, view
from server.pages.forms import Form
from server.pages.remark_cards import Card, card, difference, places

PATIENCE = 1.0  # seconds that looking may take before the page says how far it is instead
_LONGEST_SKIP = 7  # digits


@dataclass(frozen=True, slots=True)
class Folded:
    """A bundle in the list: the comment that stands for it, and where its campaign wrote besides."""

    told: Told
    card: Card
    href: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A comment in a bundle. ``words``: what it says against the lead, what differs marked; None for the same words."""

    card: Card
    words: Markup | None
    lead: bool


async def listed(request: Request) -> Response:
    """The bundles, the largest first; while somebody looks for more, how far that is."""
    entered, store = await consulting.enter(request), request.app.state.store
    share = await request.app.state.bundling.settled(entered.round.id) if entered.sight.leads else 1.0
    skip = _skip(request)
    found, more = await bundles.listed(store, entered, skip)
    known, spoken = places((await rounds.text(store, entered)).clauses), view.tongue(request)
    base = f"/consultations/{entered.round.id}/bundles"
    response = await consulting.page(
        request,
        entered,
        "consultation_bundles.html",
        "bundles",
        base=base,
        bundles=[Folded(one, card(entered, one.shown, known, spoken), f"{base}/{one.bundle.id}") for one in found],
        percent=None if share >= 1 else int(100 * share),
        newer=f"{base}?skip={max(0, skip - bundles.PAGE)}" if skip else "",
        older=f"{base}?skip={skip + bundles.PAGE}" if more else "",
    )
    response.headers["Cache-Control"] = "no-store"
    return response


async def look(request: Request, signed: Signed, _form: Form) -> Response:
    """Look for copies; the list says how far that is when it takes longer."""
    round_id = request.path_params["round_id"]
    await request.app.state.bundling.begin(signed.person.id, round_id, consulting.at(request), PATIENCE)
    return RedirectResponse(f"/consultations/{round_id}/bundles", 303)


async def one(request: Request) -> Response:
    """A bundle with its copies, ``before`` and ``after`` through their pages."""
    entered, store = await consulting.enter(request), request.app.state.store
    bundle_id, spoken = request.path_params["bundle_id"], view.tongue(request)
    told, kin = await bundles.one(store, entered, bundle_id)
    found = await bundles.copies(
        store, entered, bundle_id, before=_cursor(request, "before"), after=_cursor(request, "after")
    )
    content = await rounds.text(store, entered)
    known, base = places(content.clauses), f"/consultations/{entered.round.id}/bundles"
    here = f"{base}/{bundle_id}"
    return await consulting.page(
        request,
        entered,
        "consultation_bundle.html",
        "bundles",
        base=base,
        here_path=here,
        told=told,
        lead=card(entered, told.shown, known, spoken, whole=True),
        copies=[_copy(told.shown, remark, card(entered, remark, known, spoken), spoken) for remark in found.remarks],
        kin=[(one, known.names.get(one.clause_id or "", "")) for one in kin],
        language=content.language,
        older=f"{here}?before={found.before}" if found.before else "",
        newer=f"{here}?after={found.after}" if found.after else "",
    )


def _copy(lead: Remark, remark: Remark, shown: Card, spoken: Tongue) -> Copy:
    if remark.id == lead.id or shown.trace or (remark.body, remark.proposed) == (lead.body, lead.proposed):
        return Copy(shown, None, remark.id == lead.id)
    old, new = (f"{one.body}\n{one.proposed}".strip() for one in (lead, remark))
    return Copy(shown, difference(old, new, spoken), lead=False)


async def change(request: Request, signed: Signed, form: Form) -> Response:
    """Take comments out of a bundle, or put others into it."""
    store, round_id, at = request.app.state.store, request.path_params["round_id"], consulting.at(request)
    bundle_id, person_id = request.path_params["bundle_id"], signed.person.id
    base = f"/consultations/{round_id}/bundles"
    match form.values.get("act", ""):
        case "out":
            await bundles.take_out(store, person_id, round_id, bundle_id, _ticked(form), at)
            left = await rounds.enter(store, person_id, round_id, at)
            there = await bundles.there(store, left, bundle_id)
            return RedirectResponse(f"{base}/{bundle_id}" if there else base, 303)
        case "in":
            await bundles.put_together(store, person_id, round_id, _typed(form), at, bundle_id)
        case _:
            raise Invalid("bad_choice", "{field}: please choose one of the list.", field="act")
    return RedirectResponse(f"{base}/{bundle_id}", 303)


async def together(request: Request, signed: Signed, form: Form) -> Response:
    """Put comments into a bundle of their own."""
    store, round_id = request.app.state.store, request.path_params["round_id"]
    made = await bundles.put_together(store, signed.person.id, round_id, _typed(form), consulting.at(request))
    return RedirectResponse(f"/consultations/{round_id}/bundles/{made}", 303)


def _ticked(form: Form) -> list[int]:
    """The numbers of the boxes ``n-NUMBER`` that are ticked."""
    return [_number(name[2:]) for name in form.values if name.startswith("n-") and form.flag(name)]


def _typed(form: Form) -> list[int]:
    """``numbers``, with commas or spaces between."""
    return [_number(one) for one in form.text("numbers", most=2_000).replace(",", " ").split()]


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Invalid("bad_number", "{field}: this is not a number.", field="number")
    return int(text)


def _cursor(request: Request, field: str) -> int | None:
    value = request.query_params.get(field, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 18 else None


def _skip(request: Request) -> int:
    value = request.query_params.get("skip", "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _LONGEST_SKIP else 0
