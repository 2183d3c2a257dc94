"""The room: what each command does, whom and what it refuses, and that a refusal changes nothing."""

import hashlib
import json
from collections.abc import Callable

import pytest

from drafts import bracketing, settling, silence, stances, tabling
from drafts import commands as do
from drafts.change import MAX_TEXT, Change
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from drafts.model import ClauseKind, Mode, Place
from drafts.room import MAX_CLAUSES, MAX_INSERTED, Room
from tests.engine.table import CHAIR, INES, PILAR, STRANGER, WANDA, Table, refuses, table

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


def ready() -> Table:
    """A table on which every command of ``EVERY`` has something to do."""
    made = table()
    made.ask(CHAIR, do.Delete("gone", "c2"))
    return made


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
