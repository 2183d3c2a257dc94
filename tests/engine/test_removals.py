"""No silent deletion, against an oracle in which every letter is a thing of its own."""

import random
from collections import Counter
from dataclasses import dataclass

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from drafts import commands as do
from drafts.acts import Act, ActKind
from drafts.change import Change, narrow, widen
from drafts.model import Clause
from drafts.moments import Moments
from drafts.removals import What, removals
from drafts.state import State
from drafts.tokens import tokens
from tests.engine.table import CHAIR, INES, PILAR, Table
from tests.engine.test_moments import history


@dataclass(eq=False, slots=True)
class Letter:
    """One unit of text; ``by`` is the act that struck it out."""

    unit: str
    by: int = 0


class Letters:
    """Every clause as a list of letters."""

    def __init__(self) -> None:
        self.clauses: dict[str, list[Letter]] = {}
        self.deleted: dict[str, int] = {}  # clause id: the act

    def apply(self, act: Act) -> None:
        own, body = act.clause_id or "", act.body
        match act.kind:
            case ActKind.BEGIN:
                self.clauses = {c["id"]: [Letter(u) for u in widen(c["text"])] for c in body["clauses"]}
            case ActKind.INSERT:
                self.clauses[own] = [Letter(u) for u in widen(body["text"])]
            case ActKind.EDIT | ActKind.CARRY:
                self._edit(own, Change.from_log(body["change"]), act.seq)
            case ActKind.SPLIT:
                whole, at = self.clauses[own], body["at"]
                self.clauses[own], self.clauses[body["into"]] = whole[:at], whole[at:]
            case ActKind.JOIN:
                space = body["at"] - len(self.clauses[own])
                self.clauses[own] += [Letter(" ") for _ in range(space)] + self.clauses[body["of"]]
                self.clauses[body["of"]] = []
            case ActKind.DELETE:
                self.deleted[own] = act.seq
            case ActKind.RESTORE:
                self.deleted.pop(own, None)
            case _:
                pass

    def _edit(self, clause: str, change: Change, seq: int) -> None:
        before, after, at = self.clauses[clause], [], 0
        for (length, ins), text in zip(change.sections, change.inserts, strict=True):
            piece = before[at : at + length]
            at += length
            if ins < 0:
                after += piece
                continue
            for letter in piece:
                letter.by = seq
            after += [Letter(unit) for unit in text]
        self.clauses[clause] = after

    def words(self, clause: str) -> list[tuple[Letter, ...]]:
        """The tokens of its text that are no spaces."""
        letters, at, found = self.clauses[clause], 0, []
        for token in tokens(narrow("".join(letter.unit for letter in letters))):
            size = len(widen(token))
            if token.strip():
                found.append(tuple(letters[at : at + size]))
            at += size
        return found


def text_of(word: tuple[Letter, ...]) -> str:
    return narrow("".join(letter.unit for letter in word))


@settings(max_examples=150, phases=(Phase.explicit, Phase.reuse, Phase.generate))  # shrinking takes minutes
@given(st.randoms(use_true_random=False))
def test_every_word_that_is_gone_is_told_once_with_the_acts_that_removed_it(rng: random.Random) -> None:
    table = history(rng)
    end = len(table.log)
    old, new = sorted((rng.randint(1, end), rng.randint(1, end)))
    letters, before = Letters(), State(table.draft)
    for act in table.log[:old]:
        letters.apply(act)
        before.apply(act)
    clauses = before.live()
    was = {clause.id: letters.words(clause.id) for clause in clauses}
    for act in table.log[old:new]:
        letters.apply(act)
    there = {word for clause in letters.clauses if clause not in letters.deleted for word in letters.words(clause)}
    told = removals(Moments(table.log), clauses, old, new)
    for clause in clauses:
        gone = [word for word in was[clause.id] if word not in there]
        mine = [one for one in told if one.clause_id == clause.id]
        listed = [token for one in mine for token in tokens(one.text) if token.strip()]
        assert Counter(map(text_of, gone)) == Counter(listed)
        acts = {moment.seq for one in mine for moment in one.moments}
        assert {letter.by for word in gone for letter in word} - {0} <= acts
        assert all(old < seq <= new for seq in acts)
        assert all(one.moments for one in mine)
        ends = [one for one in mine if one.what is not What.WORDS]
        standing = {c.id for c in _state(table, new).standing()}
        assert len(ends) == (clause.id not in standing)


def _state(table: Table, seq: int) -> State:
    state = State(table.draft)
    state.apply_all(table.log[:seq])
    return state


def told(table: Table, old: int = 1) -> list[tuple[str, str, str, list[str], str]]:
    clauses: list[Clause] = _state(table, old).live()
    found = removals(Moments(table.log), clauses, old, len(table.log))
    return [(str(r.what), r.label, r.text, [m.person_id for m in r.moments], r.reason) for r in found]


def test_what_each_party_took_out_is_told_apart_and_own_words_of_meanwhile_are_not() -> None:
    table = Table("States shall not harm [the] networks.", "They meet each year.", "They report.")
    table.type(INES, "c0", 13, "", end=17)
    table.type(PILAR, "c0", 18, "", end=19)  # one bracket
    table.type(INES, "c0", 0, "All ")
    table.type(INES, "c0", 0, "", end=4)
    table.join("c2", CHAIR)
    table.type(PILAR, "c1", 21, "", end=26)
    assert [one[:4] for one in told(table)] == [
        ("words", "OP1", "not", ["ines"]),
        ("words", "OP1", "[", ["pilar"]),
        ("joined", "OP3", "", ["ada"]),
        ("words", "OP3", "They", ["pilar"]),
    ]


def test_a_deleted_clause_is_told_with_its_words_and_its_reason() -> None:
    table = Table("States act.", "They meet each year.")
    table.type(INES, "c1", 10, "", end=15)
    table.ask(PILAR, do.Delete(table.op(), "c1", "Covered by OP1."))
    assert told(table) == [
        ("clause", "OP2", "They meet year.", ["pilar"], "Covered by OP1."),
        ("words", "OP2", "each", ["ines"], ""),
    ]


def test_the_words_of_a_deleted_clause_stay_apart_where_the_space_between_them_went_before() -> None:
    table = Table("States act.", "They meet, and report each year.")
    table.type(INES, "c1", 4, "x", end=5)
    table.type(INES, "c1", 9, "", end=14)
    table.ask(PILAR, do.Delete(table.op(), "c1"))
    assert told(table) == [
        ("clause", "OP2", "They meet report each year.", ["pilar"], ""),
        ("words", "OP2", ", and", ["ines"], ""),
    ]
