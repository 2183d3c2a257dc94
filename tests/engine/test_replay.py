"""A slice of real writing through the change engine (the whole of it: ``make bench``)."""

from pathlib import Path

from drafts.redline import Segment, fold, live, runs
from tests.bench.replay import changes, trace


def test_twenty_thousand_real_edits(shared_data: Path) -> None:
    assert (shared_data / "editing-traces").is_dir()
    edits = trace()[0][:20_000]
    text, plain = "", ""
    for change, (at, deleted, words) in zip(changes(edits), edits, strict=True):
        text = change.apply(text)
        plain = plain[:at] + words + plain[at + deleted :]
        assert text == plain


def test_the_redline_of_real_edits_spells_the_text(shared_data: Path) -> None:
    assert (shared_data / "editing-traces").is_dir()
    owners, text = ["nvl", "ctm", "chr"], ""
    segments: list[Segment] = []
    issued = [""]
    for number, change in enumerate(changes(trace()[0][:6_000])):
        if number % 2_000 == 0:
            issued.append(text)
        text = change.apply(text)
        segments = fold(segments, change, 1 + number // 2_000, number // 150 % 3, owners)
    assert live(segments) == text
    for baseline in (1, 2, 3):
        found = runs(segments, baseline, owners)
        assert "".join(run.text for run in found if run.mark.value in ("kept", "ins")) == text
        assert "".join(run.text for run in found if run.mark.value in ("kept", "del")) == issued[baseline]
