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
