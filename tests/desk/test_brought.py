"""Files that are brought: kept whole, for one party only, for a while. Doors: works, stranger, reader, bad input."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from drafts import commands as do
from drafts.desk import brought, live
from drafts.errors import Invalid, NotFound, TooMany
from drafts.exchange.parsed import Base, Parsed, ParsedClause, Piece, Remark, Signed
from drafts.model import ClauseKind, new_id, now
from drafts.outside import Purpose
from drafts.store import Store
from tests.cast import Cast

SIGNED = Signed("Ines Valder", datetime(2026, 3, 1, 9, 30, tzinfo=UTC))
PIECES = (Piece("warn of "), Piece("floods", SIGNED), Piece("!", None, SIGNED))
CLAUSE = ParsedClause(ClauseKind.SUB, 2, "warn of floods", "ar", 7, "c1", PIECES)
REMARK = Remark("1", 0, 0, 4, "warn", SIGNED, "Whom?")
PARSED = Parsed("Norms", "LS/1", "en", (CLAUSE,), ("A picture was left out.",), (CLAUSE,), (REMARK,))


async def kept(store: Store, people: Cast, parsed: Parsed = PARSED, purpose: str = "merge") -> str:
    return (await brought.keep(store, people.norvale, people.draft.id, "our text.docx", parsed, purpose)).id


async def test_a_file_comes_back_as_it_was_read(store: Store, people: Cast) -> None:
    found = await brought.get(store, people.norvale, await kept(store, people))
    assert found.parsed == PARSED
    assert (found.name, found.purpose, found.report) == ("our text.docx", Purpose.MERGE, None)
    assert (found.base_seq, found.base_version) == (1, None)


async def test_only_the_party_that_brought_it_sees_it(store: Store, people: Cast) -> None:
    mine = await kept(store, people)
    assert (await brought.get(store, people.norvale_second, mine)).id == mine
    doors: list[Callable[[str | None], Awaitable[object]]] = [
        lambda who: brought.get(store, who, mine),
        lambda who: brought.discard(store, who, mine),
        lambda who: brought.set_base(store, who, mine, None),
    ]
    for who in (None, people.stranger, people.chair, people.costamar, people.observer):
        for door in doors:
            with pytest.raises(NotFound):
                await door(who)
    assert [one.id for one in await brought.waiting(store, people.norvale, people.draft.id)] == [mine]
    assert await brought.waiting(store, people.chair, people.draft.id) == []
    with pytest.raises(NotFound):
        await brought.waiting(store, people.stranger, people.draft.id)
    with pytest.raises(NotFound):
        await brought.keep(store, people.stranger, people.draft.id, "x.docx", PARSED, "merge")


async def test_its_base_is_what_it_says_or_the_last_version(store: Store, people: Cast) -> None:
    for label in ("Rev.1", "Rev.2"):
        await live.perform(store, people.chair, people.draft.id, do.Issue(new_id(), label))
    draft = people.draft.id

    async def base(parsed: Parsed, number: int | None = None) -> tuple[int, int | None]:
        found = await brought.keep(store, people.norvale, draft, "x", parsed, "merge", base=number)
        return found.base_seq, found.base_version

    assert await base(PARSED) == (3, 2)
    assert await base(PARSED, 1) == (2, 1)
    said = Parsed("", "", "en", (CLAUSE,), base=Base(draft, 2, 1))
    assert await base(said) == (2, 1)
    assert await base(Parsed("", "", "en", (CLAUSE,), base=Base(draft, 1))) == (1, None)
    for foreign in (Base("elsewhere", 2, 1), Base(draft, 99, 1)):
        assert await base(Parsed("", "", "en", (CLAUSE,), base=foreign)) == (3, 2)
    with pytest.raises(Invalid):
        await base(PARSED, 7)
    mine = await kept(store, people)
    assert (await brought.set_base(store, people.norvale, mine, 1)).base_seq == 2
    assert (await brought.get(store, people.norvale, mine)).base_version == 1


async def test_what_waits_too_long_is_swept(store: Store, people: Cast) -> None:
    mine = await kept(store, people)
    assert await brought.sweep(store, now() + timedelta(days=13)) == 0
    assert await brought.sweep(store, now() + timedelta(days=15)) == 1
    with pytest.raises(NotFound):
        await brought.get(store, people.norvale, mine)


async def test_discarded_is_gone_and_an_id_is_used_once(store: Store, people: Cast) -> None:
    mine = await kept(store, people)
    await brought.discard(store, people.norvale, mine)
    assert await brought.waiting(store, people.norvale, people.draft.id) == []
    named = [
        (await brought.keep(store, people.norvale, people.draft.id, name, PARSED, "merge", brought_id="own")).name
        for name in ("first", "second")
    ]
    assert named == ["first", "first"]


async def test_only_so_many_wait(store: Store, people: Cast) -> None:
    first = await kept(store, people, purpose="compare")
    for _ in range(brought.MAX_WAITING):
        await kept(store, people, purpose="compare")
        await kept(store, people)
    with pytest.raises(NotFound):
        await brought.get(store, people.norvale, first)
    with pytest.raises(TooMany):
        await kept(store, people)


async def test_whom_authors_stand_for_is_remembered_by_each_party(store: Store, people: Cast) -> None:
    forum, (norvale, costamar) = people.forum.id, (people.parties["NVL"].id, people.parties["CTM"].id)
    async with store.write() as q:
        await q.brought.remember(forum, norvale, {"I. Valder": norvale, "P. M.": norvale})
        await q.brought.remember(forum, norvale, {"P. M.": costamar})
    async with store.read() as q:
        assert await q.brought.authors(forum, norvale) == {"I. Valder": norvale, "P. M.": costamar}
        assert await q.brought.authors(forum, costamar) == {}
