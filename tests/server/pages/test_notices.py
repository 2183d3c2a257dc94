"""Notices, moderation, feeds, calendars and the account's own data, as browsers and other programs get them."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lxml import etree
from starlette.applications import Starlette

from drafts.consultation import RemarkState, Reveal
from drafts.desk import moderating, people
from drafts.desk.verify import verify
from drafts.model import Group
from drafts.store import Store
from server import auth
from tests.hearing import Hearing, hearing, put, remark
from tests.server.conftest import Browser

NOW = datetime.now(UTC).replace(microsecond=0)
ATOM = "{http://www.w3.org/2005/Atom}"
Sign = Callable[[str], Awaitable[Browser]]
Open = Callable[..., Awaitable[Hearing]]


@pytest.fixture
def opened(store: Store) -> Open:
    """Makes a round that runs now."""

    async def made(**terms: Any) -> Hearing:
        week = {"opens_at": NOW - timedelta(days=1), "closes_at": NOW + timedelta(days=6)}
        return await hearing(store, **{**week, "announced_at": NOW - timedelta(days=2), **terms})

    return made


async def test_a_notice_is_counted_followed_and_then_read(store: Store, opened: Open, as_person: Sign) -> None:
    of = await opened()
    (sent,) = await put(store, of, [remark(of)])
    me = of.people[Group.CIVIL_SOCIETY]
    await moderating.hide(store, of.cast.chair, of.round.id, sent.number, "Names a person.", NOW)
    at = await as_person(me)
    home = await at.get("/")
    assert re.search(r'class="count"[^>]*>1<', home.text)
    page = await at.get("/notices")
    assert "Its reason: \u2068Names a person.\u2069" in page.text
    (path,) = re.findall(r'href="(/notices/\w+)"', page.text)
    followed = await at.get(path)
    assert followed.headers["location"] == f"/consultations/{of.round.id}/comments/1"
    assert "Names a person." in (await at.get(followed.headers["location"])).text
    assert 'class="count"' not in (await at.get("/notices")).text
    other = await as_person(of.people[Group.INDUSTRY])
    assert (await other.get(path)).status_code == 404
    assert (await at.post("/notices")).status_code == 303


async def test_home_tells_what_is_new(store: Store, opened: Open, as_person: Sign) -> None:
    of = await opened()
    at = await as_person(of.people[Group.INDUSTRY])
    assert "Since you were last here" not in (await at.get("/")).text
    async with store.write() as q:
        for forum, visit in (await q.notices.visits(of.people[Group.INDUSTRY])).items():
            old = type(visit)(NOW - timedelta(hours=30), None)
            await q.notices.visit(of.people[Group.INDUSTRY], forum, old)
    await put(store, of, [remark(of, sent_at=NOW - timedelta(hours=2)), remark(of, sent_at=NOW - timedelta(hours=40))])
    page = await at.get("/")
    assert "Since you were last here" in page.text
    assert "1 new comment" in page.text


async def test_moderation_without_scripts(store: Store, opened: Open, as_person: Sign) -> None:
    of = await opened(reveal=Reveal.MODERATED)
    await put(store, of, [remark(of, body=f"Waiting {n}", state=RemarkState.HELD) for n in range(3)])
    base = f"/consultations/{of.round.id}"
    chair, reader = await as_person(of.cast.chair), await as_person(of.people[Group.INDUSTRY])
    page = await chair.get(f"{base}/moderation")
    assert page.text.count("Waiting ") == 3 + 1  # and the heading
    numbers = re.search(r'name="numbers" value="([^"]*)"', page.text)
    assert numbers is not None
    assert (await chair.post(f"{base}/moderation", {"act": "let_through", "numbers": numbers[1]})).status_code == 303
    assert "Waiting 1" in (await reader.get(f"{base}/comments/2")).text
    report = await reader.post(f"{base}/comments/2/report", {"reason": "It names a person."})
    assert report.headers["location"] == f"{base}/comments/2?done=reported"
    assert (await reader.post(f"{base}/comments/2/report", {"reason": "Again."})).status_code == 409
    page = await chair.get(f"{base}/moderation")
    assert "It names a person." in page.text
    assert "observer@lakes.example" not in page.text
    hidden = await chair.post(f"{base}/moderation", {"act": "hide", "number": "2", "reason": "It names a person."})
    assert hidden.headers["location"] == f"{base}/moderation"
    page = await reader.get(f"{base}/comments/2")
    assert "Waiting 1" not in page.text
    assert "It names a person." in page.text
    assert (await chair.post(f"{base}/moderation", {"act": "show", "number": "2"})).status_code == 303
    assert "Waiting 1" in (await reader.get(f"{base}/comments/2")).text
    assert (await reader.post(f"{base}/moderation", {"act": "hide", "number": "2", "reason": "x"})).status_code == 403


async def test_replies_are_hidden_from_the_comment_s_page(store: Store, opened: Open, as_person: Sign) -> None:
    of = await opened()
    await put(store, of, [remark(of)])
    at, chair = await as_person(of.people[Group.INDUSTRY]), await as_person(of.cast.chair)
    path = f"/consultations/{of.round.id}/comments/1"
    await at.get(path)
    await at.post(f"{path}/replies", {"id": "replyreply12", "body": "Rude words https://evil.example/x.png"})
    page = await chair.get(path)
    assert 'rel="nofollow noopener ugc"' in page.text
    form = {"act": "hide", "number": "1", "reply": "replyreply12", "reason": "Rude.", "next": path}
    assert (await chair.post(f"/consultations/{of.round.id}/moderation", form)).headers["location"] == path
    for person, words in ((of.people[Group.CIVIL_SOCIETY], False), (of.people[Group.INDUSTRY], True)):
        page = await (await as_person(person)).get(path)
        assert "Hidden by the secretariat." in page.text
        assert "Rude." in page.text
        assert ("Rude words" in page.text) is words


# ── feeds and calendars ──


async def test_the_feed_of_a_public_draft(store: Store, opened: Open, browser: Callable[[], Browser]) -> None:
    of = await opened()
    path, public = f"/drafts/{of.cast.draft.id}/feed.atom", browser()
    answer = await public.get(path)
    assert answer.headers["content-type"].startswith("application/atom+xml")
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for node in (feed, *feed.iter(f"{ATOM}entry")):
        assert [len(node.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
    assert feed.find(f"{ATOM}author/{ATOM}name") is not None
    said = {entry.findtext(f"{ATOM}title"): entry.findtext(f"{ATOM}id") for entry in feed.iter(f"{ATOM}entry")}
    assert [title.split(":")[0] for title in said if title] != []
    assert {title.split(":")[0] for title in said if title} == {
        "Rev.1 was issued", "Consultation announced", "Consultation open",
    }  # fmt: skip
    assert len(set(said.values())) == 3
    updated = [entry.findtext(f"{ATOM}updated") for entry in feed.iter(f"{ATOM}entry")]
    assert updated == sorted(updated, key=str, reverse=True)
    again = await public.get(path, **{"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    async with store.write() as q:
        forum = of.cast.forum.id
        await q.forums.set_consulting(
            forum, public=False, accredits=False, non_objection=0, pseudonyms=False, retention=0
        )
    assert (await public.get(path)).status_code == 404
    assert (await public.get(f"/consultations/{of.round.id}/deadlines.ics")).status_code == 404


def unfolded(calendar: bytes) -> list[str]:
    assert calendar.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in calendar.split(b"\r\n"))
    assert b"\n" not in calendar.replace(b"\r\n", b"")
    return calendar.decode().replace("\r\n ", "").split("\r\n")


async def test_the_dates_of_a_consultation(opened: Open, browser: Callable[[], Browser]) -> None:
    title = "Lakes; rivers, and \\ mountains of the very long northern shore "
    of = await opened(title=title + "湖" * 40)
    answer = await browser().get(f"/consultations/{of.round.id}/deadlines.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = unfolded(answer.content)
    assert (lines[0], lines[-2]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert lines.count("BEGIN:VEVENT") == lines.count("END:VEVENT") == 2
    assert f"UID:closes-{of.round.id}@127.0.0.1" in lines
    assert f"DTSTART:{of.round.closes_at:%Y%m%dT%H%M%SZ}" in lines
    escaped = title.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    assert f"SUMMARY:Consultation closes: {escaped}{'湖' * 40}" in lines
    for line in lines[:-1]:
        assert re.match(r"[A-Z-]+[;:]", line)


async def test_one_s_own_calendar_has_a_secret_address(
    store: Store, opened: Open, as_person: Sign, browser: Callable[[], Browser]
) -> None:
    of = await opened()
    at = await as_person(of.people[Group.INDUSTRY])
    made = await at.post("/account/calendar", {"act": "make"})
    found = re.search(r'value="http://127\.0\.0\.1:8000(/calendar/[^"]+\.ics)"', made.text)
    assert found is not None
    path, program = found[1], browser()
    lines = unfolded((await program.get(path)).content)
    assert f"UID:opens-{of.round.id}@127.0.0.1" in lines
    assert "text/calendar" not in (await program.get("/calendar/" + "A" * 43 + ".ics")).headers["content-type"]
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in (await at.get("/account")).text
    async with store.write() as q:
        await q.forums.remove_member(of.cast.forum.id, of.people[Group.INDUSTRY])
    assert "BEGIN:VEVENT" not in unfolded((await program.get(path)).content)  # today's rights
    await at.post("/account/calendar", {"act": "revoke"})
    assert (await program.get(path)).status_code == 404


# ── the account ──


async def test_one_gets_one_s_data_as_a_file(opened: Open, as_person: Sign) -> None:
    of = await opened()
    answer = await (await as_person(of.people[Group.INDUSTRY])).get("/account/export")
    assert answer.headers["content-disposition"].startswith('attachment; filename="adref-')
    told = answer.json()
    assert told["profile"]["email"] == "industry@lakes.example"
    assert told["sessions"][0].keys() == {"created_at", "seen_at", "expires_at"}


async def test_one_leaves_with_password_and_word(
    app: Starlette, store: Store, opened: Open, as_person: Sign, browser: Callable[[], Browser]
) -> None:
    of = await opened()
    me = of.people[Group.INDUSTRY]
    await people.set_password_hash(store, me, await auth.hash_password("long enough for all"))
    await put(store, of, [remark(of, Group.INDUSTRY)])
    at = await as_person(me)
    page = await at.get("/account/erase")
    assert "What stays, and why" in page.text
    for form in ({"word": "ERASE"}, {"word": "erase", "present": "long enough for all"}):
        assert (await at.post("/account/erase", form)).status_code == 422
    gone = await at.post("/account/erase", {"word": "ERASE", "present": "long enough for all"})
    assert gone.status_code == 303
    assert (await at.get("/account")).status_code == 303  # signed out
    form = {"email": "industry@lakes.example", "password": "long enough for all"}
    assert (await browser().post("/sign-in", form)).status_code == 422
    assert "Network operators of the lakes" in (await browser().get(f"/consultations/{of.round.id}/comments/1")).text
    assert await verify(store) == []
    assert app.state.hub.postman is None


async def test_who_leads_alone_is_told_so(store: Store, opened: Open, as_person: Sign) -> None:
    of = await opened()
    async with store.write() as q:
        await q.forums.remove_member(of.cast.forum.id, of.cast.secretary)
    at = await as_person(of.cast.chair)
    page = await at.get("/account/erase")
    assert "Nobody else leads" in page.text
    assert (await at.post("/account/erase", {"word": "ERASE"})).status_code == 409


async def test_where_no_mail_is_sent_the_page_says_so(opened: Open, as_person: Sign) -> None:
    of = await opened()
    at = await as_person(of.cast.chair)
    assert "This server sends no mail." in (await at.get("/account")).text
    assert (await at.post("/account/digest", {"digest": "daily"})).status_code == 422
