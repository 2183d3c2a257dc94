"""A proposal in browsers: begun on a form, written in its own room, shared, tabled; no other window knows of it."""

import pytest
from playwright.async_api import expect

from tests.browser.conftest import Enter
from tests.browser.hands import open_at_end, saved, text_of
from tests.browser.house import House, Scene
from tests.browser.test_access import faults


@pytest.mark.parametrize("width", [1440, 390])
async def test_from_the_form_to_the_table(house: House, scene: Scene, enter: Enter, width: int) -> None:
    page = await enter(scene, "NVL", viewport={"width": width, "height": 900})
    clause = scene.clauses[7]
    await page.goto(f"{house.url}{scene.path}/proposals/new?clause={clause}")
    assert await faults(page) == []
    await page.get_by_label("Reason, in a sentence").fill("Once is not enough.")
    await page.get_by_role("button", name="Keep private").click()

    await expect(page.get_by_text("Private to Norvale")).to_be_visible()
    await expect(page.locator("#saved")).to_have_text("Connected")
    await open_at_end(page, clause)
    await page.keyboard.type(" In spring.")
    await page.keyboard.press("Enter")
    await expect(page.locator(".notice").first).to_contain_text("A proposal is one clause")
    await saved(page)
    await expect(text_of(page, clause).or_(page.locator(".cm-content"))).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(text_of(page, clause).locator("ins")).to_contain_text("In spring")
    assert await faults(page) == []
    assert await page.evaluate("document.documentElement.scrollWidth") <= width

    chair = await enter(scene, "CHR", viewport={"width": width, "height": 900})
    await chair.goto(f"{house.url}{scene.path}/proposals")
    await expect(chair.get_by_text("No proposal is on the table here.")).to_be_visible()

    await page.reload()
    await page.get_by_role("button", name="Table it").click()
    await expect(page.get_by_role("heading", name="Proposal 1")).to_be_visible()
    await expect(page.locator(".prop ins").first).to_contain_text("In spring")
    assert await faults(page) == []
    await chair.goto(page.url)
    await expect(chair.get_by_role("button", name="Accept whole, or merge")).to_be_visible()
    assert await faults(chair) == []
    await chair.get_by_role("button", name="Accept whole, or merge").click()
    await expect(chair.get_by_text("accepted").first).to_be_visible()
    await chair.goto(f"{house.url}{scene.path}")
    await expect(text_of(chair, clause).locator("ins")).to_contain_text("In spring")
