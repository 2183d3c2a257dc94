"""Bringing a text, opening it, its versions. For each door: works, stranger, reader, bad input."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence

import pytest

from drafts import commands as do
from drafts.access import Verb
from drafts.desk import drafts, live, versions
from drafts.errors import Forbidden, Invalid, NotFound, TooLarge
from drafts.model import Clause, ClauseKind, Draft, Mode, VersionStatus
from drafts.room import MAX_CLAUSES
from drafts.state import FORMAT
from drafts.store import Store
from tests.cast import CLAUSES, Cast

Door = Callable[[str | None], Awaitable[object]]
OPERATIVE = ClauseKind.OPERATIVE


async def refuses_strangers(door: Door, people: Cast) -> None:
    for who in (None, people.stranger, "nobody"):
        with pytest.raises(NotFound):
            await door(who)


async def bring(store: Store, people: Cast, clauses: Sequence[Clause], **facts: str) -> Draft:
    given = {"title": "A text", "symbol": "", "kind": "cbm", "language": "en", "mode": "open"} | facts
    return await drafts.create(
        store, people.chair, people.forum.id, **given, observers=False, clauses=clauses
    )  # fmt: skip


# ── bringing a text ──


async def test_what_was_brought_is_there(store: Store, people: Cast) -> None:
    state, member = await drafts.state(store, people.norvale, people.draft.id)
    assert member.person_id == people.norvale
    assert state.draft == people.draft
    assert people.draft.seq == 1
    assert [(c.kind, c.depth, c.text, c.lang) for c in state.live()] == [
        (c.kind, c.depth, c.text, c.lang) for c in CLAUSES
    ]
    assert [c.label for c in state.live()] == ["", "PP1", "OP1", "(a)", "(b)", "OP2"]
    assert state.authors == [(people.chair, people.parties["CHR"].id)]


async def test_ids_that_a_file_carried_are_kept(store: Store, people: Cast) -> None:
    given = ["keepme0001", "", "keepme0001", "<script>", "z" * 33, "keepme0002"]
    draft = await bring(store, people, [Clause(own, OPERATIVE, 0, "text") for own in given])
    state, _ = await drafts.state(store, people.chair, draft.id)
    ids = [clause.id for clause in state.live()]
    assert ids[0] == "keepme0001"
    assert ids[5] == "keepme0002"
    assert len(set(ids)) == 6
    assert not set(given[1:5]) & set(ids[1:5])


async def test_a_text_is_made_plain(store: Store, people: Cast) -> None:
    draft = await bring(store, people, [Clause("", OPERATIVE, 0, " e\u0301a\nb\x00c\u2028d ")], title=" A \n  title ")
    state, _ = await drafts.state(store, people.chair, draft.id)
    assert [c.text for c in state.live()] == ["éa b c d"]
    assert state.draft.title == "A title"


async def test_a_draft_may_begin_empty(store: Store, people: Cast) -> None:
    draft = await bring(store, people, [])
    state, _ = await drafts.state(store, people.chair, draft.id)
    assert state.live() == []
    await live.perform(store, people.norvale, draft.id, do.Insert("op-1", None, texts=("The first words.",)))
    state, _ = await drafts.state(store, people.chair, draft.id)
    assert [c.text for c in state.live()] == ["The first words."]


async def test_bringing_is_for_chair_and_secretariat(store: Store, people: Cast) -> None:
    def door(who: str | None) -> Awaitable[object]:
        return drafts.create(store, who, people.forum.id, "A text", "", "norm", "en", "open", False, [])

    assert isinstance(await door(people.secretary), Draft)
    await refuses_strangers(door, people)
    for who in (people.norvale, people.observer):
        with pytest.raises(Forbidden):
            await door(who)
    with pytest.raises(NotFound):
        await drafts.create(store, people.chair, "nothing", "A text", "", "norm", "en", "open", False, [])


@pytest.mark.parametrize(
    ("facts", "error"),
    [
        ({"title": ""}, Invalid),
        ({"title": "t" * 501}, TooLarge),
        ({"symbol": "s" * 101}, TooLarge),
        ({"kind": "treaty"}, Invalid),
        ({"language": "English"}, Invalid),
        ({"mode": "anarchy"}, Invalid),
    ],
)
async def test_bad_facts_store_nothing(
    store: Store, people: Cast, facts: dict[str, str], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await bring(store, people, CLAUSES, **facts)
    assert len((await drafts.of_forum(store, people.chair, people.forum.id))[2]) == 1


@pytest.mark.parametrize(
    ("clauses", "error"),
    [
        ([Clause("", ClauseKind.SUB, 0, "x")], Invalid),
        ([Clause("", ClauseKind.SUB, 4, "x")], Invalid),
        ([Clause("", OPERATIVE, 1, "x")], Invalid),
        ([Clause("", OPERATIVE, 0, "x", lang="no language")], Invalid),
        ([Clause("", "rubric", 0, "x")], Invalid),  # type: ignore[arg-type]
        ([Clause("", OPERATIVE, 0, "x" * (64 * 1024 + 1))], TooLarge),
        ([Clause("", OPERATIVE, 0, "x")] * (MAX_CLAUSES + 1), TooLarge),
    ],
    ids=["sub 0", "sub 4", "operative 1", "language", "kind", "long", "many"],
)
async def test_bad_clauses_store_nothing(
    store: Store, people: Cast, clauses: list[Clause], error: type[Exception]
) -> None:
    with pytest.raises(error):
        await bring(store, people, [*CLAUSES, *clauses])
    assert len((await drafts.of_forum(store, people.chair, people.forum.id))[2]) == 1


# ── opening it ──


async def test_opening(store: Store, people: Cast) -> None:
    for who in people.members:
        draft, member = await drafts.open(store, who, people.draft.id)
        assert draft == people.draft
        assert member.person_id == who
    await refuses_strangers(lambda who: drafts.open(store, who, people.draft.id), people)
    await refuses_strangers(lambda who: drafts.state(store, who, people.draft.id), people)
    with pytest.raises(NotFound):
        await drafts.open(store, people.chair, "nothing")
    assert await drafts.open(store, people.norvale, people.draft.id, Verb.DRAFT_EDIT)
    with pytest.raises(Forbidden, match="Observers"):
        await drafts.open(store, people.observer, people.draft.id, Verb.DRAFT_EDIT)
    with pytest.raises(Forbidden):
        await drafts.open(store, people.norvale, people.draft.id, Verb.VERSION_ISSUE)


async def test_a_draft_that_is_closed_to_observers(store: Store, people: Cast) -> None:
    await live.perform(store, people.chair, people.draft.id, do.SetDraft("op-1", observers=False, mode=Mode.PEN))
    with pytest.raises(NotFound):
        await drafts.open(store, people.observer, people.draft.id)
    with pytest.raises(NotFound):
        await versions.all(store, people.observer, people.draft.id)
    assert (await drafts.open(store, people.norvale, people.draft.id))[0].mode is Mode.PEN
    with pytest.raises(Forbidden, match="pen"):
        await drafts.open(store, people.norvale, people.draft.id, Verb.DRAFT_EDIT)


async def test_a_checkpoint_of_another_release_is_passed_over(store: Store, people: Cast) -> None:
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    data, mark = state.to_bytes(), b"format" + bytes([FORMAT])
    for kept in (data, data.replace(mark, b"format\x00")):
        async with store.write() as q:
            await q.drafts.keep_checkpoint(people.draft.id, 1, kept)
        again, _ = await drafts.state(store, people.chair, people.draft.id)
        assert again.live() == state.live()
        assert (await live.load(store, people.draft.id)).state.live() == state.live()
    assert data.count(mark) == 1


# ── versions ──


@pytest.fixture
async def issued(store: Store, people: Cast) -> Cast:
    """Zero draft; then Norvale changes a clause; then Rev.1."""
    zero = do.Issue("op-zero", "Zero draft", status=VersionStatus.ZERO, note="As brought in.")
    await live.perform(store, people.chair, people.draft.id, zero)
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    preamble = state.live()[1]
    edit = do.Edit("op-edit", preamble.id, 0, "*Recalling* that the lakes and rivers are shared,")
    await live.perform(store, people.norvale, people.draft.id, edit)
    await live.perform(store, people.secretary, people.draft.id, do.Issue("op-rev", "Rev.1", symbol="LS/1/Rev.1"))
    return people


async def test_versions_are_chained(store: Store, issued: Cast) -> None:
    zero, first = await versions.all(store, issued.observer, issued.draft.id)
    assert [(v.number, v.label, v.symbol, v.seq) for v in (zero, first)] == [
        (1, "Zero draft", "LS/1", 2),
        (2, "Rev.1", "LS/1/Rev.1", 4),
    ]
    assert (zero.previous, first.previous) == ("", zero.hash)
    version, text = await versions.canonical(store, issued.observer, issued.draft.id, 2)
    assert version == first
    assert hashlib.sha256(text.encode()).hexdigest() == first.hash
    assert json.loads(text)["previous"] == zero.hash


async def test_a_version_stays_as_it_was_issued(store: Store, issued: Cast) -> None:
    zero = await versions.get(store, issued.observer, issued.draft.id, 1)
    rev = await versions.get(store, issued.observer, issued.draft.id, "2")
    now = await versions.get(store, issued.observer, issued.draft.id, "live")
    assert (zero.title, zero.version_label, zero.language) == ("Norms for the lake states", "Zero draft", "en")
    assert zero.clauses[1].text == "*Recalling* that the lakes are shared,"
    assert rev.clauses[1].text == now.clauses[1].text == "*Recalling* that the lakes and rivers are shared,"
    assert zero.clauses[1].label == "PP1"
    assert [c.id for c in zero.clauses] == [c.id for c in rev.clauses]
    assert list(rev.clauses) == list(now.clauses)
    assert (now.version_label, now.date) == ("", None)
    assert zero.date == (await versions.all(store, issued.chair, issued.draft.id))[0].issued_at.date()


async def test_versions_are_for_members(store: Store, issued: Cast) -> None:
    draft = issued.draft.id
    await refuses_strangers(lambda who: versions.all(store, who, draft), issued)
    for number in (1, "live"):
        await refuses_strangers(lambda who, n=number: versions.get(store, who, draft, n), issued)  # type: ignore[misc]
    await refuses_strangers(lambda who: versions.canonical(store, who, draft, 1), issued)


@pytest.mark.parametrize("number", [0, 3, -1, "0", "x", "", "1.5", "²", "9" * 400, "٢٢٢"])
async def test_versions_that_are_not_there(store: Store, issued: Cast, number: int | str) -> None:
    with pytest.raises(NotFound):
        await versions.get(store, issued.chair, issued.draft.id, number)
