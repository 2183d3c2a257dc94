"""Files that come back: the form, the preview before anything happens, what is applied, and settling."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import httpx
import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts import exchange
from drafts.desk import brought, drafts, threads, versions
from drafts.exchange import MAX_FILE, Format
from drafts.model import Mode, Stage
from drafts.store import Store
from server.hub import operation
from tests.cast import CLAUSES, Cast
from tests.offline import Paragraph, Typed, word_file
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
SAYS = re.compile(r'class="merge-sum" role="status">([^<]*)')


@dataclass(frozen=True, slots=True)
class Back:
    """The file of the tests: made from Rev.1, two authors, while Costamar changed clause 3 in the room."""

    ids: list[str]
    data: bytes
    door: str


@pytest.fixture
async def back(app: Starlette, room: Cast, store: Store) -> Back:
    hub, draft = app.state.hub, room.draft.id
    state, _ = await drafts.state(store, room.chair, draft)
    ids = [clause.id for clause in state.standing()]
    await hub.perform(room.chair, draft, do.Issue(operation(), "Rev.1"))
    seq = (await drafts.state(store, room.chair, draft))[0].draft.seq
    await hub.perform(room.costamar, draft, do.Edit(operation(), ids[3], 0, "those that measure the water each day;"))
    file = word_file(draft, seq, 1, changed(ids))
    return Back(ids, file, f"/drafts/{draft}/merges")


def changed(ids: list[str]) -> list[Paragraph]:
    """Norvale inserts a word in clause 1, Costamar another; Norvale rewrites what Costamar changed in the room."""
    runs = [[Typed(clause.text)] for clause in CLAUSES]
    runs[1] = [
        Typed("*Recalling* that the "), Typed("great ", ins="Norvale"), Typed("lakes are shared"),
        Typed(" by many", ins="Costamar"), Typed(","),
    ]  # fmt: skip
    tides = Typed("the tides", ins="Norvale")
    runs[3] = [Typed("those that measure "), Typed("water levels", dele="Norvale"), tides, Typed(";")]
    remarks = {1: ("Costamar", "By how many?")}
    return [
        Paragraph(ids[at], words, remarks.get(at), was)
        for at, (words, was) in enumerate(zip(runs, CLAUSES, strict=True))
    ]


async def upload(at: Browser, back: Back, name: str = "back.docx", data: bytes = b"", **form: str) -> httpx.Response:
    await at.get(f"{back.door}/new")
    return await at.post(back.door, form, files={"file": (name, data or back.data)})


async def brought_by(at: Browser, back: Back) -> str:
    """Upload the file; the address of its page."""
    done = await upload(at, back)
    assert done.status_code == 303, done.text
    return done.headers["location"]


def said(page: httpx.Response) -> str:
    found = SAYS.search(page.text)
    assert found, page.text
    return found[1].strip()


def conflicts(page: httpx.Response) -> list[str]:
    return re.findall(r'name="conflict" value="([^"]+)"', page.text)


async def live(store: Store, room: Cast) -> list[str]:
    state, _ = await drafts.state(store, room.chair, room.draft.id)
    return [clause.text for clause in state.standing()]


async def test_the_whole_way(back: Back, room: Cast, as_person: Sign, store: Store) -> None:
    chair = await as_person(room.chair)
    before = await live(store, room)
    where = await brought_by(chair, back)
    preview = await chair.get(where)
    assert said(preview) == "1 change applies, 1 conflicts."
    assert "Costamar changed the same or the next words, last on " in preview.text
    assert "Apply 1 change" in preview.text
    assert re.search(r'<select[^>]*name="p0"', preview.text)  # both authors are named like parties
    assert await live(store, room) == before
    mine = {f"p{n}": room.parties["NVL" if n == 0 else "CTM"].id for n in range(2)}
    done = await chair.post(f"{where}/apply", mine | {"audience": "everyone"})
    assert (done.status_code, done.headers["location"]) == (303, where)
    after = await live(store, room)
    assert after[1] == "*Recalling* that the great lakes are shared by many,"
    assert after[3] == before[3]
    report = await chair.get(where)
    assert said(report) == "1 change went in, 1 conflict to settle."
    assert f'href="/drafts/{room.draft.id}#c-{back.ids[1]}"' in report.text
    sheet = (await chair.get(f"/drafts/{room.draft.id}")).text
    assert "1 conflict to settle" in sheet
    words = sheet[sheet.index(f'id="c-{back.ids[1]}"') :]
    assert re.search(r'great </ins><span class="by i-ins" aria-hidden="true">NVL<', words)
    assert re.search(r'by many</ins><span class="by i-ins" aria-hidden="true">CTM<', words)
    talks = await threads.all(store, room.observer, room.draft.id)
    assert "By how many?" in talks[0]["comments"][0]["body"]
    (conflict,) = conflicts(report)
    settled = await chair.post(f"{where}/settle", {"conflict": conflict, "how": "text", "text": "those of the tides;"})
    assert settled.headers["location"] == f"{where}#m-{conflict}"
    assert (await live(store, room))[3] == "those of the tides;"
    end = await chair.get(where)
    assert "Settled with a text of its own. Ada Brannt" in end.text
    assert conflicts(end) == []
    assert "conflict to settle" not in (await chair.get(f"/drafts/{room.draft.id}/versions")).text


@pytest.mark.parametrize(
    ("how", "clause"),
    [("theirs", "those that measure the tides;"), ("live", "those that measure the water each day;"),
     ("comment", "those that measure the water each day;")],
)  # fmt: skip
async def test_ways_to_settle(how: str, clause: str, back: Back, room: Cast, as_person: Sign, store: Store) -> None:
    norvale = await as_person(room.norvale)
    where = await brought_by(norvale, back)
    await norvale.post(f"{where}/apply", {"audience": "none"})
    (conflict,) = conflicts(await norvale.get(where))
    form = {"conflict": conflict, "how": how, "text": "what stood in the box"}
    assert (await norvale.post(f"{where}/settle", form)).status_code == 303
    assert (await live(store, room))[3] == clause
    said_there = [t["comments"][0]["body"] for t in await threads.all(store, room.norvale, room.draft.id)]
    assert said_there == (["Proposed wording: those that measure the tides;"] if how == "comment" else [])
    again = await norvale.post(f"{where}/settle", form)
    assert again.status_code == 409
    assert "This was settled already." in again.text
    assert (await norvale.post(f"{where}/settle", form | {"how": "wish"})).status_code == 422
    assert (await norvale.post(f"{where}/settle", form | {"conflict": "none"})).status_code == 404


async def test_applied_once_however_often_it_is_sent(back: Back, room: Cast, as_person: Sign, store: Store) -> None:
    norvale = await as_person(room.norvale)
    where = await brought_by(norvale, back)
    for _ in range(2):
        assert (await norvale.post(f"{where}/apply", {"audience": "none"})).status_code == 303
    assert (await live(store, room))[1] == "*Recalling* that the great lakes are shared by many,"
    gone = await norvale.post(f"{where}/discard")
    assert gone.status_code == 409


async def test_uploaded_once_however_often_it_is_sent(back: Back, room: Cast, as_person: Sign, store: Store) -> None:
    norvale = await as_person(room.norvale)
    one, other = [await upload(norvale, back, id="0123456789") for _ in range(2)]
    assert one.headers["location"] == other.headers["location"]
    assert len(await brought.waiting(store, room.norvale, room.draft.id)) == 1
    page = await norvale.get(f"/drafts/{room.draft.id}")
    assert "1 file waiting" in page.text
    assert (await norvale.post(f"{one.headers['location']}/discard")).headers["location"] == f"/drafts/{room.draft.id}"
    assert "1 file waiting" not in (await norvale.get(f"/drafts/{room.draft.id}")).text


async def test_who_may_neither_edit_nor_propose_comments(
    back: Back, room: Cast, as_person: Sign, store: Store, app: Starlette
) -> None:
    await app.state.hub.perform(room.chair, room.draft.id, do.SetDraft(operation(), mode=Mode.PEN))
    before = await live(store, room)
    observer = await as_person(room.observer)
    where = await brought_by(observer, back)
    page = await observer.get(where)
    assert "What the file changes goes in as comments on its clauses." in page.text
    assert re.search(r"Propose as \d comments", page.text)
    assert 'name="p0"' not in page.text
    assert (await observer.post(f"{where}/apply")).status_code == 303
    assert await live(store, room) == before
    bodies = [t["comments"][0]["body"] for t in await threads.all(store, room.observer, room.draft.id)]
    assert any("great lakes are shared by many" in body for body in bodies)


async def test_who_may_not_edit_proposes(back: Back, room: Cast, as_person: Sign, store: Store, app: Starlette) -> None:
    hub, draft = app.state.hub, room.draft.id
    await hub.perform(room.chair, draft, do.SetDraft(operation(), mode=Mode.PEN))
    before = await live(store, room)
    norvale, chair = await as_person(room.norvale), await as_person(room.chair)
    form = await norvale.get(f"{back.door}/new")
    assert "What the file changes becomes proposals of Norvale, private until you table them." in form.text
    where = await brought_by(norvale, back)
    page = await norvale.get(where)
    assert said(page) == "2 changes become proposals of Norvale, kept private until you table them."
    assert "Make 2 proposals" in page.text
    assert 'name="p0"' not in page.text
    assert (await norvale.post(f"{where}/apply", {"audience": "none"})).status_code == 303
    page = await norvale.get(where)
    assert said(page) == "2 changes are proposals of Norvale."
    made = re.findall(r'<a class="tag" href="/proposals/(\w+)">', page.text)
    assert len(made) == 2
    for proposal in made:
        assert (await norvale.get(f"/proposals/{proposal}")).status_code == 200
        assert (await chair.get(f"/proposals/{proposal}")).status_code == 404
    assert await live(store, room) == before
    assert await threads.all(store, room.chair, draft) == []
    assert "2 proposals are private to Norvale" in page.text
    done = await norvale.post(f"{where}/table")
    assert (done.status_code, done.headers["location"]) == (303, where)
    page = await norvale.get(where)
    assert re.findall(r'href="/drafts/\w+/proposals/(\w+)"><bdi>(P \d)', page.text) == [
        (made[0], "P 1"), (made[1], "P 2"),
    ]  # fmt: skip
    assert "Table 2 proposals" not in page.text
    listed = (await chair.get(f"/drafts/{draft}/proposals")).text
    assert "stale" in listed  # Costamar changed its words since
    taken = await chair.post(f"/drafts/{draft}/proposals/{made[0]}/accept", {"number": "0", "part": "whole"})
    assert taken.status_code == 303
    assert (await live(store, room))[1] == "*Recalling* that the great lakes are shared by many,"


async def test_proposals_wait_where_the_stage_has_no_tabling_and_what_is_refused_is_said(
    back: Back, room: Cast, as_person: Sign, app: Starlette
) -> None:
    hub, draft = app.state.hub, room.draft.id
    norvale = await as_person(room.norvale)
    await hub.perform(room.chair, draft, do.SetDraft(operation(), stage=Stage.FIRST_READING))
    where = await brought_by(norvale, back)
    assert (await norvale.post(f"{where}/apply", {"audience": "none"})).status_code == 303
    page = await norvale.get(where)
    assert "Proposals are tabled by delegations, in the second reading. They are kept until then." in page.text
    assert (await norvale.post(f"{where}/table")).status_code == 403
    await hub.perform(room.chair, draft, do.SetDraft(operation(), stage=Stage.SECOND_READING))
    await hub.perform(room.chair, draft, do.Lock(operation(), back.ids[3], "agreed_ad_ref"))
    answer = await norvale.post(f"{where}/table")
    assert answer.status_code == 409
    assert "Not all of them could be tabled." in answer.text
    assert "it has to be re-opened before anything is proposed on it" in answer.text
    assert "1 proposal is private to Norvale" in answer.text


async def test_a_conflict_is_turned_into_a_proposal(back: Back, room: Cast, as_person: Sign, store: Store) -> None:
    norvale = await as_person(room.norvale)
    where = await brought_by(norvale, back)
    await norvale.post(f"{where}/apply", {"audience": "none"})
    page = await norvale.get(where)
    assert "Turn into a proposal" in page.text
    (conflict,) = conflicts(page)
    done = await norvale.post(f"{where}/settle", {"conflict": conflict, "how": "proposal"})
    assert done.status_code == 303
    assert (await live(store, room))[3] == "those that measure the water each day;"
    page = await norvale.get(where)
    assert "Turned into a proposal. Ines Valder" in page.text
    (proposal,) = re.findall(r'<a class="tag" href="/proposals/(\w+)">', page.text)
    assert "those that measure" in (await norvale.get(f"/proposals/{proposal}")).text
    assert (await norvale.post(f"{where}/table")).status_code == 303
    assert "P 1" in (await norvale.get(where)).text


@pytest.mark.parametrize(
    ("name", "data", "status", "words"),
    [
        ("", b"", 422, "Choose a file."),
        ("back.docx", b"PK\x03\x04 broken", 422, ""),
        ("back.docx", b" " * (MAX_FILE + 1), 413, "larger than"),
        ("back.pdf", b"%PDF-1.7", 422, ""),
        ("back.txt", b" ", 422, "There is no text in it."),
    ],
)
async def test_what_cannot_be_read(
    name: str, data: bytes, status: int, words: str, back: Back, room: Cast, as_person: Sign, store: Store
) -> None:
    norvale = await as_person(room.norvale)
    if name:
        answer = await upload(norvale, back, name, data)
    else:
        answer = await norvale.post(back.door, {"base": "file"})
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
    assert words in answer.text
    assert await brought.waiting(store, room.norvale, room.draft.id) == []


async def test_another_partys_file_is_nowhere(back: Back, room: Cast, as_person: Sign) -> None:
    where = await brought_by(await as_person(room.norvale), back)
    assert (await (await as_person(room.norvale_second)).get(where)).status_code == 200
    for person in (room.costamar, room.chair, room.observer, room.stranger):
        browser = await as_person(person)
        assert (await browser.get(where)).status_code == 404
        for act in ("apply", "settle", "discard", "base"):
            assert (await browser.post(f"{where}/{act}", {"base": "1"})).status_code == 404


async def test_a_file_of_another_draft_or_an_unknown_base(
    back: Back, room: Cast, as_person: Sign, store: Store
) -> None:
    chair = await as_person(room.chair)
    other = await drafts.create(
        store, room.chair, room.forum.id, "Other", "", "norm", "en", "open", True, CLAUSES
    )  # fmt: skip
    where = await brought_by(chair, back)
    assert (await chair.get(where.replace(room.draft.id, other.id))).status_code == 404
    foreign = word_file(other.id, 1, 0, changed(back.ids))
    page = await chair.get((await upload(chair, back, data=foreign)).headers["location"])
    assert "made from another draft" in page.text
    unknown = word_file(room.draft.id, 10**6, 9, changed(back.ids))
    place = (await upload(chair, back, data=unknown, base="1")).headers["location"]
    assert "made from a text that is not known here" in (await chair.get(place)).text
    assert (
        await upload(chair, back, "back.txt", b"Nothing that is known here at all.")
    ).status_code == 303  # told on its page


async def test_the_base_can_be_said_and_a_text_without_ids_is_matched(
    back: Back, room: Cast, as_person: Sign, app: Starlette
) -> None:
    await app.state.hub.perform(room.chair, room.draft.id, do.Issue(operation(), "Rev.2"))
    norvale = await as_person(room.norvale)
    texts = [clause.text for clause in CLAUSES]
    text = "\n\n".join(["# Lakes", f"## {texts[0]}", texts[1].replace("shared", "shared waters"), *texts[2:]])
    place = (await upload(norvale, back, "back.md", text.encode(), base="1")).headers["location"]
    page = await norvale.get(place)
    assert "made from Rev.1" in page.text
    assert said(page).startswith("1 change applies")
    assert "<ins>" in page.text
    assert (await norvale.post(f"{place}/base", {"base": "2"})).status_code == 303
    page = await norvale.get(place)
    assert "made from Rev.2" in page.text
    assert (await norvale.post(f"{place}/base", {"base": "7"})).status_code == 422
    assert (await norvale.post(f"{place}/apply", {"audience": "shouting"})).status_code == 422


async def test_a_clause_that_is_only_half_alike_is_for_a_person(back: Back, room: Cast, as_person: Sign) -> None:
    norvale = await as_person(room.norvale)
    texts = [clause.text for clause in CLAUSES]
    texts[2] = "States may never harm the networks of any lakes or rivers there:"
    text = "\n\n".join(["# Lakes", f"## {texts[0]}", *texts[1:]])
    page = await norvale.get((await upload(norvale, back, "back.md", text.encode(), base="1")).headers["location"])
    assert re.search(r"It is not certain which clause this is: \d\d % alike\.", page.text)


async def test_only_parties_of_the_forum_can_be_named(back: Back, room: Cast, as_person: Sign) -> None:
    chair = await as_person(room.chair)
    where = await brought_by(chair, back)
    assert (await chair.get(f"{where}?p0=nobody")).status_code == 422
    page = await chair.get(f"{where}?p0={room.parties['CTM'].id}&p1={room.parties['CTM'].id}")
    assert "NVL</span>" not in page.text[page.text.index('class="mrg"') :]


async def test_every_kind_of_change_and_of_conflict_is_told(
    room: Cast, as_person: Sign, store: Store, app: Starlette
) -> None:
    hub, draft = app.state.hub, room.draft.id
    state, _ = await drafts.state(store, room.chair, draft)
    ids = [clause.id for clause in state.standing()]
    await hub.perform(room.chair, draft, do.Issue(operation(), "Rev.1"))
    content = await versions.get(store, room.chair, draft, 1)
    heading, first, second, third, fourth, fifth = content.clauses
    new = replace(first, id="", text="*Mindful* of those who live by the lakes, and of their needs,")
    theirs = [
        heading,
        replace(fifth, text=fifth.text),
        replace(second, text="States [should][shall] not harm"),
        replace(second, id="", text="the networks of the lakes:"),
        replace(third, text="those that measure the depth of the water;"),
        replace(fourth, text="those that warn of <floods>."),
        new,
    ]
    data = exchange.write(replace(content, clauses=theirs), Format.JSON)
    back = Back(ids, data, f"/drafts/{draft}/merges")
    norvale = await as_person(room.norvale)
    quiet = (await upload(norvale, back, "quiet.json", base="1")).headers["location"]
    page = await norvale.get(quiet)
    for word in ("edited", "new", "deleted", "moved", "split"):
        assert f" {word}</span>" in page.text, word
    assert "<floods>" not in page.text
    assert "&lt;" in page.text
    await hub.perform(room.chair, draft, do.Lock(operation(), ids[3], "agreed_ad_ref"))
    await hub.perform(room.costamar, draft, do.Delete(operation(), ids[4], "Covered <elsewhere>."))
    await hub.perform(room.costamar, draft, do.Edit(operation(), ids[1], 0, "*Recalling* that no lake is shared,"))
    await hub.perform(room.costamar, draft, do.Split(operation(), ids[2], 0, 20))
    await hub.perform(room.costamar, draft, do.Move(operation(), ids[5], ids[0]))
    page = await norvale.get(quiet)
    for words in (
        "The clause is agreed ad ref since ",
        "Costamar deleted the clause on ",
        "Covered &lt;elsewhere&gt;.",
        "Costamar changed the same or the next words",
        "Costamar split the clause on ",
    ):
        assert words in page.text, words
    assert (await norvale.post(f"{quiet}/apply", {"audience": "none"})).status_code == 303
    page = await norvale.get(quiet)
    for conflict in conflicts(page):
        answer = await norvale.post(f"{quiet}/settle", {"conflict": conflict, "how": "theirs"})
        assert answer.status_code in {303, 403, 409, 422}
        if answer.status_code != 303:
            assert 'role="alert"' in answer.text
            done = await norvale.post(f"{quiet}/settle", {"conflict": conflict, "how": "comment"})
            assert done.status_code == 303
    assert conflicts(await norvale.get(quiet)) == []
