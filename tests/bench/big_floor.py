"""A negotiation at full size, as acts: 193 parties, 500 clauses of together 55,000 words, 1,200 proposals (up to ten on
a clause) and 20,000 positions. The same with every run.

``acts()`` is a whole log; ``State.restore(draft(), None, acts())`` the draft that it makes.
"""

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from drafts.acts import Act, ActKind
from drafts.model import ClauseKind, Draft, DraftKind, Group, Mode, Party, ProposalKind, Stance
from drafts.state import State

SEED: Final = 193_500
PARTIES: Final = 193
CLAUSES: Final = 500
WORDS: Final = 110  # of a clause
PROPOSALS: Final = 1_200
ON_ONE: Final = 10  # proposals at most on a clause
POSITIONS: Final = 20_000
FORUM: Final = "big"
_START: Final = 1_790_000_000_000
_KINDS: Final = (
    *([ProposalKind.MODIFY] * 7), ProposalKind.ADD, ProposalKind.DELETE, ProposalKind.NO_CHANGE,
)  # fmt: skip
_STOCK: Final = [
    f"{start}{end}" for start in ("net", "state", "norm", "port", "wire", "lake", "relay") for end in "abcdefghijklmno"
]


def draft() -> Draft:
    """The draft before its first act."""
    at = datetime.fromtimestamp(_START / 1000, UTC)
    return Draft("big", FORUM, "Norms at full size", "SIM/L.500", DraftKind.NORM, "en", Mode.OPEN, True, 0, at)


@lru_cache(maxsize=1)
def parties() -> tuple[Party, ...]:
    """The parties, by their ids ``p0`` to ``p192``; ``p0`` has the chair."""
    return tuple(
        Party(f"p{number}", FORUM, f"Delegation {_letters(number)}", f"D{_letters(number)}", Group.GOVERNMENT)
        for number in range(PARTIES)
    )


@lru_cache(maxsize=1)
def acts() -> tuple[Act, ...]:
    """The log: the text, what is tabled, what is said to it."""
    return tuple(_numbered(_made(random.Random(SEED))))


def state() -> State:
    """The draft as the log makes it."""
    return State.restore(draft(), None, acts())


def _letters(number: int) -> str:
    return chr(ord("A") + number // 26) + chr(ord("A") + number % 26)


def _numbered(found: Iterator[tuple[ActKind, str | None, int, dict[str, Any]]]) -> Iterator[Act]:
    for seq, (kind, clause, party, body) in enumerate(found, 1):
        yield Act(seq, _START + seq, f"u{party}", f"p{party}", kind, clause, None, None, None, body)


def _made(rng: random.Random) -> Iterator[tuple[ActKind, str | None, int, dict[str, Any]]]:
    texts = [" ".join(rng.choices(_STOCK, k=WORDS)) for _ in range(CLAUSES)]
    clauses = [
        {"id": f"c{number}", "kind": _kind(number), "depth": 0, "lang": "", "text": text}
        for number, text in enumerate(texts)
    ]
    facts = {"title": "Norms at full size", "symbol": "SIM/L.500", "kind": "norm", "language": "en", "mode": "open"}
    yield ActKind.BEGIN, None, 0, {"clauses": clauses, "observers": True, **facts}
    places = [number // ON_ONE for number in range(PROPOSALS // 2)]  # ten on each of sixty clauses, the rest anywhere
    places += [rng.randrange(PROPOSALS // 2 // ON_ONE, CLAUSES) for _ in range(PROPOSALS - len(places))]
    for number, place in enumerate(places, 1):
        yield _tabled(rng, number, place, texts[place])
    taken: set[tuple[int, int]] = set()
    while len(taken) < POSITIONS:
        taken.add((rng.randrange(PROPOSALS), rng.randrange(1, PARTIES)))
    for on, party in sorted(taken):
        yield _position(rng, on + 1, party, places[on])


def _kind(number: int) -> str:
    return (ClauseKind.PREAMBULAR if number < CLAUSES // 5 else ClauseKind.OPERATIVE).value


def _tabled(rng: random.Random, number: int, place: int, old: str) -> tuple[ActKind, str | None, int, dict[str, Any]]:
    kind = rng.choice(_KINDS)
    party, *sponsors = rng.sample(range(1, PARTIES), rng.choice((1, 1, 2, 4)))
    adds, words = kind is ProposalKind.ADD, old.split()
    text = _changed(rng, words) if kind is ProposalKind.MODIFY else " ".join(rng.choices(_STOCK, k=40)) if adds else ""
    body: dict[str, Any] = {
        "proposal": f"q{number}", "number": number, "kind": kind.value, "reason": "As our capital asks.",
        "sponsors": [f"p{one}" for one in sponsors], "after": f"c{place}" if adds else None,
        "shape": [_kind(place), 0, ""] if adds else None, "base": 0, "old": "" if adds else old, "text": text,
    }  # fmt: skip
    return ActKind.TABLE, None if adds else f"c{place}", party, body


def _changed(rng: random.Random, words: list[str]) -> str:
    out = list(words)
    for at in rng.sample(range(len(out)), 3):
        out[at] = rng.choice(["", f"{out[at]} new{rng.randrange(99)}", f"other{rng.randrange(99)}"])
    return " ".join(word for word in out if word)


def _position(rng: random.Random, on: int, party: int, place: int) -> tuple[ActKind, str | None, int, dict[str, Any]]:
    stance = rng.choice(tuple(Stance)).value
    condition = f"c{rng.randrange(CLAUSES)}" if stance == Stance.CONDITIONAL.value else None
    body: dict[str, Any] = {"on": f"q{on}", "stance": stance, "note": "", "if": condition, "wording": 1, "for": []}
    return ActKind.POSITION, f"c{place}", party, body
