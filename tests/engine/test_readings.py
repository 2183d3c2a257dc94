"""Proposals against a text that moved on: what is carried over, what is shown with both readings."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from drafts import commands as do
from drafts.brackets import alone
from drafts.floor import Tabled
from drafts.model import ClauseKind, ProposalKind
from drafts.readings import Contested, Reading, Stale, against, choices, chosen, equal, place, reading, worded
from drafts.words import Hunk, Op
from tests.engine.floor import lay, now
from tests.engine.sides import BASE, SIDE, Edit, places, text, words
from tests.engine.table import CHAIR, INES, PILAR, Table

MODIFY, ADD, DELETE = ProposalKind.MODIFY, ProposalKind.ADD, ProposalKind.DELETE
MOVE, NO_CHANGE = ProposalKind.MOVE, ProposalKind.NO_CHANGE
CABLES = "States should not damage undersea cables during armed conflict or in peacetime."


def spelt(found: Reading) -> tuple[str, str]:
    """What the pieces begin with and what they come to."""
    return (
        "".join(hunk.text for hunk in found.pieces if hunk.op is not Op.INSERT),
        "".join(hunk.text for hunk in found.pieces if hunk.op is not Op.DELETE),
    )


# ── words ──


@settings(max_examples=300, deadline=None)
@given(SIDE, SIDE)
def test_what_others_left_alone_is_carried_over_and_nothing_else(mine: list[Edit], others: list[Edit]) -> None:
    found = worded(BASE, text(mine), text(others))
    taken, contested = list(others), []
    for own, theirs in places([mine, others]):
        if not theirs:
            taken += own
        elif own and own != theirs:
            contested.append((own, theirs))
    assert found.outcome.split() == words(taken)
    assert spelt(found) == (text(others), found.outcome)
    assert bool(found.stale) == bool(contested)
    assert found.done == (bool(mine) and not contested and found.outcome == text(others))
    assert len(found.conflicts) <= len(contested)
    for own, theirs in contested:
        new = {edit.new for edit in own} - {""}
        assert any(new <= set(clash.theirs.split()) for clash in found.conflicts)
        assert any({edit.new for edit in theirs} - {""} <= set(clash.live.split()) for clash in found.conflicts)
    for clash in found.conflicts:
        assert text(others)[clash.at :].startswith(clash.live)
        assert clash.base in BASE


def test_a_change_stands_when_others_changed_another_place() -> None:
    live = CABLES.replace("peacetime", "time of peace").replace("States", "All States")
    found = worded(CABLES, CABLES.replace("damage", "damage or tap"), live)
    assert (
        found.outcome
        == "All States should not damage or tap undersea cables during armed conflict or in time of peace."
    )
    assert (found.stale, found.done) == (Stale.NO, False)
    assert Hunk(Op.INSERT, " or tap") in found.pieces


def test_both_readings_are_told_where_the_same_words_changed() -> None:
    live = CABLES.replace("should not", "shall never")
    found = worded(CABLES, CABLES.replace("should", "must").replace("peacetime", "calm"), live)
    assert found.stale is Stale.WORDS
    assert found.conflicts == (Contested("should not", "must not", "shall never", 7),)
    assert found.outcome == live.replace("peacetime", "calm")  # what nobody else touched


def test_what_the_text_says_already_is_done() -> None:
    proposed = CABLES.replace("should", "must")
    assert worded(CABLES, proposed, proposed).done
    assert worded(CABLES, proposed, "All " + proposed).done
    assert not worded(CABLES, proposed, CABLES).done
    assert not worded(CABLES, CABLES, "All " + CABLES).done


@pytest.mark.parametrize("marks", ["[]", "**"])
def test_the_ends_of_a_pair_have_one_fate(marks: str) -> None:
    old = "One two three four five six seven."
    proposed = f"One {marks[0]}two three four five{marks[1]} six seven."
    found = worded(old, proposed, old.replace("six", "sechs"))
    assert found.stale is Stale.WORDS
    assert found.outcome == old.replace("six", "sechs")
    assert len(choices(worded(old, proposed, old))) == 1
    free = worded(old, proposed, old.replace("seven", "sieben"))
    assert free.outcome == proposed.replace("seven", "sieben")


def test_astral_characters_and_other_scripts() -> None:
    found = worded("🕊 一 二 三 四", "🕊🌍 一 二 三 四", "🕊 一 二 三 五🌍")
    assert found.outcome == "🕊🌍 一 二 三 五🌍"
    clash = worded("🕊 a b c", "🕊 a b z", "🕊🕊 a b x").conflicts[0]
    assert (clash.base, clash.theirs, clash.live, clash.at) == ("c", "z", "x", 7)


# ── choices ──


def test_a_deletion_and_what_comes_for_it_are_one_choice() -> None:
    proposed = "All States must not damage undersea [data] cables [ever] during armed conflict or in peacetime."
    found = worded(CABLES, proposed, CABLES)
    numbered = choices(found)
    assert [choice.number for choice in numbered] == [0, 1, 2, 3]
    taken = chosen(found, [1])
    assert "".join(h.text for h in taken if h.op is not Op.DELETE) == CABLES.replace("should", "must")
    assert chosen(found, [0, 1, 2, 3]) == found.pieces
    with pytest.raises(IndexError):
        chosen(found, [4])


@settings(max_examples=100, deadline=None)
@given(SIDE)
def test_each_choice_is_one_edit(mine: list[Edit]) -> None:
    found = worded(BASE, text(mine), BASE)
    assert len(choices(found)) == len(mine)
    for number, edit in enumerate(mine):
        taken = chosen(found, [number])
        assert "".join(h.text for h in taken if h.op is not Op.DELETE).split() == words([edit])


def test_no_choice_leaves_a_bracket_alone() -> None:
    found = worded(
        CABLES, "[States] should [not damage undersea cables] during [armed] conflict or in peacetime.", CABLES
    )
    for choice in choices(found):
        assert not alone("".join(h.text for h in chosen(found, [choice.number]) if h.op is not Op.DELETE))
    assert len(choices(found)) == 3


# ── clauses ──


def table() -> Table:
    return Table("First words here.", "Second words here.", "Third words here.")


def read(made: Table, proposal: Tabled) -> Reading:
    return against(made.room.state, now(made, proposal.id))


def test_on_a_clause_that_is_deleted() -> None:
    made = table()
    words_, gone, moved = (lay(made, INES, kind, "c1", "Second new words here.") for kind in (MODIFY, DELETE, MOVE))
    made.ask(CHAIR, do.Delete("x", "c1", "said elsewhere"))
    found = read(made, words_)
    assert (found.stale, found.why, found.outcome) == (Stale.GONE, "said elsewhere", "")
    assert spelt(found) == ("Second words here.", "Second new words here.")
    assert read(made, moved).stale is Stale.GONE
    assert read(made, gone).done
    assert not read(made, gone).stale
    made.ask(CHAIR, do.Restore("y", "c1"))
    assert not read(made, words_).stale


def test_on_a_clause_that_was_joined_or_split() -> None:
    made = table()
    on = lay(made, INES, MODIFY, "c1", "Second new words here.")
    new = made.split("c1", len("Second words "))
    found = read(made, on)
    assert (found.stale, found.outcome) == (Stale.SPLIT, "Second new words ")
    made.join(new)
    assert not read(made, on).stale
    made.join("c1")
    found = read(made, on)
    assert (found.stale, found.into) == (Stale.JOINED, "c0")
    made.insist()


def test_a_clause_that_was_split_before_is_whole() -> None:
    made = table()
    made.split("c1", len("Second "))
    assert not read(made, lay(made, INES, MODIFY, "c1", "Other ")).stale


def test_a_new_clause_waits_when_the_one_before_is_gone() -> None:
    made = table()
    on, front = lay(made, INES, ADD, None, "New.", after="c1"), lay(made, INES, ADD, None, "Newer.")
    assert (read(made, on).stale, read(made, on).outcome, read(made, front).stale) == (Stale.NO, "New.", Stale.NO)
    made.ask(CHAIR, do.Insert("a", "c1", texts=("New.",)))
    assert read(made, on).done
    made.ask(CHAIR, do.Delete("b", "c1", "over"))
    again = lay(made, PILAR, ADD, None, "Other.", after="c1")
    assert (read(made, again).stale, read(made, again).why) == (Stale.GONE, "over")
    made.ask(CHAIR, do.Restore("c", "c1"))
    made.join("c1")
    assert (read(made, again).stale, read(made, again).into) == (Stale.JOINED, "c0")
    assert place(made.room.state, again) == "c0"


def test_a_new_clause_comes_behind_the_sub_clauses_of_the_one_before() -> None:
    made = table()
    made.ask(CHAIR, do.Shape("a", "c1", ClauseKind.SUB, 1))
    made.ask(CHAIR, do.Shape("b", "c2", ClauseKind.SUB, 2))
    state = made.room.state
    assert place(state, lay(made, INES, ADD, None, "New.", after="c0")) == "c2"
    sub = lay(made, INES, ADD, None, "New.", after="c1", shape=(ClauseKind.SUB, 1, ""))
    assert place(state, sub) == "c2"
    assert place(state, replace(sub, shape=(ClauseKind.SUB, 2, ""))) == "c1"
    assert place(state, replace(sub, shape=(ClauseKind.CHAPEAU, 0, ""))) == "c1"
    assert place(state, replace(sub, after=None)) is None


def test_kinds_without_words() -> None:
    made = table()
    gone, moved, same = (lay(made, INES, kind, "c1", after="c2") for kind in (DELETE, MOVE, NO_CHANGE))
    assert spelt(read(made, gone)) == ("Second words here.", "")
    assert not any(read(made, one).stale or read(made, one).done for one in (gone, moved, same))
    made.type(PILAR, "c1", 0, "The ")
    assert [read(made, one).stale for one in (gone, moved, same)] == [Stale.WORDS, Stale.NO, Stale.WORDS]
    assert spelt(read(made, gone)) == ("The Second words here.", "")
    made.ask(CHAIR, do.Move("m", "c1", "c2"))
    assert read(made, moved).done
    made.ask(CHAIR, do.Move("n", "c1", None))
    made.ask(CHAIR, do.Delete("d", "c2", "over"))
    assert (read(made, moved).stale, read(made, moved).why) == (Stale.GONE, "over")


# ── equal ones ──


def test_equal_outcomes_are_found() -> None:
    made = table()
    first, other = "First new words here.", "First other words here."
    on = [lay(made, who, MODIFY, "c0", words_) for who, words_ in ((INES, first), (PILAR, other), (PILAR, first))]
    made.type(INES, "c0", len("First words here"), " and now")
    on.append(lay(made, PILAR, MODIFY, "c0", "First new words here and now."))
    on += [lay(made, who, kind, "c0", after=to) for kind, to in ((DELETE, None), (MOVE, "c2")) for who in (INES, PILAR)]
    on.append(lay(made, INES, MOVE, "c0", after="c1"))
    groups = equal(on, made["c0"].text)
    assert groups == [["p1", "p3", "p4"], ["p5", "p6"], ["p7", "p8"]]
    new = [lay(made, who, ADD, None, text_, after="c1") for who, text_ in ((INES, "A"), (PILAR, "A"), (INES, "B"))]
    assert equal(new, None) == [[new[0].id, new[1].id]]
    made.type(INES, "c0", 0, "", end=len("First words "))
    assert equal(on[:4], made["c0"].text) == []  # contested: nothing certain


def test_the_same_texts_are_read_once() -> None:
    one = worded(BASE, BASE + " more", "new " + BASE)
    assert worded(BASE, BASE + " more", "new " + BASE) is one
    made = table()
    assert reading(lay(made, INES, MODIFY, "c0", "First."), "First words here.").outcome == "First."
