"""Labels follow from kinds and depths alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.model import Clause, ClauseKind
from drafts.numbering import Slot, address, addresses, alphabetic, labels, roman, sub_label

H, P, C, S = ClauseKind.HEADING, ClauseKind.PREAMBULAR, ClauseKind.CHAPEAU, ClauseKind.SUB
OP = ClauseKind.OPERATIVE


def test_a_whole_text() -> None:
    text = [Slot(H), Slot(C), Slot(P), Slot(P), Slot(H), Slot(OP), Slot(S, 1), Slot(S, 2), Slot(S, 2), Slot(S, 1)]
    text += [Slot(S, 2), Slot(S, 3), Slot(OP), Slot(S, 1), Slot(H), Slot(OP)]
    assert labels(text) == [
        *("", "", "PP1", "PP2", "", "OP1", "(a)", "(i)", "(ii)", "(b)", "(i)", "(A)", "OP2", "(a)", "", "OP3"),
    ]  # fmt: skip
    assert addresses(text)[5:] == [
        "OP1", "OP1 (a)", "OP1 (a)(i)", "OP1 (a)(ii)", "OP1 (b)", "OP1 (b)(i)", "OP1 (b)(i)(A)",
        "OP2", "OP2 (a)", "", "OP3",
    ]  # fmt: skip


def test_sub_clauses_of_a_chapeau_count_on_their_own() -> None:
    text = [Slot(OP), Slot(S, 1), Slot(C), Slot(S, 1), Slot(S, 2)]
    assert labels(text) == ["OP1", "(a)", "", "(a)", "(i)"]
    assert addresses(text) == ["OP1", "OP1 (a)", "", "(a)", "(a)(i)"]


def test_a_level_that_was_skipped() -> None:
    text = [Slot(OP), Slot(S, 2), Slot(S, 2), Slot(S, 1), Slot(S, 2), Slot(S, 0)]
    assert labels(text) == ["OP1", "(i)", "(ii)", "(a)", "(i)", "(b)"]
    assert address(text, 1) == "OP1 (i)"


def test_takes_clauses() -> None:
    clauses = [Clause("x", P, 0, "Recalling"), Clause("y", OP, 0, "Decides"), Clause("z", S, 1, "to meet")]
    assert labels(clauses) == ["PP1", "OP1", "(a)"]
    assert address(clauses, 2) == "OP1 (a)"
    with pytest.raises(IndexError):
        address(clauses, 3)


def test_letters_and_numerals() -> None:
    assert [alphabetic(n) for n in (1, 26, 27, 28, 52, 53)] == ["a", "z", "aa", "bb", "zz", "aaa"]
    assert [roman(n) for n in (1, 4, 9, 14, 40, 99, 1994)] == ["i", "iv", "ix", "xiv", "xl", "xcix", "mcmxciv"]
    assert [sub_label(depth, 2) for depth in (1, 2, 3, 4)] == ["(b)", "(ii)", "(B)", "(b)"]


slots = st.lists(st.builds(Slot, st.sampled_from(ClauseKind), st.integers(0, 4)))


@given(slots)
def test_no_address_is_given_twice_where_no_level_is_skipped(text: list[Slot]) -> None:
    stepwise: list[Slot] = []
    for slot in text:
        above = stepwise[-1].depth if stepwise and stepwise[-1].kind is S else 0
        stepwise.append(Slot(S, max(1, min(slot.depth, above + 1))) if slot.kind is S else Slot(slot.kind))
    found = [where for where in addresses(stepwise) if where.startswith(("PP", "OP"))]
    assert len(found) == len(set(found))


@given(slots, st.integers(0, 30))
def test_what_follows_never_changes_a_label(text: list[Slot], cut: int) -> None:
    assert labels(text)[:cut] == labels(text[:cut])


@given(slots)
def test_headings_and_chapeaux_have_none_and_all_others_have_one(text: list[Slot]) -> None:
    assert [bool(label) for label in labels(text)] == [slot.kind not in {H, C} for slot in text]
