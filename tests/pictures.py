"""The README's pictures, taken from the running program: ``make pictures``.

Serves the demo from an empty database, enters as a delegation, opens a clause while others are in the room, and takes
the room, a comparison and the chair's desk at 1440 by 900.
"""

import asyncio
import os
import re
import shutil
import socket
import sys
import tempfile
from pathlib import Path

import httpx
from playwright.async_api import Browser, Page, ViewportSize, async_playwright, expect

from tests.browser.conftest import FLAGS
from tests.repo import REPO

OUT = REPO / "docs" / "pictures"
PATIENCE = 30_000  # ms
SIZE: ViewportSize = {"width": 1440, "height": 900}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _up(url: str) -> None:
    async with httpx.AsyncClient() as client, asyncio.timeout(60):
        while True:
            try:
                await client.get(url)
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return


async def _enter(browser: Browser, url: str, who: str) -> Page:
    page = await (await browser.new_context(viewport=SIZE)).new_page()
    await page.goto(f"{url}/sign-in")
    await page.locator("form[action='/demo/enter'] button", has_text=who).click()
    await page.locator("a[href^='/drafts/']", has_text="Points of contact").first.click()
    await expect(page.locator("#saved")).to_have_text(re.compile("^(Connected|Saved)"), timeout=PATIENCE)
    return page


async def _take(browser: Browser, url: str) -> None:
    for who in ("Delegate of Costamar", "Speaker of the helplines", "Chair of the exercise"):
        guest = await _enter(browser, url, who)
        if "Costamar" in who:
            await guest.locator("section.clause", has_text="keep in confidence").first.locator(".t").click()
            await expect(guest.locator(".clause.focus .cm-content")).to_be_focused()
    page = await _enter(browser, url, "Delegate of Norvale")
    clause = page.locator("section.clause", has_text="receives a request for help").first
    await clause.locator(".t").click()
    await expect(page.locator(".clause.focus .cm-content")).to_be_focused()
    await page.keyboard.press("Control+End")
    await page.keyboard.type(" ")
    await page.keyboard.press("Backspace")
    await expect(page.locator("#saved")).to_have_text(re.compile("^Saved"), timeout=PATIENCE)
    await page.screenshot(path=OUT / "room.png")
    await page.goto(page.url.partition("#")[0].partition("?")[0] + "/compare")
    await page.wait_for_load_state("networkidle")
    await page.screenshot(path=OUT / "compare.png")
    chair = await _enter(browser, url, "Chair of the exercise")
    await chair.goto(chair.url.partition("#")[0].partition("?")[0] + "/desk")
    await chair.wait_for_load_state("networkidle")
    await chair.screenshot(path=OUT / "desk.png")
    reader = await _enter(browser, url, "Speaker of the working group")
    await reader.goto(f"{url}/consultations")
    await reader.get_by_role("link", name="views on Rev.1").click()
    clause = reader.locator("section.clause", has_text="receives a request for help").first
    await clause.locator("[data-compose]").first.click()
    await reader.get_by_label("Comment", exact=True).fill("Say what counts as an answer.")
    await expect(reader.locator("[data-kept]")).to_have_text(re.compile("^Draft kept"), timeout=PATIENCE)
    await reader.locator("form.composer").evaluate("form => form.scrollIntoView({block: 'center'})")
    await reader.screenshot(path=OUT / "consultation.png")


async def main() -> None:
    """Take them all."""
    OUT.mkdir(parents=True, exist_ok=True)
    program = shutil.which("chromium") or sys.exit("The pictures need Chromium (Debian: apt-get install chromium).")
    port = _free_port()
    with tempfile.TemporaryDirectory() as folder:
        place = {"ADREF_DATABASE_URL": f"sqlite:///{Path(folder) / 'demo.db'}", "ADREF_PORT": str(port)}
        adref = REPO / ".venv" / "bin" / "adref"
        server = await asyncio.create_subprocess_exec(adref, "serve", "--demo", env=os.environ | place, cwd=folder)
        try:
            await _up(f"http://127.0.0.1:{port}/sign-in")
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=program, args=FLAGS)
                await _take(browser, f"http://127.0.0.1:{port}")
                await browser.close()
        finally:
            server.terminate()
            await server.wait()


if __name__ == "__main__":
    asyncio.run(main())
