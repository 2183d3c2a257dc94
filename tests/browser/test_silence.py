"""A silence procedure in windows: started by the chair, broken by a delegation, kept, and told to all who look on."""

import re
import time

from playwright.async_api import Page, expect

from drafts import commands as do
from drafts.desk import live, silence
from drafts.model import Openness, new_id
from drafts.store import Store
from tests.browser.conftest import OpenPage
from tests.browser.house import House, Scene


async def allow(house: House, scene: Scene, seconds: int) -> None:
    """How long a silence takes at least."""
    async with Store.open(house.database) as store, store.write() as q:
        await q.forums.set_rules(scene.draft.forum_id, seconds, Openness.DELEGATIONS)


async def issue(house: House, scene: Scene) -> None:
    async with Store.open(house.database) as store:
        await live.perform(store, scene.people["CHR"], scene.draft.id, do.Issue(new_id(), f"Rev.{new_id(4)}"))


async def look(house: House, scene: Scene, open_page: OpenPage, code: str) -> Page:
    """The page of the draft's silence procedures as one of the cast, who is far from Greenwich."""
    page = await open_page(timezone_id="Asia/Kolkata")
    await page.context.add_cookies([{"name": "adref", "value": scene.cookies[code], "url": house.url}])
    await page.goto(f"{house.url}{scene.path}/silence")
    return page


async def test_started_broken_and_kept(house: House, scene: Scene, open_page: OpenPage) -> None:
    await allow(house, scene, 120)
    await issue(house, scene)
    chair, norvale, observer = [await look(house, scene, open_page, code) for code in ("CHR", "NVL", "HLP")]
    await expect(norvale.get_by_text("No silence procedure has been started")).to_be_visible()
    await chair.get_by_text("Choose the deadline …").click()
    await expect(chair.get_by_text("A silence procedure takes at least 2 minutes.")).to_be_visible()
    await chair.get_by_role("button", name="Start the silence procedure").click()
    for page in (chair, norvale, observer):
        await expect(page.get_by_text("The text is frozen.")).to_be_visible()
        await expect(page.locator(".clock")).to_have_text(re.compile(r"^\d:\d\d$"))
        await expect(page.get_by_text("minutes and seconds left")).to_be_visible()
        await expect(page.get_by_text(re.compile(r"GMT\+5:30 for you")).first).to_be_visible()

    await norvale.get_by_text("Break the silence …").click()
    await norvale.get_by_label(re.compile(r"^\s*OP2 Encourages")).check()
    await norvale.get_by_label("Reason").fill("[Two] days are too few.")
    await chair.get_by_text("Explain your position …").click()
    await chair.get_by_label("Explanation of position").fill("The chair thanks all delegations.")
    await chair.get_by_role("button", name="Put the explanation on record").click()
    await expect(norvale.get_by_text("The chair thanks all delegations.")).to_be_visible()
    await expect(norvale.get_by_label("Reason")).to_have_value("[Two] days are too few.")
    await norvale.get_by_role("button", name="Break the silence").click()
    await expect(norvale.get_by_text("Silence was broken by")).to_be_visible()
    await expect(chair.get_by_text("[Two] days are too few.")).to_be_visible()
    await expect(chair.get_by_role("link", name="OP2")).to_be_visible()
    await expect(observer.get_by_text("Silence was broken at")).to_be_visible()
    await expect(observer.get_by_text("too few")).to_have_count(0)

    await allow(house, scene, 1)
    await issue(house, scene)
    async with Store.open(house.database) as store:
        deadline = round((time.time() + 2.5) * 1000)
        command = await silence.starting(store, scene.people["CHR"], scene.draft.id, new_id(), deadline, "")
        await live.perform(store, scene.people["CHR"], scene.draft.id, command)
    await norvale.reload()
    await expect(norvale.get_by_text("Adopted by silence on")).to_be_visible()
    await norvale.get_by_role("link", name="Certificate").first.click()
    await expect(norvale.get_by_role("heading", name="Certificate of a silence procedure")).to_be_visible()
    await expect(norvale.get_by_text("Norvale", exact=False).first).to_be_visible()


async def test_the_clock_is_read_aloud_four_times_only(house: House, scene: Scene, open_page: OpenPage) -> None:
    await allow(house, scene, 3600)
    await issue(house, scene)
    async with Store.open(house.database) as store:
        deadline = round((time.time() + 2 * 3600) * 1000)
        command = await silence.starting(store, scene.people["CHR"], scene.draft.id, new_id(), deadline, "")
        await live.perform(store, scene.people["CHR"], scene.draft.id, command)
    page = await open_page()
    await page.clock.install()
    await page.context.add_cookies([{"name": "adref", "value": scene.cookies["NVL"], "url": house.url}])
    await page.goto(f"{house.url}{scene.path}/silence")
    aloud, shown = page.locator("[data-deadline] [aria-live]"), page.locator(".clock")
    await expect(shown).to_have_text(re.compile("^(2:00|1:59)$"))
    await expect(aloud).to_be_empty()
    said = r"1:00 hours and minutes|59:5\d minutes and seconds", r"(10:00|9:5\d) minutes and seconds"
    for left, words in zip((3600, 600), said, strict=True):
        now = round(await page.evaluate("Date.now()"))
        await page.clock.run_for(deadline - now - (left - 2) * 1000)
        await expect(aloud).to_have_text(re.compile(f"^({words}) left$"))
        before = await aloud.text_content()
        await page.clock.run_for(120_000)
        await expect(shown).to_have_text(re.compile(r"^(57|7):\d\d$"))
        await expect(aloud).to_have_text(before or "-")
