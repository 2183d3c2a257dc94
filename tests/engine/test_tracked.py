"""Drafts with every kind of act as Word files: accepting everything is the new text, rejecting everything the old."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st

from drafts.compare import compare
from drafts.exchange.document import Document, Written
from drafts.exchange.docx import read
from drafts.exchange.parsed import ParsedClause, Signed, tidy
from drafts.exchange.word import write
from drafts.model import Clause
from drafts.moments import Moment, Moments
from drafts.state import State
from drafts.tracked import Tracked
from tests.engine.table import Table
from tests.engine.test_moments import history


def sign(moment: Moment) -> Signed:
    return Signed(moment.party_id, datetime.fromtimestamp(moment.at // 1000, UTC))


def at(table: Table, seq: int) -> State:
    state = State(table.draft)
    state.apply_all(table.log[:seq])
    return state


def tracked(table: Table, old: int, new: int) -> tuple[list[Clause], list[Clause], Tracked]:
    one, two, last = at(table, old), at(table, new), at(table, len(table.log))
    told = compare(one.live(), two.live(), last.origins(), merged=last.joined())
    return one.live(), two.live(), Tracked(told, Moments(table.log), old, new, sign)


def file(table: Table, made: Tracked, new: int) -> Document:
    head = ("Lakes", "Good neighbours", "SIM/L.1", "", None, "en")
    return Document(*head, table.draft.id, new, 0, "", made.clauses(), since="Rev.1")


def words(clauses: Sequence[Clause] | Sequence[ParsedClause]) -> list[str]:
    return [text for clause in clauses if (text := tidy(clause.text))]


@settings(max_examples=25)
@given(st.integers(0, 2**32).map(random.Random))
@example(random.Random(8141))  # a clause that others were moved past
def test_accepted_it_is_the_new_text_and_rejected_the_old(rng: random.Random) -> None:
    table = history(rng, 30)
    old = rng.randint(1, len(table.log))
    new = rng.randint(old, len(table.log))
    before, after, made = tracked(table, old, new)
    found = read(write(file(table, made, new)))
    assert words(found.clauses) == words(after)
    assert words(found.rejected) == words(before)
    ids = {clause.id: tidy(clause.text) for clause in after}
    for clause in found.clauses:
        assert ids.get(clause.id, clause.text) == clause.text
    assert found.base is not None
    assert (found.base.draft, found.base.seq) == (table.draft.id, new)
    known = {moment.party_id for moment in (Moments(table.log).moment(seq) for seq in range(1, len(table.log) + 1))}
    for clause in found.clauses:
        for piece in clause.pieces:
            assert all(by.author in known for by in (piece.ins, piece.dele) if by is not None)


@settings(max_examples=25)
@given(st.integers(0, 2**32).map(random.Random))
def test_a_clean_copy_is_the_new_text_alone(rng: random.Random) -> None:
    table = history(rng, 20)
    after = at(table, len(table.log)).live()
    head = ("Lakes", "Good neighbours", "SIM/L.1", "Rev.1", None, "en", table.draft.id, len(table.log), 1, "ab" * 32)
    found = read(write(Document(*head, tuple(Written(clause) for clause in after))))
    assert words(found.clauses) == words(found.rejected) == words(after)
    kept = [clause for clause in after if tidy(clause.text)]
    told = [clause for clause in found.clauses if clause.text]
    assert [(c.id, c.kind, c.depth, c.lang) for c in told] == [(c.id, c.kind, c.depth, c.lang) for c in kept]
    assert not any(clause.pieces for clause in found.clauses)
