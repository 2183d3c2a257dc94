"""Who sees which remark: the access table's word and the store's are one, for every reader, round and remark."""

from dataclasses import replace
from datetime import datetime
from itertools import product

import pytest

from drafts.access import RoundIn, Verb, may, shows, sight
from drafts.consultation import Disposition, RemarkState, Reveal, Shown, Wanted
from drafts.model import Group, Member, new_id
from drafts.register import Entry, chained
from drafts.store import Store
from tests.hearing import AFTER, BEFORE, DURING, Hearing, hearing, put, remark


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


async def actors(store: Store, of: Hearing) -> list[Member | None]:
    async with store.read() as q:
        members = [await q.forums.member(of.cast.forum.id, one) for one in (*of.cast.members, *of.people.values())]
    return [None, *members]


async def test_the_store_shows_what_the_table_says(store: Store, of: Hearing) -> None:
    """Every state by every group, two of them with another party joined or asked, for every reader at every time."""
    made = [
        remark(of, group, f"{state.value} {group.value} zebra", state=state)
        for state, group in product(RemarkState, Group)
    ]
    made.append(remark(of, Group.GOVERNMENT, "zebra", owner_id=None, party=None, who="Somebody outside"))
    await put(store, of, made)
    async with store.write() as q:
        for one, said in ((made[0], "asked"), (made[1], "joined"), (made[2], "declined")):
            await q.remarks.ask_together(one.id, of.parties[Group.ACADEMIA].id, said, DURING)
    seen_at: set[tuple[Shown, int]] = set()
    for actor, reveal, at in product(await actors(store, of), Reveal, (BEFORE, DURING, AFTER)):
        await _agree(store, of, made, actor, reveal, at, seen_at)
    assert {shown for shown, _ in seen_at} == set(Shown)


async def _agree(store, of: Hearing, made, actor, reveal: Reveal, at: datetime, seen_at) -> None:
    inside = RoundIn(of.cast.draft, of.cast.forum, replace(of.round, reveal=reveal), at)
    look = sight(actor, inside)
    async with store.read() as q:
        listed = {one.id for one in (await q.remarks.slice(of.round.id, look, Wanted(), limit=100)).remarks}
        worded = {
            one.id for one in (await q.remarks.slice(of.round.id, look, Wanted(words="ZEBRA"), limit=100)).remarks
        }
        for one in made:
            asked = {party for party, said in (await q.remarks.together(one.id)).items() if said != "declined"}
            shown = shows(look, one, frozenset(asked))
            seen_at.add((shown, len(listed)))
            assert (one.id in listed) == (shown is not Shown.NOTHING), (actor, reveal, at, one)
            assert (one.id in worded) == (shown is Shown.WORDS), (actor, reveal, at, one)


async def test_words_are_found_in_every_script(store: Store, of: Hearing) -> None:
    texts = {
        "en": "Keep the acknowledgement apart, café-style.",
        "zh": "檢討時下及未來趨勢應有的規範內容",
        "ar": "ينبغي أن تُتبادل الإنذارات في وقتها",
    }
    made = {key: remark(of, body=body, language=key) for key, body in texts.items()}
    await put(store, of, list(made.values()))
    look = sight(None, RoundIn(of.cast.draft, of.cast.forum, of.round, DURING))
    async with store.read() as q:
        for words, found in (
            ("趨勢", "zh"), ("勢趨", None), ("acknowl*", "en"), ("CAFE", "en"), ("الإنذارات", "ar"),
            ('"keep" OR -x:', None), ('"keep the acknowledgement"', "en"), ('"keep acknowledgement"', None),
            ("“Acknowledgement, APART” keep", "en"), ('"時下及未來"', "zh"),
        ):  # fmt: skip
            told = await q.remarks.slice(of.round.id, look, Wanted(words=words))
            assert [one.language for one in told.remarks] == ([found] if found else []), words


async def test_pages_go_there_and_back(store: Store, of: Hearing) -> None:
    await put(store, of, [remark(of, body=str(n)) for n in range(7)])
    look = sight(None, RoundIn(of.cast.draft, of.cast.forum, of.round, DURING))
    async with store.read() as q:
        first = await q.remarks.slice(of.round.id, look, Wanted(), limit=3)
        second = await q.remarks.slice(of.round.id, look, Wanted(), limit=3, before=first.before)
        third = await q.remarks.slice(of.round.id, look, Wanted(), limit=3, before=second.before)
        back = await q.remarks.slice(of.round.id, look, Wanted(), limit=3, after=third.after)
    assert [[one.body for one in page.remarks] for page in (first, second, third)] == [
        ["6", "5", "4"], ["3", "2", "1"], ["0"],
    ]  # fmt: skip
    assert (first.total, first.after, third.before, back) == (7, None, None, second)


async def test_dispositions_are_told_when_published(store: Store, of: Hearing) -> None:
    """A filter by what became of a remark must not tell what is decided and not yet published."""
    (one,) = await put(store, of, [remark(of)])
    async with store.write() as q:
        await q.remarks.set([one.id], disposition=Disposition.NOTED.value)
    chair = next(m for m in await actors(store, of) if m is not None and m.person_id == of.cast.chair)
    wanted = Wanted(dispositions=frozenset({Disposition.NOTED}))
    for actor, count in ((None, 0), (chair, 1)):
        look = sight(actor, RoundIn(of.cast.draft, of.cast.forum, of.round, DURING))
        async with store.read() as q:
            assert (await q.remarks.slice(of.round.id, look, wanted)).total == count
            assert (await q.remarks.slice(of.round.id, look, Wanted(answered=True))).total == count


async def test_the_register_is_a_chain(store: Store, of: Hearing) -> None:
    async with store.write() as q:
        await q.register.add(of.round.id, Entry(1, "p", "q", "sent", new_id(), "d"), Entry(2, "p", "q", "changed", "x"))
        await q.register.add(of.round.id, Entry(3, "p", "q", "withdrawn", "x", facts={"b": 1, "a": 2}))
    async with store.read() as q:
        rows = await q.register.rows(of.round.id)
    head = ""
    for row in rows:
        head = chained(head, of.round.id, row.seq, row.entry)
        assert row.hash == head
    assert [row.seq for row in rows] == [1, 2, 3]


LETTERS = {"C": "chair", "N": "norvale", "O": "observer", "P": ""}  # and I: industry, which is not asked
ASKED = {
    Verb.ROUND_READ: ("C", "CNOI", "CNOI", "CNOI", "CNOIP"),
    Verb.ROUND_LEAD: ("C", "C", "C", "C", "C"),
    Verb.REMARK_WRITE: ("", "O", "O", "O", "O"),
    Verb.REMARK_SEND: ("", "O", "", "O", "O"),
    Verb.CONTRIBUTION_SEND: ("", "O", "", "O", "O"),
    Verb.ANSWERS_READ: ("C", "C", "CNOI", "C", "C"),
}


async def test_what_a_round_lets_at_each_time(store: Store, of: Hearing) -> None:
    """Prepared; open; closed and answered; closed but late ones are taken; open and public. Civil society is asked."""
    plain = replace(of.round, groups=(Group.CIVIL_SOCIETY,), public=False)
    times = (
        (replace(plain, announced_at=None), DURING),
        (plain, DURING),
        (replace(plain, answered_at=AFTER), AFTER),
        (replace(plain, late=True), AFTER),
        (replace(plain, public=True), DURING),
    )
    async with store.read() as q:
        people = {letter: getattr(of.cast, name) for letter, name in LETTERS.items() if name}
        people["I"] = of.people[Group.INDUSTRY]
        actors = {letter: await q.forums.member(of.cast.forum.id, people[letter]) for letter in "CNOI"} | {"P": None}
    for verb, expected in ASKED.items():
        found = tuple(
            "".join(
                letter
                for letter, actor in actors.items()
                if may(actor, verb, RoundIn(of.cast.draft, of.cast.forum, told, at)) is None
            )
            for told, at in times
        )
        assert found == expected, verb
