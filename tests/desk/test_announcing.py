"""Rounds as those who lead make and keep them: what is announced is a promise."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from drafts.consultation import Granularity, Phase, Question, Reveal
from drafts.desk import announcing, rounds
from drafts.desk.announcing import Terms, terms
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from drafts.model import Group, new_id
from drafts.store import Store
from tests.hearing import AFTER, BEFORE, CLOSES, DURING, LATER, OPENS, hearing, notices, put, remark

TERMS = Terms(
    version=1,
    title="  What the lakes\nshould say ",
    intro="Please say what is missing.\r\n\r\nAnd what goes  too far.",
    opens_at=OPENS,
    closes_at=CLOSES,
    zone="Europe/Zurich",
    groups=(Group.ACADEMIA, Group.INDUSTRY),
    reveal=Reveal.AT_CLOSE,
    public=True,
    questions=(("", "Who should keep the directory?"), ("", " "), ("", "And who pays?")),
)


async def told(store: Store, round_id: str) -> list[tuple[str, dict[str, Any]]]:
    """The acts in a round's register, with their facts."""
    async with store.read() as q:
        return [(row.entry.kind, dict(row.entry.facts or {})) for row in await q.register.rows(round_id)]


async def noticed(store: Store, kind: str) -> set[str]:
    """Who has a notice of a kind."""
    return {one.person_id for one in await notices(store) if one.kind == kind}


async def test_a_round_is_prepared_announced_and_told_to_the_groups(store: Store) -> None:
    of = await hearing(store)
    made = await announcing.prepare(store, of.cast.secretary, of.cast.draft.id, TERMS, BEFORE)
    assert (made.number, made.title) == (2, "What the lakes should say")
    assert made.intro == "Please say what is missing.\n\nAnd what goes too far."
    assert made.groups == (Group.INDUSTRY, Group.ACADEMIA)
    assert [(one.position, one.text) for one in made.questions] == [
        (1, "Who should keep the directory?"),
        (2, "And who pays?"),
    ]
    academic = of.people[Group.ACADEMIA]
    with pytest.raises(NotFound):
        await rounds.enter(store, academic, made.id, BEFORE)
    assert await noticed(store, "round_announced") == set()
    announced = await announcing.announce(store, of.cast.chair, made.id, BEFORE)
    assert announced == replace(made, announced_at=BEFORE)
    assert (await rounds.enter(store, academic, made.id, BEFORE)).round == announced
    leads = {of.cast.secretary}  # the chair did it
    assert await noticed(store, "round_announced") == leads | {academic, of.people[Group.INDUSTRY]}
    assert [kind for kind, _ in await told(store, made.id)] == ["prepared", "announced"]
    with pytest.raises(Conflict):
        await announcing.announce(store, of.cast.chair, made.id, BEFORE)


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"version": 7}, "no such version"),
    ({"title": " "}, "needs a title"),
    ({"closes_at": OPENS}, "closes after it opens"),
    ({"closes_at": OPENS + timedelta(days=3_000)}, "five years"),
    ({"zone": "Mars/Olympus"}, "no time zone"),
    ({"groups": ()}, "at least one group"),
    ({"questions": tuple(("", f"Why {n}?") for n in range(40))}, "At most 30 questions"),
]


async def test_what_cannot_be_is_refused_with_a_word_why(store: Store) -> None:
    of = await hearing(store)
    prepared = await announcing.prepare(store, of.cast.chair, of.cast.draft.id, TERMS, BEFORE)
    for wished, why in WRONG:
        with pytest.raises(Invalid, match=why):
            await announcing.prepare(store, of.cast.chair, of.cast.draft.id, replace(TERMS, **wished), BEFORE)
        with pytest.raises(Invalid, match=why):
            await announcing.change(store, of.cast.chair, prepared.id, replace(terms(prepared), **wished), BEFORE)


async def test_what_the_forum_does_not_open_is_not_opened(store: Store) -> None:
    of = await hearing(store)
    async with store.write() as q:
        await q.forums.set_consulting(
            of.cast.forum.id, public=False, accredits=False, non_objection=0, pseudonyms=False, retention=0
        )
    for wished in (TERMS, replace(TERMS, public=False, pseudonyms=True)):
        with pytest.raises(Invalid):
            await announcing.prepare(store, of.cast.chair, of.cast.draft.id, wished, BEFORE)


async def test_only_those_who_lead_make_and_change_rounds(store: Store) -> None:
    of = await hearing(store)
    acts: list[Callable[[str | None], Any]] = [
        lambda who: announcing.prepare(store, who, of.cast.draft.id, TERMS, BEFORE),
        lambda who: announcing.change(store, who, of.round.id, terms(of.round), BEFORE),
        lambda who: announcing.announce(store, who, of.round.id, BEFORE),
        lambda who: announcing.extend(store, who, of.round.id, CLOSES + LATER, BEFORE),
        lambda who: announcing.close(store, who, of.round.id, DURING),
        lambda who: announcing.set_late(store, who, of.round.id, DURING, late=True),
    ]
    for act in acts:
        for who, kind in ((None, Refusal), (of.cast.stranger, Refusal), (of.cast.norvale, Forbidden)):
            with pytest.raises(kind):
                await act(who)


KEPT: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    ({}, {"version": 2}, "version stays"),
    ({}, {"opens_at": OPENS + LATER}, "has opened"),
    ({}, {"closes_at": CLOSES - LATER}, "later, not earlier"),
    ({}, {"groups": (Group.INDUSTRY,)}, "stays asked"),
    ({"granularity": Granularity.CLAUSE}, {"granularity": Granularity.SECTION}, "as fine"),
    ({"reveal": Reveal.AT_ONCE}, {"reveal": Reveal.MODERATED}, "cannot be hidden again"),
    ({"reveal": Reveal.AT_CLOSE}, {"reveal": Reveal.AT_ONCE}, "Comments were sent"),
    ({"public": False}, {"public": True}, "Comments were sent"),
    ({}, {"questions": ()}, "written to this question"),
]


async def test_what_was_announced_is_kept(store: Store) -> None:
    of = await hearing(store)
    for number, (first, wished, why) in enumerate(KEPT, 2):
        question = Question(new_id(), "", 1, "Who should keep the directory?")
        other = replace(of.round, id=new_id(), number=number, **first)
        other = replace(other, questions=(replace(question, round_id=other.id),))
        async with store.write() as q:
            await q.rounds.add(other)
        here = replace(of, round=other)
        await put(store, here, [remark(here, question_id=question.id)])
        other = replace(other, last=1)
        with pytest.raises(Conflict, match=why):
            await announcing.change(store, of.cast.chair, other.id, replace(terms(other), **wished), DURING)
        assert await told(store, other.id) == []


async def test_what_breaks_no_promise_can_be_changed(store: Store) -> None:
    of = await hearing(store, groups=(Group.INDUSTRY,), reveal=Reveal.AT_CLOSE, granularity=Granularity.CLAUSE)
    asked = of.round.questions[0]
    wished = replace(
        terms(of.round),
        title="Another title",
        groups=tuple(Group),
        reveal=Reveal.AT_ONCE,
        granularity=Granularity.LINE,
        closes_at=CLOSES + LATER,
        questions=(("", "First of all?"), (asked.id, asked.text), ("not-of-this-round", "And last?")),
    )
    after = await announcing.change(store, of.cast.chair, of.round.id, wished, DURING)
    async with store.read() as q:
        assert await q.rounds.get(of.round.id) == after
    assert [one.text for one in after.questions] == ["First of all?", asked.text, "And last?"]
    assert after.questions[1].id == asked.id
    ((kind, facts),) = await told(store, of.round.id)
    assert (kind, set(facts["fields"])) == (
        "changed",
        {"title", "groups", "reveal", "granularity", "closes_at", "questions"},
    )
    assert of.people[Group.ACADEMIA] in await noticed(store, "round_changed")
    assert await announcing.change(store, of.cast.chair, of.round.id, terms(after), DURING) == after
    assert len(await told(store, of.round.id)) == 1


async def test_a_round_is_extended_and_takes_late_comments(store: Store) -> None:
    of = await hearing(store)
    with pytest.raises(Conflict):
        await announcing.extend(store, of.cast.chair, of.round.id, CLOSES, DURING)
    longer = await announcing.extend(store, of.cast.chair, of.round.id, CLOSES + LATER, DURING)
    assert longer.closes_at == CLOSES + LATER
    late = await announcing.set_late(store, of.cast.chair, of.round.id, AFTER, late=True)
    assert late.takes(AFTER)
    with pytest.raises(Conflict):
        await announcing.extend(store, of.cast.chair, of.round.id, AFTER - LATER, AFTER)


async def test_closing_now_reveals_what_was_sealed(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE)
    with pytest.raises(Conflict):
        await announcing.close(store, of.cast.chair, of.round.id, BEFORE)
    closed = await announcing.close(store, of.cast.chair, of.round.id, DURING)
    assert (closed.phase(DURING), closed.closes_at, closed.revealed_at) == (Phase.CLOSED, DURING, DURING)
    assert [kind for kind, _ in await told(store, of.round.id)] == ["changed", "revealed"]
    assert of.people[Group.ACADEMIA] in await noticed(store, "round_revealed")
    assert await announcing.reveal(store, of.round.id, AFTER) is None


async def test_a_sealed_round_that_closed_stays_readable_when_it_opens_again(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE)
    again = await announcing.extend(store, of.cast.chair, of.round.id, AFTER + LATER, AFTER)
    assert (again.phase(AFTER), again.revealed_at, again.revealed(AFTER)) == (Phase.OPEN, AFTER, True)
    assert [kind for kind, _ in await told(store, of.round.id)] == ["revealed", "changed"]
    open_one = await announcing.change(
        store, of.cast.chair, of.round.id, replace(terms(again), reveal=Reveal.MODERATED), AFTER
    )
    with pytest.raises(Conflict, match="cannot be hidden again"):
        await announcing.change(
            store, of.cast.chair, of.round.id, replace(terms(open_one), reveal=Reveal.AT_CLOSE), AFTER
        )


async def test_the_clock_reveals_once_and_not_before(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE)
    assert await announcing.reveal(store, of.round.id, CLOSES - timedelta(milliseconds=1)) is None
    revealed = await announcing.reveal(store, of.round.id, CLOSES)
    assert revealed is not None
    assert revealed.revealed_at == CLOSES
    assert await announcing.reveal(store, of.round.id, CLOSES) is None
    assert await told(store, of.round.id) == [("revealed", {"comments": 0})]


async def test_the_rounds_of_a_draft(store: Store) -> None:
    of = await hearing(store)
    made = await announcing.prepare(store, of.cast.chair, of.cast.draft.id, TERMS, BEFORE)

    async def seen(who: str) -> list[int]:
        return [one.round.number for one in await announcing.all_of(store, who, of.cast.draft.id, BEFORE)]

    assert await seen(of.cast.chair) == [made.number, 1]
    assert await seen(of.cast.norvale) == [1]
    with pytest.raises(NotFound):
        await seen(of.cast.stranger)
