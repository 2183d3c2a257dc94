"""Consultations as pages, without scripts: prepared, announced, read without an account, extended, closed; and
organisations that ask to take part."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import forums
from drafts.store import Store
from server.hub import operation
from tests.cast import Cast
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
NOW = datetime.now(UTC)


def _day(days: int) -> str:
    return (NOW + timedelta(days=days)).date().isoformat()


def form(**more: str) -> dict[str, str]:
    """The terms of a public, sealed round that has just opened."""
    plain = {
        "version": "1",
        "title": "What the lakes should say",
        "intro": "Tell us what is missing.",
        "opens_day": _day(-1),
        "opens_time": "09:00",
        "closes_day": _day(7),
        "closes_time": "23:59",
        "zone": "Asia/Kathmandu",
        "g-civil_society": "1",
        "g-academia": "1",
        "reveal": "at_close",
        "granularity": "clause",
        "public": "1",
        "q-new1": "Who keeps the directory?",
        "q-new2": "",
    }
    return plain | more


@pytest.fixture
async def forum(app: Starlette, store: Store, room: Cast) -> Cast:
    """A forum that is open to the public and takes applications, with a version issued."""
    await app.state.hub.perform(room.chair, room.draft.id, do.Issue(operation(), "Rev.1"))
    await forums.set_rules(store, room.chair, room.forum.id, forums.Rules(public=True, accredits=True))
    return room


async def prepared(chair: Browser, room: Cast, **more: str) -> str:
    made = await chair.post(f"/drafts/{room.draft.id}/consultations", form(**more))
    assert made.status_code == 303, made.text
    return re.match(r"/consultations/\w+", made.headers["location"])[0]  # type: ignore[index]


async def test_a_consultation_from_its_form_to_its_close(
    forum: Cast, as_person: Sign, browser: Callable[[], Browser]
) -> None:
    chair, guest = await as_person(forum.chair), browser()
    versions = await chair.get(f"/drafts/{forum.draft.id}/versions")
    assert f"/drafts/{forum.draft.id}/consultations/new?version=1" in versions.text
    assert "Consult on this version" in (await chair.get("/")).text
    fresh = await chair.get(f"/drafts/{forum.draft.id}/consultations/new?version=1")
    assert '<option value="Europe/Zurich">' in fresh.text
    path = await prepared(chair, forum)
    observer = await as_person(forum.observer)
    assert (await observer.get(path)).status_code == 404
    assert "What the lakes" not in (await guest.get("/consultations")).text
    assert "Being prepared" in (await chair.get(f"/drafts/{forum.draft.id}/consultations")).text

    settings = await chair.get(f"{path}/settings")
    assert "1 person of the groups that are asked is told." in settings.text
    assert (await chair.post(f"{path}/announce")).headers["location"] == f"{path}/settings?done=announced"
    shown = await guest.get(path)
    assert shown.status_code == 200
    assert "Consultation on \u2068Rev.1\u2069, open to Civil society and Academia" in shown.text
    assert "(Asia/Kathmandu)" in shown.text
    assert "18:14 UTC" in shown.text  # 23:59 there
    assert "days left" in shown.text
    assert f'href="{path}"' in (await guest.get("/consultations")).text
    assert f'href="{path}"' in (await observer.get("/")).text
    assert "/consultations" in (await guest.get("/sign-in")).text

    moved = await chair.post(f"{path}/extend", {"day": _day(9), "time": "12:00"})
    assert moved.headers["location"].endswith("done=extended")
    too_early = await chair.post(f"{path}/extend", {"day": _day(8), "time": "12:00"})
    assert too_early.status_code == 409
    assert "later than the present one" in too_early.text
    assert (await chair.post(f"{path}/close")).status_code == 303
    assert "Closed" in (await guest.get("/consultations")).text
    assert "done=changed" in (await chair.post(f"{path}/late", {"late": "1"})).headers["location"]
    assert "marked as late" in (await chair.get(f"{path}/settings")).text


async def test_settings_that_nobody_touched_stay(forum: Cast, as_person: Sign, store: Store) -> None:
    chair = await as_person(forum.chair)
    path = await prepared(chair, forum)
    await chair.post(f"{path}/announce")
    await chair.post(f"{path}/close")  # at a fraction of a second
    page = await chair.get(f"{path}/settings")
    fields = dict(re.findall(r'<input[^>]* name="([a-z]+_(?:day|time)|version|title)" value="([^"]*)"', page.text))
    fields |= {name: form()[name] for name in ("intro", "zone", "g-civil_society", "g-academia", "reveal", "public")}
    async with store.read() as q:
        before = await q.rounds.get(path.rsplit("/", 1)[1])
    assert before is not None
    fields |= {"granularity": "clause", f"q-{before.questions[0].id}": before.questions[0].text}
    assert (await chair.post(f"{path}/settings", fields | {"title": "A better title"})).status_code == 303
    async with store.read() as q:
        after = await q.rounds.get(before.id)
    assert after is not None
    assert (after.title, after.closes_at, after.questions) == ("A better title", before.closes_at, before.questions)


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"closes_day": _day(-2)}, "closes after it opens"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"g-academia": "", "g-civil_society": ""}, "at least one group"),
        ({"version": "9"}, "no such version"),
        ({"opens_time": "noon"}, "a day and a time of day"),
        ({"pseudonyms": "1"}, "does not allow comments under another name"),
    ],
)
async def test_what_is_refused_is_said_and_what_was_typed_is_kept(
    forum: Cast, as_person: Sign, wrong: dict[str, str], why: str
) -> None:
    chair = await as_person(forum.chair)
    answer = await chair.post(f"/drafts/{forum.draft.id}/consultations", form(title="A <b>fine</b> title") | wrong)
    assert answer.status_code == 422
    assert why in answer.text
    assert 'value="A &lt;b&gt;fine&lt;/b&gt; title"' in answer.text
    assert "Who keeps the directory?" in answer.text


APPLYING = {
    "name": "Observers of <b>lakes</b>",
    "group": "academia",
    "contact": "Mira Stone",
    "email": "mira@observers.example",
    "statement": "We would like to be heard.",
    "code": "",
}


async def test_an_organisation_applies_and_joins(forum: Cast, as_person: Sign, browser: Callable[[], Browser]) -> None:
    guest, chair, norvale = browser(), await as_person(forum.chair), await as_person(forum.norvale)
    apply = f"/forums/{forum.forum.id}/apply"
    assert (await guest.get(apply)).status_code == 200
    wrong = await guest.post(apply, APPLYING | {"email": "nowhere"})
    assert wrong.status_code == 422
    assert "Mira Stone" in wrong.text
    sent = await guest.post(apply, APPLYING)
    mine = sent.headers["location"].removesuffix("?done=sent")
    assert "waits for the secretariat" in (await guest.get(mine)).text

    inbox = f"/forums/{forum.forum.id}/applications"
    assert "1 application waits" in (await chair.get("/")).text
    led = await chair.get(inbox)
    assert "mira@observers.example" in led.text
    assert "Observers of &lt;b&gt;lakes&lt;/b&gt;" in led.text
    one = re.search(rf"{inbox}/(\w+)/admit", led.text)[1]  # type: ignore[index]
    assert "Observers" not in (await norvale.get(inbox)).text
    assert (await chair.post(f"{inbox}/{one}/propose", {"days": "7"})).status_code == 303
    asked = await norvale.get(inbox)
    assert "Observers" in asked.text
    assert "mira@" not in asked.text
    assert "Mira Stone" not in asked.text
    assert (await norvale.post(f"{inbox}/{one}/object", {"reason": " "})).status_code == 422
    assert (await norvale.post(f"{inbox}/{one}/object", {"reason": "We do not know it."})).status_code == 303
    assert "We do not know it." in (await chair.get(inbox)).text
    waiting = await guest.get(mine)
    assert "Delegations may object until" in waiting.text
    assert "We do not know it." not in waiting.text
    early = await chair.post(f"{inbox}/{one}/admit", {"code": ""})
    assert early.status_code == 409


async def test_an_admitted_organisation_finds_its_way_in(
    forum: Cast, as_person: Sign, browser: Callable[[], Browser]
) -> None:
    guest, chair = browser(), await as_person(forum.chair)
    sent = await guest.post(f"/forums/{forum.forum.id}/apply", APPLYING)
    mine = sent.headers["location"].removesuffix("?done=sent")
    inbox = f"/forums/{forum.forum.id}/applications"
    one = re.search(rf"{inbox}/(\w+)/admit", (await chair.get(inbox)).text)[1]  # type: ignore[index]
    assert (await chair.post(f"{inbox}/{one}/admit", {"code": "CTM"})).status_code == 409  # Costamar's
    assert (await chair.post(f"{inbox}/{one}/admit", {"code": "obl"})).status_code == 303
    join = re.search(r'href="(/join/[^"]+)"', (await guest.get(mine)).text)[1]  # type: ignore[index]
    person = {"name": "Mira Stone", "email": "mira@observers.example", "password": "seven swans a-swimming"}
    assert (await guest.post(join, person)).status_code == 303
    assert "OBL" in (await guest.get("/")).text
    assert "has joined" in (await browser().get(mine)).text
    assert "mira@" not in (await chair.get(f"/forums/{forum.forum.id}/people")).text


async def test_a_refusal_is_read_by_the_applicant(forum: Cast, as_person: Sign, browser: Callable[[], Browser]) -> None:
    guest, chair = browser(), await as_person(forum.chair)
    sent = await guest.post(f"/forums/{forum.forum.id}/apply", APPLYING)
    mine = sent.headers["location"].removesuffix("?done=sent")
    inbox = f"/forums/{forum.forum.id}/applications"
    one = re.search(rf"{inbox}/(\w+)/refuse", (await chair.get(inbox)).text)[1]  # type: ignore[index]
    assert (await chair.post(f"{inbox}/{one}/refuse", {"reason": ""})).status_code == 422
    assert (await chair.post(f"{inbox}/{one}/refuse", {"reason": "Outside the mandate."})).status_code == 303
    assert "Outside the mandate." in (await guest.get(mine)).text


async def test_how_a_forum_consults_is_set_on_the_page(forum: Cast, as_person: Sign, store: Store) -> None:
    chair = await as_person(forum.chair)
    path = f"/forums/{forum.forum.id}/rules"
    rules = {"minimum": "72", "unit": "hours", "breaks": "delegations", "accredits": "1", "non_objection": "10"}
    assert (await chair.post(path, rules | {"retention": "400"})).status_code == 303
    async with store.read() as q:
        found = await q.forums.get(forum.forum.id)
    assert found is not None
    assert (found.public, found.accredits, found.non_objection, found.retention) == (False, True, 864_000, 400)
    await forums.set_rules(store, forum.chair, forum.forum.id, forums.Rules(non_objection=129_600))  # a day and a half
    assert (await chair.post(path, rules | {"non_objection": "2"})).status_code == 303  # as the page tells it
    async with store.read() as q:
        kept = await q.forums.get(forum.forum.id)
    assert kept is not None
    assert kept.non_objection == 129_600
