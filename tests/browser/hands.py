"""What a person does in the room, as a few verbs for the tests."""

import asyncio
import re

from playwright.async_api import Locator, Page, expect


def text_of(page: Page, clause: str) -> Locator:
    """The painted text of a clause."""
    return page.locator(f"#c-{clause} .t")


def editor(page: Page) -> Locator:
    """The text of the clause that is open."""
    return page.locator(".clause.focus .cm-content")


async def open_at(page: Page, clause: str, at: int) -> None:
    """Open a clause by a click and put the caret at a position of its text, by keys."""
    await text_of(page, clause).click()
    await expect(page.locator(f"#c-{clause}.focus .cm-content")).to_be_focused()
    await page.keyboard.press("Home")
    await page.keyboard.press("Control+Home")
    for _ in range(at):
        await page.keyboard.press("ArrowRight")


async def open_at_end(page: Page, clause: str) -> None:
    """Open a clause with the caret behind its last word."""
    await text_of(page, clause).click()
    await expect(page.locator(f"#c-{clause}.focus .cm-content")).to_be_focused()
    await page.keyboard.press("Control+End")


async def standing(page: Page) -> list[str]:
    """The live text of every clause that stands, in order, as the page shows it (asterisks are not shown)."""
    texts: list[str] = await page.evaluate(
        """() => [...document.querySelectorAll('#doc .clause:not(.gone)')].map((clause) => {
            const shown = clause.querySelector('.cm-line') ?? clause.querySelector('.t');
            const copy = shown.cloneNode(true);
            for (const node of copy.querySelectorAll('del, .sr, .by, sup, .struck, .caret')) node.remove();
            return copy.textContent.replaceAll('*', '').replaceAll('\\u200b', '');
        })"""
    )
    return texts


async def until(page: Page, question: str, seconds: float = 10) -> None:
    """Wait until an expression is true in the page.

    Playwright's own wait_for_function needs eval, which the content security policy forbids.
    """
    async with asyncio.timeout(seconds):
        while not await page.evaluate(question):  # noqa: ASYNC110 - the event is in another process
            await asyncio.sleep(0.03)


async def contains(page: Page, index: int, *words: str) -> None:
    """Wait until the clause at an index has these words (carets may stand inside them)."""
    text = ""
    async with asyncio.timeout(20):
        while not all(word in text for word in words):
            await asyncio.sleep(0.03)
            text = (await standing(page))[index]


async def shows(page: Page, *texts: str) -> None:
    """Wait until the page shows exactly these clauses."""
    wanted = [text.replace("*", "") for text in texts]
    found: list[str] = []
    try:
        async with asyncio.timeout(20):
            while (found := await standing(page)) != wanted:  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.03)
    except TimeoutError:
        raise AssertionError(f"the page shows {found}, not {wanted}") from None


async def saved(page: Page) -> None:
    """Wait until everything is on disk, and the page says so."""
    await until(page, "!Object.keys(localStorage).some((key) => key.startsWith('adref:unsent'))")
    await expect(page.locator("#saved")).to_have_text(re.compile("^(Saved|Back)"))
