"""Real writing, replayed: the 259,778 edits of one paper (../shared/data/editing-traces, CC BY 4.0) through the change
engine, the cost of the redline, and how long a draft takes to open after a short and a long history."""

import gzip
import json
import os
import time
import timeit
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeAlias

from drafts.acts import Act, ActKind
from drafts.change import Change, widen
from drafts.model import Draft, DraftKind, Mode, now
from drafts.redline import Segment, fold, live, runs
from drafts.state import State
from tests.bench.figures import Figure, Figures
from tests.repo import REPO

Edit: TypeAlias = tuple[int, int, str]  # position, units deleted there, text inserted there
TRACE: Final = "editing-traces/automerge-paper.compact.json.gz"
CLAUSES, PIECE = 500, 660  # a draft of 500 clauses and about 55,000 words
TAIL = 499  # acts after the checkpoint: the most that desk/live.py leaves


def trace() -> tuple[list[Edit], str]:
    """The edits from an empty text on, and the text they end in. Raises FileNotFoundError without the shared data."""
    data = Path(os.environ.get("ADREF_SHARED_DATA", REPO.parent / "shared" / "data"))
    with gzip.open(data / TRACE, "rt", encoding="utf-8") as file:
        read = json.load(file)
    return [(at, deleted, widen(text)) for at, deleted, text in read["ops"]], widen(read["end"])


def changes(edits: Sequence[Edit]) -> Iterator[Change]:
    """Each edit as a Change of the text that the ones before it made."""
    length = 0
    for at, deleted, text in edits:
        change = Change.replace(length, at, at + deleted, text)
        length = change.new_length
        yield change


def replay() -> Figures:
    """All edits through ``Change``, and the redline of a part of them by three parties over four versions."""
    edits, end = trace()
    start, text = time.perf_counter(), ""
    for change in changes(edits):
        text = change.apply(text)
    spent = time.perf_counter() - start
    if text != end:
        raise RuntimeError("the replayed text is not the one that was written")
    yield Figure("edits applied to one text", len(edits) / spent, "edits/s", note=f"{len(edits):,} in {spent:.1f} s")
    part, owners = edits[:20_000], ["nvl", "ctm", "chr"]
    segments: list[Segment] = []
    start = time.perf_counter()
    for number, change in enumerate(changes(part)):
        segments = fold(segments, change, 1 + number // 5_000, number // 200 % 3, owners)
    step = (time.perf_counter() - start) / len(part) * 1_000
    note = f"{len(segments)} segments, {len(live(segments)):,} units at the end"
    yield Figure("redline: one more edit", step, "ms", note=note)
    start = time.perf_counter()
    shown = runs(segments, 2, owners)
    yield Figure("redline: all runs of it", (time.perf_counter() - start) * 1_000, "ms", note=f"{len(shown)} runs")


def opening() -> Figures:
    """Opening a large draft from its checkpoint; the history must not matter."""
    first = None
    for history in (5_000, 100_000):
        draft, acts = _history(history)
        state = State(draft)
        state.apply_all(acts[:-TAIL])
        kept = (state.draft.seq, state.to_bytes())
        tail = acts[-TAIL:]
        del acts, state  # or the collector of garbage walks through a history that a server does not hold
        spent = min(timeit.repeat(partial(State.restore, draft, kept, tail), number=1, repeat=5)) * 1_000
        note = f"500 clauses, checkpoint {len(kept[1]) / 1e6:.2f} MB and {TAIL} acts"
        if first is not None:
            note += f"; {spent / first:.2f} × the time after {5_000:,}"
        first = first or spent
        yield Figure(f"open after {history:,} acts", spent, "ms", target=200, note=note)


def _history(length: int) -> tuple[Draft, list[Act]]:
    """A draft whose text is the same after every second act, so that only the length of its history grows."""
    _, end = trace()
    plain = " ".join(end.split())
    pieces = [(plain * 4)[i * PIECE : (i + 1) * PIECE] for i in range(CLAUSES)]
    clauses = [{"id": f"c{i}", "kind": "operative", "depth": 0, "lang": "", "text": t} for i, t in enumerate(pieces)]
    draft = Draft("d", "f", "Bench", "B/1", DraftKind.NORM, "en", Mode.OPEN, False, 0, now())
    acts = [Act(1, 0, "p0", "q0", ActKind.BEGIN, None, None, None, None, {"clauses": clauses})]
    lengths, numbers = [len(piece) for piece in pieces], [0] * CLAUSES
    for number in range(1, length):
        which, back = ((number - 1) // 2) % CLAUSES, number % 2 == 0
        numbers[which] += 1
        body = {"change": [100, [1] if back else [0, "x"], lengths[which] - 100]}
        acts.append(Act(number + 1, 0, "p1", "q1", ActKind.EDIT, f"c{which}", numbers[which], "e", number, body))
    return draft, acts


BENCHES: dict[str, Callable[[], Figures]] = {"replay": replay, "opening": opening}
