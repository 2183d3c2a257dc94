"""The browser computes what the server computes: redline, brackets, labels and their HTML, on random cases in one run
of Node. How the two follow the log is compared in test_convergence.py."""

import json
import random
import subprocess
from typing import Any

import pytest

from drafts import brackets, numbering
from drafts.change import Change, narrow, widen
from drafts.model import Clause, ClauseKind
from drafts.redline import Segment, cut, fold, live, runs
from server import render
from server.i18n import Tongue
from tests.engine.seed import seeded
from tests.engine.test_change_npm import change, whole, words
from tests.engine.test_redline import OWNERS
from tests.repo import REPO

CASES = 2_000
SCRIPT = REPO / "tests" / "engine" / "node" / "engine.mjs"
NAMES = render.Names(("NVL", "NVL", "C&amp;T", "CHR"), ("Norvale", "Norvale", "C&amp;T", "Chair"))
ENGLISH = Tongue("en")
MARKS = [*"[[[]]]***  ab", "[]", "][", " *", "* ", "\u00a0", "🕊", "تمتنع"]


def case(rng: random.Random) -> dict[str, Any]:
    # As a join leaves them, neighbours may be of one kind; the fold has to treat these alike, too.
    segments = [Segment(text, 0, 3) for _ in range(rng.choice([1, 1, 3])) if (text := widen(words(rng, 8)))]
    given: dict[str, Any] = {"segments": plain(segments), "owners": OWNERS, "changes": []}
    for epoch in sorted(rng.choices(range(1, 5), k=rng.randint(0, 7))):
        made, author = change(rng, live(segments)), rng.randrange(len(OWNERS))
        segments = fold(segments, made, epoch, author, OWNERS)
        given["changes"].append({"change": made.to_json(), "epoch": epoch, "author": author})
    given["at"] = whole(live(segments), rng.randint(0, len(live(segments))))
    given["texts"] = ["".join(rng.choices(MARKS, k=rng.randint(0, 25))) for _ in range(rng.randint(0, 3))]
    kinds = [kind.value for kind in ClauseKind] + ["sub", "sub"]
    clauses = [
        {"id": f"c{n}", "kind": rng.choice(kinds), "depth": rng.randint(0, 4)} for n in range(rng.randint(0, 15))
    ]
    given["clauses"] = clauses
    given["issued"] = sorted(clauses, key=lambda _: rng.random())[: rng.randint(0, 15)]
    return given


def plain(segments: list[Segment]) -> list[list[Any]]:
    return [[narrow(s.text), *s[1:]] for s in segments]


def ours(given: dict[str, Any]) -> dict[str, Any]:
    segments = [Segment(widen(text), *rest) for text, *rest in given["segments"]]
    for one in given["changes"]:
        made = Change.from_json(one["change"])
        segments = fold(segments, made, one["epoch"], one["author"], given["owners"])
    slots, issued = (
        [numbering.Slot(ClauseKind(c["kind"]), c["depth"], c["id"]) for c in given[text]]
        for text in ("clauses", "issued")
    )
    kept = numbering.as_issued(
        [Clause(s.id, s.kind, s.depth, "", label) for s, label in zip(issued, numbering.labels(issued), strict=True)]
    )
    counts = brackets.count(given["texts"])
    return {
        "folded": plain(segments),
        "live": narrow(live(segments)),
        "runs": [[[narrow(r.text), *r[1:]] for r in runs(segments, baseline, OWNERS)] for baseline in range(1, 5)],
        "html": [render.text(runs(segments, baseline, OWNERS), NAMES, ENGLISH) for baseline in range(1, 5)],
        "plain": [render.plain(text, ENGLISH) for text in given["texts"]],
        "cut": [plain(half) for half in cut(segments, given["at"])],
        "tokens": [
            [[t.text, t.kind.value, t.emphasis, t.depth, t.balanced] for t in brackets.spans(text)]
            for text in given["texts"]
        ],
        "emphasis": [[[text[:a], text[:b]] for a, b in brackets.emphasis(text)] for text in given["texts"]],
        "counts": [counts.pairs, counts.spanning, counts.unbalanced],
        "pairs": [[[text[:start], text[:end], depth] for start, end, depth in found(text)] for text in given["texts"]],
        "labels": numbering.labels(slots),
        "addresses": numbering.addresses(slots),
        "between": numbering.addresses(slots, kept),
    }


def found(text: str) -> list[tuple[int, int, int]]:
    """All brackets of a text, those without a partner with depth 0, in order."""
    parsed = brackets.parse(text)
    return sorted([(p.start, p.end, p.depth) for p in parsed.pairs] + [(at, at + 1, 0) for at in parsed.unbalanced])


def test_the_browser_computes_the_same(node: list[str]) -> None:
    if not (REPO / "web" / "dist" / "engine.js").is_file():
        pytest.skip("web/dist is not built (make web)")
    seed, rng = seeded()
    cases = [case(rng) for _ in range(CASES)]
    lines = "".join(json.dumps(given) + "\n" for given in cases)
    ran = subprocess.run([*node, str(SCRIPT)], input=lines, capture_output=True, text=True, check=True, cwd=REPO)
    theirs = [json.loads(line) for line in ran.stdout.splitlines()]
    for given, expected in zip(cases, theirs, strict=True):
        assert ours(given) == expected, f"ADREF_SEED={seed} {json.dumps(given)}"
