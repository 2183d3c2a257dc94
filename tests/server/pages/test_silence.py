"""The page of silence procedures, from the start to the certificate; who is reminded; and what nobody is told."""

import json
import re
from collections.abc import Awaitable, Callable
from html import unescape

import pytest
from starlette.applications import Starlette

from drafts import commands as do
from drafts.desk import forums
from drafts.desk.floor import all as table
from drafts.model import Openness
from server.hub import operation
from server.pages import view
from tests.cast import Cast
from tests.live.machine import SECOND, Machine
from tests.server.conftest import Browser

Sign = Callable[[str], Awaitable[Browser]]
HOURS_72 = {"how": "lasts", "lasts": str(72 * 60)}


class Council:
    """The cast's draft on a server whose clock goes as the test says."""

    def __init__(self, app: Starlette, room: Cast, sign: Sign) -> None:
        self.app, self.cast, self.sign = app, room, sign
        self.hub, self.path = app.state.hub, f"/drafts/{room.draft.id}/silence"
        self.machine = Machine()
        self.machine.wall = round(room.draft.created_at.timestamp() + 60) * SECOND
        self.hub.clock = self.machine.clock()

    async def issue(self) -> None:
        await self.hub.perform(self.cast.chair, self.cast.draft.id, do.Issue(operation(), operation()))

    async def start(self, **form: str) -> str:
        """Issue and start; the procedure's id."""
        await self.issue()
        chair = await self.sign(self.cast.chair)
        answer = await chair.post(f"{self.path}/start", {**HOURS_72, **form})
        assert answer.status_code == 303, says(answer.text)
        return await self.procedure()

    async def procedure(self) -> str:
        told = await table(self.app.state.store, self.cast.chair, self.cast.draft.id)
        return str(told["draft"]["silence"]["id"])

    async def ends(self) -> None:
        """The deadline comes."""
        self.machine.pass_time(72 * 3600 + 64)  # the full minute after it
        await self.hub.adopter.look()

    async def page(self, person_id: str, path: str = "") -> str:
        answer = await (await self.sign(person_id)).get(self.path + path)
        assert answer.status_code == 200
        return plain(answer.text)


def plain(html: str) -> str:
    """A page's words."""
    body = re.sub(r"<(script|style|svg).*?</\1>", "", html, flags=re.DOTALL)
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def says(html: str) -> str:
    """What the page says is wrong."""
    found = re.search(r'role="alert">([^<]*)', html)
    return unescape(found[1]) if found else ""


@pytest.fixture
def council(app: Starlette, room: Cast, as_person: Sign) -> Council:
    return Council(app, room, as_person)


async def test_from_the_start_to_the_certificate(council: Council) -> None:
    cast = council.cast
    assert "No silence procedure has been started" in await council.page(cast.norvale)
    await council.start(note="Please read it once more.")
    for person in cast.members:
        page = await council.page(person)
        assert "The text is frozen. Without an objection it is adopted at the deadline." in page
        assert "Please read it once more." in page
    norvale = await council.sign(cast.norvale)
    said = await norvale.post(f"{council.path}/explain", {"text": "We read it\nas voluntary."})
    assert said.status_code == 303
    assert (await norvale.get(f"{council.path}/latest/certificate")).status_code == 404
    await council.ends()
    page = await council.page(cast.observer)
    assert "Adopted by silence on" in page
    assert "We read it as voluntary." in page
    paper = await council.page(cast.observer, "/latest/certificate")
    version = (await table(council.app.state.store, cast.chair, cast.draft.id))["draft"]["silence"]
    for words in (version["hash"], "Norms for the lake states", "Norvale", "Costamar", "Secretariat", "as voluntary"):
        assert words in paper
    assert "not running" not in paper


async def test_a_length_or_a_moment_and_the_minimum(council: Council) -> None:
    await council.issue()
    chair = await council.sign(council.cast.chair)
    for form, wrong in (
        ({"how": "lasts", "lasts": "60"}, "at least 72 hours"),
        ({"how": "until", "day": "2026-11-99", "time": "12:00"}, "Choose the day"),
        ({"how": "until", "day": "1999-12-31", "time": "12:00"}, "at least 72 hours"),
        ({"how": "until", "day": "2099-12-31", "time": "12:00"}, "a year at most"),
        ({"how": "lasts", "lasts": "999999"}, "a year at most"),
        ({"how": "lasts", "lasts": "x"}, "not a number"),
        ({"how": "lasts", "lasts": "4320", "note": "x" * 2001}, "at most 2000"),
    ):
        answer = await chair.post(f"{council.path}/start", form)
        assert (answer.status_code, wrong in says(answer.text)) == (422, True), says(answer.text)
    await forums.set_rules(
        council.app.state.store, council.cast.chair, council.cast.forum.id, forums.Rules(60, "everyone")
    )
    assert "at least 1 minute" in plain((await chair.get(council.path)).text)
    assert (await chair.post(f"{council.path}/start", {"how": "lasts", "lasts": "1"})).status_code == 303


async def test_what_changed_is_issued_first(council: Council) -> None:
    await council.issue()
    acts = await council.app.state.store.acts(council.cast.draft.id, 0)
    clause = acts[0].body["clauses"][0]["id"]
    await council.hub.perform(council.cast.norvale, council.cast.draft.id, do.Edit(operation(), clause, 0, "Other"))
    assert "The text has changed since" in await council.page(council.cast.chair)
    assert "The text has changed since" not in await council.page(council.cast.norvale)
    answer = await (await council.sign(council.cast.chair)).post(f"{council.path}/start", HOURS_72)
    assert (answer.status_code, "Issue the text" in says(answer.text)) == (409, True)


async def test_it_is_broken_on_clauses(council: Council) -> None:
    procedure = await council.start()
    ids = [c["id"] for c in (await council.app.state.store.acts(council.cast.draft.id, 0))[0].body["clauses"]]
    costamar = await council.sign(council.cast.costamar)
    form = {"procedure": procedure, f"c-{ids[2]}": "on", f"c-{ids[3]}": "on", "act": "break"}
    answer = await costamar.post(f"{council.path}/break", form)
    assert (answer.status_code, says(answer.text)) == (422, "Say why the silence is broken.")
    assert f'name="c-{ids[2]}" checked' in answer.text
    assert (await costamar.post(f"{council.path}/break", {**form, "reason": "[Shall] it is."})).status_code == 303
    page = await council.page(council.cast.norvale)
    assert "Silence was broken by \u2068Costamar\u2069" in page
    assert "[Shall] it is." in page
    assert "OP1 (a)" in page
    assert "Break the silence too" in page
    assert "Break the silence" not in await council.page(council.cast.costamar)
    norvale = await council.sign(council.cast.norvale)
    too = await norvale.post(f"{council.path}/break", {"procedure": procedure, "reason": "So say we."})
    assert too.status_code == 303
    paper = await council.page(council.cast.chair, f"/{procedure}/certificate")
    assert "broken" in paper
    assert "OP1" in paper
    assert "So say we." in paper


async def test_who_broke_it_is_told_as_the_forum_wants(council: Council) -> None:
    """A secret word in the reason; the breaker has never done anything else in this draft."""
    cast, store = council.cast, council.app.state.store
    await forums.set_rules(store, cast.chair, cast.forum.id, forums.Rules(60, Openness.LEADS.value))
    procedure = await council.start()
    costamar = await council.sign(cast.costamar)
    form = {"procedure": procedure, "reason": "xylophone"}
    assert (await costamar.post(f"{council.path}/break", form)).status_code == 303
    doors = ("", "/latest/certificate", "/latest/certificate?format=json")
    for person, hears in ((cast.chair, True), (cast.costamar, True), (cast.norvale, False), (cast.observer, False)):
        browser = await council.sign(person)
        pages = [(await browser.get(council.path + door)).text for door in doors]
        assert [("xylophone" in page) for page in pages] == [hears] * 3
        paths = (f"/drafts/{cast.draft.id}", f"/drafts/{cast.draft.id}/record")
        others = [(await browser.get(path)).text for path in paths]
        if not hears:
            assert all("xylophone" not in page for page in others)
        shown = re.search(r'id="room-data">(.*?)</script>', others[0])
        assert shown is not None
        authors = json.loads(shown[1])["authors"]
        assert all(party != cast.parties["CTM"].id for _, party in authors)


async def test_cancelled_and_begun_again(council: Council) -> None:
    procedure = await council.start()
    chair = await council.sign(council.cast.chair)
    assert (await chair.post(f"{council.path}/cancel", {"procedure": procedure, "reason": ""})).status_code == 422
    done = await chair.post(f"{council.path}/cancel", {"procedure": procedure, "reason": "A slip of the pen."})
    assert done.status_code == 303
    page = await council.page(council.cast.norvale)
    assert "was cancelled at" in page
    assert "A slip of the pen." in page
    again = await council.start()
    assert again != procedure
    page = await council.page(council.cast.norvale)
    assert "Earlier procedures" in page
    assert (await chair.get(f"{council.path}/{procedure}/certificate")).status_code == 200


async def test_who_has_not_opened_it(council: Council) -> None:
    cast = council.cast
    await council.start()
    norvale = await council.sign(cast.norvale)
    assert "you have not opened the text yet" in plain((await norvale.get("/")).text)
    page = await council.page(cast.chair)
    assert "Have not opened the text" in page
    assert "NVL" in page
    assert (await norvale.get(f"/drafts/{cast.draft.id}")).status_code == 200
    assert "you have not opened the text yet" not in plain((await norvale.get("/")).text)
    assert "you have not opened the text yet" in plain((await (await council.sign(cast.observer)).get("/")).text)
    assert "NVL" not in await council.page(cast.chair)
    assert "Have not opened" not in await council.page(cast.norvale)
    assert (await (await council.sign(cast.stranger)).get("/")).status_code == 200


async def test_a_late_adoption_says_so(council: Council) -> None:
    await council.start()
    council.machine.pass_time(100 * 3600)
    assert "adopted in a moment" in await council.page(council.cast.norvale)
    await council.hub.adopter.look()
    assert "the server was not running at the deadline" in await council.page(council.cast.norvale)
    assert "the server was not running at the deadline" in await council.page(
        council.cast.norvale, "/latest/certificate"
    )


@pytest.mark.parametrize("language", ["en", "ar"])
async def test_the_certificate_as_files(council: Council, language: str) -> None:
    await council.start()
    norvale = await council.sign(council.cast.norvale)
    await norvale.post(f"{council.path}/explain", {"text": "We read it as *voluntary*.\n#strong[x] ينبغي"})
    await council.ends()
    norvale.http.cookies.set(view.LANGUAGE_COOKIE, language, domain="127.0.0.1", path="/")
    printed = await norvale.get(f"{council.path}/latest/certificate?format=pdf")
    assert (printed.status_code, printed.content[:5]) == (200, b"%PDF-")
    data = (await norvale.get(f"{council.path}/latest/certificate?format=json")).json()
    assert (data["outcome"], data["title"], data["late"]) == ("adopted", "Norms for the lake states", False)
    assert [one["code"] for one in data["parties"]] == ["CHR", "CTM", "NVL", "SEC"]
    assert data["explanations"][0]["text"].startswith("We read it")
    assert len(data["hash"]) == len(data["proof"]) == 64
    assert (await norvale.get(f"{council.path}/latest/certificate?format=doc")).status_code == 422
