"""Entering a round of consultation: who looks, what they see, and the text that it is on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from drafts import access
from drafts.access import RemarkIn, RoundIn, Verb
from drafts.consultation import Remark, Round, Shown, Sight
from drafts.desk import admit, versions
from drafts.errors import NotFound, Refusal
from drafts.exchange.parsed import Content
from drafts.model import Draft, Forum, Member, Version
from drafts.register import Entry
from drafts.store import Store, Work
from drafts.store.rows import ms

_TEXTS: dict[str, Content] = {}  # by the version's hash: they never change
_MOST_TEXTS = 16


@dataclass(frozen=True, slots=True)
class Entered:
    """A round as one reader enters it. ``member`` is None for the public."""

    inside: RoundIn
    member: Member | None
    sight: Sight

    @property
    def round(self) -> Round:
        """The round."""
        return self.inside.round

    @property
    def draft(self) -> Draft:
        """The draft that it is about."""
        return self.inside.draft

    @property
    def forum(self) -> Forum:
        """Its forum."""
        return self.inside.forum

    def may(self, verb: Verb) -> bool:
        """Whether the reader may do something with the round."""
        return access.may(self.member, verb, self.inside) is None


async def enter(
    store: Store, person_id: str | None, round_id: str, at: datetime, verb: Verb = Verb.ROUND_READ
) -> Entered:
    """The round for a reader (``None``: without an account), at a moment. Raises NotFound, Forbidden."""
    async with store.read() as q:
        return await admitted(q, person_id, round_id, at, verb)


async def admitted(
    q: Work, person_id: str | None, round_id: str, at: datetime, verb: Verb = Verb.ROUND_READ, *, lock: bool = False
) -> Entered:
    """The same within a transaction; ``lock``: nobody else changes the round until it ends."""
    told = await (q.rounds.locked(round_id) if lock else q.rounds.get(round_id))
    draft = None if told is None else await q.drafts.get(told.draft_id)
    forum = None if draft is None else await q.forums.get(draft.forum_id)
    if told is None or draft is None or forum is None:
        raise admit.nothing()
    member = None if person_id is None else await q.forums.member(forum.id, person_id)
    inside = RoundIn(draft, forum, told, at)
    refusal = access.may(member, verb, inside)
    if refusal is not None:
        raise refusal
    return Entered(inside, member, access.sight(member, inside))


async def remark_in(q: Work, entered: Entered, remark: Remark | None) -> RemarkIn:
    """A remark of the round, which the reader sees at least a trace of. Raises NotFound."""
    if remark is None or remark.round_id != entered.round.id:
        raise admit.nothing()
    asked = await q.remarks.together(remark.id)
    of = RemarkIn(entered.inside, remark, frozenset(p for p, said in asked.items() if said != "declined"))
    refusal = access.may(entered.member, Verb.REMARK_READ, of)
    if refusal is not None:
        raise refusal
    return of


def trace(entered: Entered, of: RemarkIn) -> Remark:
    """A remark as the reader may have it: without words where only its trace is shown, without what those who lead
    have not published."""
    remark = of.remark
    if not entered.sight.leads:
        remark = replace(remark, answer=remark.shown)
    if access.shows(entered.sight, remark, of.together) is Shown.TRACE:
        remark = replace(remark, body="", proposed="", quote="", start=None, end=None)
    return remark


async def issued(store: Store, entered: Entered) -> Version:
    """The version that the round is on, without its text. Raises NotFound."""
    return (await issued_since(store, entered))[0]


async def issued_since(store: Store, entered: Entered) -> tuple[Version, list[Version]]:
    """The version that the round is on and the later ones that the reader may have, without their texts. Raises
    NotFound."""
    async with store.read() as q:
        found = await q.drafts.versions(entered.draft.id)
    own = next((one for one in found if one.number == entered.round.version), None)
    if own is None:
        raise admit.nothing()
    return own, [] if _kept_from(entered) else [one for one in found if one.number > own.number]


def _kept_from(entered: Entered) -> Refusal | None:
    """Why the reader may not have other versions than the round's own."""
    refusal = access.may(entered.member, Verb.DRAFT_READ, entered.draft)
    opened = entered.round.public and entered.draft.observers  # what delegations work on alone stays theirs
    return None if entered.sight.answers and opened else refusal


async def listed(store: Store, person_id: str | None, at: datetime) -> list[Entered]:
    """The rounds that somebody may read (``None``: without an account), those that close last first: of their forums
    all, of others the public ones."""
    async with store.read() as q:
        seats = {forum.id: member for forum, member in await q.forums.of_person(person_id)} if person_id else {}
        drafts = {one.id: one for found in (await q.drafts.of_forums([*seats])).values() for one in found}
        told = {one.id: one for one in [*await q.rounds.of_drafts([*drafts]), *await q.rounds.public()]}
        found = []
        for one in told.values():
            draft = drafts.get(one.draft_id) or await q.drafts.get(one.draft_id)
            forum = None if draft is None else await q.forums.get(draft.forum_id)
            if draft is None or forum is None:
                continue
            inside, member = RoundIn(draft, forum, one, at), seats.get(forum.id)
            found += readable(member, [inside])
    return sorted(found, key=lambda entered: (entered.round.closes_at, entered.round.id), reverse=True)


def readable(member: Member | None, found: Sequence[RoundIn]) -> list[Entered]:
    """Those of some rounds of a draft that a reader may read, in their order."""
    return [
        Entered(inside, member, access.sight(member, inside))
        for inside in found
        if access.may(member, Verb.ROUND_READ, inside) is None
    ]


async def text(store: Store, entered: Entered) -> Content:
    """The text that the round is on, as its version has it. Raises NotFound."""
    return (await version(store, entered, entered.round.version))[1]


async def version(store: Store, entered: Entered, number: int) -> tuple[Version, Content]:
    """A version of the round's draft: its own, which whoever enters the round may read, or a later one, which they may
    read where they may read the draft; of a public round on a draft that is open to observers everybody may, once
    answers are published. Raises NotFound."""
    if number != entered.round.version:
        refusal = _kept_from(entered)
        if refusal is not None:
            raise refusal
    async with store.read() as q:
        found = await q.drafts.version(entered.draft.id, number)
    if found is None:
        raise NotFound("not_found", "There is nothing at this address.")
    told, canonical = found
    if told.hash not in _TEXTS:
        if len(_TEXTS) >= _MOST_TEXTS:
            _TEXTS.pop(next(iter(_TEXTS)))
        _TEXTS[told.hash] = versions.read(canonical)
    return told, _TEXTS[told.hash]


def entry(
    entered: Entered, kind: str, of_id: str, facts: Mapping[str, object] | None = None, digest: str = ""
) -> Entry:
    """The row of the register that says what whoever entered does now, to the thing of an id."""
    sight = entered.sight
    return Entry(ms(entered.inside.at), sight.person_id, sight.party_id, kind, of_id, digest, facts)
