"""Texts and known edits of them: of every word of the new text it is known where it came from.

The texts are made of invented sentences; what is asked of a comparison is whether it finds the truth again.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, NamedTuple

from drafts.compare import Change, Comparison, Op, Row, families
from drafts.model import Clause, ClauseKind
from drafts.tokens import is_word, tokens

Link = tuple[int, int]  # places of an old and a new clause
_FUNCTION: Final = {
    "english": "the of and to in for a that by with on as or be should shall may not their its any such from",
    "spanish": "el la de y que en a los las por con para del una un como o debe deben no su sus se al cada",
}
_STEMS: Final = {
    "english": "report protect respond harden consult restor detect inform cooperat monitor assist verif disclos"
    " attribut safeguard maintain operat regist notif exchang train review conven mediat inspect secur deter publish",
    "spanish": "protec respond consult restaur detect inform cooper vigil asist verific divulg atribu mantien oper"
    " registr notific intercambi capacit revis convoc medi inspeccion asegur disuad public coordin evalu respet",
}
_ENDINGS: Final = {
    "english": "s ed ing er ers ion ions able ably ment ments ive ively or ors ity ities al ally ance",
    "spanish": "ar ado ada ados adas ando ador adores ción ciones able ables mente ivo iva ivos ivas encia ante",
}
_FIRSTS: Final = "Nor Vel Cas Tar Osm Bre Lun Pal Ist Mer Dra Fen Gal Hes Jor Kel Lor"
_LASTS: Final = "vale dria tonia mark avia land enia oria ovia"


_DEEDS: Final = ("move", "split", "merge", "insert", "delete", "stay")


class Word(NamedTuple):
    """A word of the new text and, if it was in the old one, its clause and place there."""

    text: str
    of: tuple[int, int] | None


@dataclass(slots=True)
class Known:
    """A text, another one that was made from it, and the truth about the two."""

    old: list[Clause]
    new: list[Clause] = field(default_factory=list)
    links: set[Link] = field(default_factory=set)  # a clause that was cut or joined has several
    moved: set[int] = field(default_factory=set)  # new places
    words: set[tuple[int, int, int, int]] = field(default_factory=set)  # old clause and word, new clause and word


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares: of the words that change, and of the clauses to which the other things happen."""

    words: float
    move: float = 0.03
    split: float = 0.03
    merge: float = 0.03
    insert: float = 0.02
    delete: float = 0.02


def text(kind: str, words: int, seed: int = 1) -> list[str]:
    """Clauses of a text of about so many words: ``english``, ``spanish`` or ``boilerplate``."""
    chance = random.Random(f"{kind} {seed}")
    made: list[str] = []
    while words > 0:
        made.append(_boilerplate(chance, len(made)) if kind == "boilerplate" else _sentence(chance, kind))
        words -= len(made[-1].split())
    return made


def edited(kind: str, words: int, rates: Rates, seed: int = 1) -> Known:
    """A text without ids and what became of it."""
    chance = random.Random(f"{kind} {words} {rates} {seed}")
    olds = text(kind, words, seed)
    known = Known([_clause(one) for one in olds])
    rows: list[tuple[list[Word], bool]] = []  # words, moved
    waiting: list[tuple[list[Word], bool]] = []  # what moves, until it is put back
    at = 0
    while at < len(olds):
        row = [Word(word, (at, place)) for place, word in enumerate(olds[at].split())]
        what = chance.choices(_DEEDS, _weights(rates))[0]
        if what == "move":
            waiting.append((row, True))
        elif what == "split" and len(row) >= 16:
            rows += [(part, False) for part in _cut(chance, row)]
        elif what == "merge" and at + 1 < len(olds):
            at += 1
            rows.append((row + [Word(word, (at, place)) for place, word in enumerate(olds[at].split())], False))
        elif what != "delete":
            rows.append((row, False))
        if what == "insert":
            fresh = _boilerplate(chance, len(olds) + at) if kind == "boilerplate" else _sentence(chance, kind)
            rows.append(([Word(word, None) for word in fresh.split()], False))
        at += 1
    for row_moved in waiting:
        rows.insert(chance.randrange(len(rows) + 1), row_moved)
    for place, (row, moved) in enumerate(rows):
        _add(known, place, _reworded(chance, kind, row, rates.words), moved=moved)
    return known


def _weights(rates: Rates) -> list[float]:
    shares = [rates.move, rates.split, rates.merge, rates.insert, rates.delete]
    return [*shares, 1 - sum(shares)]


def _add(known: Known, place: int, row: Sequence[Word], *, moved: bool) -> None:
    known.new.append(_clause(" ".join(word.text for word in row)))
    for at, word in enumerate(row):
        if word.of:
            known.links.add((word.of[0], place))
            known.words.add((*word.of, place, at))
    if moved:
        known.moved.add(place)


def _clause(words: str) -> Clause:
    return Clause("", ClauseKind.OPERATIVE, 0, words)


def _cut(chance: random.Random, row: list[Word]) -> list[list[Word]]:
    parts = 3 if len(row) >= 30 and chance.random() < 0.3 else 2
    cuts = [len(row) * part // parts + chance.randint(-2, 2) for part in range(1, parts)]
    return [row[start:end] for start, end in zip([0, *cuts], [*cuts, len(row)], strict=True)]


def _reworded(chance: random.Random, kind: str, row: Iterable[Word], rate: float) -> list[Word]:
    out: list[Word] = []
    for word in row:
        if word.of is None or chance.random() >= rate:
            out.append(word)
            continue
        what = chance.random()
        if what < 0.5:
            out.append(Word(_word(chance, kind), None))
        elif what < 0.75:
            out += [word, Word(_word(chance, kind), None)]
    return out


def _word(chance: random.Random, kind: str) -> str:
    language = "spanish" if kind == "spanish" else "english"
    if chance.random() < 0.4:
        return chance.choice(_FUNCTION[language].split())
    return chance.choice(_STEMS[language].split()) + chance.choice(_ENDINGS[language].split())


def _sentence(chance: random.Random, language: str) -> str:
    words = [_word(chance, language) for _ in range(chance.randint(18, 60))]
    return " ".join(words)


def _boilerplate(chance: random.Random, number: int) -> str:
    states = [first + second for first, second in product(_FIRSTS.split(), _LASTS.split())]
    state, other = states[number % len(states)], chance.choice(states)
    measure = chance.choice(_STEMS["english"].split()) + chance.choice(_ENDINGS["english"].split())
    return (
        f"State {state} shall communicate to the depositary within {chance.randint(10, 90)} days any measure of"
        f" {measure} taken under article {number // 7 + 1} and shall upon request of State {other} make available the"
        " records kept by its competent national authority in accordance with the present agreement"
    )


# ── how well a comparison finds it ───────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Quality:
    """F1 of what was found against the truth, 0 to 1: clauses that belong together, words that were kept, clauses that
    moved, clauses that were cut and that were joined (only with exactly the right others)."""

    pairs: float
    words: float
    moves: float
    splits: float
    merges: float


def quality(found: Comparison, known: Known) -> Quality:
    """How much of the truth was found, and how much of what was found is true."""
    links = _links(found.rows)
    moved = {row.new_at for row in found.rows if row.change in {Change.MOVED, Change.MOVED_CHANGED}}
    return Quality(
        f1(links, known.links),
        f1(kept(found), known.words),
        f1(moved, known.moved),
        f1(_fans(links, 0), _fans(known.links, 0)),
        f1(_fans(links, 1), _fans(known.links, 1)),
    )


def f1(found: set, truth: set) -> float:  # type: ignore[type-arg]
    """The harmonic mean of precision and recall; 1 when there is nothing to find and nothing was found."""
    return 2 * len(found & truth) / (len(found) + len(truth)) if found or truth else 1.0


def _links(rows: Sequence[Row]) -> set[Link]:
    links: set[Link] = set()
    for row in rows:
        if row.change is Change.MOVED_AWAY:
            continue
        old = row.parent_at if row.change is Change.SPLIT else row.old_at
        new = row.parent_at if row.change is Change.MERGED else row.new_at
        if old is not None and new is not None:
            links.add((old, new))
    return links


def _fans(links: set[Link], side: int) -> set[frozenset[Link]]:
    """Links that share an end on one side, where there are several."""
    by_end: dict[int, set[Link]] = {}
    for link in links:
        by_end.setdefault(link[side], set()).add(link)
    return {frozenset(fan) for fan in by_end.values() if len(fan) > 1}


def kept(found: Comparison) -> set[tuple[int, int, int, int]]:
    """The words that a comparison says were kept: old clause and word, new clause and word."""
    together = list(families(found.rows))
    members = {id(row) for family in together for row in family}
    alone = [[row] for row in found.rows if row.change is not Change.MOVED_AWAY and id(row) not in members]
    words: set[tuple[int, int, int, int]] = set()
    for group in [*together, *alone]:
        olds = iter(_places([(row.old_at, row.old) for row in group]))
        news = iter(_places([(row.new_at, row.new) for row in group]))
        for hunk in (hunk for row in group for hunk in row.hunks):
            for _ in filter(is_word, tokens(hunk.text)):
                old = next(olds) if hunk.op is not Op.INSERT else None
                new = next(news) if hunk.op is not Op.DELETE else None
                if old and new:
                    words.add((*old, *new))
    return words


def _places(clauses: Iterable[tuple[int | None, Clause | None]]) -> list[tuple[int, int]]:
    return [
        (at, place)
        for at, clause in clauses
        if clause and at is not None
        for place, _ in enumerate(filter(is_word, tokens(clause.text)))
    ]
