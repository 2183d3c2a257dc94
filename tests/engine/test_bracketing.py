"""Brackets put and lifted by command, and whose they are: what is refused, what is logged, what a note survives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts import commands as do
from drafts.bracketing import MAX_WORDS, notes, reads
from drafts.brackets import parse
from drafts.change import MAX_TEXT, is_high, is_low
from drafts.errors import Conflict, Forbidden, Invalid, Refusal, TooLarge
from drafts.model import BracketReason, Member, Mode
from drafts.room import Outcome
from tests.engine.table import CHAIR, INES, JONAS, PILAR, WANDA, Table, refuses

PLAIN = "States should report all incidents within one day."


def put(made: Table, actor: Member, quote: str, clause: str = "c0", **more: object) -> Outcome:
    start = made[clause].wide.index(quote)
    asked = {"number": made[clause].number, "start": start, "end": start + len(quote), **more}
    return made.ask(actor, do.PutBracket(made.op(), clause, **asked))  # type: ignore[arg-type]


def say(made: Table, actor: Member, at: int, clause: str = "c0", **more: object) -> Outcome:
    asked = {"number": made[clause].number, "start": at, "end": at, **more}
    return made.ask(actor, do.PutBracket(made.op(), clause, **asked))  # type: ignore[arg-type]


def lift(made: Table, actor: Member, at: int, clause: str = "c0", *, with_text: bool = False) -> Outcome:
    return made.ask(actor, do.LiftBracket(made.op(), clause, made[clause].number, at, with_text))


def told(made: Table, clause: str = "c0") -> list[tuple[str, str, int, int]]:
    """Owner, reason and place of the notes to a clause's brackets."""
    state = made.room.state
    return [(one.note.owner, one.note.reason.value, one.start, one.end) for one in notes(state, made[clause])]


# ── putting ──


def test_a_bracket_is_an_edit_and_a_note() -> None:
    made = Table(PLAIN)
    outcome = put(made, INES, " within one day", words=" We wait. ", reason=BracketReason.AWAITING)
    assert made.texts == ["States should report all incidents [within one day]."]
    edit, note = outcome.acts
    assert (edit.kind.value, note.kind.value) == ("edit", "bracket")
    assert (edit.client, edit.counter, note.client, note.counter) == (note.client, None, edit.client, 1)
    assert note.body == {
        "note": note.body["note"], "owner": "nvl", "reason": "awaiting_instructions", "link": None, "words": "We wait.",
        "private": False, "from": 35, "to": 51,
    }  # fmt: skip
    assert told(made) == [("nvl", "awaiting_instructions", 35, 51)]
    made.insist()


def test_the_same_command_again_is_done_once() -> None:
    made = Table(PLAIN)
    asked = do.PutBracket("once", "c0", 0, 7, 13)
    made.ask(INES, asked)
    assert made.ask(INES, asked).known is not None
    assert made.texts[0].count("[") == 1


def test_words_that_moved_meanwhile_are_found() -> None:
    made = Table(PLAIN)
    made.type(PILAR, "c0", 0, "All ")
    made.ask(INES, do.PutBracket(made.op(), "c0", 0, 7, 13))
    assert made.texts == ["All States [should] report all incidents within one day."]


@pytest.mark.parametrize(
    ("refusal", "key", "text", "start", "end"),
    [
        (Invalid, "no_place", PLAIN, 5, 3),
        (Invalid, "no_place", PLAIN, 5, 99),
        (Conflict, "no_words", "a   b", 1, 3),
        (Conflict, "bracket_crosses", "a [b c] d", 0, 4),
        (Conflict, "bracket_crosses", "a [b c] d", 5, 9),
        (Conflict, "bracket_crosses", "a [b c d", 0, 8),
        (Invalid, "inside_character", "a🕊b", 0, 2),
        (TooLarge, "clause_size", "x" * (MAX_TEXT - 1), 0, 1),
    ],
)
def test_what_cannot_be_bracketed(refusal: type[Refusal], key: str, text: str, start: int, end: int) -> None:
    made = Table(text)
    refuses(made, refusal, key, lambda: made.ask(INES, do.PutBracket("op", "c0", 0, start, end)))


def test_a_bracket_goes_round_whole_pairs_and_inside_one() -> None:
    made = Table("a [b c] d")
    put(made, INES, "[b c] d")
    put(made, INES, "c")
    assert made.texts == ["a [[b [c]] d]"]


def test_words_that_were_cut_apart_are_not_bracketed() -> None:
    made = Table(PLAIN)
    made.split("c0", 10)
    refuses(made, Conflict, "bracket_split", lambda: made.ask(INES, do.PutBracket("op", "c0", 0, 0, 20)))


def test_who_may_put_lift_and_say() -> None:
    made = Table(PLAIN, mode=Mode.PEN)
    refuses(made, Forbidden, "chairs_pen", lambda: put(made, INES, "should"))
    put(made, CHAIR, "should")
    refuses(made, Forbidden, "chairs_pen", lambda: lift(made, INES, 7))
    refuses(made, Forbidden, "observers_comment", lambda: put(made, WANDA, "report"))
    refuses(made, Forbidden, "not_this_stage", lambda: say(made, WANDA, 7))
    made.ask(CHAIR, do.PutBracket(made.op(), "c0", made[("c0")].number, 25, 28))
    lift(made, CHAIR, 7)
    say(made, CHAIR, made["c0"].wide.index("["))


def test_a_locked_clause_takes_no_bracket_and_gives_none() -> None:
    made = Table(PLAIN)
    put(made, INES, "should")
    made.ask(CHAIR, do.Lock(made.op(), "c0", "agreed_ad_ref"))
    refuses(made, Conflict, "clause_locked", lambda: put(made, INES, "report"))
    refuses(made, Conflict, "clause_locked", lambda: lift(made, INES, 7))
    say(made, INES, 7, reason=BracketReason.TACTICAL)  # whose it is can still be said
    assert told(made) == [("nvl", "tactical", 7, 15)]


# ── whose ──


def test_a_party_replaces_its_note_and_only_those_who_lead_replace_anothers() -> None:
    made = Table("a [b] c")
    say(made, INES, 2)
    say(made, JONAS, 2, reason=BracketReason.TACTICAL)
    assert told(made) == [("nvl", "tactical", 2, 5)]
    refuses(made, Forbidden, "not_yours", lambda: say(made, PILAR, 2))
    say(made, CHAIR, 2, reason=BracketReason.PLACEHOLDER)
    assert told(made) == [("chr", "placeholder", 2, 5)]
    assert len(made.room.state.floor.brackets) == 1
    made.insist()


def test_a_private_note_is_a_partys_own_and_stands_beside_the_public_one() -> None:
    made = Table("a [b] c")
    say(made, INES, 2, private=True, words="Give it up for OP 4.")
    say(made, PILAR, 2)  # not told that there is another
    assert told(made) == [("ctm", "contentious", 2, 5), ("nvl", "contentious", 2, 5)]
    there = [one.note for one in notes(made.room.state, made["c0"])]
    assert [[reads(who, note) for note in there] for who in (CHAIR, INES, JONAS, PILAR)] == [
        [True, False], [True, True], [True, True], [True, False],
    ]  # fmt: skip


def test_a_note_that_becomes_private_is_taken_from_those_who_read_it() -> None:
    made = Table("a [b] c")
    say(made, INES, 2, words="for all")
    acts = say(made, INES, 2, words="for us", private=True).acts
    assert [(act.body["private"], act.body["from"]) for act in acts] == [(True, 2), (False, None)]
    assert len({act.body["note"] for act in acts}) == 2
    (left,) = notes(made.room.state, made["c0"])
    assert (left.note.words, left.note.private) == ("for us", True)


def test_lifting_tells_nothing_of_another_partys_private_note() -> None:
    made = Table("a [b] c")
    say(made, INES, 2, private=True)
    acts = lift(made, PILAR, 2).acts
    assert [act.kind.value for act in acts] == ["edit"]
    assert told(made) == []


@pytest.mark.parametrize(
    ("key", "at", "more"),
    [
        ("no_opening", 4, {}),
        ("no_bracket", 0, {}),
        ("no_link", 2, {"reason": BracketReason.LINKED}),
        ("no_link", 2, {"reason": BracketReason.LINKED, "link": "c9"}),
        ("too_long", 2, {"words": "x" * (MAX_WORDS + 1)}),
    ],
)
def test_what_cannot_be_said(key: str, at: int, more: dict[str, object]) -> None:
    made = Table("a [b] c")
    refuses(made, TooLarge if key == "too_long" else Invalid, key, lambda: say(made, INES, at, **more))  # type: ignore[arg-type]


def test_a_link_goes_with_its_reason_only() -> None:
    made = Table("a [b] c", "d")
    say(made, INES, 2, reason=BracketReason.LINKED, link="c1")
    assert notes(made.room.state, made["c0"])[0].note.link == "c1"
    say(made, INES, 2, reason=BracketReason.TACTICAL, link="c1")
    assert notes(made.room.state, made["c0"])[0].note.link is None


# ── lifting ──


def test_a_bracket_is_lifted_from_either_glyph_with_its_note() -> None:
    for at in (2, 6):
        made = Table("a [b c] d")
        say(made, INES, 2)
        edit, note = lift(made, PILAR, at).acts
        assert (made.texts, told(made)) == (["a b c d"], [])
        assert (edit.person_id, note.body["from"]) == ("pilar", None)
        made.insist()


def test_a_bracket_goes_with_its_words() -> None:
    made = Table("the [very [old]] text")
    say(made, INES, 10)
    say(made, INES, 4)
    lift(made, PILAR, 4, with_text=True)
    assert (made.texts, made.room.state.floor.brackets) == (["the text"], {})


def test_a_bracket_over_the_border_is_lifted_on_both_sides() -> None:
    for clause, at in (("c0", 2), ("c2", 2)):
        made = Table("a [b", "c [d]", "e ] f")
        say(made, INES, 2)
        acts = lift(made, PILAR, at, clause).acts
        assert [(act.kind.value, act.clause_id) for act in acts] == [
            ("edit", "c0"), ("edit", "c2"), ("bracket", "c0"),
        ]  # fmt: skip
        assert [act.counter for act in acts] == [None, 1, 2]
        assert made.texts == ["a b", "c [d]", "e  f"]
        made.insist()


def test_a_bracket_over_the_border_needs_both_clauses_and_keeps_its_words() -> None:
    made = Table("a [b", "c ] d")
    refuses(made, Conflict, "bracket_spans", lambda: lift(made, INES, 2, with_text=True))
    made.ask(CHAIR, do.Lock(made.op(), "c1", "agreed_ad_ref"))
    refuses(made, Conflict, "clause_locked", lambda: lift(made, INES, 2))


def test_a_bracket_without_a_partner_is_lifted_alone() -> None:
    made = Table("a ] b", "c [ d")
    lift(made, INES, 2)
    lift(made, INES, 2, "c1")
    assert made.texts == ["a  b", "c  d"]


def test_a_bracket_that_is_gone_is_not_lifted_again() -> None:
    made = Table("[a] [b]")
    lift(made, INES, 0)
    refuses(made, Conflict, "bracket_gone", lambda: made.ask(PILAR, do.LiftBracket("op", "c0", 0, 0)))
    refuses(made, Conflict, "bracket_gone", lambda: made.ask(PILAR, do.LiftBracket("op", "c0", 0, 2)))
    assert made.texts == ["a [b]"]


# ── what a note survives ──


def test_a_note_goes_with_its_bracket_through_split_and_join() -> None:
    made = Table("one", "a [b] c [d e] f")
    say(made, INES, 2, "c1")
    say(made, PILAR, 8, "c1", reason=BracketReason.TACTICAL)
    tail = made.split("c1", 6)
    assert (told(made, "c1"), told(made, tail)) == (
        [("nvl", "contentious", 2, 5)],
        [("ctm", "tactical", 2, 7)],
    )
    inner = made.split(tail, 4)
    assert told(made, tail) == [("ctm", "tactical", 2, 3)]  # it closes in the next clause now
    made.join(inner)
    made.join(tail)
    made.join("c1")
    assert told(made) == [("nvl", "contentious", 6, 9), ("ctm", "tactical", 12, 17)]
    made.insist()


def test_a_note_is_not_shown_when_its_glyph_was_deleted_and_never_goes_to_another() -> None:
    made = Table("[[a]]")
    say(made, INES, 0)
    made.type(PILAR, "c0", 0, end=1)
    made.type(PILAR, "c0", 3, end=4)
    assert (made.texts, told(made)) == (["[a]"], [])
    say(made, PILAR, 0)
    assert told(made) == [("ctm", "contentious", 0, 3)]


TEXT = st.text("[] abé🕊", max_size=16)


@settings(max_examples=150)
@given(TEXT, st.integers(0, 20), st.integers(0, 20))
def test_putting_and_lifting_gives_the_text_back(text: str, one: int, other: int) -> None:
    made = Table(text)
    start, end = sorted((one, other))
    try:
        outcome = made.ask(INES, do.PutBracket("put", "c0", 0, start, end))
    except Refusal:
        assert made.texts == [text]
        return
    if start == end:
        assert made.texts == [text]
        return
    at = outcome.acts[1].body["from"]
    before, after = parse(text), parse(made.texts[0])
    assert (len(after.pairs), len(after.unbalanced)) == (len(before.pairs) + 1, len(before.unbalanced))
    assert told(made) == [("nvl", "contentious", at, outcome.acts[1].body["to"])]
    made.ask(PILAR, do.LiftBracket("lift", "c0", 1, at))
    assert (made.texts, made.room.state.floor.brackets) == ([text], {})
    made.insist()


@settings(max_examples=150)
@given(st.data())
def test_notes_follow_their_brackets_through_random_edits(data: st.DataObject) -> None:
    """Each bracket is marked by a letter behind it that nothing else has, so that it can be found again."""
    made = Table("[Axx] y [B] zz [C [D]] w", "tail")
    where = {letter: made.texts[0].index(f"[{letter}") for letter in "ABCD"}
    for letter, actor in zip("ABCD", (INES, PILAR, CHAIR, INES), strict=True):
        say(made, actor, where[letter], words=letter)
    for _ in range(data.draw(st.integers(1, 8))):
        clause = data.draw(st.sampled_from([c.id for c in made.room.state.standing()]))
        wide = made[clause].wide
        # Never between a bracket and its letter, nor inside a character.
        places = [n for n in range(len(wide) + 1) if (wide[n - 1 : n] != "[" or n == 0) and not is_low(wide[n : n + 1])]
        at = data.draw(st.sampled_from(places))
        match data.draw(st.sampled_from(["type", "split", "join", "erase"])):
            case "type":
                # Nor a new bracket right before a letter.
                made.type(INES, clause, at, data.draw(st.text("xy ][🕊", min_size=1, max_size=3)) + "-")
            case "split" if 0 < at < len(wide):
                made.split(clause, at)
            case "join" if made.room.state.standing()[0].id != clause:
                made.join(clause)
            case "erase" if at < len(wide) and wide[at] not in "ABCD" and not is_high(wide[at]):
                made.type(PILAR, clause, at, end=at + 1)
    state = made.room.state
    found = {
        one.note.words: made[clause.id].wide[one.start : one.start + 2]
        for clause in state.standing()
        for one in notes(state, clause)
    }
    standing = {letter for letter in "ABCD" if any(f"[{letter}" in text for text in made.texts)}
    assert found == {letter: f"[{letter}" for letter in standing}
    made.insist()
