"""Two sides that work on one text at once, and an oracle that knows what has to come of it.

A text of eight clauses is written; others edit it live while a sender works on a copy. Every edit is known by the words
of the base that it replaces, and brings fresh words that stand nowhere else. So for each of the sender's edits it is
certain whether a whole word lies between it and what others did (then it must be applied), or not (then it must not be,
unless both did the same), and where each of its words went.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from drafts import commands as do
from drafts.exchange.parsed import Parsed, ParsedClause
from drafts.merge import plan
from drafts.model import ClauseKind
from drafts.outside import Kind, Report, Why
from tests.engine.table import CHAIR, INES, PILAR, Table

CLAUSES = 8
_SYLLABLES = ("ba", "de", "fi", "go", "ku", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "wo", "xa", "zu")
_PLAIN = (
    "States should share early warnings of incidents on the networks of the lakes with every neighbour through the "
    "office that each capital names for it and answer without delay when another capital asks about number"
)
_COMMON = _PLAIN.split()


@dataclass(frozen=True)
class Edit:
    """Words ``start`` to ``end`` of a clause become ``words``."""

    clause: str
    start: int
    end: int
    words: tuple[str, ...]

    def meets(self, other: "Edit") -> bool:
        """Whether no whole word lies between the two."""
        return self.clause == other.clause and self.start <= other.end and other.start <= self.end


@dataclass
class Side:
    """What one side does: edits of words, clauses it deletes, moves to the end, locks, and puts in behind others."""

    edits: list[Edit] = field(default_factory=list)
    deleted: set[str] = field(default_factory=set)
    moved: set[str] = field(default_factory=set)
    locked: set[str] = field(default_factory=set)
    added: list[tuple[str, str]] = field(default_factory=list)  # behind which clause, the text

    def touched(self) -> set[str]:
        """The clauses it did something to."""
        return {edit.clause for edit in self.edits} | self.deleted | self.moved


@dataclass
class Tried:
    """What came of the sender's edits: how many there were, of which kind, and every fault by its name."""

    edits: int = 0
    disjoint: int = 0
    applied: int = 0
    unsure: int = 0  # disjoint ones in clauses without ids that share too little with the base to be sure of
    overlapping: int = 0
    clauses: int = 0
    wronged: list[str] = field(default_factory=list)  # clauses changed that the sender did not touch
    silent: list[str] = field(default_factory=list)  # overlaps applied silently
    lost: list[str] = field(default_factory=list)  # words that are nowhere

    def add(self, other: "Tried") -> None:
        """Sum up."""
        for name in ("edits", "disjoint", "applied", "unsure", "overlapping", "clauses"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for name in ("wronged", "silent", "lost"):
            getattr(self, name).extend(getattr(other, name))


class Case:
    """One text and its two sides. ``named``: whether the sender's copy keeps the clauses' ids."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._fresh = 0
        self.boilerplate = rng.random() < 0.4
        self.named = rng.random() < 0.7
        self.base = {f"c{n}": self._clause(n) for n in range(CLAUSES)}
        quiet = self.boilerplate and not self.named  # which of several look-alikes was deleted, only ids can say
        self.others = self._side(structure=True, locks=True)
        self.sender = self._side(structure=not quiet, locks=False)
        if rng.random() < 0.3:
            self._agree()

    # ── making ──

    def _word(self) -> str:
        return "".join(self.rng.choice(_SYLLABLES) for _ in range(self.rng.randint(2, 4)))

    def fresh(self) -> str:
        """A word that stands nowhere else."""
        self._fresh += 1
        return f"q{self._fresh}{self._word()}"

    def _clause(self, number: int) -> list[str]:
        if self.boilerplate:
            return [*_COMMON, f"n{number}{self._word()}", f"m{number}{self._word()}"]
        return [f"{self._word()}{at}" for at in range(self.rng.randint(12, 28))]

    def _side(self, *, structure: bool, locks: bool) -> Side:
        rng, side, names = self.rng, Side(), list(self.base)
        if structure and rng.random() < 0.4:
            side.deleted = set(rng.sample(names, 1))
        if structure and rng.random() < 0.4:
            side.moved = set(rng.sample([name for name in names if name not in side.deleted], 1))
        if locks and rng.random() < 0.3:
            side.locked = set(rng.sample([name for name in names if name not in side.deleted], 1))
        for name in rng.sample(names, rng.randint(2, 5)):
            if name not in side.deleted | side.locked:
                side.edits += self._edits(name)
        if structure and rng.random() < 0.4:
            side.added.append(
                (
                    rng.choice([name for name in names if name not in side.deleted]),
                    " ".join(self.fresh() for _ in range(9)),
                )
            )
        return side

    def _edits(self, name: str) -> Iterator[Edit]:
        """One to three edits of a clause, each at least two words from the next: they are told apart."""
        length, at = len(self.base[name]), 0
        for _ in range(self.rng.randint(1, 3)):
            start = at + self.rng.randint(0, 6)
            gone = self.rng.choice((0, 1, 1, 2))
            come = self.rng.randint(0 if gone else 1, 2)
            if start + gone > length - 2:
                return
            yield Edit(name, start, start + gone, tuple(self.fresh() for _ in range(come)))
            at = start + gone + 3

    def _agree(self) -> None:
        """Both sides make one edit alike."""
        mine = [edit for edit in self.sender.edits if edit.clause not in self.others.deleted | self.others.locked]
        if mine:
            same = self.rng.choice(mine)
            self.others.edits = [edit for edit in self.others.edits if not edit.meets(same)] + [same]

    # ── doing ──

    def text(self, name: str, edits: Sequence[Edit]) -> str:
        """The clause's text with these edits."""
        words, out, at = self.base[name], [], 0
        for edit in sorted({e for e in edits if e.clause == name}, key=lambda e: (e.start, e.end)):
            out += [*words[at : edit.start], *edit.words]
            at = edit.end
        return " ".join([*out, *words[at:]])

    def table(self) -> Table:
        """The text, with what others did to it since, in another order than they stand in it."""
        made = Table(*(self.text(name, []) for name in self.base))
        done: list[Edit] = []
        for edit in self.rng.sample(self.others.edits, len(self.others.edits)):
            done.append(edit)
            made.ask(PILAR, do.Edit(made.op(), edit.clause, made[edit.clause].number, self.text(edit.clause, done)))
        for after, text in self.others.added:
            made.ask(PILAR, do.Insert(made.op(), after, texts=(text,)))
        for name in self.others.moved:
            last = made.room.state.standing()[-1].id
            made.ask(PILAR, do.Move(made.op(), name, last if name != last else None))
        for name in self.others.deleted:
            made.ask(PILAR, do.Delete(made.op(), name))
        for name in self.others.locked:
            made.ask(CHAIR, do.Lock(made.op(), name, "agreed_ad_ref"))
        return made

    def copy(self) -> list[tuple[str, str]]:
        """The sender's clauses in order: id ('' for a new one) and text."""
        order = [name for name in self.base if name not in self.sender.moved | self.sender.deleted]
        order += sorted(self.sender.moved)
        made = []
        for name in order:
            made.append((name, self.text(name, self.sender.edits)))
            made += [("", text) for after, text in self.sender.added if after == name]
        return made

    def parsed(self) -> Parsed:
        """The sender's copy as it was read."""
        clauses = tuple(
            ParsedClause(ClauseKind.OPERATIVE, 0, text, id=name if self.named else "") for name, text in self.copy()
        )
        return Parsed("", "", "en", clauses, rejected=clauses)

    # ── judging ──

    def blocked(self, name: str) -> bool:
        """Whether others did something to the clause that keeps every edit of its words out."""
        return name in self.others.deleted | self.others.moved | self.others.locked

    def disjoint(self, edit: Edit) -> bool:
        """Whether it has to be applied."""
        return not self.blocked(edit.clause) and not any(edit.meets(other) for other in self.others.edits)

    def judge(self, before: dict[str, str], after: dict[str, str], report: Report) -> Tried:
        """Compare the live text before and after with what has to be."""
        told = " ".join(" ".join((clash.theirs, *clash.parts)) for clash in report.conflicts)
        guesses = {clash.clause for clash in report.conflicts if clash.why is Why.UNSURE}
        guesses |= {done.clause for done in report.applied if done.kind is Kind.DELETE} - self.sender.deleted
        guesses |= {clash.clause for clash in report.conflicts if clash.kind is Kind.DELETE} - self.sender.deleted
        tried = Tried(clauses=len(before))
        touched = self.sender.touched()
        tried.wronged = [name for name, text in before.items() if name not in touched and after.get(name) != text]
        if not self._in_order(before, after):
            tried.wronged.append("the order")
        for name in touched & set(before):
            allowed = [edit for edit in self.sender.edits if edit.clause == name and self.disjoint(edit)]
            if name in after and name not in self.sender.deleted and after[name] not in self._between(name, allowed):
                tried.silent.append(name)
            if name in self.sender.deleted and name not in after and self.text(name, []) != before[name]:
                tried.silent.append(name)
        everything = " ".join(after.values())
        for edit in self.sender.edits:
            if edit.clause in self.sender.deleted:
                continue
            tried.edits += 1
            free = self.disjoint(edit)
            tried.disjoint += free
            tried.overlapping += not free
            if free and self._done(edit, after.get(edit.clause)):
                tried.applied += 1
            elif free and edit.clause in guesses:
                tried.unsure += 1
            tried.lost += [word for word in edit.words if word not in everything and word not in told]
        words = [word for _, text in self.sender.added for word in text.split()]
        tried.lost += [word for word in words if word not in everything and word not in told]
        return tried

    def _in_order(self, before: dict[str, str], after: dict[str, str]) -> bool:
        """Whether what the sender did not move stands in the order it had. To move the last but one behind the last is
        also to move the last before it; the two cannot be told apart."""
        standing = [name for name in self.base if name not in self.sender.deleted]
        free = self.sender.moved | set(standing[-1:] if set(standing[-2:]) & self.sender.moved else ())
        kept = [name for name in before if name in after and name not in free]
        return kept == [name for name in after if name in before and name not in free]

    def _between(self, name: str, allowed: list[Edit], always: Sequence[Edit] = ()) -> set[str]:
        """Every text that others' edits, some of the allowed ones and those of ``always`` make."""
        texts = set()
        for chosen in range(1 << len(allowed)):
            some = [edit for at, edit in enumerate(allowed) if chosen >> at & 1]
            texts.add(self.text(name, [*self.others.edits, *always, *some]))
        return texts

    def _done(self, edit: Edit, text: str | None) -> bool:
        others = [one for one in self.sender.edits if one.clause == edit.clause and one != edit and self.disjoint(one)]
        return text in self._between(edit.clause, others, [edit])


def run(case: Case) -> tuple[Tried, Table, Report]:
    """Merge the sender's copy into the live text."""
    made = case.table()
    base = Table(*(case.text(name, []) for name in case.base)).room.state.live()
    before = texts(made)
    report = made.ask(INES, do.Merge("merge", plan(base, case.parsed()), 1)).report
    assert report is not None
    return case.judge(before, texts(made), report), made, report


def texts(made: Table) -> dict[str, str]:
    """The standing clauses by id."""
    return {clause.id: clause.text for clause in made.room.state.standing()}


def cases(rng: random.Random, edits: int) -> Iterator[Case]:
    """Cases until the sender has made so many edits."""
    while edits > 0:
        case = Case(rng)
        edits -= len(case.sender.edits)
        yield case
