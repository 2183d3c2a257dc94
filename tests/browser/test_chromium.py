"""The browser itself is there and runs what the bundle is built for."""

from tests.browser.conftest import OpenPage


async def test_chromium_runs_a_page(open_page: OpenPage) -> None:
    page = await open_page(locale="ar", viewport={"width": 390, "height": 800})
    await page.set_content("<p dir=auto lang=ar>تمتنع الدول</p>")
    assert await page.evaluate("getComputedStyle(document.querySelector('p')).direction") == "rtl"
    assert await page.evaluate("innerWidth") == 390


async def test_two_windows_share_nothing(open_page: OpenPage) -> None:
    one, other = await open_page(), await open_page()
    for page in (one, other):
        await page.route("**/*", lambda route: route.fulfill(body="<title>here</title>", content_type="text/html"))
        await page.goto("http://adref.invalid/")
    await one.evaluate("localStorage.setItem('kept', 'yes')")
    assert await other.evaluate("localStorage.getItem('kept')") is None
