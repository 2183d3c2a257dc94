"""Two delegations and an observer in one draft, each in a browser of their own."""

import re

from playwright.async_api import expect

from drafts import commands as do
from drafts.desk import live
from drafts.model import ClauseKind
from drafts.store import Store
from tests.browser.conftest import Enter
from tests.browser.hands import contains, editor, open_at_end, saved, shows, standing, text_of
from tests.browser.house import TEXT, House, Line, Scene

WORDS = [words for _, _, words, _ in TEXT]


async def test_two_delegations_write_in_one_clause_and_see_each_other(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    clause = scene.clauses[2]
    await open_at_end(norvale, clause)
    await open_at_end(tarvia, clause)
    await expect(norvale.locator(".caret.other b")).to_have_text("TVA")
    await norvale.keyboard.type(" at once")
    await tarvia.keyboard.type(" please")
    await saved(norvale)
    await saved(tarvia)
    await contains(norvale, 2, "at once", "please")
    await contains(tarvia, 2, "at once", "please")
    one, other = await standing(norvale), await standing(tarvia)
    assert one == other
    added = one[2].removeprefix(WORDS[2].replace("*", ""))
    assert sorted(added) == sorted(" at once please")  # at one place: a space may stand before the other's
    await expect(tarvia.locator("#outline li .who .seat", has_text="NVL")).to_be_visible()


async def test_every_keystroke_of_both_arrives_once(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    clause = scene.clauses[2]
    await open_at_end(norvale, clause)
    await open_at_end(tarvia, clause)
    for letter in "abcdefghijklmnopqrst":
        await norvale.keyboard.type(letter)
        await tarvia.keyboard.type(letter.upper())
    await saved(norvale)
    await saved(tarvia)
    await contains(norvale, 2, "T")
    await contains(tarvia, 2, "t")
    one, other = await standing(norvale), await standing(tarvia)
    typed = one[2].removeprefix(WORDS[2].replace("*", ""))
    assert one == other
    assert "".join(c for c in typed if c.islower()) == "abcdefghijklmnopqrst"
    assert "".join(c for c in typed if c.isupper()) == "ABCDEFGHIJKLMNOPQRST"


async def test_what_the_command_line_did_is_in_the_room_once_somebody_enters(
    scene: Scene, enter: Enter, house: House
) -> None:
    norvale = await enter(scene, "NVL")
    async with Store.open(house.database) as store:  # another process, as ``adref merge`` is
        wished = do.Edit("outside", scene.clauses[7], 0, "*Decides* to meet again next year.")
        await live.perform(store, scene.people["CHR"], scene.draft.id, wished)
    tarvia = await enter(scene, "TVA")
    await contains(tarvia, 7, "next year.")
    await contains(norvale, 7, "next year.")
    await open_at_end(tarvia, scene.clauses[2])
    await tarvia.keyboard.type(" soon")
    await contains(norvale, 2, "soon")


async def test_an_observer_reads_along_with_authors_and_cannot_edit(scene: Scene, enter: Enter) -> None:
    norvale, watching = await enter(scene, "NVL"), await enter(scene, "HLP")
    clause = scene.clauses[7]
    await open_at_end(norvale, clause)
    await norvale.keyboard.press("Backspace")
    await norvale.keyboard.type(" in spring.")
    await expect(text_of(watching, clause).locator("ins")).to_contain_text("in spring.")
    await expect(text_of(watching, clause).locator(".by.i-ins")).to_have_text("NVL")
    await text_of(watching, clause).click()
    await expect(watching.locator(f"#c-{clause} .foot.says")).to_contain_text("Observers read and comment")
    await expect(watching.locator(".cm-content")).to_have_count(0)


async def test_a_page_loaded_afterwards_is_painted_as_the_scripts_painted_it(
    scene: Scene, enter: Enter, house: House
) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    clause = scene.clauses[3]
    await open_at_end(tarvia, clause)
    await tarvia.keyboard.type(" [*or* later [much <later>]]")
    await saved(tarvia)
    await open_at_end(norvale, clause)
    for _ in range(5):
        await norvale.keyboard.press("Backspace")
    await saved(norvale)
    await norvale.keyboard.press("Escape")
    live = await norvale.locator(f"#c-{clause}").inner_html()
    await norvale.goto(house.url + scene.path)
    # The same markup to the letter, as the server makes it.
    async with norvale.expect_response(house.url + scene.path) as loading:
        await norvale.reload()
    html = await (await loading.value).text()
    found = re.search(rf'<section class="[^"]*" id="c-{clause}"[^>]*>(.*?)</section>', html)
    assert found is not None
    assert (
        await norvale.evaluate(
            "(html) => { const t = document.createElement('template'); t.innerHTML = html; return t.innerHTML }",
            found[1],
        )
        == live
    )


async def test_undo_takes_back_only_ones_own(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    clause = scene.clauses[2]
    await open_at_end(norvale, clause)
    await norvale.keyboard.type(" mine")
    await saved(norvale)
    await open_at_end(tarvia, clause)
    await tarvia.keyboard.type(" theirs")
    await contains(norvale, 2, "theirs")
    await norvale.keyboard.press("Control+z")
    await shows(norvale, *WORDS[:2], WORDS[2] + " theirs", *WORDS[3:])
    await shows(tarvia, *WORDS[:2], WORDS[2] + " theirs", *WORDS[3:])


async def test_an_arabic_clause_runs_from_the_right(scene: Scene, enter: Enter) -> None:
    norvale, tarvia = await enter(scene, "NVL"), await enter(scene, "TVA")
    clause = scene.clauses[6]
    await open_at_end(norvale, clause)
    assert await editor(norvale).evaluate("(node) => getComputedStyle(node).direction") == "rtl"
    await norvale.keyboard.type(" والعمل")
    await expect(text_of(tarvia, clause)).to_contain_text("والعمل")
    assert await text_of(tarvia, clause).evaluate("(node) => getComputedStyle(node).direction") == "rtl"


async def test_a_comment_on_selected_words_appears_for_the_others(scene: Scene, enter: Enter) -> None:
    helpline, norvale = await enter(scene, "HLP"), await enter(scene, "NVL")
    clause = scene.clauses[2]
    await text_of(helpline, clause).evaluate(
        """(node) => { const text = node.lastChild; const at = text.data.indexOf('each State');
        getSelection().setBaseAndExtent(text, at, text, at + 10) }"""
    )
    await helpline.locator(".sel-comment").click()
    await expect(helpline.locator("#new-quote")).to_contain_text("each State")
    await helpline.keyboard.type("Which ones?")
    await helpline.locator("#new-thread button[type=submit]").click()
    thread = norvale.locator("#threads .thread")
    await expect(thread).to_contain_text("Which ones?")
    await expect(thread.locator(".quote")).to_have_text("each State")
    await expect(thread.locator(".org")).to_have_text("Helpline Association")
    await thread.locator("summary", has_text="Reply").click()
    await thread.locator("form[action$=reply] textarea").fill("All of them.")
    await thread.locator("form[action$=reply] button").click()
    await expect(helpline.locator("#threads .thread .reply")).to_contain_text("All of them.")
    await open_at_end(norvale, clause)
    await expect(editor(norvale).locator(".cspan")).to_have_text("each State")


async def test_a_clause_agreed_while_somebody_writes_keeps_their_words_aside(
    scene: Scene, enter: Enter, line: Line
) -> None:
    norvale, chair = await enter(scene, "NVL", at=line), await enter(scene, "CHR")
    clause = scene.clauses[7]
    await open_at_end(norvale, clause)
    await line.cut()
    await norvale.keyboard.type(" Perhaps.")
    await text_of(chair, clause).click()
    await chair.get_by_role("button", name="Mark as agreed ad ref").click()
    await chair.get_by_role("button", name="Mark OP4 as agreed ad ref").click()
    await expect(chair.locator(f"#c-{clause}.locked")).to_be_visible()
    await line.mend()
    await expect(norvale.locator("#aside")).to_be_visible()
    await expect(norvale.locator("#aside .quote")).to_have_text("Perhaps.")
    await expect(norvale.locator("#aside")).to_contain_text("agreed ad ref")
    await shows(norvale, *WORDS)
    await norvale.reload()
    await expect(norvale.locator("#aside .quote")).to_have_text("Perhaps.")
    # Re-opened, the words go back to where they were.
    await text_of(chair, clause).click()
    await chair.get_by_role("button", name="Re-open OP4").click()
    await chair.locator(f"#c-{clause}").get_by_label("Reason").fill("One more word.")
    await chair.get_by_role("button", name="Re-open OP4").click()
    await expect(norvale.locator(f"#c-{clause}.locked")).to_have_count(0)
    await norvale.locator("#aside").get_by_role("button", name="Put back").click()
    await saved(norvale)
    await expect(norvale.locator("#aside")).to_be_hidden()
    await shows(chair, *WORDS[:7], WORDS[7] + " Perhaps.")


async def test_the_chair_takes_the_pen(house: House, enter: Enter) -> None:
    scene = await house.scene(mode="pen")
    norvale, chair = await enter(scene, "NVL"), await enter(scene, "CHR")
    await text_of(norvale, scene.clauses[2]).click()
    await expect(norvale.locator(f"#c-{scene.clauses[2]} .foot.says")).to_contain_text("The chair has the pen")
    await open_at_end(chair, scene.clauses[2])
    await chair.keyboard.type(" soon")
    await expect(text_of(norvale, scene.clauses[2])).to_contain_text("soon")


async def test_a_long_clause_is_whole_in_the_page(house: House, enter: Enter) -> None:
    words = (
        "Each State notifies the others of what it knows. " * 380
    )  # 18,620 characters, 3,400 words; from 20,000 on CodeMirror leaves out what is far from sight
    scene = await house.scene(text=((ClauseKind.OPERATIVE, 0, words.strip(), ""),))
    norvale = await enter(scene, "NVL")
    await text_of(norvale, scene.clauses[0]).click(position={"x": 20, "y": 10})
    await expect(editor(norvale)).to_be_focused()
    # Find-in-page sees what the page holds.
    assert await editor(norvale).evaluate("(node) => node.textContent.length") == len(words.strip())
