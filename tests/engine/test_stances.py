"""Positions, objections and the states of clauses: what is taken, what is refused, and where everybody stands."""

from typing import Any

import pytest

from drafts import commands as do
from drafts import tallies
from drafts.acts import ActKind
from drafts.decide import Outcome
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from drafts.model import ClauseStatus, Member, Openness, ProposalKind, Role, Stance
from tests.engine.table import CHAIR, INES, JONAS, PILAR, STRANGER, WANDA, Table, refuses, seat

S = Stance
REL, HOU = (seat(name, code, Role.DELEGATE) for name, code in (("Rhea", "REL"), ("Hugo", "HOU")))


def table() -> Table:
    return Table("First words.", "Second words.", "Third words.")


def tabled(made: Table, actor: Member = INES, *sponsors: str, clause: str | None = "c1") -> str:
    """A proposal on the table: the acts that tabling writes, without its checks."""
    name, outcome = f"p{len(made.room.state.floor.proposals) + 1}", Outcome()
    body = {
        "proposal": name, "number": len(made.room.state.floor.proposals) + 1, "kind": ProposalKind.MODIFY.value,
        "reason": "", "sponsors": list(sponsors), "after": None, "shape": None, "base": 0, "old": "Second words.",
        "text": "Other words.",
    }  # fmt: skip
    made.room.act(outcome, actor, 1, ActKind.TABLE, clause, body, (made.op(), None))
    made.keep(outcome)
    return name


def act(made: Table, actor: Member, kind: ActKind, **body: Any) -> None:
    outcome = Outcome()
    made.room.act(outcome, actor, 1, kind, "c1", body, (made.op(), None))
    made.keep(outcome)


def reworded(made: Table, proposal: str, wording: int) -> None:
    told = {"reason": "", "base": 0, "old": "Second words.", "text": f"Wording {wording}."}
    act(made, INES, ActKind.REVISE, proposal=proposal, wording=wording, **told)


def says(made: Table, actor: Member, on: str, stance: Stance | None, note: str = "", **more: Any) -> Outcome:
    proposal = made.room.state.floor.proposals.get(on)
    more = {"wording": proposal.wording if proposal else 0} | more
    return made.ask(actor, do.TakePosition(made.op(), on, stance, note, **more))


# ── positions ──


def test_a_position_is_an_act_and_the_latest_stands() -> None:
    made = table()
    proposal = tabled(made)
    (first,) = says(made, PILAR, proposal, S.RESERVE, " The second\nline. ", parties=("hou",)).acts
    assert first.clause_id == "c1"
    assert first.body == {
        "on": proposal, "stance": "reserve", "note": "The second line.", "if": None, "wording": 1, "for": ["hou"],
        "was": None,
    }  # fmt: skip
    says(made, PILAR, proposal, S.CAN_ACCEPT)
    assert made.log[-1].body["was"] == "reserve"
    held = made.room.state.floor.positions[proposal]["ctm"]
    assert (held.stance, held.note, held.parties) == (S.CAN_ACCEPT, "", ())
    (back,) = says(made, PILAR, proposal, None).acts
    assert back.body["stance"] is None
    assert made.room.state.floor.positions[proposal] == {}
    refuses(made, Conflict, "no_position", lambda: says(made, PILAR, proposal, None))
    made.insist()


def test_a_clause_takes_positions_too() -> None:
    made = table()
    (act,) = says(made, PILAR, "c2", S.CONDITIONAL, condition="c0").acts
    assert (act.clause_id, act.body["on"], act.body["if"], act.body["wording"]) == ("c2", "c2", "c0", 0)


def test_a_proposal_for_a_new_clause_takes_positions() -> None:
    made = table()
    proposal = tabled(made, clause=None)
    (act,) = says(made, PILAR, proposal, S.SUPPORT).acts
    assert act.clause_id is None
    assert tallies.of(made.room.state.floor, proposal).counts[S.SUPPORT] == 2


def test_what_a_position_needs() -> None:
    made = table()
    proposal = tabled(made)
    reworded(made, proposal, 2)
    made.ask(CHAIR, do.Delete("gone", "c2"))
    for key, refusal, on, stance, more in (
        ("say_why", Invalid, proposal, S.OPPOSE, {}),
        ("say_why", Invalid, proposal, S.RESERVE, {"note": " \n"}),
        ("too_long", Refusal, proposal, S.SUPPORT, {"note": "x" * 1_001}),
        ("no_condition", Invalid, proposal, S.CONDITIONAL, {}),
        ("no_clause", Invalid, proposal, S.CONDITIONAL, {"condition": "c9"}),
        ("clause_gone", Conflict, proposal, S.CONDITIONAL, {"condition": "c2"}),
        ("own_condition", Invalid, proposal, S.CONDITIONAL, {"condition": "c1"}),
        ("own_condition", Invalid, "c0", S.CONDITIONAL, {"condition": "c0"}),
        ("no_wording", Invalid, proposal, S.SUPPORT, {"wording": 0}),
        ("no_wording", Invalid, proposal, S.SUPPORT, {"wording": 3}),
        ("no_clause", Invalid, "p9", S.SUPPORT, {}),
        ("clause_gone", Conflict, "c2", S.SUPPORT, {}),
    ):
        refuses(made, refusal, key, lambda: says(made, PILAR, on, stance, **more))  # noqa: B023
    says(made, PILAR, proposal, S.SUPPORT, wording=1)
    refuses(made, Conflict, "same_position", lambda: says(made, PILAR, proposal, S.SUPPORT, wording=1))
    says(made, PILAR, proposal, S.SUPPORT, wording=2)  # confirmed for the new wording
    act(made, INES, ActKind.WITHDRAW, proposal=proposal, reason="")
    refuses(made, Conflict, "proposal_closed", lambda: says(made, PILAR, proposal, S.CAN_ACCEPT))


def test_who_takes_positions() -> None:
    made = table()
    proposal = tabled(made)
    refuses(made, Forbidden, "not_this_stage", lambda: says(made, WANDA, proposal, S.SUPPORT))
    refuses(made, NotFound, "not_found", lambda: says(made, STRANGER, proposal, S.SUPPORT))


def test_who_may_not_see_what_is_tabled_learns_nothing_of_it_and_its_sponsors_do() -> None:
    made = table()
    made.ask(CHAIR, do.SetDraft("set", proposals=Openness.LEADS))
    proposal = tabled(made, INES, "rel")
    refuses(made, Invalid, "no_clause", lambda: says(made, PILAR, proposal, S.SUPPORT))
    for one in (JONAS, REL, CHAIR):
        says(made, one, proposal, S.CAN_ACCEPT)


# ── tallies ──


def stands(made: Table, on: str, **alignments: tuple[str, ...]) -> dict[str, str]:
    found = tallies.of(made.room.state.floor, on, alignments=alignments)
    assert sum(found.counts.values()) == len(found.by_party)
    assert found.earlier == sum(stand.earlier for stand in found.by_party.values())
    return {
        party: f"{stand.stance.value} by {stand.by}{' earlier' if stand.earlier else ''}"
        for party, stand in found.by_party.items()
    }


def test_own_words_go_before_sponsoring_and_both_before_a_group() -> None:
    made = table()
    proposal = tabled(made, INES, "rel")
    groups = {"nvl": ("aaa", "hou"), "hou": ("bbb",)}
    assert stands(made, proposal, **groups) == {
        "aaa": "support by nvl", "hou": "support by nvl", "nvl": "support by nvl", "rel": "support by rel",
    }  # fmt: skip
    says(made, PILAR, proposal, S.OPPOSE, "No.", parties=("rel", "hou", "aaa"))
    assert stands(made, proposal, **groups) == {
        "aaa": "oppose by ctm", "ctm": "oppose by ctm", "hou": "oppose by ctm", "nvl": "support by nvl",
        "rel": "support by rel",
    }  # fmt: skip
    says(made, HOU, proposal, S.CAN_ACCEPT, parties=("aaa", "bbb"))
    says(made, REL, proposal, S.RESERVE, "Not yet.")
    assert stands(made, proposal) == {
        "aaa": "can_accept by hou", "bbb": "can_accept by hou", "ctm": "oppose by ctm", "hou": "can_accept by hou",
        "nvl": "support by nvl", "rel": "reserve by rel",
    }  # fmt: skip
    says(made, HOU, proposal, None)
    says(made, REL, proposal, None)
    act(made, REL, ActKind.SPONSOR, proposal=proposal, joins=False)
    assert stands(made, proposal)["hou"] == stands(made, proposal)["rel"] == "oppose by ctm"


def test_a_new_wording_makes_positions_those_of_an_earlier_one() -> None:
    made = table()
    proposal = tabled(made, INES, "rel")
    says(made, PILAR, proposal, S.SUPPORT, parties=("hou",))
    reworded(made, proposal, 2)
    assert stands(made, proposal) == {
        "ctm": "support by ctm earlier", "hou": "support by ctm earlier", "nvl": "support by nvl",
        "rel": "support by rel",
    }  # fmt: skip
    says(made, PILAR, proposal, S.SUPPORT)
    assert "earlier" not in " ".join(stands(made, proposal).values())
    found = tallies.of(made.room.state.floor, proposal)
    assert (found.of(S.SUPPORT), found.by_party["rel"].sponsor, found.by_party["ctm"].sponsor) == (
        ["ctm", "nvl", "rel"], True, False,
    )  # fmt: skip


def test_where_nobody_spoke_the_tally_is_empty() -> None:
    assert stands(table(), "c1") == {}


# ── states of clauses ──


def test_every_state_of_a_clause_is_said_by_those_who_lead_with_who_and_when() -> None:
    made = table()
    order = [status.value for status in ClauseStatus][1:]
    for status in order:
        made.ask(CHAIR, do.Lock(made.op(), "c1", status, "So it is."))
        clause = made["c1"]
        assert (clause.state, made.room.state.authors[clause.state_by][1]) == (status, "chr")
        assert clause.state_at == made.log[-1].at
        assert clause.locked == (status in {"agreed", "agreed_ad_ref"})
        assert made.room.state.floor.markings["c1"].reason == "So it is."
    refuses(made, Conflict, "same_state", lambda: made.ask(CHAIR, do.Lock("op", "c1", order[-1])))
    refuses(made, Forbidden, "leads_only", lambda: made.ask(INES, do.Lock("op", "c1", "open")))
    refuses(made, Invalid, "bad_state", lambda: made.ask(CHAIR, do.Lock("op", "c1", "closed")))
    made.insist()


@pytest.mark.parametrize("agreed", ["agreed_ad_ref", "agreed"])
def test_reopening_takes_a_reason(agreed: str) -> None:
    made = table()
    made.ask(CHAIR, do.Lock("a", "c1", "converging"))
    made.ask(CHAIR, do.Lock("b", "c1", agreed))
    for to in sorted(set(ClauseStatus) - {"agreed", "agreed_ad_ref"}):
        refuses(made, Invalid, "say_why", lambda: made.ask(CHAIR, do.Lock("c", "c1", to, "  ")))  # noqa: B023
    other = {"agreed": "agreed_ad_ref", "agreed_ad_ref": "agreed"}[agreed]
    made.ask(CHAIR, do.Lock("d", "c1", other))  # from one agreed state to the other nothing is opened
    made.ask(CHAIR, do.Lock("e", "c1", "deferred", "New instructions."))
    assert made.log[-1].body == {"state": "deferred", "reason": "New instructions."}


def test_an_objection_reopens_and_stays_listed_until_the_clause_is_agreed_again() -> None:
    made = table()
    refuses(made, Conflict, "not_agreed", lambda: made.ask(PILAR, do.Object("a", "c1", "Not us.")))
    made.ask(CHAIR, do.Lock("b", "c1", "agreed_ad_ref"))
    refuses(made, Invalid, "say_why", lambda: made.ask(PILAR, do.Object("c", "c1", " ")))
    refuses(made, Forbidden, "not_this_stage", lambda: made.ask(WANDA, do.Object("d", "c1", "Not us.")))
    said, lock = made.ask(PILAR, do.Object("e", "c1", "Not us.")).acts
    assert (said.kind, lock.kind, lock.party_id) == (ActKind.OBJECT, ActKind.LOCK, "ctm")
    assert made.ask(PILAR, do.Object("e", "c1", "Not us.")).known == said.seq
    assert made["c1"].state == "under_discussion"
    assert not made["c1"].locked
    made.ask(CHAIR, do.Lock("f", "c1", "converging"))
    (objection,) = made.room.state.floor.markings["c1"].objections
    assert (objection.party, objection.reason) == ("ctm", "Not us.")
    made.ask(CHAIR, do.Lock("g", "c1", "agreed"))
    assert made.room.state.floor.markings["c1"].objections == ()
    made.insist()
