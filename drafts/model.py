"""The nouns of a negotiation as frozen values. No I/O, no behaviour beyond small derived facts.

Ids are short random strings (``new_id``), never reused and never derived from content. Times are aware UTC datetimes.
Text is NFC Unicode without line breaks; ``*…*`` marks emphasis and ``[ ]`` are literal brackets.
"""

import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford base32: no i, l, o, u


def new_id(length: int = 10) -> str:
    """A fresh random id of ``length`` base32 characters (10 = 50 bits)."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


def now() -> datetime:
    """The present moment, aware UTC, in whole milliseconds: what is stored is what was made."""
    moment = datetime.now(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


# ── forums and people ────────────────────────────────────────────────────────────────────────────────────────────────


class Level(StrEnum):
    """How far a forum reaches."""

    BILATERAL = "bilateral"
    REGIONAL = "regional"
    GLOBAL = "global"
    WORKSHOP = "workshop"


class Group(StrEnum):
    """The four stakeholder groups."""

    GOVERNMENT = "government"
    INDUSTRY = "industry"
    CIVIL_SOCIETY = "civil_society"
    ACADEMIA = "academia"

    @property
    def letter(self) -> str:
        """The letter of the group's badge: G I C A."""
        return {"government": "G", "industry": "I", "civil_society": "C", "academia": "A"}[self.value]


class Role(StrEnum):
    """What a person does in a forum."""

    CHAIR = "chair"
    SECRETARIAT = "secretariat"
    DELEGATE = "delegate"
    OBSERVER = "observer"


class Openness(StrEnum):
    """Who sees something that a party did: each includes those after it. Always: the party itself."""

    EVERYONE = "everyone"  # everybody who may read the draft
    DELEGATIONS = "delegations"  # chair, secretariat, delegates
    LEADS = "leads"  # chair and secretariat


SILENCE_MINIMUM = 72 * 3600  # seconds


@dataclass(frozen=True, slots=True)
class Forum:
    """A body that negotiates: a working group, a regional organisation, a bilateral, a workshop.

    ``silence_minimum``: seconds that a silence procedure takes at least (72 hours; minutes in an exercise);
    ``breaks``: who sees which party broke a silence, and why. ``public``: whether consultations can be opened to
    readers without an account; ``accredits``: whether organisations can apply to take part; ``non_objection``: seconds
    in which delegations may object to an admission (0: no such period); ``pseudonyms``: whether comments can be made
    under another name; ``retention``: days after which contacts and unsent comments are forgotten (0: kept)."""

    id: str
    name: str
    level: Level
    created_at: datetime
    silence_minimum: int = SILENCE_MINIMUM
    breaks: Openness = Openness.DELEGATIONS
    public: bool = False
    accredits: bool = False
    non_objection: int = 0
    pseudonyms: bool = False
    retention: int = 0


@dataclass(frozen=True, slots=True)
class Party:
    """A delegation or an organisation. ``code`` is its short seat code (2 to 6 capitals, unique in the forum)."""

    id: str
    forum_id: str
    name: str
    code: str
    group: Group


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in. The e-mail address is never shown to other people."""

    id: str
    name: str
    email: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Member:
    """A person in a forum: acts for a party, in a role. This is the *actor* that the access table asks about."""

    person_id: str
    person_name: str
    forum_id: str
    party: Party
    role: Role


# ── ways in: of each only the SHA-256 of its secret is stored ────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser."""

    id: str
    person: Person
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Token:
    """What a program signs in with, for the API."""

    id: str
    person_id: str
    name: str
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that makes one person a member for ``party`` in ``role``, once, until it expires or is revoked."""

    id: str
    forum_id: str
    party: Party
    role: Role
    made_by: str  # person id
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_by: str | None  # person id
    revoked_at: datetime | None

    def open(self, at: datetime) -> bool:
        """Whether it can be accepted at the moment ``at``."""
        return self.used_at is None and self.revoked_at is None and at < self.expires_at


# ── drafts, clauses, versions ────────────────────────────────────────────────────────────────────────────────────────


class DraftKind(StrEnum):
    """What is being negotiated."""

    NORM = "norm"
    CBM = "cbm"
    OTHER = "other"


class Mode(StrEnum):
    """Who edits the live text."""

    OPEN = "open"  # open drafting: delegations, secretariat and chair
    PEN = "pen"  # chair's pen: only chair and secretariat


class Stage(StrEnum):
    """How far a draft is; what each stage allows stands in the access table."""

    PREPARATION = "preparation"  # only those who lead see it
    CONSULTATION = "consultation"  # everybody comments, nobody tables
    FIRST_READING = "first_reading"  # general comments only
    SECOND_READING = "second_reading"  # text: edits, proposals, positions
    SILENCE = "silence"  # frozen at a hash
    ADOPTED = "adopted"
    WITHDRAWN = "withdrawn"


FINAL = frozenset({Stage.ADOPTED, Stage.WITHDRAWN})  # nothing comes after them


class ClauseStatus(StrEnum):
    """How far a clause is. The agreed ones are locked."""

    OPEN = "open"
    UNDER_DISCUSSION = "under_discussion"
    CONVERGING = "converging"
    AGREED_AD_REF = "agreed_ad_ref"
    AGREED = "agreed"
    PLACEMENT_TBD = "placement_tbd"
    DEFERRED = "deferred"


LOCKED = frozenset({ClauseStatus.AGREED_AD_REF, ClauseStatus.AGREED})


class ProposalKind(StrEnum):
    """What a proposal asks for."""

    ADD = "add"
    MODIFY = "modify"
    DELETE = "delete"
    MOVE = "move"
    EDITORIAL = "editorial"
    NO_CHANGE = "no_change"


WORDED = frozenset({ProposalKind.ADD, ProposalKind.MODIFY, ProposalKind.EDITORIAL})  # kinds with a text of their own
PLACED = frozenset({ProposalKind.ADD, ProposalKind.MOVE})  # kinds that say where a clause goes


class ProposalState(StrEnum):
    """What became of a proposal. The first two are private: they stand in the proposal's own log only."""

    DRAFT = "draft"
    SHARED = "shared"
    TABLED = "tabled"
    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    MERGED = "merged"
    WITHDRAWN = "withdrawn"
    NOT_RETAINED = "not_retained"

    @property
    def private(self) -> bool:
        """Whether only its party, and those it is shared with, know of it."""
        return self in {ProposalState.DRAFT, ProposalState.SHARED}


class Stance(StrEnum):
    """What a party says to a proposal or a clause."""

    SUPPORT = "support"
    CAN_ACCEPT = "can_accept"
    RESERVE = "reserve"
    OPPOSE = "oppose"
    CONDITIONAL = "conditional"


class BracketReason(StrEnum):
    """Why a bracket stands."""

    CONTENTIOUS = "contentious"
    AWAITING = "awaiting_instructions"
    TACTICAL = "tactical"
    LINKED = "linked"
    ALTERNATIVE = "alternative"
    PLACEHOLDER = "placeholder"


class ClauseKind(StrEnum):
    """What a clause is; the label follows from it (numbering.py)."""

    HEADING = "heading"
    PREAMBULAR = "preambular"
    OPERATIVE = "operative"
    CHAPEAU = "chapeau"  # an unnumbered opening sentence that leads a list or a part
    SUB = "sub"  # a sub-clause; depth 1 = (a), 2 = (i), 3 = (A)


@dataclass(frozen=True, slots=True)
class Draft:
    """A text under negotiation. ``seq`` is the number of the last logged act.

    ``proposals`` and ``positions``: who sees what is tabled, and what parties say to it. A proposal's own text is a
    draft too, with a log of its own: its ``parent`` is the draft it proposes for, and only the parties of its
    ``circle`` know that it exists; the first of them owns it and edits it."""

    id: str
    forum_id: str
    title: str
    symbol: str
    kind: DraftKind
    language: str
    mode: Mode
    observers: bool  # whether observers may read and comment
    seq: int
    created_at: datetime
    stage: Stage = Stage.SECOND_READING
    proposals: Openness = Openness.EVERYONE
    positions: Openness = Openness.DELEGATIONS
    parent: str = ""
    circle: tuple[str, ...] = ()  # party ids


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause as it stands: what versions keep, exports write and comparisons read.

    ``label`` is computed (``PP1``, ``OP3``, ``(a)``; empty for headings and chapeaux), ``depth`` counts from 0
    (sub-clauses from 1), ``lang`` is a BCP 47 tag or empty for the draft's own language.
    """

    id: str
    kind: ClauseKind
    depth: int
    text: str
    label: str = ""
    lang: str = ""


class VersionStatus(StrEnum):
    """What kind of issued text it is."""

    ZERO = "zero"
    REVISION = "revision"
    FINAL = "final"


@dataclass(frozen=True, slots=True)
class Version:
    """An issued text. ``number`` counts from 1 in the draft; ``seq`` is the act that issued it; ``hash`` is the hex
    SHA-256 of its canonical content, which includes ``previous`` (the hash of the version before, or '')."""

    draft_id: str
    number: int
    label: str
    symbol: str
    status: VersionStatus
    note: str
    seq: int
    issued_at: datetime
    issued_by: str  # person id
    party_id: str
    hash: str
    previous: str


# ── comments ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Audience(StrEnum):
    """Who may see a thread."""

    EVERYONE = "everyone"  # everybody who may read the draft
    DELEGATIONS = "delegations"  # chair, secretariat, delegates
    PARTY = "party"  # the author's own party only: not even chair or secretariat


class Place(StrEnum):
    """What a thread is about."""

    SPAN = "span"
    CLAUSE = "clause"
    DRAFT = "draft"
    MISSING = "missing"  # what is missing, after a clause or in the whole


@dataclass(frozen=True, slots=True)
class Comment:
    """One contribution to a thread, written by a person for a party."""

    id: str
    thread_id: str
    person_id: str
    person_name: str
    party: Party
    body: str
    created_at: datetime
    edited_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Thread:
    """A comment and its replies. ``quote`` is the text it was made on; ``comments[0]`` opens the thread."""

    id: str
    draft_id: str
    place: Place
    clause_id: str | None
    quote: str
    audience: Audience
    created_at: datetime
    resolved_at: datetime | None
    resolved_by: str | None  # person id
    comments: tuple[Comment, ...] = field(default=())
    resolved_name: str = ""  # of the person who resolved it
    resolved_party: Party | None = None  # that person's party now; None also for somebody who left the forum

    @property
    def opener(self) -> Comment:
        """The comment that opened the thread."""
        return self.comments[0]


# ── proposals that are being written ─────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as its own party has it; its words are the draft with the same id. What the others see of it once it
    is tabled is in the parent's log (``floor.Tabled``).

    ``clause_id`` is the clause it is about (None: a new clause); ``base_text`` is what its text ``base_number`` said,
    after act ``base_seq`` of the parent; ``after_id`` is where a new or moved clause goes (None: to the very front)."""

    id: str
    draft_id: str  # the parent
    party_id: str
    person_id: str
    kind: ProposalKind
    state: ProposalState
    clause_id: str | None
    base_number: int
    base_seq: int
    base_text: str
    after_id: str | None
    reason: str
    created_at: datetime
    number: int | None = None  # its number in the draft, once it is tabled
