"""What lies on the table: proposals read against a text that moved on, and made into one."""

import random
import time
from collections.abc import Callable, Sequence
from typing import Final

from drafts.floor import Tabled
from drafts.model import ProposalKind
from drafts.nway import combine
from drafts.readings import equal, reading, worded
from tests.bench.figures import Figure, Figures

SEED: Final = 20_261_124
WORDS: Final = 150  # of a clause
TOGETHER: Final = 10  # proposals on it
CLAUSES: Final = 120  # 1,200 proposals
_STOCK: Final = [
    f"{start}{end}" for start in ("net", "state", "norm", "port", "wire") for end in "abcdefghijklmnopqrst"
]


def floor() -> Figures:
    """Readings of the proposals of one clause and of a whole draft, and their N-way merge."""
    rng = random.Random(SEED)
    clauses = [_clause(rng) for _ in range(CLAUSES)]
    proposals, live = clauses[0]
    worded.cache_clear()
    cold = _spent(lambda: _read(proposals, live))
    again = _spent(lambda: _read(proposals, live))
    yield Figure(f"{TOGETHER} proposals on {WORDS} words read, equal ones found", cold, "ms", 50)
    yield Figure("the same again", again, "ms", 50)
    outcomes = [(one.id, reading(one, live).outcome) for one in proposals]
    merged = _spent(lambda: combine(live, outcomes))
    yield Figure(f"{TOGETHER} proposals merged", merged, "ms", 50)
    worded.cache_clear()
    same = _spent(lambda: [_read(on, on[0].old) for on, _ in clauses])
    yield Figure(f"{CLAUSES * TOGETHER:,} proposals read, no text moved on", same, "ms", 500)
    every = _spent(lambda: [_read(on, text) for on, text in clauses])
    yield Figure(f"{CLAUSES * TOGETHER:,} proposals read, every text moved on", every, "ms", 500)
    every = _spent(lambda: [_read(on, text) for on, text in clauses])
    yield Figure("the same again", every, "ms", 500)


def _read(proposals: Sequence[Tabled], live: str) -> int:
    """How many of them are stale or like another."""
    stale = sum(bool(reading(proposal, live).stale) for proposal in proposals)
    return stale + sum(map(len, equal(proposals, live)))


def _spent(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1_000 * (time.perf_counter() - start)


def _clause(rng: random.Random) -> tuple[list[Tabled], str]:
    """A clause's proposals, each of six changes, and its text, four changes on."""
    old = [rng.choice(_STOCK) for _ in range(WORDS)]
    texts = [_changed(rng, old, 6) for _ in range(TOGETHER)]
    return [_proposal(number, " ".join(old), text) for number, text in enumerate(texts)], _changed(rng, old, 4)


def _changed(rng: random.Random, words: Sequence[str], count: int) -> str:
    out = list(words)
    for at in rng.sample(range(len(out)), count):
        out[at] = rng.choice(["", f"{out[at]} new{rng.randrange(1_000)}", f"other{rng.randrange(1_000)}"])
    return " ".join(word for word in out if word)


def _proposal(number: int, old: str, text: str) -> Tabled:
    return Tabled(
        f"p{number}", number, ProposalKind.MODIFY, "c", None, None, 0, old, text, "", "party", "person", 0, number
    )  # fmt: skip


BENCHES: dict[str, Callable[[], Figures]] = {"floor": floor}
