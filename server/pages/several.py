"""Several texts beside one: a column for each, its words marked against the base."""

import asyncio
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response

from drafts.columns import MAX_COLUMNS, ColumnRow, Columns
from drafts.compare import Change, Row
from drafts.desk import compare, drafts
from drafts.desk.compare import LIVE
from drafts.errors import Invalid
from drafts.model import Clause, ClauseKind
from drafts.numbering import addresses
from server import render
from server.auth import Signed
from server.comparisons import Job
from server.i18n import Tongue
from server.pages import view
from server.pages.rows import MOVED, Cell, Mark, Part
from server.pages.sides import Address, Shown, choices, shown
from server.pages.view import markup
from server.pages.waiting import PATIENCE, waiting

_SAME = frozenset({Change.SAME})


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
    names = [addresses(text.side.content.clauses) for text in texts]
    places = iter(range(len(texts[0].side.content.clauses)))
    lines: list[Line] = []
    for number, row in enumerate(told.rows):
        at = next(places) if row.base else None
        cells = tuple(
            _beside(cell, row, names[0], names[column], texts[column], spoken)
            for column, cell in enumerate(row.cells, 1)
        )
        base = _base(row.base, "" if at is None else names[0][at], texts[0], spoken)
        anchor = f"r-{row.base.id}" if row.base and row.base.id else f"r-{number}"
        lines.append(Line(base, cells, any(not cell.same for cell in cells), anchor))
    return lines


def _base(clause: Clause | None, label: str, text: Shown, spoken: Tongue) -> Cell:
    if clause is None:
        return Cell(void_says=spoken._("not in {version}", version=text.label))
    return Cell((_part(clause, label, render.plain(clause.text, spoken), text),))


def _beside(row: Row | None, line: ColumnRow, base: list[str], own: list[str], text: Shown, spoken: Tongue) -> Beside:
    _ = spoken._
    if row is None:
        return Beside(Cell(), same=True)
    if row.change in _SAME:
        return Beside(Cell(void_says=_("unchanged")), same=True)
    if row.new is None or row.new_at is None:
        said = _("merged") if row.change is Change.MERGED else _("deleted")
        where = own[row.parent_at] if row.change is Change.MERGED and row.parent_at is not None else ""
        says = _("now part of {clause}", clause=where) if where else _("not in {version}", version=text.label)
        return Beside(Cell(void_says=says), (Mark("deleted", said),))
    paint = render.both_sides if line.base else render.new_side
    html = paint(row.hunks, spoken)
    return Beside(Cell((_part(row.new, own[row.new_at], html, text),)), _marks(row, base, spoken))


def _marks(row: Row, base: list[str], spoken: Tongue) -> tuple[Mark, ...]:
    _ = spoken._
    found: list[Mark] = []
    if row.change is Change.INSERTED:
        found.append(Mark("new", _("new")))
    if row.change is Change.SPLIT:
        parent = base[row.parent_at] if row.parent_at is not None else ""
        found.append(Mark("split", _("was part of {clause}", clause=parent) if parent else _("split off")))
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
