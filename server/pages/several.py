"""Several texts beside one: a column for each, its words marked against the base."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from drafts.columns import MAX_COLUMNS, Columns
from drafts.compare import Change, Row
from drafts.desk import compare, drafts
from drafts.desk.compare import LIVE
from drafts.errors import Invalid
from drafts.model import Clause, ClauseKind
from drafts.numbering import full
from drafts.words import Hunk, Op
from server import render
from server.auth import Signed
from server.comparisons import Job
from server.i18n import Tongue
from server.pages import view
from server.pages.families import new_wordings
from server.pages.rows import MOVED, Cell, Mark, Part
from server.pages.sides import Address, Shown, choices, shown
from server.pages.view import markup
from server.pages.waiting import PATIENCE, waiting


@dataclass(frozen=True, slots=True)
class Beside:
    """A cell of a column: its words, or why there are none; ``same``: the base's own words."""

    cell: Cell
    marks: tuple[Mark, ...] = ()
    same: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the table. ``changed``: in some column."""

    base: Cell
    cells: tuple[Beside, ...]
    changed: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class Column:
    """What the head of a column says. ``without``: the address without it; ``alone``: with only it shown."""

    text: Shown
    added: int
    removed: int
    without: str
    alone: str
    pair: str


async def page(request: Request, signed: Signed) -> Response:
    """Up to six texts beside one: ``base``, ``with`` (names divided by commas, or repeated), ``only`` (the number of
    the column that a narrow screen shows), ``show=all`` for the unchanged clauses too."""
    store, draft_id, query = request.app.state.store, request.path_params["draft_id"], request.query_params
    draft, me = await drafts.open(store, signed.person.id, draft_id)
    named = _names(request)
    base, *others = await compare.sides(store, signed.person.id, draft_id, [query.get("base", LIVE), *named])
    spoken = view.tongue(request)
    texts = [shown(side, draft_id, spoken) for side in (base, *others)]
    names = list(dict.fromkeys(text.value for text in texts[1:]))
    texts = [texts[0], *(next(text for text in texts[1:] if text.value == name) for name in names)]
    job: Job[Columns] = request.app.state.comparisons.several(base, [text.side for text in texts[1:]])
    every = query.get("show") == "all"
    address = Address(base=texts[0].value, **{"with": ",".join(names)}, show="all" if every else "")
    told = await job.result(PATIENCE)
    if told is None:
        return waiting(request, draft, me, texts, address(), job)
    lines = await asyncio.to_thread(_lines, told, texts, spoken)
    return await asyncio.to_thread(
        view.page,
        request,
        "compare_several.html",
        me=me,
        draft=draft,
        base=texts[0],
        columns=_columns(told, texts, names, address),
        lines=[line for line in lines if every or line.changed],
        hidden=0 if every else sum(not line.changed for line in lines),
        every=every,
        only=_only(query.get("only", ""), len(names)),
        names=names,
        address=address,
        room=len(names) < MAX_COLUMNS,
        choices=await choices(store, signed.person.id, draft_id, spoken, texts),
    )


async def done(request: Request, signed: Signed) -> tuple[bool, int]:
    """Whether the comparison is there, and how far it is in percent."""
    store, draft_id, query = request.app.state.store, request.path_params["draft_id"], request.query_params
    base, *others = await compare.sides(store, signed.person.id, draft_id, [query.get("base", LIVE), *_names(request)])
    job: Job[Columns] = request.app.state.comparisons.several(base, others)
    return await job.result(0) is not None, round(job.share * 100)


def _names(request: Request) -> list[str]:
    given = ",".join(request.query_params.getlist("with")).split(",")
    without = request.query_params.getlist("without")
    found = list(dict.fromkeys(name for name in given if name and name not in without))
    if len(found) > MAX_COLUMNS:
        raise Invalid("too_many_columns", "At most {limit} texts stand beside one.", limit=MAX_COLUMNS)
    return found


def _only(asked: str, columns: int) -> int:
    """The column that a narrow screen shows, from 1."""
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else 1
    return wanted if 1 <= wanted <= columns else 1


def _columns(told: Columns, texts: list[Shown], names: list[str], address: Address) -> list[Column]:
    return [
        Column(
            text=text,
            added=counts.words_added,
            removed=counts.words_removed,
            without=address(**{"with": ",".join(name for name in names if name != text.value)}),
            alone=address(only=str(number)),
            pair=Address(old=texts[0].value, new=text.value)(),
        )
        for number, (text, counts) in enumerate(zip(texts[1:], told.counts, strict=True), 1)
    ]


def _lines(told: Columns, texts: list[Shown], spoken: Tongue) -> list[Line]:
    base = full(texts[0].side.content.clauses)
    writers = [_Writer(text, [row.cells[at] for row in told.rows], base, spoken) for at, text in enumerate(texts[1:])]
    places = iter(range(len(base)))
    lines: list[Line] = []
    for number, row in enumerate(told.rows):
        label = base[next(places)] if row.base else ""
        cells = tuple(writer.cell(one) for writer, one in zip(writers, row.cells, strict=True))
        anchor = f"r-{row.base.id}" if row.base and row.base.id else f"r-{number}"
        changed = any(not cell.same for cell in cells)
        lines.append(Line(_base(row.base, label, texts[0], spoken), cells, changed, anchor))
    return lines


def _base(clause: Clause | None, label: str, text: Shown, spoken: Tongue) -> Cell:
    if clause is None:
        return Cell(void_says=spoken._("not in {version}", version=text.label))
    html = render.old_side((Hunk(Op.KEEP, clause.text),), spoken)
    return Cell((_part(clause, label, html, text),))


class _Writer:
    """Writes the cells of one column."""

    def __init__(self, text: Shown, cells: Sequence[Row | None], base: Sequence[str], spoken: Tongue) -> None:
        rows = [row for row in cells if row]
        self._text = text
        self._spoken = spoken
        self._base = base
        self._own = full(text.side.content.clauses)
        self._family = new_wordings(rows)
        self._parts = Counter(row.parent_at for row in rows if row.change is Change.SPLIT)
        self._joined = Counter(row.parent_at for row in rows if row.change is Change.MERGED)

    def cell(self, row: Row | None) -> Beside:
        """A cell of the column."""
        _ = self._spoken._
        if row is None:
            return Beside(Cell(), same=True)
        marks = self._marks(row)
        if row.change is Change.SAME and not marks:
            return Beside(Cell(void_says=_("unchanged")), same=True)
        if row.new is None or row.new_at is None:
            return Beside(Cell(void_says=self._gone(row)), marks)
        hunks = self._family.get(id(row), row.hunks)
        paint = render.both_sides if row.old else render.new_side
        html = paint(hunks, self._spoken)
        return Beside(Cell((_part(row.new, self._own[row.new_at], html, self._text),)), marks)

    def _gone(self, row: Row) -> str:
        _ = self._spoken._
        where = self._own[row.parent_at] if row.change is Change.MERGED and row.parent_at is not None else ""
        if where:
            return _("now part of {clause}", clause=where)
        return _("not in {version}", version=self._text.label)

    def _marks(self, row: Row) -> tuple[Mark, ...]:
        _ = self._spoken._
        found: list[Mark] = []
        if row.change is Change.INSERTED:
            found.append(Mark("new", _("new")))
        if row.change is Change.DELETED:
            found.append(Mark("deleted", _("deleted")))
        if row.change is Change.MERGED:
            found.append(Mark("merged", _("merged")))
        if row.change is Change.SPLIT:
            parent = self._base[row.parent_at] if row.parent_at is not None else ""
            found.append(Mark("split", _("was part of {clause}", clause=parent) if parent else _("split off")))
        if row.old and row.new and (parts := self._parts[row.old_at]):
            found.append(Mark("split", _("split in {n}", n=parts + 1)))
        if row.old and row.new and (joined := self._joined[row.new_at]):
            found.append(Mark("merged", _("{n} into 1", n=joined + 1)))
        if row.change in MOVED:
            found.append(Mark("moved", _("moved")))
        if row.kind_changed:
            found.append(Mark("reshaped", _("other kind of clause")))
        if row.confidence < 100:
            found.append(Mark("unsure", _("{n} % alike", n=row.confidence)))
        return tuple(found)


def _part(clause: Clause, label: str, html: str, text: Shown) -> Part:
    language = clause.lang or text.side.content.language
    return Part(label, markup(html), language, clause.kind is ClauseKind.HEADING)
