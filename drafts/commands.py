"""What a person asks a draft to do. Each command names its operation: the same ``op`` sent again is done once.

``op`` is chosen by whoever asks (at most 48 characters, unguessable enough to be unique in the draft); positions are
UTF-16 units of the text with the given number.
"""

from dataclasses import dataclass
from typing import TypeAlias

from drafts.change import Change
from drafts.merge import Plan
from drafts.model import Audience, ClauseKind, Mode, Place, VersionStatus


@dataclass(frozen=True, slots=True)
class Push:
    """Updates of one text by one editor: ``updates[0]`` is number ``counter`` of ``client`` and stands on number
    ``base``."""

    clause: str
    client: str
    base: int
    counter: int
    updates: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Insert:
    """New clauses behind ``after`` (None: at the very front), one per text."""

    op: str
    after: str | None
    kind: ClauseKind = ClauseKind.OPERATIVE
    depth: int = 0
    lang: str = ""
    texts: tuple[str, ...] = ("",)


@dataclass(frozen=True, slots=True)
class Split:
    """Cut a clause at ``at`` of text ``number``."""

    op: str
    clause: str
    number: int
    at: int


@dataclass(frozen=True, slots=True)
class Join:
    """Append the clause to the one before it."""

    op: str
    clause: str


@dataclass(frozen=True, slots=True)
class Move:
    """Put a clause, with the sub-clauses that belong to it, behind ``after`` (None: to the very front)."""

    op: str
    clause: str
    after: str | None


@dataclass(frozen=True, slots=True)
class Delete:
    """Take a clause out, with a reason that everybody can read."""

    op: str
    clause: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Restore:
    """Bring a deleted clause back where it stood."""

    op: str
    clause: str


@dataclass(frozen=True, slots=True)
class Shape:
    """Change what kind of clause it is, its depth or its language."""

    op: str
    clause: str
    kind: ClauseKind
    depth: int = 0
    lang: str = ""


@dataclass(frozen=True, slots=True)
class Lock:
    """Mark a clause ``agreed_ad_ref`` (nobody edits it) or ``open``."""

    op: str
    clause: str
    state: str


@dataclass(frozen=True, slots=True)
class SetDraft:
    """Change facts of the draft; None leaves one as it is."""

    op: str
    title: str | None = None
    symbol: str | None = None
    mode: Mode | None = None
    observers: bool | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """Issue the text as it stands as a version."""

    op: str
    label: str
    symbol: str = ""
    status: VersionStatus = VersionStatus.REVISION
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenThread:
    """Open a comment thread. A span is ``[start, end)`` of text ``number`` of the clause."""

    op: str
    place: Place
    body: str
    clause: str | None = None
    number: int = 0
    start: int = 0
    end: int = 0
    audience: Audience = Audience.EVERYONE


@dataclass(frozen=True, slots=True)
class Edit:
    """An edit from outside: "text ``number`` should read so". Becomes a word-level Change at that number."""

    op: str
    clause: str
    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Said:
    """A comment of a file that is merged, with its replies: on clause number ``at`` of the file (-1: on the whole), on
    the words ``quote``, which began about ``start`` (code points) there; '' on the whole clause."""

    at: int
    quote: str
    start: int
    bodies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """Bring in what a text from outside does to the text as it was after act ``base_seq``. What cannot be done without
    asking is told in the outcome's report. ``brought``: which file it is, for that report."""

    op: str
    plan: Plan
    base_seq: int
    brought: str = ""
    said: tuple[Said, ...] = ()
    audience: Audience = Audience.EVERYONE
    notes: tuple[str, ...] = ()


Command: TypeAlias = (
    Insert | Split | Join | Move | Delete | Restore | Shape | Lock | SetDraft | Issue | OpenThread | Edit | Merge
)
