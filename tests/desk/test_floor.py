"""The table as each member sees it: what is open to them, and how things on it stand."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from drafts.acts import ActKind, Body
from drafts.decide import Outcome
from drafts.desk import floor
from drafts.desk.cast import Cast
from drafts.desk.floor import Views, clause_view, draft_view, proposal_view
from drafts.model import Forum, Level, Member, Openness, ProposalKind, Stage
from server.api import schema_floor
from tests.engine.floor import lay
from tests.engine.table import CHAIR, FORUM, INES, PILAR, START, WANDA, Table

PEOPLE = (CHAIR, INES, PILAR, WANDA)
EVERYBODY = {"everyone": PEOPLE, "delegations": (CHAIR, INES, PILAR), "leads": (CHAIR,)}


def cast_of(breaks: Openness = Openness.DELEGATIONS, **groups: tuple[str, ...]) -> Cast:
    forum = Forum(FORUM, "Lakes", Level.REGIONAL, datetime.fromtimestamp(START / 1000, UTC), breaks=breaks)
    parties = {one.party.id: one.party for one in PEOPLE}
    return Cast(parties, {}, {one.person_id: one for one in PEOPLE}, [], forum, groups)


def act(made: Table, actor: Member, kind: ActKind, clause: str | None, body: Body) -> None:
    outcome = Outcome()
    made.room.act(outcome, actor, START + len(made.log), kind, made[clause] if clause else None, body)
    made.keep(outcome)


def says(made: Table, actor: Member, on: str, stance: str | None, **more: Any) -> None:
    body = {"on": on, "stance": stance, "note": "", "if": None, "wording": 1, "for": []} | more
    act(made, actor, ActKind.POSITION, None if on.startswith("p") else on, body)


def seen(made: Table, actor: Member, proposal: str = "p1") -> Any:
    return proposal_view(actor, made.room.state, cast_of(), made.room.state.floor.proposals[proposal])


def table() -> Table:
    made = Table("Alpha beta gamma delta epsilon.", "Second words.")
    lay(made, INES, ProposalKind.MODIFY, "c0", "Alpha beta GAMMA delta epsilon.")
    return made


def open_to(made: Table, **facts: Openness) -> Table:
    act(made, CHAIR, ActKind.SET, None, {name: value.value for name, value in facts.items()})
    return made


# ── proposals ──


def test_a_proposal_is_told_with_its_words_against_the_clause_of_today():
    made = table()
    view = seen(made, PILAR)
    assert view is not None
    assert (view["number"], view["kind"], view["state"], view["stale"]) == (1, "modify", "tabled", "")
    assert view["party"] == {"id": "nvl", "code": "NVL", "name": "Nvl", "group": "government"}
    assert view["pieces"] == [["=", "Alpha beta "], ["-", "gamma"], ["+", "GAMMA"], ["=", " delta epsilon."]]
    made.type(CHAIR, "c0", 0, "New ")
    assert seen(made, PILAR)["pieces"][0] == ["=", "New Alpha beta "]


def test_one_whose_words_were_changed_shows_both_readings_and_a_closed_one_what_it_was_about():
    made = table()
    made.type(CHAIR, "c0", 11, "other", end=16)
    view = seen(made, CHAIR)
    assert view["stale"] == "words"
    assert view["conflicts"] == [{"base": "gamma", "theirs": "GAMMA", "live": "other"}]
    closing = {"proposal": "p1", "state": "not_retained", "reason": "no", "into": None, "seq": None}
    act(made, CHAIR, ActKind.CLOSE, "c0", closing)
    view = seen(made, CHAIR)
    assert (view["state"], view["stale"], view["conflicts"]) == ("not_retained", "", [])
    assert ["-", "gamma"] in view["pieces"]
    assert view["closing"]["reason"] == "no"
    assert set(view["may"].values()) == {False}


def test_equal_ones_are_named_as_far_as_they_are_open():
    made = table()
    lay(made, PILAR, ProposalKind.EDITORIAL, "c0", "Alpha beta GAMMA delta epsilon.")
    lay(made, PILAR, ProposalKind.MODIFY, "c0", "Alpha beta gamma delta zeta.")
    assert [seen(made, WANDA, one)["equal"] for one in ("p1", "p2", "p3")] == [[2], [1], []]
    open_to(made, proposals=Openness.LEADS)
    assert seen(made, CHAIR)["equal"] == [2]
    assert seen(made, INES)["equal"] == []


def test_one_of_a_clause_that_went_says_so():
    made = table()
    act(made, CHAIR, ActKind.DELETE, "c0", {"reason": "said elsewhere"})
    view = seen(made, INES)
    assert (view["stale"], view["why"]) == ("gone", "said elsewhere")


@pytest.mark.parametrize("openness", list(Openness))
def test_proposals_are_told_to_whom_they_are_open_and_to_those_behind_them(openness: Openness):
    made = open_to(table(), proposals=openness)
    allowed = {one.person_id for one in EVERYBODY[openness.value]} | {INES.person_id}
    assert {one.person_id for one in PEOPLE if seen(made, one) is not None} == allowed
    act(made, PILAR, ActKind.SPONSOR, "c0", {"proposal": "p1", "joins": True})
    assert seen(made, PILAR) is not None
    views = Views(made.room.state, cast_of())
    assert [len(views.all(one)["proposals"]) for one in (INES, WANDA)] == [1, int(openness is Openness.EVERYONE)]
    assert views.draft(WANDA)["open"] == int(openness is Openness.EVERYONE)


def test_what_may_be_done_goes_by_the_table_of_rights_and_the_stage():
    made = table()
    assert [seen(made, one)["may"] for one in PEOPLE] == [
        {"own": False, "sponsor": True, "position": True, "decide": True},
        {"own": True, "sponsor": False, "position": True, "decide": False},
        {"own": False, "sponsor": True, "position": True, "decide": False},
        {"own": False, "sponsor": False, "position": False, "decide": False},
    ]
    act(made, CHAIR, ActKind.SET, None, {"stage": Stage.SILENCE.value})
    assert seen(made, CHAIR)["may"] == {"own": False, "sponsor": False, "position": False, "decide": False}
    assert not draft_view(INES, made.room.state, cast_of())["may"]["break"]  # nothing runs
    act(made, CHAIR, ActKind.SILENCE, None, {
        "procedure": "s", "version": 1, "label": "Rev.1", "hash": "ab", "deadline": START + 1, "minimum": 60,
        "note": "", "parties": [],
    })  # fmt: skip
    assert draft_view(INES, made.room.state, cast_of())["may"]["break"]


def test_an_outcome_that_the_chair_offers_is_shown_against_the_text():
    made = table()
    body = {
        "proposals": ["p1"],
        "base": 0,
        "old": made["c0"].text,
        "text": "Alpha beta Gamma delta epsilon.",
        "note": "so?",
    }
    act(made, CHAIR, ActKind.OFFER, "c0", body)
    act(made, INES, ActKind.ANSWER, "c0", {"proposal": "p1", "accepts": False, "note": "no"})
    offered = seen(made, PILAR)["offered"]
    assert (offered["note"], offered["accepts"], offered["answer"], offered["party"]["code"]) == (
        "so?",
        False,
        "no",
        "CHR",
    )
    assert ["+", "Gamma"] in offered["pieces"]


# ── positions ──


def test_positions_are_counted_and_listed_by_name_with_sponsors_among_them():
    made = table()
    says(made, PILAR, "p1", "oppose", note="too long")
    says(made, CHAIR, "p1", "conditional", **{"if": "c1"})
    found = seen(made, PILAR)["positions"]
    assert found["counts"] == {"support": 1, "can_accept": 0, "reserve": 0, "oppose": 1, "conditional": 1}
    assert [(one["party"]["code"], one["stance"], one["sponsor"]) for one in found["list"]] == [
        ("CHR", "conditional", False), ("CTM", "oppose", False), ("NVL", "support", True),
    ]  # fmt: skip
    assert (found["mine"]["stance"], found["mine"]["note"], found["mine"]["earlier"]) == ("oppose", "too long", False)


def test_those_on_an_earlier_wording_say_so():
    made = table()
    says(made, PILAR, "p1", "support")
    text = "Alpha beta GAMMA delta."
    again = {"proposal": "p1", "reason": "", "base": 0, "old": made["c0"].text, "text": text, "wording": 2}
    act(made, INES, ActKind.REVISE, "c0", again)
    assert seen(made, PILAR)["positions"]["mine"]["earlier"]


def test_where_others_positions_are_not_open_one_sees_ones_own():
    made = open_to(table(), positions=Openness.LEADS)
    says(made, PILAR, "p1", "oppose", note="hidden words")
    assert seen(made, CHAIR)["positions"]["counts"]["oppose"] == 1
    own = seen(made, PILAR)["positions"]
    assert (own["counts"], own["list"], own["mine"]["stance"]) == (None, None, "oppose")
    assert seen(made, INES)["positions"]["mine"]["sponsor"]
    assert seen(made, WANDA)["positions"] is None
    assert b"hidden words" not in msgspec.json.encode(seen(made, INES))


def test_a_group_that_speaks_for_a_party_is_named():
    made = table()
    says(made, CHAIR, "c1", "reserve", **{"for": ["ctm"]})
    view: Any = clause_view(PILAR, made.room.state, cast_of(), "c1")
    assert view["positions"]["counts"]["reserve"] == 2
    assert (view["positions"]["mine"]["stance"], view["positions"]["mine"]["by"]["code"]) == ("reserve", "CHR")


def test_a_clause_that_many_have_spoken_to_is_among_those_that_a_brief_view_tells_of(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(floor, "MOST_LISTED", 0)
    made = table()
    says(made, INES, "c1", "oppose")
    (told,) = Views(made.room.state, cast_of(), brief=True).all(PILAR)["clauses"]
    assert (told["positions"]["counts"]["oppose"], told["positions"]["list"]) == (1, [])


def test_nothing_tells_of_positions_on_a_clause_that_are_not_open():
    made = open_to(table(), positions=Openness.LEADS)
    says(made, INES, "c1", "oppose")
    listed = {one.party.code: Views(made.room.state, cast_of()).all(one)["clauses"] for one in PEOPLE}
    assert [code for code, clauses in listed.items() if clauses] == ["CHR", "NVL"]
    says(made, INES, "c1", None)
    assert all(Views(made.room.state, cast_of()).all(one)["clauses"] == [] for one in PEOPLE)


# ── clauses and the draft ──


def test_a_clause_tells_its_state_its_objections_and_the_notes_that_are_for_these_ears():
    made = Table("One [two] three.", "[Four.]")
    lock = {"state": "agreed_ad_ref", "reason": ""}
    act(made, CHAIR, ActKind.LOCK, "c0", lock)
    act(made, PILAR, ActKind.OBJECT, "c0", {"reason": "not yet"})
    for note, private in (("n1", False), ("n2", True)):
        act(made, INES, ActKind.BRACKET, "c0", {
            "note": note, "from": 4, "to": 9, "owner": "nvl", "reason": "tactical", "link": None, "words": note,
            "private": private,
        })  # fmt: skip
    act(made, INES, ActKind.BRACKET, "c1", {
        "note": "n3", "from": 0, "to": 7, "owner": "nvl", "reason": "tactical", "link": None, "words": "",
        "private": True,
    })  # fmt: skip
    views: Any = Views(made.room.state, cast_of())
    assert [clause["id"] for clause in views.all(INES)["clauses"]] == ["c0", "c1"]
    (told,) = views.all(PILAR)["clauses"]  # nothing tells that there is something on the other
    assert (told["status"], told["by"]["code"], told["may"]["object"]) == ("agreed_ad_ref", "CHR", True)
    assert [(o["party"]["code"], o["reason"]) for o in told["objections"]] == [("CTM", "not yet")]
    assert [(b["note"], b["from"], b["to"]) for b in told["brackets"]] == [("n1", 4, 9)]
    assert [b["note"] for b in views.clause(INES, "c0")["brackets"]] == ["n1", "n2"]
    assert views.clause(CHAIR, "nothing") is None


@pytest.mark.parametrize("openness", list(Openness))
def test_who_broke_a_silence_is_told_as_the_forum_decides(openness: Openness):
    made = Table("One.")
    act(made, CHAIR, ActKind.SILENCE, None, {
        "procedure": "s", "version": 1, "label": "Rev.1", "hash": "ab", "deadline": START + 1, "minimum": 60,
        "note": "", "parties": [],
    })  # fmt: skip
    act(made, PILAR, ActKind.BREAK, None, {"procedure": "s", "reason": "we cannot", "clauses": ["c0"]})
    hearing = []
    for one in PEOPLE:
        silence = draft_view(one, made.room.state, cast_of(openness))["silence"]
        assert silence["outcome"] == "broken"
        hearing += [one.person_id] if silence["breaks"] else []
    assert set(hearing) == {one.person_id for one in EVERYBODY[openness.value]} | {PILAR.person_id}


def test_the_whole_is_what_the_api_says_it_is():
    made = table()
    lay(made, PILAR, ProposalKind.ADD, None, "A new clause.", after="c0")
    lay(made, PILAR, ProposalKind.MOVE, "c1", after=None)
    lay(made, PILAR, ProposalKind.DELETE, "c1")
    lay(made, PILAR, ProposalKind.NO_CHANGE, "c0")
    says(made, PILAR, "p1", "oppose")
    act(made, CHAIR, ActKind.LOCK, "c1", {"state": "converging", "reason": ""})
    whole = schema_floor.of(Views(made.room.state, cast_of()).all(CHAIR))
    assert [p.kind.value for p in whole.proposals] == ["modify", "add", "move", "delete", "no_change"]
    assert whole.proposals[1].place == "c0"
    assert [c.status.value for c in whole.clauses] == ["converging"]
    assert schema_floor.of(msgspec.json.decode(msgspec.json.encode(whole))) == whole


def test_somebody_who_left_the_forum_is_a_dash():
    made = table()
    cast = cast_of()
    gone = replace(cast, parties={}, members={})
    view: Any = proposal_view(CHAIR, made.room.state, gone, made.room.state.floor.proposals["p1"])
    assert (view["party"]["code"], view["name"]) == ("–", "")
