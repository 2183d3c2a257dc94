"""What came in, seen as a whole: charts with their tables, by group, over time, by clause, what nobody spoke to, what
is most contested. Every number leads to the comments behind it. The filter of the address applies to all of it."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from drafts.consultation import View, Wanted
from drafts.counted import Count, Counts, Place, busiest, by_clause, most_contested
from drafts.desk import rounds, summary
from drafts.desk.rounds import Entered
from drafts.desk.silence import called
from drafts.model import Clause, ClauseKind, Group
from server import bars
from server.bars import Bar
from server.i18n import Tongue
from server.pages import consulting, view
from server.words import word

VIEWS: Final = (View.SUPPORT, View.WITH_CHANGES, View.OPPOSE, View.NEUTRAL)
KINDS: Final = {
    Group.GOVERNMENT: "g0",
    Group.INDUSTRY: "g1",
    Group.CIVIL_SOCIETY: "g2",
    Group.ACADEMIA: "g3",
}
_MOST_DAYS: Final = 120
_MOST_SOURCES: Final = 50


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the text: what comes under one heading. ``groups``: how many comments of each group."""

    name: str
    clauses: tuple[str, ...]
    groups: Counter[Group]

    @property
    def silent(self) -> list[Group]:
        """The groups that said nothing on it."""
        return [group for group in Group if not self.groups[group]]


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the tables by clause: what it is called, what is counted on it, where its comments are listed."""

    name: str
    place: Place
    href: str


async def page(request: Request) -> Response:
    """The page; without JavaScript all of it is there."""
    entered = await consulting.enter(request)
    wanted, spoken = consulting.wanted(request.query_params), view.tongue(request)
    store = request.app.state.store
    found = await summary.counts(store, entered, wanted)
    content = await rounds.text(store, entered)
    names = called(content.clauses)
    standings = found.tallies.standings
    listing = _Listing(entered, wanted)
    groups = _by_group(found)
    places = by_clause(standings)
    lines = [listing.line(names[c.id], places[c.id]) for c in content.clauses if c.id in places]
    return await consulting.page(
        request,
        entered,
        "consultation_summary.html",
        "summary",
        wanted=wanted,
        found=found,
        views=VIEWS,
        groups=groups,
        patterns=view.markup(bars.patterns()),
        swatches={kind: view.markup(bars.swatch(pattern)) for kind, pattern in zip(VIEWS, bars.PATTERNS, strict=True)},
        group_swatches=[
            (group, view.markup(bars.swatch(bars.PATTERNS[at], KINDS[group]))) for at, group in enumerate(Group)
        ],
        group_chart=view.markup(_group_chart(groups, spoken)),
        days=(days := _days(found.days)),
        day_chart=view.markup(_day_chart(days, spoken)),
        sections=_sections(content.clauses, places, spoken),
        lines=lines,
        loose=places.get(None),
        loose_href=listing.of_clause(None),
        busiest=[listing.line(names.get(p.clause_id or "", ""), p) for p in busiest(standings)],
        contested=(rivals := [listing.line(names.get(p.clause_id or "", ""), p) for p in most_contested(standings)]),
        contested_chart=view.markup(_contested_chart(rivals, spoken)),
        by_language=_rows(found.languages),
        questions=_rows(found.questions),
        sources=found.sources[:_MOST_SOURCES],
        listing=listing,
        silent=lambda section: spoken.several([spoken._(word(group)) for group in section.silent]),
        chips=_chips(entered, wanted, spoken),
    )


async def counts(request: Request) -> Response:
    """The sums for pages that are open: JSON with an ETag, so that asking again costs nothing while nothing comes."""
    entered = await consulting.enter(request)
    tallies = await summary.tallies(request.app.state.store, entered, consulting.wanted(request.query_params))
    groups = Counter[Group]()
    for one in tallies.standings:
        groups[one.group] += one.count
    told = {
        "total": tallies.total,
        "groups": {group.value: groups[group] for group in Group},
        "organisations": tallies.organisations,
        "phase": entered.round.phase(entered.inside.at).value,
        "answered": sum(one.count for one in tallies.standings if one.disposition is not None),
    }
    body = msgspec.json.encode(told)
    tag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
    headers = {"ETag": tag, "Cache-Control": "private, no-cache", "Vary": "Cookie"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


class _Listing:
    """Addresses of the comments behind a number: the page's own filter, narrowed."""

    def __init__(self, entered: Entered, wanted: Wanted) -> None:
        self._base = f"/consultations/{entered.round.id}/comments"
        self._wanted = wanted

    def __call__(self, **narrowed: object) -> str:
        """The list with some fields of the filter set."""
        asked = consulting.query(replace(self._wanted, **narrowed))  # type: ignore[arg-type]
        return f"{self._base}?{asked}" if asked else self._base

    def of_clause(self, clause_id: str | None, group: Group | None = None) -> str:
        """On one clause, of one group or of all."""
        groups = frozenset({group}) if group else self._wanted.groups
        return self(clauses=frozenset({clause_id}), groups=groups)

    def of_group(self, group: Group, kind: View | None = None) -> str:
        """Of one group, with one view or any."""
        return self(groups=frozenset({group}), views=frozenset({kind}) if kind else self._wanted.views)

    def of_section(self, section: Section, group: Group) -> str:
        """On the clauses of a section, of one group."""
        return self(clauses=frozenset(section.clauses), groups=frozenset({group}))

    def of_source(self, who: str) -> str:
        """Of one source, by the name it is printed under."""
        return self(party=who)

    def line(self, name: str, place: Place) -> Line:
        """A row about a clause."""
        return Line(name, place, self.of_clause(place.clause_id))


def _by_group(found: Counts) -> dict[Group, Counter[View]]:
    told: dict[Group, Counter[View]] = {group: Counter() for group in Group}
    for one in found.tallies.standings:
        told[one.group][one.view] += one.count
    return told


def _group_chart(groups: dict[Group, Counter[View]], spoken: Tongue) -> str:
    rows = [
        Bar(spoken._(word(group)), tuple(told[kind] for kind in VIEWS), KINDS[group]) for group, told in groups.items()
    ]
    return bars.bars(rows, spoken._("Comments by group: {numbers}", numbers=_numbers(rows)))


def _day_chart(days: Sequence[tuple[date, Counter[Group]]], spoken: Tongue) -> str:
    if len(days) < 2:
        return ""
    shown = [Bar(f"{day.day}.{day.month}.", tuple(told[group] for group in Group)) for day, told in days]
    return bars.columns(shown, spoken._("Comments by day: {numbers}", numbers=_numbers(shown[-14:])))


def _contested_chart(rivals: Sequence[Line], spoken: Tongue) -> str:
    rows = [Bar(line.name, tuple(line.place.views[kind] for kind in VIEWS)) for line in rivals]
    return bars.bars(rows, spoken._("Most contested: {numbers}", numbers=_numbers(rows)))


def _numbers(rows: Iterable[Bar]) -> str:
    return ", ".join(f"{row.label} {row.total}" for row in rows)


def _days(counted: Sequence[Count]) -> list[tuple[date, Counter[Group]]]:
    """Every day from the first to the last, those without a comment too; of a long time its last part."""
    found: dict[date, Counter[Group]] = {}
    for one in counted:
        found.setdefault(date.fromisoformat(one.key), Counter())[one.group] += one.count
    if not found:
        return []
    last = max(found)
    first = max(min(found), last - timedelta(days=_MOST_DAYS - 1))
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [(day, found.get(day, Counter())) for day in every]


def _rows(counted: Iterable[Count]) -> dict[str, Counter[Group]]:
    """Counts by key, in the order in which they come."""
    told: dict[str, Counter[Group]] = {}
    for one in counted:
        told.setdefault(one.key, Counter())[one.group] += one.count
    return told


def _sections(clauses: Sequence[Clause], places: dict[str | None, Place], spoken: Tongue) -> list[Section]:
    """The text by its headings; what stands before the first, and texts without any, by preamble and operative part."""
    parts: dict[tuple[str, str], list[str]] = {}
    heading = ("", "")
    for clause in clauses:
        if clause.kind is ClauseKind.HEADING:
            heading = (clause.id, clause.text.replace("*", ""))
        if heading[0]:
            parts.setdefault(heading, []).append(clause.id)
        else:
            preamble = clause.kind is ClauseKind.PREAMBULAR
            name = spoken._("Preamble") if preamble else spoken._("Operative part")
            parts.setdefault(("", name), []).append(clause.id)
    told = []
    for (_, name), ids in parts.items():
        groups = Counter[Group]()
        for one in ids:
            if one in places:
                groups += places[one].groups
        told.append(Section(name, tuple(ids), groups))
    return told


def _chips(entered: Entered, wanted: Wanted, spoken: Tongue) -> list[tuple[str, str, bool]]:
    """One group at a time or all: what each shows, its address, whether it is chosen."""
    here = f"/consultations/{entered.round.id}/summary"

    def address(asked: Wanted) -> str:
        query = consulting.query(asked)
        return f"{here}?{query}" if query else here

    everything = [(spoken._("All groups"), address(replace(wanted, groups=frozenset())), not wanted.groups)]
    return everything + [
        (
            spoken._(word(group)),
            address(replace(wanted, groups=frozenset({group}))),
            wanted.groups == frozenset({group}),
        )
        for group in Group
    ]
