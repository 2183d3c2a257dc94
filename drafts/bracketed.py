"""The brackets of a whole draft: pairs in a clause and over the borders of clauses, what kind each is, how many words
stand in them, and the text as if they were gone.

Texts may be plain or wide (``change.widen``): places count what the text counts.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache
from itertools import accumulate, pairwise

from drafts.brackets import Bracket, parse
from drafts.change import narrow
from drafts.model import Clause
from drafts.tokens import word_count


class Kind(StrEnum):
    """What a bracket is, by its words."""

    PLAIN = "plain"
    ALTERNATIVE = "alternative"  # side by side with another
    OPTION = "option"  # "Option 1 …", in the languages of the United Nations
    PLACEHOLDER = "placeholder"  # nothing, dots, "x", "to be determined" …


class AsIf(StrEnum):
    """What a text can be read as."""

    LIFTED = "lifted"  # as if all brackets were lifted
    STRUCK = "struck"  # as if all bracketed text were deleted


_OPTION = re.compile(
    r"\W*(?:(?:options?|opci[oó]n|вариант|(?:ال)?خيار)\W+|(?:备选案文|选项|方案)\W*)(?:\d{1,3}|\w\b)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(
    r"[\s._…?*–—-]*[xn]{0,3}[\s._…?*–—-]*"
    r"|\W*(?:tb[cd]|placeholder|to be (?:added|completed|confirmed|decided|determined|inserted)|insert\b.*"
    r"|à (?:compléter|confirmer|déterminer|préciser)|por (?:completar|confirmar|decidir|determinar)"
    r"|подлежит \w+|будет \w+ позднее|(?:ي|ت)حدد لاحقا|待[定补确]\w*|占位\w*)\W*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Pair:
    """A pair of the draft: its ``[`` stands at ``start`` of clause number ``clause``, what follows its ``]`` at ``end``
    of clause ``last``. ``depth`` counts from 1, with the pairs around that began in earlier clauses; ``group`` numbers
    the alternatives that stand side by side, 0 is none."""

    clause: int
    start: int
    last: int
    end: int
    depth: int
    kind: Kind
    group: int = 0

    @property
    def spans(self) -> bool:
        """Whether it closes in a later clause."""
        return self.last != self.clause


@dataclass(frozen=True, slots=True)
class Place:
    """A place in clause number ``clause``."""

    clause: int
    at: int


@dataclass(frozen=True, slots=True)
class Survey:
    """All brackets of a draft, in reading order; ``unbalanced``: those without a partner."""

    pairs: tuple[Pair, ...]
    unbalanced: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Sum:
    """How much of a draft is in brackets: ``pairs`` (``spanning`` of them close in a later clause), single brackets,
    words inside any bracket, and the pairs by kind."""

    pairs: int
    spanning: int
    unbalanced: int
    words: int
    kinds: Mapping[Kind, int]


def kind_of(words: str, *, beside: bool = False) -> Kind:
    """What a bracket with these words is; ``beside``: another stands at its side."""
    words = narrow(words)
    if _PLACEHOLDER.fullmatch(words):
        return Kind.PLACEHOLDER
    if _OPTION.match(words):
        return Kind.OPTION
    return Kind.ALTERNATIVE if beside else Kind.PLAIN


@lru_cache(maxsize=4_096)
def kinds(text: str) -> tuple[tuple[Kind, int], ...]:
    """Kind and group (0: none) of each pair that closes in the text, as ``brackets.parse`` orders them."""
    found = parse(text)
    group = {pair: number for number, side in enumerate(found.alternatives, 1) for pair in side}
    return tuple(
        (kind_of(text[pair.start + 1 : pair.end - 1], beside=pair in group), group.get(pair, 0)) for pair in found.pairs
    )


def across(texts: Sequence[str]) -> tuple[list[tuple[Place, Place]], list[Place]]:
    """The pairs that close in a later clause, as their two glyphs, and the brackets that never do; in order."""
    waiting: list[Place] = []
    spanning: list[tuple[Place, Place]] = []
    singles: list[Place] = []
    for number, text in enumerate(texts):
        for at in parse(text).unbalanced:
            place = Place(number, at)
            if text[at] == "[":
                waiting.append(place)
            elif waiting:
                spanning.append((waiting.pop(), place))
            else:
                singles.append(place)
    return sorted(spanning, key=lambda two: _order(two[0])), sorted([*singles, *waiting], key=_order)


def survey(texts: Sequence[str]) -> Survey:
    """All brackets over the clauses of a draft, in reading order."""
    spanning, singles = across(texts)
    closing = dict(spanning)
    shut = {place for _, place in spanning}
    pairs: list[Pair] = []
    around = groups = 0
    for number, text in enumerate(texts):
        found = parse(text)
        local = {pair.start: (pair, *kinds(text)[index]) for index, pair in enumerate(found.pairs)}
        for at in sorted([*local, *found.unbalanced]):
            place = Place(number, at)
            if at in local:
                pair, kind, group = local[at]
                beside = groups + group if group else 0
                pairs.append(Pair(number, at, number, pair.end, around + pair.depth, kind, beside))
            elif place in closing:
                around += 1
                end = closing[place]
                pairs.append(Pair(number, at, end.clause, end.at + 1, around, _begun(text, at)))
            elif place in shut:
                around -= 1
        groups += len(found.alternatives)
    return Survey(tuple(pairs), tuple(singles))


def _begun(text: str, at: int) -> Kind:
    """What a bracket is whose words go on in the next clause."""
    return Kind.OPTION if _OPTION.match(narrow(text[at + 1 :])) else Kind.PLAIN


def _order(place: Place) -> tuple[int, int]:
    return place.clause, place.at


# ── counting ──


@dataclass(frozen=True, slots=True)
class _Part:
    """What a text brings to a sum. ``words`` in pairs before, between and behind its single brackets."""

    kinds: tuple[Kind, ...]
    singles: tuple[int, ...]
    words: tuple[int, ...]


@lru_cache(maxsize=8_192)
def _part(text: str) -> _Part:
    if "[" not in text and "]" not in text:
        return _Part((), (), (0,))
    found = parse(text)
    outer = [pair for pair in found.pairs if pair.depth == 1]
    words = tuple(
        sum(word_count(narrow(text[pair.start : pair.end])) for pair in outer if start <= pair.start < end)
        for start, end in _stretches(text, found.unbalanced)
    )
    return _Part(tuple(kind for kind, _ in kinds(text)), found.unbalanced, words)


@lru_cache(maxsize=1_024)
def _all_words(text: str, singles: tuple[int, ...]) -> tuple[int, ...]:
    """All words before, between and behind the single brackets of a text: asked only where a bracket spans clauses."""
    return tuple(word_count(narrow(text[start:end])) for start, end in _stretches(text, singles))


def _stretches(text: str, singles: tuple[int, ...]) -> Iterator[tuple[int, int]]:
    return pairwise([0, *singles, len(text)])


def total(texts: Sequence[str]) -> Sum:
    """The sum over the clauses of a draft. What a text brings is kept: only texts that are new cost something."""
    parts = [_part(text) for text in texts]
    counted: Counter[Kind] = Counter(kind for part in parts for kind in part.kinds)
    pairs = counted.total()
    if not any(part.singles for part in parts):
        return Sum(pairs, 0, 0, sum(part.words[0] for part in parts), counted)
    spanning, singles = across(texts)
    step = {opening: 1 for opening, _ in spanning} | {closing: -1 for _, closing in spanning}
    words = around = 0
    for number, (text, part) in enumerate(zip(texts, parts, strict=True)):
        turns = (step.get(Place(number, at), 0) for at in part.singles)
        depths = list(accumulate(turns, initial=around))
        every = _all_words(text, part.singles) if any(depths) else part.words
        words += sum(all_ if depth else inside for depth, all_, inside in zip(depths, every, part.words, strict=True))
        around = depths[-1]
    counted.update(_begun(texts[opening.clause], opening.at) for opening, _ in spanning)
    return Sum(pairs + len(spanning), len(spanning), len(singles), words, counted)


# ── as if ──


def as_if(clauses: Sequence[Clause], what: AsIf) -> list[Clause]:
    """The clauses as if all brackets were lifted, or all bracketed text deleted; labels stay as they are.

    Lifted: alternatives both stay as they stand; brackets without a partner go too. Struck: a clause of which nothing
    is left is not there; a bracket without a partner stays, since nobody knows what it brackets."""
    texts = [clause.text for clause in clauses]
    if what is AsIf.LIFTED:
        return [replace(one, text=_lifted(one.text)) for one in clauses]
    cuts = _cuts(texts)
    made = [replace(one, text=without(one.text, cuts[index])) for index, one in enumerate(clauses)]
    return [one for one, text in zip(made, texts, strict=True) if one.text or not text]


def _lifted(text: str) -> str:
    found = parse(text)
    glyphs = sorted([at for pair in found.pairs for at in (pair.start, pair.end - 1)] + list(found.unbalanced))
    parted = re.sub(r"(?<=\w)\]\[(?=\w)", "] [", text)
    if parted != text:
        return _lifted(parted)
    return without(text, [(at, at + 1) for at in glyphs])


def _cuts(texts: Sequence[str]) -> list[list[tuple[int, int]]]:
    """What is in brackets, by clause, in order and apart."""
    spanning, _ = across(texts)
    cuts: list[list[tuple[int, int]]] = [
        [(pair.start, pair.end) for pair in parse(text).pairs if pair.depth == 1] for text in texts
    ]
    for opening, closing in spanning:
        cuts[opening.clause].append((opening.at, len(texts[opening.clause])))
        for between in range(opening.clause + 1, closing.clause):
            cuts[between].append((0, len(texts[between])))
        cuts[closing.clause].append((0, closing.at + 1))
    return [list(_apart(sorted(found))) for found in cuts]


def _apart(ranges: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    reached: tuple[int, int] | None = None
    for start, end in ranges:
        if reached is not None and start < reached[1]:
            reached = (reached[0], max(reached[1], end))
            continue
        if reached is not None:
            yield reached
        reached = (start, end)
    if reached is not None:
        yield reached


def without(text: str, cuts: Iterable[tuple[int, int]]) -> str:
    """The text without these stretches (in order, apart), and without the space that each would leave doubled."""
    for start, end in reversed(list(cuts)):
        first, behind = closed_up(text, start, end)
        text = text[:first] + text[behind:]
    return text


def closed_up(text: str, start: int, end: int) -> tuple[int, int]:
    """The stretch with the space beside it that nobody needs once it is gone."""
    before, after = text[start - 1 : start], text[end : end + 1]
    if before in {"", " "} and after == " ":
        return start, end + 1
    if before == " " and (not after or after in ".,;:!?)"):
        return start - 1, end
    return start, end


def crossed(text: str, start: int, end: int) -> bool:
    """Whether a bracket round ``[start, end)`` would cut a pair, or take a bracket whose partner is elsewhere."""
    found = parse(text)
    return any((start <= p.start < end) != (start <= p.end - 1 < end) for p in found.pairs) or any(
        start <= at < end for at in found.unbalanced
    )


def at_glyph(text: str, at: int) -> Bracket | None:
    """The pair that has a glyph at ``at``."""
    return next((pair for pair in parse(text).pairs if at in {pair.start, pair.end - 1}), None)
