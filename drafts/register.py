"""The register of a round: every act numbered, each row with the hash of the row before, so that nothing that came in
can go or change unseen. Of words it holds a digest over a random salt: when a person's words are erased by right, the
salt goes with them, nobody can prove by guessing what they were, and the chain still holds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True)
class Entry:
    """A row to be written. ``kind`` says what was done (``sent``, ``changed``, ``answered`` …), ``of_id`` to what;
    ``facts`` hold no words of people. ``at``: UTC ms."""

    at: int
    person_id: str
    party_id: str
    kind: str
    of_id: str
    digest: str = ""
    facts: Mapping[str, Any] | None = None

    @property
    def told(self) -> str:
        """The facts as JSON, always in the same order."""
        return msgspec.json.encode(dict(self.facts or {}), order="sorted").decode()


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is kept. ``seq`` counts from 1 in the round."""

    seq: int
    entry: Entry
    hash: str


def digest(salt: str, *words: str) -> str:
    """Hex SHA-256 of words over their salt."""
    return sha256("\x1f".join((salt, *words)).encode()).hexdigest()


def chained(previous: str, round_id: str, seq: int, entry: Entry) -> str:
    """The hash of a row: hex SHA-256 over the hash before (hex; '' for the first) and what the row says."""
    facts = (
        previous, round_id, seq, entry.at, entry.person_id, entry.party_id, entry.kind, entry.of_id, entry.digest,
        entry.told,
    )  # fmt: skip
    return sha256(msgspec.json.encode(facts)).hexdigest()
