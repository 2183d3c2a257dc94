"""Pushes into the room: what is taken, numbered and refused, what is no change at all, and what is remembered."""

from typing import Any

import pytest

from drafts import commands as do
from drafts.change import MAX_INSERT, MAX_SECTIONS, MAX_TEXT, Change, narrow, widen
from drafts.errors import Forbidden, Invalid, NotFound, Refusal, TooLarge
from drafts.late import Gap, NeedHistory
from drafts.model import Member, Mode
from drafts.room import KEPT, MAX_UPDATES, Room
from drafts.state import State
from tests.engine.table import CHAIR, INES, JONAS, PILAR, STRANGER, WANDA, Table, refuses, table


def one(text: str, start: int, end: int, words: str = "") -> Change:
    return Change.replace(len(widen(text)), start, end, widen(words))


def test_a_push_is_numbered_and_attributed() -> None:
    made = table()
    acts = made.push(INES, "c0", 0, [one("First words.", 0, 0, "Q"), one("QFirst words.", 1, 1, "R")], counter=4).acts
    assert [(a.kind.value, a.number, a.client, a.counter) for a in acts] == [
        ("edit", 1, "ines", 4),
        ("edit", 2, "ines", 5),
    ]
    assert made["c0"].text == "QRFirst words."
    made.insist()


WHO = [(STRANGER, NotFound, "not_found"), (WANDA, Forbidden, "observers_comment"), (INES, Forbidden, "chairs_pen")]


@pytest.mark.parametrize(("actor", "refusal", "key"), WHO)
def test_who_may_not_push(actor: Member, refusal: type[Refusal], key: str) -> None:
    made = table()
    made.ask(CHAIR, do.SetDraft("pen", mode=Mode.PEN))
    refuses(made, refusal, key, lambda: made.push(actor, "c0", 0, [one("First words.", 0, 0, "x")]))


def test_the_repeat_of_a_push_is_no_news() -> None:
    made = table()
    updates = [one("First words.", 0, 0, "Q"), one("QFirst words.", 1, 1, "R")]
    made.push(INES, "c0", 0, updates[:1])
    made.type(PILAR, "c0", 0, "before ")
    made.push(INES, "c0", 0, updates)
    assert made["c0"].text == "before QRFirst words."
    made.type(PILAR, "c0", 0, "more ")
    seq = made.room.seq
    assert made.push(INES, "c0", 0, updates).acts == []
    assert made.push(INES, "c0", 0, updates[:1]).acts == []
    made.ask(CHAIR, do.SetDraft("pen", mode=Mode.PEN))
    assert made.push(INES, "c0", 0, updates).acts == []  # it is in the log: the pen came later
    made.ask(CHAIR, do.Lock("lock", "c0", "agreed_ad_ref"))
    assert made.push(INES, "c0", 0, updates).acts == []
    assert made.room.seq == seq + 2
    made.insist()


def test_a_push_that_does_not_follow_is_a_gap() -> None:
    made = table()
    made.push(INES, "c0", 0, [one("First words.", 0, 0, "Q")], counter=3)
    gaps: list[tuple[str, int, int]] = [("c0", 9, 4), ("nowhere", 0, 0), ("c0", 0, 2)]
    for clause, base, counter in gaps:
        with pytest.raises(Gap):
            made.push(INES, clause, base, [one("First words.", 0, 0, "x")], counter=counter)
    assert made.texts[0] == "QFirst words."


def test_what_the_editor_gave_up_is_like_anybodys() -> None:
    made = table()
    made.push(INES, "c0", 0, [one("First words.", 0, 0, "Q")], counter=3)  # refused once, and accepted as it came again
    made.push(INES, "c0", 0, [one("First words.", 0, 0, "R")], counter=4)
    assert made["c0"].text == "QRFirst words."


def test_an_operation_id_is_not_a_client_id() -> None:
    made = table()
    made.ask(PILAR, do.Edit("ines", "c0", 0, "First good words."))
    made.push(INES, "c0", 0, [one("First words.", 0, 0, "Q")])
    assert made["c0"].text == "QFirst good words."


UNFIT: list[tuple[str, type[Refusal], int, list[Any]]] = [
    ("change_length", Invalid, 0, [[2, "x"]]),
    ("change_length", Invalid, 0, [40, [0, "x"]]),
    ("change_length", Invalid, 1, [[2, "x"]]),
    ("change_length", Invalid, 1, [40, [0, "x"]]),
    ("change_length", Invalid, 1, []),
    ("inside_character", Invalid, 0, [1, [0, "x"], 8]),
    ("inside_character", Invalid, 0, [[1], 8]),
    ("clause_size", TooLarge, 0, [9, [0, "x" * (MAX_TEXT - 8)]]),
    ("clause_size", TooLarge, 0, [9, [0, "🕊" * (MAX_TEXT // 2)]]),
]


@pytest.mark.parametrize(("key", "refusal", "acts", "sections"), UNFIT)
def test_a_change_that_does_not_fit(key: str, refusal: type[Refusal], acts: int, sections: list[Any]) -> None:
    made = table("🕊 words.")
    if acts:
        made.type(PILAR, "c0", 3, end=9)  # a deletion that a change which is too short runs out in
    refuses(made, refusal, key, lambda: made.push(INES, "c0", 0, [Change.from_json(sections)]))


def test_one_bad_update_spoils_the_push() -> None:
    made = table()
    updates = [one("First words.", 0, 0, "Q"), one("First words.", 0, 0, "R")]
    refuses(made, Invalid, "change_length", lambda: made.push(INES, "c0", 0, updates))
    refuses(made, Invalid, "bad_push", lambda: made.push(INES, "c0", 0, []))
    many = [one("First words.", 0, 0, "Q")] * (MAX_UPDATES + 1)
    refuses(made, Invalid, "bad_push", lambda: made.push(INES, "c0", 0, many))


NO_CHANGE: list[tuple[str, Any]] = [
    ("bad_change", "words"),
    ("bad_change", None),
    ("bad_change", {"0": 1}),
    ("bad_change", [-1]),
    ("bad_change", [0]),
    ("bad_change", [1.5]),
    ("bad_change", [True]),
    ("bad_change", [2**40]),
    ("bad_change", [[]]),
    ("bad_change", [[0]]),
    ("bad_change", [[0, ""]]),
    ("bad_change", [[1, 2]]),
    ("bad_change", [[1, "a", "b"]]),  # two lines: CodeMirror's form of a line break
    ("line_break", [[0, "a\nb"]]),
    ("line_break", [[0, "a\rb"]]),
    ("line_break", [[0, "a\u2028b"]]),
    ("line_break", [[0, "a\x85b"]]),
    ("line_break", [[0, "a\x00b"]]),
    ("line_break", [[0, "a\tb"]]),
    ("half_character", [[0, "a\ud83d"]]),
    ("half_character", [[0, "\ude00b"]]),
    ("change_sections", [1, [1]] * (MAX_SECTIONS // 2) + [1]),
    ("change_size", [[0, "x" * MAX_INSERT], 1, [0, "y"]]),
    ("change_size", [[0, "🕊" * (MAX_INSERT // 2)], 1, [0, "y"]]),
]


@pytest.mark.parametrize(("key", "data"), NO_CHANGE, ids=lambda value: repr(value)[:40])
def test_what_is_no_change(key: str, data: Any) -> None:
    with pytest.raises(Refusal) as caught:
        Change.from_json(data)
    assert caught.value.key == key


def test_at_the_limits_it_is_one() -> None:
    assert Change.from_json([[0, "x" * MAX_INSERT]]).new_length == MAX_INSERT
    assert len(Change.from_json([1, [1]] * (MAX_SECTIONS // 2)).sections) == MAX_SECTIONS


def test_a_rebased_push_may_outgrow_the_limits_and_still_loads() -> None:
    groups = MAX_SECTIONS // 2
    made = Table("x" * (6 * groups))
    holes = Change.of([(4, "z"), (2, None)] * groups)
    inside = Change.of([(2, None), (0, "y"), (4, None)] * (groups // 2) + [(3 * groups, None)])
    made.push(PILAR, "c0", 0, [inside])
    acts = made.push(INES, "c0", 0, [holes]).acts
    assert len(acts[0].body["change"]) > MAX_SECTIONS
    made.insist()
    made.split("c0", 700)
    carried = made.push(JONAS, "c0", 0, [holes]).acts
    assert {act.kind.value for act in carried} == {"edit", "carry"}
    made.insist()


def test_half_a_character_never_comes_out_of_two_edits() -> None:
    made = table("a🕊b")
    made.push(INES, "c0", 0, [one("a🕊b", 1, 3, "🌍")])
    made.push(PILAR, "c0", 0, [one("a🕊b", 3, 4, "c"), one("a🕊c", 0, 1)])
    assert made["c0"].text == "🌍c"
    assert narrow(widen("a🕊b")) == "a🕊b"
    made.insist()


# ── history ──


def test_a_very_late_push_asks_for_the_log() -> None:
    made = table()
    for letter in "abcdef":
        made.type(PILAR, "c0", 0, letter)
    then = State.restore(made.draft, None, made.log[:4])
    made.room = Room.load(made.room.state.draft, (4, then.to_bytes()), made.log[4:])
    push = lambda: made.push(INES, "c0", 0, [one("First words.", 12, 12, "!")])  # noqa: E731 - asked twice
    with pytest.raises(NeedHistory) as need:
        push()
    assert (need.value.clause, need.value.number) == ("c0", 0)
    made.room.remember("c0", [act for act in made.log if act.clause_id == "c0"])
    push()
    assert made["c0"].text == "fedcbaFirst words.!"
    made.room.remember("c0", [act for act in made.log if act.clause_id == "c0"])  # again: nothing new
    assert len(made.room.history("c0", 0)) == 7
    made.insist()


def test_an_inserted_clause_is_remembered_without_its_first_act() -> None:
    made = table()
    clause = made.ask(CHAIR, do.Insert("op", None, texts=("ab",))).acts[0].clause_id or ""
    made.type(PILAR, clause, 0, "x")
    made.room = Room.load(made.room.state.draft, (made.room.seq, made.room.state.to_bytes()), [])
    with pytest.raises(NeedHistory):
        made.push(INES, clause, 0, [one("ab", 2, 2, "!")])
    made.room.remember(clause, [act for act in made.log if act.clause_id == clause])
    made.push(INES, clause, 0, [one("ab", 2, 2, "!")])
    assert made[clause].text == "xab!"


def test_what_is_forgotten_is_asked_for() -> None:
    made = table("x", "y")
    updates = [Change.from_json([1])] * MAX_UPDATES
    for turn in range(KEPT * 2 // MAX_UPDATES):
        made.push(INES, "c0", turn * MAX_UPDATES, updates, counter=turn * MAX_UPDATES)
    assert len(made.room.history("c0", 0)) == KEPT * 2
    made.type(PILAR, "c1", 0, "z")
    with pytest.raises(NeedHistory):
        made.room.history("c0", 0)
    assert len(made.room.history("c0", KEPT + 1)) == KEPT - 1
