"""Which remarks say nearly the same: copies of a template, as campaigns send them, found among many and checked one by
one.

Two texts are alike when they share at least ``ALIKE`` of their runs of ``WIDTH`` words (the Jaccard index of their
shingles; in scripts without spaces a character counts as a word, and runs have ``SOLID_WIDTH``). Letter case, accents,
punctuation and spaces do not count: texts that differ in nothing else are one *variant*. Texts under ``SHORT`` words
("I agree.") are alike only when they are the same variant.

A **bundle** has a lead, and each text in it is like that lead, so no chain of small changes leads from one text to
something else. It is of one place (a clause, a question): what is decided on it is decided about that clause. The same
template on several clauses is several bundles of one **campaign**, and is counted by clause.

The plan: equal texts first; of each variant a MinHash signature by one permutation (Li, Owen, Zhang 2012) with the gaps
filled from the right (Shrivastava, Li 2014); its bands are looked up among those of the leads so far (locality
sensitive hashing), which gives few candidates; each is verified by counting. What is like no lead becomes one. Then
every group gets the lead that is most like what the group has in common, and all is gone through once more with these.

Leads that are known already come first and stay: what comes in later joins them. The outcome depends on the texts and
their serials alone, not on Python's hash seed or the order in which they are given.
"""

import re
import unicodedata
from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Final

ALIKE: Final = 0.6  # of the shingles of two texts together
WIDTH: Final = 3  # words
SOLID_WIDTH: Final = 5  # characters
SHORT: Final = 8  # words; in scripts without spaces as many characters count as ``SOLID_WIDTH`` to ``WIDTH`` words
BANDS: Final = 20  # a pair that is 0.6 alike is looked at in 94 of 100 cases, one that is 0.7 in 99.6
ROWS: Final = 4
_BINS: Final = BANDS * ROWS
_MASK: Final = (1 << 48) - 1
_MIX: Final = (0x9E3779B97F4B, 0x85EBCA77C2B3, 0xC2B2AE3D27D5, 0x165667B19E37, 0x27D4EB2F1657)
_AWAY: Final = 0x2545F4914F6D  # what tells a value that was filled in from one that stands there
_SOLID: Final = re.compile("([\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af])")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Text:
    """What one remark says. ``place``: only texts of the same place are bundled."""

    serial: int
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Known:
    """A bundle that there is, with what its lead says."""

    id: str
    place: str
    words: str


@dataclass(frozen=True, slots=True)
class Found:
    """Remarks that belong together. ``known``: the bundle that they join; None for a new one, which ``lead`` (a serial)
    stands for. ``members``: serials with the number of their variant (``variant``), in order; the lead is one of a new
    bundle's. ``likeness``: percent of the least like the lead. ``campaign``: bundles with the same number are of one
    template."""

    known: str | None
    lead: int
    members: tuple[tuple[int, int], ...]
    likeness: int
    campaign: int


@dataclass(slots=True)
class _Variant:
    """The same words, sent to one place. ``shingles`` and ``bands`` are empty where the text is short."""

    place: str
    number: int
    name: bytes  # of its words, and of no others
    shingles: "array[int]"
    bands: "array[int]"
    serials: list[int] = field(default_factory=list)
    known: str | None = None
    lead: "_Variant | None" = None
    likeness: float = 1.0


def plain(words: str) -> list[str]:
    """The words of a text as they are compared; of one without any (a thumb up, or down) what stands there."""
    if words.isascii():
        return _WORD.findall(words.lower()) or words.split()
    letters = unicodedata.normalize("NFKD", words.casefold())
    kept = "".join([letter for letter in letters if not unicodedata.combining(letter)])
    return [piece for word in _WORD.findall(kept) for piece in _SOLID.sub(r" \1 ", word).split()] or words.split()


def variant(words: Sequence[str]) -> int:
    """The number of a wording: the same for the same (plain) words, 31 bits. Of very many wordings two may have the
    same number, so what is equal is told by ``_name``."""
    return int.from_bytes(blake2b(" ".join(words).encode(), digest_size=4).digest(), "big") >> 1


def _name(words: Sequence[str]) -> bytes:
    return blake2b(" ".join(words).encode(), digest_size=16).digest()


def likeness(one: str, other: str) -> float:
    """How much two texts are alike, 0 to 1."""
    first, second = plain(one), plain(other)
    if first == second:
        return 1.0
    coder = _Coder()
    return _jaccard(set(coder.shingles(first)), coder.shingles(second))


def find(
    texts: Iterable[Text], known: Sequence[Known] = (), progress: Callable[[float], None] | None = None, count: int = 0
) -> list[Found]:
    """The bundles that texts make, the largest first. ``known``: those that there are; ``count``: about how many texts
    come, for ``progress`` (told 0 to 1)."""
    tell = progress or (lambda _share: None)
    coder = _Coder()
    leads = [_known(coder, one) for one in known]
    variants = _variants(coder, texts, lambda at: tell(0.6 * min(1.0, at / max(count, 1))))
    ordered = sorted(variants, key=lambda one: (-len(one.serials), one.serials[0]))
    _assign(ordered, leads)
    tell(0.75)
    _assign(ordered, [*leads, *_centres(ordered)])
    tell(0.95)
    return _found(ordered, leads)


# ── texts as numbers ──


class _Coder:
    """Words as numbers, shingles as numbers, signatures of them."""

    def __init__(self) -> None:
        self._codes: dict[str, int] = {}

    def shingles(self, words: Sequence[str]) -> "array[int]":
        """Each run of words as a number, once, in ascending order; nothing for a short text."""
        solid = 2 * sum([len(word) == 1 and _SOLID.match(word) is not None for word in words]) > len(words)
        width = SOLID_WIDTH if solid else WIDTH
        if len(words) < SHORT * width // WIDTH:
            return array("Q")
        codes = [self._code(word) for word in words]
        if solid:
            runs = zip(*(codes[at:] for at in range(width)), strict=False)
            found = {sum([code * mix for code, mix in zip(run, _MIX, strict=True)]) & _MASK for run in runs}
        else:
            one, two, three = _MIX[:WIDTH]
            triples = zip(codes, codes[1:], codes[2:], strict=False)
            found = {(a * one + b * two + c * three) & _MASK for a, b, c in triples}
        return array("Q", sorted(found))

    def _code(self, word: str) -> int:
        code = self._codes.get(word)
        if code is None:
            code = self._codes[word] = int.from_bytes(blake2b(word.encode(), digest_size=6).digest(), "big")
        return code


def _bands(shingles: "array[int]", place: str) -> "array[int]":
    """The keys under which a text of a place is looked up."""
    if not shingles:
        return array("q")
    least = {shingle % _BINS: shingle for shingle in reversed(shingles)}
    signature = [0] * _BINS
    value = least[min(least)]  # what the gaps at the right end are filled with
    distance = min(least)
    for at in range(_BINS - 1, -1, -1):
        here = least.get(at)
        if here is None:
            distance += 1
        else:
            value, distance = here, 0
        signature[at] = value + distance * _AWAY
    of_place = variant([place])
    return array("q", [hash((of_place, at, *signature[at : at + ROWS])) for at in range(0, _BINS, ROWS)])


def _jaccard(one: set[int], other: "array[int]") -> float:
    if not one or not other:
        return 0.0
    both = len(one.intersection(other))
    return both / (len(one) + len(other) - both)


# ── variants, leads, groups ──


def _variants(coder: _Coder, texts: Iterable[Text], tell: Callable[[int], None]) -> list[_Variant]:
    """The different wordings of each place, with the serials that have them in ascending order."""
    found: dict[tuple[str, bytes], _Variant] = {}
    for at, text in enumerate(texts):
        words = plain(text.words)
        key = (text.place, _name(words))
        one = found.get(key)
        if one is None:
            shingles = coder.shingles(words)
            one = found[key] = _Variant(text.place, variant(words), key[1], shingles, _bands(shingles, text.place))
        one.serials.append(text.serial)
        if at % 1_000 == 0:
            tell(at)
    for one in found.values():
        one.serials.sort()
    return list(found.values())


def _known(coder: _Coder, bundle: Known) -> _Variant:
    words = plain(bundle.words)
    shingles = coder.shingles(words)
    bands = _bands(shingles, bundle.place)
    return _Variant(bundle.place, variant(words), _name(words), shingles, bands, known=bundle.id)


def _assign(variants: Sequence[_Variant], leads: Sequence[_Variant]) -> None:
    """Give each variant the lead that it is most like, of ``leads`` and of those that were like none before it."""
    buckets: dict[int, list[_Variant]] = defaultdict(list)
    same: dict[tuple[str, bytes], _Variant] = {}
    for lead in leads:
        _open(lead, buckets, same)
    for one in variants:
        equal = same.get((one.place, one.name))
        if equal is not None:
            one.lead, one.likeness = equal, 1.0
            continue
        best, one.likeness = _best(one, buckets)
        one.lead = best
        if best is None:
            _open(one, buckets, same)


def _open(lead: _Variant, buckets: dict[int, list[_Variant]], same: dict[tuple[str, bytes], _Variant]) -> None:
    """Make a variant a lead, unless it is like one already."""
    if lead.known is None and lead.shingles:
        best, _ = _best(lead, buckets)
        if best is not None:
            return
    if same.setdefault((lead.place, lead.name), lead) is not lead:
        return
    lead.lead, lead.likeness = lead, 1.0
    for band in lead.bands:
        buckets[band].append(lead)


def _best(one: _Variant, buckets: dict[int, list[_Variant]]) -> tuple[_Variant | None, float]:
    """The lead that a variant is most like (the earliest of equals), if it is alike."""
    mine, best, most = set(one.shingles), None, 0.0
    looked: set[int] = set()
    for band in one.bands:
        for lead in buckets.get(band, ()):
            if id(lead) in looked:
                continue
            looked.add(id(lead))
            alike = _jaccard(mine, lead.shingles)
            if alike >= ALIKE and alike > most:
                best, most = lead, alike
    return best, most


def _groups(variants: Iterable[_Variant]) -> Iterator[tuple[_Variant, list[_Variant]]]:
    """The variants of each lead, with it."""
    groups: dict[int, tuple[_Variant, list[_Variant]]] = {}
    for one in variants:
        assert one.lead is not None  # noqa: S101 - all are assigned
        groups.setdefault(id(one.lead), (one.lead, []))[1].append(one)
    yield from groups.values()


def _centres(variants: Sequence[_Variant]) -> list[_Variant]:
    """A lead for each new group of several variants, the largest group's first: the one that is most like what at least
    half of the group's remarks have in common."""
    centres: list[tuple[int, int, _Variant]] = []
    for lead, members in _groups(variants):
        if lead.known is not None or len(members) < 2:
            continue
        weights: Counter[int] = Counter()
        size = sum(len(one.serials) for one in members)
        for one in members:
            copies = len(one.serials)
            for shingle in one.shingles:
                weights[shingle] += copies
        common = {shingle for shingle, weight in weights.items() if 2 * weight >= size}
        centre = max(members, key=lambda one: (_jaccard(common, one.shingles), len(one.serials), -one.serials[0]))
        centres.append((-size, centre.serials[0], centre))
    return [centre for _, _, centre in sorted(centres, key=lambda item: item[:2])]


def _found(variants: Sequence[_Variant], leads: Sequence[_Variant]) -> list[Found]:
    """The groups of more than one remark, and whatever joins a known bundle."""
    found: list[tuple[_Variant, list[_Variant]]] = []
    for lead, members in _groups(variants):
        if lead.known is not None or sum(len(one.serials) for one in members) > 1:
            found.append((lead, members))
    found.sort(key=lambda item: (-sum(len(one.serials) for one in item[1]), item[1][0].serials[0]))
    campaigns = _campaigns([*leads, *(lead for lead, _ in found if lead.known is None)])
    return [
        Found(
            known=lead.known,
            lead=lead.serials[0] if lead.serials else 0,
            members=tuple(sorted((serial, one.number) for one in members for serial in one.serials)),
            likeness=int(100 * min(one.likeness for one in members)),
            campaign=campaigns[id(lead)],
        )
        for lead, members in found
    ]


def _campaigns(leads: Sequence[_Variant]) -> dict[int, int]:
    """A number for each lead (by its ``id``); leads of different places that are alike have the same."""
    anywhere = [
        _Variant("", one.number, one.name, one.shingles, _bands(one.shingles, ""), serials=[at])
        for at, one in enumerate(leads)
    ]
    _assign([one for one in anywhere if one.shingles], [])
    numbers: dict[int, int] = {}
    for at, (lead, one) in enumerate(zip(leads, anywhere, strict=True)):
        numbers[id(lead)] = at if one.lead is None else one.lead.serials[0]
    return numbers
