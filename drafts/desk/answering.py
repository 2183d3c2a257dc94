"""Answers to remarks: given one by one, to a selection or to a bundle; taken back; published, and read again.

Those who lead decide at any time. What they decide is theirs alone until they publish it, and what is published stays:
a correction is another answer, published again. ``Given`` rows keep all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from drafts import access, answers
from drafts.access import Verb
from drafts.answers import MOST_AT_ONCE, MOST_REASON, REASONED, Case, Given, Giving, Publishing
from drafts.consultation import Answer, Disposition, Remark, Shown, Wanted
from drafts.desk import answer_links, fields, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Invalid, TooMany
from drafts.model import new_id
from drafts.register import digest
from drafts.room import clean
from drafts.store import Store, Work
from drafts.store.answers import Choice

LATEST: Final = 8  # reasons that are offered again
_ALL: Final = Wanted()


# ── giving ──


async def give(
    store: Store, person_id: str | None, round_id: str, giving: Giving, at: datetime
) -> tuple[Answer, list[int]]:
    """Give an answer; with it the numbers of the remarks that have it now. Raises NotFound; Forbidden for who does not
    lead; Invalid for a disposition without the reason it needs and for a link that leads nowhere; TooMany; Conflict
    when there is nothing to answer, or somebody else has answered meanwhile."""
    entered = await rounds.enter(store, person_id, round_id, at, Verb.ROUND_LEAD)
    answer = await _answer(store, entered, giving)
    _few(giving.numbers, giving.bundles)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        await _not_meanwhile(q, answer, giving)
        await q.answers.add(answer)
        numbers = await q.answers.give(answer, giving.numbers, giving.bundles)
        if not numbers:
            raise Conflict("nothing_to_answer", "There is no comment here that could be answered.")
        facts = {"disposition": answer.disposition.value, "remarks": answers.ranges(numbers)}
        await _register(q, entered, "answered", answer.id, facts, _digest(answer))
    return answer, numbers


async def _answer(store: Store, entered: Entered, giving: Giving) -> Answer:
    disposition = fields.choice(Disposition, giving.disposition)
    rationale = clean(giving.rationale).strip()
    if len(rationale) > MOST_REASON:
        raise Invalid("too_long", "{field}: at most {most} characters.", field="Reason", most=MOST_REASON)
    if disposition in REASONED and not rationale:
        raise Invalid("reason_needed", "Say why: who is not followed, or only in part, is told the reason.")
    link = await answer_links.checked(store, entered, giving.link)
    who = entered.sight.person_id
    return Answer(new_id(), entered.round.id, disposition, rationale, link, who, entered.inside.at)


def _few(numbers: Sequence[int], bundle_ids: Sequence[str]) -> None:
    if not numbers and not bundle_ids:
        raise Invalid("nothing_chosen", "Choose at least one comment.")
    if len(numbers) + len(bundle_ids) > MOST_AT_ONCE:
        raise TooMany("too_many_chosen", "At most {most} at once. A bundle counts as one.", most=MOST_AT_ONCE)


async def _not_meanwhile(q: Work, answer: Answer, giving: Giving) -> None:
    if giving.read_at is None:
        return
    found = await q.answers.decided_since(
        answer.round_id, giving.numbers, giving.bundles, giving.read_at, answer.person_id
    )
    if found is not None:
        raise Conflict(
            "answered_meanwhile",
            "{name} has answered comment {number} meanwhile. Look again, and answer it once more if it needs that.",
            name=found[1],
            number=found[0],
        )


async def take_back(
    store: Store,
    person_id: str | None,
    round_id: str,
    at: datetime,
    *,
    numbers: Sequence[int] = (),
    bundles: Sequence[str] = (),
) -> list[int]:
    """Take back what was decided and is not published: the remarks have what their bundle has, else what is published
    of them. Their numbers. Raises NotFound; Forbidden; TooMany; Conflict when all of it is published."""
    _few(numbers, bundles)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        taken = await q.answers.take_back(round_id, numbers, bundles, at)
        if not taken:
            raise Conflict("published_stays", "What is published stays. Give another answer, and publish it.")
        await _register(q, entered, "answered", round_id, {"taken_back": True, "remarks": answers.ranges(taken)})
    return taken


async def of_bundle(q: Work, bundle_id: str) -> Answer | None:
    """What was decided last for a whole bundle: what remarks that join it get, too (``follow``)."""
    return await q.answers.of_bundle(bundle_id)


async def follow(q: Work, entered: Entered) -> list[int]:
    """Within the transaction that put remarks into bundles: those that have no answer get their bundle's. Their
    numbers."""
    joined = await q.answers.follow(entered.round.id, entered.inside.at)
    if joined:
        facts = {"with_bundle": True, "remarks": answers.ranges(joined)}
        await _register(q, entered, "answered", entered.round.id, facts)
    return joined


# ── publishing ──


async def preview(
    store: Store,
    person_id: str | None,
    round_id: str,
    at: datetime,
    *,
    wanted: Wanted = _ALL,
    numbers: Sequence[int] = (),
    bundles: Sequence[str] = (),
) -> Publishing:
    """What publishing would show: what is new or changed since the last time. ``wanted``, ``numbers``, ``bundles``:
    only of these remarks. Raises NotFound; Forbidden; TooMany."""
    choice = _choice(at, wanted, numbers, bundles)
    async with store.read() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD)
        return await q.answers.publishing(round_id, choice, entered.sight)


async def publish(
    store: Store,
    person_id: str | None,
    round_id: str,
    at: datetime,
    *,
    until: datetime | None = None,
    wanted: Wanted = _ALL,
    numbers: Sequence[int] = (),
    bundles: Sequence[str] = (),
) -> Publishing:
    """Show what is decided, and tell those whose remarks are answered, once each; what was shown. ``until``: only what
    was decided by then, so that what is published is what a preview showed. Raises NotFound; Forbidden; TooMany;
    Conflict when there is nothing new."""
    choice = _choice(min(until, at) if until else at, wanted, numbers, bundles)
    async with store.write() as q:
        entered = await rounds.admitted(q, person_id, round_id, at, Verb.ROUND_LEAD, lock=True)
        told = entered.round
        shown = await q.answers.publishing(round_id, choice, entered.sight)
        concerned = await q.answers.concerned(round_id, entered.forum.id, choice, entered.sight)
        published = await q.answers.publish(round_id, choice, entered.sight, at)
        if not published:
            raise Conflict("nothing_to_publish", "There is no new answer to be published.")
        if told.answered_at is None:
            await q.rounds.answered(round_id, at)
        facts = {"count": len(published), "remarks": answers.ranges(published)}
        await _register(q, entered, "published", round_id, facts)
        concerned.pop(entered.sight.person_id, None)
        await _tell(q, entered, concerned)
    return shown


def _choice(until: datetime, wanted: Wanted, numbers: Sequence[int], bundles: Sequence[str]) -> Choice:
    if len(numbers) + len(bundles) > MOST_AT_ONCE:
        raise TooMany("too_many_chosen", "At most {most} at once. A bundle counts as one.", most=MOST_AT_ONCE)
    return Choice(until, wanted, tuple(numbers), tuple(bundles))


async def _tell(q: Work, entered: Entered, concerned: dict[str, int]) -> None:
    people: dict[int, list[str]] = {}
    for person_id, count in concerned.items():
        people.setdefault(count, []).append(person_id)
    for count, person_ids in sorted(people.items()):
        await q.notices.tell(
            sorted(person_ids),
            "answers_published",
            entered.inside.at,
            forum_id=entered.forum.id,
            draft_id=entered.draft.id,
            round_id=entered.round.id,
            facts={"count": count},
        )


# ── reading ──


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of what those who lead work through: each case with its remark (of a bundle, the first that is wanted).
    ``before``/``after``: cursors of the neighbouring pages, None at an end."""

    rows: tuple[tuple[Case, Remark], ...]
    before: int | None
    after: int | None


async def queue(
    store: Store,
    entered: Entered,
    wanted: Wanted = _ALL,
    *,
    folded: bool = True,
    before: int | None = None,
    after: int | None = None,
) -> Queue:
    """What can be answered, in the order in which it came in. ``folded``: each bundle once. Raises Forbidden."""
    access.demand(entered.member, Verb.ROUND_LEAD, entered.inside)
    async with store.read() as q:
        cases, before, after = await q.cases.page(
            entered.round.id, entered.sight, wanted, folded=folded, before=before, after=after
        )
        remarks = {one.serial: one for one in await q.remarks.of_serials([case.serial for case in cases])}
    return Queue(tuple((case, remarks[case.serial]) for case in cases), before, after)


async def latest(store: Store, entered: Entered) -> list[Answer]:
    """Different answers that were given last, to be given again. Raises Forbidden."""
    access.demand(entered.member, Verb.ROUND_LEAD, entered.inside)
    async with store.read() as q:
        return await q.answers.last(entered.round.id, LATEST)


async def history(store: Store, person_id: str | None, round_id: str, number: int, at: datetime) -> list[Given]:
    """The answers that a remark was given, the oldest first: all of them for those who lead, the published ones for
    others who may read them. Raises NotFound."""
    async with store.read() as q:
        entered = await rounds.admitted(q, person_id, round_id, at)
        of = await rounds.remark_in(q, entered, await q.remarks.numbered(round_id, number))
        if not entered.sight.answers or access.shows(entered.sight, of.remark, of.together) is Shown.NOTHING:
            return []
        given = await q.answers.given(of.remark.id)
    return given if entered.sight.leads else [one for one in given if one.shown_at is not None]


async def _register(
    q: Work,
    entered: Entered,
    kind: str,
    of_id: str,
    facts: Mapping[str, object],
    said: str = "",
) -> None:
    await q.register.add(entered.round.id, rounds.entry(entered, kind, of_id, facts, said))


def _digest(answer: Answer) -> str:
    """An answer is said in public and by an office: its digest needs no secret salt."""
    return digest(answer.id, answer.disposition.value, answer.rationale, answer.link)
