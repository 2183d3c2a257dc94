"""Two people edit the Word file offline for a day while the room goes on; the file comes back without a lost word."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from playwright.async_api import Page, expect

from drafts import commands as do
from drafts.desk import documents, live
from drafts.exchange import word
from drafts.exchange.document import Document, Note, Written
from drafts.exchange.parsed import Piece, Signed
from drafts.model import Group
from drafts.store import Store
from tests.browser.conftest import Enter, OpenPage
from tests.browser.hands import contains, open_at_end, saved, standing, text_of
from tests.browser.house import House, Scene
from tests.repo import REPO

AT = datetime(2031, 3, 1, 9, tzinfo=UTC)
NORVALE, TARVIA = Signed("I. Valder (Norvale)", AT), Signed("T. Arden", AT)
HOURS = "*Encourages* States to answer within [two] hours:"
AXE = REPO / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def edited(document: Document, clauses: list[str]) -> Document:
    """Norvale puts a word into two clauses, Tarvia strikes one of them in the first, rewrites another and adds one."""
    pieces = {
        clauses[2]: (
            Piece("*Invites* each State to name a "),
            Piece("single ", NORVALE),
            Piece("national ", NORVALE, TARVIA),
            Piece("point of contact;"),
        ),
        clauses[3]: (
            Piece("*Encourages* States to answer within [two] "),
            Piece("days", None, TARVIA),
            Piece("working days", TARVIA),
            Piece(":"),
        ),
        clauses[7]: (Piece("*Decides* to meet again"), Piece(" in spring", NORVALE), Piece(".")),
    }
    told: list[Written] = []
    for written in document.clauses:
        mine = pieces.get(written.clause.id, ())
        text = "".join(piece.text for piece in mine if piece.dele is None)
        told.append(replace(written, clause=replace(written.clause, text=text), pieces=mine) if mine else written)
    note = Note("1", clauses[7], 0, 0, "Tarvia", Group.GOVERNMENT, TARVIA.author, AT, "Or autumn?")
    return replace(document, clauses=tuple(told), notes=(note,), since="Rev.1")


async def offline(house: House, scene: Scene) -> bytes:
    """The file as it left, with a day's work in it."""
    async with Store.open(house.database) as store:
        document = await documents.of_draft(store, scene.people["CHR"], scene.draft.id, 1)
    return word.write(edited(document, scene.clauses))


async def issue(page: Page, house: House, scene: Scene) -> None:
    await page.goto(f"{house.url}{scene.path}/versions")
    await page.locator("input[name=label]").fill("Rev.1")
    await page.locator("button.primary").click()
    await page.wait_for_url("**/versions/1")


async def bring(page: Page, house: House, scene: Scene, data: bytes) -> None:
    await page.goto(house.url + scene.path)
    await page.locator("details.menu summary", has_text="Export").click()
    await page.locator(".menu-b a", has_text="Bring a file back").click()
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    await page.locator("input[type=file]").set_input_files(
        {"name": "points of contact.docx", "mimeType": kind, "buffer": data}
    )
    await page.locator("main button.primary").click()
    await expect(page.locator("h1")).to_have_text("points of contact.docx")


async def test_two_people_edit_the_word_file_offline(scene: Scene, enter: Enter, house: House) -> None:
    chair, tarvia = await enter(scene, "CHR"), await enter(scene, "TVA")
    await issue(chair, house, scene)
    data = await offline(house, scene)
    await open_at_end(tarvia, scene.clauses[3])  # the room goes on
    for _ in range(5):
        await tarvia.keyboard.press("Backspace")
    await tarvia.keyboard.type("hours:")
    await saved(tarvia)
    await bring(chair, house, scene, data)
    await expect(chair.locator(".merge-sum")).to_contain_text("2 changes apply, 1 conflicts.")
    await expect(chair.locator(".meet header p")).to_contain_text("Tarvia changed the same or the next words")
    await expect(chair.locator(".tbl tbody th")).to_have_count(2)
    await chair.get_by_label(NORVALE.author).select_option(label="Norvale")
    await chair.wait_for_url(re.compile("p0="))
    await chair.get_by_label(TARVIA.author, exact=True).select_option(label="Tarvia")
    await expect(chair.locator(".mrg-l .by.i-del")).to_have_text("NVL, TVA")
    assert "single" not in (await standing(tarvia))[2]  # nothing has happened yet
    await chair.get_by_role("button", name="Apply 2 changes").click()
    await expect(chair.locator(".merge-sum")).to_contain_text("2 changes went in, 1 conflict to settle.")
    await contains(tarvia, 2, "a single point")  # the open room has it at once
    await contains(tarvia, 7, "in spring.")
    await expect(text_of(tarvia, scene.clauses[2]).locator(".by.i-ins")).to_have_text("NVL")
    await expect(text_of(tarvia, scene.clauses[2]).locator("del.both")).to_contain_text("national")
    assert (await standing(tarvia))[3].endswith("hours:")
    await expect(tarvia.locator(".thread")).to_contain_text("Or autumn?")
    box = chair.locator(".meet textarea")
    assert "[hours] [working days]" in await box.input_value()
    await box.fill("*Encourages* States to answer within [two] [hours][working days]:")
    await chair.get_by_role("button", name="Use this text").click()
    await expect(chair.locator(".meet .settled")).to_contain_text("Settled with a text of its own. Delegate of Chair")
    await contains(tarvia, 3, "[hours][working days]:")
    await expect(chair.locator(".merge-sum")).to_contain_text("1 settled")


async def test_a_delegation_under_the_chairs_pen_brings_proposals(house: House, enter: Enter) -> None:
    scene = await house.scene(mode="pen")
    norvale = await enter(scene, "NVL")
    await issue(await enter(scene, "CHR"), house, scene)
    data = await offline(house, scene)
    chair = await enter(scene, "CHR")
    await open_at_end(chair, scene.clauses[3])  # the chair goes on
    for _ in range(5):
        await chair.keyboard.press("Backspace")
    await chair.keyboard.type("hours:")
    await saved(chair)
    await bring(norvale, house, scene, data)
    await expect(norvale.locator(".merge-sum")).to_contain_text(
        "3 changes become proposals of Norvale, kept private until you table them."
    )
    await norvale.get_by_role("button", name="Make 3 proposals").click()
    await expect(norvale.locator(".merge-sum")).to_contain_text("3 changes are proposals of Norvale.")
    assert "single" not in (await standing(chair))[2]
    await clean(norvale, norvale.url)
    await norvale.get_by_role("link", name="Open the proposal").first.click()
    await expect(norvale.locator(".own-head")).to_contain_text("Private to Norvale")
    await norvale.go_back()
    await norvale.get_by_role("button", name="Table 3 proposals").click()
    await expect(norvale.locator(".mrg-l .tag.ok")).to_have_text(["P 1", "P 2", "P 3"])
    await chair.goto(f"{house.url}{scene.path}/proposals")
    await expect(chair.locator(".prop")).to_have_count(3)
    await expect(chair.locator(".prop .tag.warn")).to_have_text("stale")  # the chair changed these words
    await chair.locator(".prop", has_text="P 1").get_by_role("link", name="Decide").click()
    await chair.get_by_role("button", name="Accept whole, or merge").click()
    norvale = await enter(scene, "NVL")
    await contains(norvale, 2, "a single point")
    await expect(text_of(norvale, scene.clauses[2]).locator(".by.i-ins").first).to_have_text("NVL")


WINDOWS = {
    "wide": (1440, 900, "light", "en"),
    "narrow, right to left": (390, 844, "dark", "ar"),
}


@pytest.mark.parametrize("window", WINDOWS)
async def test_axe_finds_nothing(window: str, scene: Scene, house: House, open_page: OpenPage) -> None:
    width, height, scheme, language = WINDOWS[window]
    page = await open_page(viewport={"width": width, "height": height}, color_scheme=scheme)
    await page.context.add_cookies([{"name": "adref", "value": scene.cookies["CHR"], "url": house.url}])
    await issue(page, house, scene)
    data = await offline(house, scene)
    async with Store.open(house.database) as store:
        clauses = scene.clauses
        await live.perform(store, scene.people["TVA"], scene.draft.id, do.Edit("x1", clauses[3], 0, HOURS))
        await live.perform(store, scene.people["NVL"], scene.draft.id, do.Delete("x2", clauses[7], "Said elsewhere."))
    await bring(page, house, scene, data)
    await page.context.add_cookies([{"name": "adref_language", "value": language, "url": house.url}])
    where = page.url
    await clean(page, where)
    await page.locator("main button.primary").click()
    await expect(page.locator("form.settle")).to_have_count(2)
    await clean(page, where)
    await page.locator("form.settle button[value=comment]").last.click()
    await expect(page.locator("form.settle")).to_have_count(1)
    await clean(page, where)
    await clean(page, f"{house.url}{scene.path}/merges/new")


async def clean(page: Page, where: str) -> None:
    """axe-core finds nothing on the page, and it is no wider than its window."""
    await page.goto(where)
    await page.evaluate(AXE.read_text())
    found = await page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
        ".then(r => r.violations.map(v => [v.id, v.help, ...v.nodes.slice(0, 3).map(n => n.html)]))",
        RULES,
    )
    assert found == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
