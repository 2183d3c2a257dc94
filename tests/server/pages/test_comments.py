"""The pages of a consultation's comments: writing without scripts, the list and its filters, one comment, one's own."""

import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from starlette.applications import Starlette

from drafts.commenting import Said
from drafts.consultation import Answer, Disposition, Granularity, Remark, RemarkKind, RemarkState, Reveal, Spot, View
from drafts.desk import remarks, rounds
from drafts.model import Group, new_id
from tests.hearing import Hearing, hearing, put, remark
from tests.server.conftest import Browser

NOW = datetime.now(UTC).replace(microsecond=0)
Sign = Callable[[str], Awaitable[Browser]]
Open = Callable[..., Awaitable[Hearing]]


@pytest.fixture
def opened(app: Starlette) -> Open:
    """Makes a round that runs now."""

    async def made(**terms: Any) -> Hearing:
        week = {"opens_at": NOW - timedelta(days=1), "closes_at": NOW + timedelta(days=6)}
        return await hearing(app.state.store, **{**week, **terms})

    return made


def base(of: Hearing) -> str:
    return f"/consultations/{of.round.id}"


def says(html: str) -> str:
    """The words of a page without its tags."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def fields(html: str) -> dict[str, str]:
    """The hidden fields of the composer."""
    form = html[html.index('id="compose"') :]
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form[: form.index("<textarea")]))


async def test_a_comment_goes_the_whole_way_without_scripts(opened: Open, as_person: Sign) -> None:
    """Open the composer by an address, keep, write on, look at the difference, send, change, be answered, withdraw."""
    of = await opened()
    observer, clause = await as_person(of.people[Group.CIVIL_SOCIETY]), of.clauses[2].id
    page = await observer.get(f"{base(of)}?on={clause}&about=clause")
    typed = fields(page.text) | {"spot": "span", "quote": "not harm", "body": "Too narrow.", "view": "with_changes"}
    kept = await observer.post(f"{base(of)}/remarks", {**typed, "act": "save"})
    assert (kept.status_code, kept.headers["location"]) == (303, f"{base(of)}?draft={typed['id']}#compose")
    page = await observer.get(f"{base(of)}?draft={typed['id']}")
    assert "Draft kept" in page.text
    assert "Your party has 1 comment that is not sent" in page.text
    typed = {**typed, **fields(page.text), "kind": "drafting", "proposed": "neither harm nor hinder"}
    await observer.post(f"{base(of)}/remarks", {**typed, "act": "save"})
    page = await observer.get(f"{base(of)}?draft={typed['id']}")
    assert "inserted: nor hinder" in says(page.text)
    sent = await observer.post(f"{base(of)}/remarks", {**typed, **fields(page.text), "act": "send"})
    assert sent.headers["location"] == f"{base(of)}/comments/1?sent=1"
    back = await observer.get(f"{base(of)}?draft={typed['id']}")  # by the browser's back button
    assert back.headers["location"] == f"{base(of)}/comments/1"
    page = await observer.get(sent.headers["location"])
    assert "Your comment was received as number 1." in says(page.text)
    assert re.search(r"Receipt: [0-9a-f]{64}", says(page.text))
    assert '<mark class="said">not harm</mark>' in page.text
    again = await observer.post(f"{base(of)}/remarks", {**typed, "act": "send"})
    assert again.headers["location"] == sent.headers["location"]
    one = f"{base(of)}/comments/1"
    changed = await observer.post(f"{one}/change", {"body": "Far too narrow.", "view": "oppose"})
    assert changed.headers["location"] == f"{one}?done=changed"
    page = await observer.get(one)
    assert "Earlier wordings" in page.text
    assert "inserted: Far too" in says(page.text)
    withdrawn = await observer.post(f"{one}/withdraw", {"reason": "Settled."})
    assert withdrawn.headers["location"] == f"{one}?done=withdrawn"


async def test_the_text_shows_the_groups_in_words_and_the_words_that_are_spoken_to(
    opened: Open, browser: Callable[[], Browser], app: Starlette
) -> None:
    of = await opened()
    clause = of.clauses[2]
    oppose = [remark(of, Group.INDUSTRY, view=View.OPPOSE) for _ in range(9)]
    span = remark(of, Group.ACADEMIA, "Bind.", spot=Spot.SPAN, start=7, end=22, quote="[should][shall]")
    missing = remark(of, Group.CIVIL_SOCIETY, "Researchers.", spot=Spot.MISSING, clause_id=None)
    hidden = remark(of, Group.INDUSTRY, "Rude.", state=RemarkState.HIDDEN)
    await put(app.state.store, of, [*oppose, span, missing, hidden])
    page = (await browser().get(base(of))).text
    assert "Industry: 9 comments, mostly: Oppose" in says(page)
    assert "Academia: 1 comment, mostly: Neutral" in says(page)
    assert "Governments: no comments" in says(page)
    assert 'data-h="3"' in page
    assert f'href="{base(of)}/comments?clause={clause.id}&amp;group=industry"' in page
    assert "11 comments by group" in says(page)
    assert re.search(r'<mark class="said">.*should.*shall.*</mark>', page)
    assert "1 comment so far." in says(page)
    assert f'href="/forums/{of.cast.forum.id}/apply">Ask to take part</a>' in page
    for absent in ("Rude.", "Keep as draft", "data-compose", "csrf"):
        assert absent not in page[page.index('id="consultation"') :]


async def test_before_the_reveal_no_count_and_no_mark_is_told(
    opened: Open, browser: Callable[[], Browser], as_person: Sign, app: Starlette
) -> None:
    of = await opened(reveal=Reveal.AT_CLOSE)
    span = remark(of, Group.ACADEMIA, "Canaryword", spot=Spot.SPAN, start=7, end=22, quote="[should][shall]")
    await put(app.state.store, of, [span])
    industry, academia = await as_person(of.people[Group.INDUSTRY]), await as_person(of.people[Group.ACADEMIA])
    chair = await as_person(of.cast.chair)
    for reader, path in ((browser(), ""), (industry, ""), (industry, "/comments"), (browser(), "/comments")):
        page = (await reader.get(base(of) + path)).text
        assert "Canaryword" not in page
        assert "<mark" not in page
    assert "0 comments by group" in says((await industry.get(base(of))).text)
    assert (await industry.get(f"{base(of)}/comments/1")).status_code == 404
    assert "Canaryword" in (await academia.get(f"{base(of)}/mine")).text
    assert "<mark" in (await chair.get(base(of))).text


@pytest.mark.parametrize(
    ("granularity", "ways"),
    [
        (Granularity.SECTION, {"section", "missing"}),
        (Granularity.CLAUSE, {"section", "clause"}),
        (Granularity.LINE, {"section", "clause"}),
    ],
)
async def test_ways_to_comment_are_as_fine_as_the_round_says(
    opened: Open, as_person: Sign, granularity: Granularity, ways: set[str]
) -> None:
    of = await opened(granularity=granularity)
    observer = await as_person(of.people[Group.CIVIL_SOCIETY])
    page = (await observer.get(base(of))).text
    doc = page[page.index('class="doc"') : page.index('id="missing"')]
    assert set(re.findall(r'data-about="(\w+)"', doc)) == ways
    fragment = (await observer.get(f"{base(of)}/composer?on={of.clauses[2].id}")).text
    assert ('value="span"' in fragment) == (granularity is Granularity.LINE)


async def test_what_is_refused_stays_in_the_box(opened: Open, as_person: Sign) -> None:
    of = await opened(reveal=Reveal.MODERATED)
    observer = await as_person(of.people[Group.CIVIL_SOCIETY])
    page = await observer.get(f"{base(of)}?on={of.clauses[2].id}&about=span")
    assert "once the secretariat has let it through" in page.text
    typed = fields(page.text) | {"spot": "span", "quote": "no such words", "body": "Kept & shown."}
    answer = await observer.post(f"{base(of)}/remarks", {**typed, "act": "send"})
    assert answer.status_code == 422
    assert "These words do not stand in the clause." in says(answer.text)
    assert "Kept &amp; shown." in answer.text
    json = await observer.post(f"{base(of)}/remarks", {**typed, "act": "save"}, headers={"Accept": "application/json"})
    assert (json.status_code, json.json()["key"]) == (422, "not_in_clause")


async def test_a_colleague_s_words_and_one_s_own_are_both_shown(opened: Open, as_person: Sign, app: Starlette) -> None:
    of = await opened()
    observer, second = await as_person(of.people[Group.CIVIL_SOCIETY]), of.civil_second
    page = await observer.get(f"{base(of)}?on={of.clauses[2].id}")
    typed = fields(page.text) | {"spot": "clause", "body": "First words"}
    kept = await observer.post(f"{base(of)}/remarks", typed, headers={"Accept": "application/json"})
    seen, said = kept.json()["seen"], Said(Spot.CLAUSE, of.clauses[2].id, body="Second words")
    await remarks.save(app.state.store, second, of.round.id, datetime.now(UTC), typed["id"], said, seen)
    answer = await observer.post(f"{base(of)}/remarks", {**typed, "seen": str(seen), "body": "Third words"})
    assert answer.status_code == 409
    assert "Second words" in answer.text
    assert "Third words" in answer.text
    over = await observer.post(f"{base(of)}/remarks", {**typed, **fields(answer.text), "body": "Third words"})
    assert over.status_code == 303


async def test_out_of_time_the_draft_is_kept(opened: Open, as_person: Sign) -> None:
    of = await opened(closes_at=NOW - timedelta(hours=1))
    observer = await as_person(of.people[Group.CIVIL_SOCIETY])
    page = await observer.get(f"{base(of)}?on=-&about=whole")
    assert "takes no comments now" in page.text
    assert 'value="send"' not in page.text
    typed = fields(page.text) | {"spot": "whole", "body": "Late words"}
    answer = await observer.post(f"{base(of)}/remarks", {**typed, "act": "send"})
    assert answer.status_code == 403
    assert "What you wrote is kept" in answer.text
    assert "Late words" in (await observer.get(f"{base(of)}/mine")).text


async def test_filters_combine_and_have_an_address(
    opened: Open, browser: Callable[[], Browser], as_person: Sign, app: Starlette
) -> None:
    of = await opened()
    first, second = of.clauses[2].id, of.clauses[3].id
    made = [
        remark(of, Group.INDUSTRY, "Tidal one", view=View.OPPOSE, clause_id=first),
        remark(of, Group.INDUSTRY, "Tidal two", view=View.SUPPORT, clause_id=first),
        remark(of, Group.ACADEMIA, "Tidal three", view=View.OPPOSE, clause_id=second, language="fr"),
        remark(of, Group.ACADEMIA, "Rivers", view=View.OPPOSE, spot=Spot.WHOLE, clause_id=None),
    ]
    unsent = remark(of, Group.INDUSTRY, "Tidal draft", state=RemarkState.DRAFT)
    await put(app.state.store, of, [*made, unsent])
    writer = await as_person(of.people[Group.INDUSTRY])
    own = (await writer.get(f"{base(of)}/comments?q=tidal")).text
    assert ("Tidal draft" in own, "Tidal one" in own) == (False, True)
    own = (await writer.get(f"{base(of)}/comments?party=none")).text
    assert '<input type="hidden" name="party" value="none">' in own  # what the form has no box for is kept
    for query, found in (
        ("", {"Tidal one", "Tidal two", "Tidal three", "Rivers"}),
        ("group=industry&view=oppose", {"Tidal one"}),
        ("q=tidal&view=oppose", {"Tidal one", "Tidal three"}),
        (f"clause={first}&clause=-", {"Tidal one", "Tidal two", "Rivers"}),
        ("language=fr&kind=general&spot=clause", {"Tidal three"}),
        ("answered=yes", set()),
    ):
        page = (await browser().get(f"{base(of)}/comments?{query}")).text
        assert {one.body for one in made if one.body in page} == found, query
    page = (await browser().get(f"{base(of)}/comments?q=tidal&view=oppose&group=industry")).text
    assert "1 comment" in says(page)
    assert re.search(r'<a class="chip" href="[^"]*\?group=industry&amp;q=tidal">Oppose', page)
    bad = await browser().get(f"{base(of)}/comments?group=lobby")
    assert bad.status_code == 422


async def test_pages_are_gone_through_by_cursors(opened: Open, browser: Callable[[], Browser], app: Starlette) -> None:
    of = await opened()
    await put(app.state.store, of, [remark(of, body=f"Number {n};") for n in range(60)])
    page = (await browser().get(f"{base(of)}/comments?group=civil_society")).text
    older = unescape(re.findall(r'rel="next" href="([^"]+)"', page)[0])
    assert page.count("Number ") == 50
    page = (await browser().get(older)).text
    assert page.count("Number ") == 10
    newer = unescape(re.findall(r'rel="prev" href="([^"]+)"', page)[0])
    assert "Number 59;" in (await browser().get(newer)).text


async def test_what_became_of_it_is_two_clicks_from_home(opened: Open, as_person: Sign, app: Starlette) -> None:
    """Home, also long after the round is closed; one's own comments, with the answer; the comment itself."""
    of = await opened(answered_at=NOW, closes_at=NOW - timedelta(hours=1))
    (made,) = await put(app.state.store, of, [remark(of, body="Say by when.")])
    told = Answer(
        new_id(),
        of.round.id,
        Disposition.ACCEPTED_IN_PART,
        "In OP 2.",
        f"clause:{of.clauses[3].id}",
        of.cast.chair,
        NOW,
    )
    async with app.state.store.write() as q:
        await q.answers.add(told)
        values = {"answer_id": told.id, "disposition": told.disposition.value}
        await q.remarks.set([made.id], **values, shown_id=told.id, shown=told.disposition.value)
    observer = await as_person(of.people[Group.CIVIL_SOCIETY])
    home = (await observer.get("/")).text
    assert f'href="{base(of)}/mine">1 comment of yours</a>' in home
    assert base(of) not in (await (await as_person(of.cast.costamar)).get("/")).text
    mine = (await observer.get(f"{base(of)}/mine")).text
    assert "accepted in part" in says(mine)
    assert "In OP 2." in says(mine)
    assert f'href="{base(of)}#c-{of.clauses[3].id}"' in mine
    assert "In OP 2." in says((await observer.get(f"{base(of)}/comments/1")).text)


async def test_a_pseudonym_s_page_names_nobody(opened: Open, as_person: Sign, app: Starlette) -> None:
    of = await opened()
    writer = of.people[Group.CIVIL_SOCIETY]
    typed = Said(Spot.WHOLE, body="I have seen it.", name="A tired engineer")
    await remarks.send(app.state.store, writer, of.round.id, NOW, new_id(), typed)
    chair, colleague = await as_person(of.cast.chair), await as_person(of.civil_second)
    for path in (
        "",
        "/comments",
        "/comments/1",
        "/comments?q=seen",
        f"/comments?party={of.parties[Group.CIVIL_SOCIETY].id}",
    ):
        page = (await chair.get(base(of) + path)).text
        body = page[page.index("<main") :]
        assert "Open networks watch" not in body
        assert ("A tired engineer" in body) == ("party=" not in path)
    assert "yours" in says((await colleague.get(f"{base(of)}/comments/1")).text)
    page = (await colleague.get(f"{base(of)}?on=-")).text
    assert "Who runs the server could find out in its database." in says(page)


async def test_parties_join_on_their_own_page(opened: Open, as_person: Sign) -> None:
    of = await opened()
    observer, scholar = await as_person(of.people[Group.CIVIL_SOCIETY]), await as_person(of.people[Group.ACADEMIA])
    page = await observer.get(f"{base(of)}?on=-&about=whole")
    typed = fields(page.text) | {"spot": "whole", "body": "Both of us.", "codes": "iqn"}
    asked = await observer.post(f"{base(of)}/remarks", {**typed, "act": "ask"})
    assert "asked" in says((await observer.get(asked.headers["location"].split("#")[0])).text)
    page = await scholar.get(f"{base(of)}/mine")
    assert "Both of us." in page.text
    joined = await scholar.post(f"{base(of)}/together", {"id": typed["id"], "act": "join"})
    assert joined.status_code == 303
    sent = await observer.post(f"{base(of)}/drafts", {"id": typed["id"], "act": "send"})
    page = await scholar.get(sent.headers["location"])
    assert "also for Institute for quiet networks" in says(page.text)
    wrong = await observer.post(f"{base(of)}/remarks", {**typed, "id": new_id(), "codes": "XYZ", "act": "ask"})
    assert "No party that is asked here has the code XYZ." in says(wrong.text)


async def test_threads_are_written_read_and_edited(opened: Open, as_person: Sign, app: Starlette) -> None:
    of = await opened()
    await put(app.state.store, of, [remark(of)])
    operator, one = await as_person(of.people[Group.INDUSTRY]), f"{base(of)}/comments/1"
    page = await operator.get(one)
    name = re.findall(r'name="id" value="(\w{16})"', page.text)[0]
    for _ in range(2):
        await operator.post(f"{one}/replies", {"id": name, "body": "Why <b>now</b>? https://lakes.example/x"})
    page = await operator.get(one)
    assert page.text.count("Why &lt;b&gt;now") == 2  # the reply, and the box to edit it
    assert 'rel="nofollow noopener ugc"' in page.text
    await operator.post(f"{one}/replies", {"reply": name, "body": "Why then?"})
    page = await operator.get(one)
    assert "Why then?" in page.text
    assert "edited" in says(page.text)
    empty = await operator.post(f"{one}/replies", {"id": new_id(16), "body": " "})
    assert (empty.status_code, "Write something first." in empty.text) == (422, True)


async def test_the_difference_is_the_project_s_own(opened: Open, as_person: Sign) -> None:
    of = await opened()
    observer = await as_person(of.people[Group.CIVIL_SOCIETY])
    asked = {"clause": of.clauses[4].id, "spot": "clause", "proposed": "those that warn of <storms>."}
    html = (await observer.post(f"{base(of)}/difference", asked)).json()["html"]
    assert says(html).startswith("those that warn of deleted: floods")
    assert "&lt;storms&gt;" in html


async def test_long_comments_are_cut_in_lists_only(
    opened: Open, browser: Callable[[], Browser], app: Starlette
) -> None:
    of = await opened()
    long = remark(of, body="word " * 400 + "theend", kind=RemarkKind.DRAFTING, proposed="New words:")
    gone: Remark = replace(remark(of, body="Secret"), state=RemarkState.WITHDRAWN, withdrawn_reason="A slip.")
    await put(app.state.store, of, [long, gone])
    page = (await browser().get(f"{base(of)}/comments")).text
    assert "theend" not in page
    assert "theend" in (await browser().get(f"{base(of)}/comments/1")).text
    assert "Withdrawn by its author. A slip." in says(page)
    assert "Secret" not in page
    entered = await rounds.enter(app.state.store, None, of.round.id, NOW)
    assert entered.sight.revealed
