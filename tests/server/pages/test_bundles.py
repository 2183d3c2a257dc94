"""The pages of bundles: looked for, unfolded with what differs marked, mended by hand; and the folded list."""

import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette

from drafts.model import Group
from tests.hearing import Hearing, hearing, put, remark
from tests.server.conftest import Browser

TEMPLATE = "Please say who keeps the directory of points of contact, how often it is renewed, and who may read it."
NOW = datetime.now(UTC).replace(microsecond=0)
Sign = Callable[[str], Awaitable[Browser]]


@pytest.fixture
async def of(app: Starlette) -> Hearing:
    """A round that runs, with three copies in two wordings and one comment of its own words."""
    store = app.state.store
    made = await hearing(store, opens_at=NOW - timedelta(days=1), closes_at=NOW + timedelta(days=6))
    bodies = (TEMPLATE, TEMPLATE, TEMPLATE.replace("often", "soon"), "Something of its own.")
    groups = (Group.ACADEMIA, Group.INDUSTRY, Group.INDUSTRY, Group.ACADEMIA)
    await put(store, made, [remark(made, group, body) for group, body in zip(groups, bodies, strict=True)])
    return made


async def test_looked_for_unfolded_and_mended(of: Hearing, as_person: Sign) -> None:
    chair, reader = await as_person(of.cast.chair), await as_person(of.people[Group.INDUSTRY])
    base = f"/consultations/{of.round.id}/bundles"
    assert "No copies have been found yet." in (await chair.get(base)).text
    done = await chair.post(base, {})
    assert (done.status_code, done.headers["location"]) == (303, base)
    page = (await reader.get(base)).text
    assert "3 copies, 2 wordings" in page
    assert "Look for copies" not in page
    [link] = set(re.findall(rf'href="({base}/\w+)"', page))
    unfolded = (await reader.get(link)).text
    assert re.search(r"<del[^>]*>.*often.*</del>", unfolded, re.DOTALL)
    assert re.search(r"<ins[^>]*>.*soon.*</ins>", unfolded, re.DOTALL)
    assert "the same words" in unfolded
    assert "Take the chosen ones out" not in unfolded
    await chair.get(link)
    assert (await chair.post(link, {"act": "out", "n-3": "1"})).headers["location"] == link
    assert "2 copies, 1 wording" in (await reader.get(link)).text
    await chair.post(link, {"act": "in", "numbers": "3, 4"})
    assert "4 copies, 3 wordings" in (await reader.get(link)).text
    assert (await chair.post(link, {"act": "out", "n-1": "1", "n-2": "1", "n-3": "1"})).headers["location"] == base


async def test_the_list_of_comments_folds_them_and_tells_how_many(of: Hearing, as_person: Sign) -> None:
    chair = await as_person(of.cast.chair)
    await chair.get(f"/consultations/{of.round.id}/bundles")
    await chair.post(f"/consultations/{of.round.id}/bundles", {})
    comments = f"/consultations/{of.round.id}/comments"
    page = (await chair.get(comments)).text
    assert re.findall(r'id="r-(\d+)"', page) == ["4", "1"]
    assert "2 more copies" in page
    assert "4 comments" in page  # as many as there are, folded or not
    every = (await chair.get(f"{comments}?copies=all")).text
    assert re.findall(r'id="r-(\d+)"', every) == ["4", "3", "2", "1"]
