"""The line goes and comes back, pages and servers die: nothing typed is lost, nothing is there twice."""

from pathlib import Path

from playwright.async_api import expect

from tests.browser.conftest import Enter
from tests.browser.hands import contains, open_at, open_at_end, saved, shows, standing, text_of
from tests.browser.house import TEXT, House, Line, Scene

WORDS = [words for _, _, words, _ in TEXT]


async def test_offline_and_back(scene: Scene, enter: Enter, line: Line) -> None:
    norvale, tarvia = await enter(scene, "NVL", at=line), await enter(scene, "TVA")
    clause = scene.clauses[2]
    await open_at_end(norvale, clause)
    await norvale.keyboard.type(" On.")
    await saved(norvale)
    await line.cut()
    await norvale.keyboard.type(" Off.")
    await expect(norvale.locator("#saved")).to_have_text("Offline, 5 changes kept on this device")
    await norvale.keyboard.press("Enter")
    await expect(norvale.locator(".notice")).to_contain_text("needs the connection")
    await open_at_end(tarvia, clause)
    await tarvia.keyboard.type(" Meanwhile.")
    await saved(tarvia)
    await line.mend()
    await expect(norvale.locator("#saved")).to_contain_text("Back: all 5 changes sent")
    await contains(norvale, 2, "Meanwhile.", "Off.")
    await contains(tarvia, 2, "Off.")
    texts = ((await standing(norvale))[2], (await standing(tarvia))[2])
    for text in texts:
        assert text.count("Off.") == text.count("Meanwhile.") == text.count("On.") == 1


async def test_unsent_changes_survive_the_page(scene: Scene, enter: Enter, line: Line) -> None:
    norvale, tarvia = await enter(scene, "NVL", at=line), await enter(scene, "TVA")
    first, second = scene.clauses[2], scene.clauses[7]
    await open_at_end(norvale, first)
    await line.cut()
    await norvale.keyboard.type(" One.")
    await open_at_end(norvale, second)
    await norvale.keyboard.type(" Two.")
    await expect(norvale.locator("#saved")).to_have_text("Offline, 10 changes kept on this device")
    await norvale.goto("about:blank")
    # Meanwhile others go on, and cut one of the two clauses.
    await open_at(tarvia, first, WORDS[2].index("each"))
    await tarvia.keyboard.type("really ")
    await tarvia.keyboard.press("Enter")
    cut = WORDS[2].index("each")
    halves = [WORDS[2][:cut] + "really ", WORDS[2][cut:]]
    await shows(tarvia, *WORDS[:2], *halves, *WORDS[3:])
    await line.mend()
    await norvale.goto(line.url + scene.path)
    wanted = [*WORDS[:2], halves[0], halves[1] + " One.", *WORDS[3:7], WORDS[7] + " Two."]
    await shows(norvale, *wanted)
    await shows(tarvia, *wanted)
    await expect(norvale.locator("#saved")).to_contain_text("Back: all 10 changes sent")
    assert (
        await norvale.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('adref:unsent')).length") == 0
    )


async def test_two_windows_of_one_person_do_not_take_each_others_changes(
    scene: Scene, enter: Enter, line: Line
) -> None:
    norvale = await enter(scene, "NVL", at=line)
    await open_at_end(norvale, scene.clauses[2])
    await line.cut()
    await norvale.keyboard.type(" Mine.")
    await line.mend()
    other = await norvale.context.new_page()
    await other.goto(line.url + scene.path)
    wanted = [*WORDS[:2], WORDS[2] + " Mine.", *WORDS[3:]]
    await shows(other, *wanted)
    await shows(norvale, *wanted)


async def test_a_killed_server_comes_back_and_has_everything(tmp_path: Path, enter: Enter) -> None:
    house = House(tmp_path)
    await house.start()
    try:
        scene = await house.scene()
        norvale, tarvia = await enter(scene, "NVL", at=house), await enter(scene, "TVA", at=house)
        clause = scene.clauses[2]
        await open_at_end(norvale, clause)
        await norvale.keyboard.type(" Before.")
        await saved(norvale)
        house.kill()
        await norvale.keyboard.type(" During.")
        await expect(norvale.locator("#saved")).to_contain_text("kept on this device")
        await house.start()
        await expect(norvale.locator("#saved")).to_contain_text("Back: all", timeout=20_000)
        wanted = [*WORDS[:2], WORDS[2] + " Before. During.", *WORDS[3:]]
        await shows(norvale, *wanted)
        await expect(text_of(tarvia, clause)).to_contain_text("Before. During.", timeout=20_000)
        await shows(tarvia, *wanted)
    finally:
        house.close()


async def test_a_line_that_says_nothing_is_noticed(scene: Scene, enter: Enter, line: Line) -> None:
    norvale = await enter(scene, "NVL", at=line)
    await norvale.clock.install()
    line.freeze()
    await norvale.clock.fast_forward(40_000)  # longer than a living line is ever quiet
    await expect(norvale.locator("#saved.offline")).to_be_visible(timeout=20_000)
    line.thaw()
    await expect(norvale.locator("#saved.offline")).to_have_count(0, timeout=20_000)


async def test_somebody_signed_out_elsewhere_is_told_and_keeps_their_words(
    scene: Scene, enter: Enter, house: House
) -> None:
    norvale = await enter(scene, "NVL")
    await open_at_end(norvale, scene.clauses[2])
    other = await norvale.context.new_page()
    await other.goto(f"{house.url}/account")
    await other.locator("form[action='/sign-out'] button").first.click()
    await expect(norvale.locator("#saved")).to_contain_text("You are signed out")
    await norvale.keyboard.type(" Still here.")
    assert await norvale.evaluate("Object.keys(localStorage).some((key) => key.startsWith('adref:unsent'))")
