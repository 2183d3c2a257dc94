"""Rounds of consultation as those who lead make and keep them: prepared, announced, changed, extended, closed,
revealed.

What was announced is a promise to those who take part: the version stays, who reads comments when is never made
closer, and is made more open only while nobody has sent one; groups that were asked stay asked; the closing time is
moved later, not earlier (ending it at once is an act of its own, and told).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Any, Final

from drafts.access import RoundIn, Verb
from drafts.consultation import Granularity, Phase, Question, Reveal, Round
from drafts.desk import admit, rounds
from drafts.desk import fields as typed
from drafts.errors import Conflict, Invalid
from drafts.model import Forum, Group, Member, new_id
from drafts.register import Entry
from drafts.store import Store, Work
from drafts.store.rows import ms
from drafts.verbs import LEADS
from drafts.zones import zone

MOST_TITLE: Final = 300
MOST_INTRO: Final = 10_000
MOST_QUESTION: Final = 1_000
MOST_QUESTIONS: Final = 30
_LONGEST: Final = timedelta(days=5 * 366)
_OPEN_FIRST: Final = (Reveal.AT_ONCE, Reveal.MODERATED, Reveal.AT_CLOSE)
_FINE_FIRST: Final = (Granularity.LINE, Granularity.CLAUSE, Granularity.SECTION)


@dataclass(frozen=True, slots=True)
class Terms:
    """What can be said of a round: see ``consultation.Round``. ``questions``: (id, or '' for a new one, and text)."""

    version: int
    title: str
    intro: str
    opens_at: datetime
    closes_at: datetime
    zone: str
    groups: tuple[Group, ...]
    reveal: Reveal = Reveal.AT_ONCE
    granularity: Granularity = Granularity.LINE
    public: bool = False
    pseudonyms: bool = False
    late: bool = False
    questions: tuple[tuple[str, str], ...] = ()


def terms(told: Round) -> Terms:
    """The terms of a round as it is."""
    kept = {one.name: getattr(told, one.name) for one in fields(Terms) if one.name != "questions"}
    return Terms(**kept, questions=tuple((one.id, one.text) for one in told.questions))


async def prepare(store: Store, person_id: str | None, draft_id: str, wished: Terms, at: datetime) -> Round:
    """A new round on an issued version, which only those who lead know of. Raises NotFound, Forbidden, Invalid,
    TooLarge."""
    async with store.write() as q:
        draft, member = await admit.to_draft(q, person_id, draft_id, Verb.ROUND_OPEN)
        forum = await q.forums.get(draft.forum_id)
        if forum is None:
            raise admit.nothing()
        await _issued(q, draft_id, wished.version)
        checked = _checked(wished, forum)
        told = Round(
            id=new_id(),
            draft_id=draft_id,
            number=await q.rounds.next_number(draft_id),
            last=0,
            made_by=member.person_id,
            created_at=at,
            **_facts(checked),
        )
        told = replace(told, questions=_questions(told, checked.questions))
        await q.rounds.add(told)
        await q.register.add(told.id, _row(member, "prepared", told, at, version=told.version))
    return told


async def change(store: Store, person_id: str | None, round_id: str, wished: Terms, at: datetime) -> Round:
    """Other terms; of an announced round only those that break no promise. Members of the groups that are asked are
    told. Raises NotFound, Forbidden, Invalid, TooLarge, Conflict (with what stands in the way)."""
    return await _change(store, person_id, round_id, lambda _before: wished, at)


async def _change(
    store: Store, person_id: str | None, round_id: str, wish: Callable[[Round], Terms], at: datetime
) -> Round:
    async with store.write() as q:
        entered, member = await _led(q, person_id, round_id, at)
        before = entered.round
        checked = _checked(wish(before), entered.forum, before)
        if before.announced_at is None:
            await _issued(q, before.draft_id, checked.version)
        else:
            _kept(before, checked, at)
        await _asked_stay(q, before, checked)
        after = replace(before, **_facts(checked), questions=_questions(before, checked.questions))
        changed = [one.name for one in fields(Terms) if getattr(before, one.name) != getattr(after, one.name)]
        if not changed:
            return before
        if "closes_at" in changed:
            after = await _opened_again(q, after, before, at)
        await _write(q, member, after, "changed", at, fields=changed, closes_at=ms(after.closes_at))
    return after


async def announce(store: Store, person_id: str | None, round_id: str, at: datetime) -> Round:
    """Tell the groups that are asked. Raises NotFound, Forbidden, Conflict (announced already, or over by then)."""
    async with store.write() as q:
        entered, member = await _led(q, person_id, round_id, at)
        told = entered.round
        if told.announced_at is not None:
            raise Conflict("announced", "This consultation has been announced already.")
        if told.closes_at <= at:
            raise Conflict("over", "The closing time has passed. Choose a later one, then announce the consultation.")
        await _issued(q, told.draft_id, told.version)
        after = replace(told, announced_at=at)
        said = {"version": told.version, "opens_at": ms(told.opens_at), "closes_at": ms(told.closes_at)}
        await _write(q, member, after, "announced", at, **said)
    return after


async def extend(store: Store, person_id: str | None, round_id: str, closes_at: datetime, at: datetime) -> Round:
    """Close later than was said; a closed round opens again by it. Raises NotFound, Forbidden, Conflict, Invalid."""

    def later(before: Round) -> Terms:
        if closes_at <= before.closes_at or closes_at <= at:
            raise _not_later()
        return replace(terms(before), closes_at=closes_at)

    return await _change(store, person_id, round_id, later, at)


async def close(store: Store, person_id: str | None, round_id: str, at: datetime) -> Round:
    """End an open round now; what was hidden until the close is revealed. Raises NotFound, Forbidden, Conflict."""
    async with store.write() as q:
        entered, member = await _led(q, person_id, round_id, at)
        told = entered.round
        if told.phase(at) is not Phase.OPEN:
            raise Conflict("not_open", "This consultation is not open, so it cannot be closed.")
        after = replace(told, closes_at=at)
        await _write(q, member, after, "changed", at, fields=["closes_at"], closes_at=ms(at))
        if after.reveal is Reveal.AT_CLOSE and after.revealed_at is None:
            after = await _reveal(q, after, at)
    return after


async def set_late(store: Store, person_id: str | None, round_id: str, at: datetime, *, late: bool) -> Round:
    """Whether comments are taken after the closing time, with a flag. Raises NotFound, Forbidden."""
    return await _change(store, person_id, round_id, lambda before: replace(terms(before), late=late), at)


async def reveal(store: Store, round_id: str, at: datetime) -> Round | None:
    """What the clock does at a close: reveal together what was hidden until then, once. None where nothing was to be
    revealed (any more)."""
    async with store.write() as q:
        told = await q.rounds.locked(round_id)
        if told is None or told.reveal is not Reveal.AT_CLOSE or told.revealed_at is not None:
            return None
        if told.announced_at is None or at < told.closes_at:
            return None
        return await _reveal(q, told, at)


async def _reveal(q: Work, told: Round, at: datetime) -> Round:
    """Written down by the clock: nobody's act."""
    after = replace(told, revealed_at=at)
    await q.rounds.change(after)
    await q.register.add(told.id, Entry(ms(at), "", "", "revealed", told.id, facts={"comments": told.last}))
    await _tell(q, after, "round_revealed", at)
    return after


async def _opened_again(q: Work, after: Round, before: Round, at: datetime) -> Round:
    """A closed round that opens again: what all could read since its close stays readable."""
    if before.reveal is Reveal.AT_CLOSE and before.revealed_at is None and before.phase(at) is Phase.CLOSED:
        revealed = await _reveal(q, before, at)
        return replace(after, revealed_at=revealed.revealed_at)
    return after


async def _led(q: Work, person_id: str | None, round_id: str, at: datetime) -> tuple[rounds.Entered, Member]:
    entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
    if entered.member is None:
        raise admit.nothing()
    return entered, entered.member


async def _write(q: Work, member: Member, after: Round, kind: str, at: datetime, **facts: object) -> None:
    await q.rounds.change(after)
    await q.register.add(after.id, _row(member, kind, after, at, **facts))
    if after.announced_at is not None:
        await _tell(q, after, "round_announced" if kind == "announced" else "round_changed", at, member.person_id)


def _row(member: Member, kind: str, told: Round, at: datetime, **facts: object) -> Entry:
    return Entry(ms(at), member.person_id, member.party.id, kind, told.id, facts=facts)


async def _tell(q: Work, told: Round, kind: str, at: datetime, but: str = "") -> None:
    """Leave a notice for the members of the groups that are asked, and for those who lead."""
    draft = await q.drafts.get(told.draft_id)
    if draft is None:
        return
    members = await q.forums.members(draft.forum_id)
    heard = [one.person_id for one in members if one.party.group in told.groups or one.role in LEADS]
    others = [one for one in heard if one != but]
    await q.notices.tell(others, kind, at, forum_id=draft.forum_id, draft_id=draft.id, round_id=told.id)


# ── what is wished, checked ──


async def _issued(q: Work, draft_id: str, number: int) -> None:
    if number not in {one.number for one in await q.drafts.versions(draft_id)}:
        raise Invalid("no_version", "There is no such version. Issue one first: a consultation is on an issued text.")


def _checked(wished: Terms, forum: Forum, before: Round | None = None) -> Terms:
    """The terms with plain texts. Raises Invalid, TooLarge. What the forum does not allow any more may stay."""
    title = typed.line(wished.title, MOST_TITLE, needed="A consultation needs a title.")
    zone(wished.zone)
    if not wished.groups:
        raise Invalid("no_group", "Choose at least one group that is asked.")
    if wished.closes_at <= wished.opens_at:
        raise Invalid("closes_first", "A consultation closes after it opens. Check both times and the time zone.")
    if wished.closes_at - wished.opens_at > _LONGEST:
        raise Invalid("too_long_open", "A consultation is open for five years at most.")
    if wished.public and not forum.public and not (before and before.public):
        raise Invalid("not_public", "This forum opens nothing to readers without an account. Its rules say so.")
    if wished.pseudonyms and not forum.pseudonyms and not (before and before.pseudonyms):
        raise Invalid("no_pseudonyms", "This forum does not allow comments under another name. Its rules say so.")
    chosen = tuple(group for group in Group if group in wished.groups)
    intro, questions = typed.paragraphs(wished.intro, MOST_INTRO), _asked(wished.questions)
    return replace(wished, title=title, intro=intro, groups=chosen, questions=questions)


def _asked(questions: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    found = tuple((id_, text) for id_, said in questions if (text := typed.line(said, MOST_QUESTION)))
    if len(found) > MOST_QUESTIONS:
        raise Invalid("too_many_questions", "At most {most} questions can be asked.", most=MOST_QUESTIONS)
    return found


def _kept(before: Round, after: Terms, at: datetime) -> None:
    """What was announced is kept. Raises Conflict with a word why."""
    if after.version != before.version:
        raise Conflict("version_stays", "The version stays as it was announced: comments are on its words. "
                       "For another version, open another consultation.")  # fmt: skip
    if after.opens_at != before.opens_at and before.phase(at) is not Phase.ANNOUNCED:
        raise Conflict("has_opened", "The consultation has opened: its opening time stays.")
    if after.closes_at < before.closes_at:
        raise Conflict("not_earlier", "The closing time that was announced is moved later, not earlier. "
                       "You can close the consultation now.")  # fmt: skip
    if after.closes_at != before.closes_at and after.closes_at <= at:
        raise _not_later()
    if not set(after.groups) >= set(before.groups):
        raise Conflict("groups_stay", "A group that was asked stays asked. You can ask others too.")
    if _FINE_FIRST.index(after.granularity) > _FINE_FIRST.index(before.granularity):
        raise Conflict("granularity_stays", "What can be commented on stays as fine as it was announced.")
    _reveal_kept(before, after, at)


def _not_later() -> Conflict:
    return Conflict("not_later", "Choose a closing time that is later than the present one and has not passed.")


def _reveal_kept(before: Round, after: Terms, at: datetime) -> None:
    if _OPEN_FIRST.index(after.reveal) > _OPEN_FIRST.index(before.reveal):
        if before.revealed(at):
            raise Conflict("revealed", "What has been readable cannot be hidden again.")
        raise Conflict("reveal_stays", "Who reads comments when is not made closer than was announced.")
    if before.last and after.reveal is not before.reveal:
        raise Conflict("sent_under", "Comments were sent while this was promised, so it stays: who reads them when.")
    if before.last and after.public and not before.public:
        raise Conflict("sent_under", "Comments were sent for readers of the forum only, so it stays so.")


async def _asked_stay(q: Work, before: Round, after: Terms) -> None:
    """A question that somebody has answered is neither taken back nor put otherwise."""
    kept = dict(after.questions)
    changed = [one for one in before.questions if kept.get(one.id) != one.text]
    if changed and await q.rounds.spoken_to([one.id for one in changed]):
        raise Conflict("question_stays", "Somebody has written to this question, so it stays as it is: {question}",
                       question=changed[0].text[:100])  # fmt: skip


def _facts(wished: Terms) -> dict[str, Any]:
    return {one.name: getattr(wished, one.name) for one in fields(Terms) if one.name != "questions"}


def _questions(of: Round, asked: Sequence[tuple[str, str]]) -> tuple[Question, ...]:
    """In the order that is wished; an id counts for a question of this round, and once."""
    left, found = {one.id for one in of.questions}, []
    for at, (id_, text) in enumerate(asked, 1):
        found.append(Question(id_ if id_ in left else new_id(), of.id, at, text))
        left.discard(id_)
    return tuple(found)


async def all_of(store: Store, person_id: str | None, draft_id: str, at: datetime) -> list[rounds.Entered]:
    """The rounds of a draft that a reader may read, the latest first. Raises NotFound where they may not read the
    draft."""
    async with store.read() as q:
        draft, member = await admit.to_draft(q, person_id, draft_id, Verb.DRAFT_READ)
        forum = await q.forums.get(draft.forum_id)
        found = await q.rounds.of_draft(draft_id) if forum else []
    if forum is None:
        return []
    inside = [RoundIn(draft, forum, told, at) for told in reversed(found)]
    return rounds.readable(member, inside)
