"""Tracked runs of a paragraph as the clause's text and its pieces.

The accepted and the rejected text are tidied each by itself, with a note of which character of the file every letter
came from; laid side by side they give pieces that spell both texts exactly, whatever white space, asterisks and
combining marks did on the way.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, NamedTuple

from drafts.exchange.parsed import Piece, Signed, is_space, is_visible


class Run(NamedTuple):
    """Words of one look; ``ins`` and ``dele`` are places in the list of who signed, -1 for none."""

    text: str
    italic: bool
    ins: int
    dele: int


class _Letter(NamedTuple):
    """A character of a tidied text, and the one of the file that it came from (an asterisk: the one it stands at)."""

    char: str
    source: int
    star: int = 0  # 1 before, -1 behind its source


@dataclass(frozen=True, slots=True)
class Traced:
    """``starts`` are, per place in the paragraph's runs, the code points of ``text`` before it."""

    text: str
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]


def traced(runs: Sequence[Run], signed: Sequence[Signed], *, accepted: bool) -> Traced:
    """The accepted (or the rejected) text of a paragraph; without pieces when nothing in it is tracked."""
    source = [(char, run) for run in runs for char in run.text]
    text = _tidied(source, "dele" if accepted else "ins")
    words = "".join(letter.char for letter in text)
    if not any(_tracked(run) for run in runs):
        return Traced(words, (), _starts(runs, text))
    other = _tidied(source, "ins" if accepted else "dele")
    new, old = (text, other) if accepted else (other, text)
    return Traced(words, tuple(_pieces(source, old, new, signed)), _starts(runs, text))


def _starts(runs: Sequence[Run], text: Sequence[_Letter]) -> tuple[int, ...]:
    found, at, read = [], 0, 0
    for run in runs:
        while at < len(text) and text[at].source < read:
            at += 1
        found.append(at)
        read += len(run.text)
    return (*found, len(text))


def _tracked(run: Run) -> bool:
    return run.ins >= 0 or run.dele >= 0


def _says(run: Run, what: Literal["ins", "dele"]) -> int:
    return run.ins if what == "ins" else run.dele


def _tidied(source: Sequence[tuple[str, Run]], gone: Literal["ins", "dele"]) -> list[_Letter]:
    """``tidy(emphasised(…))`` of what is not gone, letter by letter."""
    kept = [
        (at, char, run.italic)
        for at, (char, run) in enumerate(source)
        if _says(run, gone) < 0 and (is_visible(char) or is_space(char))  # what cannot be seen parts no emphasis
    ]
    letters: list[_Letter] = []
    for italic, group in groupby(kept, key=lambda one: one[2]):
        part = [_Letter(char, at) for at, char, _ in group]
        words = [index for index, letter in enumerate(part) if letter.char.strip()]
        if italic and words:
            first, last = words[0], words[-1]
            part.insert(last + 1, _Letter("*", part[last].source, -1))
            part.insert(first, _Letter("*", part[first].source, 1))
        letters += part
    return _composed(_single_spaced(source, letters))


def _single_spaced(source: Sequence[tuple[str, Run]], letters: Sequence[_Letter]) -> list[_Letter]:
    """Of several spaces one that both texts have stands for all, where there is one."""
    out: list[_Letter] = []
    for letter in letters:
        if not is_space(letter.char):
            out.append(letter)
        elif not out or out[-1].char != " ":
            out.append(letter._replace(char=" "))
        elif _tracked(source[out[-1].source][1]) and not _tracked(source[letter.source][1]):
            out[-1] = letter._replace(char=" ")
    words = [index for index, letter in enumerate(out) if letter.char.strip()]
    return out[words[0] : words[-1] + 1] if words else []


def _composed(letters: list[_Letter]) -> list[_Letter]:
    whole = "".join(letter.char for letter in letters)
    if unicodedata.is_normalized("NFC", whole):
        return letters
    out: list[_Letter] = []
    for cluster in _clusters(letters):
        composed = unicodedata.normalize("NFC", "".join(letter.char for letter in cluster))
        out += [cluster[min(index, len(cluster) - 1)]._replace(char=char) for index, char in enumerate(composed)]
    composed = unicodedata.normalize("NFC", whole)
    if "".join(letter.char for letter in out) != composed:  # clusters that compose over their border: none is known
        out = [letters[min(index, len(letters) - 1)]._replace(char=char) for index, char in enumerate(composed)]
    return out


def _clusters(letters: Sequence[_Letter]) -> Iterator[list[_Letter]]:
    cluster: list[_Letter] = []
    for letter in letters:
        point = ord(letter.char)
        if cluster and not (unicodedata.combining(letter.char) or 0x1160 <= point <= 0x11FF):
            yield cluster
            cluster = []
        cluster.append(letter)
    if cluster:
        yield cluster


def _pieces(
    source: Sequence[tuple[str, Run]], old: Sequence[_Letter], new: Sequence[_Letter], signed: Sequence[Signed]
) -> Iterator[Piece]:
    """Both texts merged in the order of the file; what both have at the same place is kept."""
    told: list[tuple[str, Signed | None, Signed | None]] = []
    for char, at, in_old, in_new in _merged(source, old, new):
        ins = None if in_old else _who(signed, source, at, "ins")
        dele = None if in_new else _who(signed, source, at, "dele")
        told.append((char, ins, dele))
    for (ins, dele), group in groupby(told, key=lambda one: one[1:]):
        yield Piece("".join(char for char, *_ in group), ins, dele)


def _merged(
    source: Sequence[tuple[str, Run]], old: Sequence[_Letter], new: Sequence[_Letter]
) -> Iterator[tuple[str, int, bool, bool]]:
    at_old = at_new = at = 0
    while at_old < len(old) or at_new < len(new) or at < len(source):
        left = old[at_old] if at_old < len(old) else None
        right = new[at_new] if at_new < len(new) else None
        nearest = min((one.source for one in (left, right) if one), default=len(source))
        if at < nearest:  # what was inserted and deleted again is in neither text
            run = source[at][1]
            if run.ins >= 0 and run.dele >= 0 and is_visible(source[at][0]):
                yield source[at][0], at, False, False
            at += 1
        elif left and right and left == right:
            yield left.char, left.source, True, True
            at_old, at_new, at = at_old + 1, at_new + 1, max(at, left.source + (left.star <= 0))
        elif left and (not right or (left.source, -left.star) <= (right.source, -right.star)):
            yield left.char, left.source, True, False
            at_old, at = at_old + 1, max(at, left.source + (left.star <= 0))
        elif right:
            yield right.char, right.source, False, True
            at_new, at = at_new + 1, max(at, right.source + (right.star <= 0))


def _who(signed: Sequence[Signed], source: Sequence[tuple[str, Run]], at: int, what: Literal["ins", "dele"]) -> Signed:
    """Who inserted or deleted the character; of white space, asterisks and letters that are others only because of what
    stands beside them, whoever changed something nearest by."""
    kinds: tuple[Literal["ins", "dele"], ...] = ("ins", "dele") if what == "ins" else ("dele", "ins")
    near = (place for step in range(len(source)) for place in (at - step, at + step) if 0 <= place < len(source))
    return next(signed[found] for place in near for kind in kinds if (found := _says(source[place][1], kind)) >= 0)
