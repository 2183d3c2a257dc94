"""The nouns of a consultation, frozen: rounds, the remarks that come in, what becomes of them, who applies to be heard.

A **round** asks stakeholder groups about one issued version, which never changes: so what a remark is about is a place
in that text, once and for all (``Spot``), and where it belongs in later versions is worked out (``Placing``). What
users call a comment is a ``Remark`` here, to tell it from the comments in the threads of a live text; what they call a
written contribution is a file, ``Contribution``.

Times are aware UTC datetimes. Offsets are UTF-16 units in the clause's text of the round's version, as everywhere.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from drafts.model import Group, Party


class Reveal(StrEnum):
    """When those who neither lead nor wrote a remark get to read it."""

    AT_ONCE = "at_once"
    MODERATED = "moderated"  # when a person of the secretariat has let it through
    AT_CLOSE = "at_close"  # all together, when the round closes


class Granularity(StrEnum):
    """The smallest thing that can be commented on; the whole text and what is missing always can."""

    SECTION = "section"
    CLAUSE = "clause"
    LINE = "line"  # words within a clause


class Phase(StrEnum):
    """Where a round is at a moment."""

    PREPARED = "prepared"  # not announced: only those who lead know of it
    ANNOUNCED = "announced"  # not open yet
    OPEN = "open"
    CLOSED = "closed"


class Spot(StrEnum):
    """What a remark is about."""

    SPAN = "span"  # words of a clause
    CLAUSE = "clause"
    SECTION = "section"  # a heading and what stands under it
    WHOLE = "whole"
    MISSING = "missing"  # something that is not there: behind a clause, or anywhere (no clause)


class RemarkKind(StrEnum):
    """Whether a remark proposes words."""

    GENERAL = "general"
    DRAFTING = "drafting"


class View(StrEnum):
    """What a commenter thinks of what they comment on."""

    SUPPORT = "support"
    WITH_CHANGES = "with_changes"  # support with changes
    OPPOSE = "oppose"
    NEUTRAL = "neutral"


class RemarkState(StrEnum):
    """How far a remark is."""

    DRAFT = "draft"  # within its own party
    HELD = "held"  # sent; waits for the secretariat to let it through
    OPEN = "open"  # sent; others read it as the round's ``reveal`` says
    HIDDEN = "hidden"  # by the secretariat, with a reason: that it was there is shown
    WITHDRAWN = "withdrawn"  # by its party: that it was there is shown


SENT = frozenset({RemarkState.HELD, RemarkState.OPEN, RemarkState.HIDDEN, RemarkState.WITHDRAWN})
COUNTED = frozenset({RemarkState.HELD, RemarkState.OPEN})  # what charts and progress count


class Disposition(StrEnum):
    """What became of a remark."""

    ACCEPTED = "accepted"
    ACCEPTED_IN_PART = "accepted_in_part"
    NOT_ACCEPTED = "not_accepted"
    NOTED = "noted"
    OUT_OF_SCOPE = "out_of_scope"


class ApplicationState(StrEnum):
    """How far an application to take part is."""

    WAITING = "waiting"
    PROPOSED = "proposed"  # the secretariat would admit; delegations may object until ``objects_until``
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class ContributionState(StrEnum):
    """What is done with a file that came in."""

    WAITING = "waiting"
    SPLIT = "split"  # remarks were made of it
    ASIDE = "aside"  # kept, with a reason; nothing is made of it


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the secretariat, asked in a round. ``position`` counts from 1."""

    id: str
    round_id: str
    position: int
    text: str


@dataclass(frozen=True, slots=True)
class Round:
    """A consultation on an issued version. ``number`` counts from 1 in the draft.

    ``zone``: the IANA name of the time zone in which its times are told; ``late``: whether remarks are taken after the
    closing time (they carry a flag); ``public``: whether it can be read without an account; ``pseudonyms``: whether one
    may take part under another name; ``last``: the number of the last remark that was sent; ``revealed_at``: when what
    was hidden until the close was revealed (AT_CLOSE only); ``answered_at``: when answers were first published."""

    id: str
    draft_id: str
    number: int
    version: int
    title: str
    intro: str
    opens_at: datetime
    closes_at: datetime
    zone: str
    groups: tuple[Group, ...]
    reveal: Reveal
    granularity: Granularity
    public: bool
    pseudonyms: bool
    late: bool
    last: int
    made_by: str  # person id
    created_at: datetime
    announced_at: datetime | None = None
    revealed_at: datetime | None = None
    answered_at: datetime | None = None
    questions: tuple[Question, ...] = ()

    def phase(self, at: datetime) -> Phase:
        """Where the round is at a moment."""
        if self.announced_at is None:
            return Phase.PREPARED
        if at < self.opens_at:
            return Phase.ANNOUNCED
        return Phase.OPEN if at < self.closes_at else Phase.CLOSED

    def revealed(self, at: datetime) -> bool:
        """Whether others read what is open. What was revealed once stays so."""
        return self.reveal is not Reveal.AT_CLOSE or self.revealed_at is not None or at >= self.closes_at

    def takes(self, at: datetime) -> bool:
        """Whether remarks can be sent."""
        phase = self.phase(at)
        return phase is Phase.OPEN or (phase is Phase.CLOSED and self.late)


@dataclass(frozen=True, slots=True)
class Answer:
    """What those who lead say to a remark or to a whole bundle. Never changed: a second decision is a second answer.

    ``link``: what answers it: '' | ``clause:ID`` | ``proposal:NUMBER`` | ``version:NUMBER`` | ``version:NUMBER:CLAUSE``
    (a clause as that version has it)."""

    id: str
    round_id: str
    disposition: Disposition
    rationale: str
    link: str
    person_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Remark:
    """One comment in a round.

    ``serial`` orders all remarks of an installation (newest last). ``number`` is its public number in the round, given
    when it is sent; 0 before. ``owner_id`` is the party that wrote it, changes and withdraws it; ``party`` the one that
    it is shown under: None for a pseudonym and for imported ones; ``who`` is what is printed as its source (the party's
    name as it was, the pseudonym, or the imported organisation's name); ``group`` the group it counts for.

    ``clause_id`` may be None (whole; something missing anywhere). ``start``/``end``/``quote``: of a SPAN. ``proposed``:
    of a DRAFTING remark, the words that the clause (or the span, or what is missing) should have.
    ``answer`` is what those who lead decided last, ``shown`` what is published of it."""

    id: str
    round_id: str
    spot: Spot
    clause_id: str | None
    kind: RemarkKind
    view: View
    body: str
    language: str  # BCP 47
    state: RemarkState
    group: Group
    who: str
    owner_id: str | None  # party id; None: imported from outside
    person_id: str  # who wrote it, or entered it for its party
    created_at: datetime
    party: Party | None = None
    serial: int = 0
    number: int = 0
    start: int | None = None
    end: int | None = None
    quote: str = ""
    proposed: str = ""
    question_id: str | None = None
    pseudonym: bool = False
    late: bool = False
    sent_at: datetime | None = None
    edited_at: datetime | None = None
    withdrawn_at: datetime | None = None
    hidden_reason: str = ""
    withdrawn_reason: str = ""
    contribution_id: str | None = None  # the file that it was taken from
    source_start: int | None = None  # where in that file's text
    source_end: int | None = None
    source_row: str = ""  # of an imported table: its own number there
    bundle_id: str | None = None
    variant: int = 0  # in its bundle: same number, same words
    overruled: bool = False  # decided by itself, whatever its bundle gets
    answer: Answer | None = None
    shown: Answer | None = None
    together: tuple[Party, ...] = ()  # other parties that it speaks for, as they have confirmed


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer under a remark, by anybody who may read it and takes part."""

    id: str
    remark_id: str
    person_id: str
    person_name: str
    party: Party
    body: str
    created_at: datetime
    edited_at: datetime | None = None
    hidden_reason: str = ""  # hidden by the secretariat when not ''


@dataclass(frozen=True, slots=True)
class Bundle:
    """Remarks that say nearly the same. ``copies``: how many remarks, ``variants``: how many different wordings."""

    id: str
    round_id: str
    lead_id: str  # the remark that stands for all
    copies: int
    variants: int
    likeness: int  # percent: of the copy that is least like the lead


@dataclass(frozen=True, slots=True)
class Contribution:
    """A file that a party sent to a round. ``text`` is what was read from it, '' where nothing could be. ``who`` and
    ``group``: of somebody who has no seat in the forum, for whom those who lead brought it; '' and None for the
    party's own."""

    id: str
    round_id: str
    owner_id: str
    party: Party
    person_id: str
    name: str
    media: str
    text: str
    state: ContributionState
    reason: str
    at: datetime
    who: str = ""
    group: Group | None = None

    @property
    def source(self) -> str:
        """Whose it is, as it is shown."""
        return self.who or self.party.name


@dataclass(frozen=True, slots=True)
class Placing:
    """Where a remark belongs in a later version of the text. ``how``: ``id`` | ``moved`` | ``split`` | ``merged`` |
    ``quote`` (by the words and those around) | ``person`` (somebody placed it) | ``orphan`` (a person has to place
    it) | ``anywhere`` (what is missing; the clause that it would follow is gone) | ``nowhere`` (somebody says that it
    has no place any more); the last three have no ``clause_id``, nor has what is about the whole text. ``score``:
    percent of the quote, or of the clause, that stands there."""

    remark_id: str
    version: int
    clause_id: str | None
    start: int | None
    end: int | None
    score: int
    how: str
    person_id: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """An organisation asks to be heard in a forum. The contact is shown to those who lead, and forgotten with time."""

    id: str
    forum_id: str
    name: str
    code: str  # the seat code it would like; '' if it left that open
    group: Group
    contact: str
    email: str
    statement: str
    state: ApplicationState
    reason: str
    created_at: datetime
    objects_until: datetime | None = None
    decided_at: datetime | None = None
    decided_by: str | None = None
    party_id: str | None = None  # once it is admitted


@dataclass(frozen=True, slots=True)
class Wanted:
    """A filter over the remarks of a round: all of it must fit; what is empty does not filter.

    ``clauses``: ids, with ``None`` for remarks on the whole or on what is missing anywhere; ``words``: text to be
    found; ``party``: a party's id or the printed source (``who``); ``answered``: True only those with a (published, for
    who does not lead) disposition, False only those without; ``mine``: only the reader's party's own."""

    groups: frozenset[Group] = frozenset()
    party: str = ""
    clauses: frozenset[str | None] = frozenset()
    spots: frozenset[Spot] = frozenset()
    kinds: frozenset[RemarkKind] = frozenset()
    views: frozenset[View] = frozenset()
    states: frozenset[RemarkState] = frozenset()
    dispositions: frozenset[Disposition] = frozenset()
    answered: bool | None = None
    language: str = ""
    question: str = ""
    bundle: str = ""
    contribution: str = ""
    late: bool | None = None
    words: str = ""
    mine: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """A page of remarks. ``before``/``after`` are cursors (serials) of the neighbouring pages, None at an end."""

    remarks: tuple[Remark, ...]
    total: int
    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Sight:
    """What one reader sees of a round, made by ``access.sight``; ``access.shows`` and the store's ``seen`` say the
    same.

    ``party_id``: theirs, '' for a public reader; ``leads``; ``revealed``: others' open remarks; ``answers``: published
    answers (those who lead see all)."""

    party_id: str
    person_id: str
    leads: bool
    revealed: bool
    answers: bool


class Shown(StrEnum):
    """How much of a remark somebody sees."""

    WORDS = "words"
    TRACE = "trace"  # that there was one, of whom and where; not what it said
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Standing:
    """The counts behind strips, charts and progress: remarks of one clause, group, view and disposition together."""

    clause_id: str | None
    group: Group
    view: View
    disposition: Disposition | None
    count: int


@dataclass(frozen=True, slots=True)
class Tallies:
    """All standings of a round for one reader, made once and kept for a moment. ``organisations``: how many different
    sources; ``folded``: how many remarks are copies of another, by bundles."""

    standings: tuple[Standing, ...] = field(default=())
    organisations: int = 0
    folded: int = 0

    @property
    def total(self) -> int:
        """How many remarks are counted."""
        return sum(one.count for one in self.standings)
