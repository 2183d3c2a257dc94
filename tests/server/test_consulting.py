"""The filter in an address, and how a round's times are told."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.datastructures import QueryParams

from drafts.consultation import (
    Disposition,
    Granularity,
    RemarkKind,
    RemarkState,
    Reveal,
    Round,
    Spot,
    View,
    Wanted,
)
from drafts.errors import Invalid
from drafts.model import Group
from server.i18n import Tongue
from server.pages.consulting import left, query, said, wanted, without
from tests.hearing import BEFORE, CLOSES, DURING, OPENS

EVERYTHING = Wanted(
    groups=frozenset({Group.INDUSTRY, Group.ACADEMIA}),
    party="Network & operators",
    clauses=frozenset({None, "clause1", "clause2"}),
    spots=frozenset({Spot.MISSING}),
    kinds=frozenset({RemarkKind.DRAFTING}),
    views=frozenset({View.OPPOSE, View.WITH_CHANGES}),
    states=frozenset({RemarkState.OPEN}),
    dispositions=frozenset({Disposition.NOTED, Disposition.OUT_OF_SCOPE}),
    answered=False,
    language="zh",
    question="q1",
    bundle="b1",
    contribution="c1",
    late=True,
    words="mußt du = 你好",
    mine=True,
)


@pytest.mark.parametrize("asked", [EVERYTHING, Wanted(), Wanted(answered=True), Wanted(late=False)])
def test_a_filter_comes_back_from_its_address(asked: Wanted) -> None:
    assert wanted(QueryParams(query(asked))) == asked
    assert wanted(QueryParams(query(asked, before=12, page=None, view_as=""))) == asked


def test_an_address_says_further_fields_and_no_empty_ones() -> None:
    assert query(Wanted(groups=frozenset({Group.ACADEMIA})), before=7, after=None) == "group=academia&before=7"
    assert without(EVERYTHING, "groups", "words").groups == frozenset()
    assert without(EVERYTHING, "groups", "words").views == EVERYTHING.views


@pytest.mark.parametrize(
    "address", ["group=martians", "view=meh", "answered=perhaps", "mine=1", "q=" + "x" * 300, "q=%00", "state=draught"]
)
def test_what_there_is_not_is_refused(address: str) -> None:
    with pytest.raises(Invalid):
        wanted(QueryParams(address))


def told(**facts: Any) -> Round:
    """A round of two groups that is announced."""
    plain = Round(
        id="round",
        draft_id="draft",
        number=1,
        version=1,
        title="What the lakes should say",
        intro="",
        opens_at=OPENS,
        closes_at=CLOSES,
        zone="Europe/Zurich",
        groups=(Group.INDUSTRY, Group.ACADEMIA),
        reveal=Reveal.AT_ONCE,
        granularity=Granularity.LINE,
        public=True,
        pseudonyms=False,
        late=False,
        last=0,
        made_by="person",
        created_at=BEFORE,
        announced_at=BEFORE,
    )
    return replace(plain, **facts)


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("at", "sentence"),
    [
        (OPENS - 3 * 1440 * MINUTE, "opens in 3 days"),
        (OPENS - 26 * 60 * MINUTE, "opens in 26 hours"),
        (OPENS - MINUTE, "opens in 1 minute"),
        (OPENS, "7 days left"),
        (CLOSES - 2 * 1440 * MINUTE, "2 days left"),
        (CLOSES - 2 * 1440 * MINUTE + MINUTE, "47 hours left"),
        (CLOSES - 60 * MINUTE, "1 hour left"),
        (CLOSES - 59 * MINUTE, "59 minutes left"),
        (CLOSES - MINUTE / 2, "0 minutes left"),
        (CLOSES, ""),
    ],
)
def test_the_time_that_is_left(at: datetime, sentence: str) -> None:
    assert left(Tongue("en"), told(), at) == sentence


def test_times_are_told_by_the_clocks_of_the_round_and_in_utc() -> None:
    """Between opening and closing the clocks of Zurich are put forward."""
    spring = told(opens_at=datetime(2031, 3, 28, 11, tzinfo=UTC), closes_at=datetime(2031, 4, 1, 21, 59, tzinfo=UTC))
    shown = said(Tongue("en"), spring, DURING)
    assert (shown.opens, shown.closes) == ("28 Mar 2031, 12:00", "1 Apr 2031, 23:59")
    assert (shown.opens_utc, shown.closes_utc) == ("28 Mar 2031, 11:00 UTC", "1 Apr 2031, 21:59 UTC")
    assert shown.groups == "Industry and Academia"
    plain = said(Tongue("en"), replace(spring, zone="UTC", groups=tuple(Group)), DURING)
    assert (plain.closes, plain.closes_utc, plain.groups) == ("1 Apr 2031, 21:59", "", "all four groups")
