"""What the chair makes of proposals: whose words come in, what is refused, what the log tells."""

from functools import partial
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts import commands as do
from drafts.acts import ActKind
from drafts.change import MAX_TEXT, narrow
from drafts.decide import Outcome
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from drafts.floor import Tabled
from drafts.model import ClauseKind, Group, Member, Openness, Party, ProposalKind, ProposalState, Role, Stage
from drafts.nway import combine
from drafts.readings import against, choices
from drafts.room import Room
from tests.engine.floor import lay, now
from tests.engine.sides import BASE, SIDE, Edit, text
from tests.engine.table import CHAIR, FORUM, INES, PILAR, STRANGER, WANDA, Table, refuses

MODIFY, EDITORIAL, ADD = ProposalKind.MODIFY, ProposalKind.EDITORIAL, ProposalKind.ADD
DELETE, MOVE, NO_CHANGE = ProposalKind.DELETE, ProposalKind.MOVE, ProposalKind.NO_CHANGE
CABLES = "States should not damage undersea cables in peacetime."
YARA = Member("yara", "Yara", FORUM, Party("sdr", FORUM, "Sedra", "SDR", Group.GOVERNMENT), Role.DELEGATE)


def table() -> Table:
    made = Table("First words here.", CABLES, "Third words here.")
    made.ask(CHAIR, do.Issue("v", "Zero draft"))  # so that a deletion is seen by whose it is
    return made


def accept(
    made: Table, *proposals: Tabled, hunks: tuple[int, ...] | None = None, op: str = "", number: int | None = None
) -> Outcome:
    clause = made.room.state.clause(proposals[0].clause or "")
    seen = number if number is not None else clause.number if clause else 0
    return made.ask(CHAIR, do.Accept(op or made.op(), tuple(p.id for p in proposals), seen, hunks, "agreed"))


def owned(made: Table, clause: str = "c1") -> list[tuple[str, str, str]]:
    """The changed runs of a clause: text, who inserted it, who deleted it, by the party."""
    owners = made.room.state.owners
    return [
        (narrow(s.text), owners[s.by] if s.ins > 1 else "", owners[s.del_by] if s.dele >= 0 else "")
        for s in made[clause].segments
        if s.ins > 1 or s.dele >= 0
    ]


def states(made: Table) -> list[str]:
    return [proposal.state.value for proposal in made.room.state.floor.proposals.values()]


# ── one proposal ──


def test_accepted_whole_its_words_are_its_partys() -> None:
    made = table()
    on = lay(made, INES, MODIFY, "c1", CABLES.replace("should not", "must never").replace("undersea", "the undersea"))
    outcome = accept(made, on)
    assert made["c1"].text == on.text
    assert owned(made) == [("should not", "", "nvl"), ("must never", "nvl", ""), (" the", "nvl", "")]
    edit, close = outcome.acts
    assert (edit.kind, edit.person_id, edit.party_id) == (ActKind.EDIT, "ada", "nvl")
    assert (close.kind, close.person_id, close.party_id, close.clause_id) == (ActKind.CLOSE, "ada", "chr", "c1")
    assert close.body == {"proposal": "p1", "state": "accepted", "reason": "agreed", "into": None, "seq": edit.seq}
    assert outcome.proposals == [("p1", ProposalState.ACCEPTED, 1)]
    closing = now(made, "p1").closing
    assert closing is not None
    assert (closing.party, closing.seq, closing.reason) == ("chr", edit.seq, "agreed")
    made.insist()


def test_a_proposal_is_carried_over_what_others_wrote() -> None:
    made = table()
    on = lay(made, INES, MODIFY, "c1", CABLES.replace("should", "must"))
    made.type(PILAR, "c1", len(CABLES) - 1, " or war")
    accept(made, on)
    assert made["c1"].text == "States must not damage undersea cables in peacetime or war."
    assert owned(made) == [("should", "", "nvl"), ("must", "nvl", ""), (" or war", "ctm", "")]
    made.insist()


def test_in_part() -> None:
    made = table()
    wanted = "All States must not damage [undersea] cables in peacetime, ever."
    on = lay(made, INES, MODIFY, "c1", wanted)
    every = choices(against(made.room.state, on))
    assert len(every) == 4
    refuses(made, Invalid, "nothing_chosen", lambda: accept(made, on, hunks=()))
    for number in (4, -1):
        refuses(made, Invalid, "no_such_part", partial(accept, made, on, hunks=(number,)))
    outcome = accept(made, on, hunks=(2, 0))
    assert made["c1"].text == "All States should not damage [undersea] cables in peacetime."
    assert outcome.proposals == [("p1", ProposalState.ACCEPTED_IN_PART, 1)]
    assert {ins for _, ins, _ in owned(made)} == {"nvl"}
    made.insist()
    again = table()
    accept(again, lay(again, INES, MODIFY, "c1", wanted), hunks=(0, 1, 2, 3))
    assert (again["c1"].text, states(again)) == (wanted, ["accepted"])


def test_what_reads_so_already_is_closed_without_an_edit() -> None:
    made = table()
    wanted = CABLES.replace("should", "must")
    first, second = lay(made, INES, MODIFY, "c1", wanted), lay(made, PILAR, MODIFY, "c1", wanted)
    accept(made, first)
    assert against(made.room.state, second).done
    assert now(made, second.id).open  # it is shown as done and waits for its own word
    assert [act.kind for act in accept(made, second).acts] == [ActKind.CLOSE]
    assert (states(made), now(made, second.id).closing.seq) == (["accepted", "accepted"], 0)  # type: ignore[union-attr]


def test_a_stale_one_waits_for_its_owner() -> None:
    made = table()
    on = lay(made, INES, MODIFY, "c1", CABLES.replace("should", "must"))
    made.ask(CHAIR, do.Edit("e", "c1", 0, CABLES.replace("should", "shall")))
    refuses(made, Conflict, "stale", lambda: accept(made, on))
    refuses(made, Conflict, "stale", lambda: accept(made, on, hunks=(0,)))
    made.ask(INES, do.Revise("r", on.id, 1, CABLES.replace("should", "must")))
    accept(made, on)
    assert made["c1"].text == CABLES.replace("should", "must")
    made.insist()


def test_what_is_refused_leaves_everything_as_it_is() -> None:
    made = table()
    on = lay(made, INES, MODIFY, "c1", CABLES.replace("should", "must"))
    made.type(PILAR, "c1", 0, "The ")
    refuses(made, Conflict, "text_moved_on", lambda: accept(made, on, number=0))
    refuses(made, NotFound, "not_found", lambda: made.ask(CHAIR, do.Accept("a", ("p9",), 1)))
    for ids in ((), (on.id, on.id)):
        refuses(made, Invalid, "bad_choice", partial(made.ask, CHAIR, do.Accept("a", ids, 1)))
    made.ask(CHAIR, do.Lock("l", "c1", "agreed_ad_ref"))
    refuses(made, Conflict, "clause_locked", lambda: accept(made, on))
    refuses(made, Conflict, "clause_locked", lambda: made.ask(CHAIR, do.Offer("o", (on.id,), "Other.")))
    made.ask(CHAIR, do.Lock("m", "c1", "open", "again"))
    made.ask(INES, do.Withdraw("w", on.id))
    refuses(made, Conflict, "not_on_the_table", lambda: accept(made, on))
    long = lay(made, INES, MODIFY, "c0", "x" * (MAX_TEXT - 20) + " First words here.")
    made.type(PILAR, "c0", len("First words here."), " And more words of others.")
    refuses(made, TooLarge, "clause_size", lambda: accept(made, long))
    made.ask(CHAIR, do.Delete("d", "c2", "over"))
    made.ask(CHAIR, do.Restore("e", "c2"))
    gone = lay(made, INES, MODIFY, "c2", "Third new words here.")
    made.ask(CHAIR, do.Delete("f", "c2", "over"))
    refuses(made, Conflict, "stale", lambda: accept(made, gone))


COMMANDS: dict[str, Any] = {
    "offer": lambda op: do.Offer(op, ("p1",), "Other words."),
    "accept": lambda op: do.Accept(op, ("p1", "p2"), 0),
    "not_retain": lambda op: do.NotRetain(op, "p1", "no consensus"),
}


def settled() -> Table:
    made = table()
    lay(made, INES, MODIFY, "c1", CABLES.replace("should", "must"))
    lay(made, PILAR, MODIFY, "c1", CABLES.replace("peacetime", "calm"))
    return made


@pytest.mark.parametrize("name", COMMANDS)
def test_only_those_who_lead_decide_and_only_in_the_second_reading(name: str) -> None:
    made = settled()
    refuses(made, Forbidden, "leads_only", lambda: made.ask(INES, COMMANDS[name]("a")))
    refuses(made, Forbidden, "leads_only", lambda: made.ask(WANDA, COMMANDS[name]("b")))
    refuses(made, NotFound, "not_found", lambda: made.ask(STRANGER, COMMANDS[name]("c")))
    made.ask(CHAIR, do.SetDraft("s", stage=Stage.FIRST_READING))
    refuses(made, Forbidden, "leads_only", lambda: made.ask(CHAIR, COMMANDS[name]("d")))


@pytest.mark.parametrize("name", COMMANDS)
def test_a_decision_sent_again_is_made_once(name: str) -> None:
    made = settled()
    first = made.ask(CHAIR, COMMANDS[name]("op"))
    assert [(act.client, act.counter) for act in first.acts] == [
        ("op", number or None) for number in range(len(first.acts))
    ]
    seq, state = made.room.seq, made.room.state.to_bytes()
    for room in (made.room, Room.load(made.room.state.draft, None, made.log)):
        made.room = room
        again = made.ask(CHAIR, COMMANDS[name]("op"))
        assert (again.acts, again.known) == ([], first.acts[0].seq)
        assert (made.room.seq, made.room.state.to_bytes()) == (seq, state)
    made.insist()


def test_not_retained() -> None:
    made = settled()
    outcome = made.ask(CHAIR, do.NotRetain("n", "p1", " no consensus "))
    assert outcome.proposals == [("p1", ProposalState.NOT_RETAINED, 1)]
    assert now(made, "p1").closing.reason == "no consensus"  # type: ignore[union-attr]
    refuses(made, Conflict, "not_on_the_table", lambda: made.ask(CHAIR, do.NotRetain("m", "p1")))
    assert made["c1"].text == CABLES


# ── several ──


def test_merged_each_has_its_own_words_and_common_ones_are_the_firsts() -> None:
    made = table()
    one = lay(made, INES, MODIFY, "c1", CABLES.replace("should not", "must never").replace("undersea", "the undersea"))
    two = lay(made, PILAR, EDITORIAL, "c1", CABLES.replace("undersea", "the undersea").replace("peacetime", "calm"))
    three = lay(made, YARA, MODIFY, "c1", CABLES.replace("should", "shall").replace("undersea", "the undersea"))
    outcome = accept(made, three, two, one)
    assert made["c1"].text == "States should not damage the undersea cables in calm."
    assert owned(made) == [(" the", "nvl", ""), ("peacetime", "", "ctm"), ("calm", "ctm", "")]
    assert outcome.proposals == [
        ("p3", ProposalState.ACCEPTED_IN_PART, 3), ("p2", ProposalState.MERGED, 2), ("p1", ProposalState.MERGED, 1),
    ]  # fmt: skip
    assert [now(made, p).closing.into for p in ("p1", "p2", "p3")] == ["p3", "p3", ""]  # type: ignore[union-attr]
    assert [act.kind.value for act in outcome.acts] == ["edit"] * 3 + ["close"] * 3
    made.insist()


def test_one_of_which_nothing_would_go_in_is_not_merged() -> None:
    made = table()
    one = lay(made, INES, MODIFY, "c1", CABLES.replace("should", "must"))
    two = lay(made, PILAR, MODIFY, "c1", CABLES.replace("should", "shall").replace("peacetime", "calm"))
    refuses(made, Conflict, "nothing_of_it", lambda: accept(made, one, two))
    refuses(made, Invalid, "parts_of_one", lambda: accept(made, one, two, hunks=(0,)))
    other = lay(made, INES, MODIFY, "c0", "First new words here.")
    refuses(made, Invalid, "several_clauses", lambda: accept(made, two, other))
    gone = lay(made, PILAR, DELETE, "c1")
    refuses(made, Invalid, "not_alike", lambda: accept(made, two, gone))
    refuses(made, Invalid, "no_parts", lambda: accept(made, gone, hunks=(0,)))


@pytest.mark.parametrize(("openness", "told"), [(Openness.EVERYONE, "so"), (Openness.DELEGATIONS, "")])
def test_a_deletion_tells_its_reason_to_no_more_readers_than_the_proposal(openness: Openness, told: str) -> None:
    made = table()
    made.ask(CHAIR, do.SetDraft("rule", proposals=openness))
    outcome = accept(made, lay(made, PILAR, DELETE, "c1"))
    assert [act.body["reason"] for act in outcome.acts if act.kind is ActKind.DELETE] == [told]


@settings(max_examples=60, deadline=None)
@given(st.lists(SIDE.filter(bool), min_size=1, max_size=3), SIDE)
def test_every_accepted_word_has_a_proposer(sides: list[list[Edit]], others: list[Edit]) -> None:
    made = Table(BASE)
    made.ask(CHAIR, do.Issue("v", "Zero draft"))
    parties = dict(zip(("nvl", "ctm", "sdr"), (INES, PILAR, YARA), strict=True))
    on = [lay(made, who, MODIFY, "c0", text(side)) for who, side in zip(parties.values(), sides, strict=False)]
    if others:
        made.ask(CHAIR, do.Edit("e", "c0", 0, text(others)))
    live = made["c0"].text
    found = {p.party: against(made.room.state, p) for p in on}
    outcomes = [(p.party, found[p.party].outcome) for p in on]
    stale, combined = any(one.stale for one in found.values()), combine(live, outcomes)
    if stale or (combined.out and len(on) > 1):
        refuses(made, Conflict, "stale" if stale else "nothing_of_it", lambda: accept(made, *on))
        return
    accept(made, *on)
    assert made["c0"].text == combined.text
    for words_, wrote, struck in owned(made, "c0"):
        for word in words_.split():
            if wrote and wrote != "chr":
                assert word in found[wrote].outcome.split()
                assert wrote == next(party for party, outcome in outcomes if word in outcome.split())
            if struck and struck != "chr":
                assert word not in found[struck].outcome.split()
    assert not any(one.open for one in made.room.state.floor.proposals.values())
    made.insist()


# ── offers ──


def test_an_offer_that_is_accepted_is_what_comes_in() -> None:
    made = table()
    on = lay(made, INES, MODIFY, "c1", CABLES.replace("should not", "must never").replace("undersea", "the undersea"))
    offered = "States must never harm the undersea cables in peacetime."
    made.ask(CHAIR, do.Offer("o", (on.id,), offered, "Would this do?"))
    told = now(made, on.id).offered
    assert told is not None
    assert (told.text, told.note, told.accepts, told.base, told.old) == (offered, "Would this do?", None, 0, CABLES)
    refuses(made, Forbidden, "not_yours", lambda: made.ask(PILAR, do.Answer("x", on.id, True)))
    made.ask(INES, do.Answer("a", on.id, True, "With thanks."))
    refuses(made, Conflict, "already_so", lambda: made.ask(INES, do.Answer("b", on.id, True, "With thanks.")))
    made.type(PILAR, "c1", len(CABLES) - 1, " too")
    accept(made, on)
    assert made["c1"].text == offered.replace("peacetime.", "peacetime too.")
    assert owned(made) == [
        ("should not", "", "nvl"), (" damage", "", "chr"), ("must never", "nvl", ""), (" harm", "chr", ""),
        (" the", "nvl", ""), (" too", "ctm", ""),
    ]  # fmt: skip
    assert states(made) == ["accepted"]
    made.insist()


def test_an_offer_is_the_way_out_for_stale_ones_and_for_colliding_ones() -> None:
    made = table()
    one = lay(made, INES, MODIFY, "c1", CABLES.replace("should", "must"))
    two = lay(made, PILAR, MODIFY, "c1", CABLES.replace("should", "shall").replace("peacetime", "calm"))
    gone = lay(made, YARA, DELETE, "c1")
    made.ask(CHAIR, do.Edit("e", "c1", 0, CABLES.replace("should", "will")))
    refuses(made, Conflict, "stale", lambda: accept(made, one))
    made.ask(
        CHAIR, do.Offer("o", (one.id, two.id, gone.id), CABLES.replace("should", "must").replace("peacetime", "calm"))
    )
    made.ask(INES, do.Answer("a", one.id, True))
    refuses(made, Conflict, "offer_not_shared", lambda: accept(made, one, two))
    made.ask(PILAR, do.Answer("b", two.id, True))
    made.ask(YARA, do.Answer("c", gone.id, False, "It has to go."))
    outcome = accept(made, one, two)
    assert made["c1"].text == "States must not damage undersea cables in calm."
    assert {(words, ins) for words, ins, _ in owned(made)} >= {("must", "nvl"), ("calm", "ctm")}
    assert outcome.proposals[0][1] is ProposalState.ACCEPTED
    assert now(made, gone.id).open
    made.insist()


def test_an_offer_on_a_text_that_moved_on_is_made_again() -> None:
    made = table()
    on = lay(made, INES, MODIFY, "c1", CABLES.replace("should", "must"))
    made.ask(CHAIR, do.Offer("o", (on.id,), CABLES.replace("should", "ought to")))
    made.ask(INES, do.Answer("a", on.id, True))
    made.ask(CHAIR, do.Edit("e", "c1", 0, CABLES.replace("should", "will")))
    refuses(made, Conflict, "offer_stale", lambda: accept(made, on))
    made.ask(INES, do.Answer("b", on.id, False))
    refuses(made, Conflict, "stale", lambda: accept(made, on))


def test_what_can_be_offered_and_answered() -> None:
    made = table()
    moved, same = lay(made, INES, MOVE, "c1", after="c2"), lay(made, INES, NO_CHANGE, "c1")
    words_ = lay(made, INES, MODIFY, "c0", "First new words here.")
    for proposal in (moved, same):
        refuses(made, Invalid, "nothing_to_word", partial(made.ask, CHAIR, do.Offer("o", (proposal.id,), "Other.")))
    refuses(made, Invalid, "no_words", lambda: made.ask(CHAIR, do.Offer("o", (words_.id,), " ")))
    gone = lay(made, PILAR, DELETE, "c1")
    refuses(made, Invalid, "several_clauses", lambda: made.ask(CHAIR, do.Offer("o", (words_.id, gone.id), "Other.")))
    refuses(made, Conflict, "nothing_offered", lambda: made.ask(INES, do.Answer("a", words_.id, True)))
    refuses(made, NotFound, "not_found", lambda: made.ask(INES, do.Answer("a", "p9", True)))
    refuses(made, NotFound, "not_found", lambda: made.ask(STRANGER, do.Answer("a", words_.id, True)))
    made.ask(CHAIR, do.Offer("o", (words_.id,), "First fine words here."))
    made.ask(CHAIR, do.SetDraft("s", stage=Stage.FIRST_READING))
    refuses(made, Forbidden, "not_this_stage", lambda: made.ask(INES, do.Answer("a", words_.id, True)))


# ── clauses ──


def test_a_new_clause_is_its_partys() -> None:
    made = table()
    on = lay(made, INES, ADD, None, "New clause.", after="c0", shape=(ClauseKind.SUB, 1, "fr"))
    insert, close = accept(made, on).acts
    assert (insert.kind, insert.party_id, insert.body["after"], insert.body["lang"]) == (
        ActKind.INSERT,
        "nvl",
        "c0",
        "fr",
    )
    assert (close.kind, close.body["seq"], close.clause_id) == (ActKind.CLOSE, insert.seq, None)
    assert made.texts[1] == "New clause."
    assert owned(made, insert.clause_id or "") == [("New clause.", "nvl", "")]
    made.insist()


def test_equal_new_clauses_come_in_once() -> None:
    made = table()
    on = [lay(made, who, ADD, None, "New clause.", after="c0") for who in (INES, PILAR)]
    other = lay(made, PILAR, ADD, None, "Another clause.", after="c0")
    refuses(made, Invalid, "not_alike", lambda: accept(made, on[0], other))
    accept(made, *reversed(on))
    assert made.texts[:2] == ["First words here.", "New clause."]
    assert states(made) == ["merged", "accepted", "tabled"]
    assert owned(made, made.room.state.standing()[1].id) == [("New clause.", "nvl", "")]
    made.ask(CHAIR, do.Delete("d", "c2", "over"))
    last = lay(made, INES, ADD, None, "At the end.", after="c2")
    refuses(made, Conflict, "stale", lambda: accept(made, last))


def test_an_offered_new_clause_has_the_words_of_both() -> None:
    made = table()
    on = lay(made, INES, ADD, None, "States share what they know of attacks.", after="c2")
    made.ask(CHAIR, do.Delete("d", "c2", "over"))
    made.ask(CHAIR, do.Offer("o", (on.id,), "States share freely what they know of attacks."))
    made.ask(INES, do.Answer("a", on.id, True))
    acts = accept(made, on).acts
    assert [(act.kind.value, act.party_id) for act in acts] == [("insert", "nvl"), ("edit", "chr"), ("close", "chr")]
    assert made.texts[-1] == "States share freely what they know of attacks."
    assert states(made) == ["accepted_in_part"]
    made.insist()


def test_deleted_moved_and_left_as_it_is() -> None:
    made = table()
    moved = [lay(made, who, MOVE, "c0", after="c2") for who in (INES, PILAR)]
    keep = lay(made, YARA, NO_CHANGE, "c1")
    assert [act.kind for act in accept(made, keep).acts] == [ActKind.CLOSE]
    acts = accept(made, *moved).acts
    assert (acts[0].kind, acts[0].party_id, acts[0].body) == (ActKind.MOVE, "nvl", {"after": "c2", "with": []})
    gone = [lay(made, who, DELETE, "c1") for who in (PILAR, YARA)]
    late = lay(made, INES, DELETE, "c2")
    acts = accept(made, *gone).acts
    assert (acts[0].kind, acts[0].party_id, acts[0].body) == (ActKind.DELETE, "ctm", {"reason": "so"})
    assert made.texts == ["Third words here.", "First words here."]
    assert states(made) == ["accepted", "merged", "accepted", "accepted", "merged", "tabled"]
    made.type(PILAR, "c2", 0, "The ")
    refuses(made, Conflict, "stale", lambda: accept(made, late))
    made.ask(CHAIR, do.Delete("d", "c2", "over"))
    assert [act.kind for act in accept(made, late).acts] == [ActKind.CLOSE]
    made.insist()


def test_a_clause_does_not_move_behind_its_own() -> None:
    made = table()
    on = lay(made, INES, MOVE, "c0", after="c1")
    made.ask(CHAIR, do.Shape("s", "c1", ClauseKind.SUB, 1))
    refuses(made, Conflict, "into_itself", lambda: accept(made, on))


def test_many_are_decided_together_and_not_more() -> None:
    made = table()
    on = [lay(made, INES, MODIFY, "c1", CABLES.replace("should", "must")) for _ in range(51)]
    refuses(made, Invalid, "bad_choice", lambda: accept(made, *on))
    accept(made, *on[:50])
    assert states(made).count("merged") == 49
    assert states(made)[0] == "accepted"
