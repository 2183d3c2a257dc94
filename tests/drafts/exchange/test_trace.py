"""Tracked runs: whatever stands in them, the pieces spell both texts."""

from hypothesis import given
from hypothesis import strategies as st

from drafts.exchange.parsed import Signed, emphasised, seen, tidy
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
        assert list(found.starts) == sorted(found.starts)
        assert found.starts[-1] == len(found.text)


def test_what_cannot_be_seen_parts_no_emphasis() -> None:
    runs = [Run("all", True, -1, -1), Run("\u200b", False, -1, 1), Run("States", True, -1, -1)]
    for tracked in (runs, [run._replace(dele=-1) for run in runs]):
        assert traced(tracked, SIGNED, accepted=True).text == "*allStates*"
        assert traced(tracked, SIGNED, accepted=False).text == "*allStates*"


def test_who_did_what() -> None:
    runs = [
        Run("Recalling", True, -1, 1),
        Run("Noting", True, 0, -1),
        Run(" all ", False, -1, -1),
        Run("earlier ", False, 0, 2),
        Run("meetings,", False, -1, -1),
    ]
    pieces = traced(runs, SIGNED, accepted=True).pieces
    assert [(p.text, p.ins and p.ins.author, p.dele and p.dele.author) for p in pieces] == [
        ("*Recalling*", None, "Tarvia"),
        ("*Noting*", "Norvale", None),
        (" all ", None, None),
        ("earlier ", "Norvale", "Chair"),
        ("meetings,", None, None),
    ]
