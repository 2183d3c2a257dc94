"""Late edits over cuts: words go to the clause that has their neighbours now, once, or the whole push is refused."""

import pytest

from drafts import commands as do
from drafts.acts import Act
from drafts.change import Change, widen
from drafts.errors import Conflict
from tests.engine.table import CHAIR, INES, PILAR, Table

TEXT = "One two three four five six."


def late(made: Table, *edits: tuple[int, int, str], text: str = TEXT, base: int = 0, counter: int = 0) -> list[Act]:
    """Push replacements, each on the text after the one before, of a text that others have left behind."""
    updates = []
    length = len(widen(text))
    for start, end, words in edits:
        updates.append(Change.replace(length, start, end, widen(words)))
        length = updates[-1].new_length
    acts = made.push(INES, "c0", base, updates, counter=counter).acts
    made.insist()
    return acts


def owner(made: Table, clause: str, words: str) -> str:
    """Who wrote the words."""
    (segment,) = [s for s in made[clause].segments if widen(words) in s.text and s.dele < 0]
    return made.room.state.authors[segment.by][0]


def cut() -> tuple[Table, str]:
    """``TEXT`` and another clause; the first was cut before "four"."""
    made = Table(TEXT, "Other.")
    return made, made.split("c0", TEXT.index("four"))


def test_words_before_the_cut_stay() -> None:
    made, _ = cut()
    (act,) = late(made, (4, 4, "NEW "))
    assert made.texts == ["One NEW two three ", "four five six.", "Other."]
    assert (act.kind.value, act.client, act.counter) == ("edit", "ines", 0)


def test_words_beyond_the_cut_are_carried_to_the_new_clause() -> None:
    made, new = cut()
    at = TEXT.index("five")
    acts = late(made, (at, at, "NEW "))
    assert made.texts == ["One two three ", "four NEW five six.", "Other."]
    assert [(act.kind.value, act.clause_id) for act in acts] == [("edit", "c0"), ("carry", "c0"), ("carry", new)]
    carried = {"path": ["c0"], "client": "ines", "counter": 0}
    assert acts[2].body == {"change": [5, [0, "NEW "], 9], **carried}
    assert owner(made, new, "NEW") == "ines"
    assert all(s.dele < 0 for s in made["c0"].segments)  # the traces in the head are gone without a mark


def test_words_at_the_cut_stay_with_the_head() -> None:
    made, _ = cut()
    at = TEXT.index("four")
    late(made, (at, at, "NEW "))
    assert made.texts == ["One two three NEW ", "four five six.", "Other."]


def test_a_replacement_across_the_cut_is_parted() -> None:
    made, new = cut()
    late(made, (TEXT.index("three"), TEXT.index("five"), "NEW "))
    assert made.texts == ["One two NEW ", "five six.", "Other."]
    assert [made.room.state.authors[s.del_by][0] for s in made[new].segments if s.dele >= 0] == ["ines"]


def test_words_on_both_sides_and_on_each_other() -> None:
    made, _ = cut()
    at, end = TEXT.index("five"), len(TEXT)
    late(made, (end, end, " END"), (at, at, "NEW "), (at + 4, at + 4, "TOO "), (0, 0, "HEAD "))
    assert made.texts == ["HEAD One two three ", "four NEW TOO five six. END", "Other."]


def test_pairs_are_counted_as_units_across_the_cut() -> None:
    text = "🕊 one 🌍 two."
    made = Table(text)
    new = made.split("c0", len(widen("🕊 one ")))
    at = len(widen("🕊 one 🌍 "))
    late(made, (at, at, "👩🏽‍💻 "), text=text)
    assert made.texts == ["🕊 one ", "🌍 👩🏽‍💻 two."]
    assert owner(made, new, "👩") == "ines"


def test_over_two_cuts() -> None:
    made, new = cut()
    last = made.split(new, len("four five "))
    middle = made.split("c0", len("One two "))
    ends = [(TEXT.index(word) + len(word), word) for word in ("six", "five", "three", "two")]
    late(made, *[(end, end, " " + word.upper()) for end, word in ends])
    assert made.texts == ["One two TWO ", "three THREE ", "four five FIVE ", "six SIX.", "Other."]
    assert [owner(made, clause, word) for clause, word in ((last, "SIX"), (middle, "THREE"))] == ["ines", "ines"]


def test_a_cut_and_joined_again() -> None:
    made, new = cut()
    made.type(PILAR, new, 0, "Then ")
    made.join(new)
    at = TEXT.index("five")
    late(made, (at, at, "NEW "), (0, 0, "HEAD "))
    assert made.texts == ["HEAD One two three Then four NEW five six.", "Other."]
    assert owner(made, "c0", "NEW") == "ines"


def test_cut_joined_and_cut_elsewhere() -> None:
    made, new = cut()
    made.join(new)
    made.split("c0", TEXT.index("two"))
    late(made, *[(TEXT.index(word), TEXT.index(word), word.upper() + " ") for word in ("six", "three", "One")])
    assert made.texts == ["ONE One ", "two THREE three four five SIX six.", "Other."]


def test_words_of_a_joined_clause_go_where_it_went() -> None:
    made = Table("First.", TEXT)
    made.type(PILAR, "c0", 0, "Very ")
    made.join("c1")
    made.type(PILAR, "c0", 0, "Once ")
    at = TEXT.index("five")
    outcome = made.push(INES, "c1", 0, [Change.replace(len(TEXT), at, at, "NEW ")])
    assert outcome.carried == "c0"
    assert made.texts == ["Once Very First. One two three four NEW five six."]
    assert [act.kind.value for act in outcome.acts] == ["carry"]
    assert made.push(INES, "c1", 0, [Change.replace(len(TEXT), at, at, "NEW ")]).acts == []
    made.insist()


def test_joined_then_cut() -> None:
    made = Table("First.", TEXT)
    made.join("c1")
    where = made["c0"].text.index("four")
    made.split("c0", where)
    updates = [Change.replace(len(TEXT), 24, 24, "NEW "), Change.replace(len(TEXT) + 4, 4, 4, "TOO ")]
    made.push(INES, "c1", 0, updates)
    assert made.texts == ["First. One TOO two three ", "four five NEW six."]
    seq = made.room.seq
    made.push(INES, "c1", 0, updates)
    assert made.room.seq == seq
    made.push(INES, "c1", 0, [*updates, Change.replace(len(TEXT) + 8, 28, 28, "ALSO ")])
    assert made.texts == ["First. One TOO two three ", "four five ALSO NEW six."]
    made.insist()


@pytest.mark.parametrize("cuts", [["four"], ["five", "two"], ["two", "five"], ["two", "three", "six"]])
@pytest.mark.parametrize("joins", [0, 1, 2])
def test_the_repeat_of_a_carried_push_is_no_news_and_a_longer_one_goes_on(cuts: list[str], joins: int) -> None:
    made = Table(TEXT, "Other.")
    made.type(PILAR, "c0", 0, "")
    for word in cuts:
        clause = next(c for c in made.room.state.standing() if word in c.text)
        made.split(clause.id, clause.text.index(word))
    for _ in range(min(joins, len(cuts))):
        made.join(made.room.state.standing()[1].id)
    words = ["six", "five", "three", "two", "One"]
    edits = [(TEXT.index(word), TEXT.index(word), word.upper() + " ") for word in words]
    expected = TEXT
    for word in words:
        expected = expected.replace(word, f"{word.upper()} {word}")
    for sent in range(1, len(edits) + 1):
        late(made, *edits[:sent], base=0)
        seq = made.room.seq
        for before in range(1, sent + 1):
            assert late(made, *edits[:before], base=0) == []
        assert made.room.seq == seq
    assert "".join(made.texts[:-1]) == expected


def test_no_place_for_words_refuses_the_whole_push() -> None:
    made, new = cut()
    at = TEXT.index("five")
    both = [Change.replace(len(TEXT), at, at, "NEW "), Change.replace(len(TEXT) + 4, 0, 0, "HEAD ")]
    seq = made.room.seq
    made.ask(CHAIR, do.Lock("lock", new, "agreed_ad_ref"))
    with pytest.raises(Conflict, match="agreed ad ref"):
        made.push(INES, "c0", 0, both)
    made.ask(CHAIR, do.Lock("open", new, "open", "Not yet."))
    made.ask(CHAIR, do.Delete("gone", new))
    with pytest.raises(Conflict, match="deleted"):
        made.push(INES, "c0", 0, both)
    assert made.room.seq == seq + 3
    made.push(INES, "c0", 0, [Change.replace(len(TEXT), 0, 0, "HEAD ")])  # nothing in it is beyond the cut
    assert made.texts == ["HEAD One two three ", "Other."]
    made.ask(CHAIR, do.Restore("back", new))
    made.push(INES, "c0", 0, both[:1], counter=0)


def test_deleted_words_beyond_the_cut_are_deleted_there() -> None:
    made, new = cut()
    at = TEXT.index("five")
    late(made, (at, at + 5, ""))
    assert made.texts == ["One two three ", "four six.", "Other."]
    assert [s.text for s in made[new].segments if s.dele >= 0] == ["five "]


def test_a_late_split_finds_its_place() -> None:
    made, new = cut()
    made.type(PILAR, new, 0, "Then ")
    made.ask(INES, do.Split("late", "c0", 0, TEXT.index("six")))
    assert made.texts == ["One two three ", "Then four five ", "six.", "Other."]
    made.insist()


def test_words_typed_at_the_end_stay_before_what_is_joined() -> None:
    made = Table("First.", "Second.", "Third.")
    made.join("c1")
    made.join("c2")
    updates = [Change.replace(6, 6, 6, " MORE"), Change.replace(11, 11, 11, " YET"), Change.replace(15, 0, 0, "AT ")]
    acts = made.push(INES, "c0", 0, updates[:2]).acts
    assert made.texts == ["First. MORE YET Second. Third."]
    assert [act.kind.value for act in acts] == ["edit", "edit", "carry"]
    made.push(INES, "c0", 0, updates)
    assert made.texts == ["AT First. MORE YET Second. Third."]
    assert owner(made, "c0", "MORE YET") == "ines"
    made.insist()


def test_a_sentence_typed_letter_by_letter_and_pushed_again_and_again() -> None:
    made = Table("First.", "Second.")
    made.join("c1")
    words = " More 🕊 words."
    updates, length = [], 6
    for letter in words:
        updates.append(Change.replace(length, length, length, widen(letter)))
        length = updates[-1].new_length
    for sent in range(1, len(updates) + 1):
        made.push(INES, "c0", 0, updates[:sent])
        assert made.texts == [f"First.{words[:sent]} Second."]
    made.insist()


def test_cutting_and_joining_many_times_costs_no_more_than_that() -> None:
    made = Table(TEXT)
    for _ in range(60):
        made.join(made.split("c0", TEXT.index("four")))
    late(made, (TEXT.index("five"), TEXT.index("five"), "NEW "), (0, 0, "HEAD "))
    assert made.texts == ["HEAD One two three four NEW five six."]
