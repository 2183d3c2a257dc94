"""axe-core finds nothing on any page: light, dark, right to left, wide, 390 px; no page is wider than its window."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import expect

from drafts import commands as do
from drafts import migrate
from drafts.desk import accrediting, drafts, forums, invitations, live, people
from drafts.desk.accrediting import Wish
from drafts.model import Member, Stance, now
from drafts.store import Store
from server.demo import make
from server.paths import MIGRATIONS
from server.settings import Settings
from tests.browser.conftest import OpenPage
from tests.repo import REPO
from tests.server.served import serving

AXE = REPO / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TEXT = "# Care for the lakes\n\n*Recalling* the lakes,\n\n1. States [should [not]] act:\n\n(a) soon]."


@dataclass(frozen=True, slots=True)
class Demo:
    """A running demo: its address, and what stands for the places in the paths below."""

    url: str
    cookie: str
    places: dict[str, str]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    database = f"sqlite:///{Path(tmp_path_factory.mktemp('axe')) / 'adref.sqlite3'}"
    await migrate.upgrade(database, MIGRATIONS)
    async with Store.open(database) as store:
        forum = await make(store)
        async with store.read() as q:
            draft = (await q.drafts.of_forum(forum.id))[0]
            members = await q.forums.members(forum.id)
            told = (await q.rounds.of_draft(draft.id))[-1]
        secretary = next(m for m in members if m.role == "secretariat")
        clause, other = (c.id for c in (await drafts.state(store, secretary.person_id, draft.id))[0].standing()[1:3])
        delegates = [m.person_id for m in members if m.role == "delegate"]
        for person, stance in zip(delegates, Stance, strict=False):
            asked = do.TakePosition(
                stance, clause, stance, "Our capital says so.", other if stance is Stance.CONDITIONAL else None
            )
            await live.perform(store, person, draft.id, asked)
        cookie = await people.open_session(store, secretary.person_id)
        party = secretary.party.id
        _, secret = await invitations.invite(store, secretary.person_id, forum.id, party, "delegate")
        application = await _applied(store, secretary)
    places = {
        "forum": forum.id,
        "application": application,
        "draft": draft.id,
        "secret": secret,
        "clause": clause,
        "round": told.id,
    }
    async with serving(Settings(database_url=database, demo=True, rate_limits=False)) as (address, _):
        yield Demo(f"http://{address}", cookie, places)


async def _applied(store: Store, secretary: Member) -> str:
    """Two organisations ask to take part; delegations are asked about one. The key of the other."""
    wish = Wish("Lake watchers", "civil_society", "Mira Stone", "mira@watchers.example", "We would like to be heard.")
    await forums.set_rules(store, secretary.person_id, secretary.forum_id, forums.Rules(accredits=True))
    _, key = await accrediting.apply(store, secretary.forum_id, wish, now())
    proposed, _ = await accrediting.apply(store, secretary.forum_id, wish, now())
    await accrediting.propose(store, secretary.person_id, secretary.forum_id, proposed.id, 86_400, now())
    return key


PAGES = {
    "sign-in": "/sign-in",
    "join": "/join/{secret}",
    "nothing": "/nowhere",
    "home": "/",
    "account": "/account",
    "people": "/forums/{forum}/people",
    "new": "/forums/{forum}/drafts/new",
    "preview": "/forums/{forum}/drafts/new",
    "room": "/drafts/{draft}?all=1",
    "clean": "/drafts/{draft}?view=clean",
    "brackets": "/drafts/{draft}/brackets",
    "as if": "/drafts/{draft}/as-if?brackets=struck",
    "compilation": "/drafts/{draft}/compilation",
    "versions": "/drafts/{draft}/versions",
    "version": "/drafts/{draft}/versions/1",
    "compare": "/drafts/{draft}/compare?old=1&new=live",
    "one column": "/drafts/{draft}/compare?old=1&new=live&layout=one&show=edited",
    "positions": "/drafts/{draft}/positions",
    "one position": "/drafts/{draft}/positions?on={clause}",
    "record": "/drafts/{draft}/record",
    "columns": "/drafts/{draft}/compare?base=1&with=2,live",
    "consultation": "/consultations/{round}?on={clause}&about=clause",
    "comments": "/consultations/{round}/comments?view=support&view=oppose&late=no",
    "comment": "/consultations/{round}/comments/1",
    "own comments": "/consultations/{round}/mine",
    "consultations": "/consultations",
    "new consultation": "/drafts/{draft}/consultations/new",
    "settings": "/consultations/{round}/settings",
    "apply": "/forums/{forum}/apply",
    "application": "/applications/{application}",
    "notices": "/notices",
    "erase": "/account/erase",
    "moderation": "/consultations/{round}/moderation",
    "applications": "/forums/{forum}/applications",
}
WINDOWS = {
    "wide": (1440, 900, "light", "en"),
    "dark": (1440, 900, "dark", "en"),
    "narrow": (390, 844, "light", "en"),
    "right to left": (1440, 900, "light", "ar"),
    "narrow, right to left": (390, 844, "dark", "ar"),
}


# Every page wide and light, and narrow, dark and right to left; the three that differ most in all windows.
_EVERYWHERE = ("wide", "narrow, right to left")
CASES = [
    (name, window)
    for name in PAGES
    for window in WINDOWS
    if window in _EVERYWHERE or name in {"home", "room", "compare"}
]


@pytest.mark.parametrize(("name", "window"), CASES)
async def test_axe_finds_nothing(name: str, window: str, demo: Demo, open_page: OpenPage) -> None:
    width, height, scheme, language = WINDOWS[window]
    page = await open_page(viewport={"width": width, "height": height}, color_scheme=scheme, locale=language)
    await page.context.add_cookies([{"name": "adref_language", "value": language, "url": demo.url}])
    if name not in {"sign-in", "join"}:
        await page.context.add_cookies([{"name": "adref", "value": demo.cookie, "url": demo.url}])
    await page.goto(demo.url + PAGES[name].format(**demo.places))
    if name == "preview":
        await page.locator("textarea[name=source]").fill(TEXT)
        await page.locator("main button.primary").click()
        await page.locator("#found").wait_for()
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
        ".then(r => r.violations.map(v => [v.id, v.help, ...v.nodes.slice(0, 3).map(n => n.html)]))",
        RULES,
    )
    assert found == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("name", ["home", "room", "compare"])
async def test_a_phone_has_a_menu_for_what_its_bar_has_no_room_for(name: str, demo: Demo, open_page: OpenPage) -> None:
    page = await open_page(viewport={"width": 390, "height": 844}, locale="en")
    await page.context.add_cookies([{"name": "adref", "value": demo.cookie, "url": demo.url}])
    await page.goto(demo.url + PAGES[name].format(**demo.places))
    menu = page.get_by_role("banner").locator("details.only-s")
    await menu.locator("summary").click()
    await expect(menu.get_by_role("link", name="Notices")).to_be_in_viewport(ratio=1)
    await menu.get_by_role("link", name="Consultations").click()
    await expect(page.get_by_role("heading", name="Consultations", level=1)).to_be_visible()
