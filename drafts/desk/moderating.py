"""Keeping a round fair: reports, what waits to be let through, what is hidden, and all of it undone again.

Nothing is deleted. Whoever would see what was hidden sees that it is hidden, by whom and why; its own party still
reads the words. A report is for those who lead alone: the register says that there was one and not whose it was, so
that reporters can be forgotten.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias

from drafts import access
from drafts.access import RemarkIn, ReplyIn, Verb
from drafts.consultation import Remark, RemarkState, Reply, Reveal, Slice, Wanted
from drafts.desk import admit, fields, pace, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Conflict
from drafts.model import new_id
from drafts.register import Entry
from drafts.store import Store, Work
from drafts.store.pace import Sending
from drafts.store.reports import HIDDEN, KEPT, Report
from drafts.store.rows import ms
from drafts.verbs import LEADS

Facts: TypeAlias = dict[str, str | int]
REASON: Final = 1_000  # characters
_LET: Final = frozenset({"let_through", "imported", "split"})  # the secretariat brought the last two in itself
_HIDES: Final = frozenset({RemarkState.OPEN, RemarkState.HELD})


@dataclass(frozen=True, slots=True)
class Reported:
    """A remark, or a reply under it, with the reports about it that nobody has settled, the oldest first."""

    remark: Remark
    reply: Reply | None
    reports: tuple[Report, ...]


@dataclass(frozen=True, slots=True)
class Docket:
    """What there is to moderate in a round: remarks that wait to be let through, what was reported, what is hidden."""

    waiting: Slice
    reported: tuple[Reported, ...]
    hidden: Slice
    hidden_replies: tuple[tuple[Remark, Reply], ...]


async def docket(store: Store, entered: Entered, *, before: int | None = None, after: int | None = None) -> Docket:
    """All of it, for those who lead; ``before`` and ``after`` turn the pages of what waits. Raises Forbidden."""
    access.demand(entered.member, Verb.ROUND_LEAD, entered.inside)
    round_id, sight = entered.round.id, entered.sight
    async with store.read() as q:
        waiting = await q.remarks.slice(
            round_id, sight, Wanted(states=frozenset({RemarkState.HELD})), before=before, after=after
        )
        hidden = await q.remarks.slice(round_id, sight, Wanted(states=frozenset({RemarkState.HIDDEN})), limit=200)
        reported = await _reported(q, entered, await q.reports.open(round_id))
        replies = []
        for reply_id, remark_id in await q.reports.hidden_replies(round_id):
            reply, remark = await q.replies.get(reply_id), await q.remarks.get(remark_id)
            if reply is not None and remark is not None:
                replies.append((await _read(q, entered, remark), reply))
    return Docket(waiting, reported, hidden, tuple(replies))


async def _reported(q: Work, entered: Entered, reports: Sequence[Report]) -> tuple[Reported, ...]:
    about: dict[tuple[str, str | None], list[Report]] = {}
    for one in reports:
        about.setdefault((one.remark_id, one.reply_id), []).append(one)
    found = {one.id: one for one in await q.remarks.of_ids(sorted({remark_id for remark_id, _ in about}))}
    cases = []
    for (remark_id, reply_id), those in about.items():
        reply = await q.replies.get(reply_id) if reply_id else None
        cases.append(Reported(await _read(q, entered, found[remark_id]), reply, tuple(those)))
    return tuple(cases)


async def _read(q: Work, entered: Entered, remark: Remark) -> Remark:
    """A remark as those who lead may have it: also of a reported one that was withdrawn, its trace only."""
    return rounds.trace(entered, await rounds.remark_in(q, entered, remark))


# ── reports ──


async def report(  # who, about what, why, when
    store: Store,
    person_id: str | None,
    round_id: str,
    number: int,
    reason: str,
    at: datetime,
    *,
    reply_id: str | None = None,
) -> None:
    """Say that a remark, or a reply under it, should not stand there: once per person and thing, with a reason.

    Raises NotFound, Forbidden (one's own), Invalid, Conflict (it was said before)."""
    said = fields.line(reason, REASON, needed="Please say what is wrong with it.")
    async with store.write() as q:
        of, subject = await _thing(q, person_id, round_id, number, at, reply_id, lock=True)
        member = access.demand(await q.forums.member(of.inside.forum.id, person_id or ""), Verb.REMARK_REPORT, subject)
        await pace.keep(q, Sending.REPORTS, member.party.id, at)
        if await q.reports.made(member.person_id, of.remark.id, reply_id):
            raise Conflict("reported_already", "You have reported this already. The secretariat will look at it.")
        told = Report(new_id(), round_id, of.remark.id, reply_id, member.party.name, said, at)
        await q.reports.add(told, member.person_id, member.party.id)
        await q.register.add(round_id, _entry(at, "", "", "reported", of, reply_id))
        await _tell_leads(q, of, "reported", at)


async def _thing(
    q: Work,
    person_id: str | None,
    round_id: str,
    number: int,
    at: datetime,
    reply_id: str | None,
    *,
    lock: bool = False,
) -> tuple[RemarkIn, RemarkIn | ReplyIn]:
    """A remark that the reader sees, and what is meant: itself, or a reply under it."""
    entered = await rounds.admitted(q, person_id, round_id, at, lock=lock)
    of = await rounds.remark_in(q, entered, await q.remarks.numbered(round_id, number))
    if reply_id is None:
        return of, of
    reply = await q.replies.get(reply_id)
    if reply is None or reply.remark_id != of.remark.id:
        raise admit.nothing()
    return of, ReplyIn(of, reply)


async def keep(
    store: Store, person_id: str | None, round_id: str, number: int, at: datetime, *, reply_id: str | None = None
) -> None:
    """What was reported stays where it is. Raises NotFound, Forbidden, Conflict (nothing was reported)."""
    async with store.write() as q:
        of, _ = await _led(q, person_id, round_id, number, at, reply_id)
        if not await q.reports.settle(of.remark.id, reply_id, KEPT, person_id or "", at):
            raise Conflict("not_reported", "Somebody has looked at these reports already.")
        await q.register.add(round_id, await _by(q, of, person_id, at, "kept", reply_id))


# ── letting through, hiding, showing ──


async def let_through(store: Store, person_id: str | None, round_id: str, numbers: Sequence[int], at: datetime) -> int:
    """Let remarks that wait be read by others; how many that were (others were decided meanwhile). Raises NotFound,
    Forbidden."""
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        done = 0
        for number in dict.fromkeys(numbers):
            remark = await q.remarks.numbered(round_id, number)
            if remark is None or remark.state is not RemarkState.HELD:
                continue
            of = RemarkIn(entered.inside, remark)
            await q.remarks.set([remark.id], state=RemarkState.OPEN.value)
            await q.register.add(round_id, await _by(q, of, person_id, at, "let_through"))
            await _tell_owner(q, of, "let_through", at, {"number": number})
            done += 1
    return done


async def hide(  # who, what, why, when
    store: Store,
    person_id: str | None,
    round_id: str,
    number: int,
    reason: str,
    at: datetime,
    *,
    reply_id: str | None = None,
) -> None:
    """Hide a remark, or a reply under it: its place stays, with the reason. Raises NotFound, Forbidden, Invalid,
    Conflict (it cannot be hidden, or is)."""
    said = fields.line(reason, REASON, needed="Please give the reason: everybody who would see the comment reads it.")
    async with store.write() as q:
        of, subject = await _led(q, person_id, round_id, number, at, reply_id)
        if isinstance(subject, ReplyIn):
            if subject.reply.hidden_reason:
                raise Conflict("hidden_already", "This is hidden already.")
            await q.replies.set_hidden(subject.reply.id, said)
        else:
            if of.remark.state not in _HIDES:
                raise Conflict("hidden_already", "This is hidden already.")
            await q.remarks.set([of.remark.id], state=RemarkState.HIDDEN.value, hidden_reason=said)
        await q.reports.settle(of.remark.id, reply_id, HIDDEN, person_id or "", at)
        await q.register.add(round_id, await _by(q, of, person_id, at, "hidden", reply_id))
        facts: Facts = {"number": number, "reason": said}
        await _tell_author(q, of, subject, "remark_hidden", at, facts)


async def show(
    store: Store, person_id: str | None, round_id: str, number: int, at: datetime, *, reply_id: str | None = None
) -> None:
    """Undo that something is hidden: a remark that had not been let through waits again. Raises NotFound, Forbidden,
    Conflict (it is not hidden)."""
    async with store.write() as q:
        of, subject = await _led(q, person_id, round_id, number, at, reply_id)
        if isinstance(subject, ReplyIn):
            if not subject.reply.hidden_reason:
                raise Conflict("not_hidden", "This is not hidden any more.")
            await q.replies.set_hidden(subject.reply.id, "")
        else:
            if of.remark.state is not RemarkState.HIDDEN:
                raise Conflict("not_hidden", "This is not hidden any more.")
            state = await _before(q, of)
            await q.remarks.set([of.remark.id], state=state.value, hidden_reason="")
        await q.register.add(round_id, await _by(q, of, person_id, at, "shown", reply_id))
        await _tell_author(q, of, subject, "remark_shown", at, {"number": number})


async def _before(q: Work, of: RemarkIn) -> RemarkState:
    """What a hidden remark was: open, or waiting where the round is moderated and nobody had let it through."""
    if of.inside.round.reveal is not Reveal.MODERATED:
        return RemarkState.OPEN
    rows = await q.register.of(of.inside.round.id, [of.remark.id])
    kinds = [row.entry.kind for row in rows if row.entry.kind in {*_LET, "changed"}]  # changed: waits again
    return RemarkState.OPEN if kinds and kinds[-1] in _LET else RemarkState.HELD


async def _led(
    q: Work, person_id: str | None, round_id: str, number: int, at: datetime, reply_id: str | None
) -> tuple[RemarkIn, RemarkIn | ReplyIn]:
    """As ``_thing``, for those who lead; the round is this transaction's."""
    await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
    return await _thing(q, person_id, round_id, number, at, reply_id)


# ── writing down and telling ──


def _entry(at: datetime, person_id: str, party_id: str, kind: str, of: RemarkIn, reply_id: str | None) -> Entry:
    facts: Facts = {"number": of.remark.number}
    if reply_id:
        facts["reply"] = True
    return Entry(ms(at), person_id, party_id, kind, reply_id or of.remark.id, facts=facts)


async def _by(
    q: Work, of: RemarkIn, person_id: str | None, at: datetime, kind: str, reply_id: str | None = None
) -> Entry:
    """A row of the register about what one of those who lead did."""
    member = await q.forums.member(of.inside.forum.id, person_id or "")
    if member is None:
        raise admit.nothing()
    return _entry(at, member.person_id, member.party.id, kind, of, reply_id)


async def _tell_leads(q: Work, of: RemarkIn, kind: str, at: datetime) -> None:
    members = await q.forums.members(of.inside.forum.id)
    leads = [member.person_id for member in members if member.role in LEADS]
    await _tell(q, of, leads, kind, at, {"number": of.remark.number})


async def _tell_author(
    q: Work, of: RemarkIn, subject: RemarkIn | ReplyIn, kind: str, at: datetime, facts: Facts
) -> None:
    if isinstance(subject, ReplyIn):
        await _tell(q, of, [subject.reply.person_id], kind, at, facts | {"reply": subject.reply.id})
    else:
        await _tell_owner(q, of, kind, at, facts)


async def _tell_owner(q: Work, of: RemarkIn, kind: str, at: datetime, facts: Facts) -> None:
    """The party that wrote a remark; of a pseudonymous one only the person, who alone can do something about it."""
    remark = of.remark
    if remark.owner_id is None:  # imported
        return
    if remark.pseudonym:
        await _tell(q, of, [remark.person_id], kind, at, facts)
        return
    members = await q.forums.members(of.inside.forum.id)
    await _tell(q, of, [m.person_id for m in members if m.party.id == remark.owner_id], kind, at, facts)


async def _tell(q: Work, of: RemarkIn, person_ids: Sequence[str], kind: str, at: datetime, facts: Facts) -> None:
    inside = of.inside
    await q.notices.tell(
        person_ids,
        kind,
        at,
        forum_id=inside.forum.id,
        draft_id=inside.draft.id,
        round_id=inside.round.id,
        of_id=of.remark.id,
        facts=facts,
    )
