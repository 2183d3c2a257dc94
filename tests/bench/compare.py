"""Comparing: time and memory on long texts, how much of known edits is found, and other tools on the same texts.

The texts and their edits come from tests/drafts/known_edits.py, where the origin of every word is known. Other tools
are measured on the size that they can do within a minute or so; each of their figures names it. They are pinned in
requirements.txt beside this file and installed by `make bench` alone; what is not installed is left out.
"""

import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from itertools import accumulate
from pathlib import Path
from typing import Final

from diff_match_patch import diff_match_patch

from drafts.compare import compare
from drafts.model import Clause
from tests.bench.figures import Figure, Figures
from tests.drafts.known_edits import Known, Rates, edited, f1, kept, quality
from tests.repo import REPO

Kept = set[tuple[int, int]]  # words of the whole old text and of the whole new one, from 0
_CHILD: Final = """
import json, sys, time
from drafts.compare import compare
from drafts.model import Clause, ClauseKind
old, new = ([Clause("", ClauseKind.OPERATIVE, 0, text) for text in side] for side in json.load(sys.stdin))
start = time.perf_counter()
compare(old, new)
spent = time.perf_counter() - start
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
print(json.dumps([spent, int(peak.split()[1]) * 1024]))
"""


def sizes() -> Figures:
    """Seconds, and the most memory that a process of its own took."""
    for words, rate, seconds, bytes_ in (
        (100_000, 0.1, 1.5, 200), (500_000, 0.1, 10.0, None), (100_000, 0.5, 12.0, None),
    ):  # fmt: skip
        known = edited("english", words, Rates(rate), seed=2)
        spent, peak = _in_a_child(known)
        name = f"{words:,} words, {rate:.0%} of them changed"
        note = f"{len(known.old):,} clauses without ids; moves, splits, merges, insertions, deletions"
        yield Figure(name, spent, "s", seconds, note)
        yield Figure(f"{name}: memory", peak / 1e6, "MB", bytes_, "peak of the whole process")


def _in_a_child(known: Known) -> tuple[float, int]:
    sides = json.dumps([[clause.text for clause in side] for side in (known.old, known.new)])
    ran = subprocess.run(
        [sys.executable, "-c", _CHILD], cwd=REPO, input=sides, capture_output=True, check=True, text=True
    )
    spent, peak = json.loads(ran.stdout)
    return spent, peak


def found() -> Figures:
    """What part of the truth is found: F1 of clause pairs and words, and in the note of moves, splits and merges."""
    for kind in ("english", "spanish", "boilerplate"):
        for rate in (0.1, 0.3, 0.5):
            known = edited(kind, 40_000, Rates(rate), seed=2)
            got = quality(compare(known.old, known.new), known)
            note = f"moves {got.moves:.3f}, splits {got.splits:.3f}, merges {got.merges:.3f}"
            yield Figure(f"{kind}, {rate:.0%} changed: pairs", got.pairs, "F1", None, note)
            yield Figure(f"{kind}, {rate:.0%} changed: words", got.words, "F1")


# ── other tools ──────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Tool:
    """Another tool: the seconds it took and what it says was kept (None: it does not say it of words), and how many
    words it is given."""

    name: str
    run: Callable[[Known], tuple[float, Kept | None]]
    words: int
    note: str = ""


def others() -> Figures:
    """Each tool and Adref on the same text, one after the other; the time of Adref is measured anew for each."""
    tools = [
        Tool("git --word-diff --histogram", _git, 100_000),
        Tool("diff-match-patch, whole text", _dmp, 100_000, "its own limit of 1 s"),
    ]
    if find_spec("redlines"):
        tools.append(Tool("redlines", _redlines, 20_000))
    if find_spec("xmldiff"):
        tools.append(Tool("xmldiff", _xmldiff, 2_000, "tells no words"))
    for tool in tools:
        known = edited("english", tool.words, Rates(0.1), seed=2)
        start = time.perf_counter()
        ours = compare(known.old, known.new)
        mine = time.perf_counter() - start
        spent, theirs = tool.run(known)
        truth = _flat(known, known.words)
        note = f"{tool.words:,} words; {spent / mine:.2g} × Adref's {mine:.2g} s"
        if theirs is not None:
            note += f"; word F1 {f1(theirs, truth):.3f}, Adref's {f1(_flat(known, kept(ours)), truth):.3f}"
        yield Figure(tool.name, spent, "s", None, f"{note}; {tool.note}" if tool.note else note)


def _flat(known: Known, words: Iterable[tuple[int, int, int, int]]) -> Kept:
    """Words by their places in the whole texts."""
    starts = [_starts(side) for side in (known.old, known.new)]
    return {(starts[0][a] + i, starts[1][b] + j) for a, i, b, j in words}


def _starts(side: Iterable[Clause]) -> list[int]:
    starts, at = [], 0
    for clause in side:
        starts.append(at)
        at += len(clause.text.split())
    return starts


def _texts(known: Known) -> tuple[str, str]:
    old, new = ("".join(f"{clause.text}\n\n" for clause in side) for side in (known.old, known.new))
    return old, new


def _git(known: Known) -> tuple[float, Kept]:
    with tempfile.TemporaryDirectory() as folder:
        for name, text in zip(("old", "new"), _texts(known), strict=True):
            (Path(folder) / name).write_text(text)
        command = ["git", "diff", "--no-index", "--no-color", "--word-diff=porcelain", "--histogram", "-U1000000"]
        start = time.perf_counter()
        told = subprocess.run([*command, "old", "new"], cwd=folder, capture_output=True, check=False, text=True)
        spent = time.perf_counter() - start
    same: Kept = set()
    old = new = 0
    for line in told.stdout.split("@@\n", 1)[1].splitlines():
        count = len(line[1:].split())
        if line[:1] == " ":
            same |= {(old + step, new + step) for step in range(count)}
        old += count * (line[:1] in {" ", "-"})
        new += count * (line[:1] in {" ", "+"})
    return spent, same


def _dmp(known: Known) -> tuple[float, Kept]:
    before, after = _texts(known)
    start = time.perf_counter()
    told = diff_match_patch().diff_main(before, after)
    spent = time.perf_counter() - start
    words, there = (
        list(re.finditer(r"\S+", before)),
        {word.span(): at for at, word in enumerate(re.finditer(r"\S+", after))},
    )
    same: Kept = set()
    old = new = at = 0
    for op, piece in told:
        end = old + len(piece) * (op <= 0)
        while at < len(words) and words[at].end() <= end:
            first, last = words[at].span()
            place = there.get((first - old + new, last - old + new)) if op == 0 and first >= old else None
            if place is not None:
                same.add((at, place))
            at += 1
        old, new = end, new + len(piece) * (op >= 0)
    return spent, same


def _redlines(known: Known) -> tuple[float, Kept]:
    tool = import_module("redlines")
    start = time.perf_counter()
    told = tool.Redlines(*_texts(known))
    operations = told.opcodes
    spent = time.perf_counter() - start
    chunks = told._diff_operations[0]
    sides = [[token.strip() != "¶" for token in chunk.text] for chunk in (chunks.source_chunk, chunks.test_chunk)]
    places = [[0, *accumulate(side)] for side in sides]
    same: Kept = set()
    for op, old, end, new, _ in operations:
        if op == "equal":
            same |= {
                (places[0][old + step], places[1][new + step]) for step in range(end - old) if sides[0][old + step]
            }
    return spent, same


def _xmldiff(known: Known) -> tuple[float, None]:
    sides = [f"<text>{''.join(f'<p>{one.text}</p>' for one in side)}</text>" for side in (known.old, known.new)]
    tool = import_module("xmldiff.main")
    start = time.perf_counter()
    tool.diff_texts(*sides)
    return time.perf_counter() - start, None


BENCHES: dict[str, Callable[[], Figures]] = {
    "comparing": sizes,
    "known-edits": found,
    "other-tools": others,
}
