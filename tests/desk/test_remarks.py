"""Comments of a consultation as their parties have them: kept, sent, changed, withdrawn, on behalf of several."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from drafts import migrate
from drafts import tables as t
from drafts.commenting import Said, fingerprint, mentioned, span
from drafts.consultation import Granularity, Remark, RemarkKind, RemarkState, Reveal, Spot, View, Wanted
from drafts.desk import remarks, replies, rounds, together
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from drafts.model import Group, Role, new_id
from drafts.store import Store
from drafts.store.rows import ms
from server.paths import MIGRATIONS
from tests.hearing import AFTER, BEFORE, DURING, Hearing, hearing

LATER = DURING + timedelta(minutes=5)


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database, for copying."""
    path = tmp_path_factory.mktemp("remarks") / "empty.sqlite3"
    asyncio.run(migrate.upgrade(f"sqlite:///{path}", MIGRATIONS))
    return path


@pytest.fixture
async def store(empty: Path, tmp_path: Path) -> AsyncIterator[Store]:
    """On SQLite; ``test_both_databases_keep_it`` walks through it all on the other one too."""
    copied = shutil.copy(empty, tmp_path / "adref.sqlite3")
    async with Store.open(f"sqlite:///{copied}") as opened:
        yield opened


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


async def test_both_databases_keep_it(database_url: str) -> None:
    """A double click, a colleague in the same draft, a change, a joining, a reply and a withdrawal."""
    await migrate.upgrade(database_url, MIGRATIONS)
    async with Store.open(database_url) as store:
        of, name = await hearing(store), new_id()
        author, scholar, on = of.people[Group.CIVIL_SOCIETY], of.people[Group.ACADEMIA], of.round.id
        clicks = [remarks.send(store, author, on, DURING, name, words(of)) for _ in range(3)]
        made = {(one.remark.number, one.digest) for one in await asyncio.gather(*clicks)}
        assert {number for number, _ in made} == {1}
        assert len(made) == 1
        await together.ask(store, author, on, DURING, name, ["IQN"])
        await together.answer(store, scholar, on, DURING, name, joins=True)
        await remarks.change(store, of.civil_second, on, LATER, name, words(of, "By March, please.", view=View.OPPOSE))
        written = await replies.write(store, scholar, on, LATER, 1, new_id(), "Why March, @ONW?")
        await replies.change(store, scholar, on, LATER, written.id, "Why not April, @ONW?")
        thrown = (await remarks.save(store, author, on, DURING, new_id(), words(of, "Never mind"))).id
        await remarks.discard(store, author, on, DURING, thrown)
        gone = await remarks.withdraw(store, author, on, LATER, name, "Settled.")
        entered = await rounds.enter(store, author, on, LATER)
        thread = await replies.thread(store, entered, 1)
        async with store.read() as q:
            kinds = [row.entry.kind for row in await q.register.rows(on)]
            assert await q.replies.counts([name]) == {name: 1}
            assert await q.remarks.get(thrown) is None
    assert (gone.state, thread.remark.body) == (RemarkState.WITHDRAWN, "By March, please.")  # its own party reads on
    assert [one.body for one in thread.replies] == ["Why not April, @ONW?"]
    assert kinds == ["sent", "joined", "changed", "replied", "reply_changed", "withdrawn"]


def words(of: Hearing, body: str = "Please say by when.", **facts: Any) -> Said:
    return replace(Said(Spot.CLAUSE, of.clauses[2].id, body=body), **facts)


async def sent(
    store: Store, of: Hearing, typed: Said | None = None, group: Group = Group.CIVIL_SOCIETY, at: datetime = DURING
) -> Remark:
    made = await remarks.send(store, of.people[group], of.round.id, at, new_id(), typed or words(of))
    return made.remark


async def told(store: Store, person_id: str) -> list[str]:
    async with store.read() as q:
        found = select(t.notice.c.kind).where(t.notice.c.person_id == person_id).order_by(t.notice.c.at)
        return [row.kind for row in await q.notices._all(found)]


async def seen_by(store: Store, of: Hearing, person_id: str | None, at: datetime = DURING) -> list[str]:
    entered = await rounds.enter(store, person_id, of.round.id, at)
    async with store.read() as q:
        return [one.body for one in (await q.remarks.slice(of.round.id, entered.sight, Wanted())).remarks]


async def test_a_draft_is_its_partys_alone(store: Store, of: Hearing) -> None:
    """Kept as one types, read and continued by the party, and by nobody else, chair and public included."""
    author, name = of.people[Group.CIVIL_SOCIETY], new_id()
    first = await remarks.save(store, author, of.round.id, DURING, name, words(of, "Please"))
    again = await remarks.save(store, of.civil_second, of.round.id, LATER, name, words(of), ms(first.created_at))
    assert (again.body, again.state, again.person_id, again.number) == (
        "Please say by when.", RemarkState.DRAFT, of.civil_second, 0,
    )  # fmt: skip
    for person in (*of.cast.members[:-1], of.people[Group.INDUSTRY], None):
        if person != author:
            assert await seen_by(store, of, person) == []
    entered = await rounds.enter(store, author, of.round.id, DURING)
    assert [one.id for one in (await remarks.mine(store, entered)).drafts] == [name]
    with pytest.raises(NotFound):
        await remarks.save(store, of.people[Group.INDUSTRY], of.round.id, DURING, name, words(of, "Mine now"))
    async with store.read() as q:
        assert await q.register.rows(of.round.id) == []


async def test_a_colleagues_words_are_not_written_over(store: Store, of: Hearing) -> None:
    author, name = of.people[Group.CIVIL_SOCIETY], new_id()
    first = await remarks.save(store, author, of.round.id, DURING, name, words(of, "One"))
    await remarks.save(store, of.civil_second, of.round.id, LATER, name, words(of, "Two"), ms(first.created_at))
    with pytest.raises(Conflict, match="changed this draft"):
        await remarks.save(store, author, of.round.id, LATER, name, words(of, "Three"), ms(first.created_at))
    same = await remarks.save(store, author, of.round.id, LATER, name, words(of, "Two"), ms(first.created_at))
    assert same.person_id == of.civil_second


async def test_sending_gives_a_number_and_a_receipt_that_the_register_has(store: Store, of: Hearing) -> None:
    name, author = new_id(), of.people[Group.CIVIL_SOCIETY]
    receipt = await remarks.send(store, author, of.round.id, DURING, name, words(of))
    assert (receipt.remark.number, receipt.remark.state, receipt.remark.late) == (1, RemarkState.OPEN, False)
    async with store.read() as q:
        rows, salt = await q.register.rows(of.round.id), await q.remarks.salt(name)
    assert [(row.entry.kind, row.entry.of_id, row.entry.digest) for row in rows] == [("sent", name, receipt.digest)]
    assert receipt.digest == fingerprint(salt, receipt.remark)
    second = await remarks.send(store, author, of.round.id, LATER, name, words(of))
    assert (second.remark.number, second.digest) == (1, receipt.digest)
    assert await seen_by(store, of, None) == ["Please say by when."]
    with pytest.raises(Conflict, match="sent already"):
        await remarks.send(store, author, of.round.id, LATER, name, words(of, "Other words"))
    assert (await sent(store, of, group=Group.INDUSTRY)).number == 2


@pytest.mark.parametrize(("late", "at"), [(False, AFTER), (False, BEFORE), (True, AFTER)])
async def test_out_of_time_it_is_kept_or_flagged(store: Store, late: bool, at: datetime) -> None:
    of, name = await hearing(store, late=late), new_id()
    author = of.people[Group.CIVIL_SOCIETY]
    if late:
        made = (await remarks.send(store, author, of.round.id, at, name, words(of))).remark
        assert (made.late, made.state) == (True, RemarkState.OPEN)
        return
    with pytest.raises(Forbidden, match="What you wrote is kept"):
        await remarks.send(store, author, of.round.id, at, name, words(of))
    entered = await rounds.enter(store, author, of.round.id, at)
    assert [one.body for one in (await remarks.mine(store, entered)).drafts] == ["Please say by when."]


async def test_a_moderated_round_holds_what_comes_in_and_what_changes(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.MODERATED)
    made = await sent(store, of)
    await sent(store, of, group=Group.INDUSTRY)
    assert made.state is RemarkState.HELD
    assert await told(store, of.cast.secretary) == ["remark_in_moderation"]  # once, when the first begins to wait
    assert await seen_by(store, of, of.people[Group.ACADEMIA]) == []
    async with store.write() as q:
        await q.remarks.set([made.id], state=RemarkState.OPEN.value)
    receipt = await remarks.change(store, made.person_id, of.round.id, LATER, made.id, words(of, "By March."))
    assert receipt.remark.state is RemarkState.HELD
    async with store.write() as q:
        await q.remarks.set([made.id], state=RemarkState.OPEN.value)
    for person, kept in ((of.people[Group.ACADEMIA], 0), (of.cast.chair, 1), (made.person_id, 1)):
        entered = await rounds.enter(store, person, of.round.id, LATER)
        thread = await replies.thread(store, entered, made.number)
        assert len(thread.wordings.get(made.id, [])) == kept  # what it said before was perhaps never let through


async def test_what_is_changed_keeps_what_it_said(store: Store, of: Hearing) -> None:
    made = await sent(store, of)
    for _ in range(2):  # the second says the same and changes nothing
        receipt = await remarks.change(
            store, of.civil_second, of.round.id, LATER, made.id, words(of, "By March.", view=View.SUPPORT)
        )
    assert (receipt.remark.body, receipt.remark.edited_at, receipt.remark.number) == ("By March.", LATER, 1)
    async with store.read() as q:
        old = (await q.replies.wordings([made.id]))[made.id]
        rows = await q.register.rows(of.round.id)
        found = await q.remarks.slice(of.round.id, (await _sight(store, of)), Wanted(words="March"))
    assert [(one.body, one.view, one.person_id) for one in old] == [(made.body, "neutral", made.person_id)]
    assert [row.entry.kind for row in rows] == ["sent", "changed"]
    assert rows[-1].entry.digest == receipt.digest
    assert found.total == 1
    for person, refused in ((of.people[Group.INDUSTRY], NotFound), (of.cast.chair, NotFound)):
        with pytest.raises(refused):
            await remarks.change(store, person, of.round.id, LATER, made.id, words(of, "Not mine."))
    with pytest.raises(Forbidden):
        await remarks.change(store, made.person_id, of.round.id, AFTER, made.id, words(of, "Too late."))


async def _sight(store: Store, of: Hearing) -> Any:
    return (await rounds.enter(store, None, of.round.id, DURING)).sight


async def test_withdrawing_leaves_a_trace_and_no_words(store: Store, of: Hearing) -> None:
    made = await sent(store, of)
    with pytest.raises(NotFound):
        await remarks.withdraw(store, of.cast.chair, of.round.id, LATER, made.id)
    for _ in range(2):
        await remarks.withdraw(store, of.civil_second, of.round.id, LATER, made.id, "We  misread it.")
    entered = await rounds.enter(store, None, of.round.id, LATER)
    thread = await replies.thread(store, entered, made.number)
    assert (thread.remark.body, thread.remark.withdrawn_reason) == ("", "We misread it.")
    async with store.read() as q:
        assert [row.entry.kind for row in await q.register.rows(of.round.id)] == ["sent", "withdrawn"]
    with pytest.raises(Conflict):
        await remarks.discard(store, made.person_id, of.round.id, LATER, made.id)


async def test_a_draft_can_be_discarded(store: Store, of: Hearing) -> None:
    name, author = new_id(), of.people[Group.CIVIL_SOCIETY]
    await remarks.save(store, author, of.round.id, DURING, name, words(of))
    await together.ask(store, author, of.round.id, DURING, name, ["IQN"])
    for _ in range(2):
        await remarks.discard(store, of.civil_second, of.round.id, DURING, name)
    async with store.read() as q:
        assert await q.remarks.get(name) is None


# ── places and words ──


async def test_places_are_held_to_the_text(store: Store, of: Hearing) -> None:
    """Clause 2 reads ``States [should][shall] not harm …``; clause 1 begins with emphasis, clause 5 is Arabic."""
    second, first, arabic = of.clauses[2].id, of.clauses[1].id, of.clauses[5].id
    for place, found in (
        (Said(Spot.SPAN, second, 7, 22, "[should][shall]"), (7, 22, "[should][shall]")),
        (Said(Spot.SPAN, second, 1, 3, "not harm"), (23, 31, "not harm")),  # moved offsets: the words decide
        (Said(Spot.SPAN, first, quote="Recalling that"), (1, 16, "Recalling* that")),
        (Said(Spot.SPAN, arabic, quote="ينبغي للدول"), (0, 11, "ينبغي للدول")),
        (Said(Spot.MISSING, second), (None, None, "")),
        (Said(Spot.MISSING), (None, None, "")),
        (Said(Spot.WHOLE, second, quote="x"), (None, None, "")),
        (Said(Spot.SECTION, of.clauses[0].id), (None, None, "")),
    ):
        made = await sent(store, of, replace(place, body="Say more."))
        assert (made.start, made.end, made.quote) == found, place
    for wrong, key in (
        (Said(Spot.CLAUSE, "nowhere"), "no_clause"),
        (Said(Spot.SPAN, second, quote="harm of others"), "not_in_clause"),
        (Said(Spot.SPAN, second), "not_in_clause"),
        (Said(Spot.SECTION, second), "no_section"),
    ):
        with pytest.raises(Invalid) as why:
            await sent(store, of, replace(wrong, body="Say more."))
        assert why.value.key == key


def test_emoji_count_as_browsers_count() -> None:
    assert span("A 🌊 wave", 2, 4, "🌊") == (2, 4)
    assert span("A 🌊 wave", None, None, "wave") == (5, 9)
    twice = "*States* may, and other States may"
    assert [span(twice, None, None, "States may", near) for near in (None, 20)] == [(1, 12), (24, 34)]
    assert [span(twice, None, None, "may", near) for near in (None, 5, 30)] == [(9, 12), (9, 12), (31, 34)]
    with pytest.raises(Invalid):
        span("A 🌊 wave", 3, 4, "\ud83c")


async def test_a_round_says_how_fine_comments_are(store: Store) -> None:
    of = await hearing(store, granularity=Granularity.SECTION)
    for spot, clause in ((Spot.SECTION, 0), (Spot.WHOLE, 0), (Spot.MISSING, 2)):
        assert (await sent(store, of, Said(spot, of.clauses[clause].id, body="More."))).number
    with pytest.raises(Invalid, match="so small a part"):
        await sent(store, of)


async def test_what_is_not_finished_is_kept_and_not_sent(store: Store, of: Hearing) -> None:
    drafting = RemarkKind.DRAFTING
    for typed, key in (
        (words(of, ""), "empty_comment"),
        (words(of, kind=drafting), "no_words"),
        (words(of, kind=drafting, proposed=of.clauses[2].text), "same_words"),
        (Said(Spot.WHOLE, kind=drafting, proposed="New."), "words_for_what"),
    ):
        name = new_id()
        with pytest.raises(Invalid) as why:
            await remarks.send(store, of.people[Group.ACADEMIA], of.round.id, DURING, name, typed)
        assert why.value.key == key
        async with store.read() as q:
            assert await q.remarks.get(name) is not None
    made = await sent(store, of, words(of, "", kind=drafting, proposed="States  shall\nnot harm them:"))
    assert made.proposed == "States shall not harm them:"
    with pytest.raises(Refusal, match="proper name"):
        await remarks.save(store, made.person_id, of.round.id, DURING, "x' OR 1", words(of))
    with pytest.raises(Invalid):
        await sent(store, of, words(of, question_id="none"))


async def test_only_the_groups_that_are_asked_write(store: Store) -> None:
    of = await hearing(store, groups=(Group.CIVIL_SOCIETY,))
    assert (await sent(store, of)).number == 1
    for person in (of.people[Group.INDUSTRY], of.cast.stranger, None):
        with pytest.raises((Forbidden, NotFound)):
            await remarks.save(store, person, of.round.id, DURING, new_id(), words(of))


# ── under another name ──


async def test_a_pseudonym_is_told_of_nobody(store: Store, of: Hearing) -> None:
    made = await sent(store, of, words(of, name="A concerned engineer"))
    assert (made.who, made.party, made.pseudonym, made.group) == (
        "A concerned engineer", None, True, Group.CIVIL_SOCIETY,
    )  # fmt: skip
    async with store.read() as q:
        (row,) = await q.register.rows(of.round.id)
    assert (row.entry.person_id, row.entry.party_id) == ("", "")
    with pytest.raises(Forbidden):  # a pseudonym is a person's own
        await remarks.change(store, of.civil_second, of.round.id, LATER, made.id, words(of, "Mine."))
    with pytest.raises(Forbidden):
        await remarks.withdraw(store, of.civil_second, of.round.id, LATER, made.id)
    with pytest.raises(Invalid, match="nobody else"):
        await together.ask(store, made.person_id, of.round.id, DURING, made.id, ["IQN"])
    for taken in ("Norvale", "nvl"):
        with pytest.raises(Invalid, match="Choose another"):
            await sent(store, of, words(of, name=taken))


async def test_pseudonyms_need_the_round_and_the_forum(store: Store) -> None:
    of = await hearing(store, pseudonyms=False)
    with pytest.raises(Forbidden, match="own name only"):
        await sent(store, of, words(of, name="A concerned engineer"))


# ── for several parties ──


async def test_only_those_who_join_are_named(store: Store, of: Hearing) -> None:
    name, author = new_id(), of.people[Group.CIVIL_SOCIETY]
    await remarks.save(store, author, of.round.id, DURING, name, words(of))
    asked = await together.ask(store, author, of.round.id, DURING, name, ["IQN", "nol", "NVL", "ONW"])
    assert {party.code for party in asked} == {"IQN", "NOL", "NVL"}
    assert await together.ask(store, author, of.round.id, DURING, name, ["IQN"]) == []
    scholar, operator = of.people[Group.ACADEMIA], of.people[Group.INDUSTRY]
    assert await told(store, scholar) == ["asked_to_join"]
    entered = await rounds.enter(store, scholar, of.round.id, DURING)
    assert [one.body for one in (await remarks.mine(store, entered)).asked] == ["Please say by when."]
    await together.answer(store, scholar, of.round.id, DURING, name, joins=True)
    await together.answer(store, operator, of.round.id, DURING, name, joins=False)
    made = (await remarks.hand_in(store, author, of.round.id, DURING, name)).remark
    assert [party.code for party in made.together] == ["IQN"]
    assert await told(store, author) == ["joined", "declined"]
    outsider = of.cast.costamar
    with pytest.raises(Forbidden):
        await together.answer(store, outsider, of.round.id, DURING, name, joins=True)
    with pytest.raises(Forbidden):  # who declined is not asked any more
        await together.answer(store, operator, of.round.id, DURING, name, joins=True)


async def test_who_joined_did_not_join_other_words(store: Store, of: Hearing) -> None:
    made, scholar = await sent(store, of), of.people[Group.ACADEMIA]
    await together.ask(store, made.person_id, of.round.id, DURING, made.id, ["IQN"])
    for _ in range(2):
        await together.answer(store, scholar, of.round.id, DURING, made.id, joins=True)
    changed = await remarks.change(store, made.person_id, of.round.id, LATER, made.id, words(of, "By March."))
    assert changed.remark.number == made.number
    async with store.read() as q:
        after = await q.remarks.get(made.id)
        rows = await q.register.rows(of.round.id)
    assert after is not None
    assert after.together == ()
    assert [row.entry.kind for row in rows] == ["sent", "joined", "changed"]
    assert await told(store, scholar) == ["asked_to_join", "asked_to_join"]
    with pytest.raises(Forbidden):
        await together.answer(store, scholar, of.round.id, AFTER, made.id, joins=True)
    await together.answer(store, scholar, of.round.id, AFTER, made.id, joins=False)
    with pytest.raises(Invalid, match="XYZ"):
        await together.ask(store, made.person_id, of.round.id, DURING, made.id, ["XYZ"])


# ── replies ──


async def test_replies_are_written_once_changed_and_told(store: Store, of: Hearing) -> None:
    made, name = await sent(store, of), new_id()
    operator = of.people[Group.INDUSTRY]
    for _ in range(2):
        body = "We can, @NVL and @XYZ and mail@NVL.example."
        await replies.write(store, operator, of.round.id, LATER, made.number, name, body)
    assert await told(store, made.person_id) == ["remark_replied"]
    assert await told(store, of.cast.norvale) == ["mentioned"]
    await replies.change(store, operator, of.round.id, LATER, name, "We can, @NVL and @IQN.")
    assert await told(store, of.cast.norvale) == ["mentioned"]
    assert await told(store, of.people[Group.ACADEMIA]) == ["mentioned"]
    entered = await rounds.enter(store, operator, of.round.id, LATER)
    thread = await replies.thread(store, entered, made.number)
    assert [one.body for one in thread.replies] == ["We can, @NVL and @IQN."]
    assert [one.body[:7] for one in thread.wordings[name]] == ["We can,"]
    assert thread.changes == {name}
    assert thread.receipt is None
    with pytest.raises(Forbidden):
        await replies.change(store, of.people[Group.ACADEMIA], of.round.id, LATER, name, "Not mine.")
    async with store.read() as q:
        kinds = [row.entry.kind for row in await q.register.rows(of.round.id)]
    assert kinds == ["sent", "replied", "reply_changed"]


async def test_nobody_replies_to_what_they_do_not_see(store: Store) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE)
    made = await sent(store, of)
    for person in (of.people[Group.INDUSTRY], of.cast.stranger, None):
        with pytest.raises(NotFound):
            await replies.write(store, person, of.round.id, DURING, made.number, new_id(), "Seen?")
    written = await replies.write(store, of.cast.chair, of.round.id, DURING, made.number, new_id(), "Thank you.")
    async with store.write() as q:
        await q.replies.set_hidden(written.id, "Not for here.")
    entered = await rounds.enter(store, made.person_id, of.round.id, DURING)
    thread = await replies.thread(store, entered, made.number)
    assert [(one.body, one.hidden_reason) for one in thread.replies] == [("", "Not for here.")]
    assert thread.receipt is not None
    assert Role.CHAIR in {one.role for one in await _members(store, of)}


async def _members(store: Store, of: Hearing) -> Any:
    async with store.read() as q:
        return await q.forums.members(of.cast.forum.id)


def test_mentions_are_codes_behind_an_at_sign() -> None:
    assert mentioned("@NVL, (@IQN) and me@ABC.org @nvl @TOOLONGS x@NVL") == ("NVL", "IQN")
