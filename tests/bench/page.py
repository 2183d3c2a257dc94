"""The page of a large draft: 500 clauses, 55,000 words. How long the server makes it, how soon a person can write in
Chromium, how soon a key shows, and how large the scripts are."""

import gzip
import shutil
import time
from collections.abc import Callable
from http.client import HTTPConnection
from statistics import median

from playwright.sync_api import Page, sync_playwright

from tests.bench.figures import Figure, Figures
from tests.bench.load import adref
from tests.browser.conftest import FLAGS
from tests.repo import REPO

CLAUSES, WORDS = 500, 55_000
KEYS = 60

# Milliseconds since the navigation began until a clause was opened by a click and its editor has the focus.
_USABLE = """() => new Promise((done) => {
    const look = () => {
        const text = document.querySelector('#doc .clause:nth-of-type(5) .t');
        if (document.querySelector('.clause.focus .cm-content:focus')) return done(performance.now());
        if (text && !document.querySelector('.clause.focus')) text.click();
        requestAnimationFrame(look);
    };
    look();
})"""

# From the key's own time stamp until the text with it is laid out; and the browser's own measure until it was painted,
# where that took more than 16 ms (it counts in steps of 8).
_WATCH = """() => {
    window.keys = []; window.slow = [];
    let pressed = 0;
    document.addEventListener('keydown', (event) => { pressed = event.timeStamp; }, true);
    const content = document.querySelector('.clause.focus .cm-content');
    new MutationObserver(() => {
        if (!pressed) return;
        content.getBoundingClientRect();
        window.keys.push(performance.now() - pressed);
        pressed = 0;
    }).observe(content, { characterData: true, childList: true, subtree: true });
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (entry.name === 'keydown') window.slow.push(entry.duration);
    }).observe({ type: 'event', durationThreshold: 16 });
}"""


def server() -> Figures:
    """The draft's page over HTTP, gzip and all."""
    with adref(clauses=CLAUSES, words=WORDS) as (_, facts):
        connection = HTTPConnection("127.0.0.1", facts["port"])
        headers = {"Cookie": facts["cookies"][0], "Accept-Encoding": "gzip"}

        def fetch(path: str) -> tuple[float, int]:
            began = time.perf_counter()
            connection.request("GET", path, headers=headers)
            size = len(connection.getresponse().read())
            return (time.perf_counter() - began) * 1000, size

        path = f"/drafts/{facts['draft']}"
        first, size = fetch(path)
        fresh, _ = fetch(f"{path}?view=clean")
        again = median(fetch(path)[0] for _ in range(7))
    what = f"opening {CLAUSES} clauses, {WORDS:,} words: the server"
    yield Figure(what, fresh, "ms", 200, f"no clause painted before; {size / 1000:.0f} kB with gzip")
    yield Figure(f"{what}, again", again, "ms", 200, "median of 7")
    yield Figure(f"{what}, as the first page of its life", first, "ms", None, "templates are compiled")


def browser() -> Figures:
    """Chromium on the same page."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        yield Figure("Chromium is not installed here", 0, "")
        return
    with adref(clauses=CLAUSES, words=WORDS) as (_, facts), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        host = f"http://127.0.0.1:{facts['port']}"
        usable = []
        for index in range(4):
            context = chromium.new_context()
            name, _, value = facts["cookies"][index].partition("=")
            context.add_cookies([{"name": name, "value": value, "url": host}])
            page = context.new_page()
            if index == 0:
                page.goto(host)
            page.goto(f"{host}/drafts/{facts['draft']}", wait_until="commit")
            usable.append(page.evaluate(_USABLE))
        yield Figure("usable in Chromium: an editor is open", median(usable), "ms", 1_500, f"slowest {max(usable):.0f}")
        yield from _keys(page)
        chromium.close()


def _keys(page: Page) -> Figures:
    page.evaluate(_WATCH)
    for index in range(KEYS):
        page.keyboard.press("abcdefgh "[index % 9])
        page.wait_for_timeout(40)
    keys, slow = sorted(page.evaluate("() => window.keys")), page.evaluate("() => window.slow")
    painted = f"painted later than 16 ms: {len(slow)} of {KEYS}" + (f", slowest {max(slow):.0f}" if slow else "")
    p95 = keys[int(len(keys) * 0.95)]
    yield Figure("a key until its letter is laid out: p95", p95, "ms", 16, f"median {median(keys):.1f}; {painted}")


def bundle() -> Figures:
    """The room's script as it travels."""
    script = (REPO / "web" / "dist" / "room.js").read_bytes()
    packed = len(gzip.compress(script, 9)) / 1000
    yield Figure("the room's script with gzip", packed, "kB", 150, f"{len(script) / 1000:.0f} kB without")


BENCHES: dict[str, Callable[[], Figures]] = {"page": server, "browser": browser, "bundle": bundle}
