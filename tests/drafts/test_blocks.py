"""Blocks against the fold of the whole list: the same letters with the same histories, in the same order."""

import random

import pytest

from drafts.blocks import Blocks
from drafts.change import Change
from drafts.redline import Segment, fold, live


def _letters(segments: list[Segment]) -> list[tuple[str, int, int]]:
    return [(letter, one.ins, one.dele) for one in segments for letter in one.text]


def _change(rng: random.Random, length: int) -> Change:
    """Something at one place, or at two; at the ends more often than chance would have it."""
    at = rng.choice([0, length, rng.randint(0, length), rng.randint(0, length)])
    end = min(length, at + rng.choice([0, 0, 1, 5, 60]))
    made = Change.replace(length, at, end, rng.choice(["", "a", "bcd"]))
    if rng.random() < 0.2:
        at = rng.randint(0, made.new_length)
        made = made.compose(Change.replace(made.new_length, at, at, "zz"))
    return made


@pytest.mark.parametrize("seed", range(8))
def test_blocks_fold_as_the_whole_does(seed: int) -> None:
    rng = random.Random(seed)
    whole = [Segment("x" * 300, 1, 0)]
    blocks = Blocks(whole)
    for epoch in range(2, 402):
        change = _change(rng, len(live(whole)))
        whole = fold(whole, change, epoch, 0, ())
        blocks.step(change, epoch)
        assert len(blocks.segments) >= len(whole)
    assert _letters(blocks.segments) == _letters(whole)
    assert len(whole) > 200


def test_an_empty_text_and_what_does_not_fit() -> None:
    blocks = Blocks([])
    blocks.step(Change.replace(0, 0, 0, "abc"), 2)
    blocks.step(Change.replace(3, 0, 3), 3)
    blocks.step(Change.replace(0, 0, 0, "d"), 4)
    assert blocks.segments == [Segment("abc", 2, 0, 3, 0), Segment("d", 4, 0)]
    with pytest.raises(ValueError, match="does not fit"):
        blocks.step(Change.replace(9, 0, 1), 5)
