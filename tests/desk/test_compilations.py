"""Compilation texts out of the database, into files and back."""

from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drafts import exchange
from drafts.compilation import compiled
from drafts.desk import compilations
from drafts.desk.cast import Cast
from drafts.desk.compilations import Told
from drafts.exchange import Format, word
from drafts.exchange import compiled as coming
from drafts.heard import heard
from drafts.model import Forum, Level, Stance, now
from server import exports
from server.exports import Wanted
from tests.engine.floor import lay
from tests.engine.table import CHAIR, INES, PILAR, Table
from tests.engine.test_compilation import ADD, DELETE, DUTY, MODIFY, MOVE, NAMES, NO_CHANGE, PEOPLE, edited, says

FORUM = Forum("lakes", "Lakes", Level.REGIONAL, now())


def told(made: Table) -> Told:
    people = Cast({}, {}, {}, [], FORUM)
    return Told(made.room.state, None, people, compiled(made.room.state, NAMES), NAMES, positions=True)


def file(made: Table, form: Format) -> bytes:
    return exports.written(compilations.document(told(made)), Wanted(form))


def insist(made: Table, form: Format) -> None:
    """What comes back from a file is what went in: the text that stands, and all that is proposed to it."""
    found = told(made).found
    data = file(made, form)
    read = exchange.read_compilation(f"back.{form.value}", data, ())
    entries = [one for one in found.entries if one.clause.text]
    assert coming.marked(read.parsed)
    assert set(read.parsed.parties or ()) == set(found.parties)
    assert [one.notated for one in read.clauses] == [one.notated for one in entries]
    assert [one.stands for one in read.clauses] == [one.base is not None for one in entries]
    assert [one.clause.text for one in read.clauses] == [one.base or "" for one in entries]
    assert [one.clause.id for one in read.clauses if one.stands] == [
        one.clause.id for one in entries if one.base is not None
    ]
    assert [(one.clause.kind, one.clause.depth) for one in read.clauses] == [
        (one.clause.kind, one.clause.depth) for one in entries
    ]
    assert [list(one.proposals) for one in read.clauses] == [
        heard(one.notated, stands=one.base is not None) for one in entries
    ]
    plain = exchange.read(f"back.{form.value}", data)
    assert [clause.text for clause in plain.clauses] == [one.base for one in entries if one.base is not None]
    assert coming.NOTE in plain.notes
    assert len(plain.proposed) == sum(len(one.proposals) for one in read.clauses)


def negotiation() -> Table:
    made = Table(DUTY, "*Recalling* the [lakes][rivers] (i) of \\ all,", "Third.", "ينبغي للدول أن تتبادل الإنذارات")
    lay(made, INES, MODIFY, "c0", DUTY.replace("shall", "should"), sponsors=("zub",))
    lay(made, PILAR, MODIFY, "c0", DUTY.replace("shall", "may"))
    lay(made, INES, MODIFY, "c1", "*Noting* the [lakes][rivers] (i) of \\ all and none,")
    lay(made, PILAR, DELETE, "c2")
    lay(made, INES, MOVE, "c2", after="c3")
    lay(made, CHAIR, NO_CHANGE, "c3")
    lay(made, PILAR, ADD, None, "يجب على الدول", after="c3")
    for person, stance in zip(PEOPLE, Stance, strict=False):
        says(made, person, "p1", stance)
        says(made, person, "p4", stance)
        says(made, person, "c3", stance)
    return made


@pytest.mark.parametrize("form", [Format.MARKDOWN, Format.DOCX])
def test_a_file_reads_back_as_it_was(form: Format) -> None:
    insist(negotiation(), form)


def test_a_label_of_a_new_clause_is_read_past() -> None:
    made = Table("One.", "Two.")
    for _ in range(3):
        lay(made, INES, ADD, None, f"New {len(made.log)}.", after="c0")
    assert "**OP1 quater** [" in file(made, Format.MARKDOWN).decode()
    insist(made, Format.MARKDOWN)
    insist(made, Format.DOCX)


def test_files_for_readers() -> None:
    made = negotiation()
    page = file(made, Format.HTML).decode()
    assert "[should] (Norvale, Zubara" in page.replace('<span class="bracket">', "").replace("</span>", "")
    assert file(made, Format.PDF).startswith(b"%PDF")
    assert file(made, Format.DOCX) == word.write(compilations.document(told(made)))  # the same bytes each time


def test_a_text_without_proposals_is_a_compilation_too() -> None:
    insist(Table("One.", "Two."), Format.MARKDOWN)
    insist(Table("One.", "Two."), Format.DOCX)


def test_one_typed_by_hand_is_read_by_the_names_that_are_known() -> None:
    text = (
        "1. States [shall] (Norvale: delete) (NVX: retain) [should] (Norvale) act.\n\n2. [All] (Elland: delete) act.\n"
    )
    read = exchange.read_compilation("typed.txt", text.encode(), ["Norvale", "NVL"])
    assert not coming.marked(read.parsed)
    assert read.unknown == ("Elland", "NVX")
    assert [one.clause.text for one in read.clauses][1] == "[All] (Elland: delete) act."
    assert exchange.read("typed.txt", text.encode()).parties is None


WORDS = st.sampled_from(
    ["States", "shall", "not", "[should]", "*Recalling*", "the", "networks,", "of", "ينبغي", "للدول", "应", "à", "a;",
     "[may", "act]", "(Norvale)", "(i)"]
)  # fmt: skip
SENTENCE = st.lists(WORDS, min_size=1, max_size=9).map(" ".join)
EDIT = st.tuples(st.integers(0, 9), st.integers(0, 3), st.lists(WORDS, max_size=3))
PROPOSAL = st.tuples(
    st.sampled_from([MODIFY, MODIFY, MODIFY, DELETE, MOVE, NO_CHANGE, ADD]),
    st.sampled_from(PEOPLE),
    st.lists(EDIT, min_size=1, max_size=2),
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(Stance)), max_size=3),
)


def laid(text: str, other: str, proposals: Iterable[tuple[Any, ...]]) -> Table:
    made = Table(text, other)
    for kind, actor, edits, positions in proposals:
        new = edited(text, edits) if kind is MODIFY else other if kind is ADD else ""
        after = "c1" if kind in {ADD, MOVE} else None
        tabled = lay(made, actor, kind, None if kind is ADD else "c0", new, after=after)
        for member, stance in positions:
            says(made, member, tabled.id, stance)
    return made


@settings(max_examples=100, deadline=None)
@given(SENTENCE, SENTENCE, st.lists(PROPOSAL, max_size=3))
def test_markdown_there_and_back(text: str, other: str, proposals: list[tuple[Any, ...]]) -> None:
    insist(laid(text, other, proposals), Format.MARKDOWN)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(SENTENCE, SENTENCE, st.lists(PROPOSAL, max_size=3))
def test_word_there_and_back(text: str, other: str, proposals: list[tuple[Any, ...]]) -> None:
    insist(laid(text, other, proposals), Format.DOCX)
