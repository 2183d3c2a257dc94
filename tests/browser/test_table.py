"""The negotiation table in the room, between windows: cards, positions, states, what changes under the reader."""

import re

import httpx
from playwright.async_api import Locator, Page, expect

from tests.browser.conftest import Enter
from tests.browser.hands import open_at_end, text_of
from tests.browser.house import House, Scene
from tests.browser.test_axe import AXE, RULES


async def table(house: House, scene: Scene, code: str, clause: int, new: str) -> str:
    """A party writes a proposal and lays it on the table, over the API."""
    cookies = {"adref": scene.cookies[code]}
    async with httpx.AsyncClient(base_url=house.url, cookies=cookies, headers={"Origin": house.url}) as http:
        token = re.search(r'name="csrf" value="([^"]+)"', (await http.get("/account")).text)
        assert token is not None
        wish = {"kind": "modify", "clause": scene.clauses[clause], "text": new, "reason": "Shorter.", "table": True}
        begun = await http.post(f"/api/v1/drafts/{scene.draft.id}/proposals", headers={"X-CSRF": token[1]}, json=wish)
        assert begun.status_code == 201, begun.text
        proposal: str = begun.json()["proposal"]["id"]
    return proposal


NEW = "*Invites* each State to name two points of contact;"


def card(page: Page, proposal: str) -> Locator:
    return page.locator(f"#p-{proposal}")


def count(page: Page, proposal: str, stance: str) -> Locator:
    return card(page, proposal).locator(".pk").filter(has_text=stance).locator("b")


async def test_a_proposal_and_what_parties_say_to_it_arrive_in_open_windows(
    house: House, scene: Scene, enter: Enter
) -> None:
    tarvia, chair, watching = await enter(scene, "TVA"), await enter(scene, "CHR"), await enter(scene, "HLP")
    proposal = await table(house, scene, "NVL", 2, NEW)
    for page in (tarvia, chair, watching):
        await expect(card(page, proposal)).to_contain_text("P 1")
        await expect(card(page, proposal).locator(".txt ins")).to_contain_text("two points")
        await expect(page.locator("#open-count")).to_have_text("1")
    await expect(count(chair, proposal, "Support")).to_have_text("1")
    await expect(card(watching, proposal).locator("select, .pk")).to_have_count(0)

    await card(tarvia, proposal).get_by_label("You:").select_option("can_accept")
    await expect(count(chair, proposal, "Can accept")).to_have_text("1")

    # Saying no asks why; the key works on the card that has the focus.
    await card(tarvia, proposal).focus()
    await tarvia.keyboard.press("4")
    await expect(card(tarvia, proposal).get_by_label("Reason")).to_be_focused()
    await tarvia.keyboard.type("Two are too many.")
    await tarvia.keyboard.press("Enter")
    await expect(count(chair, proposal, "Oppose")).to_have_text("1")
    await expect(count(chair, proposal, "Can accept")).to_have_text("0")
    await card(chair, proposal).get_by_text("Who says what").click()
    await expect(card(chair, proposal)).to_contain_text("Two are too many.")

    await card(tarvia, proposal).get_by_label("You:").select_option("conditional")
    await card(tarvia, proposal).get_by_label("Depends on").select_option(scene.clauses[3])
    await card(tarvia, proposal).get_by_role("button", name="Save").click()
    await expect(count(chair, proposal, "Conditional")).to_have_text("1")

    await card(chair, proposal).get_by_role("button", name="Join as a sponsor").click()
    await expect(card(tarvia, proposal).locator("header .seat")).to_contain_text("CHR")
    await expect(count(tarvia, proposal, "Support")).to_have_text("2")


async def test_a_proposal_gets_stale_when_the_chair_changes_the_same_words(
    house: House, scene: Scene, enter: Enter
) -> None:
    proposal = await table(house, scene, "NVL", 2, NEW)
    norvale, chair = await enter(scene, "NVL"), await enter(scene, "CHR")
    await expect(card(norvale, proposal).locator(".note")).to_have_count(0)
    await open_at_end(chair, scene.clauses[2])
    for _ in range(len("point of contact;")):
        await chair.keyboard.press("Backspace")
    await chair.keyboard.type("place;")
    await expect(card(norvale, proposal).locator(".tag.warn")).to_have_text("stale")
    readings = card(norvale, proposal).locator(".readings dd")
    await expect(readings.nth(1)).to_contain_text("two points")
    await expect(readings.nth(2)).to_contain_text("place")
    await expect(card(norvale, proposal).get_by_role("link", name="Review")).to_be_visible()
    await expect(chair.locator(f"#c-{scene.clauses[2]}.focus")).to_be_visible()


async def test_states_of_clauses_and_objections_are_set_and_seen(scene: Scene, enter: Enter) -> None:
    chair, norvale = await enter(scene, "CHR"), await enter(scene, "NVL")
    clause = scene.clauses[7]
    door = f"#c-{clause} a.cm"
    await chair.locator(door).click()
    box = chair.locator(f"#c-{clause} .cm-box")
    await box.get_by_label("State of the clause").select_option("agreed")
    await box.get_by_role("button", name="Save").last.click()
    await expect(norvale.locator(f"#c-{clause}.locked .lab .st")).to_have_attribute("aria-label", "agreed")
    await expect(norvale.locator(f"#c-{clause} .foot")).to_contain_text("Agreed,")
    await expect(chair.locator(f"#c-{clause} .cm-box")).to_have_count(0)

    await norvale.locator(door).click()
    await norvale.locator(f"#c-{clause} .cm-box").get_by_label("Reason").fill("Our capital has not answered.")
    await norvale.get_by_role("button", name="Object to the marking").click()
    await expect(chair.locator(f"#c-{clause} .mark-said")).to_contain_text("Norvale objects to the marking,")
    await expect(chair.locator(f"#c-{clause} .mark-said")).to_contain_text("Our capital has not answered.")
    await expect(chair.locator(f"#c-{clause} .lab .st")).to_have_attribute("aria-label", "under discussion")
    await expect(chair.locator(f"#c-{clause}.locked")).to_have_count(0)


async def test_the_stage_changes_what_can_be_done_in_every_window(scene: Scene, enter: Enter) -> None:
    chair, norvale, watching = await enter(scene, "CHR"), await enter(scene, "NVL"), await enter(scene, "HLP")
    await expect(norvale.locator("#stage-name")).to_have_text("Second reading")
    await expect(watching.locator("a.cm")).to_have_count(0)
    await chair.locator("#settings summary").click()
    await chair.locator("#settings-form select[name=stage]").select_option("first_reading")
    await chair.locator("#settings-form").get_by_role("button", name="Save").click()
    for page in (norvale, watching):
        await expect(page.locator("#stage-name")).to_have_text("First reading")
    await text_of(norvale, scene.clauses[1]).click()
    await expect(norvale.locator(f"#c-{scene.clauses[1]} .foot.says")).to_contain_text("first reading")


async def test_what_arrives_above_does_not_move_the_line_under_the_reader(house: House, enter: Enter) -> None:
    scene = await house.scene()
    page = await enter(scene, "TVA", viewport={"width": 1000, "height": 320})
    last = text_of(page, scene.clauses[7])
    await last.evaluate("node => node.scrollIntoView({block: 'end'})")
    before = await last.bounding_box()
    proposal = await table(house, scene, "NVL", 1, "*Noting* that services depend on each other,")
    await expect(page.get_by_role("button", name="1 change above")).to_be_visible()
    after = await last.bounding_box()
    assert before is not None
    assert after is not None
    assert abs(before["y"] - after["y"]) <= 2
    await page.get_by_role("button", name="1 change above").click()
    await expect(card(page, proposal)).to_be_in_viewport()
    await expect(page.get_by_role("button", name="1 change above")).to_have_count(0)


async def test_the_cards_pass_axe_and_fit_a_phone(house: House, scene: Scene, enter: Enter) -> None:
    proposal = await table(house, scene, "NVL", 2, NEW)
    for width, scheme in ((1440, "light"), (390, "dark")):
        page = await enter(scene, "CHR", viewport={"width": width, "height": 900}, color_scheme=scheme)
        await page.locator(f"#c-{scene.clauses[2]} a.cm").click()
        await card(page, proposal).get_by_label("You:").select_option("oppose")
        await card(page, proposal).get_by_text("Who says what").click()
        await page.evaluate(AXE.read_text())
        found = await page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})"
            ".then(r => r.violations.map(v => [v.id, v.help, ...v.nodes.slice(0, 3).map(n => n.html)]))",
            RULES,
        )
        assert found == []
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
