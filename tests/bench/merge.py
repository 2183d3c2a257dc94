"""Merging: 10,000 edits on two sides at once, judged by an oracle, beside whole-text patches of diff-match-patch."""

import random
import time
from collections.abc import Callable, Iterable
from typing import Final

from diff_match_patch import diff_match_patch

from tests.bench.figures import Figure, Figures
from tests.engine.concurrent import Tried, cases, run, texts

EDITS: Final = 10_000
SEED: Final = 20_261_124


def merge() -> Figures:
    """Ours, then the counter-example on the same cases."""
    start, total = time.perf_counter(), Tried()
    for case in cases(random.Random(SEED), EDITS):
        total.add(run(case)[0])
    spent = time.perf_counter() - start
    note = f"{total.edits:,} edits, {total.disjoint:,} disjoint, in {spent:.1f} s"
    yield Figure("clauses changed that the sender did not touch", len(total.wronged), "", 0, f"of {total.clauses:,}")
    yield Figure("overlaps applied silently", len(total.silent), "", 0, f"of {total.overlapping:,}")
    yield Figure("words of the sender that are nowhere", len(total.lost), "", 0)
    yield Figure("disjoint edits not applied", 100 - 100 * total.applied / total.disjoint, "%", 1, note)
    yield from _patched()


def _patched() -> Figures:
    """The text as one string, the sender's copy as a patch of it, applied to what the others made of it."""
    wronged = silent = missing = clauses = overlapping = disjoint = 0
    dmp = diff_match_patch()
    for case in cases(random.Random(SEED), EDITS):
        live = texts(case.table())
        patches = dmp.patch_make(_whole(case.text(name, []) for name in case.base), _whole(t for _, t in case.copy()))
        after, _ = dmp.patch_apply(patches, _whole(live.values()))
        lines, words = set(after.split("\n")), set(after.split())
        clauses += len(live)
        wronged += sum(text not in lines for name, text in live.items() if name not in case.sender.touched())
        for edit in case.sender.edits:
            if edit.clause in case.sender.deleted or not edit.words or edit in case.others.edits:
                continue
            there, free = set(edit.words) <= words, case.disjoint(edit)
            disjoint, overlapping = disjoint + free, overlapping + (not free)
            missing, silent = missing + (free and not there), silent + (not free and there)
    yield Figure("patch_apply: clauses changed that the sender did not touch", wronged, "", None, f"of {clauses:,}")
    yield Figure("patch_apply: overlaps applied silently", silent, "", None, f"of {overlapping:,}")
    yield Figure("patch_apply: disjoint edits not applied", 100 * missing / disjoint, "%", None)


def _whole(clauses: Iterable[str]) -> str:
    return "\n".join(clauses)


BENCHES: dict[str, Callable[[], Figures]] = {"merge": merge}
