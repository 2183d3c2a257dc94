"""Written contributions: a party sends a file, those who lead make comments of its paragraphs, and the sender is told.

The file stays as it came; its sender and those who lead can fetch it. Each comment knows the file and the place that it
was taken from, so what nobody has used is seen.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import PurePath
from typing import Final

from drafts import commenting, splitting
from drafts.access import ContributionIn, Verb, demand
from drafts.consultation import (
    Contribution,
    ContributionState,
    Phase,
    Remark,
    RemarkKind,
    RemarkState,
    Sight,
    Spot,
    View,
    Wanted,
)
from drafts.decide import MAX_COMMENT
from drafts.desk import admit, fields, pace, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Invalid, TooLarge, TooMany
from drafts.exchange import loose
from drafts.exchange.language import detect
from drafts.exchange.loose import Loose
from drafts.exchange.parsed import tidy
from drafts.model import Clause, ClauseKind, Group, new_id
from drafts.splitting import Likely, Paragraph
from drafts.store import Store, Work
from drafts.store.pace import Sending
from drafts.store.rows import ms
from drafts.verbs import LEADS

MAX_WAITING: Final = 50  # files of one party in a round
MAX_WHO: Final = 300
MAX_REASON: Final = 500
_EVERY: Final = Sight("", "", leads=True, revealed=True, answers=True)


@dataclass(frozen=True, slots=True)
class Listed:
    """A contribution in a list, with how many comments were made of it."""

    contribution: Contribution
    made: int


@dataclass(frozen=True, slots=True)
class Opened:
    """A contribution with its paragraphs and what became of them. ``likely``: the clause that a paragraph (its number)
    may be about; ``taken``: paragraphs of which there are comments; ``made``: those."""

    entered: Entered
    contribution: Contribution
    paragraphs: tuple[Paragraph, ...]
    likely: dict[int, Likely]
    taken: frozenset[int]
    made: tuple[Remark, ...]


@dataclass(frozen=True, slots=True)
class Cut:
    """Paragraphs (from ``first`` to ``last``) that become one comment, and on what. ``clause_id`` None: the whole."""

    first: int
    last: int
    clause_id: str | None
    view: View = View.NEUTRAL
    proposed: str = ""


# ── sending ──


async def send(
    store: Store,
    person_id: str | None,
    round_id: str,
    at: datetime,
    name: str,
    data: bytes,
    who: str = "",
    group: Group | None = None,
) -> tuple[Contribution, str]:
    """Send a file; with what was in the way of reading it ('' for nothing). ``who`` and ``group``: those who lead bring
    it for somebody without a seat, at any time. Raises NotFound, Forbidden, Invalid, TooLarge, TooMany."""
    verb = Verb.ROUND_LEAD if who else Verb.CONTRIBUTION_SEND
    entered = await rounds.enter(store, person_id, round_id, at, verb)
    if len(data) > loose.MAX_FILE:
        raise TooLarge("file_too_large", "A file has at most {limit} MiB.", limit=loose.MAX_FILE // 1024**2)
    if who and group is None:
        raise Invalid("missing", "{field}: please fill this in.", field="Group")
    read = await asyncio.to_thread(loose.read, name, data)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, verb, lock=True)
        made = _contribution(entered, name, read, fields.line(who, MAX_WHO), group)
        if not who and len(await q.contributions.of_round(round_id, made.owner_id)) >= MAX_WAITING:
            raise TooMany("too_many_files", "Your party has sent {limit} files already.", limit=MAX_WAITING)
        if not who:
            await pace.keep(q, Sending.CONTRIBUTIONS, made.owner_id, at)
        await q.contributions.add(made, data)
        facts = {"bytes": len(data)}
        await q.register.add(round_id, rounds.entry(entered, "contributed", made.id, facts, sha256(data).hexdigest()))
        await _tell_leads(q, entered, made)
    return made, read.why


def _contribution(entered: Entered, name: str, read: Loose, who: str, group: Group | None) -> Contribution:
    member = demand(entered.member, Verb.ROUND_READ, entered.inside)
    plain = tidy(PurePath(name.replace("\\", "/")).name[-200:])
    return Contribution(
        id=new_id(),
        round_id=entered.round.id,
        owner_id=member.party.id,
        party=member.party,
        person_id=member.person_id,
        name=plain or "–",
        media=read.media,
        text=read.text,
        state=ContributionState.WAITING,
        reason="",
        at=entered.inside.at,
        who=who,
        group=group if who else None,
    )


async def _tell_leads(q: Work, entered: Entered, made: Contribution) -> None:
    leads = [one.person_id for one in await q.forums.members(entered.forum.id) if one.role in LEADS]
    await _tell(q, entered, [one for one in leads if one != made.person_id], "contribution_in", made.id, {})


# ── reading ──


async def listing(store: Store, entered: Entered) -> list[Listed]:
    """For those who lead all contributions of the round, for others those of their party."""
    member = entered.member
    if member is None:
        return []
    async with store.read() as q:
        found = await q.contributions.of_round(entered.round.id, None if entered.sight.leads else member.party.id)
        made = await q.contributions.made_of(entered.round.id)
    return [Listed(one, made.get(one.id, 0)) for one in found]


async def opened(store: Store, person_id: str | None, round_id: str, contribution_id: str, at: datetime) -> Opened:
    """A contribution for its sender or those who lead. Raises NotFound."""
    entered = await rounds.enter(store, person_id, round_id, at)
    content = await rounds.text(store, entered)
    async with store.read() as q:
        found = await _admitted(q, entered, contribution_id)
        made = await _made(q, found)
    paragraphs = splitting.paragraphs(found.text)
    likely = await asyncio.to_thread(splitting.likely, paragraphs, content.clauses) if entered.sight.leads else {}
    taken = frozenset(splitting.taken(paragraphs, _used(made)))
    return Opened(entered, found, tuple(paragraphs), likely, taken, tuple(made))


async def data(
    store: Store, person_id: str | None, round_id: str, contribution_id: str, at: datetime
) -> tuple[Contribution, bytes]:
    """The file as it came, for its sender and those who lead. Raises NotFound."""
    entered = await rounds.enter(store, person_id, round_id, at)
    async with store.read() as q:
        found = await _admitted(q, entered, contribution_id)
        return found, await q.contributions.data(found.id)


async def _admitted(q: Work, entered: Entered, contribution_id: str) -> Contribution:
    found = await q.contributions.get(contribution_id)
    if found is None or found.round_id != entered.round.id or entered.member is None:
        raise admit.nothing()
    demand(entered.member, Verb.CONTRIBUTION_READ, ContributionIn(entered.inside, found))
    return found


async def _made(q: Work, of: Contribution) -> list[Remark]:
    """All comments that were made of a contribution, with those that were taken back."""
    found: list[Remark] = []
    wanted = Wanted(contribution=of.id)
    while part := await q.remarks.stream(of.round_id, _EVERY, wanted, found[-1].serial if found else 0):
        found += part
    return found


def _used(made: Sequence[Remark]) -> list[tuple[int, int]]:
    """The parts of a contribution of which there are comments."""
    return [(one.source_start or 0, one.source_end or 0) for one in made if one.state is not RemarkState.WITHDRAWN]


# ── splitting ──


async def split(
    store: Store, person_id: str | None, round_id: str, contribution_id: str, at: datetime, cuts: Sequence[Cut]
) -> list[Remark]:
    """Make comments of paragraphs, all of them or none. Raises NotFound, Forbidden, Invalid, TooLarge; Conflict for
    paragraphs of which there is a comment already."""
    entered = await rounds.enter(store, person_id, round_id, at, Verb.ROUND_LEAD)
    content = await rounds.text(store, entered)
    if not cuts:
        raise Invalid("nothing_chosen_here", "Choose at least one paragraph.")
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        found = await _admitted(q, entered, contribution_id)
        paragraphs = splitting.paragraphs(found.text)
        gone = splitting.taken(paragraphs, _used(await _made(q, found)))
        made = []
        first = await q.rounds.numbers(round_id, len(cuts))
        for at_cut, cut in enumerate(cuts):
            inside = set(range(cut.first, cut.last + 1))
            if not 0 <= cut.first <= cut.last < len(paragraphs):
                raise admit.nothing()
            if inside & gone:
                raise Conflict(
                    "taken_already", "There is a comment of one of these paragraphs already. Load the page again."
                )
            gone |= inside
            made.append((_remark(entered, found, paragraphs, cut, content.clauses, first + at_cut), new_id(26)))
        await q.remarks.add_all(made)
        for remark, salt in made:
            facts = {"number": remark.number, "contribution": found.id}
            told = commenting.fingerprint(salt, remark)
            await q.register.add(round_id, rounds.entry(entered, "split", remark.id, facts, told))
        return await q.remarks.of_ids([remark.id for remark, _ in made])


def _remark(
    entered: Entered,
    of: Contribution,
    paragraphs: Sequence[Paragraph],
    cut: Cut,
    clauses: Sequence[Clause],
    number: int,
) -> Remark:
    taken = paragraphs[cut.first : cut.last + 1]
    body = "\n\n".join(one.text for one in taken)
    if len(body) > MAX_COMMENT:
        raise TooLarge("comment_size", "A comment has at most {limit} characters.", limit=MAX_COMMENT)
    proposed = fields.line(cut.proposed, MAX_COMMENT)
    clause = next((one for one in clauses if one.id == cut.clause_id), None)
    if cut.clause_id and clause is None:
        raise Invalid("no_clause", "There is no such clause.")
    heading = clause is not None and clause.kind is ClauseKind.HEADING
    if proposed and (clause is None or heading):
        raise Invalid("words_for_what", "Words are proposed for a clause, for words of it, or for what is missing.")
    return Remark(
        id=new_id(),
        round_id=of.round_id,
        spot=Spot.WHOLE if clause is None else Spot.SECTION if heading else Spot.CLAUSE,
        clause_id=clause.id if clause else None,
        kind=RemarkKind.DRAFTING if proposed else RemarkKind.GENERAL,
        view=cut.view,
        body=body,
        language=detect(of.text) or "en",
        state=RemarkState.OPEN,
        group=of.group or of.party.group,
        who=of.source,
        owner_id=None if of.who else of.owner_id,
        person_id=entered.sight.person_id if of.who else of.person_id,
        created_at=entered.inside.at,
        party=None if of.who else of.party,
        number=number,
        proposed=proposed,
        late=entered.round.phase(of.at) is Phase.CLOSED,
        sent_at=of.at,
        contribution_id=of.id,
        source_start=taken[0].start,
        source_end=taken[-1].end,
    )


async def take_back(
    store: Store, person_id: str | None, round_id: str, contribution_id: str, number: int, at: datetime
) -> None:
    """Undo a comment that was made of a contribution by mistake: it leaves a trace, and its paragraphs are free again.
    Raises NotFound, Forbidden; Conflict once it is answered."""
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        found = await _admitted(q, entered, contribution_id)
        remark = await q.remarks.numbered(round_id, number)
        if remark is None or remark.contribution_id != found.id or remark.state is RemarkState.WITHDRAWN:
            raise admit.nothing()
        if remark.shown is not None:
            raise Conflict("answered_already", "This comment is answered already.")
        await q.remarks.set(
            [remark.id],
            state=RemarkState.WITHDRAWN.value,
            withdrawn_at=ms(at),
            withdrawn_reason="Taken from the contribution by mistake.",
        )
        await q.register.add(round_id, rounds.entry(entered, "withdrawn", remark.id, {"number": number}))


async def finish(
    store: Store, person_id: str | None, round_id: str, contribution_id: str, at: datetime
) -> Contribution:
    """Say that a contribution is split: its sender is told how many comments it became. Raises NotFound, Forbidden;
    Conflict when none was made of it."""
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        found = await _admitted(q, entered, contribution_id)
        made = (await q.contributions.made_of(round_id)).get(found.id, 0)
        if not made:
            raise Conflict("nothing_made", "No comment was made of it. Set it aside with a reason instead.")
        await q.contributions.settle(found.id, ContributionState.SPLIT, "")
        await _tell_sender(q, entered, found, made)
    return found


async def set_aside(
    store: Store, person_id: str | None, round_id: str, contribution_id: str, at: datetime, reason: str
) -> Contribution:
    """Keep a contribution without making comments of it; its sender reads the reason. Raises NotFound, Forbidden,
    Invalid without a reason; Conflict when comments were made of it."""
    why = fields.line(reason, MAX_REASON, needed="A reason is needed.")
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        found = await _admitted(q, entered, contribution_id)
        if (await q.contributions.made_of(round_id)).get(found.id, 0):
            raise Conflict("made_already", "Comments were made of it already.")
        await q.contributions.settle(found.id, ContributionState.ASIDE, why)
        await q.register.add(round_id, rounds.entry(entered, "split", found.id, {"count": 0}))
        await _tell_sender(q, entered, found, 0)
    return found


async def _tell_sender(q: Work, entered: Entered, found: Contribution, count: int) -> None:
    people = [one.person_id for one in await q.forums.members(entered.forum.id) if one.party.id == found.owner_id]
    told = [one for one in people if one != entered.sight.person_id]
    await _tell(q, entered, told, "contribution_split", found.id, {"count": count})


async def _tell(q: Work, entered: Entered, people: Sequence[str], kind: str, of_id: str, facts: dict[str, int]) -> None:
    await q.notices.tell(
        people,
        kind,
        entered.inside.at,
        forum_id=entered.forum.id,
        draft_id=entered.draft.id,
        round_id=entered.round.id,
        of_id=of_id,
        facts=facts,
    )
