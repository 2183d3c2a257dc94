"""A round's comments in a later version of its text: under each clause those that belong there, each with how it came
there and how sure that is, and the tray of orphans, which those who lead place by hand. It works without scripts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.access import Verb
from drafts.anchoring import Passage
from drafts.consultation import Placing, Remark, Spot
from drafts.desk import placings
from drafts.desk.placings import Choice, Overview, Placed
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Invalid, Refusal
from drafts.exchange.parsed import Content
from drafts.model import Clause
from drafts.store.placings import Group
from server.auth import Signed
from server.i18n import Tongue
from server.pages import consulting, view
from server.pages.comment_text import marked
from server.pages.forms import Form
from server.pages.remark_cards import Card, Place, card, difference, places, standing
from server.pages.waiting import PATIENCE
from server.sheet import label_of, worded

ALL: Final = 150  # comments that are shown at once; of more, those of the clause that is opened
PAGE: Final = 20  # comments of a clause, groups of orphans, on a page
WITHOUT: Final = ("id", "anywhere", "nowhere")  # how those came there that are in no clause and are no orphans
_MOST_CURSOR: Final = 18  # digits


@dataclass(frozen=True, slots=True)
class Line:
    """A comment where it is now. ``said``: how it came there; ``became``: its words then and now; ``by_hand``: whether
    that can be undone."""

    card: Card
    said: str
    score: int | None
    became: Markup | None
    by_hand: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A clause of the later version. ``open``: its address with its comments; ``more``: that of the next ones;
    ``changed``: what became of its words."""

    id: str
    kind: str
    depth: int
    label: Markup
    text: Markup
    name: str
    count: int
    lines: Sequence[Line]
    open: str
    more: str
    changed: Markup | None


@dataclass(frozen=True, slots=True)
class Orphans:
    """Orphans about one place of the old text: that text with their words marked, the first of them, and how many.
    ``suggested``: the clause that they were on, where it still stands."""

    passage: Passage
    name: str
    text: Markup | None
    first: Card
    count: int
    suggested: str


# ── looking ──


async def page(request: Request) -> Response:
    """The page. ``?clause=`` opens a clause (with ``after=``, a serial, further on), ``comment=`` says where the one of
    that number is now, ``place=`` also lets it be placed, ``from=`` how many groups of orphans have been seen,
    ``rest=`` a serial among those in no clause."""
    entered = await consulting.enter(request)
    if request.path_params["number"] == entered.round.version:
        return RedirectResponse(f"/consultations/{entered.round.id}", 303)
    return await _shown(request, entered)


async def _shown(request: Request, entered: Entered, why: Refusal | None = None) -> Response:
    store, number, params = request.app.state.store, request.path_params["number"], request.query_params
    share = await request.app.state.placements.settled(entered, number, PATIENCE)
    if share < 1:
        return await _wait(request, entered, round(100 * share))
    seen = await placings.overview(store, entered, number)
    told = _Told(entered, seen, view.tongue(request))
    lines, further = await _lines(request, told)
    start = _digits(params, "from")
    rest = await _rest(request, told)
    placing = entered.sight.leads and _digits(params, "place") > 0
    asked = _digits(params, "place" if placing else "comment")
    about = await placings.one(store, entered, number, asked) if asked else None
    return await consulting.page(
        request,
        entered,
        "consultation_later.html",
        "",
        status=why.status if why else 200,
        why=view.tongue(request).refusal(why) if why else "",
        target=seen.version,
        base=told.base,
        content=seen.new,
        names=told.after.names,
        beginnings={one.id: one.text[:60] for one in seen.new.clauses},
        rows=[told.row(one, lines, further) for one in seen.new.clauses],
        figures=told.figures(),
        orphans=await _orphans(request, told, seen.orphans[start : start + PAGE]),
        orphans_total=seen.came("orphan"),
        orphans_from=start,
        orphans_next=start + PAGE if start + PAGE < len(seen.orphans) else 0,
        rest=rest[:PAGE],
        rest_more=f"{told.base}?rest={rest[PAGE - 1].card.remark.serial}#without" if len(rest) > PAGE else "",
        about=told.line(about) if about else None,
        about_in=told.where(about) if about else None,
        placing=placing,
        all_shown=told.total <= ALL,
    )


async def _wait(request: Request, entered: Entered, percent: int) -> Response:
    response = await consulting.page(request, entered, "consultation_later_wait.html", "", status=202, percent=percent)
    response.headers["Cache-Control"] = "no-store"
    response.headers["Refresh"] = "2"
    return response


class _Told:
    """What the parts of one page are told with."""

    def __init__(self, entered: Entered, seen: Overview, tongue: Tongue) -> None:
        self.entered, self.seen, self.tongue = entered, seen, tongue
        self.base = f"/consultations/{entered.round.id}/versions/{seen.version.number}"
        self.before: Place = places(seen.old.clauses)
        self.after: Place = places(seen.new.clauses)
        self.total = sum(count for (clause, _), count in seen.counts.items() if clause is not None)

    def figures(self) -> list[tuple[str, int]]:
        """How many came to their places how, in words."""
        _, seen = self.tongue._, self.seen
        said = (
            (_("in the clause they were on"), seen.came("id")),
            (_("in a clause that moved"), seen.came("moved")),
            (_("in a part of a clause that was cut"), seen.came("split")),
            (_("in a clause that theirs was joined to"), seen.came("merged")),
            (_("found elsewhere by their words"), seen.came("quote")),
            (_("placed by the secretariat"), seen.came("person")),
            (_("missing after a clause that is gone"), seen.came("anywhere")),
            (_("without a place in this text, says the secretariat"), seen.came("nowhere")),
        )
        return [(words, count) for words, count in said if count]

    def line(self, one: Placed) -> Line:
        """One comment where it is."""
        return Line(
            card(self.entered, one.remark, self.before, self.tongue),
            self.said(one.remark, one.placing),
            one.placing.score if one.placing.clause_id is not None and one.remark.spot is not Spot.WHOLE else None,
            self._became(one),
            one.placing.person_id is not None,
        )

    def where(self, one: Placed) -> tuple[str, str] | None:
        """The name of the clause that a comment is in and the address of it there; None where it is in none."""
        clause_id = one.placing.clause_id
        if clause_id is None or clause_id not in self.after.names:
            return None
        link = f"{self.base}?clause={clause_id}&after={one.remark.serial - 1}#c-{clause_id}"
        return self.after.names[clause_id], link

    def said(self, remark: Remark, placing: Placing) -> str:
        """How it came to where it is."""
        _ = self.tongue._
        missing = remark.spot is Spot.MISSING
        if placing.how == "id" and placing.clause_id is None:
            return _("Missing from the text, as before.") if missing else _("On the whole text, as before.")
        if placing.how == "id" and placing.score == 100:
            return _("Stands as it stood.")
        return {
            "id": _("The clause is still here."),
            "moved": _("The clause has moved here."),
            "split": _("The clause was cut, and this is the part of it."),
            "merged": _("The clause was joined to this one."),
            "quote": _("Found by its words and those around them."),
            "person": _("Placed by the secretariat."),
            "orphan": _("It has no place in this text yet."),
            "anywhere": _("The clause that it would follow is gone. It is missing somewhere."),
            "nowhere": _("The secretariat says that it has no place in this text any more."),
        }[placing.how]

    def _became(self, one: Placed) -> Markup | None:
        """The words that it is about, then and now, where they are not the same."""
        clause = self.after.clauses.get(one.placing.clause_id or "")
        old = standing(one.remark, self.before)
        if clause is None or not old:
            return None
        same = one.remark.spot is Spot.CLAUSE and clause.id == one.remark.clause_id
        new = clause.text if one.placing.start is None else _cut(clause.text, one.placing)
        if same or old == new:
            return None
        return difference(old, new, self.tongue)

    def row(self, clause: Clause, lines: Mapping[str, Sequence[Placed]], further: Mapping[str, int]) -> Row:
        """A clause with the comments that are shown under it."""
        here = lines.get(clause.id, ())
        spans = _apart([(p.start, p.end) for one in here for p in (one.placing,) if p.start is not None and p.end])
        text = worded(clause.kind, clause.lang or self.seen.new.language, marked(clause.text, spans, self.tongue))
        old = self.before.clauses.get(clause.id)
        changed = difference(old.text, clause.text, self.tongue) if here and old and old.text != clause.text else None
        link = f"{self.base}?clause={clause.id}"
        more = f"{link}&after={further[clause.id]}#c-{clause.id}" if clause.id in further else ""
        return Row(
            id=clause.id,
            kind=clause.kind.value,
            depth=clause.depth,
            label=view.markup(label_of(clause.kind, clause.label, self.tongue)),
            text=view.markup(text),
            name=self.after.names[clause.id],
            count=self.seen.of_clause(clause.id),
            lines=[self.line(one) for one in here],
            open=f"{link}#c-{clause.id}",
            more=more,
            changed=changed,
        )

    def orphans(self, group: Group, first: Placed) -> Orphans:
        """A group of the tray."""
        passage = group.passage
        clause = self.before.clauses.get(passage.clause_id or "")
        text = None
        if clause is not None:
            spans = [(passage.start, passage.end)] if passage.start is not None and passage.end else []
            words = marked(clause.text, [(a, b) for a, b in spans if b is not None], self.tongue)
            text = view.markup(worded(clause.kind, clause.lang or self.seen.old.language, words))
        return Orphans(
            passage,
            self.before.names.get(passage.clause_id or "", ""),
            text,
            card(self.entered, first.remark, self.before, self.tongue),
            group.count,
            self.after.names.get(passage.clause_id or "", ""),
        )


async def _lines(request: Request, told: _Told) -> tuple[dict[str, list[Placed]], dict[str, int]]:
    """The comments that are shown, by clause, and the serial behind which a clause has more."""
    store, entered, number = request.app.state.store, told.entered, told.seen.version.number
    opened = request.query_params.get("clause", "")[:32]
    async with store.read() as q:
        if opened:
            after = _digits(request.query_params, "after")
            args = entered.round.id, number, entered.sight, opened
            ids = await q.placings.page(*args, after=after, limit=PAGE + 1)
        elif told.total <= ALL:
            ids = await q.placings.everywhere(entered.round.id, number, entered.sight, ALL)
        else:
            ids = []
    found = await placings.placed(store, entered, number, ids)
    further = {opened: found[PAGE - 1].remark.serial} if opened and len(found) > PAGE else {}
    lines: dict[str, list[Placed]] = {}
    for one in found[:PAGE] if opened else found:
        lines.setdefault(one.placing.clause_id or "", []).append(one)
    return lines, further


async def _rest(request: Request, told: _Told) -> list[Line]:
    """Those in no clause that are no orphans, one more than a page shows."""
    store, entered, number = request.app.state.store, told.entered, told.seen.version.number
    async with store.read() as q:
        args = entered.round.id, number, entered.sight, None, WITHOUT
        ids = await q.placings.page(*args, after=_digits(request.query_params, "rest"), limit=PAGE + 1)
    return [told.line(one) for one in await placings.placed(store, entered, number, ids)]


async def _orphans(request: Request, told: _Told, groups: Sequence[Group]) -> list[Orphans]:
    ids = [group.first_id for group in groups]
    number = told.seen.version.number
    found = {one.remark.id: one for one in await placings.placed(request.app.state.store, told.entered, number, ids)}
    return [told.orphans(group, found[group.first_id]) for group in groups if group.first_id in found]


def _cut(text: str, placing: Placing) -> str:
    wide = text.encode("utf-16-le")
    return wide[2 * (placing.start or 0) : 2 * (placing.end or 0)].decode("utf-16-le", "ignore")


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order, those that touch as one."""
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = out[-1][0], max(out[-1][1], end)
        else:
            out.append((start, end))
    return out


def _digits(params: QueryParams, field: str) -> int:
    value = params.get(field, "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= _MOST_CURSOR else 0


# ── placing ──


async def place(request: Request, signed: Signed, form: Form) -> Response:
    """Put one comment (``number``), or all orphans about one place (``spot``, ``on``, ``start``, ``end``), where the
    form says: ``clause`` as the page calls it, ``words`` of it, or ``nowhere``."""
    store, number, now = request.app.state.store, request.path_params["number"], consulting.at(request)
    entered = await consulting.enter(request, Verb.ROUND_LEAD)
    _, content = await placings.later(store, entered, number)
    args = store, signed.person.id, entered.round.id, now, number
    try:
        choice = _choice(form, content)
        if form.number("number"):
            await placings.put(*args, choice, form.number("number"))
        else:
            await placings.put_group(*args, choice, _passage(form))
    except (Invalid, Conflict) as refusal:
        return await _shown(request, entered, refusal)
    back = f"#c-{choice.clause_id}" if choice.clause_id and form.number("number") else "#orphans"
    return RedirectResponse(f"/consultations/{entered.round.id}/versions/{number}{_from(form)}{back}", 303)


def _from(form: Form) -> str:
    return f"?from={form.number('from')}" if form.number("from") else ""


def _passage(form: Form) -> Passage:
    start, end = (form.number(name) if form.values.get(name) else None for name in ("start", "end"))
    return Passage(form.choice("spot", Spot), form.text("on", most=32) or None, start, end)


def _choice(form: Form, content: Content) -> Choice:
    if form.flag("nowhere"):
        return Choice(nowhere=True)
    said, words = form.text("clause", most=200), form.text("words", most=5_000)
    named = places(content.clauses).names
    found = [one for one, name in named.items() if said in {one, name}]
    if len(found) > 1:
        raise Invalid("clause_unclear", "More than one clause is called so. Choose another name of it from the list.")
    return Choice(found[0] if found else "", words)


async def undo(request: Request, signed: Signed, form: Form) -> Response:
    """Take back what a person said of a comment."""
    store, number, now = request.app.state.store, request.path_params["number"], consulting.at(request)
    round_id = request.path_params["round_id"]
    await placings.take_back(store, signed.person.id, round_id, now, number, form.number("number"))
    return RedirectResponse(f"/consultations/{round_id}/versions/{number}", 303)


async def again(request: Request, signed: Signed, _form: Form) -> Response:
    """Let the machine place everything once more, but for what persons placed."""
    store, number, now = request.app.state.store, request.path_params["number"], consulting.at(request)
    round_id = request.path_params["round_id"]
    await placings.again(store, signed.person.id, round_id, now, number)
    return RedirectResponse(f"/consultations/{round_id}/versions/{number}", 303)
