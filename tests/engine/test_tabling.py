"""Proposals on the table: what may be laid there, revised, withdrawn, sponsored, and what their own texts take."""

from dataclasses import replace
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from drafts import commands as do
from drafts.acts import Act, ActKind
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from drafts.model import ClauseKind, Member, Mode, Openness, Place, ProposalKind, ProposalState, Stage
from drafts.room import Room
from drafts.state import State
from drafts.tabling import MAX_REASON
from tests.engine.table import CHAIR, INES, JONAS, PILAR, STRANGER, WANDA, Table, refuses

TEXTS = ("States should report.", "States may answer.", "This enters into force.")
NEW = (ClauseKind.OPERATIVE, 0, "")


def tabled(table: Table, actor: Member = INES, proposal: str = "p1", **facts: Any) -> Any:
    """Ines lays a proposal on the table: c0 to say "shall"."""
    clause = facts.pop("clause", "c0")
    found = table.room.state.clause(clause) if clause else None
    known: dict[str, Any] = {"kind": ProposalKind.MODIFY, "base": 0, "old": "", "text": "States shall report."}
    if found is not None:
        known |= {"base": found.number, "old": found.text}
    return table.ask(actor, do.Table(table.op(), proposal, clause=clause, **(known | facts)))


def on_the_table(table: Table, proposal: str = "p1") -> Any:
    return table.room.state.floor.proposals[proposal]


# ── tabling ──


def test_what_is_tabled_lies_there_with_its_words() -> None:
    table = Table(*TEXTS)
    outcome = tabled(table, reason="  Should is too weak. ", sponsors=("ctm", "nvl", "ctm"))
    found = on_the_table(table)
    assert (found.number, found.kind, found.clause, found.party) == (1, ProposalKind.MODIFY, "c0", "nvl")
    assert (found.base, found.old, found.text) == (0, TEXTS[0], "States shall report.")
    assert (found.reason, found.backers()) == ("Should is too weak.", ["nvl", "ctm"])
    assert outcome.proposals == [("p1", ProposalState.TABLED, 1)]
    tabled(table, PILAR, "p2", clause="c1", text="States will answer.")
    assert on_the_table(table, "p2").number == 2
    assert table.texts == list(TEXTS)  # nothing is in the text yet
    table.insist()


@pytest.mark.parametrize(
    ("facts", "key"),
    [
        ({"text": TEXTS[0]}, "same_words"),
        ({"text": "  "}, "no_words"),
        ({"clause": None, "old": "", "base": 0}, "no_clause"),
        ({"clause": "c9"}, "no_clause"),
        ({"old": "States should repent."}, "other_text"),
        ({"old": "States"}, "other_text"),
        ({"base": 7}, "no_place"),
        ({"base": -1}, "no_place"),
        ({"shape": NEW}, "new_clause"),
        ({"kind": ProposalKind.ADD}, "new_clause"),  # about a clause that is there
        ({"kind": ProposalKind.ADD, "clause": None}, "new_clause"),  # of no kind
        ({"kind": ProposalKind.ADD, "clause": None, "shape": (ClauseKind.SUB, 0, "")}, "bad_depth"),
        ({"kind": ProposalKind.ADD, "clause": None, "shape": NEW, "after": "c9"}, "no_clause"),
        ({"kind": ProposalKind.ADD, "clause": None, "shape": NEW, "text": ""}, "no_words"),
        ({"kind": ProposalKind.MOVE, "after": "c0"}, "into_itself"),
        ({"kind": ProposalKind.MOVE, "after": None}, "same_place"),
        ({"kind": ProposalKind.MOVE, "after": "c9"}, "no_clause"),
    ],
)
def test_what_a_kind_needs(facts: dict[str, Any], key: str) -> None:
    table = Table(*TEXTS)
    refuses(table, Invalid, key, lambda: tabled(table, **facts))


def test_kinds_without_words_carry_none() -> None:
    table = Table(*TEXTS)
    tabled(table, proposal="p1", kind=ProposalKind.DELETE)
    tabled(table, proposal="p2", kind=ProposalKind.MOVE, clause="c2", after="c0")
    tabled(table, proposal="p3", kind=ProposalKind.NO_CHANGE)
    tabled(table, proposal="p4", kind=ProposalKind.ADD, clause=None, after="c1", shape=NEW, text="A new one.")
    floor = table.room.state.floor.proposals
    assert [(p.old, p.text) for p in floor.values()] == [
        (TEXTS[0], ""),
        (TEXTS[2], ""),
        (TEXTS[0], ""),
        ("", "A new one."),
    ]
    assert [p.after for p in floor.values()] == [None, "c0", None, "c1"]
    assert floor["p4"].shape == NEW
    table.insist()


def test_a_proposal_can_stand_on_an_earlier_text() -> None:
    table = Table(*TEXTS)
    table.type(CHAIR, "c0", 0, "All ")
    tabled(table, base=0, old=TEXTS[0])
    assert (on_the_table(table).base, on_the_table(table).old) == (0, TEXTS[0])
    refuses(table, Invalid, "other_text", lambda: tabled(table, proposal="p2", base=0, old="States should go."))


def test_what_the_clause_says_already_is_no_proposal() -> None:
    table = Table(*TEXTS)
    table.ask(CHAIR, do.Edit("now", "c0", 0, "States shall report."))
    refuses(table, Conflict, "nothing_new", lambda: tabled(table, base=0, old=TEXTS[0]))


def test_an_agreed_or_deleted_clause_takes_no_proposals() -> None:
    table = Table(*TEXTS)
    table.ask(CHAIR, do.Lock("l", "c0", "agreed_ad_ref"))
    for kind in (ProposalKind.MODIFY, ProposalKind.NO_CHANGE, ProposalKind.DELETE):
        refuses(table, Conflict, "clause_agreed", partial(tabled, table, kind=kind))
    table.ask(CHAIR, do.Delete("d", "c1"))
    refuses(table, Conflict, "clause_gone", lambda: tabled(table, clause="c1"))


def test_a_reason_is_short() -> None:
    table = Table(*TEXTS)
    refuses(table, TooLarge, "too_long", lambda: tabled(table, reason="x" * (MAX_REASON + 1)))
    tabled(table, reason="x" * MAX_REASON)


def test_tabling_is_once() -> None:
    table = Table(*TEXTS)
    tabled(table)
    refuses(table, Conflict, "already_tabled", lambda: tabled(table, JONAS))


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage is not Stage.SECOND_READING])
def test_only_the_second_reading_has_a_table(stage: Stage) -> None:
    table = Table(*TEXTS)
    table.room.state.draft = replace(table.room.state.draft, stage=stage)
    refuses(table, Forbidden, "not_this_stage", lambda: tabled(table, CHAIR))


def test_observers_and_strangers_table_nothing() -> None:
    table = Table(*TEXTS)
    refuses(table, Forbidden, "not_this_stage", lambda: tabled(table, WANDA))
    refuses(table, NotFound, "not_found", lambda: tabled(table, STRANGER))


# ── revising, reviewing, withdrawing ──


def test_another_wording_has_the_next_number() -> None:
    table = Table(*TEXTS)
    tabled(table)
    table.ask(JONAS, do.Revise("r", "p1", 0, "States must report.", "Must is usual."))
    found = on_the_table(table)
    assert (found.wording, found.text, found.reason) == (2, "States must report.", "Must is usual.")
    assert found.worded_at == table.log[-1].at
    table.insist()


def test_a_review_keeps_the_wording() -> None:
    table = Table(*TEXTS)
    tabled(table)
    table.type(CHAIR, "c0", 0, "All ")
    worded = on_the_table(table).worded_at
    refuses(table, Conflict, "text_moved_on", lambda: table.ask(INES, do.Revise("r", "p1", 0, "States shall report.")))
    table.ask(INES, do.Revise("r", "p1", 1, "States shall report."))
    found = on_the_table(table)
    assert (found.wording, found.base, found.old, found.worded_at) == (1, 1, "All States should report.", worded)
    refuses(table, Invalid, "nothing_new", lambda: table.ask(INES, do.Revise("r2", "p1", 1, "States shall report.")))


def test_wordless_proposals_are_reviewed_too() -> None:
    table = Table(*TEXTS)
    tabled(table, kind=ProposalKind.DELETE)
    table.type(CHAIR, "c0", 0, "All ")
    table.ask(INES, do.Revise("r", "p1", 1, "ignored"))
    assert (on_the_table(table).base, on_the_table(table).wording, on_the_table(table).text) == (1, 1, "")


def test_only_the_proposer_revises_and_withdraws() -> None:
    table = Table(*TEXTS)
    tabled(table)
    for command in (do.Revise("x", "p1", 0, "States must report."), do.Withdraw("x", "p1")):
        for actor, refusal, key in (
            (PILAR, Forbidden, "not_yours"),
            (CHAIR, Forbidden, "not_yours"),
            (WANDA, Forbidden, "not_yours"),
            (STRANGER, NotFound, "not_found"),
        ):
            refuses(table, refusal, key, partial(table.ask, actor, command))


def test_what_is_withdrawn_is_over() -> None:
    table = Table(*TEXTS)
    tabled(table)
    outcome = table.ask(JONAS, do.Withdraw("w", "p1", "We join the other one."))
    found = on_the_table(table)
    assert (found.state, found.closing.reason, found.closing.party) == (
        ProposalState.WITHDRAWN, "We join the other one.", "nvl",
    )  # fmt: skip
    assert outcome.proposals == [("p1", ProposalState.WITHDRAWN, 1)]
    for command in (do.Withdraw("x", "p1"), do.Revise("x", "p1", 0, "No."), do.Sponsor("x", "p1", joins=True)):
        actor = PILAR if isinstance(command, do.Sponsor) else INES
        refuses(table, Conflict, "not_on_the_table", partial(table.ask, actor, command))


def test_an_adopted_text_leaves_its_proposals() -> None:
    table = Table(*TEXTS)
    tabled(table)
    table.room.state.draft = replace(table.room.state.draft, stage=Stage.ADOPTED)
    refuses(table, Forbidden, "not_yours", lambda: table.ask(INES, do.Withdraw("w", "p1")))


def test_what_cannot_be_seen_cannot_be_touched() -> None:
    table = Table(*TEXTS)
    tabled(table)
    table.room.state.draft = replace(table.room.state.draft, proposals=Openness.LEADS)
    for command in (do.Sponsor("x", "p1", joins=True), do.Withdraw("x", "p1")):
        refuses(table, NotFound, "not_found", partial(table.ask, PILAR, command))
    table.ask(INES, do.Withdraw("x", "p1"))  # its own party sees it all the same


# ── sponsors ──


def test_sponsors_join_and_leave_with_time() -> None:
    table = Table(*TEXTS)
    tabled(table)
    refuses(table, Conflict, "own_proposal", lambda: table.ask(JONAS, do.Sponsor("x", "p1", joins=True)))
    refuses(table, Conflict, "sponsor_already", lambda: table.ask(PILAR, do.Sponsor("x", "p1", joins=False)))
    refuses(table, Forbidden, "not_this_stage", lambda: table.ask(WANDA, do.Sponsor("x", "p1", joins=True)))
    table.ask(PILAR, do.Sponsor("j", "p1", joins=True))
    assert on_the_table(table).backers() == ["nvl", "ctm"]
    refuses(table, Conflict, "sponsor_already", lambda: table.ask(PILAR, do.Sponsor("x", "p1", joins=True)))
    table.ask(PILAR, do.Sponsor("l", "p1", joins=False))
    assert on_the_table(table).backers() == ["nvl"]
    assert [(s.party, s.until > 0) for s in on_the_table(table).sponsors] == [("ctm", True)]
    table.insist()


# ── a proposal's own text ──


def own_text(*circle: str, mode: Mode = Mode.OPEN) -> Table:
    """Norvale's text of a proposal, shared with ``circle``."""
    table = Table(TEXTS[0], mode=mode)
    table.draft = replace(table.draft, id="p1", parent="d", circle=("nvl", *circle))
    table.room = Room(State(table.draft))
    table.room.heal(table.log)
    return table


def test_only_its_party_writes_in_it() -> None:
    table = own_text("ctm")
    table.type(INES, "c0", 0, "All ")
    table.type(JONAS, "c0", 0, "But ")
    refuses(table, Forbidden, "not_your_text", lambda: table.type(PILAR, "c0", 0, "x"))
    refuses(table, NotFound, "not_found", lambda: table.type(CHAIR, "c0", 0, "x"))
    refuses(table, NotFound, "not_found", lambda: table.ask(CHAIR, do.Edit("e", "c0", 2, "Chair's.")))
    table.ask(PILAR, do.OpenThread("t", Place.CLAUSE, "Could we say all?", "c0"))


def test_it_is_one_clause_and_no_draft() -> None:
    table = own_text("chr")
    for command in (
        do.Insert("x", "c0"),
        do.Split("x", "c0", 0, 3),
        do.Delete("x", "c0"),
        do.Lock("x", "c0", "agreed_ad_ref"),
        do.SetDraft("x", title="Mine"),
        do.Issue("x", "Rev.1"),
        do.Table("x", "p2", ProposalKind.DELETE, "c0"),
        do.Withdraw("x", "p1"),
    ):
        for actor in (INES, CHAIR):  # the chair's party was let in, and leads nothing here
            refuses(table, Invalid, "one_clause", partial(table.ask, actor, command))
        refuses(table, NotFound, "not_found", partial(table.ask, PILAR, command))


def test_no_kind_of_words_where_there_are_none() -> None:
    table = own_text(mode=Mode.PEN)
    refuses(table, Forbidden, "no_words", lambda: table.type(INES, "c0", 0, "x"))


def test_sharing_is_with_named_parties_and_ends() -> None:
    table = own_text()
    outcome = table.ask(INES, do.Share("s", ("ctm", "nvl", "chr")))
    assert table.room.state.draft.circle == ("nvl", "ctm", "chr")
    assert outcome.proposals == [("p1", ProposalState.SHARED, None)]
    refuses(table, Forbidden, "not_yours", lambda: table.ask(PILAR, do.Share("x", ())))
    refuses(table, Invalid, "bad_choice", lambda: table.ask(INES, do.Share("x", ("a b",))))
    table.ask(PILAR, do.Sponsor("j", "p1", joins=True))
    refuses(table, Conflict, "sponsor_already", lambda: table.ask(PILAR, do.Sponsor("x", "p1", joins=True)))
    refuses(table, Forbidden, "not_shared", lambda: table.ask(INES, do.Sponsor("x", "p1", joins=True)))
    refuses(table, NotFound, "not_found", lambda: table.ask(WANDA, do.Sponsor("x", "p1", joins=True)))
    assert table.room.state.floor.pledged == ["ctm"]
    outcome = table.ask(JONAS, do.Share("e", ("chr",)))
    assert table.room.state.floor.pledged == []
    refuses(table, NotFound, "not_found", lambda: table.ask(PILAR, do.OpenThread("t", Place.DRAFT, "Hello?")))
    assert table.ask(INES, do.Share("n", ())).proposals == [("p1", ProposalState.DRAFT, None)]
    table.insist()


def test_put_away_and_taken_up_again() -> None:
    table = own_text("ctm")
    table.type(INES, "c0", 0, "All ")
    assert table.ask(INES, do.PutAway("a")).proposals == [("p1", ProposalState.WITHDRAWN, None)]
    refuses(table, Forbidden, "put_away", lambda: table.type(INES, "c0", 0, "x"))
    refuses(table, Forbidden, "closed", lambda: table.ask(PILAR, do.OpenThread("t", Place.DRAFT, "Hello?")))
    refuses(table, Forbidden, "not_yours", lambda: table.ask(PILAR, do.PutAway("x", away=False)))
    assert table.ask(INES, do.PutAway("b", away=False)).proposals == [("p1", ProposalState.SHARED, None)]
    assert table.texts == ["All " + TEXTS[0]]
    table.type(INES, "c0", 0, "x")
    table.insist()


def test_a_draft_knows_no_sharing() -> None:
    table = Table(*TEXTS)
    refuses(table, Forbidden, "not_yours", lambda: table.ask(CHAIR, do.Share("s", ("ctm",))))
    refuses(table, Forbidden, "not_yours", lambda: table.ask(CHAIR, do.PutAway("s")))


# ── every order of things ──

PEOPLE = (INES, JONAS, PILAR, CHAIR, WANDA)
KINDS = (ProposalKind.MODIFY, ProposalKind.DELETE, ProposalKind.NO_CHANGE, ProposalKind.ADD)


class Tabling(RuleBasedStateMachine):
    """Everybody tables, revises, withdraws, joins and leaves in any order, while the text moves and is agreed."""

    def __init__(self) -> None:
        super().__init__()
        self.table = Table(*TEXTS)
        self.names = 0

    def _ask(self, actor: Member, command: do.Command) -> list[Act]:
        """What is refused changes nothing."""
        before, seq = self.table.room.state.to_bytes(), self.table.room.seq
        try:
            return self.table.ask(actor, command).acts
        except Refusal:
            assert (self.table.room.state.to_bytes(), self.table.room.seq) == (before, seq)
            return []

    @rule(who=st.sampled_from(PEOPLE), kind=st.sampled_from(KINDS), at=st.integers(0, 2), words=st.text(max_size=20))
    def lay(self, who: Member, kind: ProposalKind, at: int, words: str) -> None:
        self.names += 1
        clause = self.table[f"c{at}"]
        new = kind is ProposalKind.ADD
        command = do.Table(
            self.table.op(), f"p{self.names}", kind, None if new else clause.id,
            0 if new else clause.number, "" if new else clause.text, words, shape=NEW if new else None,
        )  # fmt: skip
        for act in self._ask(who, command):
            assert not (act.clause_id and clause.locked)
            assert who.role.value != "observer"

    @precondition(lambda self: self.table.room.state.floor.proposals)
    @rule(data=st.data(), who=st.sampled_from(PEOPLE), what=st.sampled_from(["revise", "withdraw", "join", "leave"]))
    def touch(self, data: st.DataObject, who: Member, what: str) -> None:
        chosen = data.draw(st.sampled_from(sorted(self.table.room.state.floor.proposals)))
        before = on_the_table(self.table, chosen)
        op = self.table.op()
        number = self.table[before.clause].number if before.clause else 0
        words = data.draw(st.text(max_size=12))
        commands: dict[str, do.Command] = {
            "revise": do.Revise(op, chosen, number, words),
            "withdraw": do.Withdraw(op, chosen, words),
            "join": do.Sponsor(op, chosen, joins=True),
            "leave": do.Sponsor(op, chosen, joins=False),
        }
        acts = self._ask(who, commands[what])
        after = on_the_table(self.table, chosen)
        if acts:
            assert before.open
            assert (who.party.id == before.party) == (what in {"revise", "withdraw"})
            assert after.wording == before.wording + (after.text != before.text)

    @rule(at=st.integers(0, 2), words=st.text(max_size=8))
    def edit(self, at: int, words: str) -> None:
        clause = self.table[f"c{at}"]
        self._ask(CHAIR, do.Edit(self.table.op(), clause.id, clause.number, clause.text + words))

    @rule(at=st.integers(0, 2), state=st.sampled_from(["open", "agreed_ad_ref"]))
    def mark(self, at: int, state: str) -> None:
        self._ask(CHAIR, do.Lock(self.table.op(), f"c{at}", state))

    @invariant()
    def numbers_count(self) -> None:
        found = list(self.table.room.state.floor.proposals.values())
        assert [p.number for p in found] == list(range(1, len(found) + 1))
        for proposal in found:
            assert len(proposal.backers()) == len(set(proposal.backers()))
            assert proposal.state in {ProposalState.TABLED, ProposalState.WITHDRAWN}

    def teardown(self) -> None:
        self.table.insist()
        closed: set[str] = set()
        for act in self.table.log:
            if act.kind in {ActKind.REVISE, ActKind.WITHDRAW, ActKind.SPONSOR}:
                assert act.body["proposal"] not in closed
            if act.kind is ActKind.WITHDRAW:
                closed.add(act.body["proposal"])


Tabling.TestCase.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
TestTabling = Tabling.TestCase
