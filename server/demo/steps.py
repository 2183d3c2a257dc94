"""The kinds of step that the story is told in. Each says when (day before today, and UTC time), who, and what.

Clauses and threads go by the names that the texts and the story gave them; ``words`` always occur once in the clause.
"""

from dataclasses import dataclass
from typing import TypeAlias

from drafts.model import Audience, BracketReason, ClauseStatus, ProposalKind, Stance, VersionStatus
from server.demo.text import Line


@dataclass(frozen=True, slots=True)
class _Did:
    """Somebody does something: ``who`` on ``day`` (-1: yesterday) at ``time`` (HH:MM)."""

    day: int
    time: str
    who: str


@dataclass(frozen=True, slots=True)
class Words(_Did):
    """Writes ``new`` in the place of ``old``."""

    clause: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Cut(_Did):
    """Splits a clause in front of some words; what follows becomes the clause ``key``."""

    clause: str
    words: str
    key: str


@dataclass(frozen=True, slots=True)
class Put(_Did):
    """Adds a clause behind another."""

    after: str
    line: Line


@dataclass(frozen=True, slots=True)
class Shift(_Did):
    """Moves a clause behind another."""

    clause: str
    after: str


@dataclass(frozen=True, slots=True)
class Drop(_Did):
    """Deletes a clause, with a reason."""

    clause: str
    reason: str


@dataclass(frozen=True, slots=True)
class Agree(_Did):
    """Marks a clause as agreed ad ref."""

    clause: str


@dataclass(frozen=True, slots=True)
class Out(_Did):
    """Issues a version."""

    label: str
    symbol: str
    status: VersionStatus
    note: str


@dataclass(frozen=True, slots=True)
class Say(_Did):
    """Opens the thread ``key``: on words of a clause, on a clause, on what is missing, or on the whole draft."""

    key: str
    body: str
    clause: str = ""
    words: str = ""
    missing: bool = False
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class Answer(_Did):
    """Replies in a thread."""

    thread: str
    body: str


@dataclass(frozen=True, slots=True)
class Settle(_Did):
    """Resolves a thread."""

    thread: str


@dataclass(frozen=True, slots=True)
class Propose(_Did):
    """Tables the proposal ``key``: ``new`` in the place of ``old``, a new ``line`` behind ``clause``, or what a kind
    without words says about ``clause``. ``sponsors`` are seat codes. ``private``: only begun, for its own party."""

    key: str
    kind: ProposalKind
    clause: str
    reason: str
    old: str = ""
    new: str = ""
    line: Line | None = None
    sponsors: tuple[str, ...] = ()
    private: bool = False


@dataclass(frozen=True, slots=True)
class Stand(_Did):
    """Takes a position on a proposal, or on a clause; ``condition`` is a clause."""

    on: str
    stance: Stance
    note: str = ""
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Take(_Did):
    """Accepts a proposal into the text."""

    proposal: str
    reason: str


@dataclass(frozen=True, slots=True)
class Status(_Did):
    """Says how far a clause is."""

    clause: str
    status: ClauseStatus
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Why(_Did):
    """Says whose the bracket is that opens in front of ``words``, and why it stands."""

    clause: str
    words: str
    reason: BracketReason
    note: str = ""
    link: str = ""


Step: TypeAlias = (
    Words | Cut | Put | Shift | Drop | Agree | Out | Say | Answer | Settle | Propose | Stand | Take | Status | Why
)
