"""All comments of a round that a reader may know, in order and a few at a time, and the head that stands above them."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from drafts import access
from drafts.access import RemarkIn
from drafts.consultation import SENT, Remark, Shown, Spot, Wanted
from drafts.desk import answer_links, rounds
from drafts.desk.answer_links import Linked
from drafts.desk.rounds import Entered
from drafts.exchange.compendium import Heads, Link, Order, Told
from drafts.model import Group
from drafts.numbering import full
from drafts.store import Store
from drafts.store.ordered import Place

BATCH: Final = 100  # comments that are in memory at once
_NAMES: Final = 5_000  # names that are sorted at once


@dataclass(frozen=True, slots=True)
class Compendium:
    """What a reader asked for. ``count``: how many comments it had when it was opened."""

    entered: Entered
    heads: Heads
    wanted: Wanted
    count: int


async def open(  # noqa: A001 - what one does with a compendium
    store: Store, person_id: str | None, round_id: str, at: datetime, wanted: Wanted, order: Order, origin: str
) -> Compendium:
    """The compendium for a reader (None: without an account). ``origin``: of the installation. What was never sent is
    not in it, whoever asks. Raises NotFound, Forbidden."""
    entered = await rounds.enter(store, person_id, round_id, at)
    asked = replace(wanted, states=(wanted.states or SENT) & SENT)
    told, content = await rounds.version(store, entered, entered.round.version)
    draft = entered.draft
    heads = Heads(
        origin=origin,
        round=entered.round,
        forum=entered.forum.name,
        title=content.title or draft.title,
        symbol=content.symbol or draft.symbol,
        version=told,
        language=content.language or draft.language,
        clauses=tuple(content.clauses),
        order=order,
        made=at,
        filtered=wanted != Wanted(),
        sealed=not entered.sight.revealed,
    )
    if not asked.states:  # only drafts were asked for
        return Compendium(entered, heads, asked, 0)
    async with store.read() as q:
        count = await q.ordered.count(round_id, entered.sight, asked)
    return Compendium(entered, heads, asked, count)


async def comments(store: Store, of: Compendium) -> AsyncIterator[list[Told]]:
    """Its comments, at most ``BATCH`` at once. What was hidden, withdrawn or taken back while it was read is told as it
    is by then."""
    if not of.count:
        return
    links = _Links(store, of)
    ordered = _by_contributor if of.heads.order is Order.CONTRIBUTOR else _by_clause
    async for remarks in ordered(store, of):
        mine = of.entered.sight.party_id
        async with store.read() as q:
            joined = await q.ordered.asked([one.id for one in remarks], mine) if mine else frozenset[str]()
        told = [_told(of.entered, one, joined=one.id in joined) for one in remarks]
        yield await links.with_links([one for one in told if one is not None])


async def _by_clause(store: Store, of: Compendium) -> AsyncIterator[list[Remark]]:
    """A query for each clause and group that has something; what is on no clause comes first, what is missing
    somewhere last."""
    round_id, sight = of.entered.round.id, of.entered.sight
    async with store.read() as q:
        places = await q.ordered.places(round_id, sight, of.wanted)
    at = {one.id: number for number, one in enumerate(of.heads.clauses)}
    groups = list(Group)

    def order(place: Place) -> tuple[int, str, int]:
        clause = place.clause_id
        number = len(at) + 1 if place.absent else -1 if clause is None else at.get(clause, len(at))
        return number, clause or "", groups.index(place.group)

    for place in sorted(places, key=order):
        here = replace(of.wanted, clauses=frozenset({place.clause_id}), groups=frozenset({place.group}))
        if place.clause_id is None:
            spots = {Spot.MISSING} if place.absent else set(Spot) - {Spot.MISSING}
            here = replace(here, spots=(of.wanted.spots or frozenset(Spot)) & spots)
        after = 0
        while True:
            async with store.read() as q:
                found = await q.remarks.stream(round_id, sight, here, after, BATCH)
            if not found:
                break
            yield found
            if len(found) < BATCH:
                break
            after = found[-1].serial


async def _by_contributor(store: Store, of: Compendium) -> AsyncIterator[list[Remark]]:
    round_id, sight = of.entered.round.id, of.entered.sight
    for group in Group:
        if of.wanted.groups and group not in of.wanted.groups:
            continue
        here, after = replace(of.wanted, groups=frozenset({group})), ("", 0)
        while True:
            async with store.read() as q:
                pairs = await q.ordered.by_name(round_id, sight, here, after, _NAMES)
            for start in range(0, len(pairs), BATCH):
                serials = [serial for _, serial in pairs[start : start + BATCH]]
                async with store.read() as q:
                    found = {one.serial: one for one in await q.remarks.of_serials(serials)}
                yield [found[one] for one in serials if one in found]
            if len(pairs) < _NAMES:
                break
            after = pairs[-1]


def _told(entered: Entered, remark: Remark, *, joined: bool) -> Told | None:
    together = frozenset({entered.sight.party_id}) if joined else frozenset[str]()
    shown = access.shows(entered.sight, remark, together)
    if shown is Shown.NOTHING or remark.state not in SENT:
        return None
    published = remark.answer == remark.shown
    traced = rounds.trace(entered, RemarkIn(entered.inside, remark, together))
    return Told(traced, shown is Shown.TRACE, published or not entered.sight.leads)


class _Links:
    """What answers lead to, in words; each is followed once."""

    def __init__(self, store: Store, of: Compendium) -> None:
        self._store = store
        self._of = of
        self._known: dict[str, Link | None] = {"": None}

    async def with_links(self, told: list[Told]) -> list[Told]:
        """The comments with what their answers lead to."""
        asked = [one.remark.answer.link if one.remark.answer else "" for one in told]
        new = {text for text in asked if text not in self._known}
        if new:
            followed = await answer_links.followed(self._store, self._of.entered, new)
            self._known |= {text: self._named(one) for text, one in followed.items()}
        return [replace(one, link=self._known[text]) for one, text in zip(told, asked, strict=True)]

    def _named(self, one: Linked) -> Link:
        link = one.link
        if link.proposal:
            return Link("proposal", link.proposal)
        own = self._of.heads.labels
        if not link.version:
            return Link("clause", label=own.get(link.clause_id, ""))
        if one.content is None:  # not the reader's to read: that there is such a version is all
            return Link("version", link.version)
        ids = (clause.id for clause in one.content.clauses)
        there = dict(zip(ids, full(one.content.clauses), strict=True))
        return Link("version", link.version, there.get(link.clause_id) or own.get(link.clause_id, ""), gone=one.gone)
