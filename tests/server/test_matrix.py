"""The pages of the response matrix: the work without scripts, what readers get of it and when, and publishing."""

import re
from collections.abc import Awaitable, Callable
from html import unescape

import pytest
from sqlalchemy import insert
from starlette.applications import Starlette

from drafts import commands as do
from drafts import tables as t
from drafts.consultation import RemarkState, View
from drafts.desk import live
from drafts.model import Group, new_id
from tests.hearing import Hearing, hearing, put, remark
from tests.server.conftest import Browser

Seated = Callable[[str], Awaitable[Browser]]
WORDS = ("Say by when.", "Ask the operators first.", "Leave it out.", "Who pays for it?")


def part(pattern: str, text: str, group: int = 1) -> str:
    """What a pattern finds in a page."""
    found = re.search(pattern, text)
    assert found is not None, pattern
    return found[group]


@pytest.fixture
async def of(app: Starlette) -> Hearing:
    """Four comments of four groups, the first two in a bundle with four more copies."""
    made = await hearing(app.state.store)
    remarks = [remark(made, group, words) for group, words in zip(Group, WORDS, strict=True)]
    copies = [remark(made, Group.INDUSTRY, WORDS[0], who="Copier") for _ in range(4)]
    kept = await put(app.state.store, made, [*remarks, *copies])
    bundle_id = new_id()
    bundle = {"round_id": made.round.id, "lead_id": kept[0].id, "copies": 6, "variants": 2, "likeness": 80}
    async with app.state.store.write() as q:
        await q.answers._run(insert(t.bundle), {"id": bundle_id, **bundle})
        await q.remarks.set([one.id for one in (*kept[:2], *kept[4:])], bundle_id=bundle_id)
    return made


def matrix(of: Hearing, more: str = "") -> str:
    return f"/consultations/{of.round.id}/matrix{more}"


def plain(page: str) -> str:
    """The text of a page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


async def test_the_work_is_done_by_plain_forms(of: Hearing, as_person: Seated) -> None:
    secretary = await as_person(of.cast.secretary)
    page = await secretary.get(matrix(of))
    boxes = re.findall(r'type="checkbox" name="([nb])-(\w+)"', page.text)
    assert [kind for kind, _ in boxes] == ["b", "n", "n"]
    assert "6 comments, 2 wordings" in plain(page.text)
    assert "0 of 8 answered." in plain(page.text)
    bundle = f"b-{boxes[0][1]}"
    sent = {bundle: "1", "n-3": "1", "disposition": "accepted", "rationale": "Rev.2 says by when.", "link": "OP 1"}
    done = await secretary.post(matrix(of, "?group=industry"), sent)
    assert (done.status_code, done.headers["location"]) == (303, matrix(of, "?group=industry"))
    page = await secretary.get(matrix(of))
    assert "7 of 8 answered." in plain(page.text)
    assert re.findall(r'type="checkbox" name="([nb]-\w+)"', page.text) == ["n-4"]
    # The same once more, by the list of earlier answers.
    again = part(r'<option value="(\w+)" data-disposition="accepted"', page.text)
    assert (await secretary.post(matrix(of), {"n-4": "1", "again": again})).status_code == 303
    every = await secretary.get(matrix(of, "?all=1&each=one"))
    assert every.text.count("Rev.2 says by when.") >= 8
    assert "not published" in plain(every.text)
    back = await secretary.post(matrix(of, "/take-back"), {"n-4": "1"})
    assert back.status_code == 303
    assert "7 of 8 answered." in plain((await secretary.get(matrix(of))).text)


async def test_what_is_wrong_is_said_and_what_was_typed_stays(of: Hearing, as_person: Seated) -> None:
    chair = await as_person(of.cast.chair)
    await chair.get(matrix(of))
    for sent, why in (
        ({"n-3": "1"}, "Say what becomes of it"),
        ({"n-3": "1", "disposition": "not_accepted"}, "Say why"),
        ({"disposition": "noted", "rationale": "Kept."}, "Choose at least one comment."),
        ({"n-3": "1", "disposition": "noted", "rationale": "Kept.", "link": "OP 99"}, "There is no such clause"),
        ({"n-999": "1", "disposition": "noted"}, "no comment here that could be answered"),
        ({"n-x": "1", "disposition": "noted"}, "this is not a number"),
    ):
        page = await chair.post(matrix(of), sent)
        assert page.status_code in {409, 422}
        assert why in plain(page.text)
        assert sent.get("rationale", "") in page.text
        assert "n-3" not in sent or re.search(r'name="n-3" value="1" data-count="1" checked', page.text)
    script = await chair.post(matrix(of), {"n-3": "1"}, headers={"Accept": "application/json"})
    assert (script.status_code, script.json()["key"]) == (422, "no_disposition")


async def test_two_people_do_not_answer_the_same_unknowingly(of: Hearing, as_person: Seated) -> None:
    chair, secretary = await as_person(of.cast.chair), await as_person(of.cast.secretary)
    page = await chair.get(matrix(of))
    read_at = part(r'name="read_at" value="(\d+)"', page.text)
    await secretary.post(matrix(of), {"n-3": "1", "disposition": "noted"})
    late = {"n-3": "1", "disposition": "accepted", "read_at": str(int(read_at) - 1)}
    page = await chair.post(matrix(of), late)
    assert page.status_code == 409
    assert "Sven Okoro has answered comment 3 meanwhile." in plain(page.text)


async def test_readers_see_what_is_published(
    of: Hearing, app: Starlette, as_person: Seated, browser: Callable[[], Browser]
) -> None:
    await live.perform(app.state.store, of.cast.chair, of.cast.draft.id, do.Issue("matrix-issue-2", "Rev.2"))
    chair, public = await as_person(of.cast.chair), browser()
    member = await as_person(of.people[Group.CIVIL_SOCIETY])
    await chair.get(matrix(of))
    assert (
        await chair.post(matrix(of), {"n-3": "1", "disposition": "accepted", "link": "Rev.2, OP1"})
    ).status_code == 303
    await chair.post(matrix(of), {"n-4": "1", "disposition": "not_accepted", "rationale": "Canary: too dear."})
    for reader in (public, member):
        page = await reader.get(matrix(of))
        assert "No answers are published yet." in plain(page.text)
        assert "Canary" not in page.text
        assert "0 of 8 answered." in plain(page.text)
    looked = await chair.post(matrix(of, "/publish"), {"n-3": "1"})
    assert "1 answer is new" in plain(looked.text)
    until = part(r'name="until" value="(\d+)"', looked.text)
    done = await chair.post(matrix(of, "/publish"), {"n-3": "1", "until": until})
    assert done.status_code == 303
    page = await public.get(matrix(of))
    assert "1 of 8 answered." in plain(page.text)
    assert WORDS[2] in page.text
    assert "Canary" not in page.text
    assert WORDS[3] not in page.text
    # The change is named to everybody; who may read it there gets the way.
    compare = f"/drafts/{of.cast.draft.id}/compare?old=1&amp;new=2#r-{of.clauses[2].id}"
    assert "Rev.2" in page.text
    assert compare not in page.text
    assert compare in (await member.get(matrix(of))).text
    assert WORDS[3] in (await public.get(matrix(of, "?answered=no"))).text
    assert WORDS[2] not in (await public.get(matrix(of, "?disposition=noted"))).text
    assert "No comment fits" in plain((await public.get(matrix(of, "?disposition=accepted&q=pays"))).text)
    as_reader = await chair.get(matrix(of, "?as=reader"))
    assert "This is what readers see." in plain(as_reader.text)
    assert "Canary" not in as_reader.text


async def test_the_look_before_publishing_is_what_is_published(of: Hearing, as_person: Seated) -> None:
    chair = await as_person(of.cast.chair)
    await chair.get(matrix(of))
    await chair.post(matrix(of), {"n-3": "1", "disposition": "noted"})
    looked = await chair.get(matrix(of, "/publish"))
    assert "Publish 1 answer" in plain(looked.text)
    assert "Open networks watch" in looked.text
    until = part(r'name="until" value="(\d+)"', looked.text)
    earlier = str(int(until) - 600_000)
    assert (await chair.post(matrix(of, "/publish"), {"until": earlier})).status_code == 409
    assert (await chair.post(matrix(of, "/publish"), {"until": until})).status_code == 303
    again = await chair.get(matrix(of, "/publish"))
    assert "There is no new answer to be published." in plain(again.text)


async def test_all_answers_to_a_comment_are_read(
    of: Hearing, as_person: Seated, browser: Callable[[], Browser]
) -> None:
    """From the list to the comment, on which its answers stand: those that were published, for readers."""
    chair, public = await as_person(of.cast.chair), browser()
    await chair.get(matrix(of))
    for reason in ("First we only noted it.", "Now it is in Rev.2."):
        await chair.post(matrix(of), {"n-3": "1", "disposition": "noted", "rationale": reason})
        looked = await chair.get(matrix(of, "/publish"))
        await chair.post(matrix(of, "/publish"), {"until": part(r'name="until" value="(\d+)"', looked.text)})
    await chair.post(matrix(of), {"n-3": "1", "disposition": "accepted", "rationale": "Canary: not yet."})
    listed = await public.get(matrix(of))
    assert f"/consultations/{of.round.id}/compendium.xlsx" in listed.text
    address = part(rf'href="(/consultations/{of.round.id}/comments/3)"', listed.text)
    page = plain((await public.get(address)).text)
    assert "All answers to this comment" in page
    assert page.index("First we only noted it.") < page.rindex("Now it is in Rev.2.")
    assert "Canary" not in page
    assert "Canary" in (await chair.get(address)).text


async def test_how_far_it_is_by_clause_and_group(
    of: Hearing, as_person: Seated, browser: Callable[[], Browser]
) -> None:
    chair, public = await as_person(of.cast.chair), browser()
    await chair.get(matrix(of))
    await chair.post(matrix(of), {"n-3": "1", "disposition": "noted"})
    page = await chair.get(matrix(of, "/progress"))
    row = part(r'<tr><th scope="row" dir="auto">OP ?1.*?</tr>', page.text, 0)
    assert re.findall(r"(\d) of (\d)", row) == [("0", "1"), ("0", "5"), ("1", "1"), ("0", "1"), ("1", "8")]
    query = f"?group=industry&amp;clause={of.clauses[2].id}&amp;answered=no"
    assert matrix(of, query) in page.text
    page = await public.get(matrix(of, "/progress"))
    assert "0 of 8 answered." in plain(page.text)


async def test_what_is_hidden_or_withdrawn_keeps_its_answer_and_not_its_words(
    of: Hearing, app: Starlette, as_person: Seated, browser: Callable[[], Browser]
) -> None:
    chair = await as_person(of.cast.chair)
    await chair.get(matrix(of))
    await chair.post(matrix(of), {"n-3": "1", "n-4": "1", "disposition": "noted", "rationale": "For the guide."})
    looked = await chair.get(matrix(of, "/publish"))
    await chair.post(matrix(of, "/publish"), {"until": part(r'name="until" value="(\d+)"', looked.text)})
    async with app.state.store.write() as q:
        for number, state in ((3, RemarkState.HIDDEN), (4, RemarkState.WITHDRAWN)):
            found = await q.remarks.numbered(of.round.id, number)
            await q.remarks.set([found.id], state=state.value, view=View.OPPOSE.value)
    page = (await browser().get(matrix(of))).text
    assert page.count("For the guide.") == 2
    assert "Hidden by the secretariat." in page
    assert "Withdrawn by its author." in page
    assert WORDS[2] not in page
    assert WORDS[3] not in page
