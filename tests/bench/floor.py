"""What lies on the table: proposals read against a text that moved on, and made into one."""

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from drafts.desk.cast import Cast
from drafts.desk.chair import laid
from drafts.desk.floor import Views
from drafts.floor import Tabled
from drafts.model import Forum, Group, Level, Member, Party, ProposalKind, Role, now
from drafts.nway import combine
from drafts.readings import equal, reading, worded
from tests.bench import big_floor
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


def desk() -> Figures:
    """The chair's desk of a negotiation at full size, and what one clause of it takes."""
    state, parties = big_floor.state(), {party.id: party for party in big_floor.parties()}
    chair = Party("chair", "big", "Chair", "CHR", Group.GOVERNMENT)
    me = Member("ada", "Ada", "big", chair, Role.CHAIR)
    members = {p.id: Member(p.id, p.name, "big", p, Role.DELEGATE) for p in parties.values()}
    people = Cast(parties | {"chair": chair}, {}, members, [], Forum("big", "Big", Level.GLOBAL, now()))
    size = f"{big_floor.CLAUSES} clauses, {big_floor.PROPOSALS:,} proposals, {big_floor.POSITIONS:,} positions"
    worded.cache_clear()
    yield Figure(f"the chair's desk, cold: {size}", _spent(lambda: laid(state, me, people)), "ms", 500)
    yield Figure("the same again", _spent(lambda: laid(state, me, people)), "ms", 500)
    by_clause = Counter(p.clause for p in state.floor.open() if p.clause)
    busiest, count = by_clause.most_common(1)[0]
    views = Views(state, people)
    spent = _spent(lambda: [views.proposal(me, p) for p in state.floor.of_clause(busiest)])
    yield Figure(f"a clause with {count} proposals for its reader", spent, "ms", 50)


BENCHES: dict[str, Callable[[], Figures]] = {"floor": floor, "desk": desk}
