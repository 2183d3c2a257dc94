"""The room: what each command does, whom and what it refuses, and that a refusal changes nothing."""

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from drafts import bracketing, settling, silence, stances, tabling
from drafts import commands as do
from drafts.change import MAX_INSERT, MAX_SECTIONS, MAX_TEXT, Change, narrow, widen
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from drafts.late import Gap, NeedHistory
from drafts.model import Audience, ClauseKind, Member, Mode, Place
from drafts.room import KEPT, MAX_CLAUSES, MAX_INSERTED, MAX_UPDATES, Room, clean, comment_body
from drafts.state import State
from tests.engine.table import CHAIR, INES, JONAS, PILAR, STRANGER, WANDA, Table

SUB = ClauseKind.SUB

# One of every command, on clause c1 of a table of two; what it would break is not yet broken.
EVERY: dict[str, Callable[[str], do.Command]] = {
    "insert": lambda op: do.Insert(op, "c1", texts=("New",)),
    "split": lambda op: do.Split(op, "c1", 0, 3),
    "join": lambda op: do.Join(op, "c1"),
    "move": lambda op: do.Move(op, "c1", None),
    "delete": lambda op: do.Delete(op, "c1", "said twice"),
    "restore": lambda op: do.Restore(op, "c2"),
    "shape": lambda op: do.Shape(op, "c1", SUB, 1, "ar"),
    "lock": lambda op: do.Lock(op, "c1", "agreed_ad_ref"),
    "set": lambda op: do.SetDraft(op, title="New title", symbol="LS/2", mode=Mode.PEN, observers=False),
    "issue": lambda op: do.Issue(op, "Rev.1"),
    "mark": lambda op: do.OpenThread(op, Place.SPAN, "Why?", "c1", 0, 0, 6),
    "edit": lambda op: do.Edit(op, "c1", 0, "Second words here."),
}
LEADS = {"lock", "set", "issue"}
ANYBODY = {"mark"}


def table(*texts: str) -> Table:
    return Table(*(texts or ("First words.", "Second words.", "Third words.")))


def ready() -> Table:
    """A table on which every command of ``EVERY`` has something to do."""
    made = table()
    made.ask(CHAIR, do.Delete("gone", "c2"))
    return made


def refuses(made: Table, refusal: type[Refusal], key: str, act: Callable[[], Any]) -> None:
    before, seq = made.room.state.to_bytes(), made.room.seq
    with pytest.raises(refusal) as caught:
        act()
    assert caught.value.key == key
    assert (made.room.state.to_bytes(), made.room.seq) == (before, seq)


# ── commands ──


def test_every_command_has_a_row_here() -> None:
    elsewhere = {
        do.Merge,
        *tabling.COMMANDS,
        *settling.COMMANDS,
        *stances.COMMANDS,
        *bracketing.COMMANDS,
        *silence.COMMANDS,
    }
    assert {type(make("op")) for make in EVERY.values()} | elsewhere == set(do.Command.__args__)


@pytest.mark.parametrize("name", EVERY)
def test_a_command_is_one_act_of_its_kind(name: str) -> None:
    made = ready()
    (act,) = made.ask(CHAIR, EVERY[name]("op")).acts
    assert (act.kind.value, act.person_id, act.party_id) == (name, "ada", "chr")
    assert act.client == "op"
    made.insist()


@pytest.mark.parametrize("name", EVERY)
def test_a_command_sent_again_is_done_once(name: str) -> None:
    made = ready()
    first = made.ask(CHAIR, EVERY[name]("op"))
    seq, state = made.room.seq, made.room.state.to_bytes()
    again = made.ask(CHAIR, EVERY[name]("op"))
    assert (again.acts, again.known) == ([], first.acts[0].seq)
    assert (made.room.seq, made.room.state.to_bytes()) == (seq, state)
    refuses(made, Conflict, "op_taken", lambda: made.ask(INES, EVERY[name]("op")))


@pytest.mark.parametrize("name", EVERY)
def test_a_room_loaded_from_the_log_knows_the_repeat(name: str) -> None:
    made = ready()
    first = made.ask(CHAIR, EVERY[name]("op"))
    made.room = Room.load(made.room.state.draft, None, made.log)
    assert made.ask(CHAIR, EVERY[name]("op")).known == first.acts[0].seq


@pytest.mark.parametrize("name", EVERY)
def test_a_stranger_finds_nothing(name: str) -> None:
    made = ready()
    refuses(made, NotFound, "not_found", lambda: made.ask(STRANGER, EVERY[name]("op")))


@pytest.mark.parametrize("name", sorted(set(EVERY) - ANYBODY))
def test_an_observer_is_told_the_rule(name: str) -> None:
    made = ready()
    key = "leads_only" if name in LEADS else "observers_comment"
    refuses(made, Forbidden, key, lambda: made.ask(WANDA, EVERY[name]("op")))


@pytest.mark.parametrize("name", sorted(set(EVERY) - ANYBODY))
def test_in_the_chairs_pen_a_delegate_waits(name: str) -> None:
    made = ready()
    made.ask(CHAIR, do.SetDraft("pen", mode=Mode.PEN))
    key = "leads_only" if name in LEADS else "chairs_pen"
    refuses(made, Forbidden, key, lambda: made.ask(INES, EVERY[name]("op")))
    made.ask(CHAIR, EVERY[name]("op"))


@pytest.mark.parametrize("name", ["split", "join", "delete", "shape", "edit"])
def test_a_locked_clause_stays_as_it_is(name: str) -> None:
    made = ready()
    made.ask(CHAIR, do.Lock("lock", "c1", "agreed_ad_ref"))
    refuses(made, Conflict, "clause_locked", lambda: made.ask(CHAIR, EVERY[name]("op")))
    made.ask(CHAIR, do.Lock("open", "c1", "open", "Not yet."))
    made.ask(INES, EVERY[name]("op"))


def test_a_locked_clause_is_moved_by_the_chair_alone_and_not_joined_onto() -> None:
    made = table()
    made.ask(CHAIR, do.Lock("lock", "c0", "agreed_ad_ref"))
    refuses(made, Forbidden, "leads_only", lambda: made.ask(INES, do.Move("a", "c0", "c1")))
    refuses(made, Conflict, "clause_locked", lambda: made.join("c1"))
    made.ask(CHAIR, do.Move("b", "c0", "c1"))
    assert made.texts == ["Second words.", "First words.", "Third words."]


@pytest.mark.parametrize("name", ["split", "join", "move", "delete", "shape", "lock", "mark", "edit"])
def test_a_clause_that_is_gone_or_never_was(name: str) -> None:
    made = ready()
    made.ask(CHAIR, do.Delete("away", "c1"))
    refuses(made, Conflict, "clause_gone", lambda: made.ask(CHAIR, EVERY[name]("op")))
    nowhere = Table("Alone.")
    refuses(nowhere, Invalid, "no_clause", lambda: nowhere.ask(CHAIR, EVERY[name]("op")))


BAD: list[tuple[str, type[Refusal], do.Command]] = [
    ("bad_op", Invalid, do.Join("", "c1")),
    ("bad_op", Invalid, do.Join("o" * 49, "c1")),
    ("no_clause", Invalid, do.Insert("op", "nowhere")),
    ("bad_depth", Invalid, do.Insert("op", None, SUB, 0)),
    ("bad_depth", Invalid, do.Insert("op", None, ClauseKind.OPERATIVE, 4)),
    ("bad_language", Invalid, do.Insert("op", None, lang="e/n")),
    ("bad_language", Invalid, do.Shape("op", "c1", SUB, 1, "x" * 17)),
    ("too_many_clauses", TooLarge, do.Insert("op", None, texts=())),
    ("too_many_clauses", TooLarge, do.Insert("op", None, texts=("x",) * (MAX_INSERTED + 1))),
    ("clause_size", TooLarge, do.Insert("op", None, texts=("x" * (MAX_TEXT + 1),))),
    ("no_place", Invalid, do.Split("op", "c1", 0, -1)),
    ("no_place", Invalid, do.Split("op", "c1", 0, 99)),
    ("no_place", Invalid, do.Split("op", "c1", -1, 1)),
    ("no_place", Invalid, do.Split("op", "c1", 7, 1)),
    ("inside_character", Invalid, do.Split("op", "c3", 0, 1)),
    ("first_clause", Conflict, do.Join("op", "c0")),
    ("no_clause", Invalid, do.Move("op", "c1", "nowhere")),
    ("into_itself", Invalid, do.Move("op", "c1", "c1")),
    ("reason_size", TooLarge, do.Delete("op", "c1", "x" * 501)),
    ("not_deleted", Conflict, do.Restore("op", "c1")),
    ("no_clause", Invalid, do.Restore("op", "nowhere")),
    ("bad_state", Invalid, do.Lock("op", "c1", "closed")),
    ("empty", Invalid, do.SetDraft("op", title=" \n")),
    ("too_long", TooLarge, do.SetDraft("op", title="x" * 501)),
    ("too_long", TooLarge, do.SetDraft("op", symbol="x" * 101)),
    ("empty", Invalid, do.Issue("op", " ")),
    ("note_size", TooLarge, do.Issue("op", "Rev.1", note="x" * 20_001)),
    ("empty_comment", Invalid, do.OpenThread("op", Place.DRAFT, " \x00\n ")),
    ("comment_size", TooLarge, do.OpenThread("op", Place.DRAFT, "x" * 20_001)),
    ("no_clause", Invalid, do.OpenThread("op", Place.CLAUSE, "Why?")),
    ("empty_span", Invalid, do.OpenThread("op", Place.SPAN, "Why?", "c1", 0, 3, 3)),
    ("no_place", Invalid, do.OpenThread("op", Place.SPAN, "Why?", "c1", 0, -3, 3)),
    ("no_place", Invalid, do.OpenThread("op", Place.SPAN, "Why?", "c1", 0, 0, 300)),
    ("inside_character", Invalid, do.OpenThread("op", Place.SPAN, "Why?", "c3", 0, 0, 1)),
    ("text_moved_on", Conflict, do.Edit("op", "c1", 1, "New")),
    ("clause_size", TooLarge, do.Edit("op", "c1", 0, "x" * (MAX_TEXT + 1))),
]


@pytest.mark.parametrize(("key", "refusal", "command"), BAD, ids=[f"{k}-{type(c).__name__}" for k, _, c in BAD])
def test_a_bad_command_is_refused_by_name(key: str, refusal: type[Refusal], command: do.Command) -> None:
    made = table("First words.", "Second words.", "Third words.", "🕊 words.")
    refuses(made, refusal, key, lambda: made.ask(CHAIR, command))


def test_the_draft_has_a_ceiling() -> None:
    made = Table(*["x"] * MAX_CLAUSES)
    refuses(made, TooLarge, "draft_size", lambda: made.ask(CHAIR, do.Insert("op", None)))
    refuses(made, TooLarge, "draft_size", lambda: made.split("c0", 1))
    made.ask(CHAIR, do.Delete("away", "c0"))
    made.ask(CHAIR, do.Insert("one", None))
    refuses(made, TooLarge, "draft_size", lambda: made.ask(CHAIR, do.Restore("back", "c0")))


def test_two_halves_too_large_for_one_clause_stay_apart() -> None:
    made = Table("x" * (MAX_TEXT // 2 + 1), "y" * (MAX_TEXT // 2))
    refuses(made, TooLarge, "clause_size", lambda: made.join("c1"))


def test_insert_puts_several_in_order() -> None:
    made = table()
    acts = made.ask(INES, do.Insert("op", "c0", texts=("One\ntwo", "Three\x00", "e\u0301"))).acts
    assert made.texts == ["First words.", "One two", "Three ", "é", "Second words.", "Third words."]
    assert [act.body["after"] for act in acts] == ["c0", acts[0].clause_id, acts[1].clause_id]
    assert [act.number for act in acts] == [0, 0, 0]
    made.insist()


def test_split_at_either_end_and_join_again() -> None:
    made = table()
    front, back = made.split("c1", 0), made.split("c0", len("First words."))
    assert made.texts == ["First words.", "", "", "Second words.", "Third words."]
    made.join(back)
    made.join("c1")
    made.join(front)
    assert made.texts == ["First words. Second words.", "Third words."]
    made.insist()


def test_join_puts_a_space_only_where_none_is() -> None:
    made = Table("one ", "two", " three", "four")
    for clause in ("c1", "c2", "c3"):
        made.join(clause)
    assert made.texts == ["one two three four"]
    assert made["c2"].gone is not None
    assert (made["c2"].gone.into, made["c2"].text) == ("c0", "")
    refuses(made, Conflict, "joined", lambda: made.ask(CHAIR, do.Restore("op", "c2")))


def test_delete_and_restore_keep_the_place_and_the_words() -> None:
    made = table()
    made.ask(INES, do.Delete("away", "c1", "said\ntwice"))
    assert made.texts == ["First words.", "Third words."]
    assert made["c1"].gone is not None
    assert made["c1"].gone.reason == "said twice"
    made.ask(PILAR, do.Restore("back", "c1"))
    assert made.texts == ["First words.", "Second words.", "Third words."]
    made.type(PILAR, "c1", 0, "All ")
    assert made["c1"].text == "All Second words."
    made.insist()


def test_a_clause_moves_with_its_sub_clauses() -> None:
    made = Table("Lead", "one", "two", "Next")
    for clause in ("c1", "c2"):
        made.ask(CHAIR, do.Shape(made.op(), clause, SUB, 1))
    made.ask(CHAIR, do.Delete(made.op(), "c1"))
    refuses(made, Invalid, "into_itself", lambda: made.ask(CHAIR, do.Move("op", "c0", "c2")))
    made.ask(INES, do.Move(made.op(), "c0", "c3"))
    made.ask(CHAIR, do.Restore(made.op(), "c1"))
    assert made.texts == ["Next", "Lead", "one", "two"]
    assert [clause.label for clause in made.room.state.live()] == ["OP1", "OP2", "(a)", "(b)"]
    made.insist()


def test_issuing_opens_an_epoch_and_chains_the_hashes() -> None:
    made = table()
    made.type(INES, "c0", 0, "Very ")
    made.ask(CHAIR, do.Issue("one", "Zero draft", "LS/0"))
    made.type(PILAR, "c0", 0, "Much ")
    made.ask(CHAIR, do.Issue("two", "Rev.1", note=" Thanks. "))
    refuses(made, Conflict, "label_taken", lambda: made.ask(CHAIR, do.Issue("three", "Rev.1")))
    assert made.room.state.epoch == 3
    assert [(s.text, s.ins) for s in made["c0"].segments] == [("Much ", 2), ("Very ", 1), ("First words.", 0)]
    (zero, zero_text), (rev, rev_text) = made.versions
    assert (zero.previous, rev.previous, rev.symbol, rev.note) == ("", zero.hash, "LS/1", "Thanks.")
    for version, text in made.versions:
        assert hashlib.sha256(text.encode()).hexdigest() == version.hash
        assert text == json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert json.loads(zero_text)["clauses"][0]["text"] == "Very First words."
    assert json.loads(rev_text)["clauses"][0]["text"] == "Much Very First words."
    made.insist(made.versions[0][0].seq)


def test_an_edit_from_outside_touches_only_the_words_that_differ() -> None:
    made = table("States should refrain from harm 🕊 to others.")
    made.ask(INES, do.Edit("op", "c0", 0, "States shall refrain\nfrom any harm 🕊 to others."))
    assert made["c0"].text == "States shall refrain from any harm 🕊 to others."
    fresh = [s.text for s in made["c0"].segments if s.ins == 1 and s.dele < 0]
    assert "".join(fresh).split() == ["shall", "any"]
    made.insist()


def test_setting_the_draft_leaves_what_is_not_named() -> None:
    made = table()
    made.ask(CHAIR, do.SetDraft("one", title="New"))
    made.ask(CHAIR, do.SetDraft("two", observers=False))
    draft = made.room.state.draft
    assert (draft.title, draft.symbol, draft.mode, draft.observers) == ("New", "LS/1", Mode.OPEN, False)
    refuses(made, NotFound, "not_found", lambda: made.push(WANDA, "c0", 0, [Change.replace(12, 0, 0, "x")]))


# ── pushes ──


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


# ── words ──


def test_clean_makes_one_paragraph() -> None:
    assert clean("a\r\nb\tc\u2029d\x00e\ud800f") == "a  b c d ef"
    assert clean("e\u0301 *x* [y]") == "é *x* [y]"
    assert comment_body(" a\r\nb\x00\x07\tc ") == "a\nb\tc"


# ── threads ──


def span(made: Table, words: str, clause: str = "c0", actor: Member = WANDA) -> str:
    start = len(widen(made[clause].text.split(words)[0]))
    where = do.OpenThread(made.op(), Place.SPAN, "Why?", clause, made[clause].number, start, start + len(widen(words)))
    return made.ask(actor, where).threads[0].id


def stands(made: Table, thread: str) -> tuple[str, str]:
    found = made.room.state.anchor(thread)
    assert found is not None
    clause, anchor = found
    assert made.room.state.anchors()[thread] == found
    return clause, narrow(made[clause].wide[anchor.start : anchor.end])


def test_a_thread_keeps_to_its_words() -> None:
    made = table("🕊 States should refrain.")
    thread = span(made, "should")
    assert made.threads[0].quote == "should"
    made.type(INES, "c0", 0, "🌍 ")
    made.type(INES, "c0", len(widen("🌍 🕊 States ")), "all ")
    made.type(PILAR, "c0", len(widen("🌍 🕊 States all should")), "n't")
    made.type(PILAR, "c0", len(widen("🌍 🕊 States all sh")), "XX")
    assert stands(made, thread) == ("c0", "shXXould")
    made.insist()


def test_a_thread_goes_with_the_half_that_has_its_words() -> None:
    made = table("One two three four.", "Five.")
    threads = {words: span(made, words) for words in ("One", "two three", "four")}
    whole = made.ask(WANDA, do.OpenThread("whole", Place.CLAUSE, "All of it", "c0")).threads[0].id
    new = made.split("c0", len("One two "))
    assert {words: stands(made, thread) for words, thread in threads.items()} == {
        "One": ("c0", "One"), "two three": ("c0", "two "), "four": (new, "four"),
    }  # fmt: skip
    made.join("c1")
    made.join(new)
    assert stands(made, threads["four"]) == ("c0", "four")
    assert made["c0"].text == "One two three four. Five."
    assert made.room.state.anchor(whole) is not None
    made.insist()


def test_a_thread_whose_words_go_says_so() -> None:
    made = table("One two three.")
    thread = span(made, "two")
    made.type(INES, "c0", 2, "", end=9)
    found = made.room.state.anchor(thread)
    assert found is not None
    assert found[1].gone
    new = made.split("c0", 1)
    assert made.room.state.anchor(thread) is not None
    assert made.room.state.anchor(thread)[0] in ("c0", new)  # type: ignore[index]
    made.insist()


def test_a_late_comment_finds_its_words() -> None:
    made = table("One two three four.")
    made.type(INES, "c0", 0, "Zero ")
    new = made.split("c0", len("Zero One two "))
    late = do.OpenThread("op", Place.SPAN, "Why?", "c0", 0, len("One two "), len("One two three"))
    thread = made.ask(WANDA, late).threads[0]
    assert (thread.clause_id, thread.quote) == (new, "three")
    across = do.OpenThread("on", Place.SPAN, "Why?", "c0", 0, len("One "), len("One two three"))
    thread = made.ask(WANDA, across).threads[0]
    assert (thread.clause_id, thread.quote) == ("c0", "two ")
    made.type(INES, new, 0, "", end=5)
    again = do.OpenThread("oh", Place.SPAN, "Why?", "c0", 0, len("One two "), len("One two three"))
    refuses(made, Conflict, "words_gone", lambda: made.ask(WANDA, again))
    made.ask(CHAIR, do.Delete("gone", new))
    refuses(made, Conflict, "clause_gone", lambda: made.ask(WANDA, again))


def test_where_else_a_thread_can_stand() -> None:
    made = table()
    for place, clause in ((Place.DRAFT, None), (Place.MISSING, None), (Place.MISSING, "c1")):
        thread = made.ask(WANDA, do.OpenThread(made.op(), place, "This", clause)).threads[0]
        assert (thread.place, thread.clause_id, thread.quote) == (place, clause, "")
    only = do.OpenThread("op", Place.DRAFT, "Us", audience=Audience.DELEGATIONS)
    refuses(made, Forbidden, "delegations_only", lambda: made.ask(WANDA, only))
    assert made.ask(INES, only).threads[0].audience is Audience.DELEGATIONS


# ── undo is only another edit ──


def test_taking_back_ones_own_words_leaves_no_trace() -> None:
    made = table()
    made.type(INES, "c0", 5, " good")
    made.type(INES, "c0", 5, "", end=10)
    assert [(s.text, s.dele) for s in made["c0"].segments] == [("First words.", -1)]
    made.type(INES, "c0", 5, " good")
    made.type(JONAS, "c0", 5, "", end=10)  # of the same party
    made.type(INES, "c0", 5, " good")
    made.type(PILAR, "c0", 5, "", end=10)
    assert [(s.text, s.dele) for s in made["c0"].segments] == [("First", -1), (" good", 1), (" words.", -1)]
    made.insist()
