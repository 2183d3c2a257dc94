"""Clauses come, part, join, move and go: by keys, live for everybody, without losing a letter."""

from playwright.async_api import expect

from tests.browser.conftest import Enter
from tests.browser.hands import editor, open_at, open_at_end, saved, shows, text_of
from tests.browser.house import TEXT, Line, Scene

WORDS = [words for _, _, words, _ in TEXT]


async def test_enter_at_the_end_adds_a_clause_and_what_is_typed_at_once_goes_there(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    await open_at_end(norvale, scene.clauses[2])
    await norvale.keyboard.press("Enter")
    await norvale.keyboard.type("*Requests* a report;")
    wanted = [*WORDS[:3], "*Requests* a report;", *WORDS[3:]]
    await shows(norvale, *wanted)
    await shows(tarvia, *wanted)
    labels = await tarvia.locator("#doc .clause:not(.gone) .lab").all_inner_texts()
    assert [label.strip() for label in labels][2:6] == ["OP1", "OP2", "OP3", "(a)"]


async def test_several_enters_in_one_breath(scene: Scene, enter: Enter) -> None:
    norvale = await enter(scene, "NVL")
    await open_at_end(norvale, scene.clauses[7])
    await norvale.keyboard.type(" One.")
    await norvale.keyboard.press("Enter")
    await norvale.keyboard.type("Two.")
    await norvale.keyboard.press("Enter")
    await norvale.keyboard.type("Three.")
    await shows(norvale, *WORDS[:7], WORDS[7] + " One.", "Two.", "Three.")


async def test_enter_in_the_middle_splits_and_backspace_at_the_start_joins(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    at = WORDS[2].index("each")
    await open_at(norvale, scene.clauses[2], at)
    await norvale.keyboard.press("Enter")
    halves = [WORDS[2][:at], WORDS[2][at:]]
    await shows(norvale, *WORDS[:2], *halves, *WORDS[3:])
    await shows(tarvia, *WORDS[:2], *halves, *WORDS[3:])
    await norvale.keyboard.press("Backspace")
    await shows(norvale, *WORDS)
    await shows(tarvia, *WORDS)
    await norvale.keyboard.type("all and ")
    await shows(tarvia, *WORDS[:2], halves[0] + "all and " + halves[1], *WORDS[3:])


async def test_words_typed_beyond_a_cut_follow_their_clause(scene: Scene, enter: Enter, line: Line) -> None:
    norvale, tarvia = await enter(scene, "NVL", at=line), await enter(scene, "TVA")
    clause = scene.clauses[2]
    await open_at_end(norvale, clause)
    await line.cut()
    await norvale.keyboard.type(" Yes.")
    at = WORDS[2].index("each")
    await open_at(tarvia, clause, at)
    await tarvia.keyboard.press("Enter")
    await shows(tarvia, *WORDS[:2], WORDS[2][:at], WORDS[2][at:], *WORDS[3:])
    await line.mend()
    wanted = [*WORDS[:2], WORDS[2][:at], WORDS[2][at:] + " Yes.", *WORDS[3:]]
    await shows(norvale, *wanted)
    await shows(tarvia, *wanted)
    await expect(norvale.locator("#aside")).to_be_hidden()


async def test_words_typed_in_a_clause_that_is_joined_meanwhile_arrive(scene: Scene, enter: Enter, line: Line) -> None:
    norvale, tarvia = await enter(scene, "NVL", at=line), await enter(scene, "TVA")
    await open_at_end(norvale, scene.clauses[5])
    await line.cut()
    await norvale.keyboard.type(" Signed.")
    await open_at(tarvia, scene.clauses[5], 0)
    await tarvia.keyboard.press("Backspace")
    joined = WORDS[4] + " " + WORDS[5]
    await shows(tarvia, *WORDS[:4], joined, *WORDS[6:])
    await line.mend()
    await shows(norvale, *WORDS[:4], joined + " Signed.", *WORDS[6:])
    await shows(tarvia, *WORDS[:4], joined + " Signed.", *WORDS[6:])
    await norvale.keyboard.type(" Sealed.")
    await expect(editor(norvale)).to_contain_text("Sealed.")


async def test_clauses_move_with_their_sub_clauses(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    await open_at_end(norvale, scene.clauses[3])
    await norvale.keyboard.press("Alt+ArrowUp")
    wanted = [*WORDS[:2], *WORDS[3:6], WORDS[2], *WORDS[6:]]
    await shows(norvale, *wanted)
    await shows(tarvia, *wanted)
    await expect(editor(norvale)).to_be_focused()
    await norvale.keyboard.press("Alt+ArrowDown")
    await shows(tarvia, *WORDS)


async def test_several_pasted_paragraphs_become_clauses(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    at = WORDS[2].index("each")
    await open_at(norvale, scene.clauses[2], at)
    await editor(norvale).evaluate(
        """(node) => { const data = new DataTransfer(); data.setData('text/plain', 'First\\nSecond;\\r\\n\\r\\nThird ');
        node.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true})) }"""
    )
    wanted = [*WORDS[:2], WORDS[2][:at] + "First", "Second;", "Third" + WORDS[2][at:], *WORDS[3:]]
    await shows(norvale, *wanted)
    await shows(tarvia, *wanted)


async def test_a_deleted_clause_stays_in_the_redline_with_who_and_why_and_comes_back(
    scene: Scene, enter: Enter
) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    clause = scene.clauses[2]
    await text_of(norvale, clause).click()
    await norvale.get_by_role("button", name="Delete", exact=True).click()
    await norvale.get_by_label("Reason").fill("said elsewhere")
    await norvale.get_by_role("button", name="Delete OP1").click()
    gone = tarvia.locator(f"#c-{clause}.gone")
    await expect(gone.locator(".foot")).to_contain_text("removed by Norvale")
    await expect(gone.locator(".foot")).to_contain_text("said elsewhere")
    await expect(gone.locator("del")).to_contain_text("to name a point of contact")
    await gone.locator(".t").click()
    await tarvia.get_by_role("button", name="Bring it back").click()
    await shows(norvale, *WORDS)


async def test_tab_at_the_start_of_a_sub_clause_makes_it_deeper(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    clause = scene.clauses[5]
    await open_at(norvale, clause, 0)
    await norvale.keyboard.press("Tab")
    await expect(tarvia.locator(f"#c-{clause} .lab")).to_contain_text("(i)")
    await expect(editor(norvale)).to_be_focused()
    await norvale.keyboard.press("Shift+Tab")
    await expect(tarvia.locator(f"#c-{clause} .lab")).to_contain_text("(b)")
    await norvale.keyboard.press("ArrowRight")
    await norvale.keyboard.press("Tab")
    await expect(editor(norvale)).not_to_be_focused()


async def test_everything_by_keyboard(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    await norvale.keyboard.press("F6")
    for _ in range(3):
        await norvale.keyboard.press("j")
    await expect(norvale.locator(f"#c-{scene.clauses[2]}")).to_be_focused()
    await norvale.keyboard.press("Enter")
    await norvale.keyboard.press("Control+End")
    await norvale.keyboard.type(" Now")
    await norvale.keyboard.press("ArrowDown")
    await expect(norvale.locator(f"#c-{scene.clauses[3]}.focus .cm-content")).to_be_focused()
    await norvale.keyboard.press("ArrowUp")
    await expect(norvale.locator(f"#c-{scene.clauses[2]}.focus .cm-content")).to_be_focused()
    await norvale.keyboard.press("Escape")
    await expect(norvale.locator(f"#c-{scene.clauses[2]}")).to_be_focused()
    await saved(norvale)
    await expect(text_of(tarvia, scene.clauses[2])).to_contain_text("Now")
    await norvale.keyboard.press("]")
    await expect(norvale.locator("#doc .br.at")).to_be_visible()
    await norvale.keyboard.press("c")
    await norvale.keyboard.type("A word on this.")
    await norvale.keyboard.press("Tab")
    await norvale.keyboard.press("Tab")
    await norvale.keyboard.press("Enter")
    await expect(tarvia.locator("#threads .thread")).to_contain_text("A word on this.")
