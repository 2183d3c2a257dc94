"""Debian's Chromium for the tests of this folder: one browser for all of them, a fresh profile for each window."""

import re
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, async_playwright, expect

from tests.browser.house import House, Line, Scene

HERE = Path(__file__).resolve().parent
FLAGS = [
    "--no-sandbox",  # root has no sandbox in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

OpenPage = Callable[..., Awaitable[Page]]
Enter = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One event loop for the tests of this folder, since the browser lives in it."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            item.add_marker(pytest.mark.browser)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium without a window; skips where it is not installed."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.skip("no Chromium on this machine (Debian: apt-get install chromium)")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield running
        await running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def open_page(browser: Browser) -> AsyncIterator[OpenPage]:
    """Give a function that opens a page in a profile of its own; it takes the options of Playwright's ``new_context``.

    At the test's end an exception in a page, or anything that the content security policy stopped, fails the test.
    """
    contexts: list[BrowserContext] = []
    wrongs: list[str] = []

    def heard(message: Any) -> None:
        if "Content Security Policy" in message.text:
            wrongs.append(message.text)

    async def opened(**options: Any) -> Page:
        context = await browser.new_context(**options)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: wrongs.append(str(error)))
        page.on("console", heard)
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert not wrongs


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A running server for all tests of this folder."""
    running = House(tmp_path_factory.mktemp("house"))
    await running.start()
    yield running
    running.close()


@pytest_asyncio.fixture(loop_scope="session")
async def line(house: House) -> AsyncIterator[Line]:
    """A way to that server that a test can cut and mend."""
    await house.line.mend()
    yield house.line
    await house.line.cut()


@pytest_asyncio.fixture(loop_scope="session")
async def scene(house: House) -> Scene:
    """A draft of this test's own, with its people."""
    return await house.scene()


@pytest_asyncio.fixture(loop_scope="session")
async def enter(house: House, open_page: OpenPage) -> Enter:
    """Give a function that opens a draft's page as somebody of the cast, in a window of its own, once live."""

    async def entered(scene: Scene, code: str, *, at: House | Line = house, **options: Any) -> Page:
        page = await open_page(**options)
        await page.context.add_cookies([{"name": "adref", "value": scene.cookies[code], "url": at.url}])
        await page.goto(at.url + scene.path)
        await expect(page.locator("#saved")).to_have_text(re.compile("^(Connected|Saved|Back)"))
        return page

    return entered
