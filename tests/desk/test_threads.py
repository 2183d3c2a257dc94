"""Comment threads: who sees them, what each may do, where they stand. Doors: works, stranger, reader, bad input."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from drafts import commands as do
from drafts.desk import drafts, forums, live, threads
from drafts.errors import Forbidden, Invalid, NotFound, Refusal, TooLarge, TooMany
from drafts.events import ThreadChanged
from drafts.model import Audience, Comment, Place, new_id, now
from drafts.store import Store
from tests.cast import Cast

Door = Callable[[str | None], Awaitable[object]]


async def clause_ids(store: Store, people: Cast) -> list[str]:
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    return [clause.id for clause in state.live()]


async def opened(
    store: Store,
    people: Cast,
    who: str,
    audience: Audience = Audience.EVERYONE,
    *,
    words: tuple[int, int] | None = None,
) -> str:
    """A thread on the preamble, or on some of its words."""
    clause = (await clause_ids(store, people))[1]
    start, end = words or (0, 0)
    place = Place.SPAN if words else Place.CLAUSE
    command = do.OpenThread(new_id(), place, "Which lakes?", clause, 0, start, end, audience)
    outcome = await live.perform(store, who, people.draft.id, command)
    return outcome.threads[0].id


async def seen(store: Store, people: Cast, who: str) -> list[str]:
    return [view["id"] for view in await threads.all(store, who, people.draft.id)]


async def refuses_strangers(door: Door, people: Cast) -> None:
    for who in (None, people.stranger, "nobody"):
        with pytest.raises(NotFound):
            await door(who)


# ── who sees what ──


async def test_threads_are_seen_by_their_audience(store: Store, people: Cast) -> None:
    own = await opened(store, people, people.norvale, Audience.PARTY)
    inner = await opened(store, people, people.costamar, Audience.DELEGATIONS)
    open_to_all = await opened(store, people, people.observer)
    observers_own = await opened(store, people, people.observer, Audience.PARTY)
    assert await seen(store, people, people.norvale) == [own, inner, open_to_all]
    assert await seen(store, people, people.norvale_second) == [own, inner, open_to_all]
    assert await seen(store, people, people.costamar) == [inner, open_to_all]
    assert await seen(store, people, people.chair) == [inner, open_to_all]
    assert await seen(store, people, people.secretary) == [inner, open_to_all]
    assert await seen(store, people, people.observer) == [open_to_all, observers_own]
    await refuses_strangers(lambda who: threads.all(store, who, people.draft.id), people)


async def test_what_is_hidden_in_the_list_is_hidden_at_every_door(store: Store, people: Cast) -> None:
    own = await opened(store, people, people.norvale, Audience.PARTY)
    comment = (await threads.get(store, people.norvale, own))["comments"][0]["id"]
    for who in (people.chair, people.secretary, people.costamar, people.observer, people.stranger, None):
        doors: list[Awaitable[object]] = [
            threads.get(store, who, own),
            threads.reply(store, who, own, "I see you."),
            threads.resolve(store, who, own),
            threads.reopen(store, who, own),
            threads.edit(store, who, comment, "Mine now."),
        ]
        for door in doors:
            with pytest.raises(NotFound):
                await door
    assert [c["body"] for c in (await threads.get(store, people.norvale_second, own))["comments"]] == ["Which lakes?"]


async def test_a_thread_of_a_party_stays_with_the_party(store: Store, people: Cast) -> None:
    """Whoever changes sides leaves their delegation's threads behind, even those they opened."""
    own = await opened(store, people, people.norvale, Audience.PARTY)
    party = people.parties["CTM"].id
    await forums.set_member(store, people.chair, people.forum.id, people.norvale, party, "delegate")
    assert await seen(store, people, people.norvale) == []
    assert await seen(store, people, people.costamar) == []
    assert await seen(store, people, people.norvale_second) == [own]
    with pytest.raises(NotFound):
        await threads.reply(store, people.norvale, own, "Still here?")


# ── the view ──


async def test_a_view(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale, words=(17, 26))
    view = await threads.get(store, people.norvale, thread)
    state, _ = await drafts.state(store, people.norvale, people.draft.id)
    (comment,) = view["comments"]
    assert view["quote"] == state.live()[1].text[17:26] == "the lakes"
    assert (view["clause"], view["from"], view["to"], view["gone"]) == (state.live()[1].id, 17, 26, False)
    assert (view["place"], view["audience"], view["resolved"]) == ("span", "everyone", None)
    assert view["may"] == {"reply": True, "resolve": True, "edit": [comment["id"]]}
    party = people.parties["NVL"]
    assert comment["party"] == {"id": party.id, "code": "NVL", "name": "Norvale", "group": "government"}
    assert (comment["by"], comment["name"], comment["mine"]) == (people.norvale, "Ines Valder", True)
    assert (comment["body"], comment["at"], comment["edited_at"]) == ("Which lakes?", view["created_at"], None)
    other = await threads.get(store, people.observer, thread)
    assert other["may"] == {"reply": True, "resolve": False, "edit": []}
    assert other["comments"][0]["mine"] is False
    assert (await threads.get(store, people.norvale_second, thread))["may"] == {
        "reply": True, "resolve": True, "edit": [],
    }  # fmt: skip


async def test_a_view_follows_its_words(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale, words=(17, 26))
    clause = (await clause_ids(store, people))[1]

    async def change(number: int, text: str) -> threads.ThreadView:
        await live.perform(store, people.costamar, people.draft.id, do.Edit(new_id(), clause, number, text))
        return await threads.get(store, people.chair, thread)

    view = await change(0, "*Recalling* once more that the lakes are shared,")
    assert (view["from"], view["to"], view["gone"]) == (27, 36, False)
    view = await change(1, "*Recalling* once more that are shared,")
    assert (view["from"], view["to"], view["gone"]) == (None, None, True)
    assert view["quote"] == "the lakes"


async def test_a_view_of_a_clause_that_goes_and_comes_back(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale)
    clause = (await clause_ids(store, people))[1]
    assert (await threads.get(store, people.chair, thread))["from"] is None
    await live.perform(store, people.chair, people.draft.id, do.Delete(new_id(), clause, "Not needed."))
    view = await threads.get(store, people.chair, thread)
    assert (view["clause"], view["gone"]) == (clause, True)
    await live.perform(store, people.chair, people.draft.id, do.Restore(new_id(), clause))
    assert (await threads.get(store, people.chair, thread))["gone"] is False


async def test_a_thread_on_the_whole(store: Store, people: Cast) -> None:
    command = do.OpenThread(new_id(), Place.MISSING, "Nothing on reporting.", audience=Audience.EVERYONE)
    outcome = await live.perform(store, people.observer, people.draft.id, command)
    view = await threads.get(store, people.chair, outcome.threads[0].id)
    assert (view["place"], view["clause"], view["from"], view["gone"]) == ("missing", None, None, False)


async def test_the_state_in_memory_is_used_where_there_is_one(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale, words=(17, 26))
    state, _ = await drafts.state(store, people.norvale, people.draft.id)
    first = await threads.all(store, people.norvale, people.draft.id)
    assert await threads.all(store, people.norvale, people.draft.id, state) == first
    assert await threads.get(store, people.norvale, thread, state) == first[0]


# ── replies ──


async def test_replying(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale)
    view, event = await threads.reply(store, people.observer, thread, "  All\r\nof them.  ")
    assert [c["body"] for c in view["comments"]] == ["Which lakes?", "All\nof them."]
    assert view["comments"][1]["mine"] is True
    assert view["comments"][1]["party"]["code"] == "ONW"
    party = people.parties["NVL"].id
    assert event == ThreadChanged(people.forum.id, people.draft.id, thread, Audience.EVERYONE, party)
    await refuses_strangers(lambda who: threads.reply(store, who, thread, "Me too."), people)
    with pytest.raises(NotFound):
        await threads.reply(store, people.chair, "nothing", "Hello?")
    bad: list[tuple[str, type[Refusal]]] = [("", Invalid), (" \n\x00 ", Invalid), ("x" * 20_001, TooLarge)]
    for body, error in bad:
        with pytest.raises(error):
            await threads.reply(store, people.chair, thread, body)
    assert len((await threads.get(store, people.chair, thread))["comments"]) == 2


async def test_replies_keep_their_order_whatever_the_clock_says(store: Store, people: Cast) -> None:
    """Replies of the same millisecond: the comment that opened the thread stays first, or its audience would change."""
    thread = await opened(store, people, people.norvale, Audience.PARTY)
    for n in range(30):
        await threads.reply(store, people.norvale_second, thread, f"reply {n}")
    view = await threads.get(store, people.norvale, thread)
    assert [c["body"] for c in view["comments"]] == ["Which lakes?", *(f"reply {n}" for n in range(30))]
    times = [c["at"] for c in view["comments"]]
    assert times == sorted(set(times))


async def test_replies_at_once_are_all_kept(store: Store, people: Cast, database_url: str) -> None:
    thread = await opened(store, people, people.norvale)
    async with Store.open(database_url) as other:
        await asyncio.gather(
            *(threads.reply([store, other][n % 2], people.costamar, thread, f"{n}") for n in range(12))
        )
    view = await threads.get(store, people.norvale, thread)
    assert view["comments"][0]["body"] == "Which lakes?"
    assert sorted(int(c["body"]) for c in view["comments"][1:]) == list(range(12))
    assert len({c["at"] for c in view["comments"]}) == 13


async def test_a_thread_has_a_ceiling(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale)
    _, member = await drafts.open(store, people.costamar, people.draft.id)
    async with store.write() as q:
        for _ in range(threads.MAX_COMMENTS - 1):
            said = Comment(new_id(), thread, member.person_id, member.person_name, member.party, "Again.", now())
            await q.threads.add_comment(said)
    with pytest.raises(TooMany, match="1000"):
        await threads.reply(store, people.chair, thread, "Enough.")


# ── editing one's own ──


async def test_editing(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale)
    comment = (await threads.get(store, people.norvale, thread))["comments"][0]["id"]

    def door(who: str | None) -> Awaitable[object]:
        return threads.edit(store, who, comment, "Which of the lakes?")

    await refuses_strangers(door, people)
    for who in (people.chair, people.norvale_second, people.observer):
        with pytest.raises(Forbidden):
            await door(who)
    view, event = await threads.edit(store, people.norvale, comment, "Which of the lakes?")
    assert (view["comments"][0]["body"], event.thread_id) == ("Which of the lakes?", thread)
    first = view["comments"][0]["edited_at"]
    assert first is not None
    view, _ = await threads.edit(store, people.norvale, comment, " Which of the lakes? ")
    assert view["comments"][0]["edited_at"] == first  # nothing was changed
    with pytest.raises(Invalid):
        await threads.edit(store, people.norvale, comment, " ")
    with pytest.raises(NotFound):
        await threads.edit(store, people.norvale, "nothing", "Hello?")


# ── resolving ──


async def test_resolving_and_opening_again(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale)
    view, event = await threads.resolve(store, people.secretary, thread)
    party = people.parties["SEC"]
    assert view["resolved"] == {
        "at": view["resolved"]["at"],
        "by": people.secretary,
        "name": "Sven Okoro",
        "party": {"id": party.id, "code": "SEC", "name": "Secretariat", "group": "government"},
    }
    assert event.thread_id == thread
    again, _ = await threads.resolve(store, people.norvale, thread)
    assert again["resolved"] == view["resolved"]  # it says who did it first
    view, _ = await threads.reopen(store, people.norvale_second, thread)
    assert view["resolved"] is None
    view, _ = await threads.reopen(store, people.chair, thread)
    assert view["resolved"] is None


async def test_resolving_is_for_the_opener_and_those_who_lead(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale)
    for act in (threads.resolve, threads.reopen):
        await refuses_strangers(lambda who, act=act: act(store, who, thread), people)  # type: ignore[misc]
        for who in (people.costamar, people.observer):
            with pytest.raises(Forbidden, match="opened it"):
                await act(store, who, thread)
        with pytest.raises(NotFound):
            await act(store, people.chair, "nothing")


async def test_who_resolved_it_is_remembered_after_they_left(store: Store, people: Cast) -> None:
    thread = await opened(store, people, people.norvale)
    await threads.resolve(store, people.secretary, thread)
    await forums.remove_member(store, people.chair, people.forum.id, people.secretary)
    view = await threads.get(store, people.norvale, thread)
    assert (view["resolved"]["name"], view["resolved"]["party"]) == ("Sven Okoro", None)
