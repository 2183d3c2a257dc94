"""The filter in an address, and how a round's times are told."""

import pytest
from starlette.datastructures import QueryParams

from drafts.consultation import Disposition, RemarkKind, RemarkState, Spot, View, Wanted
from drafts.errors import Invalid
from drafts.model import Group
from server.pages.consulting import query, wanted, without

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
