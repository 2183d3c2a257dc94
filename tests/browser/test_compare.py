"""The comparison in a browser: by keys, links to rows, a long one that is waited for, a Word file, six columns."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Page, ViewportSize, expect

from drafts import commands as do
from drafts.desk import live
from drafts.model import new_id
from drafts.store import Store
from server import comparisons
from server.settings import Settings
from tests.browser.conftest import OpenPage
from tests.browser.house import House, Scene
from tests.drafts.exchange.test_docx import p, word_file
from tests.server.served import serving

NARROW: ViewportSize = {"width": 390, "height": 844}
FITS = "document.documentElement.scrollWidth <= innerWidth"


@pytest_asyncio.fixture(loop_scope="session")
async def compared(house: House, scene: Scene) -> Scene:
    """A version, and then an edit by each delegation, a deletion and a join."""
    async with Store.open(house.database) as store:

        async def done(code: str, command: do.Command) -> None:
            await live.perform(store, scene.people[code], scene.draft.id, command)

        ids = scene.clauses
        await done("CHR", do.Issue(new_id(), "Rev.1"))
        await done("NVL", do.Edit(new_id(), ids[1], 0, "*Recognizing* that all services depend on each other,"))
        await done("TVA", do.Edit(new_id(), ids[3], 0, "*Encourages* States to answer within [three] days:"))
        await done("TVA", do.Join(new_id(), ids[5]))
        await done("CHR", do.Delete(new_id(), ids[7], "Said elsewhere."))
    return scene


async def at(open_page: OpenPage, url: str, scene: Scene, path: str, code: str = "NVL", **options: Any) -> Page:
    """A page of a delegate's."""
    page = await open_page(**options)
    await page.context.add_cookies([{"name": "adref", "value": scene.cookies[code], "url": url}])
    await page.goto(f"{url}{scene.path}/compare?{path}")
    return page


def row(page: Page, clause: str) -> Any:
    return page.locator(f"#r-{clause}")


async def test_keys_and_buttons_go_from_change_to_change(house: House, compared: Scene, open_page: OpenPage) -> None:
    page = await at(open_page, house.url, compared, "old=1&new=live")
    ids, count = compared.clauses, page.locator("#change-count")
    await expect(count).to_have_text("4 changes")
    for place, clause in enumerate((ids[1], ids[3], ids[4], ids[7]), 1):
        await page.keyboard.press("j")
        await expect(row(page, clause)).to_be_focused()
        await expect(count).to_have_text(f"{place} / 4")
    await page.keyboard.press("j")
    await expect(row(page, ids[1])).to_be_focused()  # round again
    await page.keyboard.press("k")
    await expect(row(page, ids[7])).to_be_focused()
    await page.locator("#change-prev").click()
    await expect(row(page, ids[4])).to_be_focused()
    await expect(page.locator(".mini .mm-now")).to_have_count(2)
    await page.locator("select[name=party]").select_option(label="Tarvia")
    await expect(count).to_have_text("2 changes")
    await page.locator(".chip[data-show=merged]").click()
    await expect(count).to_have_text("1 change")
    await page.keyboard.press("j")
    await expect(row(page, ids[4])).to_be_focused()
    await expect(count).to_have_text("1 / 1")


async def test_a_link_leads_to_a_row_and_is_copied(house: House, compared: Scene, open_page: OpenPage) -> None:
    ids = compared.clauses
    page = await at(open_page, house.url, compared, f"old=1&new=live#r-{ids[2]}")
    await expect(row(page, ids[2])).to_be_in_viewport()  # unchanged: its fold opened
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=house.url)
    await page.evaluate(f"location.hash = 'r-{ids[5]}'")
    await expect(row(page, ids[4])).to_have_attribute("aria-current", "true")  # it stands in the row it was joined into
    await page.locator("#copy-link").click()
    await expect(page.locator("#link-said")).to_contain_text("goes on changing")
    copied = await page.evaluate("navigator.clipboard.readText()")
    assert copied == f"{house.url}{compared.path}/compare?old=1&new=live#r-{ids[4]}"


async def test_one_column_on_a_narrow_screen(house: House, compared: Scene, open_page: OpenPage) -> None:
    page = await at(open_page, house.url, compared, "old=1&new=live")
    edited = row(page, compared.clauses[3])
    await expect(edited.locator(".was")).to_be_visible()
    await expect(edited.locator(".both del")).to_be_hidden()
    await page.set_viewport_size(NARROW)
    await expect(edited.locator(".was")).to_be_hidden()
    await expect(edited.locator(".both del")).to_be_visible()
    assert await page.evaluate(FITS)


async def test_a_long_one_is_waited_for(
    house: House, compared: Scene, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = threading.Event()

    def held(function: Callable[..., object]) -> Callable[..., object]:
        def work(*arguments: Any) -> object:
            arguments[-1](0.4)
            gate.wait(20)
            return function(*arguments)

        return work

    monkeypatch.setattr(comparisons, "_two", held(comparisons._two))
    async with serving(Settings(database_url=house.database, rate_limits=False)) as (address, _):
        for script in (True, False):
            gate.clear()
            names = "old=1&new=live" if script else "old=live&new=1"
            page = await at(open_page, f"http://{address}", compared, names, java_script_enabled=script)
            await expect(page.locator("h1")).to_have_text("Comparing… 40 %")
            gate.set()
            await expect(page.locator(".pair[data-change]")).to_have_count(4)


async def test_a_word_file_is_brought_and_compared(house: House, compared: Scene, open_page: OpenPage) -> None:
    page = await at(open_page, house.url, compared, "old=live&new=1")
    await page.get_by_text("Compare with a file").click()
    data = word_file(p("1. Invites every State to name a point of contact;") + p("2. Decides to meet again in spring."))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    await page.locator("input[type=file]").set_input_files({"name": "ours.docx", "mimeType": kind, "buffer": data})
    await page.locator("form[enctype] button").click()
    await expect(page.locator("select[name=new]")).to_have_value(page.url.rsplit("new=", 1)[1])
    await expect(page.locator(".pair.paired").filter(has_text="every")).to_contain_text("% alike")
    await expect(page.locator("select[name=new] option:checked")).to_have_text("ours.docx")


async def test_six_columns_scroll_in_their_own_box(house: House, compared: Scene, open_page: OpenPage) -> None:
    async with Store.open(house.database) as store:
        for number in range(2, 6):
            issue = do.Issue(new_id(), f"Rev.{number}")
            await live.perform(store, compared.people["CHR"], compared.draft.id, issue)
    page = await at(open_page, house.url, compared, "base=1&with=2,3,4,5,live", viewport={"width": 1440, "height": 900})
    await page.locator("select[name=with]").select_option(label="Rev.1")
    await page.get_by_role("button", name="Add a column").click()
    heads = page.locator("thead th")
    await expect(heads).to_have_count(7)
    await expect(page.get_by_text("Six columns is the most.")).to_be_visible()
    assert await page.evaluate(FITS)
    box = page.locator(".cols-box")
    await box.focus()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("End")
    left = (
        "e => new Promise(done => { const look = () => e.scrollLeft > 0 ? done(true) : setTimeout(look, 20); look(); })"
    )
    assert await box.evaluate(left)
    await expect(heads.first).to_be_in_viewport()  # it stays
    await page.set_viewport_size(NARROW)
    assert await page.evaluate(FITS)
    await expect(page.locator("td[data-shown]").first).to_be_visible()
    await expect(page.locator("td:not([data-shown])").first).to_be_hidden()
    await page.locator(".cols-tabs a").nth(4).click()
    await expect(page.locator(".cols-tabs a[aria-current]")).to_have_text("Working text")
    await expect(page.locator("thead th:visible")).to_have_count(2)
