"""Change gives the same JSON as npm's @codemirror/state (ARCHITECTURE.md, rules of the change engine, 1)."""

import itertools
import json
import random
import subprocess
from typing import Any

from drafts.change import Change, is_high, is_low, narrow, widen
from tests.engine.seed import seeded
from tests.repo import REPO

CASES = 20_000
SCRIPT = REPO / "tests" / "engine" / "node" / "changes.mjs"
# Latin, emoji beyond the BMP (one of them joined of several), Arabic, combining marks, a zero-width joiner, brackets.
PIECES = [*"abcde []*", "states ", "🕊", "👩🏽‍💻", "تمتنع", " الدول", "e\u0301", "\u0308", "\u200d", "ß", "\ufeff"]


def words(rng: random.Random, most: int) -> str:
    return "".join(rng.choices(PIECES, k=rng.randint(0, most)))


def whole(wide: str, position: int) -> int:
    """The position, or the one before when it lies inside a pair."""
    inside = 0 < position < len(wide) and is_low(wide[position]) and is_high(wide[position - 1])
    return position - inside


def change(rng: random.Random, wide: str) -> Change:
    """Anything that an editor may send for this text: sections of every kind, also ones that could be joined."""
    if rng.random() < 0.3:
        start = whole(wide, rng.randint(0, len(wide)))
        end = whole(wide, rng.randint(start, len(wide))) if rng.random() < 0.5 else start
        return Change.replace(len(wide), start, max(start, end), widen(words(rng, 3)))
    cuts = sorted({whole(wide, rng.randint(0, len(wide))) for _ in range(rng.randint(0, 5))} | {0, len(wide)})
    sections: list[Any] = []
    for start, end in itertools.pairwise(cuts):
        if rng.random() < 0.3 and (text := words(rng, 2)):
            sections.append([0, text])
        kind = rng.random()
        text = words(rng, 2)
        sections.append([end - start, text] if kind < 0.2 and text else [end - start] if kind < 0.45 else end - start)
    if rng.random() < 0.3 and (text := words(rng, 2)):
        sections.append([0, text])
    return Change.from_json(sections)


def case(rng: random.Random) -> dict[str, Any]:
    wide = widen(words(rng, 12))
    first = change(rng, wide)
    then = change(rng, first.apply(wide))
    beside = change(rng, wide)
    positions = [rng.randint(0, len(wide)) for _ in range(4)]
    return {
        "text": narrow(wide), "a": first.to_json(), "then": then.to_json(), "beside": beside.to_json(),
        "positions": positions,
    }  # fmt: skip


def ours(given: dict[str, Any]) -> dict[str, Any]:
    wide = widen(given["text"])
    first, then, other = (Change.from_json(given[name]) for name in ("a", "then", "beside"))
    after = first.apply(wide)
    return {
        "json": first.to_json(),
        "apply": narrow(after),
        "compose": first.compose(then).to_json(),
        "map": first.map(other).to_json(),
        "before": first.map(other, before=True).to_json(),
        "back": other.map(first).to_json(),
        "invert": first.invert(wide).to_json(),
        "undone": narrow(first.invert(wide).apply(after)),
        "ends": [[first.map_pos(position, -1), first.map_pos(position, 1)] for position in given["positions"]],
    }


def test_every_result_is_that_of_codemirror(node: list[str]) -> None:
    seed, rng = seeded()
    cases = [case(rng) for _ in range(CASES)]
    lines = "".join(json.dumps(given) + "\n" for given in cases)
    ran = subprocess.run([*node, str(SCRIPT)], input=lines, capture_output=True, text=True, check=True, cwd=REPO)
    theirs = [json.loads(line) for line in ran.stdout.splitlines()]
    assert len(theirs) == CASES
    for given, expected in zip(cases, theirs, strict=True):
        assert ours(given) == expected, f"ADREF_SEED={seed} {json.dumps(given)}"


def test_from_the_log_is_from_json_without_limits() -> None:
    _, rng = seeded()
    for _ in range(500):
        made = change(rng, widen(words(rng, 12)))
        assert Change.from_log(made.to_json()) == made == Change.from_json(made.to_json())
