"""Merging a file that was brought: looked at first, done once, settled by people; from the database on."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

import pytest

from drafts import commands as do
from drafts import exchange
from drafts.desk import brought, documents, drafts, live, merges, threads
from drafts.desk.verify import verify
from drafts.errors import Conflict, Forbidden, Invalid, NotFound
from drafts.exchange import word
from drafts.exchange.parsed import Parsed, ParsedClause, Piece, Remark, Signed
from drafts.model import Audience, Mode, Place, new_id
from drafts.outside import How, Kind, Report, Stage, Why
from drafts.store import Store
from tests.cast import Cast

SUBS = ("those that measure water levels;", "those that warn of floods.")
TWO = (("levels", "heights"), ("warn", "tell"))
MARTA = Signed("Marta (CTM, government)")


async def live_texts(store: Store, people: Cast) -> list[str]:
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    return [clause.text for clause in state.live()]


async def as_file(store: Store, people: Cast, *replaced: tuple[str, str], remarks: tuple[Remark, ...] = ()) -> Parsed:
    """The text as it stands, with some words replaced."""
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    made = []
    for clause in state.live():
        text = clause.text
        for old, new in replaced:
            text = text.replace(old, new)
        made.append(ParsedClause(clause.kind, clause.depth, text, clause.lang, id=clause.id))
    return Parsed("", "", "en", tuple(made), ("A picture was left out.",), tuple(made), remarks)


async def bring(store: Store, people: Cast, who: str, parsed: Parsed) -> str:
    return (await brought.keep(store, who, people.draft.id, "ours.docx", parsed, "merge")).id


async def edit(store: Store, people: Cast, who: str, at: int, text: str) -> None:
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    clause = state.standing()[at]
    await live.perform(store, who, people.draft.id, do.Edit(new_id(), clause.id, clause.number, text))


async def applied(store: Store, who: str, file: str) -> Report:
    return await merges.apply(store, partial(live.perform, store), who, file)


async def settle(store: Store, who: str, file: str, conflict: str, how: str, text: str = "") -> Report:
    return await merges.settle(store, partial(live.perform, store), who, file, conflict, how, text)


async def test_looked_at_first_then_done_once(store: Store, people: Cast) -> None:
    file = await bring(
        store, people, people.norvale, await as_file(store, people, ("levels", "heights"), ("warn", "tell"))
    )
    await edit(store, people, people.costamar, 3, "those that always measure water levels;")
    before = await live_texts(store, people)
    seen = await merges.preview(store, people.norvale, file)
    assert await live_texts(store, people) == before
    assert [(done.kind, done.label, done.words) for done in seen.applied] == [
        (Kind.EDIT, "OP1 (a)", 2),
        (Kind.EDIT, "OP1 (b)", 2),
    ]
    assert seen.notes == ("A picture was left out.",)
    done = await applied(store, people.norvale, file)
    assert done == seen
    after = await live_texts(store, people)
    assert after[3:5] == ["those that always measure water heights;", "those that tell of floods."]
    again = await asyncio.gather(*(applied(store, who, file) for who in (people.norvale, people.norvale_second)))
    assert again == [done, done]
    assert await merges.preview(store, people.norvale, file) == done == await merges.report(store, people.norvale, file)
    assert await live_texts(store, people) == after
    assert (await brought.get(store, people.norvale, file)).state is Stage.APPLIED
    assert await brought.waiting(store, people.norvale, people.draft.id) == []
    with pytest.raises(Conflict):
        await brought.discard(store, people.norvale, file)
    assert await verify(store) == []


async def test_two_that_apply_together_merge_once(store: Store, people: Cast) -> None:
    file = await bring(store, people, people.norvale, await as_file(store, people, ("levels", "heights")))
    one, two = await asyncio.gather(*(applied(store, people.norvale, file) for _ in range(2)))
    assert one == two
    acts = await store.acts(people.draft.id, 1)
    assert len(acts) == 1


async def test_acts_from_before_the_room_was_loaded_count(store: Store, people: Cast) -> None:
    """A base far behind, in a room that starts at a checkpoint: the log is asked for what happened since."""
    file = await bring(
        store, people, people.norvale, await as_file(store, people, ("levels", "heights"), ("warn", "tell"))
    )
    await edit(store, people, people.costamar, 3, "those that always measure water levels;")
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    await live.perform(
        store, people.chair, people.draft.id, do.Move(new_id(), state.standing()[4].id, state.standing()[2].id)
    )
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    async with store.write() as q:
        await q.drafts.keep_checkpoint(people.draft.id, state.draft.seq, state.to_bytes())
    done = await applied(store, people.norvale, file)
    assert [done.kind for done in done.applied] == [Kind.EDIT]
    assert [(clash.kind, clash.why) for clash in done.conflicts] == [(Kind.EDIT, Why.MOVED)]
    assert (await live_texts(store, people))[3:5] == [SUBS[1], "those that always measure water heights;"]
    assert await verify(store) == []


async def test_a_live_base_is_made_again_from_the_log(store: Store, people: Cast) -> None:
    await edit(store, people, people.costamar, 3, "those that measure levels;")
    file = await bring(store, people, people.norvale, await as_file(store, people, ("measure", "gauge")))
    await edit(store, people, people.costamar, 4, "those that warn of floods and storms.")
    done = await applied(store, people.norvale, file)
    assert done.base_seq == 2
    assert (await live_texts(store, people))[3:5] == [
        "those that gauge levels;",
        "those that warn of floods and storms.",
    ]


@pytest.mark.parametrize(
    ("how", "text", "wanted"),
    [
        ("theirs", "", "Soon, those that gauge water levels at all times;"),
        ("live", "", "Soon, those that record water levels at all times;"),
        ("text", "Our own words;", "Our own words;"),
        ("comment", "", "Soon, those that record water levels at all times;"),
    ],
)
async def test_a_conflict_is_settled_once(store: Store, people: Cast, how: str, text: str, wanted: str) -> None:
    file = await bring(store, people, people.norvale, await as_file(store, people, ("measure", "gauge")))
    await edit(store, people, people.costamar, 3, "those that record water levels;")
    done = await applied(store, people.norvale, file)
    (clash,) = done.open
    assert (clash.base, clash.theirs) == (SUBS[0], SUBS[0].replace("measure", "gauge"))
    await edit(store, people, people.costamar, 3, "Soon, those that record water levels at all times;")
    after = await settle(store, people.norvale_second, file, clash.id, how, text)
    assert (await live_texts(store, people))[3] == wanted
    assert after.open == ()
    settled = after.conflicts[0].settled
    assert settled is not None
    assert (settled.how, settled.by) == (How(how), people.norvale_second)
    assert len(await threads.all(store, people.costamar, people.draft.id)) == (how == "comment")
    with pytest.raises(Conflict):
        await settle(store, people.norvale, file, clash.id, "live")
    assert await verify(store) == []


async def test_words_for_a_clause_that_is_gone_bring_it_back(store: Store, people: Cast) -> None:
    file = await bring(store, people, people.norvale, await as_file(store, people, ("measure", "gauge")))
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    await live.perform(store, people.costamar, people.draft.id, do.Delete(new_id(), state.standing()[3].id))
    (clash,) = (await applied(store, people.norvale, file)).open
    assert (clash.why, clash.live) == (Why.DELETED, "")
    await settle(store, people.norvale, file, clash.id, "theirs")
    assert (await live_texts(store, people))[3] == SUBS[0].replace("measure", "gauge")


async def test_authors_are_remembered_and_comments_come_along(store: Store, people: Cast) -> None:
    own = Remark("0", 3, 6, 10, "that", Signed("Ines Valder (NVL, government)"), "From here.")
    said = Remark("1", 3, 11, 18, "measure", MARTA, "How?")
    reply = Remark("2", 3, 11, 18, "measure", Signed("Otto"), "With gauges.", answers="1")
    command = do.OpenThread(new_id(), Place.DRAFT, "From here.")
    await live.perform(store, people.norvale, people.draft.id, command)
    parsed = await as_file(store, people, remarks=(own, said, reply))
    first = parsed.clauses[3]
    pieces = (Piece("those that measure "), Piece("the ", MARTA), Piece("water levels;"))
    text = "those that measure the water levels;"
    clauses = [*parsed.clauses[:3], ParsedClause(first.kind, 1, text, id=first.id, pieces=pieces), *parsed.clauses[4:]]
    file = await bring(store, people, people.chair, Parsed("", "", "en", tuple(clauses), remarks=parsed.remarks))
    mapping = await merges.mapping(store, people.chair, file)
    assert mapping == {MARTA.author: people.parties["CTM"].id, own.by.author: people.parties["NVL"].id}
    done = await merges.apply(store, partial(live.perform, store), people.chair, file, mapping)
    assert done.remarks == 1
    (made,) = [view for view in await threads.all(store, people.norvale, people.draft.id) if view["place"] == "span"]
    assert [c["body"] for c in made["comments"]] == [f"{MARTA.author}: How?", "Otto: With gauges."]
    assert (made["quote"], made["audience"]) == ("measure", Audience.DELEGATIONS.value)
    acts = await store.acts(people.draft.id, 2)
    assert acts[0].party_id == people.parties["CTM"].id
    async with store.read() as q:
        assert await q.brought.authors(people.forum.id, people.parties["CHR"].id) == mapping
    assert await verify(store) == []


async def test_who_may_neither_edit_nor_propose_comments(store: Store, people: Cast) -> None:
    await live.perform(store, people.chair, people.draft.id, do.SetDraft(new_id(), mode=Mode.PEN))
    file = await bring(store, people, people.observer, await as_file(store, people, ("measure", "gauge")))
    done = await applied(store, people.observer, file)
    assert [one.kind for one in done.commented] == [Kind.EDIT]
    view = (await threads.all(store, people.chair, people.draft.id))[-1]
    assert view["comments"][0]["body"] == "Proposed wording: those that gauge water levels;"
    assert view["audience"] == "everyone"
    assert await applied(store, people.observer, file) == done
    assert (await live_texts(store, people))[3] == SUBS[0]


async def test_doors(store: Store, people: Cast) -> None:
    file = await bring(store, people, people.norvale, await as_file(store, people, ("measure", "gauge")))
    perform = partial(live.perform, store)
    doors: list[Callable[[str | None], Awaitable[object]]] = [
        lambda who: merges.preview(store, who, file),
        lambda who: merges.apply(store, perform, who, file),
        lambda who: merges.report(store, who, file),
        lambda who: merges.mapping(store, who, file),
        lambda who: merges.settle(store, perform, who, file, "1", "live"),
    ]
    for who in (None, people.stranger, people.chair, people.costamar):
        for door in doors:
            with pytest.raises(NotFound):
                await door(who)
    with pytest.raises(NotFound):
        await merges.report(store, people.norvale, file)
    with pytest.raises(NotFound):
        await settle(store, people.norvale, file, "1", "live")
    with pytest.raises(Invalid):
        await merges.preview(store, people.norvale, file, {"Marta": "nobody"})
    foreign = {"Marta": people.parties["CTM"].id}
    assert (await merges.preview(store, people.norvale, file, foreign)).applied
    assert await merges.mapping(store, people.norvale, file) == {}
    parsed = await as_file(store, people)
    made = ParsedClause(
        parsed.clauses[0].kind, 0, "Norms!", id=parsed.clauses[0].id, pieces=(Piece("Norms!", Signed("Marta")),)
    )
    words = await bring(store, people, people.norvale, Parsed("", "", "en", (made, *parsed.clauses[1:])))
    with pytest.raises(Forbidden):
        await merges.preview(store, people.norvale, words, foreign)


async def test_our_own_word_file_with_its_redline_changes_nothing_when_it_comes_back(
    store: Store, people: Cast
) -> None:
    """What was tracked before its base is no change; comments that came from here are no new ones."""
    await live.perform(store, people.chair, people.draft.id, do.Issue(new_id(), "Rev.1"))
    await edit(store, people, people.costamar, 3, "those that always measure the levels of water;")
    state, _ = await drafts.state(store, people.chair, people.draft.id)
    standing = state.standing()
    for command in (
        do.Delete(new_id(), standing[4].id),
        do.Insert(new_id(), standing[1].id, texts=("A clause that came between.",)),
        do.OpenThread(new_id(), Place.SPAN, "Which ones?", standing[3].id, 1, 6, 10),
    ):
        await live.perform(store, people.norvale, people.draft.id, command)
    document = await documents.of_draft(store, people.norvale, people.draft.id, "live", 1, comments=True)
    parsed = exchange.read("ours.docx", word.write(document))
    assert any(piece.ins or piece.dele for clause in parsed.clauses for piece in clause.pieces)
    assert parsed.remarks
    file = await bring(store, people, people.norvale, parsed)
    done = await applied(store, people.norvale, file)
    assert (done.applied, done.already, done.conflicts, done.remarks) == ((), (), (), 0)
    text = "those that always gauge the levels of water;"
    at = next(n for n, clause in enumerate(parsed.clauses) if "always measure" in clause.text)
    pieces = [
        part for piece in parsed.clauses[at].pieces for part in (_gauged(piece) if "measure" in piece.text else [piece])
    ]
    changed = replace(parsed.clauses[at], text=text, pieces=tuple(pieces))
    clauses = (*parsed.clauses[:at], changed, *parsed.clauses[at + 1 :])
    file = await bring(store, people, people.chair, replace(parsed, clauses=clauses))
    done = await merges.apply(
        store, partial(live.perform, store), people.chair, file, {MARTA.author: people.parties["CTM"].id}
    )
    assert [(one.kind, one.words, one.party) for one in done.applied] == [(Kind.EDIT, 2, people.parties["CTM"].id)]
    assert text in await live_texts(store, people)
    assert await verify(store) == []


def _gauged(piece: Piece) -> list[Piece]:
    before, _, after = piece.text.partition("measure")
    struck, written = replace(piece, text="measure", dele=MARTA), Piece("gauge", MARTA)
    return [replace(piece, text=before), struck, written, replace(piece, text=after)]
