"""Texts, edits of them as a draft's log would know them, and passages of which it is known where they went.

Every word is a thing of its own that edits carry along: cut, joined, moved with its clause, taken to another clause by
hand. What is only typed like it (a duplicate) is another word.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Final

from drafts.anchoring import FLOOR, Found, Passage
from drafts.consultation import Spot
from drafts.model import Clause, ClauseKind
from tests.drafts.known_edits import text

_ARABIC: Final = (
    "تلتزم الدول بحماية البنية التحتية الحيوية من الهجمات الضارة وفقا للقانون الدولي وتتعاون على تبادل المعلومات بشأن"
    " الثغرات في الوقت المناسب كما تعمل الأطراف على بناء القدرات وتعزيز الثقة بين البلدان النامية مع احترام السيادة"
    " وعدم التدخل في الشؤون الداخلية عبر الشبكات العامة والخاصة خلال فترة النزاع أو السلم دون تمييز لأي طرف"
)
_CHINESE: Final = "各国应当保护关键基础设施免受恶意网络活动的影响并依照国际法开展合作及时交流有关漏洞信息"
_ENGLISH: Final = "the of and to in for shall should may not their any such from with on as or be"
KINDS: Final = ("english", "spanish", "boilerplate", "arabic", "chinese")


@dataclass(eq=False, slots=True)
class Word:
    """A word with an identity."""

    text: str


@dataclass(eq=False, slots=True)
class Known:
    """Both texts, what the log says of cuts and joins, and which words stand where."""

    kind: str
    old: list[Clause] = field(default_factory=list)
    new: list[Clause] = field(default_factory=list)
    lineage: dict[str, str] = field(default_factory=dict)
    merged: dict[str, str] = field(default_factory=dict)
    before: list[list[Word]] = field(default_factory=list)  # words by old clause
    after: list[list[Word]] = field(default_factory=list)

    @property
    def space(self) -> str:
        """What stands between two words."""
        return "" if self.kind == "chinese" else " "


@dataclass(frozen=True, slots=True)
class Sample:
    """A passage, its words, and where most of them are now: the new clause, their places there, and how many percent
    of the words (or letters, if that is less) they are."""

    passage: Passage
    words: Sequence[Word]
    clause: int
    places: frozenset[int]
    share: int

    @property
    def lives(self) -> bool:
        """Whether it can be placed."""
        return self.share >= FLOOR


class _Making:
    """The edits of one text."""

    def __init__(self, kind: str, clauses: int, seed: str) -> None:
        self.chance = random.Random(seed)
        self.known = Known(kind)
        self._ids = (f"c{number:04}" for number in count())
        sentences = self._sentences(kind, clauses)
        rows = [(next(self._ids), [Word(word) for word in sentence]) for sentence in sentences]
        self.known.before = [list(words) for _, words in rows]
        self.known.old = [self.clause(name, words) for name, words in rows]
        self.rows = rows

    def clause(self, name: str, words: Sequence[Word]) -> Clause:
        return Clause(name, ClauseKind.OPERATIVE, 0, self.known.space.join(word.text for word in words))

    def _sentences(self, kind: str, clauses: int) -> list[list[str]]:
        if kind in {"arabic", "chinese"}:
            every = _ARABIC.split() if kind == "arabic" else list(_CHINESE)
            return [self._run_of(every, self.chance.randint(12, 60)) for _ in range(clauses)]
        return [sentence.split() for sentence in text(kind, clauses * 40, self.chance.randrange(10**6))][:clauses]

    def _run_of(self, every: Sequence[str], size: int) -> list[str]:
        """So many words, none next to itself: of two such nobody knows which one went."""
        out: list[str] = []
        while len(out) < size:
            word = self.chance.choice(every)
            if word not in out[-4:]:
                out.append(word)
        return out

    def word(self) -> Word:
        """A new word of the same language."""
        if self.known.kind == "chinese":
            return Word(self.chance.choice(_CHINESE))
        if self.known.kind == "arabic":
            return Word(self.chance.choice(_ARABIC.split()))
        if self.chance.random() < 0.4:
            return Word(self.chance.choice(_ENGLISH.split()))
        return Word(self.chance.choice(self.chance.choice(self.known.before)).text)

    # ── what is done to the text ──

    def reword(self, rate: float) -> None:
        """Single words change, come and go."""
        for _, words in self.rows:
            if self.chance.random() < 0.3:
                continue
            out: list[Word] = []
            for word in words:
                what = self.chance.random() / rate if rate else 1.0
                if what >= 1:
                    out.append(word)
                elif what < 0.4:
                    out.append(self.word())
                elif what < 0.7:
                    out += [word, self.word()]
            words[:] = out or [self.word()]

    def delete(self) -> None:
        """A clause goes."""
        if len(self.rows) > 3:
            self.rows.pop(self.chance.randrange(len(self.rows)))

    def insert(self) -> None:
        """A new clause comes."""
        size = self.chance.randint(8, 40)
        self.put((next(self._ids), [self.word() for _ in range(size)]))

    def put(self, row: tuple[str, list[Word]]) -> None:
        self.rows.insert(self.chance.randrange(len(self.rows) + 1), row)

    def move(self) -> None:
        """A clause goes to another place."""
        self.put(self.rows.pop(self.chance.randrange(len(self.rows))))

    def split(self) -> None:
        """A clause is cut."""
        at = self.chance.randrange(len(self.rows))
        name, words = self.rows[at]
        if len(words) < 6:
            return
        cut = self.chance.randint(2, len(words) - 2)
        part = next(self._ids)
        self.known.lineage[part] = name
        self.rows.insert(at + 1, (part, words[cut:]))
        del words[cut:]

    def merge(self) -> None:
        """A clause is joined to the one before it."""
        if len(self.rows) < 4:
            return
        at = self.chance.randrange(1, len(self.rows))
        name, words = self.rows.pop(at)
        self.known.merged[name] = self.rows[at - 1][0]
        self.rows[at - 1][1].extend(words)

    def retype(self) -> None:
        """A clause is taken out and put in elsewhere, unknown to the log."""
        _, words = self.rows.pop(self.chance.randrange(len(self.rows)))
        self.put((next(self._ids), words))

    def carry(self) -> None:
        """Some words are taken to another place of the same clause or of another."""
        _, words = self.chance.choice(self.rows)
        start, size = self._run(words)
        taken = words[start : start + size]
        if len(words) > size:
            del words[start : start + size]
            self._into(taken)

    def duplicate(self) -> None:
        """Words that stand somewhere, or stood there, are typed in another place too."""
        words = self.chance.choice(self.known.before)
        start, size = self._run(words)
        self._into([Word(word.text) for word in words[start : start + size]])

    def double(self) -> None:
        """A clause with the words of another one comes."""
        self.put((next(self._ids), [Word(word.text) for word in self.chance.choice(self.known.before)]))

    def replace(self) -> None:
        """A clause keeps its id and gets other words."""
        self.chance.choice(self.rows)[1][:] = [self.word() for _ in range(self.chance.randint(8, 40))]

    def _run(self, words: Sequence[Word]) -> tuple[int, int]:
        size = min(len(words), self.chance.choice([1, 2, 3, 5, 8, 12, 20]))
        return self.chance.randint(0, len(words) - size), size

    def _into(self, words: list[Word]) -> None:
        _, there = self.chance.choice(self.rows)
        at = self.chance.randint(0, len(there))
        there[at:at] = words


_DEEDS: Final = (
    _Making.delete, _Making.insert, _Making.move, _Making.split, _Making.merge, _Making.retype, _Making.carry,
    _Making.duplicate, _Making.double, _Making.replace,
)  # fmt: skip


def edited(kind: str, seed: int, *, clauses: int = 12, deeds: int = 10, rate: float = 0.08) -> Known:
    """A text and what became of it."""
    making = _Making(kind, clauses, f"{kind} {seed} {clauses} {deeds} {rate}")
    for _ in range(deeds):
        making.chance.choice(_DEEDS)(making)
    making.reword(rate)
    known = making.known
    known.after = [words for _, words in making.rows]
    known.new = [making.clause(name, words) for name, words in making.rows]
    return known


def samples(known: Known, seed: int, of_clause: int = 8) -> list[Sample]:
    """Passages of all sizes in every clause, and the clause as a whole."""
    chance = random.Random(seed)
    where = {id(word): (at, place) for at, words in enumerate(known.after) for place, word in enumerate(words)}
    found = []
    for clause, words in zip(known.old, known.before, strict=True):
        found.append(_sample(Passage(Spot.CLAUSE, clause.id), words, where))
        for _ in range(of_clause):
            size = min(len(words), chance.choice([1, 2, 3, 4, 6, 8, 12, 20]))
            first = chance.randint(0, len(words) - size)
            start = len(known.space.join([word.text for word in words[:first]]))
            start += len(known.space) if first else 0
            chosen = words[first : first + size]
            quote = known.space.join(word.text for word in chosen)
            found.append(_sample(Passage(Spot.SPAN, clause.id, start, start + len(quote), quote), chosen, where))
    return found


def _sample(passage: Passage, words: Sequence[Word], where: dict[int, tuple[int, int]]) -> Sample:
    there: dict[int, list[Word]] = {}
    for word in words:
        if id(word) in where:
            there.setdefault(where[id(word)][0], []).append(word)
    if not there:
        return Sample(passage, words, -1, frozenset(), 0)
    clause = max(there, key=lambda at: sum(len(word.text) for word in there[at]))
    kept = there[clause]
    letters = 100 * sum(len(word.text) for word in kept) // sum(len(word.text) for word in words)
    share = min(100 * len(kept) // len(words), letters)
    return Sample(passage, words, clause, frozenset(where[id(word)][1] for word in kept), share)


# ── what is said of a placing ──


def holds(words: Sequence[str], text: Sequence[str]) -> float:
    """The share of words that stand in a text in their order, the longest way found by trying all."""
    row = [0] * (len(text) + 1)
    for word in words:
        before = 0
        for at, other in enumerate(text, 1):
            above = row[at]
            row[at] = before + 1 if word.casefold() == other.casefold() else max(row[at - 1], above)
            before = above
    return row[-1] / len(words)


def judged(known: Known, sample: Sample, found: Found) -> str:
    """What is to be said of a placing.

    - ``right``; ``orphan`` (of what lives); ``gone`` (an orphan whose words are gone);
    - ``other``: the words live no more, and others like them were taken for them;
    - ``thin``: placed where they do not stand;
    - ``wrong``: on others while the true ones live;
    - ``outdone``: the same, but those others, typed like the true ones, are more like them in themselves and in what
      stands around than the true ones now are: the texts do not say which are which.
    """
    if found.clause_id is None:
        return "orphan" if sample.lives else "gone"
    at = [clause.id for clause in known.new].index(found.clause_id)
    there = known.after[at]
    covered = _covered(known, at, found) if found.start is not None else range(len(there))
    if holds([word.text for word in sample.words], [there[place].text for place in covered]) < FLOOR / 100:
        return "thin"
    if not sample.lives:
        return "other"
    if at == sample.clause and not sample.places.isdisjoint(covered):
        return "right"
    true = _evidence(known, sample, known.after[sample.clause], sorted(sample.places))
    return "outdone" if true < _evidence(known, sample, there, covered) else "wrong"


def _evidence(known: Known, sample: Sample, there: Sequence[Word], places: Sequence[int]) -> float:
    """How much words of a clause are like a sample in its old clause, going by the texts alone: in itself
    (two thirds of it) and in what stands around."""
    before = next(words for words in known.before if sample.words[0] in words)
    first, last = before.index(sample.words[0]), before.index(sample.words[-1])
    low, high = places[0], places[-1]
    texts = [word.text for word in there]
    words = [word.text for word in sample.words]
    around = [word.text for word in [*before[max(0, first - 8) : first], *before[last + 1 : last + 9]]]
    now = [*texts[max(0, low - 10) : low], *texts[high + 1 : high + 11]]
    like = 2 * holds(words, texts[low : high + 1]) * len(words) / (len(words) + high + 1 - low)
    return 2 * like + (holds(around, now) if around else 1.0)


def _covered(known: Known, at: int, found: Found) -> list[int]:
    """The places of the words between the offsets of a placing (of texts within the BMP)."""
    places, start = [], 0
    for place, word in enumerate(known.after[at]):
        end = start + len(word.text)
        if start < (found.end or 0) and end > (found.start or 0):
            places.append(place)
        start = end + len(known.space)
    return places
