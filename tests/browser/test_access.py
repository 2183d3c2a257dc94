"""The room and its dialogs have no fault that axe-core can find, light and dark, wide and narrow, from either side."""

from typing import Any

import pytest
from playwright.async_api import Page

from tests.browser.conftest import Enter
from tests.browser.hands import open_at_end, saved, text_of
from tests.browser.house import REPO, Scene

AXE = REPO / "node_modules" / "axe-core" / "axe.min.js"


async def faults(page: Page) -> list[str]:
    """What axe-core objects to: rule and element."""
    await page.evaluate(AXE.read_text())
    found: list[dict[str, Any]] = (await page.evaluate("axe.run({resultTypes: ['violations']})"))["violations"]
    return [f"{fault['id']}: {node['html'][:200]}" for fault in found for node in fault["nodes"]]


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"viewport": {"width": 1440, "height": 900}}, "CHR"),
        ({"viewport": {"width": 1440, "height": 900}, "color_scheme": "dark"}, "NVL"),
        ({"viewport": {"width": 390, "height": 844}}, "NVL"),
        ({"viewport": {"width": 1440, "height": 900}, "locale": "ar"}, "NVL"),
    ],
)
async def test_axe_finds_nothing(scene: Scene, enter: Enter, options: dict[str, Any], code: str) -> None:
    page = await enter(scene, code, **options)
    assert await faults(page) == []
    await open_at_end(page, scene.clauses[3])
    await page.keyboard.type(" [x [y]]")
    await saved(page)
    assert await faults(page) == []
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await page.locator("dialog.keys-list").wait_for()
    assert await faults(page) == []


async def test_an_observer_has_no_fault_either(scene: Scene, enter: Enter) -> None:
    page = await enter(scene, "HLP")
    await text_of(page, scene.clauses[2]).click()
    assert await faults(page) == []


async def test_the_room_fits_a_narrow_screen(scene: Scene, enter: Enter) -> None:
    page = await enter(scene, "NVL", viewport={"width": 390, "height": 844})
    await open_at_end(page, scene.clauses[2])
    assert await page.evaluate("document.documentElement.scrollWidth") <= 390
