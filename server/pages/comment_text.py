"""The text of a consultation with what came in on it: under each clause the strip of the four groups, in it the words
that comments stand on, and the composer where somebody writes. Counts only: no comment is read for it, however many
there are, but for the latest few."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import msgspec
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import commenting
from drafts.access import Verb
from drafts.change import narrow, widen
from drafts.consultation import Spot, Standing, View, Wanted
from drafts.desk import remarks, rounds, spans, summary
from drafts.desk.rounds import Entered
from drafts.errors import NotFound, Refusal
from drafts.exchange.parsed import Content
from drafts.model import Clause, ClauseKind, Group
from server import render, strips
from server.i18n import Tongue
from server.pages import composing, consulting, view
from server.pages.composing import Composer
from server.pages.remark_cards import Place, cards, places
from server.render import attribute, escape
from server.sheet import label_of, worded

LATEST: Final = 3
_MISSING: Final = Wanted(spots=frozenset({Spot.MISSING}), clauses=frozenset({None}))
_MOST_PAINTED: Final = 4_000
_painted: OrderedDict[tuple[object, ...], str] = OrderedDict()  # texts with their marks: they seldom change


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the clauses are drawn from. ``parted``: standings by clause; ``marks``: spans that comments stand on, by
    clause; ``writes``: whether the reader may comment; ``composer``: the one that is open, at the clause
    ``open_at``."""

    entered: Entered
    content: Content
    known: Place
    parted: Mapping[str | None, Sequence[Standing]]
    marks: Mapping[str, Sequence[tuple[int, int]]]
    writes: bool
    open_at: str | None
    composer: str
    tongue: Tongue

    @property
    def base(self) -> str:
        """The address of the round."""
        return f"/consultations/{self.entered.round.id}"


# ── the page ──


async def page(request: Request) -> Response:
    """The text and what came in. ``?on=`` a clause (``-``: the text) opens the composer there, ``?about=`` says on
    what (a ``Spot``), ``?question=`` for which question, ``?draft=`` with a draft of one's party."""
    entered = await consulting.enter(request)
    try:
        opened = await composing.asked(request, entered)
    except NotFound:  # a draft that was sent meanwhile: its page
        store, remark_id = request.app.state.store, request.query_params.get("draft", "")[:32]
        number = await remarks.own_number(store, entered, remark_id)
        if not number:
            raise
        return RedirectResponse(f"/consultations/{entered.round.id}/comments/{number}", 303)
    return await shown(request, entered, opened)


async def shown(request: Request, entered: Entered, opened: Composer | None, why: Refusal | None = None) -> Response:
    """The page, with the composer open when there is one; ``why``: what stood in the way of what was sent."""
    store, spoken = request.app.state.store, view.tongue(request)
    content = await rounds.text(store, entered)
    counts = await summary.tallies(store, entered)
    missing = await summary.tallies(store, entered, _MISSING)
    known = places(content.clauses)
    composer = await composing.form(request, entered, opened, content, why) if opened else Markup("")
    on = opened.typed.clause_id if opened else None
    drawn = Sheet(
        entered=entered,
        content=content,
        known=known,
        parted=_parted(counts.standings),
        marks=await spans.of(store, entered),
        writes=entered.may(Verb.REMARK_WRITE),
        open_at=on,
        composer=composer,
        tongue=spoken,
    )
    latest = await spans.latest(store, entered, on, LATEST)
    at_end = opened is not None and on is None and opened.typed.spot is Spot.MISSING
    return await consulting.page(
        request,
        entered,
        "consultation_text.html",
        "text",
        status=why.status if why else 200,
        content=content,
        doc=view.markup(_doc(drawn)),
        tallies=counts,
        bars=_bars(counts.standings),
        missing=strips.counted(missing.standings),
        missing_total=missing.total,
        missing_link=lambda group: f"{drawn.base}/comments?clause=-&spot=missing&group={group.value}",
        base=drawn.base,
        writes=drawn.writes,
        composer=composer,
        at_top=opened is not None and on is None and not at_end,
        at_end=at_end,
        latest=cards(entered, latest, known, spoken),
        latest_on=known.names.get(on or "", ""),
        drafts=await spans.drafts(store, entered),
        data=view.markup(_data(spoken)),
    )


def _data(spoken: Tongue) -> str:
    """What the page's script says, as JSON for a data block."""
    data = {"messages": spoken.for_scripts(), "locale": spoken.language}
    return msgspec.json.encode(data).decode().replace("<", "\\u003c")


@dataclass(frozen=True, slots=True)
class Bar:
    """A group's comments by view, as the chart beside the text draws them."""

    group: Group
    total: int
    views: tuple[tuple[View, int], ...]


def _bars(standings: Sequence[Standing]) -> list[Bar]:
    counts = strips.counted(standings)
    views = {group: tuple((view, counts.get(group, {}).get(view, 0)) for view in View) for group in Group}
    return [Bar(group, sum(count for _, count in told), told) for group, told in views.items()]


def _parted(standings: Sequence[Standing]) -> dict[str | None, list[Standing]]:
    told: dict[str | None, list[Standing]] = {}
    for one in standings:
        told.setdefault(one.clause_id, []).append(one)
    return told


# ── the clauses ──


def _doc(drawn: Sheet) -> str:
    return "\n".join([_clause(drawn, one) for one in drawn.content.clauses])


def _clause(drawn: Sheet, clause: Clause) -> str:
    composer = drawn.composer if clause.id == drawn.open_at else ""
    label = label_of(clause.kind, clause.label, drawn.tongue)
    text = worded(clause.kind, clause.lang or drawn.content.language, _text(drawn, clause))
    named = attribute(drawn.known.names[clause.id])
    return (
        f'<section class="clause" id="c-{clause.id}" data-clause="{clause.id}" data-kind="{clause.kind.value}" '
        f'data-depth="{clause.depth}" data-name="{named}"><a class="lab" href="#c-{clause.id}" dir="ltr">{label}</a>'
        f'<div class="body">{text}</div>{_under(drawn, clause)}{composer}</section>'
    )


def _under(drawn: Sheet, clause: Clause) -> str:
    """The strip, the way to the comments, and the way to write one."""
    standings, spoken = drawn.parted.get(clause.id, ()), drawn.tongue
    heading, out = clause.kind is ClauseKind.HEADING, []
    if standings:
        total = sum(one.count for one in standings)
        link = f"{drawn.base}/comments?clause={clause.id}"
        out.append(strips.strip(strips.counted(standings), lambda group: f"{link}&group={group.value}", spoken))
        said = spoken.ngettext("{n} comment", "{n} comments", total)
        out.append(f'<a class="link" href="{link}">{escape(said)}</a>')
    if drawn.writes:
        out += _ways(drawn, clause, heading)
    if not out:
        return ""
    return f'<div class="under" lang="{spoken.language}" dir="{spoken.direction}">{"".join(out)}</div>'


def _ways(drawn: Sheet, clause: Clause, heading: bool) -> list[str]:
    told, spoken = drawn.entered.round, drawn.tongue
    named = escape(drawn.known.names[clause.id])
    out = []
    spot = Spot.SECTION if heading else Spot.CLAUSE
    if commenting.takes(told, spot):
        said = spoken._("Comment on this section") if heading else spoken._("Comment")
        out.append(_way(drawn, clause, spot, said, named))
    if not commenting.takes(told, Spot.CLAUSE) and not heading:
        out.append(_way(drawn, clause, Spot.MISSING, spoken._("Say what is missing here"), named))
    return out


def _way(drawn: Sheet, clause: Clause, spot: Spot, said: str, named: str) -> str:
    href = f"{drawn.base}?on={clause.id}&amp;about={spot.value}#c-{clause.id}"
    return (
        f'<a class="link way" data-compose="{clause.id}" data-about="{spot.value}" href="{href}">{escape(said)}'
        f'<span class="sr"> {named}</span></a>'
    )


def _text(drawn: Sheet, clause: Clause) -> str:
    """The words of a clause, those marked that comments stand on."""
    found = tuple(drawn.marks.get(clause.id, ()))
    key = (clause.text, found, drawn.tongue.language)
    if key not in _painted:
        if len(_painted) >= _MOST_PAINTED:
            _painted.popitem(last=False)
        _painted[key] = marked(clause.text, found, drawn.tongue)
    return _painted[key]


def marked(text: str, found: Sequence[tuple[int, int]], tongue: Tongue, style: str = "said") -> str:
    """A text as HTML with some spans of it (UTF-16 units, in order and apart) marked."""
    if not found:
        return render.plain(text, tongue)
    wide, cuts = widen(text), [0]
    for start, end in found:
        cuts += [start, end]
    cuts.append(len(wide))
    texts = [narrow(wide[start:end]) for start, end in pairwise(cuts)]
    painted = render.in_pieces(texts, tongue)
    return "".join(f'<mark class="{style}">{one}</mark>' if at % 2 else one for at, one in enumerate(painted))
