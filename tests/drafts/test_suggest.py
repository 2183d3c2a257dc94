"""What somebody who settles a conflict is shown to start from."""

import pytest

from drafts import brackets
from drafts.suggest import both

BASE = "States should answer every request within two days and report each year."


@pytest.mark.parametrize(
    ("theirs", "live", "made"),
    [
        (  # each changed other words
            "States shall answer every request within two days and report each year.",
            "States should answer every request within two days and report twice each year.",
            "States shall answer every request within two days and report twice each year.",
        ),
        (  # both changed the same words
            "States should answer every request within three days and report each year.",
            "States should answer every request within five days and report each year.",
            "States should answer every request within [five] [three] days and report each year.",
        ),
        (  # one deleted what the other changed
            "States should answer every request and report each year.",
            "States should answer every request within five days and report each year.",
            "States should answer every request [within five days] and report each year.",
        ),
        (  # the words beside each other
            "States should answer every request within two working days and report each year.",
            "States should answer every request within two hours and report each year.",
            "States should answer every request within two [hours] [working days] and report each year.",
        ),
        (  # both did the same
            "States shall answer every request within two days and report each year.",
            "States shall answer every request within two days and report each year.",
            "States shall answer every request within two days and report each year.",
        ),
        ("States shall answer.", "", "States shall answer."),  # the clause is gone
        ("", "States may answer.", "States may answer."),
        (BASE, "States may answer.", "States may answer."),
    ],
)
def test_both_wordings_are_in_it(theirs: str, live: str, made: str) -> None:
    assert both(BASE, theirs, live) == made


def test_brackets_stay_in_pairs() -> None:
    base = "States [should act] now."
    made = both(base, "States [should [not] act now].", "States shall act soon.")
    assert brackets.parse(made).unbalanced == brackets.parse("").unbalanced
    assert "[not]" in made
    assert "soon" in made
