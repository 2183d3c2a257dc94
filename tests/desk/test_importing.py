"""Import of comments: what is guessed, what is refused by its row's number, and that it is all there or not at all."""

from dataclasses import replace
from typing import Final

import pytest

from drafts import commenting, importing
from drafts.consultation import Disposition, RemarkKind, Sight, Spot, View, Wanted
from drafts.desk import contributions
from drafts.desk import importing as desk
from drafts.desk.verify import verify
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from drafts.exchange import sheet
from drafts.importing import Choices, Role
from drafts.model import Group
from drafts.store import Store
from tests.hearing import DURING, Hearing, hearing

ALL: Final = Wanted()
LEAD: Final = Sight("", "", leads=True, revealed=True, answers=True)


@pytest.fixture
async def of(store: Store) -> Hearing:
    return await hearing(store)


def table(*rows: str) -> sheet.Sheet:
    return sheet.read("\n".join(rows).encode())


# ── reading ──


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_letters_and_separators_are_guessed(encoding: str, separator: str) -> None:
    rows = ["id,comment,who", '1,"Déjà vu, encore",Énergie', "2,Soit,Ñandú", '3,"deux\nlignes",Ö']
    text = "\n".join(row.replace('"Déjà vu, encore"', '"Déjà; vu, encore"') for row in rows)
    parts = text.split('"')
    text = '"'.join(part if at % 2 else part.replace(",", separator) for at, part in enumerate(parts))
    found = sheet.read(text.encode(encoding))
    assert found.columns == ("id", "comment", "who")
    assert found.rows[0] == ("1", "Déjà; vu, encore", "Énergie")
    assert found.rows[2][1] == "deux\nlignes"
    assert found.notes == ()


def test_chinese_letters_are_guessed() -> None:
    text = "编号,意见\n1,应当在一天之内相互通报已经看到的情况\n2,建议增加研究机构的作用\n"
    for encoding in ("utf-8", "gb18030", "utf-16"):
        found = sheet.read(text.encode(encoding))
        assert (found.encoding, found.rows[0][1]) == (encoding, "应当在一天之内相互通报已经看到的情况")


def test_broken_bytes_are_told_and_not_fatal() -> None:
    good = "id,comment\n1,Déjà vu encore et toujours à l’été\n" * 60
    found = sheet.read(good.encode() + b"2,broken \xff here\n")
    assert found.encoding == "utf-8"
    assert found.rows[-1][1] == "broken \ufffd here"
    assert dict(found.notes) == {sheet.NOTE_BROKEN: 1}


def test_rows_of_another_length_are_told() -> None:
    found = table("id,comment", "1", "2,b,c", "", "3,d")
    assert found.rows == (("1", ""), ("2", "b"), ("3", "d"))
    assert dict(found.notes) == {sheet.NOTE_SHORT: 2}


@pytest.mark.parametrize("data", [b"", b"  \n", b"id,comment\n", b"PK\x03\x04xxxx", b"%PDF-1.7"])
def test_what_is_no_table_is_refused(data: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        sheet.read(data)
    assert refused.value.key.startswith("import_")


# ── guessing ──


def test_columns_and_words_are_guessed() -> None:
    found = table(
        "Submission ID,Organisation,Stakeholder group,Paragraph,Comments?,Comment,Proposed text,Stance,Response,Reason",
        "1,Lake Watch,NGO,OP1,,a,,Agree,Accepted in part,r",
        "2,Nets,Private sector,OP1,,b,,Against,Not accepted,r",
        "3,Uni,University,OP1,,c,,Support with amendments,noted,",
    )
    guessed = importing.guess(found, "a-name-that-is-longer-than-can-be")
    assert guessed.roles == (
        Role.ROW, Role.WHO, Role.GROUP, Role.CLAUSE, Role.LEAVE, Role.BODY, Role.PROPOSED, Role.VIEW, Role.DISPOSITION,
        Role.RATIONALE,
    )  # fmt: skip
    assert guessed.groups == {
        "ngo": Group.CIVIL_SOCIETY, "private sector": Group.INDUSTRY, "university": Group.ACADEMIA,
    }  # fmt: skip
    assert guessed.views == {
        "agree": View.SUPPORT, "against": View.OPPOSE, "support with amendments": View.WITH_CHANGES,
    }  # fmt: skip
    assert guessed.dispositions["accepted in part"] is Disposition.ACCEPTED_IN_PART
    assert guessed.dispositions["not accepted"] is Disposition.NOT_ACCEPTED
    assert len(guessed.source) == importing.MAX_SOURCE


def test_dates_are_read_only_where_they_cannot_be_misread() -> None:
    for text in ("2031-03-04", "2031-03-04T00:00:00Z", "4 Mar 2031", "04.03.2031", "1930348800", "1930348800000"):
        found = importing.moment(text)
        assert found is not None
        assert f"{found:%Y-%m-%d}" == "2031-03-04"
    for text in ("03/04/2031", "yesterday", "99999999999999", ""):
        assert importing.moment(text) is None


# ── importing ──


def choices(*roles: Role, **more: object) -> Choices:
    plain = Choices(roles, group=Group.CIVIL_SOCIETY, source="t")
    return replace(plain, **more)  # type: ignore[arg-type]


async def test_rows_become_comments(store: Store, of: Hearing) -> None:
    clause = of.clauses[2]
    found = table(
        "id,who,group,clause,text,new,view,lang,date,answer,why",
        "7,Lake Watch,NGO,op 1,First words.,,support,,2031-03-05,accepted,",
        f"8,Nets,Firms,{clause.id},,within a day,oppose,fr,,,",
        "9,Nets,Firms,,On all of it.,,,,2031-03-20,not accepted,Too late.",
    )
    roles = (Role.ROW, Role.WHO, Role.GROUP, Role.CLAUSE, Role.BODY, Role.PROPOSED, Role.VIEW, Role.LANGUAGE, Role.DATE,
             Role.DISPOSITION, Role.RATIONALE)  # fmt: skip
    asked = importing.meant(found, choices(*roles, groups={"firms": Group.INDUSTRY}))
    done = await desk.bring_in(store, of.cast.chair, of.round.id, DURING, found, asked)
    assert (done.remarks, done.answers, done.first, done.last) == (3, 2, 1, 3)
    async with store.read() as q:
        first, second, third = await q.remarks.stream(of.round.id, LEAD, ALL)
        rows = await q.register.rows(of.round.id)
        salt = await q.remarks.salt(first.id)
    assert (first.who, first.group, first.clause_id, first.spot) == (
        "Lake Watch", Group.CIVIL_SOCIETY, clause.id, Spot.CLAUSE,
    )  # fmt: skip
    assert (first.owner_id, first.party, first.view, first.source_row) == (None, None, View.SUPPORT, "t:7")
    assert first.answer is not None
    assert (first.answer.disposition, first.shown) == (Disposition.ACCEPTED, None)
    assert (second.kind, second.proposed, second.language) == (RemarkKind.DRAFTING, "within a day", "fr")
    assert (third.spot, third.clause_id, third.late, first.late) == (Spot.WHOLE, None, True, False)
    imported = [row.entry for row in rows if row.entry.kind == "imported"]
    assert [entry.of_id for entry in imported] == [first.id, second.id, third.id]
    assert imported[0].digest == commenting.fingerprint(salt, first)


async def test_what_was_imported_is_known(store: Store, of: Hearing) -> None:
    one, more = table("id,text", "1,a", "2,b"), table("id,text", "2,b", "3,c")
    asked = choices(Role.ROW, Role.BODY, who="Public")
    await desk.bring_in(store, of.cast.chair, of.round.id, DURING, one, asked)
    with pytest.raises(Conflict):
        await desk.bring_in(store, of.cast.chair, of.round.id, DURING, one, asked)
    done = await desk.bring_in(store, of.cast.chair, of.round.id, DURING, more, asked)
    assert (done.remarks, done.known, done.first) == (1, 1, 3)
    bare = table("text", "same", "same", "other")
    without = choices(Role.BODY, who="Public")
    assert (await desk.bring_in(store, of.cast.chair, of.round.id, DURING, bare, without)).remarks == 3
    again = await desk.look(store, of.cast.chair, of.round.id, DURING, bare, without)
    assert (again.lines, again.known) == ((), 3)


async def test_faults_name_their_row_and_nothing_is_half_done(store: Store, of: Hearing) -> None:
    found = table(
        "id,who,clause,text,date,lang,new",
        "1,A,OP1,fine,,,",
        "2,A,OP99,words,,,",
        "3,,OP1,words,,,",
        "4,A,OP1,,,,",
        "1,A,OP1,words,,,",
        "6,A,OP1,words,03/04/2031,,",
        "7,A,OP1,words,,english please,",
        "8,A,,words,,,new words",
    )
    asked = choices(Role.ROW, Role.WHO, Role.CLAUSE, Role.BODY, Role.DATE, Role.LANGUAGE, Role.PROPOSED)
    plan = await desk.look(store, of.cast.chair, of.round.id, DURING, found, asked)
    assert [(fault.row, fault.message) for fault in plan.faults] == [
        (3, importing.NOTE_NO_CLAUSE),
        (4, importing.NOTE_NO_WHO),
        (5, importing.NOTE_NO_WORDS),
        (6, importing.NOTE_TWICE),
        (7, importing.NOTE_BAD_DATE),
        (8, importing.NOTE_BAD_LANGUAGE),
        (9, importing.NOTE_NO_PLACE),
    ]
    with pytest.raises(Invalid) as refused:
        await desk.bring_in(store, of.cast.chair, of.round.id, DURING, found, asked)
    assert refused.value.key == "import_faults"
    async with store.read() as q:
        assert await q.remarks.stream(of.round.id, LEAD, ALL) == []
    done = await desk.bring_in(store, of.cast.chair, of.round.id, DURING, found, replace(asked, skip=True))
    assert (done.remarks, done.left) == (1, 7)


async def test_an_organisation_with_a_seat_is_that_party_where_it_is_said(store: Store, of: Hearing) -> None:
    party = of.parties[Group.ACADEMIA]
    found = table("id,who,text", f"1,{party.name.upper()},a")
    asked = choices(Role.ROW, Role.WHO, Role.BODY)
    await desk.bring_in(store, of.cast.chair, of.round.id, DURING, found, asked)
    await desk.bring_in(store, of.cast.chair, of.round.id, DURING, found, replace(asked, source="u", parties=True))
    async with store.read() as q:
        outside, inside = await q.remarks.stream(of.round.id, LEAD, ALL)
    assert (outside.party, outside.owner_id, outside.group) == (None, None, Group.CIVIL_SOCIETY)
    assert (inside.party, inside.owner_id, inside.who, inside.group) == (party, party.id, party.name, Group.ACADEMIA)


async def test_a_name_that_could_be_two_parties_is_neither(store: Store, of: Hearing) -> None:
    party = of.parties[Group.ACADEMIA]
    async with store.write() as q:
        await q.forums.add_party(replace(of.parties[Group.INDUSTRY], id="two", name=party.code, code="XYZ"))
    asked = choices(Role.ROW, Role.WHO, Role.BODY, parties=True)
    await desk.bring_in(store, of.cast.chair, of.round.id, DURING, table("id,who,text", f"1,{party.code},a"), asked)
    async with store.read() as q:
        (remark,) = await q.remarks.stream(of.round.id, LEAD, ALL)
    assert (remark.party, remark.owner_id, remark.who) == (None, None, party.code)


async def test_a_partys_file_hides_no_row(store: Store, of: Hearing) -> None:
    person = of.people[Group.ACADEMIA]
    await contributions.send(store, person, of.round.id, DURING, "a:1.txt", b"Our words.")
    asked = choices(Role.ROW, Role.BODY, who="Public", source="a")
    done = await desk.bring_in(store, of.cast.chair, of.round.id, DURING, table("id,text", "1,b"), asked)
    assert (done.remarks, done.known) == (1, 0)


async def test_words_that_were_brought_in_are_proved_too(store: Store, of: Hearing) -> None:
    lead, asked = of.cast.chair, choices(Role.ROW, Role.BODY, who="Public")
    await desk.bring_in(store, lead, of.round.id, DURING, table("id,text", "1,a", "2,b"), asked)
    told, _ = await contributions.send(store, lead, of.round.id, DURING, "p.txt", b"Said.", "Lake", Group.INDUSTRY)
    await contributions.split(store, lead, of.round.id, told.id, DURING, [contributions.Cut(0, 0, None)])
    assert await verify(store) == []
    async with store.write() as q:
        made = await q.remarks.stream(of.round.id, LEAD, ALL)
        await q.remarks.set([made[0].id], body="other words")
    assert [fault.what for fault in await verify(store)] == ["does not say what was sent: its words were changed"]
    async with store.write() as q:
        await q.remarks.set([made[0].id], body="a")
        await q.remarks.set([made[2].id], body="other words")
    assert [fault.what for fault in await verify(store)] == ["does not say what was sent: its words were changed"]


async def test_only_those_who_lead(store: Store, of: Hearing) -> None:
    found, asked = table("text", "a"), choices(Role.BODY, who="Public")
    for person in (of.people[Group.ACADEMIA], of.cast.norvale):
        with pytest.raises(Forbidden):
            await desk.bring_in(store, person, of.round.id, DURING, found, asked)
    with pytest.raises((NotFound, Forbidden)):
        await desk.look(store, None, of.round.id, DURING, found, asked)
    with pytest.raises(Invalid):
        await desk.bring_in(store, of.cast.chair, of.round.id, DURING, found, choices(Role.WHO))
