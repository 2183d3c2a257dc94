"""Written contributions: what is read of files, who gets at them, and comments that know where they were taken from."""

import io
import zipfile
from datetime import datetime

import pytest
from pypdf import PdfWriter

from drafts import splitting
from drafts.consultation import ContributionState, RemarkKind, RemarkState, Spot, View
from drafts.desk import contributions as desk
from drafts.desk import rounds
from drafts.desk.contributions import Cut
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from drafts.exchange import loose, pdf, word
from drafts.exchange.document import Document, Written
from drafts.model import Clause, ClauseKind, Group
from drafts.store import Store
from tests.hearing import AFTER, DURING, Hearing, hearing

PARTS = ("On OP1 (a): say by when.", "A word on the whole.", "Nothing more to add, and thanks.")
TEXT = "\n\n".join(PARTS).encode()


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


def document(*texts: str) -> Document:
    clauses = tuple(Written(Clause(f"c{at}", ClauseKind.CHAPEAU, 0, text)) for at, text in enumerate(texts))
    return Document("", "A contribution", "", "", None, "en", "", 0, 0, "", clauses)


# ── reading ──


def test_word_pdf_and_text_are_read() -> None:
    found = loose.read("said.docx", word.write(document(*PARTS)))
    assert (found.text.split("\n\n"), found.media, found.why) == (list(PARTS), loose.DOCX, "")
    found = loose.read("said.pdf", pdf.write(document(*PARTS), lines=False))
    assert found.media == loose.PDF
    assert all(part in found.text.replace("\n\n", " ") for part in PARTS)
    found = loose.read("said.txt", b"One line\nthat goes on.\n\nAnother\xe9.\n")
    assert (found.text, found.media) == ("One line that goes on.\n\nAnotheré.", loose.TEXT)
    assert loose.read("said.md", b"one\ntwo\n").text == "one\n\ntwo"


def test_what_cannot_be_read_says_why_and_is_no_refusal() -> None:
    empty, locked = io.BytesIO(), io.BytesIO()
    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(empty)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(locked)
    assert loose.read("a.pdf", empty.getvalue()).why == loose.NOTE_PICTURES
    assert loose.read("a.pdf", locked.getvalue()).why == loose.NOTE_LOCKED
    assert loose.read("a.pdf", b"%PDF-1.7\nnothing of the kind").why == loose.NOTE_BROKEN
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"\0" * 3_000_000)
    assert loose.read("a.docx", bomb.getvalue()).why


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.exe", b"MZ"),
        ("a.pdf", b"PK\x03\x04"),
        ("a.docx", b"%PDF-1.7"),
        ("a.txt", b"\x7fELF\0\0"),
        ("a.txt", b""),
        ("a", b"x"),
    ],
)
def test_other_files_are_refused(name: str, data: bytes) -> None:
    with pytest.raises(Invalid):
        loose.read(name, data)


# ── paragraphs ──


def test_paragraphs_stand_where_they_say() -> None:
    text = "first\n\nwith 😀 in it\n\nlast"
    wide = text.encode("utf-16-le")
    found = splitting.paragraphs(text)
    parts = [wide[2 * one.start : 2 * one.end].decode("utf-16-le") for one in found]
    assert parts == ["first", "with 😀 in it", "last"]
    assert splitting.taken(found, [(found[1].start, found[2].end)]) == {1, 2}


def test_a_paragraph_finds_the_clause_that_it_names_or_quotes() -> None:
    clauses = [
        Clause("h", ClauseKind.HEADING, 0, "What states do"),
        Clause("one", ClauseKind.OPERATIVE, 0, "States shall tell each other of floods that have been seen upstream."),
        Clause("two", ClauseKind.OPERATIVE, 0, "States should keep a list of those who can be called at night."),
        Clause("sub", ClauseKind.SUB, 1, "at every hour;"),
    ]
    parts = [
        "OP 2",
        "It goes too far.",
        "We like op2 (a), which is clear enough to be kept as it stands in the text before us now.",
        "Paragraph 1 is fine.",
        "“tell each other of floods that have been seen upstream” is what we asked for.",
        "Something else altogether.",
    ]
    found = splitting.likely(splitting.paragraphs("\n\n".join(parts)), clauses)
    assert {at: one.clause_id for at, one in found.items()} == {0: "two", 1: "two", 2: "sub", 3: "one", 4: "one"}
    assert found[4].likeness >= splitting.LIKE


# ── who ──


async def sent(store: Store, of: Hearing, group: Group = Group.CIVIL_SOCIETY, at: datetime = DURING) -> str:
    made, why = await desk.send(store, of.people[group], of.round.id, at, "said.txt", TEXT)
    assert why == ""
    return made.id


async def test_its_sender_and_those_who_lead_get_at_a_file(store: Store, of: Hearing) -> None:
    made = await sent(store, of)
    for person in (of.people[Group.CIVIL_SOCIETY], of.civil_second, of.cast.chair):
        found, data = await desk.data(store, person, of.round.id, made, DURING)
        assert (data, found.name, found.media) == (TEXT, "said.txt", loose.TEXT)
    for stranger in (of.people[Group.INDUSTRY], of.cast.norvale, None):
        with pytest.raises((NotFound, Forbidden)):
            await desk.data(store, stranger, of.round.id, made, DURING)
        with pytest.raises((NotFound, Forbidden)):
            await desk.opened(store, stranger, of.round.id, made, DURING)
        entered = await rounds.enter(store, stranger, of.round.id, DURING)
        assert await desk.listing(store, entered) == []
    with pytest.raises(Forbidden):
        await desk.split(store, of.people[Group.CIVIL_SOCIETY], of.round.id, made, DURING, [Cut(0, 0, None)])


async def test_files_are_sent_in_time_and_not_without_end(
    store: Store, of: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Forbidden):
        await sent(store, of, at=AFTER)
    monkeypatch.setattr(loose, "MAX_FILE", len(TEXT) - 1)
    with pytest.raises(TooLarge):
        await sent(store, of)


async def test_a_files_name_is_only_a_name(store: Store, of: Hearing) -> None:
    person = of.people[Group.ACADEMIA]
    made, _ = await desk.send(store, person, of.round.id, DURING, "..\\../etc/\u202epass\nwd.txt", TEXT)
    assert made.name == "pass wd.txt"


# ── splitting ──


async def test_paragraphs_become_comments_that_know_their_place(store: Store, of: Hearing) -> None:
    made, clause, lead = await sent(store, of), of.clauses[2], of.cast.chair
    cuts = [Cut(0, 0, clause.id, View.WITH_CHANGES, "New words."), Cut(1, 2, None, View.SUPPORT)]
    first, second = await desk.split(store, lead, of.round.id, made, DURING, cuts)
    party = of.parties[Group.CIVIL_SOCIETY]
    assert (first.spot, first.clause_id, first.kind, first.view) == (
        Spot.CLAUSE, clause.id, RemarkKind.DRAFTING, View.WITH_CHANGES,
    )  # fmt: skip
    assert (first.owner_id, first.party, first.who, first.group) == (party.id, party, party.name, party.group)
    assert (first.state, first.number, first.sent_at, first.late) == (RemarkState.OPEN, 1, DURING, False)
    assert (second.spot, second.body) == (Spot.WHOLE, "\n\n".join(PARTS[1:]))
    opened = await desk.opened(store, lead, of.round.id, made, DURING)
    assert opened.taken == {0, 1, 2}
    assert opened.contribution.text[second.source_start : second.source_end] == second.body
    with pytest.raises(Conflict):
        await desk.split(store, lead, of.round.id, made, DURING, [Cut(2, 2, None)])
    async with store.read() as q:
        kinds = [row.entry.kind for row in await q.register.rows(of.round.id)]
    assert kinds == ["contributed", "split", "split"]


async def test_nothing_is_made_when_one_cut_is_wrong(store: Store, of: Hearing) -> None:
    made, lead = await sent(store, of), of.cast.chair
    words = Cut(1, 1, None, View.SUPPORT, "words for what")
    for wrong in (Cut(1, 9, None), Cut(1, 1, "nowhere"), Cut(0, 0, None), words):
        with pytest.raises((NotFound, Invalid, Conflict)):
            await desk.split(store, lead, of.round.id, made, DURING, [Cut(0, 0, None), wrong])
    with pytest.raises(Invalid):
        await desk.split(store, lead, of.round.id, made, DURING, [])
    assert (await desk.opened(store, lead, of.round.id, made, DURING)).made == ()


async def test_a_mistake_leaves_a_trace_and_frees_its_paragraph(store: Store, of: Hearing) -> None:
    made, lead = await sent(store, of), of.cast.chair
    (wrong,) = await desk.split(store, lead, of.round.id, made, DURING, [Cut(0, 0, None)])
    await desk.take_back(store, lead, of.round.id, made, wrong.number, DURING)
    opened = await desk.opened(store, lead, of.round.id, made, DURING)
    assert (opened.taken, opened.made[0].state) == (frozenset(), RemarkState.WITHDRAWN)
    (right,) = await desk.split(store, lead, of.round.id, made, DURING, [Cut(0, 0, of.clauses[2].id)])
    assert right.number == 2


async def test_what_was_taken_back_is_not_counted(store: Store, of: Hearing) -> None:
    made, lead = await sent(store, of), of.cast.chair
    (wrong,) = await desk.split(store, lead, of.round.id, made, DURING, [Cut(0, 0, None)])
    await desk.take_back(store, lead, of.round.id, made, wrong.number, DURING)
    with pytest.raises(Conflict):
        await desk.finish(store, lead, of.round.id, made, DURING)
    aside = await desk.set_aside(store, lead, of.round.id, made, DURING, "Sent by mistake.")
    assert aside.id == made


async def test_no_paragraph_of_a_long_file_is_taken_twice(store: Store, of: Hearing) -> None:
    text, lead = "\n\n".join(f"Part {at} says a thing." for at in range(405)).encode(), of.cast.chair
    told, _ = await desk.send(store, lead, of.round.id, DURING, "long.txt", text, "Lake Watch", Group.INDUSTRY)
    await desk.split(store, lead, of.round.id, told.id, DURING, [Cut(at, at, None) for at in range(405)])
    opened = await desk.opened(store, lead, of.round.id, told.id, DURING)
    assert (len(opened.made), opened.taken) == (405, frozenset(range(405)))
    with pytest.raises(Conflict):
        await desk.split(store, lead, of.round.id, told.id, DURING, [Cut(404, 404, None)])


async def test_the_sender_is_told(store: Store, of: Hearing) -> None:
    made, lead = await sent(store, of), of.cast.chair
    with pytest.raises(Conflict):
        await desk.finish(store, lead, of.round.id, made, DURING)
    await desk.split(store, lead, of.round.id, made, DURING, [Cut(0, 0, None), Cut(1, 1, None)])
    await desk.finish(store, lead, of.round.id, made, DURING)
    other = await sent(store, of, Group.ACADEMIA)
    await desk.set_aside(store, lead, of.round.id, other, DURING, "Sent twice.")
    with pytest.raises(Conflict):
        await desk.set_aside(store, lead, of.round.id, made, DURING, "No.")
    entered = await rounds.enter(store, lead, of.round.id, DURING)
    listed = {one.contribution.id: one for one in await desk.listing(store, entered)}
    assert (listed[made].contribution.state, listed[made].made) == (ContributionState.SPLIT, 2)
    aside = listed[other].contribution
    assert (aside.state, aside.reason) == (ContributionState.ASIDE, "Sent twice.")
    async with store.read() as q:
        civil = await q.notices.of(of.people[Group.CIVIL_SOCIETY], 10)
        academia = await q.notices.of(of.people[Group.ACADEMIA], 10)
        chair = await q.notices.of(lead, 10)
    assert [(one.kind, dict(one.facts)) for one in civil] == [("contribution_split", {"count": 2})]
    assert [(one.kind, dict(one.facts)) for one in academia] == [("contribution_split", {"count": 0})]
    assert [one.kind for one in chair] == ["contribution_in", "contribution_in"]


async def test_those_who_lead_bring_one_for_somebody_without_a_seat(store: Store, of: Hearing) -> None:
    lead = of.cast.chair
    made, _ = await desk.send(store, lead, of.round.id, AFTER, "post.txt", TEXT, "Lake Watch", Group.INDUSTRY)
    (remark,) = await desk.split(store, lead, of.round.id, made.id, AFTER, [Cut(0, 0, None)])
    assert (remark.who, remark.group, remark.party, remark.owner_id, remark.late) == (
        "Lake Watch", Group.INDUSTRY, None, None, True,
    )  # fmt: skip
    person = of.people[Group.ACADEMIA]
    with pytest.raises(Forbidden):
        await desk.send(store, person, of.round.id, DURING, "post.txt", TEXT, "Lake Watch", Group.INDUSTRY)
