"""A file of somebody who may not edit: what it does becomes private proposals, on the text that it was made from."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from drafts import commands as do
from drafts.acts import ActKind, Begun
from drafts.errors import Conflict, Invalid, TooMany
from drafts.exchange.parsed import Parsed, ParsedClause
from drafts.model import WORDED, ClauseKind, Mode, ProposalKind, ProposalState, Stage
from drafts.outside import Clash, Kind, Report, Why
from drafts.proposing import known_as, of_conflict
from drafts.readings import against
from drafts.state import State
from tests.engine.table import CHAIR, INES, Table
from tests.engine.test_merge import CABLES, CALLS, LAKES, WATER, Merging, clause, parsed, texts

SUB = ClauseKind.SUB
AT = WATER.index("floods")


@pytest.fixture
def work() -> Merging:
    """The chair has the pen; a file is made from the text as it stands."""
    return Merging(Table(WATER, LAKES, CABLES, CALLS, mode=Mode.PEN))


def bring(work: Merging, file: Parsed, op: str = "merge", most: int = 200) -> tuple[Report, list[Begun]]:
    command = replace(work.asked(file, op), most=most)
    outcome = work.table.ask(INES, command)
    work.table.insist()
    assert outcome.report is not None
    return outcome.report, outcome.begun


def told(begun: Sequence[Begun]) -> list[tuple[str, str | None, str | None, str]]:
    """Kind, clause, place and first words of each."""
    return [(b.proposal.kind.value, b.proposal.clause_id, b.proposal.after_id, words(b)) for b in begun]


def words(begun: Begun) -> str:
    """What the proposal's own text says."""
    state = State(begun.text)
    state.apply_all(begun.acts)
    (only,) = state.live()
    return only.text


def test_words_new_deleted_and_moved_clauses_become_one_proposal_each(work: Merging) -> None:
    storms = WATER.replace("floods", "storms")
    file = parsed(clause(storms, "c0"), clause(CALLS, "c3"), clause("A new one."), clause(LAKES, "c1"))
    report, begun = bring(work, file)
    assert told(begun) == [
        ("modify", "c0", None, storms),
        ("move", "c3", "c0", CALLS),
        ("add", None, "c0", "A new one."),  # what is proposed to move may stay where it is
        ("delete", "c2", None, CABLES),
    ]
    assert work.table.kinds == []  # nothing of it is in the draft
    assert [one.kind for one in report.proposed] == [Kind.EDIT, Kind.MOVE, Kind.INSERT, Kind.DELETE]
    assert report.proposals == tuple(one.proposal.id for one in begun)
    assert (report.commented, report.applied, report.conflicts, report.left) == ((), (), (), ())
    first = begun[0]
    assert (first.proposal.base_number, first.proposal.base_text) == (0, WATER)
    assert (first.proposal.state, first.proposal.party_id) == (ProposalState.DRAFT, "nvl")
    assert (first.text.parent, first.text.circle, first.text.mode) == ("d", ("nvl",), Mode.OPEN)
    assert [act.kind for act in first.acts] == [ActKind.BEGIN, ActKind.EDIT]
    assert begun[1].text.mode is Mode.PEN  # without words there is nothing to write


def test_the_same_file_is_the_same_proposals_however_often(work: Merging) -> None:
    file = texts(work.base, ("floods", "storms"))
    (one,), (other,) = bring(work, file, "one")[1], bring(work, file, "two")[1]
    assert one.proposal.id == other.proposal.id == known_as("b", "1")


def test_a_proposal_stands_on_the_text_that_the_file_was_made_from(work: Merging) -> None:
    """The same words changed since: nothing is decided, the proposal shows both readings."""
    work.table.type(CHAIR, "c0", AT, "hail", end=AT + 6)
    work.table.type(CHAIR, "c1", len(LAKES), " And for the fish.")
    report, begun = bring(work, texts(work.base, ("floods", "storms"), ("in trust", "in common trust")))
    assert [(b.proposal.base_number, b.proposal.base_text) for b in begun] == [(0, WATER), (0, LAKES)]
    assert words(begun[0]) == WATER.replace("floods", "storms")
    assert report.conflicts == ()
    for one in begun:
        work.table.ask(INES, laid(one))  # the room knows the text of the base
    state = work.table.room.state
    readings = [against(state, state.floor.proposals[one.proposal.id]) for one in begun]
    assert [(one.stale.value, len(one.conflicts)) for one in readings] == [("words", 1), ("", 0)]
    assert readings[1].outcome == f"{LAKES.replace('in trust', 'in common trust')} And for the fish."


def test_what_is_in_the_text_already_is_no_proposal(work: Merging) -> None:
    file = parsed(clause(WATER.replace("floods", "storms"), "c0"), clause(LAKES, "c1"), clause(CABLES, "c2"),
                  clause("A new one."))  # fmt: skip
    work.table.type(CHAIR, "c0", AT, "storms", end=AT + 6)
    work.table.ask(CHAIR, do.Insert("i", "c2", texts=("A new one.",)))
    work.table.ask(CHAIR, do.Delete("d", "c3"))
    report, begun = bring(work, file)
    assert begun == []
    assert {one.kind for one in report.already} == {Kind.EDIT, Kind.INSERT, Kind.DELETE}


def test_splits_joins_and_other_kinds_stay_comments(work: Merging) -> None:
    head, tail = WATER[:44].strip(), WATER[44:].strip()
    file = parsed(clause(head, "c0"), clause(tail), clause(LAKES, "c1", kind=SUB), clause(f"{CABLES} {CALLS}", "c2"))
    report, begun = bring(work, file)
    assert begun == []
    assert {one.kind for one in report.commented} == {Kind.SPLIT, Kind.SHAPE, Kind.JOIN}
    assert len(work.table.threads) == 3


def test_in_the_first_reading_what_is_no_proposal_is_listed(work: Merging) -> None:
    work.table.ask(CHAIR, do.SetDraft("stage", stage=Stage.FIRST_READING))
    file = parsed(clause(WATER.replace("floods", "storms"), "c0"), clause(LAKES, "c1", kind=SUB), *kept(work, 2))
    report, begun = bring(work, file)
    assert [b.proposal.kind for b in begun] == [ProposalKind.MODIFY]
    assert [one.kind for one in report.left] == [Kind.SHAPE]
    assert work.table.threads == []


def kept(work: Merging, first: int) -> list[ParsedClause]:
    return [clause(one.text, one.id) for one in work.base[first:]]


def test_words_for_a_clause_that_is_gone_come_as_a_new_one_at_its_place(work: Merging) -> None:
    work.table.ask(CHAIR, do.Delete("d", "c1"))
    _, begun = bring(work, texts(work.base, ("in trust", "in common trust")))
    assert told(begun) == [("add", None, "c0", LAKES.replace("in trust", "in common trust"))]


def test_a_clause_without_words_is_proposed_to_go(work: Merging) -> None:
    file = parsed(clause("", "c0"), *kept(work, 1))
    report, begun = bring(work, file)
    assert told(begun) == [("delete", "c0", None, WATER)]
    assert report.proposed[0].kind is Kind.EDIT


def test_sub_clauses_go_along_with_what_is_moved() -> None:
    made = Table(WATER, LAKES, CABLES, CALLS, mode=Mode.PEN)
    made.ask(CHAIR, do.Shape("s", "c1", SUB, 1, ""))
    work = Merging(made)
    file = parsed(clause(CABLES, "c2"), clause(CALLS, "c3"), clause(WATER, "c0"), clause(LAKES, "c1", kind=SUB))
    report, begun = bring(work, file)
    moved = {one.proposal.clause_id for one in begun}
    assert "c1" not in moved
    assert moved <= {"c0", "c2", "c3"}
    assert {one.kind for one in report.proposed} == {Kind.MOVE}


def test_a_new_clause_has_its_shape(work: Merging) -> None:
    file = parsed(clause(WATER, "c0"), clause("by telephone;", kind=SUB), *kept(work, 1))
    _, (begun,) = bring(work, file)
    assert told([begun]) == [("add", None, "c0", "by telephone;")]
    assert begun.acts[0].body["clauses"][0] | {"id": "", "text": ""} == {
        "id": "", "kind": "sub", "depth": 1, "lang": "", "text": "",
    }  # fmt: skip


def test_more_than_a_party_can_write_at_a_time_is_refused_before_anything_is_done(work: Merging) -> None:
    with pytest.raises(TooMany, match="would become"):
        bring(work, texts(work.base, ("floods", "storms"), ("in trust", "in common trust")), most=1)
    assert work.table.kinds == []


@pytest.mark.parametrize("turn", [1, -1])
def test_taken_in_they_make_the_file_in_any_order(work: Merging, turn: int) -> None:
    """New and moved clauses of one place keep their order; new sub-clauses come under the new clause before them."""
    file = parsed(
        clause(WATER, "c0"), clause(CALLS, "c3"), clause("A new one:"), clause("with this;", kind=SUB),
        clause("and this.", kind=SUB), clause("Another one."), clause(CABLES, "c2"), clause("The last."),
    )  # fmt: skip
    _, begun = bring(work, file)
    for one in begun:
        work.table.ask(INES, laid(one))
    tabled = list(work.table.room.state.floor.proposals.values())
    for proposal in tabled[::turn]:
        number = work.table[proposal.clause].number if proposal.clause else 0
        work.table.ask(CHAIR, do.Accept(f"a{proposal.number}", (proposal.id,), number))
        work.table.insist()
    live = work.table.room.state.live()
    assert [(c.text, c.depth) for c in live] == [(c.text, c.depth) for c in file.clauses]


def laid(one: Begun) -> do.Table:
    """The command that lays it on the table."""
    p, first = one.proposal, one.acts[0].body["clauses"][0]
    new = p.kind is ProposalKind.ADD
    shape = (ClauseKind(first["kind"]), first["depth"], first["lang"]) if new else None
    text = words(one) if p.kind in WORDED else ""
    return do.Table(f"t{p.id}", p.id, p.kind, p.clause_id, p.base_number, p.base_text, text, p.after_id, shape)


# ── a conflict ──


def clash(kind: Kind, why: Why, named: str | None = "c0", **facts: object) -> Clash:
    return Clash("1", why, kind, named, "", WATER, WATER.replace("floods", "storms"), WATER, **facts)  # type: ignore[arg-type]


def test_each_conflict_has_its_kind_of_proposal(work: Merging) -> None:
    state = work.table.room.state
    found = of_conflict(state, clash(Kind.EDIT, Why.OVERLAP), {})
    assert (found.kind, found.clause, found.number, found.old) == (ProposalKind.MODIFY, "c0", 0, WATER)
    assert of_conflict(state, clash(Kind.DELETE, Why.LOCKED), {}).kind is ProposalKind.DELETE
    moved = of_conflict(state, clash(Kind.MOVE, Why.MOVED, after="c2"), {})
    assert (moved.kind, moved.after) == (ProposalKind.MOVE, "c2")
    new = of_conflict(state, clash(Kind.INSERT, Why.TOO_LONG, None, after="c1", shape=("sub", 1, "")), {})
    assert (new.kind, new.after, new.shape) == (ProposalKind.ADD, "c1", (SUB, 1, ""))


def test_what_cannot_be_proposed_of_a_conflict_is_said(work: Merging) -> None:
    state = work.table.room.state
    for kind in (Kind.SPLIT, Kind.JOIN, Kind.SHAPE):
        with pytest.raises(Invalid):
            of_conflict(state, clash(kind, Why.OVERLAP), {})
    with pytest.raises(Conflict):
        of_conflict(state, clash(Kind.MOVE, Why.MOVED), {})  # it stands at the front
    work.table.ask(CHAIR, do.Delete("d", "c0"))
    with pytest.raises(Conflict):
        of_conflict(state, clash(Kind.DELETE, Why.DELETED), {})
    assert of_conflict(state, clash(Kind.EDIT, Why.DELETED), {}).kind is ProposalKind.ADD
