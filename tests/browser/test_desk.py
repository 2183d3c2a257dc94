"""The chair's desk and the wall in windows: made anew when something happens; the wall follows the chair."""

from playwright.async_api import Page, expect

from drafts import commands as do
from drafts.desk import drafts, live
from drafts.model import ProposalKind, new_id
from drafts.store import Store
from tests.browser.conftest import OpenPage
from tests.browser.house import House, Scene


async def lay(house: House, scene: Scene, clause: str, reason: str) -> None:
    """Norvale tables a proposal, as by another process."""
    async with Store.open(house.database) as store:
        state, _ = await drafts.state(store, scene.people["NVL"], scene.draft.id)
        found = state.by_id[clause]
        asked = do.Table(
            new_id(), new_id(), ProposalKind.MODIFY, clause, found.number, found.text, f"{found.text} Soon.",
            reason=reason,
        )  # fmt: skip
        await live.perform(store, scene.people["NVL"], scene.draft.id, asked)


async def window(house: House, scene: Scene, open_page: OpenPage, code: str, path: str) -> Page:
    page = await open_page()
    await page.context.add_cookies([{"name": "adref", "value": scene.cookies[code], "url": house.url}])
    await page.goto(f"{house.url}{scene.path}{path}")
    return page


async def test_the_wall_follows_the_clause_in_which_the_chair_writes(
    house: House, scene: Scene, open_page: OpenPage
) -> None:
    wall = await window(house, scene, open_page, "HLP", "/projector")
    await expect(wall.get_by_role("heading", name="PP1")).to_be_visible()
    chair = await window(house, scene, open_page, "CHR", "")
    await chair.locator(f'[data-clause="{scene.clauses[2]}"] .t').click()
    await expect(wall.get_by_role("heading", name="OP1")).to_be_visible()
    await chair.keyboard.press("End")
    await chair.keyboard.type(" Now.")
    await expect(wall.get_by_text("Now.")).to_be_visible()
    await wall.keyboard.press("j")
    await expect(wall.get_by_role("heading", name="OP2")).to_be_visible()
    await wall.keyboard.press("f")
    await expect(wall.get_by_role("heading", name="OP1")).to_be_visible()


async def test_what_is_tabled_comes_to_the_desk(house: House, scene: Scene, open_page: OpenPage) -> None:
    desk = await window(house, scene, open_page, "CHR", "/desk")
    await expect(desk.get_by_text("No proposal waits.")).to_be_visible()
    await lay(house, scene, scene.clauses[2], "So that it is done soon.")
    norvale = await window(house, scene, open_page, "NVL", "")  # whoever comes next wakes the room up
    await expect(norvale.get_by_text("So that it is done soon.")).to_be_visible()
    await expect(desk.get_by_text("So that it is done soon.")).to_be_visible()
    await desk.get_by_role("button", name="Show on screen").click()
    await expect(desk.get_by_role("link", name="On screen: OP1")).to_be_visible()
