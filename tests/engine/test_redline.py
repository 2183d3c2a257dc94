"""The fold against an oracle: every unit of the text as a thing of its own that remembers what happened to it."""

import random
from collections import Counter
from dataclasses import dataclass
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts.change import Change, narrow, widen
from drafts.redline import Mark, Run, Segment, cut, fold, live, runs
from tests.engine.test_change_npm import change, words

# Units that stand, units of a baseline, units that came and went since; each with the parties that did it.
Shown: TypeAlias = tuple[list[tuple[str, str]], list[tuple[str, str]], Counter[tuple[str, str, str]]]
OWNERS = ["nvl", "nvl", "ctm", "chr"]  # two people of one party


@dataclass(eq=False, slots=True)
class Unit:
    """One unit of text, written in an epoch by an author, perhaps struck out later."""

    text: str
    ins: int
    by: int
    dele: int = -1
    del_by: int = -1

    @property
    def forgotten(self) -> bool:
        """Whether its own party took it back before any version showed it."""
        return self.dele == self.ins and OWNERS[self.by] == OWNERS[self.del_by]


class History:
    """Random changes by several people over several epochs, folded and remembered."""

    def __init__(self, rng: random.Random) -> None:
        wide = widen(words(rng, 12))
        self.segments = [Segment(wide, 0, 3)] if wide else []
        self.all = [Unit(unit, 0, 3) for unit in wide]
        self.live = list(self.all)
        self.issued = [list(self.all)]  # per baseline from 1 on: the units of the text that it is
        epochs = rng.randint(1, 4)
        for epoch in range(1, epochs + 1):
            for _ in range(rng.randint(0, 8)):
                self.step(change(rng, live(self.segments)), epoch, rng.randrange(len(OWNERS)))
            self.issued.append(list(self.live))

    def step(self, made: Change, epoch: int, author: int) -> None:
        before, self.segments = self.segments, fold(self.segments, made, epoch, author, OWNERS)
        assert fold(before, made, epoch, author, OWNERS, tidy=True) == self.segments  # every text here is tidy
        after: list[Unit] = []
        at = 0
        for (length, ins), text in zip(made.sections, made.inserts, strict=True):
            piece = self.live[at : at + length]
            at += length
            if ins < 0:
                after += piece
                continue
            for unit in piece:
                unit.dele, unit.del_by = epoch, author
            fresh = [Unit(unit, epoch, author) for unit in text]
            self.all += fresh
            after += fresh
        self.live = after


def party(author: int) -> str:
    return OWNERS[author] if author >= 0 else ""


def expected(history: History, baseline: int) -> Shown:
    """What stands, with who wrote it since the baseline; the text of the baseline, with who struck it out since; what
    came and went in between, with both."""
    stands = [(u.text, party(u.by) if u.ins >= baseline else "") for u in history.live]
    was = [(u.text, party(u.del_by) if u.dele >= 0 else "") for u in history.issued[baseline - 1]]
    between = [u for u in history.all if u.ins >= baseline and u.dele >= 0 and OWNERS[u.by] != OWNERS[u.del_by]]
    return stands, was, Counter((u.text, party(u.by), party(u.del_by)) for u in between)


def shown(found: list[Run]) -> Shown:
    stands = [(u, party(r.by)) for r in found if r.mark in (Mark.KEPT, Mark.INS) for u in r.text]
    was = [(u, party(r.del_by)) for r in found if r.mark in (Mark.KEPT, Mark.DEL) for u in r.text]
    between = Counter((u, party(r.by), party(r.del_by)) for r in found if r.mark is Mark.INSDEL for u in r.text)
    return stands, was, between


@settings(max_examples=250)
@given(st.randoms(use_true_random=False))
def test_who_wrote_and_who_struck_out_every_unit(rng: random.Random) -> None:
    history = History(rng)
    for baseline in range(1, len(history.issued) + 1):
        found = runs(history.segments, baseline, OWNERS)
        assert shown(found) == expected(history, baseline)


@settings(max_examples=120)
@given(st.randoms(use_true_random=False))
def test_the_fold_keeps_everything_that_any_version_showed(rng: random.Random) -> None:
    history = History(rng)
    kept = Counter((unit, *s[1:]) for s in history.segments for unit in s.text)
    assert kept == Counter((u.text, u.ins, u.by, u.dele, u.del_by) for u in history.all if not u.forgotten)
    assert live(history.segments) == "".join(u.text for u in history.live)
    assert all(s.text and narrow(s.text) for s in history.segments)


@settings(max_examples=120)
@given(st.randoms(use_true_random=False), st.floats(0, 1))
def test_a_cut_loses_nothing(rng: random.Random, where: float) -> None:
    segments = History(rng).segments
    at = round(where * len(live(segments)))
    head, tail = cut(segments, at)
    assert (live(head), live(tail)) == (live(segments)[:at], live(segments)[at:])
    assert [(unit, *s[1:]) for s in [*head, *tail] for unit in s.text] == [
        (unit, *s[1:]) for s in segments for unit in s.text
    ]
    assert not tail or tail[0].dele < 0  # what is struck out at the cut stays with the head


def test_runs_of_one_party_are_one() -> None:
    segments = [Segment("We ", 1, 0), Segment("all ", 1, 1), Segment("agree", 1, 2), Segment(" not", 0, 3, 1, 0)]
    assert runs(segments, 1, OWNERS) == [
        Run("We all ", Mark.INS, 0), Run("agree", Mark.INS, 2), Run(" not", Mark.DEL, -1, 0),
    ]  # fmt: skip
    assert runs(segments, 2, OWNERS) == [Run("We all agree", Mark.KEPT)]


def test_typing_goes_on_in_front_of_struck_out_words_only_after_ones_own() -> None:
    segments = fold([Segment("old", 0, 3)], Change.replace(3, 0, 3, "n"), 1, 0, OWNERS)
    segments = fold(segments, Change.replace(1, 1, 1, "ew"), 1, 0, OWNERS)
    assert [s.text for s in segments] == ["old", "new"]
    other = fold([Segment("a", 0, 3), Segment("old", 0, 3, 1, 2)], Change.replace(1, 1, 1, "b"), 1, 0, OWNERS)
    assert [s.text for s in other] == ["a", "old", "b"]


@pytest.mark.parametrize("tidy", [False, True])
@pytest.mark.parametrize(
    "change", [Change.replace(3, 0, 3, "x"), Change.replace(5, 4, 5), Change.replace(4, 3, 3, "x")]
)
def test_a_change_that_is_too_long_is_not_folded(change: Change, *, tidy: bool) -> None:
    with pytest.raises(ValueError, match="fit"):
        fold([Segment("ab", 0, 3)], change, 1, 0, OWNERS, tidy=tidy)
