"""Words, the threads that stand on them, and that undoing leaves no trace."""

from drafts import commands as do
from drafts.change import narrow, widen
from drafts.errors import Conflict, Forbidden
from drafts.model import Audience, Member, Place
from drafts.room import clean, comment_body
from tests.engine.table import CHAIR, INES, JONAS, PILAR, WANDA, Table, refuses, table

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
