"""Square brackets and emphasis in the text of a clause: what is not agreed, how deep, and what has no partner.

All offsets count Python code points, not UTF-16 units: the text is read here, never addressed over the wire.

The rules, which the browser's renderer ports one to one:

1. *Pairs.* Read from the left. ``[`` waits; ``]`` takes the last one that waits; what finds no partner is unbalanced.
   The depth of a pair is 1 plus the number of pairs around it; unbalanced brackets do not count.
2. *Emphasis.* ``*`` opens when the next character is neither a space nor ``*``. It is closed by the first ``*`` at
   least two places on whose preceding character is neither a space nor ``*``. Without one it is a plain character.
   Between the two nothing else opens; after the closing one reading goes on. Space means U+0020, U+0009 and U+00A0.
3. *Tokens.* The text is cut at every bracket and at every ``*`` that opens or closes; the pieces joined are the text.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

_SPACES = " \t\u00a0"
_BRACKET = re.compile(r"[\[\]]")
_STAR = re.compile(r"\*")
_ANY = re.compile(r"[\[\]*]")


@dataclass(frozen=True, slots=True)
class Bracket:
    """A pair: ``text[start]`` is ``[``, ``text[end - 1]`` is ``]``; ``depth`` 1 is the outermost."""

    start: int
    end: int
    depth: int


@dataclass(frozen=True, slots=True)
class Brackets:
    """All brackets of a text. ``pairs`` are in the order of their starts, ``unbalanced`` are offsets of single ones,
    ``alternatives`` are groups of two and more pairs that stand side by side, as in ``[may] [should]``."""

    pairs: tuple[Bracket, ...]
    unbalanced: tuple[int, ...]
    alternatives: tuple[tuple[Bracket, ...], ...]


@dataclass(frozen=True, slots=True)
class Counts:
    """Brackets of many texts. ``pairs`` close in their own clause, ``spanning`` in a later one, ``unbalanced`` never;
    ``depth`` is the deepest nesting inside a clause; ``alternatives`` counts groups."""

    pairs: int
    spanning: int
    unbalanced: int
    depth: int
    alternatives: int


class TokenKind(StrEnum):
    """What a token is."""

    TEXT = "text"
    MARK = "mark"  # an asterisk that opens or closes emphasis; shown faintly or not at all
    OPEN = "open"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a text. ``depth`` of a bracket is its pair's, of other tokens the number of pairs around them;
    ``emphasis`` is set for everything between two marks and for the marks; ``balanced`` is False only for a bracket
    without a partner (its depth is then the number of pairs around it)."""

    text: str
    kind: TokenKind
    emphasis: bool
    depth: int
    balanced: bool = True


@lru_cache(maxsize=4_096)  # pages count the brackets of texts that seldom change
def parse(text: str) -> Brackets:
    """All pairs, single brackets and alternatives of one text. Never refuses."""
    partner = _partners(text)
    pairs: list[Bracket] = []
    depth = 0
    for at, char in _brackets(text):
        if at not in partner:
            continue
        if char == "[":
            depth += 1
            pairs.append(Bracket(at, partner[at] + 1, depth))
        else:
            depth -= 1
    unbalanced = tuple(at for at, _ in _brackets(text) if at not in partner)
    return Brackets(tuple(pairs), unbalanced, _alternatives(text, pairs))


def count(texts: Iterable[str]) -> Counts:
    """The counts over the clauses of a draft, in reading order."""
    pairs = spanning = singles = deepest = groups = waiting = 0
    for text in texts:
        found = parse(text)
        pairs += len(found.pairs)
        deepest = max([deepest, *(pair.depth for pair in found.pairs)])
        groups += len(found.alternatives)
        # In one text every single "]" stands before every single "[".
        for at in found.unbalanced:
            if text[at] == "[":
                waiting += 1
            elif waiting:
                waiting -= 1
                spanning += 1
            else:
                singles += 1
    return Counts(pairs, spanning, singles + waiting, deepest, groups)


def emphasis(text: str) -> list[tuple[int, int]]:
    """The runs of emphasis as offsets of their two asterisks, in order, never overlapping."""
    stars = [found.start() for found in _STAR.finditer(text)]
    closing = [at for at in stars if at > 0 and text[at - 1] not in _SPACES + "*"]
    runs: list[tuple[int, int]] = []
    free = 0  # the first place not yet taken by a run
    next_closing = 0
    for star in stars:
        if star < free or text[star + 1 : star + 2] in {"", *_SPACES, "*"}:
            continue
        while next_closing < len(closing) and closing[next_closing] < star + 2:
            next_closing += 1
        if next_closing == len(closing):
            break
        runs.append((star, closing[next_closing]))
        free = closing[next_closing] + 1
    return runs


def mates(text: str) -> list[tuple[int, int]]:
    """The places that belong together in twos: both brackets of each pair, both asterisks of each emphasis."""
    return [(pair.start, pair.end - 1) for pair in parse(text).pairs] + emphasis(text)


def alone(text: str) -> int:
    """How many brackets and asterisks have no mate."""
    return len(parse(text).unbalanced) + text.count("*") - 2 * len(emphasis(text))


def spans(text: str) -> list[Token]:
    """The text as a flat list of tokens; their texts joined give the text back."""
    partner = _partners(text)
    runs = emphasis(text)
    opening, closing = {start for start, _ in runs}, {end for _, end in runs}
    tokens: list[Token] = []
    plain = depth = 0  # where the pending plain text starts; pairs around the present place
    emphatic = False
    for found in _ANY.finditer(text):
        at, char = found.start(), found[0]
        if char == "*" and at not in opening and at not in closing:
            continue
        if plain < at:
            tokens.append(Token(text[plain:at], TokenKind.TEXT, emphatic, depth))
        plain = at + 1
        if char == "*":
            tokens.append(Token(char, TokenKind.MARK, emphasis=True, depth=depth))
            emphatic = at in opening
            continue
        balanced = at in partner
        depth += balanced and char == "["
        tokens.append(Token(char, TokenKind.OPEN if char == "[" else TokenKind.CLOSE, emphatic, depth, balanced))
        depth -= balanced and char == "]"
    if plain < len(text):
        tokens.append(Token(text[plain:], TokenKind.TEXT, emphatic, depth))
    return tokens


def _brackets(text: str) -> list[tuple[int, str]]:
    return [(found.start(), found[0]) for found in _BRACKET.finditer(text)]


def _partners(text: str) -> dict[int, int]:
    """From the offset of each paired bracket to the offset of the other."""
    partner: dict[int, int] = {}
    waiting: list[int] = []
    for at, char in _brackets(text):
        if char == "[":
            waiting.append(at)
        elif waiting:
            start = waiting.pop()
            partner[start] = at
            partner[at] = start
    return partner


def _alternatives(text: str, pairs: list[Bracket]) -> tuple[tuple[Bracket, ...], ...]:
    starting = {pair.start: pair for pair in pairs}
    groups: list[tuple[Bracket, ...]] = []
    taken: set[int] = set()
    for pair in pairs:
        if pair.start in taken:
            continue
        group = [pair]
        while (following := starting.get(_after_spaces(text, group[-1].end))) is not None:
            group.append(following)
            taken.add(following.start)
        if len(group) > 1:
            groups.append(tuple(group))
    return tuple(groups)


def _after_spaces(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACES:
        at += 1
    return at
