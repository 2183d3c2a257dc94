"""Labels follow from kinds and depths alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.model import Clause, ClauseKind
from drafts.numbering import (
    Kept,
    Slot,
    address,
    addresses,
    again,
    alphabetic,
    as_issued,
    full,
    labels,
    roman,
    sub_label,
)

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


# ── between two versions ──


def issued(*slots: Slot) -> dict[str, Kept]:
    return as_issued(called(*slots))


def called(*slots: Slot) -> list[Clause]:
    return [Clause(slot.id, slot.kind, slot.depth, "", label) for slot, label in zip(slots, labels(slots), strict=True)]


ONE, TWO, THREE = Slot(OP, 0, "one"), Slot(OP, 0, "two"), Slot(OP, 0, "three")
PART, LAST = Slot(S, 1, "part"), Slot(S, 1, "last")
ISSUED = issued(Slot(P, 0, "since"), ONE, PART, LAST, TWO, THREE)


def new(kind: ClauseKind = OP, depth: int = 0, name: str = "new") -> Slot:
    return Slot(kind, depth, name)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ([ONE, TWO, THREE], ["OP1", "OP2", "OP3"]),
        ([ONE, TWO, new(), new(name="newer"), THREE], ["OP1", "OP2", "OP2 bis", "OP2 ter", "OP3"]),
        ([ONE, THREE], ["OP1", "OP3"]),
        ([ONE, new(), THREE], ["OP1", "OP1 bis", "OP3"]),
        ([THREE, ONE, new(), TWO], ["OP3", "OP1", "OP1 bis", "OP2"]),
        ([new(), new(name="newer"), ONE], ["OP1 ante", "OP1 ante bis", "OP1"]),
        ([new(), THREE], ["OP3 ante", "OP3"]),
        ([new(), new(name="newer")], ["OP1 ante", "OP1 ante bis"]),
        ([ONE, PART, new(S, 1), LAST], ["OP1", "OP1 (a)", "OP1 (a) bis", "OP1 (b)"]),
        ([ONE, LAST, new(S, 1)], ["OP1", "OP1 (b)", "OP1 (b) bis"]),
        ([TWO, new(S, 1), new(S, 1, "newer")], ["OP2", "OP2 (a)", "OP2 (b)"]),
        ([TWO, LAST, ONE, PART], ["OP2", "OP2 (a)", "OP1", "OP1 (a)"]),
        ([ONE, new(), new(S, 1, "of it")], ["OP1", "OP1 bis", "OP1 bis (a)"]),
        ([ONE, PART, new(S, 2), LAST], ["OP1", "OP1 (a)", "OP1 (a)(i)", "OP1 (b)"]),
        ([Slot(P, 0, "two"), TWO], ["PP1 ante", "OP2"]),
        ([new(P), Slot(P, 0, "since"), new(C), ONE], ["PP1 ante", "PP1", "", "OP1"]),
    ],
)
def test_nothing_is_renumbered_between_two_versions(text: list[Slot], told: list[str]) -> None:
    assert addresses(text, ISSUED) == told


def test_a_row_that_was_not_issued_counts_from_the_start() -> None:
    assert labels([new(P), new(P, 0, "newer"), ONE], issued(ONE)) == ["PP1", "PP2", "OP1"]


def test_the_next_free_one_behind_a_label_that_is_taken() -> None:
    kept = issued(ONE) | {"bis": Kept("OP", "OP1 bis")}
    assert labels([ONE, new(), Slot(OP, 0, "bis"), new(OP, 0, "newer")], kept) == [
        "OP1", "OP1 ter", "OP1 bis", "OP1 quater",
    ]  # fmt: skip


def test_the_times() -> None:
    assert [again("OP2", time) for time in (2, 3, 4, 10, 20, 21)] == [
        "OP2 bis", "OP2 ter", "OP2 quater", "OP2 decies", "OP2 vicies", "OP2 (21)",
    ]  # fmt: skip


named = st.lists(st.tuples(st.sampled_from(ClauseKind), st.integers(0, 3)), max_size=12).map(
    lambda found: [Slot(kind, depth if kind is S else 0, str(at)) for at, (kind, depth) in enumerate(found)]
)


@given(named, st.permutations(range(14)), st.integers(0, 12))
def test_kept_labels_stay_and_no_row_has_one_twice(text: list[Slot], order: list[int], brought: int) -> None:
    kept = issued(*text[:brought])
    mixed = [text[at] for at in order if at < len(text)]
    found = labels(mixed, kept)
    assert full([Clause(s.id, s.kind, s.depth, "", label) for s, label in zip(mixed, found, strict=True)]) == addresses(
        mixed, kept
    )
    rows: list[tuple[str, str]] = []
    for slot, label in zip(mixed, found, strict=True):
        assert bool(label) == (slot.kind not in {H, C})
        if slot.kind in {P, OP}:
            rows.append((slot.kind, label))
            assert slot.id not in kept or label == kept[slot.id].label
    assert len(rows) == len(set(rows))


@given(named)
def test_what_was_issued_is_called_as_it_was(text: list[Slot]) -> None:
    assert labels(text, issued(*text)) == labels(text)
    assert full(called(*text)) == addresses(text)
