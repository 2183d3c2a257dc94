"""Several texts beside one."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drafts.columns import MAX_COLUMNS, columns
from drafts.compare import Change
from drafts.model import Clause, ClauseKind


def clause(name: str, text: str) -> Clause:
    return Clause(name, ClauseKind.OPERATIVE, 0, text)


A = clause("a", "States should keep their registers of contact points up to date;")
B = clause("b", "States should answer requests for help within two working days;")
C = clause("c", "States should spare the systems that carry essential services;")
NEW = clause("", "States should meet once a year;")


def test_the_chair_s_text_and_two_delegations() -> None:
    first = [A, clause("b", B.text.replace("two", "[three]")), NEW, C]
    second = [A, clause("x", "Recalling its earlier reports;"), NEW, C]
    found = columns([A, B, C], [first, second])
    shown = [(row.base and row.base.id, [cell and cell.change.value for cell in row.cells]) for row in found.rows]
    assert shown == [
        ("a", ["same", "same"]),
        ("b", ["changed", "deleted"]),
        (None, [None, "inserted"]),
        (None, ["inserted", "inserted"]),
        ("c", ["same", "same"]),
    ]
    assert [counts.inserted for counts in found.counts] == [1, 2]
    assert json.loads(json.dumps(found.plain()))["rows"][0]["cells"][0]["change"] == "same"


def test_what_is_added_at_the_beginning_and_cut_off() -> None:
    cut = [NEW, clause("a", A.text[:33]), clause("x", A.text[34:]), B]
    found = columns([A, B], [cut, [NEW, A, B], []], {"x": "a"})
    shown = [(row.base and row.base.id, [cell and cell.change.value for cell in row.cells]) for row in found.rows]
    assert shown == [
        (None, ["inserted", "inserted", None]),
        ("a", ["changed", "same", "deleted"]),
        (None, ["split", None, None]),
        ("b", ["same", "same", "deleted"]),
    ]


def test_six_at_most() -> None:
    told: list[float] = []
    assert len(columns([A], [[A]] * MAX_COLUMNS, progress=told.append).rows[0].cells) == MAX_COLUMNS
    assert told[-1] == 1
    with pytest.raises(ValueError, match="no more than 6"):
        columns([A], [[A]] * (MAX_COLUMNS + 1))
    assert columns([A], []).rows[0].cells == ()


texts = st.lists(
    st.sampled_from([A, B, C, NEW, clause("", "To be completed;"), clause("d", "Reports;")]), max_size=6, unique=True
)


@given(texts, st.lists(texts, max_size=4))
def test_every_clause_of_every_column_stands_once_in_order(base: list[Clause], others: list[list[Clause]]) -> None:
    found = columns(base, others)
    assert [row.base for row in found.rows if row.base] == base
    for number, other in enumerate(others):
        cells = [row.cells[number] for row in found.rows]
        assert sorted(cell.new_at for cell in cells if cell and cell.new_at is not None) == list(range(len(other)))
        assert [cell.old_at for cell in cells if cell and cell.old_at is not None] == list(range(len(base)))
        added = [cell.new_at for cell in cells if cell and cell.change is Change.INSERTED]
        assert added == sorted(added, key=lambda at: at or 0)
