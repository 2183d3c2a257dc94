"""A whole round in windows: announced, four groups heard under seal, copies bundled, revealed, answered, published, and
the comments in their places in the next version."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from playwright.async_api import Page, expect

from drafts import commands as do
from drafts.commenting import Said
from drafts.consultation import Spot, View
from drafts.desk import forums, live, people, remarks
from drafts.model import new_id
from drafts.store import Store
from tests.browser.conftest import OpenPage
from tests.browser.house import House, Scene
from tests.browser.test_consultation import SELECT

SEATS = {
    "SEC": ("Secretariat of the lakes", "government", "secretariat"),
    "NOL": ("Network operators of the lakes", "industry", "observer"),
    "IQN": ("Institute for quiet networks", "academia", "observer"),
}
SENTENCE = "Say which office answers at night."
SPOKEN = {"NVL": "Keep the telephone.", "NOL": "A word on funds is missing.", "IQN": "Measure how fast answers come."}
TEMPLATE = "We ask all States to answer every report about an attack on the lakes within one working day{end}"
ENDS = (".", "!", ", please.", ".", ", and to say so in public.")  # three wordings: punctuation does not count


@dataclass(slots=True)
class Windows:
    """Whose windows are open on one server."""

    house: House
    scene: Scene
    open_page: OpenPage

    async def of(self, code: str, path: str = "/") -> Page:
        """A window of somebody of the cast; without a code one of a reader without an account."""
        page = await self.open_page(locale="en")
        if code:
            await page.context.add_cookies(
                [{"name": "adref", "value": self.scene.cookies[code], "url": self.house.url}]
            )
        await page.goto(self.house.url + path)
        return page


async def seated(house: House, scene: Scene) -> None:
    """A secretariat, industry and academia beside the cast, in a forum that opens texts to everybody; Rev.1 is out."""
    forum = scene.draft.forum_id
    async with Store.open(house.database) as store:
        for code, (party, group, role) in SEATS.items():
            person = await people.create(store, f"Delegate of {party}", f"{code}.{forum}@example.org", None)
            await forums.seat(store, forum, person.id, party=party, code=code, group=group, role=role)
            scene.cookies[code], scene.people[code] = await people.open_session(store, person.id), person.id
        await forums.set_rules(store, scene.people["SEC"], forum, forums.Rules(public=True))
        await live.perform(store, scene.people["CHR"], scene.draft.id, do.Issue(new_id(), "Rev.1"))


async def announced(of: Windows) -> str:
    """The chair goes from the versions to the form, prepares a sealed public round, and announces it; its address."""
    page = await of.of("CHR", f"{of.scene.path}/versions")
    await page.get_by_role("link", name="Consult on this version").click()
    await page.get_by_label("Title", exact=True).fill("Points of contact: say what you think")
    await page.get_by_label("What it is about").fill("All four groups are asked.")
    now = datetime.now(UTC)
    for name, day in (("Opens", now - timedelta(days=1)), ("Closes", now + timedelta(days=7))):
        when = page.get_by_role("group", name=name, exact=True)
        await when.get_by_label("Day", exact=True).fill(day.date().isoformat())
        await when.get_by_label("Time of day").fill("12:00")
    await page.get_by_label("By the clocks of").fill("UTC")
    await page.get_by_role("radio", name="Together, at the close").check()
    await page.get_by_role("checkbox", name="Public: anybody").check()
    await page.get_by_role("radio", name="Words within a clause").check()
    await page.get_by_role("button", name="Prepare the consultation").click()
    await page.get_by_role("button", name="Announce the consultation").click()
    await expect(page.get_by_role("heading", name="Close now")).to_be_visible()
    address = await page.get_by_role("textbox", name="Address to share").input_value()
    return address.removeprefix(of.house.url)


async def sent(page: Page, words: str) -> None:
    """Write into the open composer, and send it."""
    composer = page.locator("form.composer")
    await composer.get_by_label("Comment", exact=True).fill(words)
    await composer.get_by_role("button", name="Send", exact=True).click()
    await expect(page.get_by_text("Your comment was received as number")).to_be_visible()


async def heard(of: Windows, base: str) -> Page:
    """One of each group comments by hand; copies of a template come beside. The window of the civil society."""
    clause = of.scene.clauses
    helpline = await of.of("HLP", base)
    await helpline.evaluate(SELECT, [clause[2], "point of contact"])
    await helpline.get_by_role("button", name="Comment on these words").click()
    await helpline.get_by_label("I propose words").check()
    await helpline.get_by_label("The words that you propose").fill("night-time point of contact")
    await helpline.get_by_role("radio", name="Support with changes").check()
    await sent(helpline, SENTENCE)
    await sent(await of.of("NVL", f"{base}?on={clause[4]}&about=clause"), SPOKEN["NVL"])
    operators, institute = await of.of("NOL", base), await of.of("IQN", base)
    await operators.get_by_role("link", name="Say what is missing", exact=True).click()
    await sent(operators, SPOKEN["NOL"])
    await institute.get_by_role("link", name="Comment on the whole text").click()
    await sent(institute, SPOKEN["IQN"])
    async with Store.open(of.house.database) as store:
        for at, end in enumerate(ENDS):
            typed = Said(Spot.CLAUSE, clause[3], view=View.SUPPORT, body=TEMPLATE.format(end=end))
            person = of.scene.people["NOL" if at % 2 else "HLP"]
            await remarks.send(store, person, base.rsplit("/", 1)[1], datetime.now(UTC), new_id(), typed)
    return helpline


async def sealed(of: Windows, base: str, helpline: Page) -> None:
    """Before the close an observer finds her own comments only, others nothing."""
    await helpline.goto(f"{of.house.url}{base}/comments")
    await expect(helpline.locator("article.remark")).to_have_count(4)
    for code in ("TVA", ""):
        other = await of.of(code, base)
        await expect(other.get_by_role("heading", name="0 comments by group")).to_be_visible()
        await other.goto(f"{of.house.url}{base}/comments")
        await expect(other.locator("article.remark")).to_have_count(0)
    for page in (helpline, other):
        for words in (SPOKEN["NVL"], SPOKEN["NOL"], SPOKEN["IQN"]):
            await expect(page.get_by_text(words)).to_have_count(0)


async def closed(of: Windows, base: str, desk: Page) -> None:
    """The secretariat folds the copies and closes the round; everybody reads everything."""
    await desk.goto(f"{of.house.url}{base}/bundles")
    await desk.get_by_role("button", name="Look for copies").click()
    await expect(desk.get_by_role("link", name="5 copies, 3 wordings")).to_be_visible(timeout=30_000)
    await desk.goto(f"{of.house.url}{base}/settings")
    await desk.get_by_text("Close before the time that was announced…").click()
    await desk.get_by_role("button", name="Close the consultation now").click()
    await expect(desk.get_by_role("heading", name="Open it again")).to_be_visible()
    public = await of.of("", base)
    await expect(public.get_by_role("heading", name="9 comments by group")).to_be_visible()
    await public.goto(f"{of.house.url}{base}/comments")
    for words in (SENTENCE, *SPOKEN.values(), TEMPLATE.format(end="")):
        await expect(public.get_by_text(words).first).to_be_visible()


async def answer(desk: Page, words: str, disposition: str, reason: str = "", link: str = "") -> None:
    """Choose the comment, or bundle, with these words in the matrix, and say what becomes of it."""
    row = desk.locator(".todo").filter(has_text=words)
    await row.get_by_role("checkbox").check()
    panel = desk.locator("#panel")
    await panel.locator(f"[name=disposition][value={disposition}]").check()
    await panel.get_by_label("Reason").fill(reason)
    await panel.get_by_label("What answers it").fill(link)
    await panel.get_by_role("button", name="Save").click()
    await expect(row.locator(".answered")).to_contain_text("not published")


async def answered(of: Windows, base: str, desk: Page) -> None:
    """The secretariat answers a bundle at once and others one by one, and publishes all of it."""
    await desk.goto(f"{of.house.url}{base}/matrix")
    await answer(desk, "We ask all States", "accepted_in_part", "Two days, as the room agreed.")
    first = await desk.locator("#links option").nth(1).get_attribute("value")
    await answer(desk, SENTENCE, "accepted", "Rev.2 will name the office.", first or "")
    await answer(desk, SPOKEN["NVL"], "not_accepted", "Writing is enough.")
    await desk.goto(f"{of.house.url}{base}/matrix")
    await desk.get_by_role("link", name="Publish 7 answers").click()
    await desk.get_by_role("button", name="Publish 7 answers").click()
    await expect(desk.get_by_text("7 of 9 answered.")).to_be_visible()


async def found_in_two_clicks(of: Windows, helpline: Page) -> None:
    """From home an observer learns in two clicks what became of her sentence, with its reason."""
    await helpline.goto(of.house.url)
    before = await helpline.evaluate("history.length")
    await helpline.get_by_role("link", name=re.compile("comments of yours$")).click()
    mine = helpline.locator("article.remark").filter(has_text=SENTENCE)
    await mine.get_by_role("link", name=re.compile("^Comment ")).click()
    became = helpline.get_by_role("region", name="What became of it")
    await expect(became).to_contain_text("accepted")
    await expect(became).to_contain_text("Rev.2 will name the office.")
    await expect(helpline.get_by_text(SENTENCE)).to_be_visible()
    assert await helpline.evaluate("history.length") == before + 2


async def issued(of: Windows) -> None:
    """The text changes as was answered, and the chair issues Rev.2."""
    scene, chair = of.scene, of.scene.people["CHR"]
    async with Store.open(of.house.database) as store:
        text = "*Invites* each State to name an office and a point of contact that answers at night;"
        await live.perform(store, chair, scene.draft.id, do.Edit(new_id(), scene.clauses[2], 0, text))
        await live.perform(store, chair, scene.draft.id, do.Delete(new_id(), scene.clauses[4], "Writing is enough."))
    page = await of.of("CHR", f"{scene.path}/versions")
    await page.get_by_label("Label", exact=True).fill("Rev.2")
    await page.get_by_role("button", name="Issue the version").click()
    await page.wait_for_url("**/versions/2")


async def placed(of: Windows, base: str, desk: Page) -> None:
    """The comments stand in their places in Rev.2; the one whose clause is gone waits, and a person places it."""
    await desk.goto(f"{of.house.url}{base}/versions/2")
    on = desk.locator(f"#c-{of.scene.clauses[2]}")
    await expect(on.get_by_text(SENTENCE)).to_be_visible(timeout=30_000)
    await expect(desk.locator(f"#c-{of.scene.clauses[3]} .under")).to_contain_text("5 comments")
    tray = desk.locator("#orphans")
    await expect(tray).to_contain_text(SPOKEN["NVL"])
    await tray.locator("summary").filter(has_text="Place it").click()
    writing = desk.locator("#clauses option").filter(has_text="or in writing")
    await tray.get_by_label("Clause of").fill(await writing.get_attribute("value") or "")
    await tray.get_by_role("button", name="Place there").click()
    await expect(tray).to_contain_text("Every comment has its place.")
    await expect(desk.locator(f"#c-{of.scene.clauses[5]}").get_by_text(SPOKEN["NVL"])).to_be_visible()


async def taken(of: Windows, base: str) -> None:
    """A reader without an account takes the compendium as Word and as a table."""
    page = await of.of("", f"{base}/compendium")
    for name, begins in (("Word", b"PK"), ("CSV", b"")):
        async with page.expect_download() as coming:
            await page.get_by_role("link", name=name, exact=True).first.click()
        download = await coming.value
        assert await download.failure() is None
        content = (await download.path()).read_bytes()
        assert content.startswith(begins)
    assert SENTENCE in content.decode("utf-8-sig")
    assert "Rev.2 will name the office." in content.decode("utf-8-sig")


async def test_from_the_announcement_to_the_next_version(house: House, scene: Scene, open_page: OpenPage) -> None:
    await seated(house, scene)
    of = Windows(house, scene, open_page)
    base = await announced(of)
    helpline = await heard(of, base)
    await sealed(of, base, helpline)
    desk = await of.of("SEC", base)
    await closed(of, base, desk)
    await answered(of, base, desk)
    await found_in_two_clicks(of, helpline)
    await issued(of)
    await placed(of, base, desk)
    await taken(of, base)
