"""Tracked runs: whatever stands in them, the pieces spell both texts."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from drafts.exchange.parsed import Piece, Signed, emphasised, seen, tidy
from drafts.exchange.trace import Run, traced

SIGNED = [Signed("Norvale"), Signed("Tarvia"), Signed("Chair")]
LETTERS = st.sampled_from("abé e\u0301\u0308  \t\u00a0*[]\u200b\u200d\u0627\u0651\U0001f54a\u1112\u1161\u11ab\ufeff")
RUNS = st.lists(
    st.builds(
        Run,
        st.text(LETTERS, max_size=6),
        st.booleans(),
        st.sampled_from([-1, -1, 0, 1]),
        st.sampled_from([-1, -1, 1, 2]),
    ),
    max_size=6,
)


def spelled(runs: list[Run], *, accepted: bool) -> str:
    kept = [run for run in runs if (run.dele if accepted else run.ins) < 0]
    return tidy(emphasised((run.text, run.italic) for run in kept if seen(run.text)))


@given(RUNS)
def test_the_pieces_spell_the_accepted_and_the_rejected_text(runs: list[Run]) -> None:
    for accepted in (True, False):
        found = traced(runs, SIGNED, accepted=accepted)
        assert found.text == spelled(runs, accepted=accepted)
        tracked = any(run.ins >= 0 or run.dele >= 0 for run in runs)
        assert bool(found.pieces) <= tracked
        if tracked:
            assert "".join(p.text for p in found.pieces if p.dele is None) == spelled(runs, accepted=True)
            assert "".join(p.text for p in found.pieces if p.ins is None) == spelled(runs, accepted=False)
            assert {by for p in found.pieces for by in (p.ins, p.dele) if by} <= {
                SIGNED[at] for run in runs for at in (run.ins, run.dele) if at >= 0
            }
        assert list(found.starts) == sorted(found.starts)
        assert found.starts[-1] == len(found.text)


def test_what_cannot_be_seen_parts_no_emphasis() -> None:
    runs = [Run("all", True, -1, -1), Run("\u200b", False, -1, 1), Run("States", True, -1, -1)]
    for tracked in (runs, [run._replace(dele=-1) for run in runs]):
        assert traced(tracked, SIGNED, accepted=True).text == "*allStates*"
        assert traced(tracked, SIGNED, accepted=False).text == "*allStates*"


def test_what_changed_only_for_what_came_beside_it_is_signed_too() -> None:
    runs = [Run("cafe", False, -1, -1), Run("\u0301", False, 1, -1), Run(" ", False, -1, -1), Run("bars", True, 0, -1)]
    pieces = traced([*runs, Run("two", True, -1, -1)], SIGNED, accepted=True).pieces
    assert told(pieces) == [
        ("caf", "", ""), ("e", "", "Tarvia"), ("\u00e9", "Tarvia", ""), (" ", "", ""),
        ("*bars", "Norvale", ""), ("*", "", "Norvale"), ("two*", "", ""),
    ]  # fmt: skip


def test_a_space_that_stays_is_nobodys_change() -> None:
    runs = [Run("all", False, -1, -1), Run(" three ", False, 0, -1), Run(" States ", False, -1, -1)]
    pieces = traced([*runs, Run(" two ", False, -1, 1), Run(" meet", False, -1, -1)], SIGNED, accepted=True).pieces
    assert told(pieces) == [
        ("all", "", ""), (" three", "Norvale", ""), (" States ", "", ""), ("two ", "", "Tarvia"), ("meet", "", ""),
    ]  # fmt: skip


def told(pieces: Sequence[Piece]) -> list[tuple[str, str, str]]:
    return [(p.text, p.ins.author if p.ins else "", p.dele.author if p.dele else "") for p in pieces]


def test_who_did_what() -> None:
    runs = [
        Run("Recalling", True, -1, 1),
        Run("Noting", True, 0, -1),
        Run(" all ", False, -1, -1),
        Run("earlier ", False, 0, 2),
        Run("meetings,", False, -1, -1),
    ]
    pieces = traced(runs, SIGNED, accepted=True).pieces
    assert told(pieces) == [
        ("*Recalling*", "", "Tarvia"),
        ("*Noting*", "Norvale", ""),
        (" all ", "", ""),
        ("earlier ", "Norvale", "Chair"),
        ("meetings,", "", ""),
    ]
