"""Brackets in the room: put by the keyboard, lifted in the tip, and whose they are, told live."""

from playwright.async_api import expect

from drafts.store import Store
from tests.browser.conftest import Enter
from tests.browser.hands import contains, editor, open_at, text_of
from tests.browser.house import House, Line, Scene

TIP = "#bracket-tip.open"


async def kinds(house: House, scene: Scene) -> list[str]:
    """The acts of the draft since it was brought in."""
    async with Store.open(house.database) as store:
        return [act.kind.value for act in await store.acts(scene.draft.id, 1)]


async def test_the_selection_is_bracketed_by_command_and_lifted_in_the_tip(
    scene: Scene, enter: Enter, house: House
) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    clause = scene.clauses[7]
    await open_at(norvale, clause, 10)
    await norvale.keyboard.type("always ")
    for _ in range(8):
        await norvale.keyboard.press("Shift+ArrowRight")
    await norvale.keyboard.press("Control+BracketLeft")
    wanted = "Decides always [to meet] again."
    await contains(tarvia, 7, wanted)
    await contains(norvale, 7, wanted)
    assert (await kinds(house, scene))[-2:] == ["edit", "bracket"]
    tip = norvale.locator(TIP)
    await expect(tip).to_contain_text("Bracket 2 · depth 1")
    await norvale.keyboard.press("Escape")
    await expect(tip).to_have_count(0)
    await expect(editor(norvale)).to_be_focused()  # the clause stays open
    await text_of(tarvia, clause).get_by_text("to meet", exact=True).hover()
    await expect(tarvia.locator(TIP)).to_contain_text("Bracket 2 · depth 1")
    await tarvia.locator(TIP).get_by_text("Lift this bracket").click()
    await contains(norvale, 7, "Decides always to meet again.")
    await expect(tarvia.locator(TIP)).to_have_count(0)
    assert (await kinds(house, scene))[-2:] == ["edit", "bracket"]


async def test_without_the_line_brackets_are_typed(scene: Scene, enter: Enter, line: Line) -> None:
    norvale = await enter(scene, "NVL", at=line)
    await open_at(norvale, scene.clauses[7], 12)
    await line.cut()
    await expect(norvale.locator("#saved")).to_contain_text("Offline")
    await norvale.keyboard.press("Shift+End")
    await norvale.keyboard.press("Control+BracketLeft")
    await contains(norvale, 7, "Decides to[ meet again.]")


async def test_whose_a_bracket_is_arrives_in_open_tips_and_what_a_party_keeps_to_itself_does_not(
    scene: Scene, enter: Enter
) -> None:
    norvale, tarvia, chair = [await enter(scene, code) for code in ("NVL", "TVA", "CHR")]
    clause = scene.clauses[3]
    bracketed = {page: text_of(page, clause).locator(".bk").last for page in (norvale, tarvia, chair)}
    tips = {page: page.locator(TIP) for page in bracketed}
    for page, words in bracketed.items():
        await words.hover()
        await expect(tips[page]).to_contain_text("Nobody said whose it is.")
    await tips[norvale].get_by_text("Whose is it, why").click()
    form = tips[norvale].locator("form")
    await form.locator("[name=reason]").select_option("linked")
    await form.locator("[name=link]").select_option(label="OP4 Decides to meet again.")
    await form.locator("[name=words]").fill("Once we know when.")
    await form.get_by_role("button", name="Say so").click()
    for page in (tarvia, chair):
        await expect(tips[page]).to_contain_text("NVL")
        await expect(tips[page]).to_contain_text("linked to another clause: OP4")
        await expect(tips[page]).to_contain_text("Once we know when.")
    await expect(tips[norvale].locator("form")).to_have_count(0)
    await tips[tarvia].get_by_text("Whose is it, why").click()
    own = tips[tarvia].locator("form")
    await own.locator("[name=words]").fill("We can give this up.")
    await own.locator("[name=private]").check()
    await own.get_by_role("button", name="Say so").click()
    await expect(tips[tarvia]).to_contain_text("We can give this up.")
    await expect(tips[tarvia]).to_contain_text("NVL")
    await open_at(norvale, scene.clauses[3], 0)
    await norvale.keyboard.type("Also ")
    await expect(text_of(chair, clause)).to_contain_text("Also")
    await bracketed[chair].hover()
    await expect(tips[chair]).to_contain_text("Once we know when.")  # it goes with its bracket
    for page in (norvale, chair):
        assert "We can give this up." not in await page.content()


async def test_by_keys_to_a_bracket_and_into_its_tip_and_out_of_it(scene: Scene, enter: Enter) -> None:
    tarvia = await enter(scene, "TVA")
    await tarvia.keyboard.press("]")
    tip = tarvia.locator(TIP)
    await expect(tip).to_contain_text("Bracket 1 · depth 1")
    await tarvia.keyboard.press("w")
    await expect(tip.get_by_text("Lift this bracket")).to_be_focused()
    await tarvia.keyboard.press("Escape")
    await expect(tip).to_have_count(0)


async def test_on_a_phone_the_tip_is_a_sheet_above_the_tabs(scene: Scene, enter: Enter) -> None:
    watching = await enter(scene, "HLP", viewport={"width": 390, "height": 800}, has_touch=True)
    await text_of(watching, scene.clauses[3]).locator(".bk").last.tap()
    tip = watching.locator(TIP)
    await expect(tip).to_contain_text("Bracket 1 · depth 1")
    await expect(tip.get_by_text("Lift this bracket")).to_have_count(0)
    sheet, tabs = await tip.bounding_box(), await watching.locator(".tabs").bounding_box()
    assert sheet
    assert tabs
    assert sheet["y"] + sheet["height"] <= tabs["y"]
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= 390
