"""The response matrix: what became of each comment, for readers as it is published, for those who lead to be worked on
(``answers``); and how far it is, by clause and group."""

from collections import Counter
from dataclasses import replace
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from drafts.access import RemarkIn
from drafts.consultation import Disposition, Remark, Standing, Wanted
from drafts.desk import rounds, summary
from drafts.desk.rounds import Entered
from drafts.model import Group
from server.pages import answer_links, answers, consulting, remark_cards, view
from server.pages.matrix_parts import Chip, Share, chips, cursors, filters, groups, share

PAGE: Final = 50


async def page(request: Request) -> Response:
    """Those who lead get the work, or with ``as=reader`` what readers see; everybody else what is published."""
    entered = await consulting.enter(request)
    if entered.sight.leads and request.query_params.get("as") != "reader":
        return await answers.work(request, entered)
    looking = replace(entered, sight=replace(entered.sight, leads=False)) if entered.sight.leads else entered
    return await _published(request, looking, entered.sight.leads)


async def _published(request: Request, entered: Entered, leads: bool) -> Response:
    store, spoken = request.app.state.store, view.tongue(request)
    asked = consulting.wanted(request.query_params)
    wanted = asked if asked.answered is not None else replace(asked, answered=True)
    before, after = cursors(request)
    async with store.read() as q:
        found = await q.remarks.slice(entered.round.id, entered.sight, wanted, before=before, after=after, limit=PAGE)
    shown = [trace(entered, remark) for remark in found.remarks]
    known = remark_cards.places((await rounds.text(store, entered)).clauses)
    everything = await summary.standings(store, entered)
    base = f"/consultations/{entered.round.id}/matrix"
    fixed: dict[str, object] = {"as": "reader"} if leads else {}
    return await consulting.page(
        request,
        entered,
        "consultation_matrix.html",
        "matrix",
        cards=remark_cards.cards(entered, shown, known, spoken),
        ways=await answer_links.ways(store, entered, [one.answer for one in shown], spoken),
        chips=await _chips(request, entered, asked, base, fixed),
        share=share(everything),
        slice=found,
        base=base,
        query=lambda **more: consulting.query(asked, **fixed, **more),
        known=known,
        as_reader=leads,
        **filters(request, asked, known, everything),
    )


def trace(entered: Entered, remark: Remark) -> Remark:
    """A listed remark as the reader may have it."""
    together = frozenset(party.id for party in remark.together)
    return rounds.trace(entered, RemarkIn(entered.inside, remark, together))


async def _chips(request: Request, entered: Entered, asked: Wanted, base: str, fixed: dict[str, object]) -> list[Chip]:
    """Counts by disposition of what the rest of the filter wants."""
    rest = consulting.without(asked, "dispositions", "answered")
    told = await summary.standings(request.app.state.store, entered, rest)
    counts = Counter[Disposition | None]()
    for one in told:
        counts[one.disposition] += one.count
    return chips(counts, asked, rest, lambda wanted: _address(base, wanted, fixed))


def _address(base: str, wanted: Wanted, fixed: dict[str, object]) -> str:
    query = consulting.query(wanted, **fixed)
    return f"{base}?{query}" if query else base


# ── how far it is ──


async def progress(request: Request) -> Response:
    """How many comments are answered, by clause and group: decided for those who lead, published for others."""
    entered = await consulting.enter(request)
    store = request.app.state.store
    told = await summary.standings(store, entered)
    known = remark_cards.places((await rounds.text(store, entered)).clauses)
    by: dict[str | None, dict[Group, list[Standing]]] = {}
    for one in told:
        by.setdefault(one.clause_id, {}).setdefault(one.group, []).append(one)
    lines = [
        (name, _line(entered, clause_id, by[clause_id])) for clause_id, name in known.names.items() if clause_id in by
    ]
    if None in by:
        lines.append((view.tongue(request)._("Whole text, or missing anywhere"), _line(entered, None, by[None])))
    return await consulting.page(
        request,
        entered,
        "consultation_progress.html",
        "matrix",
        lines=lines,
        groups=list(Group),
        whole=groups(entered, told),
        share=share(told),
    )


def _line(entered: Entered, clause_id: str | None, told: dict[Group, list[Standing]]) -> dict[str, Share]:
    base = f"/consultations/{entered.round.id}/matrix"
    found: dict[str, Share] = {}
    for group in Group:
        wanted = Wanted(groups=frozenset({group}), clauses=frozenset({clause_id}), answered=False)
        found[group.value] = share(told.get(group, []), f"{base}?{consulting.query(wanted)}")
    wanted = Wanted(clauses=frozenset({clause_id}), answered=False)
    every = [one for standings in told.values() for one in standings]
    return found | {"all": share(every, f"{base}?{consulting.query(wanted)}")}
