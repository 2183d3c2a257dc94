"""The work on the response matrix, for those who lead: comments and bundles to be answered, one by one or many at once,
and the publishing of what was decided, with a look at what will be told to whom.

All of it works by plain forms: tick what is to be answered, say what becomes of it, save. ``web/src/matrix.ts``
makes it fast by keyboard; it sends the same form and asks for JSON.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from drafts.access import Verb
from drafts.answers import MOST_REASON, Case, Giving
from drafts.consultation import Answer, Disposition, Standing, Wanted
from drafts.desk import answering, rounds, summary
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Invalid, Refusal, TooMany
from drafts.store.rows import ms
from server.auth import Signed
from server.pages import answer_links, consulting, matrix_parts, remark_cards, view
from server.pages.forms import Form
from server.pages.remark_cards import Card

_ONE: Final = "n-"  # before the number of a comment, the name of its box
_BUNDLE: Final = "b-"  # before the id of a bundle
_SHORT: Final = 90  # characters of a reason in the list of earlier ones


@dataclass(frozen=True, slots=True)
class Row:
    """A case on the page: its card, and the name of its box."""

    case: Case
    card: Card
    box: str


async def work(request: Request, entered: Entered, form: Form | None = None, why: Refusal | None = None) -> Response:
    """What there is to be answered. Without a filter: what has no answer, each bundle once."""
    store, spoken = request.app.state.store, view.tongue(request)
    asked, folded = _asked(request.query_params)
    before, after = matrix_parts.cursors(request)
    found = await answering.queue(store, entered, asked, folded=folded, before=before, after=after)
    content = await rounds.text(store, entered)
    known = remark_cards.places(content.clauses)
    told = await summary.standings(store, entered)
    base = f"/consultations/{entered.round.id}/matrix"
    address = _Address(base, asked, folded)
    rows = [_row(case, remark_cards.card(entered, one, known, spoken)) for case, one in found.rows]
    choices = await answer_links.choices(store, entered, spoken)
    async with store.read() as q:
        unpublished = await q.answers.unpublished(entered.round.id)
    return await consulting.page(
        request,
        entered,
        "consultation_answers.html",
        "matrix",
        status=why.status if why else 200,
        rows=rows,
        language=content.language,
        queue=found,
        folded=folded,
        address=address,
        base=base,
        chips=_chips(told, asked, address),
        share=matrix_parts.share(told),
        by_group=matrix_parts.groups(entered, told),
        unpublished=unpublished,
        dispositions=list(Disposition),
        choices=choices,
        choice_of={link: label for label, link in reversed(choices.items())},
        asked_bundle=lambda bundle_id: Wanted(bundle=bundle_id, answered=asked.answered),
        earlier=[(one, _short(one)) for one in await answering.latest(store, entered)],
        ways=await answer_links.ways(store, entered, [row.card.remark.answer for row in rows], spoken),
        read_at=ms(entered.inside.at),
        typed=defaultdict(str, form.values if form else {}),
        ticked=set(form.values) if form else set(),
        why=spoken.refusal(why) if why else "",
        most=MOST_REASON,
        **matrix_parts.filters(request, asked, known, told),
    )


def _asked(params: QueryParams) -> tuple[Wanted, bool]:
    """The filter, and whether bundles are folded (what is searched for by words is shown one by one). What is answered
    is left out unless it is asked for."""
    asked = consulting.wanted(params)
    if asked.answered is None and not asked.dispositions and not params.get("all"):
        asked = replace(asked, answered=False)
    return asked, params.get("each") != "one" and not asked.words


class _Address:
    """Addresses of the work: its own filter, changed."""

    def __init__(self, base: str, asked: Wanted, folded: bool) -> None:
        self._base, self.asked, self._folded = base, asked, folded

    @property
    def query(self) -> str:
        """The end of the work's own address."""
        return self().partition("?")[2]

    def __call__(self, wanted: Wanted | None = None, **more: object) -> str:
        asked = self.asked if wanted is None else wanted
        everything = asked.answered is None and not asked.dispositions
        fields = {"each": "" if self._folded else "one", "all": "1" if everything else ""} | more
        query = consulting.query(asked, **fields)
        return f"{self._base}?{query}" if query else self._base


def _chips(standings: Sequence[Standing], asked: Wanted, address: _Address) -> list[matrix_parts.Chip]:
    """Counts of the whole round: what is decided of it, published or not."""
    counts = Counter[Disposition | None]()
    for one in standings:
        counts[one.disposition] += one.count
    rest = consulting.without(asked, "dispositions", "answered")
    found = matrix_parts.chips(counts, asked, rest, address)
    everything = replace(found[0], href=address(replace(rest, answered=True)), here=asked.answered is True)
    return [found[-1], everything, *found[1:-1]]


def _row(case: Case, card: Card) -> Row:
    box = f"{_BUNDLE}{case.bundle_id}" if case.bundle_id else f"{_ONE}{card.remark.number}"
    return Row(case, card, box)


def _short(answer: Answer) -> str:
    plain = " ".join(answer.rationale.split())
    return plain if len(plain) <= _SHORT else plain[:_SHORT].rpartition(" ")[0] + " …"


# ── what is sent ──


async def answer(request: Request, signed: Signed, form: Form) -> Response:
    """Give an answer to what is ticked."""
    entered = await consulting.enter(request, Verb.ROUND_LEAD)
    store = request.app.state.store
    try:
        giving = await _giving(request, entered, form)
        given, numbers = await answering.give(store, signed.person.id, entered.round.id, giving, entered.inside.at)
    except (Invalid, Conflict, TooMany) as refusal:
        if view.wants_json(request):
            raise
        return await work(request, entered, form, refusal)
    if not view.wants_json(request):
        return _back(request)
    spoken = view.tongue(request)
    way = (await answer_links.ways(store, entered, [given], spoken)).get(given.link)
    told = {
        "says": spoken.ngettext("{n} comment answered", "{n} comments answered", len(numbers)),
        "link": way.label if way else "",
        "href": way.href if way else "",
    }
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def _giving(request: Request, entered: Entered, form: Form) -> Giving:
    numbers, bundles = _ticked(form)
    store, spoken = request.app.state.store, view.tongue(request)
    disposition, rationale = form.text("disposition"), form.text("rationale", most=MOST_REASON * 2)
    typed = form.text("link")
    link = answer_links.chosen(typed, await answer_links.choices(store, entered, spoken)) if typed else ""
    again = form.text("again", most=32)
    if again:
        earlier = next((one for one in await answering.latest(store, entered) if one.id == again), None)
        if earlier is not None:
            disposition = disposition or earlier.disposition.value
            rationale, link = rationale or earlier.rationale, link or earlier.link
    if not disposition:
        raise Invalid("no_disposition", "Say what becomes of it: choose one of the five.")
    read = form.text("read_at", most=16)
    read_at = datetime.fromtimestamp(int(read) / 1000, UTC) if read.isascii() and read.isdigit() else None
    return Giving(disposition, rationale, link, numbers, bundles, read_at)


def _ticked(form: Form) -> tuple[tuple[int, ...], tuple[str, ...]]:
    numbers = [name.removeprefix(_ONE) for name in form.values if name.startswith(_ONE)]
    bundles = [name.removeprefix(_BUNDLE) for name in form.values if name.startswith(_BUNDLE)]
    if not all(number.isascii() and number.isdigit() and len(number) < 9 for number in numbers):
        raise Invalid("bad_number", "{field}: this is not a number.", field="Comment")
    return tuple(map(int, numbers)), tuple(bundle_id[:32] for bundle_id in bundles)


async def take_back(request: Request, signed: Signed, form: Form) -> Response:
    """Take back what was decided of what is ticked, as far as it is not published."""
    entered = await consulting.enter(request, Verb.ROUND_LEAD)
    try:
        numbers, bundles = _ticked(form)
        await answering.take_back(
            request.app.state.store,
            signed.person.id,
            entered.round.id,
            entered.inside.at,
            numbers=numbers,
            bundles=bundles,
        )
    except (Invalid, Conflict, TooMany) as refusal:
        if view.wants_json(request):
            raise
        return await work(request, entered, form, refusal)
    return _back(request)


def _back(request: Request) -> Response:
    query = request.url.query
    base = f"/consultations/{request.path_params['round_id']}/matrix"
    return RedirectResponse(f"{base}?{query}" if query else base, 303)


# ── publishing ──


async def preview(request: Request, _signed: Signed) -> Response:
    """What publishing would show of what the filter wants, and to whom it would be told."""
    return await _preview(request, await consulting.enter(request, Verb.ROUND_LEAD))


async def publish(request: Request, signed: Signed, form: Form) -> Response:
    """Publish, when it was looked at (``until``); before that, show what of the ticked would be published."""
    entered = await consulting.enter(request, Verb.ROUND_LEAD)
    ticked = _ticked(form)
    until = form.text("until", most=16)
    if not (until.isascii() and until.isdigit()):
        return await _preview(request, entered, *ticked)
    try:
        told = await answering.publish(
            request.app.state.store,
            signed.person.id,
            entered.round.id,
            entered.inside.at,
            until=datetime.fromtimestamp(int(until) / 1000, UTC),
            wanted=consulting.wanted(request.query_params),
            numbers=ticked[0],
            bundles=ticked[1],
        )
    except Conflict as refusal:
        return await _preview(request, entered, *ticked, refusal)
    return RedirectResponse(f"/consultations/{entered.round.id}/matrix?published={told.count}", 303)


async def _preview(
    request: Request,
    entered: Entered,
    numbers: tuple[int, ...] = (),
    bundles: tuple[str, ...] = (),
    why: Refusal | None = None,
) -> Response:
    asked = consulting.wanted(request.query_params)
    told = await answering.preview(
        request.app.state.store,
        entered.sight.person_id,
        entered.round.id,
        entered.inside.at,
        wanted=asked,
        numbers=numbers,
        bundles=bundles,
    )
    query = consulting.query(asked)
    base = f"/consultations/{entered.round.id}/matrix"
    return await consulting.page(
        request,
        entered,
        "consultation_publish.html",
        "matrix",
        status=why.status if why else 200,
        told=told,
        boxes=[*(f"{_ONE}{number}" for number in numbers), *(f"{_BUNDLE}{one}" for one in bundles)],
        narrowed=asked != Wanted() or bool(numbers or bundles),
        action=f"{base}/publish?{query}" if query else f"{base}/publish",
        base=base,
        until=ms(entered.inside.at),
        dispositions=list(Disposition),
        why=view.tongue(request).refusal(why) if why else "",
    )
