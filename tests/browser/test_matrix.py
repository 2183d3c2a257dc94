"""The work on the response matrix by keyboard: no hand leaves it, no page is loaded between two comments."""

from playwright.async_api import Page, expect

from drafts import commands as do
from drafts.consultation import Remark, RemarkKind, RemarkState, Round, Spot, View, Wanted
from drafts.desk import answering, live, rounds
from drafts.model import new_id
from drafts.store import Store
from tests.browser.conftest import OpenPage
from tests.browser.house import House, Scene
from tests.hearing import DURING, round_on

WORDS = ("Say by when.", "Ask the operators first.", "Leave it out.", "Who pays for it?", "Add an example.")


async def asked(house: House, scene: Scene) -> Round:
    """A round on the scene's draft, with a comment of the helpline for each of ``WORDS``."""
    async with Store.open(house.database) as store:
        await live.perform(store, scene.people["CHR"], scene.draft.id, do.Issue(new_id(), f"Rev.{new_id(4)}"))
        told = round_on(scene.draft.id, scene.people["CHR"])
        async with store.write() as q:
            await q.rounds.add(told)
            member = await q.forums.member(scene.draft.forum_id, scene.people["HLP"])
            assert member is not None
            first = await q.rounds.numbers(told.id, len(WORDS))
            await q.remarks.add_all(
                [
                    (
                        Remark(
                            id=new_id(),
                            round_id=told.id,
                            spot=Spot.CLAUSE,
                            clause_id=scene.clauses[2],
                            kind=RemarkKind.GENERAL,
                            view=View.NEUTRAL,
                            body=words,
                            language="en",
                            state=RemarkState.OPEN,
                            group=member.party.group,
                            who=member.party.name,
                            owner_id=member.party.id,
                            person_id=member.person_id,
                            created_at=DURING,
                            party=member.party,
                            number=number,
                            sent_at=DURING,
                        ),
                        new_id(),
                    )
                    for number, words in enumerate(WORDS, first)
                ]
            )
    return told


async def decided(house: House, scene: Scene, told: Round) -> list[tuple[str, str]]:
    """What was decided of each comment, in their order, with the reason."""
    async with Store.open(house.database) as store:
        entered = await rounds.enter(store, scene.people["CHR"], told.id, DURING)
        found = await answering.queue(store, entered, Wanted(answered=True), folded=False)
    return [(one.answer.disposition.value, one.answer.rationale) for _, one in found.rows if one.answer]


async def current(page: Page, number: int) -> None:
    """The row of a comment is the one that one is at."""
    await expect(page.locator(f"#m-{number}")).to_have_attribute("aria-current", "true")
    await expect(page.locator(".todo[aria-current]")).to_have_count(1)


async def test_five_comments_without_a_pointer(house: House, scene: Scene, open_page: OpenPage) -> None:
    told = await asked(house, scene)
    page = await open_page()
    await page.context.add_cookies([{"name": "adref", "value": scene.cookies["CHR"], "url": house.url}])
    await page.goto(f"{house.url}/consultations/{told.id}/matrix")
    heading, said, keys = page.locator("#panel-h"), page.locator("#said"), page.keyboard
    await current(page, 1)
    for key, number in (("j", 2), ("j", 3), ("k", 2), ("k", 1)):
        await keys.press(key)
        await current(page, number)
    await expect(heading).to_have_text("Comment 1")

    # One, with a reason; then the next the same way, by one key.
    await keys.press("1")
    await keys.press("r")
    await keys.type("Rev.2 has it, j and k are letters here.")
    await keys.press("Control+Enter")
    await expect(said).to_have_text("1 comment answered")
    await current(page, 2)
    await expect(page.locator("#m-1 .answered")).to_contain_text("accepted")
    await expect(page.locator("#m-1 .answered")).to_contain_text("not published")
    await keys.press(".")
    await keys.press("Control+Enter")
    await current(page, 3)

    # What is refused stays as it was typed.
    await keys.press("3")
    await keys.press("Control+Enter")
    await expect(said).to_contain_text("Say why")
    await current(page, 3)
    await expect(page.get_by_label("not accepted")).to_be_checked()
    await keys.press("r")
    await keys.type("The first reading kept it.")
    await keys.press("Control+Enter")
    await current(page, 4)

    # Two at once.
    await keys.press("x")
    await keys.press("j")
    await keys.press("x")
    await expect(heading).to_have_text("Answer 2 comments")
    await keys.press("4")
    await keys.press("Control+Enter")
    await expect(page.get_by_text("Everything that fits is answered.")).to_be_visible()
    await expect(page.get_by_text("5 of 5 answered.")).to_be_visible()
    again, kept = "Rev.2 has it, j and k are letters here.", "The first reading kept it."
    assert await decided(house, scene, told) == [
        ("accepted", again), ("accepted", again), ("not_accepted", kept), ("noted", ""), ("noted", ""),
    ]  # fmt: skip
