"""What clauses are called in a draft: nothing is renumbered between versions, and issuing numbers from the start."""

import json

from drafts import commands as do
from drafts.acts import ActKind
from drafts.compare import compare
from drafts.concordance import Origin, concordance
from drafts.decide import Outcome
from drafts.desk.versions import read
from drafts.model import ClauseKind, ProposalKind, ProposalState
from tests.engine.floor import lay
from tests.engine.table import CHAIR, INES, START, Table


def called(made: Table) -> list[tuple[str, str]]:
    return [(clause.label, clause.text) for clause in made.room.state.live()]


def issue(made: Table, label: str) -> None:
    made.ask(CHAIR, do.Issue(made.op(), label))


def insert(made: Table, after: str | None, text: str, kind: ClauseKind = ClauseKind.OPERATIVE, depth: int = 0) -> str:
    act = made.ask(CHAIR, do.Insert(made.op(), after, kind, depth, texts=(text,))).acts[0]
    return str(act.clause_id)


def test_before_the_first_version_numbers_run_on() -> None:
    made = Table("One.", "Two.")
    insert(made, "c0", "New.")
    assert called(made) == [("OP1", "One."), ("OP2", "New."), ("OP3", "Two.")]


def test_between_versions_labels_stay_and_issuing_renumbers() -> None:
    made = Table("One.", "Two.", "Three.")
    issue(made, "Zero draft")
    new = insert(made, "c1", "New.")
    part = insert(made, new, "part;", ClauseKind.SUB, 1)
    made.ask(CHAIR, do.Delete(made.op(), "c0"))
    made.ask(CHAIR, do.Move(made.op(), "c2", None))
    tail = made.split(new, 2)
    state = made.room.state
    assert called(made) == [
        ("OP3", "Three."), ("OP2", "Two."), ("OP2 bis", "Ne"), ("OP2 ter", "w."), ("(a)", "part;"),
    ]  # fmt: skip
    assert state.addresses()[part] == "OP2 ter (a)"
    assert state.labels()[tail] == "OP2 ter"
    made.insist()
    made.ask(CHAIR, do.Restore(made.op(), "c0"))
    assert state.labels()["c0"] == "OP1"
    issue(made, "Rev.1")
    clauses = [clause["label"] for clause in json.loads(made.versions[-1][1])["clauses"]]
    assert clauses == [label for label, _ in called(made)] == ["OP1", "OP2", "OP3", "OP4", "OP5", "(a)"]
    insert(made, None, "First.")
    assert called(made)[0] == ("OP1 ante", "First.")
    made.insist()


def test_the_concordance_goes_from_bis_to_the_new_number_and_names_the_proposal() -> None:
    made = Table("One.", "Two.", "Three.")
    issue(made, "Zero draft")
    lay(made, INES, ProposalKind.ADD, None, "New words entirely.", after="c1")
    new = insert(made, "c1", "New words entirely.")
    body = {
        "proposal": "p1", "state": ProposalState.ACCEPTED.value, "reason": "", "into": None, "seq": made.log[-1].seq,
    }  # fmt: skip
    outcome = Outcome()
    made.room.act(outcome, CHAIR, START, ActKind.CLOSE, None, body)
    made.keep(outcome)
    other = insert(made, "c2", "Another one.")
    before = made.room.state.live()
    issue(made, "Rev.1")
    zero, rev = (read(text).clauses for _, text in made.versions)
    state = made.room.state
    assert state.proposed() == {new: 1}

    told = concordance(compare(zero, rev), zero, rev, state.proposed())
    assert [(one.old, one.new, one.origin, one.proposal) for one in told] == [
        ("OP1", "OP1", Origin.SAME, 0),
        ("OP2", "OP2", Origin.SAME, 0),
        ("", "OP3", Origin.NEW, 1),
        ("OP3", "OP4", Origin.RENUMBERED, 0),
        ("", "OP5", Origin.NEW, 0),
    ]
    told = concordance(compare(before, rev), before, rev)
    assert [(one.old, one.new) for one in told if one.new_id in {new, other}] == [
        ("OP2 bis", "OP3"),
        ("OP3 bis", "OP5"),
    ]
    made.insist()
