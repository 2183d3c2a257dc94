"""Nothing of other sites is loaded: not by our pages, not by our style sheets, and not by what people write."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from lxml import html

from drafts.model import Group
from drafts.store import Store
from server.paths import WEB
from tests.hearing import hearing, put, remark
from tests.server.conftest import Browser

LOADING = ("src", "srcset", "poster", "data", "action", "formaction", "background", "manifest", "ping")
FOREIGN = re.compile(r"(?:[a-z]+:)?//|[a-z]+:", re.IGNORECASE)
BAIT = "See https://evil.example/a.png and //evil.example/b.css and <img src=https://evil.example/c.png>"


def test_style_sheets_load_our_own_alone() -> None:
    sheets = list((WEB / "css").rglob("*.css"))
    assert len(sheets) > 4
    for sheet in sheets:
        said = re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
        for address in re.findall(r"url\(\s*['\"]?([^)'\"]+)", said) + re.findall(r"@import\s+['\"]([^'\"]+)", said):
            assert not address.startswith(("http:", "https:", "//")), (sheet.name, address)


def test_scripts_name_no_other_site() -> None:
    for script in (WEB / "src").rglob("*.ts"):
        found = re.findall(r"[\"'`](?:https?:)?//[a-z0-9.-]+\.[a-z]{2,}", script.read_text())
        assert [one for one in found if "www.w3.org" not in one] == [], script.name


async def test_pages_load_our_own_alone(
    store: Store, as_person: Callable[[str], Awaitable[Browser]], browser: Callable[[], Browser]
) -> None:
    now = datetime.now(UTC)
    of = await hearing(store, opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=6), intro=BAIT)
    await put(store, of, [remark(of, body=BAIT), remark(of, Group.INDUSTRY, who="Zoe <img src=//evil.example/z>")])
    base, draft = f"/consultations/{of.round.id}", f"/drafts/{of.cast.draft.id}"
    chair = await as_person(of.cast.chair)
    for at, path in [
        *((chair, path) for path in ("/", "/account", "/account/erase", "/notices", draft, f"{base}/moderation")),
        *((chair, f"{base}{end}") for end in ("", "/comments", "/comments/1", "/mine", "/matrix", "/settings")),
        *((browser(), path) for path in ("/sign-in", "/consultations", base, f"{base}/comments/1", f"{base}/summary")),
    ]:
        answer = await at.get(path)
        assert answer.status_code == 200, path
        for node in html.document_fromstring(answer.text).iter():
            loaded = [node.get(name, "") for name in LOADING]
            loaded += [node.get("href", "")] if node.tag in {"link", "use", "base", "image"} else []
            for address in loaded:
                assert not FOREIGN.match(address.strip()), (path, node.tag, address)
            if node.tag == "a" and FOREIGN.match(node.get("href", "")):
                assert node.get("rel") == "nofollow noopener ugc"
            assert "url(" not in node.get("style", "")
