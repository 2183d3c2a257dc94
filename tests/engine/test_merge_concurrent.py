"""Thousands of edits made on two sides at once: no clause is changed that the sender did not touch, no overlap is
applied silently, no word is lost, and what is disjoint goes in."""

import pytest

from drafts import commands as do
from drafts.merge import plan
from drafts.room import Room
from tests.engine.concurrent import Case, Tried, cases, run
from tests.engine.seed import seeded
from tests.engine.table import INES, Table


def tried(edits: int) -> Tried:
    _, rng = seeded()
    total = Tried()
    for number, case in enumerate(cases(rng, edits)):
        found, made, _ = run(case)
        total.add(found)
        if number % 10 == 0:
            repeats(case, made)
    assert (total.wronged, total.silent, total.lost) == ([], [], [])
    assert total.applied + total.unsure == total.disjoint
    assert total.overlapping > edits / 10
    return total


def repeats(case: Case, made: Table) -> None:
    """The log alone makes the same; the same operation again does nothing, also in a room that was loaded anew."""
    made.insist()
    base = Table(*(case.text(name, []) for name in case.base)).room.state.live()
    again = do.Merge("merge", plan(base, case.parsed()), 1)
    if any(act.client == "merge" for act in made.log):
        made.room = Room.load(made.room.state.draft, None, made.log)
        seq = made.room.seq
        assert made.ask(INES, again).acts == []
        assert made.room.seq == seq


def test_a_thousand_edits_on_two_sides() -> None:
    tried(1_000)


@pytest.mark.torture
def test_ten_thousand_edits_on_two_sides() -> None:
    total = tried(10_000)
    assert total.applied >= 0.99 * total.disjoint
