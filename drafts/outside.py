"""What is brought from outside, and what came of it: the shapes that the room, the pages and the API share. No I/O.

A file is read once, kept as ``Brought`` and merged, or compared, as often as somebody looks: the text that was read is
what is shown, whatever happens to the file.
"""

import zlib
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

import msgspec

from drafts.exchange.parsed import Parsed


class After(NamedTuple):
    """A text by the act that it stands behind, where it is no version."""

    seq: int


class Purpose(StrEnum):
    """What a file was brought for."""

    COMPARE = "compare"
    MERGE = "merge"


class Stage(StrEnum):
    """How far it is. One that is discarded is deleted."""

    WAITING = "waiting"
    APPLIED = "applied"


class Kind(StrEnum):
    """What an item of a merge does."""

    EDIT = "edit"  # words of a clause; several items where its changes have nothing to do with each other
    INSERT = "insert"
    DELETE = "delete"
    MOVE = "move"
    SPLIT = "split"
    JOIN = "join"
    SHAPE = "shape"  # kind or depth


class Why(StrEnum):
    """Why an item is not applied."""

    OVERLAP = "overlap"  # both touched the same or adjacent words, or the clause's kind
    DELETED = "deleted"  # the clause was deleted since
    LOCKED = "locked"  # the clause is agreed ad ref
    MOVED = "moved"  # the clause was moved since
    SPLIT = "split"  # the clause was split since
    JOINED = "joined"  # the clause was joined with another since
    UNSURE = "unsure"  # which clause is meant is a guess
    TOO_LONG = "too_long"  # the clause, or the draft, would be larger than what fits
    UNPAIRED = "unpaired"  # a bracket would stand without its partner


class How(StrEnum):
    """How a conflict was settled."""

    THEIRS = "theirs"
    LIVE = "live"
    TEXT = "text"
    COMMENT = "comment"
    PROPOSAL = "proposal"


@dataclass(frozen=True, slots=True)
class Done:
    """An item that needs nobody: applied, there already, or told as a comment or a proposal.

    ``clause`` is None for a new clause in a preview. ``base`` is the clause's text as the file's maker had it ('' for a
    new one), ``text`` what the file makes of it ('' for a deletion). ``words``: how many words it inserts and deletes.
    ``party`` is the id of the party it is written for; None: several, or what the file does not say. ``proposal`` is
    the id of the proposal that it became, '' without one.
    """

    item: str
    kind: Kind
    clause: str | None
    label: str
    words: int
    base: str = ""
    text: str = ""
    party: str | None = None
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Settled:
    """How, by whom (person id) and when (UTC ms) a conflict was settled; ``proposal``: the id of what it became."""

    how: How
    by: str
    at: int
    proposal: str = ""


@dataclass(frozen=True, slots=True)
class Clash:
    """A conflict: an item that only a person can decide.

    ``base``, ``theirs`` and ``live`` are the clause's whole text as the file's maker had it, with these changes of the
    file alone, and as it stood when the merge was decided ('' where there is none). ``parts`` are, of a split, the
    texts that the file makes of it. ``after`` is where a new or moved clause was to stand behind (None: at the very
    front); ``shape`` is (kind, depth, lang) of a new or reshaped one. ``of``: of a JOIN, the clauses that would go.
    """

    id: str
    why: Why
    kind: Kind
    clause: str | None
    label: str
    base: str
    theirs: str
    live: str
    settled: Settled | None = None
    parts: tuple[str, ...] = ()
    after: str | None = None
    shape: tuple[str, int, str] | None = None
    of: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What a merge comes to. ``base_seq``: the act after which the draft was as the file's maker had it; ``seq``: the
    last act that was there when it was decided.

    ``proposed``: items that became private proposals of the bringer's party, because it may not edit the text now;
    ``commented``: items told as comment threads, because it may not propose either, or there is no proposal of their
    kind; ``left``: what could be neither. ``remarks``: how many of the file's comments became threads. ``notes``:
    English sentences (msgids) on what was left out or read in a special way. Every word of the file is in the text
    already, or in exactly one of ``applied``, ``already``, ``proposed``, ``commented``, ``left`` and ``conflicts``."""

    brought: str
    base_seq: int
    seq: int
    applied: tuple[Done, ...] = ()
    conflicts: tuple[Clash, ...] = ()
    already: tuple[Done, ...] = ()
    commented: tuple[Done, ...] = ()
    remarks: int = 0
    notes: tuple[str, ...] = ()
    proposed: tuple[Done, ...] = ()
    left: tuple[Done, ...] = ()

    @property
    def proposals(self) -> tuple[str, ...]:
        """The ids of the proposals that it became, those of settled conflicts last, each once."""
        settled = (one.settled.proposal for one in self.conflicts if one.settled)
        return tuple(dict.fromkeys(name for name in (*(one.proposal for one in self.proposed), *settled) if name))

    @property
    def open(self) -> tuple[Clash, ...]:
        """The conflicts that nobody settled yet."""
        return tuple(clash for clash in self.conflicts if clash.settled is None)

    def settle(self, conflict_id: str, settled: Settled) -> "Report":
        """The report with one conflict settled."""
        told = (replace(one, settled=settled) if one.id == conflict_id else one for one in self.conflicts)
        return replace(self, conflicts=tuple(told))


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that a person brought for a party. ``base_version`` is the version that the draft was at after
    ``base_seq``; None where it was the working text. ``data`` and ``kept_report`` are as they are stored."""

    id: str
    draft_id: str
    person_id: str
    party_id: str
    at: datetime
    name: str
    purpose: Purpose
    state: Stage
    base_seq: int
    base_version: int | None
    data: bytes = field(repr=False)
    kept_report: str | None = field(default=None, repr=False)

    @property
    def parsed(self) -> Parsed:
        """What was read from the file."""
        return unpacked(self.data)

    @property
    def report(self) -> Report | None:
        """What came of it, once it is applied."""
        return None if self.kept_report is None else msgspec.json.decode(self.kept_report, type=Report)


@dataclass(frozen=True, slots=True)
class Held:
    """A file that waits, or that has conflicts to settle: what a list says of it."""

    id: str
    at: datetime
    name: str
    waiting: bool
    conflicts: int


@dataclass(frozen=True, slots=True)
class _Met:
    settled: Settled | None = None


@dataclass(frozen=True, slots=True)
class _Counted:
    conflicts: tuple[_Met, ...] = ()


def open_conflicts(kept_report: str | None) -> int:
    """How many conflicts of a report, as it is kept, nobody has settled yet; nothing else of it is read."""
    if kept_report is None:
        return 0
    found = msgspec.json.decode(kept_report, type=_Counted)
    return sum(one.settled is None for one in found.conflicts)


def packed(parsed: Parsed) -> bytes:
    """A file that was read, as it is kept: JSON, deflated."""
    return zlib.compress(msgspec.json.encode(parsed))


def unpacked(data: bytes) -> Parsed:
    """What ``packed`` kept."""
    return msgspec.json.decode(zlib.decompress(data), type=Parsed)


def report_text(report: Report) -> str:
    """A report as it is kept, and as programs get it: JSON."""
    return msgspec.json.encode(report).decode()
