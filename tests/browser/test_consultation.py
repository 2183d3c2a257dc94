"""A comment in a consultation, in windows: words selected, kept while one types and when the line is cut, sent, and
replied to."""

import re
from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, expect

from drafts import commands as do
from drafts.consultation import Granularity, Reveal, Round
from drafts.desk import live
from drafts.model import Group, new_id
from drafts.store import Store
from tests.browser.conftest import OpenPage
from tests.browser.house import House, Line, Scene

SELECT = """([clause, words]) => {
  const root = document.querySelector(`#c-${clause} .t`);
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  for (let node = nodes.nextNode(); node; node = nodes.nextNode()) {
    const at = node.data.indexOf(words);
    if (at >= 0) getSelection().setBaseAndExtent(node, at, node, at + words.length);
  }
}"""


async def consultation(house: House, scene: Scene) -> str:
    """Issue the text and open a round on it; its address."""
    now = datetime.now(UTC).replace(microsecond=0)
    told = Round(
        id=new_id(),
        draft_id=scene.draft.id,
        number=1,
        version=1,
        title="Points of contact",
        intro="Tell us what is missing.",
        opens_at=now - timedelta(hours=1),
        closes_at=now + timedelta(days=3),
        zone="UTC",
        groups=tuple(Group),
        reveal=Reveal.AT_ONCE,
        granularity=Granularity.LINE,
        public=False,
        pseudonyms=False,
        late=False,
        last=0,
        made_by=scene.people["CHR"],
        created_at=now,
        announced_at=now,
    )
    async with Store.open(house.database) as store:
        await live.perform(store, scene.people["CHR"], scene.draft.id, do.Issue(new_id(), "Rev.1"))
        async with store.write() as q:
            await q.rounds.add(told)
    return f"/consultations/{told.id}"


async def enter(open_page: OpenPage, scene: Scene, code: str, url: str, path: str) -> Page:
    page = await open_page()
    await page.context.add_cookies([{"name": "adref", "value": scene.cookies[code], "url": url}])
    await page.goto(url + path)
    return page


async def test_words_are_selected_kept_sent_and_replied_to(
    house: House, line: Line, scene: Scene, open_page: OpenPage
) -> None:
    path, clause = await consultation(house, scene), scene.clauses[2]
    page = await enter(open_page, scene, "HLP", line.url, path)
    await page.evaluate(SELECT, [clause, "point of contact"])
    await page.get_by_role("button", name="Comment on these words").click()
    composer, kept = page.locator("form.composer"), page.locator("[data-kept]")
    await expect(composer.get_by_label("Which words")).to_have_value("point of contact")
    await composer.get_by_label("Comment", exact=True).fill("Say which office")
    await expect(kept).to_have_text(re.compile(r"^Draft kept \d\d:\d\d:\d\d$"))

    await line.cut()
    await composer.get_by_label("Comment", exact=True).fill("Say which office answers at night.")
    await expect(kept).to_have_text("Offline: your words are kept in this browser.")
    await line.mend()
    await expect(kept).to_have_text(re.compile("^Draft kept"), timeout=15_000)
    await page.reload()
    await expect(composer.get_by_label("Comment", exact=True)).to_have_value("Say which office answers at night.")

    await composer.get_by_label("I propose words").check()
    words = composer.get_by_label("The words that you propose")
    await expect(words).to_have_value("point of contact")
    await words.fill("night-time point of contact")
    await expect(page.locator("[data-difference] ins")).to_contain_text("night-time")
    await composer.get_by_label("Support with changes").check()
    await composer.get_by_role("button", name="Send").click()
    await expect(page.get_by_text("Your comment was received as number 1.")).to_be_visible()
    await expect(page.locator("main mark")).to_have_text("point of contact")
    assert await page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('adref:remark')).length") == 0

    norvale = await enter(open_page, scene, "NVL", house.url, path)
    await expect(norvale.locator(f"#c-{clause} mark")).to_have_text("point of contact")
    await norvale.locator(f"#c-{clause}").get_by_role("link", name="1 comment", exact=True).click()
    await norvale.get_by_role("link", name="Comment 1", exact=True).click()
    await norvale.get_by_label("Reply", exact=True).fill("Ours answers at night.")
    await norvale.get_by_role("button", name="Reply", exact=True).click()
    await page.reload()
    await expect(page.get_by_text("Ours answers at night.")).to_be_visible()


async def test_words_of_a_page_that_was_closed_come_back(
    house: House, line: Line, scene: Scene, open_page: OpenPage
) -> None:
    path = await consultation(house, scene)
    page = await enter(open_page, scene, "NVL", line.url, path)
    await page.get_by_role("link", name="Say what is missing", exact=True).click()
    box = page.locator("#missing form.composer").get_by_label("Comment", exact=True)
    await expect(box).to_be_focused()
    await line.cut()
    await box.fill("A word on funds.")
    await expect(page.locator("[data-kept]")).to_have_text(re.compile("^Offline"))
    again = await page.context.new_page()
    await page.close()
    await line.mend()
    await again.goto(line.url + path)
    await expect(again.get_by_text("A comment that this browser had kept is now a draft.")).to_be_visible()
    await again.get_by_role("link", name="Write on").click()
    await expect(again.locator("#missing form.composer").get_by_label("Comment", exact=True)).to_have_value(
        "A word on funds."
    )
