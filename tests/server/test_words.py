"""What the states and kinds of a negotiation are called."""

from enum import StrEnum

import pytest

from drafts.consultation import Disposition, RemarkKind, RemarkState, Spot, View
from drafts.model import BracketReason, ClauseStatus, Openness, ProposalKind, ProposalState, Stage, Stance
from server.i18n import Tongue
from server.words import WORDS, for_scripts, word


@pytest.mark.parametrize(
    "kind",
    [
        Stage,
        ClauseStatus,
        ProposalKind,
        ProposalState,
        Stance,
        BracketReason,
        Openness,
        View,
        Disposition,
        RemarkKind,
        RemarkState,
        Spot,
    ],
    ids=str,
)
def test_every_value_has_a_word_of_its_own(kind: type[StrEnum]) -> None:
    said = [word(value) for value in kind]
    assert all(said)
    assert len(set(said)) == len(said)


def test_the_same_value_of_two_kinds_is_told_apart() -> None:
    assert (word(Stage.WITHDRAWN), word(ProposalState.WITHDRAWN)) == ("Withdrawn", "withdrawn")
    assert word("withdrawn", "stage") == "Withdrawn"
    with pytest.raises(KeyError):
        word("withdrawn", "stance")


def test_scripts_get_them_all_in_the_readers_language() -> None:
    french = for_scripts(Tongue("fr"))
    assert french.keys() == WORDS.keys()
    assert french["status"]["agreed_ad_ref"] == Tongue("fr")._("agreed ad ref") != "agreed ad ref"
    assert list(french["outcome"]) == ["", "adopted", "broken", "cancelled"]
