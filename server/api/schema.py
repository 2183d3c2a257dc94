"""What the API takes and gives. The OpenAPI document is made from these types.

Times are UTC milliseconds since 1970; positions count UTF-16 units of a clause's text, as the live socket does.
"""

from typing import Annotated, Any

from msgspec import UNSET, Meta, Struct, UnsetType

from drafts.model import (
    Audience,
    ClauseKind,
    DraftKind,
    Group,
    Level,
    Mode,
    Openness,
    Place,
    Role,
    Stage,
    VersionStatus,
)
from server.wire import ActFrame

Id = Annotated[str, Meta(max_length=32)]
Op = Annotated[str, Meta(max_length=48, description="Operation id of your choice: sent again, it is done once.")]
Depth = Annotated[int, Meta(ge=0, le=3)]
Language = Annotated[str, Meta(max_length=16, description="BCP 47 tag; empty in a clause: the draft's language.")]
Number = Annotated[int, Meta(ge=0, description="Text number: how many changes this clause's text has had.")]
Ms = Annotated[int, Meta(description="UTC milliseconds since 1970.")]


class _In(Struct, frozen=True, forbid_unknown_fields=True):
    pass


# ── answers ──


class ErrorBody(Struct, frozen=True):
    """Why something was not done."""

    key: str
    """Stable, for programs."""
    message: str
    """For people, in a language of Accept-Language."""


class Error(Struct, frozen=True):
    """Every answer from 400 on."""

    error: ErrorBody


class Person(Struct, frozen=True):
    """Whoever the token or session belongs to."""

    id: Id
    name: str
    email: str
    language: Language


class Party(Struct, frozen=True):
    """A delegation or an organisation."""

    id: Id
    name: str
    code: str
    group: Group


class Member(Struct, frozen=True):
    """A person in a forum."""

    person: Id
    name: str
    party: Party
    role: Role


class Forum(Struct, frozen=True):
    """A body that negotiates, and what you are in it."""

    id: Id
    name: str
    level: Level
    created_at: Ms
    you: Member
    silence_minimum: Annotated[int, Meta(description="Seconds that a silence procedure takes at least.")]
    breaks: Openness
    """Who sees which party broke a silence, and why."""
    public: Annotated[bool, Meta(description="Whether consultations can be read without an account.")]
    accredits: Annotated[bool, Meta(description="Whether organisations can apply to be heard.")]
    non_objection: Annotated[int, Meta(description="Seconds in which delegations may object to an admission.")]
    pseudonyms: Annotated[bool, Meta(description="Whether comments can be made under another name.")]
    retention: Annotated[int, Meta(description="Days after which contacts and unsent comments are forgotten; 0: kept.")]


class ForumPeople(Struct, frozen=True):
    """Who is in a forum. ``speaks_for``: for each party that speaks for others, by its id, theirs."""

    parties: list[Party]
    members: list[Member]
    speaks_for: dict[Id, list[Id]]


class Invitation(Struct, frozen=True):
    """A link that makes one person a member, once."""

    id: Id
    party: Party
    role: Role
    created_at: Ms
    expires_at: Ms


class NewInvitation(Struct, frozen=True):
    """An invitation with the path of its link, which is shown this once."""

    invitation: Invitation
    path: str


class May(Struct, frozen=True):
    """What you may do with a draft."""

    edit: bool
    lock: bool
    set: bool
    issue: bool
    comment_delegations: bool


class Draft(Struct, frozen=True):
    """A text under negotiation. ``seq`` is the number of the last act of its log."""

    id: Id
    forum: Id
    title: str
    symbol: str
    kind: DraftKind
    language: Language
    mode: Mode
    observers: bool
    seq: int
    created_at: Ms
    may: May
    stage: Stage
    proposals: Openness
    """Who sees what is tabled."""
    positions: Openness
    """Who sees what others say to it."""


class Clause(Struct, frozen=True):
    """A clause of the live text. ``label`` is computed; ``number`` is the base that an edit names."""

    id: Id
    kind: ClauseKind
    depth: Depth
    label: str
    lang: Language
    text: str
    number: Number
    state: str


class DraftText(Struct, frozen=True):
    """A draft with its clauses as they stand."""

    draft: Draft
    clauses: list[Clause]


class Version(Struct, frozen=True):
    """An issued text. ``hash`` is the hex SHA-256 of its canonical JSON, which holds ``previous``."""

    number: int
    label: str
    symbol: str
    status: VersionStatus
    note: str
    seq: int
    issued_at: Ms
    issued_by: Id
    party: Id
    hash: str
    previous: str


class VersionText(Struct, frozen=True):
    """A version with its canonical JSON: the SHA-256 of the UTF-8 bytes of ``content`` is ``version.hash``."""

    version: Version
    content: str


class Run(Struct, frozen=True, omit_defaults=True):
    """A piece of a clause in the redline: kept, inserted, deleted, or inserted and deleted since. Parties by id."""

    text: str
    mark: str
    by: Id | None = None
    deleted_by: Id | None = None


class RedlineClause(Struct, frozen=True):
    """A clause in the redline; ``change`` says what became of it: kept, new, deleted, or moved."""

    id: Id
    kind: ClauseKind
    depth: Depth
    label: str
    lang: Language
    change: str
    by: Id | None
    reason: str
    runs: list[Run]


class Redline(Struct, frozen=True):
    """The live text against version ``since`` (0: the text as it was brought in)."""

    since: int
    seq: int
    clauses: list[RedlineClause]
    parties: dict[str, Party]


class Moment(Struct, frozen=True):
    """An act as a record names it."""

    seq: int
    at: Ms
    person: Id
    name: str
    party: Id
    party_name: str


class Point(Struct, frozen=True):
    """A version, or the live text: the draft up to act ``seq``."""

    named: str
    number: int | None
    seq: int
    label: str


class AttributedRow(Struct, frozen=True):
    """A line of a comparison; ``who``: for every hunk the numbers of the acts behind it."""

    change: str
    old: dict[str, Any] | None
    new: dict[str, Any] | None
    old_at: int | None
    new_at: int | None
    hunks: list[tuple[str, str]]
    kind_changed: bool
    rewritten: bool
    split_from: str
    merged_into: str
    parent_at: int | None
    confidence: int
    who: list[list[int]]


class AttributedComparison(Struct, frozen=True):
    """Two points of a draft side by side, with who made each change."""

    old: Point
    new: Point
    equal: bool
    counts: dict[str, int]
    rows: list[AttributedRow]
    moments: list[Moment]


class ConcordanceEntry(Struct, frozen=True):
    """What a clause was called and is called now; labels are empty where it has none or is not there."""

    old: str
    new: str
    old_id: Id | None
    new_id: Id | None
    origin: str
    changed: bool
    proposal: int  # the number of the accepted one that brought a new clause in, else 0


class Removal(Struct, frozen=True):
    """Removed words of one passage, or a clause that was deleted or joined into another (``what``)."""

    what: str
    clause: Id
    label: str
    offset: int
    text: str
    reason: str
    into: str
    moments: list[Moment]


class Resolved(Struct, frozen=True):
    """When and by whom a thread was resolved."""

    at: Ms
    by: Id | None
    name: str
    party: Party | None


class Comment(Struct, frozen=True):
    """One contribution to a thread."""

    id: Id
    by: Id
    name: str
    party: Party
    body: str
    at: Ms
    edited_at: Ms | None
    mine: bool


class ThreadMay(Struct, frozen=True):
    """What you may do with a thread: ``edit`` lists your comments."""

    reply: bool
    resolve: bool
    edit: list[Id]


class Thread(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """A comment thread. ``from``/``to`` are where its words stand in ``clause`` now; null when it is about no words or
    they are gone (``gone``)."""

    id: Id
    place: Place
    clause: Id | None
    quote: str
    start: int | None
    end: int | None
    gone: bool
    audience: Audience
    created_at: Ms
    resolved: Resolved | None
    comments: list[Comment]
    may: ThreadMay


class Acts(Struct, frozen=True):
    """A page of the log. Ask again with ``after=next``; ``next`` null: this is the end for now."""

    acts: list[ActFrame]
    next: int | None


class Done(Struct, frozen=True):
    """What a command made: the seqs of its acts, the draft's last act, and clauses that it made."""

    acts: list[int]
    seq: int
    clauses: list[Id]
    repeat: bool
    """Whether this operation id had been carried out before; then nothing was done now."""


# ── bodies ──


class PartyIn(_In, frozen=True):
    """A new party. The code has 2 to 6 letters."""

    name: Annotated[str, Meta(min_length=1, max_length=200)]
    code: Annotated[str, Meta(min_length=2, max_length=6)]
    group: Group


class SpeaksForIn(_In, frozen=True):
    """The parties that a party speaks for; none: for itself alone."""

    parties: list[Id]


class SeatIn(_In, frozen=True):
    """For whom a member acts, and in which role."""

    party: Id
    role: Role


class InvitationIn(_In, frozen=True):
    """Whom a link lets in, and for how many days it may be used."""

    party: Id
    role: Role
    days: Annotated[int, Meta(ge=1, le=90)] = 14


class ClauseIn(_In, frozen=True):
    """A clause of a text to bring in."""

    text: str
    kind: ClauseKind = ClauseKind.OPERATIVE
    depth: Depth = 0
    lang: Language = ""


class DraftIn(_In, frozen=True):
    """A text to bring in: ``clauses``, or ``text`` in Markdown, in which the clauses are found."""

    title: Annotated[str, Meta(min_length=1, max_length=500)]
    symbol: Annotated[str, Meta(max_length=100)] = ""
    kind: DraftKind = DraftKind.NORM
    language: Language = "en"
    mode: Mode = Mode.OPEN
    observers: bool = True
    stage: Stage = Stage.SECOND_READING
    text: str = ""
    clauses: list[ClauseIn] = []


class DraftSet(_In, frozen=True):
    """Facts of a draft to change; what is left out stays."""

    title: Annotated[str, Meta(min_length=1, max_length=500)] | UnsetType = UNSET
    symbol: Annotated[str, Meta(max_length=100)] | UnsetType = UNSET
    mode: Mode | UnsetType = UNSET
    observers: bool | UnsetType = UNSET
    stage: Stage | UnsetType = UNSET
    proposals: Openness | UnsetType = UNSET
    positions: Openness | UnsetType = UNSET
    op: Op | UnsetType = UNSET


class TextIn(_In, frozen=True):
    """How text ``number`` of a clause should read."""

    number: Number
    text: str
    op: Op | UnsetType = UNSET


class AtSeq(_In, frozen=True):
    """The text as it was after an act: ``seq`` of a draft that you read."""

    seq: Annotated[int, Meta(ge=1)]


class EditedIn(_In, frozen=True):
    """How a clause should read."""

    id: Id
    text: str


class EditsIn(_In, frozen=True):
    """How a text should read that was made from ``base``: ``clauses``, where every other one stays, or the whole
    ``text`` in Markdown."""

    base: Annotated[int, Meta(ge=1, description="Number of a version.")] | AtSeq
    clauses: list[EditedIn] = []
    text: str = ""
    dry_run: bool = False
    """Only tell what it would come to."""
    op: Op | UnsetType = UNSET


class IssueIn(_In, frozen=True):
    """The live text, issued as a version."""

    label: Annotated[str, Meta(min_length=1, max_length=50)]
    symbol: Annotated[str, Meta(max_length=100)] = ""
    status: VersionStatus = VersionStatus.REVISION
    note: str = ""
    op: Op | UnsetType = UNSET


class ThreadIn(_In, frozen=True, rename={"start": "from", "end": "to"}):
    """A comment that opens a thread: on a span (``clause``, ``number``, ``from``, ``to``), a clause, what is missing
    (after a clause, or in the whole), or the draft."""

    body: Annotated[str, Meta(min_length=1)]
    place: Place = Place.DRAFT
    clause: Id | None = None
    number: Number = 0
    start: Annotated[int, Meta(ge=0)] = 0
    end: Annotated[int, Meta(ge=0)] = 0
    audience: Audience = Audience.EVERYONE
    op: Op | UnsetType = UNSET


class CommentIn(_In, frozen=True):
    """What somebody says."""

    body: Annotated[str, Meta(min_length=1)]
