"""A draft through LibreOffice and back: clause ids, kinds, texts, authors, dates and comments are what they were.

All that is lost there: LibreOffice 7.4 keeps replies as comments of their own on the same words. Of tracked changes
nothing is.
"""

import random
from dataclasses import replace

import pytest

from drafts.exchange.document import Document
from drafts.exchange.docx import read
from drafts.exchange.parsed import Parsed, ParsedClause, Remark
from drafts.exchange.word import write
from tests.engine.test_moments import history
from tests.engine.test_tracked import file, tracked
from tests.office import words
from tests.office.soffice import Office

pytestmark = pytest.mark.office
SEEDS = range(24)


def random_document(seed: int) -> Document:
    rng = random.Random(seed)
    table = history(rng, 60)
    new = len(table.log)
    _, _, made = tracked(table, rng.randint(1, new), new)
    return file(table, made, new)


def kept(parsed: Parsed) -> Parsed:
    """What has to come back: all of it, the running ids of the comments and the replies' tie apart."""
    return replace(parsed, remarks=tuple(sorted((told(one) for one in parsed.remarks), key=repr)))


def told(remark: Remark) -> Remark:
    return replace(remark, id="", answers="")


def test_drafts_with_any_history_come_back_whole(office: Office) -> None:
    documents = [words.whole(), *(random_document(seed) for seed in SEEDS)]
    files = [write(document) for document in documents]
    signed = 0
    for document, data, saved in zip(documents, files, office.saved_again(files), strict=True):
        mine, theirs = read(data), read(saved)
        assert kept(theirs) == kept(mine)
        assert theirs.base is not None
        assert (theirs.base.draft, theirs.base.seq) == (document.draft, document.seq)
        signed += sum(len(clause.pieces) for clause in theirs.clauses)
    assert signed > 100


def test_every_word_has_who_wrote_it_and_when(office: Office) -> None:
    """The document made by hand against what it was made of, not against what the reader says of it before."""
    document = words.whole()
    [saved] = office.saved_again([write(document)])
    found = read(saved)
    standing = [one.clause for one in document.clauses if one.dele is None and one.mark_dele is None]
    by_id = {clause.id: clause for clause in found.clauses}
    for clause in standing:
        if clause.id == "joi2":  # goes by the name of the first of the two
            assert by_id["joi1"].text == "Asks for calm and for water."
            continue
        back = by_id[clause.id]
        assert (back.kind, back.depth, back.text, back.lang) == (
            clause.kind,
            clause.depth,
            clause.text.strip(),
            clause.lang,
        )
    rejected = {clause.id: clause.text for clause in found.rejected}
    assert rejected["cut1"] == "Decides to meet and to report."
    assert rejected["mov1"] == "Thanks the hosts;"
    assert rejected["gon1"] == "Regretting delay,"
    assert rejected["nes1"] == "*Invites* States not [to meet];"
    assert not {"new1", "end1"} & set(rejected)
    assert spelled(by_id["nes1"]) == [
        ("*Invites* States ", None, None),
        ("now ", words.TARVIA, None),
        ("and then ", words.TARVIA, words.NORVALE),
        ("not ", None, words.NORVALE),
        ("[to meet];", None, None),
    ]
    assert ("Thanks the hosts", words.CHAIR, None) in spelled(by_id["mov1"])
    assert (" warmly", words.NORVALE, None) in spelled(by_id["mov1"])


def test_comments_stand_where_they_stood(office: Office) -> None:
    document = words.whole()
    reply = replace(words.note("n9", document.clauses[5].clause, 0, 0, "Later."), answers="n2", clause="")
    [saved] = office.saved_again([write(replace(document, notes=(*document.notes, reply)))])
    found = read(saved)
    remarks = {remark.body: remark for remark in found.remarks}
    for note in (*document.notes, reply):
        remark = remarks[note.body]
        assert remark.by.author == f"{note.author} ({note.party}, {note.group.value.replace('_', ' ')})"
        assert remark.by.at == note.at
        clause = next((one.clause for one in document.clauses if one.clause.id == note.clause), None)
        on = found.clauses[remark.clause].id if remark.clause >= 0 else ""
        if not note.answers:
            assert on == note.clause
            assert remark.quote == (clause.text[note.start : note.end] if clause else "")
    assert remarks["Later."].quote == remarks["Too <soon> & too far?"].quote


def spelled(clause: ParsedClause) -> list[tuple[str, object, object]]:
    return [(piece.text, piece.ins, piece.dele) for piece in clause.pieces]
