"""Answers: given to one, to a selection and to bundles; seen when they are published; and who is told."""

import asyncio
from collections import Counter
from datetime import timedelta

import msgspec
import pytest
from sqlalchemy import insert, select, update

from drafts import commands as do
from drafts import tables as t
from drafts.access import shows
from drafts.answers import Giving, Link, link, ranges
from drafts.consultation import Disposition, Remark, RemarkState, Reveal, Shown, Wanted
from drafts.desk import answer_links, answering, live, rounds
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from drafts.model import Group, new_id
from drafts.register import chained
from drafts.store import Store, Work
from tests.hearing import AFTER, DURING, Hearing, hearing, put, remark

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
NOTED = Giving(Disposition.NOTED, "We keep it for the guide.")


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


async def bundle(store: Store, of: Hearing, remarks: list[Remark]) -> str:
    """Put remarks into one bundle, as bundling does."""
    bundle_id = new_id()
    values = {"round_id": of.round.id, "lead_id": remarks[0].id, "copies": len(remarks), "variants": 1, "likeness": 90}
    async with store.write() as q:
        await q.answers._run(insert(t.bundle), {"id": bundle_id, **values})
        await q.remarks.set([one.id for one in remarks], bundle_id=bundle_id)
    return bundle_id


async def now(store: Store, remarks: list[Remark]) -> list[Remark]:
    async with store.read() as q:
        return await q.remarks.of_ids([one.id for one in remarks])


async def give(store: Store, of: Hearing, *numbers: int, at=AFTER, giving=NOTED, bundles=(), person=None) -> list[int]:
    asked = Giving(giving.disposition, giving.rationale, giving.link, numbers, tuple(bundles), giving.read_at)
    return (await answering.give(store, person or of.cast.secretary, of.round.id, asked, at))[1]


async def notices(store: Store) -> dict[str, list[int]]:
    """Counts of answers that each person was told of, notice by notice."""
    async with store.read() as q:
        found = select(t.notice).where(t.notice.c.kind == "answers_published").order_by(t.notice.c.at)
        rows = await q.answers._all(found)
    told: dict[str, list[int]] = {}
    for row in rows:
        told.setdefault(row.person_id, []).append(msgspec.json.decode(row.facts)["count"])
    return told


# ── giving ──


async def test_a_bundle_is_answered_at_once_and_overruled_one_by_one(store: Store, of: Hearing) -> None:
    made = await put(store, of, [remark(of) for _ in range(5)])
    alone = made.pop()
    bundle_id = await bundle(store, of, made)
    other = Giving(Disposition.NOT_ACCEPTED, "This one asks for more than the others.")
    assert await give(store, of, made[1].number, giving=other) == [made[1].number]
    assert await give(store, of, bundles=[bundle_id]) == [made[0].number, made[2].number, made[3].number]
    first, second, *_, last = await now(store, [*made, alone])
    assert decision(first) == (Disposition.NOTED, False)
    assert decision(second) == (Disposition.NOT_ACCEPTED, True)
    assert last.answer is None
    async with store.read() as q:
        assert await answering.of_bundle(q, bundle_id) == first.answer
        assert [one.id for one in await answering_cases(q, of)] == [first.id, second.id, alone.id]


def decision(one: Remark) -> tuple[Disposition | None, bool]:
    """What was decided of a remark, and whether against its bundle."""
    return (one.answer.disposition if one.answer else None), one.overruled


async def answering_cases(q: Work, of: Hearing) -> list[Remark]:
    entered = await rounds.admitted(q, of.cast.chair, of.round.id, AFTER)
    cases, _, _ = await q.cases.page(of.round.id, entered.sight, Wanted(), folded=True)
    return await q.remarks.of_serials([case.serial for case in cases])


async def test_who_joins_a_bundle_gets_its_answer(store: Store, of: Hearing) -> None:
    made = await put(store, of, [remark(of) for _ in range(4)])
    bundle_id = await bundle(store, of, made[:2])
    await give(store, of, bundles=[bundle_id])
    await give(store, of, made[2].number, giving=Giving(Disposition.ACCEPTED))
    async with store.write() as q:
        await q.remarks.set([made[2].id, made[3].id], bundle_id=bundle_id)
        entered = await rounds.admitted(q, of.cast.secretary, of.round.id, AFTER + MINUTE, lock=True)
        assert await answering.follow(q, entered) == [made[3].number]
        assert await answering.follow(q, entered) == []
    own, joined = await now(store, made[2:])
    assert decision(joined) == (Disposition.NOTED, False)
    assert decision(own) == (Disposition.ACCEPTED, True)
    told = await answering.history(store, of.cast.chair, of.round.id, joined.number, AFTER)
    assert [(one.answer and one.answer.disposition, one.at) for one in told] == [(Disposition.NOTED, AFTER + MINUTE)]


async def test_what_is_withdrawn_or_not_sent_gets_no_answer(store: Store, of: Hearing) -> None:
    states = (RemarkState.DRAFT, RemarkState.WITHDRAWN, RemarkState.HELD, RemarkState.HIDDEN, RemarkState.OPEN)
    made = await put(store, of, [remark(of, state=state) for state in states])
    bundle_id = await bundle(store, of, made)
    assert await give(store, of, bundles=[bundle_id]) == [one.number for one in made[2:]]
    with pytest.raises(Conflict, match="no comment"):
        await give(store, of, made[1].number, 0, 999)


async def test_who_is_not_followed_is_told_why(store: Store, of: Hearing) -> None:
    (one,) = await put(store, of, [remark(of)])
    for giving, why in (
        (Giving(Disposition.NOT_ACCEPTED, "  "), "Say why"),
        (Giving("maybe", "x"), "Choose one of"),
        (Giving(Disposition.NOTED, "x" * 10_001), "at most"),
    ):
        with pytest.raises(Invalid, match=why):
            await give(store, of, one.number, giving=giving)
    with pytest.raises(Invalid, match="at least one"):
        await give(store, of)
    assert (await now(store, [one]))[0].answer is None


async def test_only_those_who_lead_decide(store: Store, of: Hearing) -> None:
    (one,) = await put(store, of, [remark(of)])
    with pytest.raises(Forbidden):
        await give(store, of, one.number, person=of.cast.observer)
    with pytest.raises(Forbidden):
        await answering.publish(store, of.cast.norvale, of.round.id, AFTER)
    with pytest.raises(NotFound):
        await answering.preview(store, of.cast.stranger, of.round.id, AFTER)
    with pytest.raises(Refusal):
        await answering.take_back(store, None, of.round.id, AFTER, numbers=[one.number])


async def test_two_who_answer_at_once_learn_of_each_other(store: Store, of: Hearing) -> None:
    (one,) = await put(store, of, [remark(of)])
    await give(store, of, one.number, person=of.cast.chair, at=AFTER + MINUTE)
    late = Giving(Disposition.ACCEPTED, read_at=AFTER)
    with pytest.raises(Conflict, match=f"Ada Brannt has answered comment {one.number}"):
        await give(store, of, one.number, giving=late, at=AFTER + 2 * MINUTE)
    assert await give(store, of, one.number, giving=late, person=of.cast.chair, at=AFTER + 2 * MINUTE) == [1]


async def test_what_is_not_published_can_be_taken_back(store: Store, of: Hearing) -> None:
    made = await put(store, of, [remark(of) for _ in range(3)])
    bundle_id = await bundle(store, of, made[:2])
    chair, round_id = of.cast.chair, of.round.id
    await give(store, of, bundles=[bundle_id])
    await give(store, of, made[1].number, made[2].number, giving=Giving(Disposition.ACCEPTED))
    assert await answering.take_back(store, chair, round_id, AFTER, numbers=[made[1].number, made[2].number]) == [2, 3]
    _, second, third = await now(store, made)
    assert (*decision(second), third.answer) == (Disposition.NOTED, False, None)
    await answering.publish(store, chair, round_id, AFTER)
    await give(store, of, bundles=[bundle_id], giving=Giving(Disposition.ACCEPTED), at=AFTER + SECOND)
    assert await answering.take_back(store, chair, round_id, AFTER + MINUTE, bundles=[bundle_id]) == [1, 2]
    first = (await now(store, made))[0]
    assert first.answer == first.shown
    async with store.read() as q:
        assert await answering.of_bundle(q, bundle_id) == first.shown
    with pytest.raises(Conflict, match="What is published stays"):
        await answering.take_back(store, chair, round_id, AFTER + MINUTE, numbers=[1], bundles=[bundle_id])


# ── publishing ──


async def test_answers_are_seen_when_they_are_published_and_told_once(store: Store, of: Hearing) -> None:
    made = await put(store, of, [remark(of), remark(of), remark(of, Group.INDUSTRY), remark(of, Group.ACADEMIA)])
    chair, round_id = of.cast.chair, of.round.id
    await give(store, of, 1, 2, 3)
    assert await seen_by_public(store, of, made) == [None] * 4
    assert await answering.history(store, None, round_id, 1, AFTER) == []
    preview = await answering.preview(store, chair, round_id, AFTER)
    assert (preview.new, preview.changed, preview.sources) == (Counter({Disposition.NOTED: 3}), Counter(), 2)
    assert [(one.who, one.count) for one in preview.told] == [
        ("Open networks watch", 2),
        ("Network operators of the lakes", 1),
    ]
    assert (await answering.publish(store, chair, round_id, AFTER)).count == 3
    assert await seen_by_public(store, of, made) == [Disposition.NOTED] * 3 + [None]
    civil, second, industry = of.people[Group.CIVIL_SOCIETY], of.civil_second, of.people[Group.INDUSTRY]
    assert await notices(store) == {civil: [2], second: [2], industry: [1]}
    # Again: only what is new or changed.
    with pytest.raises(Conflict, match="no new answer"):
        await answering.publish(store, chair, round_id, AFTER + MINUTE)
    correction = Giving(Disposition.ACCEPTED, "Rev.2 has it.")
    await give(store, of, 2, 4, giving=correction, at=AFTER + MINUTE)
    assert await seen_by_public(store, of, made) == [Disposition.NOTED] * 3 + [None]
    again = await answering.publish(store, chair, round_id, AFTER + 2 * MINUTE)
    accepted = Counter({Disposition.ACCEPTED: 1})
    assert (again.new, again.changed) == (accepted, accepted)
    assert await notices(store) == {
        civil: [2, 1], second: [2, 1], industry: [1], of.people[Group.ACADEMIA]: [1],
    }  # fmt: skip
    told = await answering.history(store, None, round_id, 2, AFTER + 3 * MINUTE)
    assert [(one.answer and one.answer.disposition, one.shown_at) for one in told] == [
        (Disposition.NOTED, AFTER), (Disposition.ACCEPTED, AFTER + 2 * MINUTE),
    ]  # fmt: skip
    async with store.read() as q:
        again_told = await q.rounds.get(round_id)
    assert again_told is not None
    assert again_told.answered_at == AFTER


async def seen_by_public(store: Store, of: Hearing, made: list[Remark]) -> list[Disposition | None]:
    """What a reader without an account learns of each remark, one by one and by the filter."""
    entered = await rounds.enter(store, None, of.round.id, AFTER)
    async with store.read() as q:
        shown = [rounds.trace(entered, await rounds.remark_in(q, entered, one)) for one in await now(store, made)]
        found = await q.remarks.slice(of.round.id, entered.sight, Wanted(answered=True))
    assert {one.id for one in found.remarks} == {one.id for one in shown if one.answer}
    return [one.answer.disposition if one.answer else None for one in shown]


async def test_who_speaks_together_is_told_and_who_stays_outside_is_not(store: Store, of: Hearing) -> None:
    """Parties that have joined are told, those that were only asked are not; nor is who imported a remark. A
    pseudonym's party is told, and nothing that is previewed names it."""
    made = await put(
        store,
        of,
        [
            remark(of, Group.INDUSTRY),
            remark(of, Group.GOVERNMENT, owner_id=None, party=None, who="Elsewhere", person_id=of.cast.secretary),
            remark(of, Group.ACADEMIA, pseudonym=True, party=None, who="A lake reader"),
        ],
    )
    async with store.write() as q:
        for group, said in ((Group.CIVIL_SOCIETY, "joined"), (Group.GOVERNMENT, "asked")):
            await q.remarks.ask_together(made[0].id, of.parties[group].id, said, DURING)
    await give(store, of, 1, 2, 3)
    preview = await answering.preview(store, of.cast.chair, of.round.id, AFTER)
    assert {one.who for one in preview.told} == {"Network operators of the lakes", "Elsewhere", "A lake reader"}
    await answering.publish(store, of.cast.chair, of.round.id, AFTER)
    assert await notices(store) == {
        of.people[Group.INDUSTRY]: [1],
        of.people[Group.CIVIL_SOCIETY]: [1],
        of.civil_second: [1],
        of.people[Group.ACADEMIA]: [1],
    }


async def test_a_part_is_published(store: Store, of: Hearing) -> None:
    """Chosen ones; of a filter; and only what was decided when the preview was made."""
    made = await put(store, of, [remark(of), remark(of, Group.INDUSTRY), remark(of), remark(of)])
    await give(store, of, 1, 2, 3)
    await give(store, of, 4, at=AFTER + MINUTE)
    chair, round_id, later = of.cast.chair, of.round.id, AFTER + 2 * MINUTE
    assert (await answering.publish(store, chair, round_id, later, numbers=[3])).count == 1
    industry = Wanted(groups=frozenset({Group.INDUSTRY}))
    assert (await answering.publish(store, chair, round_id, later, wanted=industry)).count == 1
    assert (await answering.publish(store, chair, round_id, later, until=AFTER)).count == 1
    assert [one.shown is not None for one in await now(store, made)] == [True, True, True, False]


async def test_an_answer_shows_nothing_that_is_hidden(store: Store, of: Hearing) -> None:
    """A round that is revealed at its close: an answer that is published before does not show the remark."""
    async with store.write() as q:
        await q.remarks._run(update(t.round_).values(reveal=Reveal.AT_CLOSE.value))
    (one,) = await put(store, of, [remark(of)])
    await give(store, of, 1, at=DURING)
    await answering.publish(store, of.cast.chair, of.round.id, DURING)
    entered = await rounds.enter(store, None, of.round.id, DURING)
    assert shows(entered.sight, one) is Shown.NOTHING
    with pytest.raises(NotFound):
        await answering.history(store, None, of.round.id, 1, DURING)
    assert len(await answering.history(store, of.cast.observer, of.round.id, 1, DURING)) == 1


async def test_every_act_is_in_the_register(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of) for _ in range(4)])
    await give(store, of, 1, 2, 3)
    await answering.take_back(store, of.cast.chair, of.round.id, AFTER, numbers=[2])
    await answering.publish(store, of.cast.chair, of.round.id, AFTER)
    async with store.read() as q:
        rows = await q.register.rows(of.round.id)
    head = ""
    for row in rows:
        head = chained(head, of.round.id, row.seq, row.entry)
        assert row.hash == head
    assert [(row.entry.kind, (row.entry.facts or {})["remarks"]) for row in rows] == [
        ("answered", "1-3"), ("answered", "2"), ("published", "1,3"),
    ]  # fmt: skip


# ── links ──


async def issue(store: Store, of: Hearing) -> None:
    command = do.Issue("answering-issue-2", "Rev.2", symbol="LS/1/Rev.2")
    await live.perform(store, of.cast.chair, of.cast.draft.id, command)


async def test_links_lead_somewhere(store: Store, of: Hearing) -> None:
    kept = of.clauses[2].id
    await live.perform(
        store, of.cast.chair, of.cast.draft.id, do.Issue("answering-issue-2", "Rev.2", symbol="LS/1/Rev.2")
    )
    entered = await rounds.enter(store, of.cast.chair, of.round.id, AFTER)
    for text in ("", f"clause:{kept}", "version:2", f"version:2:{kept}"):
        assert await answer_links.checked(store, entered, text) == text
    for text in (
        "clause:", "clause:nowhere", "proposal:1", "proposal:x", "version:1", "version:3", "version:2:",
        "version:2:nowhere", "https://elsewhere.example/", "version:2:a:b",
    ):  # fmt: skip
        with pytest.raises(Invalid, match="no such clause"):
            await answer_links.checked(store, entered, text)
    for text in ("clause:a", "proposal:12", "version:2", "version:2:a", ""):
        assert str(link(text)) == text
    assert link("version:2:a") == Link("a", version=2)


async def test_links_are_followed_by_those_who_may_read_there(store: Store, of: Hearing) -> None:
    await live.perform(
        store, of.cast.chair, of.cast.draft.id, do.Issue("answering-issue-2", "Rev.2", symbol="LS/1/Rev.2")
    )
    texts = [f"clause:{of.clauses[2].id}", f"version:2:{of.clauses[2].id}", "proposal:7"]
    told = {}
    for who in (of.cast.chair, None):
        entered = await rounds.enter(store, who, of.round.id, AFTER)
        told[who] = await answer_links.followed(store, entered, texts)
    clause, version, proposal = told[of.cast.chair].values()
    assert clause.version is not None
    assert version.version is not None
    assert (clause.reads_draft, clause.version.number, version.version.label, version.gone) == (True, 1, "Rev.2", False)
    assert (proposal.version, proposal.content, proposal.proposal_id) == (None, None, "")
    clause, version, _ = told[None].values()
    assert clause.content is not None
    assert version.version is not None
    assert (version.reads_draft, version.version.label, version.content) == (False, "Rev.2", None)


# ── the queue ──


async def test_the_queue_has_each_bundle_once_and_goes_there_and_back(store: Store, of: Hearing) -> None:
    made = await put(store, of, [remark(of, body=str(n)) for n in range(100)])
    bundle_id = await bundle(store, of, made[5:95:2])
    entered = await rounds.enter(store, of.cast.secretary, of.round.id, AFTER)
    expected = [n for n in range(100) if n == 5 or n not in range(5, 95, 2)]
    first = await answering.queue(store, entered)
    second = await answering.queue(store, entered, after=first.after)
    assert [int(one.body) for page in (first, second) for _, one in page.rows] == expected
    assert (first.before, second.after) == (None, None)
    assert await answering.queue(store, entered, before=second.before) == first
    folded = next(case for case, _ in first.rows if case.bundle_id)
    assert (folded.bundle_id, folded.copies, folded.wanted) == (bundle_id, 45, 45)
    unfolded = await answering.queue(store, entered, Wanted(bundle=bundle_id), folded=False)
    assert [int(one.body) for _, one in unfolded.rows] == list(range(5, 85, 2))
    await give(store, of, bundles=[bundle_id])
    todo = await answering.queue(store, entered, Wanted(answered=False))
    assert [int(one.body) for _, one in todo.rows] == [n for n in expected if n != 5][:40]
    with pytest.raises(Forbidden):
        await answering.queue(store, await rounds.enter(store, of.cast.observer, of.round.id, AFTER))


async def test_reasons_are_offered_again(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of) for _ in range(3)])
    await give(store, of, 1)
    await give(store, of, 2, giving=Giving(Disposition.ACCEPTED, "Rev.2 has it."), at=AFTER + SECOND)
    await give(store, of, 3, at=AFTER + MINUTE)
    entered = await rounds.enter(store, of.cast.chair, of.round.id, AFTER)
    assert [one.rationale for one in await answering.latest(store, entered)] == [NOTED.rationale, "Rev.2 has it."]


async def test_many_answer_at_once(store: Store, of: Hearing) -> None:
    """Two people at work: every answer is kept, and the register holds."""
    await put(store, of, [remark(of) for _ in range(12)])
    people = (of.cast.chair, of.cast.secretary)
    await asyncio.gather(*[give(store, of, n + 1, person=people[n % 2]) for n in range(12)])
    async with store.read() as q:
        assert len(await q.register.rows(of.round.id)) == 12
        assert await q.answers.unpublished(of.round.id) == 12


def test_ranges() -> None:
    assert ranges([]) == ""
    assert ranges([3, 7, 8, 9, 12, 1, 2, 9]) == "1-3,7-9,12"
