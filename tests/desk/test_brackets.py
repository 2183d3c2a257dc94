"""The list of brackets and the burn-down, as each person sees them."""

import asyncio
import threading
from collections.abc import Iterable

import pytest

from drafts import commands as do
from drafts.acts import Act
from drafts.bracketed import Kind
from drafts.burndown import Burndown
from drafts.desk import brackets, live
from drafts.errors import NotFound
from drafts.model import BracketReason, new_id
from drafts.store import Store
from tests.cast import Cast

OP1 = 2  # "States [should][shall] not harm the networks of the lakes:"


async def say(store: Store, people: Cast, who: str, at: int, **more: object) -> None:
    clause = (await brackets.of_draft(store, people.chair, people.draft.id)).state.live()[OP1]
    number = (await brackets.of_draft(store, people.chair, people.draft.id)).state.by_id[clause.id].number
    command = do.PutBracket(new_id(), clause.id, number, at, at, **more)  # type: ignore[arg-type]
    await live.perform(store, who, people.draft.id, command)


async def test_the_list_tells_place_kind_owner_and_reason(store: Store, people: Cast) -> None:
    state = (await brackets.of_draft(store, people.chair, people.draft.id)).state
    ids = [clause.id for clause in state.live()]
    await say(store, people, people.norvale, 7, reason=BracketReason.LINKED, link=ids[5], words="See there.")
    found = await brackets.of_draft(store, people.observer, people.draft.id)
    first, second = found.pairs
    assert [(p.clause, p.start, p.end, p.depth, p.kind, p.group, p.words) for p in found.pairs] == [
        (ids[OP1], 7, 15, 1, Kind.ALTERNATIVE, 1, "should"), (ids[OP1], 15, 22, 1, Kind.ALTERNATIVE, 1, "shall"),
    ]  # fmt: skip
    (said,) = first.said
    assert (said.owner and said.owner.code, said.note.words, said.label, said.mine) == (
        "NVL",
        "See there.",
        "OP2",
        False,
    )
    assert second.said == ()
    assert (found.edit, found.note, found.lead, found.labels[ids[OP1]]) == (False, False, False, "OP1")
    assert found.at(ids[OP1], 15) is second
    with pytest.raises(NotFound):
        found.at(ids[OP1], 8)


async def test_what_a_party_says_to_itself_is_in_nobody_elses_list(store: Store, people: Cast) -> None:
    await say(store, people, people.norvale, 7, words="ours alone", private=True)
    for who in people.members:
        found = await brackets.of_draft(store, who, people.draft.id)
        burn = await brackets.burndown(store, who, people.draft.id)
        assert "ours alone" not in repr((await brackets.of_operator(store, people.draft)).pairs)
        own = who in {people.norvale, people.norvale_second}
        assert ("ours alone" in repr(found.pairs)) is own
        norvale = people.parties["NVL"].id
        assert burn.days[-1].owners(burn.me.party.id) == ({norvale: 1, "": 1} if own else {"": 2})


async def test_brackets_over_the_border_and_without_a_partner(store: Store, people: Cast) -> None:
    state = (await brackets.of_draft(store, people.chair, people.draft.id)).state
    ids = [clause.id for clause in state.live()]
    for clause, text in ((ids[3], "[those that measure;"), (ids[4], "] those 🕊 that ] warn."), (ids[5], "now [ then")):
        await live.perform(store, people.norvale, people.draft.id, do.Edit(new_id(), clause, 0, text))
    found = await brackets.of_draft(store, people.chair, people.draft.id)
    (over,) = [pair for pair in found.pairs if pair.spans]
    assert (over.clause, over.last, over.end, over.words) == (ids[3], ids[4], 1, "those that measure;")
    assert [(one.clause, one.start, one.opens, one.words) for one in found.unbalanced] == [
        (ids[4], 16, False, "] those 🕊 that ] warn."), (ids[5], 4, True, "now [ then"),
    ]  # fmt: skip
    assert (found.total.pairs, found.total.spanning, found.total.unbalanced) == (3, 1, 2)


async def test_the_burn_down_goes_on_where_it_stopped(store: Store, people: Cast) -> None:
    before = await brackets.burndown(store, people.chair, people.draft.id)
    assert [(point.pairs, point.words) for point in before.days] == [(2, 2)]
    found = await brackets.of_draft(store, people.chair, people.draft.id)
    item = found.pairs[0]
    await live.perform(
        store, people.chair, people.draft.id, do.LiftBracket(new_id(), item.clause, item.number, item.start)
    )
    await live.perform(store, people.chair, people.draft.id, do.Issue(new_id(), "Rev.1"))
    after = await brackets.burndown(store, people.chair, people.draft.id)
    assert [point.pairs for point in after.days] == [1]
    assert [(point.label, point.pairs) for point in after.versions] == [("Rev.1", 1)]


async def test_strangers_are_told_nothing(store: Store, people: Cast) -> None:
    for who in (None, people.stranger):
        with pytest.raises(NotFound):
            await brackets.of_draft(store, who, people.draft.id)
        with pytest.raises(NotFound):
            await brackets.burndown(store, who, people.draft.id)


async def test_a_reader_who_leaves_in_the_middle_spoils_nothing(
    store: Store, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, again, done, take = threading.Event(), threading.Event(), threading.Event(), Burndown.take

    def slowly(replay: Burndown, acts: Iterable[Act]) -> None:
        first = not begun.is_set()
        begun.set()
        if first:  # it goes on when somebody else reads already
            again.wait(10)
            take(replay, acts)
            done.set()
        else:
            again.set()
            done.wait(10)
            take(replay, acts)

    monkeypatch.setattr(Burndown, "take", slowly)
    reader = asyncio.create_task(brackets.burndown(store, people.chair, people.draft.id))
    await asyncio.to_thread(begun.wait, 10)
    reader.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reader
    found = await brackets.burndown(store, people.norvale, people.draft.id)
    assert [point.pairs for point in found.days] == [2]
