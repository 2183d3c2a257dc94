"""The compendium's page and files: who gets them, what they are called, and that a filter goes with them."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import pytest

from drafts.consultation import Reveal
from drafts.exchange.compendium import Form
from drafts.model import Group
from drafts.store import Store
from tests.hearing import Hearing, hearing, put, remark
from tests.server.conftest import Browser

SignIn = Callable[[str], Awaitable[Browser]]
NOW = datetime.now(UTC)
TIMES = {
    "opens_at": NOW - timedelta(days=1),
    "closes_at": NOW + timedelta(days=5),
    "announced_at": NOW - timedelta(days=2),
}


@pytest.fixture
async def of(store: Store) -> Hearing:
    made = await hearing(store, **TIMES)
    await put(
        store, made, [remark(made, Group.INDUSTRY, "zebra industry"), remark(made, Group.ACADEMIA, "zebra academia")]
    )
    return made


async def test_anyone_takes_every_form(of: Hearing, browser: Callable[[], Browser]) -> None:
    for form in Form:
        answer = await browser().get(f"/consultations/{of.round.id}/compendium.{form}?order=contributor")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == form.media_type
        name = f"LS-1-Rev.1-Rev.1-comments-1-by-contributor.{form}"
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
        assert answer.content


async def test_the_filter_goes_on_to_the_files(of: Hearing, browser: Callable[[], Browser]) -> None:
    one = browser()
    page = await one.get(f"/consultations/{of.round.id}/compendium?group=academia&q=zebra")
    assert "1 comment as a file" in page.text
    assert f"/consultations/{of.round.id}/compendium.docx?group=academia&amp;q=zebra&amp;order=clause" in page.text
    table = await one.get(f"/consultations/{of.round.id}/compendium.csv?group=academia")
    assert "zebra academia" in table.text
    assert "zebra industry" not in table.text
    for wrong in ("compendium.doc", "compendium.csv?order=size", "compendium.csv?group=nobody"):
        assert (await one.get(f"/consultations/{of.round.id}/{wrong}")).status_code == 422


async def test_a_sealed_round_says_so(store: Store, browser: Callable[[], Browser], as_person: SignIn) -> None:
    of = await hearing(store, reveal=Reveal.AT_CLOSE, **TIMES)
    await put(store, of, [remark(of, Group.INDUSTRY, "zebra")])
    page = await browser().get(f"/consultations/{of.round.id}/compendium")
    assert "0 comments as a file" in page.text
    assert "shown when the consultation closes" in page.text
    for form in (Form.CSV, Form.JSON):
        assert "zebra" not in (await browser().get(f"/consultations/{of.round.id}/compendium.{form}")).text
    chair = await as_person(of.cast.chair)
    assert "zebra" in (await chair.get(f"/consultations/{of.round.id}/compendium.csv")).text


async def test_a_round_that_is_not_public_is_nobodys(store: Store, browser: Callable[[], Browser]) -> None:
    of = await hearing(store, public=False, **TIMES)
    assert (await browser().get(f"/consultations/{of.round.id}/compendium.csv")).status_code == 404
