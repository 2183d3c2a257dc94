"""The page of a later version with the comments placed there, without scripts."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from drafts import commands as do
from drafts.consultation import Remark, RemarkState, Reveal, Spot
from drafts.desk import live
from drafts.model import Group
from drafts.store import Store
from tests.hearing import Hearing, hearing, put, remark
from tests.server.conftest import Browser

AsPerson = Callable[[str], Awaitable[Browser]]


@pytest.fixture
async def of(store: Store) -> Hearing:
    """A round that runs now, on version 1; in version 2 the last clause is gone and another one is reworded."""
    now = datetime.now(UTC).replace(microsecond=0)
    of = await hearing(store, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=6))
    chair, draft, clauses = of.cast.chair, of.cast.draft.id, of.clauses
    await live.perform(store, chair, draft, do.Delete("later-delete", clauses[-1].id))
    await live.perform(
        store, chair, draft, do.Edit("later-edit", clauses[4].id, 0, "those that warn of floods and storms.")
    )
    await live.perform(store, chair, draft, do.Issue("later-issue", "Rev.2", symbol="LS/1/Rev.2"))
    return of


def span(of: Hearing, at: int, quote: str, **facts: object) -> Remark:
    start = of.clauses[at].text.index(quote)
    told = {
        "spot": Spot.SPAN,
        "clause_id": of.clauses[at].id,
        "quote": quote,
        "start": start,
        "end": start + len(quote),
    }
    return remark(of, **(told | facts))  # type: ignore[arg-type]


def address(of: Hearing, end: str = "") -> str:
    return f"/consultations/{of.round.id}/versions/2{end}"


def under(page: str, clause: str) -> str:
    """The part of a page that belongs to a clause."""
    return re.split(r'<section class="clause"|<aside', page.split(f'id="c-{clause}"')[1])[0]


async def shown(browser: Browser, path: str) -> str:
    """The page, once everything is placed."""
    async with asyncio.timeout(30):
        while (answer := await browser.get(path)).status_code == 202:
            pass
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_comments_stand_where_they_belong(store: Store, of: Hearing, as_person: AsPerson) -> None:
    await put(store, of, [span(of, 4, "those that warn", body="Which ones?"), remark(of, clause_id=of.clauses[-1].id)])
    page = await shown(await as_person(of.cast.norvale), address(of))
    assert "Which ones?" in under(page, of.clauses[4].id)
    assert '<mark class="said">those that warn</mark> of floods and storms' in page
    assert "Stands as it stood." in page
    assert "1 comment without a place" in page
    assert "Place there" not in page
    assert (
        "In \u2068Rev.2\u2069" in (await (await as_person(of.cast.norvale)).get(f"/consultations/{of.round.id}")).text
    )


async def test_those_who_lead_place_and_undo(store: Store, of: Hearing, as_person: AsPerson) -> None:
    made = await put(store, of, [remark(of, clause_id=of.clauses[-1].id, body=body) for body in ("One.", "Two.")])
    chair = await as_person(of.cast.chair)
    assert "Place all (2)" in await shown(chair, address(of))
    group = {"spot": "clause", "on": of.clauses[-1].id, "start": "", "end": ""}
    wrong = await chair.post(address(of, "/place"), {**group, "clause": "OP 77"})
    assert wrong.status_code == 422
    assert "Choose a clause of this version." in wrong.text
    put_there = await chair.post(
        address(of, "/place"), {**group, "clause": "OP1", "words": "the networks of the lakes"}
    )
    assert put_there.status_code == 303
    page = await shown(chair, address(of))
    assert "Every comment has its place." in page
    assert under(page, of.clauses[2].id).count("Placed by the secretariat.") == 2
    assert '<mark class="said">the networks of the lakes</mark>' in page
    assert (await chair.post(address(of, "/undo"), {"number": str(made[0].number)})).status_code == 303
    page = await shown(chair, address(of))
    assert "1 comment without a place" in page
    assert "Leave it where it is" in await shown(chair, address(of, f"?place={made[0].number}"))
    one = {"number": str(made[0].number), "nowhere": "1"}
    assert (await chair.post(address(of, "/place"), one)).status_code == 303
    assert "it has no place in this text any more" in await shown(chair, address(of))
    assert (await chair.post(address(of, "/again"))).status_code == 303
    assert "it has no place in this text any more" in await shown(chair, address(of))


async def test_from_a_comment_to_where_it_is_now(store: Store, of: Hearing, as_person: AsPerson) -> None:
    made = await put(store, of, [span(of, 4, "those that warn"), remark(of, clause_id=of.clauses[-1].id)])
    reader = await as_person(of.cast.norvale)
    for one, said in zip(made, ("Stands as it stood.", "It has no place in this text yet."), strict=True):
        own = (await reader.get(f"/consultations/{of.round.id}/comments/{one.number}")).text
        link = re.search(r'href="([^"]+)">Where it is in', own)
        assert link is not None
        page = await shown(reader, link[1].partition("#")[0])
        assert said in page.split('id="comment"')[1].split("</section>")[0]
        assert "Place there" not in page


async def test_many_comments_are_shown_clause_by_clause(
    store: Store, of: Hearing, as_person: AsPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.pages.placed.ALL", 3)
    clause = of.clauses[2].id
    await put(store, of, [remark(of, body=f"Number {n:02}.") for n in range(25)])
    reader = await as_person(of.cast.norvale)
    page = await shown(reader, address(of))
    assert "Number 00." not in page
    assert f'href="{address(of)}?clause={clause}#c-{clause}">25 comments' in page
    page = await shown(reader, address(of, f"?clause={clause}"))
    assert "Number 19." in under(page, clause)
    assert "Number 20." not in page
    more = re.search(r'href="([^"#]+)#[^"]+">More comments on this clause', page)
    assert more is not None
    page = await shown(reader, more[1].replace("&amp;", "&"))
    assert "Number 24." in page
    assert "Number 19." not in page


async def test_words_of_others_are_not_seen_before_their_time(store: Store, of: Hearing, as_person: AsPerson) -> None:
    async with store.write() as q:
        await q.rounds.change(replace(of.round, reveal=Reveal.AT_CLOSE))
    hidden = remark(of, clause_id=of.clauses[-1].id, body="A canary in the tray.")
    await put(store, of, [span(of, 4, "those that warn", body="A canary in the text."), hidden])
    for person in (of.cast.norvale, of.people[Group.ACADEMIA]):
        page = await shown(await as_person(person), address(of))
        assert "canary" not in page
        assert "<mark" not in page
        assert "0 comments without a place" in page
        assert (await (await as_person(person)).get(address(of, "?comment=1"))).status_code == 404
    assert "canary" in await shown(await as_person(of.people[Group.CIVIL_SOCIETY]), address(of))
    async with store.write() as q:
        await q.rounds.change(replace(of.round, reveal=Reveal.AT_ONCE))
        ids = (await q.remarks.of_ids([hidden.id]))[0].id
        await q.remarks.set([ids], state=RemarkState.HIDDEN.value, hidden_reason="Rude.")
    for end in ("", "?comment=2"):  # of the hidden one only that it was there
        page = await shown(await as_person(of.cast.norvale), address(of, end))
        assert "A canary in the text." in page
        assert "A canary in the tray." not in page


async def test_the_public_reads_later_versions_once_answers_are_published(
    store: Store, of: Hearing, browser: Callable[[], Browser]
) -> None:
    await put(store, of, [span(of, 4, "those that warn")])
    assert (await browser().get(address(of))).status_code == 404
    async with store.write() as q:
        await q.rounds.change(replace(of.round, answered_at=of.round.opens_at))
    assert "<mark" in await shown(browser(), address(of))
    shut = do.SetDraft("shut-to-observers", observers=False)
    await live.perform(store, of.cast.chair, of.round.draft_id, shut)
    assert (await browser().get(address(of))).status_code == 404
