"""The summary of a consultation: what the charts say stands in their tables, what nobody spoke to is named, and nothing
is counted for whoever may not read it."""

import re
from collections.abc import Callable

from starlette.applications import Starlette

from drafts.consultation import RemarkState, Reveal, View
from drafts.model import Group
from server.bars import Bar, bars, columns
from tests.hearing import Hearing, hearing, put, remark
from tests.server.conftest import Browser


async def filled(app: Starlette, **terms: object) -> Hearing:
    """Three comments of the civil society, one of a government that opposes, one that waits."""
    of = await hearing(app.state.store, **terms)
    said = [
        *[remark(of, body=f"When? {n}", view=View.SUPPORT) for n in range(3)],
        remark(of, Group.GOVERNMENT, "Not like this.", view=View.OPPOSE),
        remark(of, Group.INDUSTRY, "Waits.", state=RemarkState.HELD),
        remark(of, Group.ACADEMIA, "A draft of ours.", state=RemarkState.DRAFT),
    ]
    await put(app.state.store, of, said)
    return of


async def test_what_is_counted_and_where_it_leads(app: Starlette, browser: Callable[[], Browser]) -> None:
    of = await filled(app)
    page = (await browser().get(f"/consultations/{of.round.id}/summary")).text
    assert "4 comments by group" in page
    assert 'aria-label="Comments by group: Governments 1, Industry 0, Civil society 3, Academia 0"' in page
    assert re.search(r"<bdi>Norms for the lake states</bdi></b>: no comment from Industry and Academia", page)
    clause = of.clauses[2].id
    listed = f"/consultations/{of.round.id}/comments?group=civil_society&amp;clause={clause}"
    assert f'<a href="{listed}">3</a>' in page
    assert "Most contested" in page
    one = (await browser().get(f"/consultations/{of.round.id}/summary?group=government")).text
    assert "1 comment by group" in one


async def test_nothing_is_counted_before_it_is_revealed(
    app: Starlette, browser: Callable[[], Browser], as_person
) -> None:
    of = await filled(app, reveal=Reveal.AT_CLOSE)
    address = f"/consultations/{of.round.id}"
    public, member = browser(), await as_person(of.people[Group.CIVIL_SOCIETY])
    for reader in (public, member):
        assert "counted here once the consultation has closed" in (await reader.get(f"{address}/summary")).text
        assert (await reader.get(f"{address}/counts")).json()["total"] == 0
    chair = await as_person(of.cast.chair)
    assert (await chair.get(f"{address}/counts")).json()["total"] == 5  # with the one that waits, without the draft


async def test_counts_cost_nothing_while_nothing_comes(app: Starlette, browser: Callable[[], Browser]) -> None:
    of = await filled(app)
    first = await browser().get(f"/consultations/{of.round.id}/counts")
    assert first.json()["groups"] == {"government": 1, "industry": 0, "civil_society": 3, "academia": 0}
    tag = first.headers["etag"]
    assert (await browser().get(f"/consultations/{of.round.id}/counts", **{"if-none-match": tag})).status_code == 304
    await put(app.state.store, of, [remark(of, body="One more.")])
    assert (await browser().get(f"/consultations/{of.round.id}/counts", **{"if-none-match": tag})).status_code == 200


def test_bars_are_told_apart_without_colour() -> None:
    drawn = bars([Bar("<Academia>", (4, 3, 2, 1), "g3"), Bar("Nobody", (0, 0, 0, 0))], "4 & more")
    assert list(re.findall(r"seg-(\w+)", drawn)) == ["full", "rising", "dots", "empty"]
    assert "&lt;Academia&gt;" in drawn
    assert 'aria-label="4 &amp; more"' in drawn
    assert bars([], "") == columns([], "") == columns([Bar("1.1.", (0, 0, 0, 0))], "") == ""
