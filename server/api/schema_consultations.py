"""What the API takes and gives about consultations: rounds, their comments, what became of them."""

from typing import Annotated

from msgspec import UNSET, Meta, Struct, UnsetType, field

from drafts.consultation import (
    Disposition,
    Granularity,
    Phase,
    RemarkKind,
    RemarkState,
    Reveal,
    Spot,
    View,
)
from drafts.model import ClauseKind, Group
from server.api.schema import Depth, Id, Language, Ms, Party

Cursor = Annotated[int, Meta(description="Where a page begins; give it as `before` or `after`.")]
NewId = Annotated[
    str,
    Meta(pattern="^[0-9a-z]{10,32}$", description="Of your choice, 10 to 32 of 0-9a-z: sent again, it is done once."),
]


class _In(Struct, frozen=True, forbid_unknown_fields=True):
    pass


class Question(Struct, frozen=True):
    """A question of the secretariat."""

    id: Id
    text: str


class Consultation(Struct, frozen=True):
    """A consultation on an issued version. Times of opening and closing are told in ``zone`` on the pages."""

    id: Id
    draft: Id
    number: int
    version: int
    title: str
    intro: str
    opens_at: Ms
    closes_at: Ms
    zone: str
    phase: Phase
    groups: list[Group]
    reveal: Reveal
    granularity: Granularity
    public: bool
    pseudonyms: bool
    late: bool
    questions: list[Question]
    revealed: bool
    """Whether you may read what others have sent."""
    answered_at: Ms | None
    """When answers were first published."""


class ClauseOf(Struct, frozen=True):
    """A clause of the version that a consultation is on."""

    id: Id
    kind: ClauseKind
    depth: Depth
    label: str
    lang: Language
    text: str


class ConsultationText(Struct, frozen=True):
    """A consultation with the text that it is on."""

    consultation: Consultation
    language: Language
    clauses: list[ClauseOf]


class Sums(Struct, frozen=True):
    """How many comments there are that you may count."""

    total: int
    organisations: int
    folded: int
    """Copies and near copies of others among them."""
    groups: dict[str, int]
    views: dict[str, int]
    dispositions: dict[str, int]
    clauses: dict[str, int]
    """By clause id; `-`: on the whole, or on what is missing anywhere."""


class Given(Struct, frozen=True):
    """What became of a comment. ``link``: `clause:ID`, `proposal:NUMBER`, `version:NUMBER`, `version:NUMBER:CLAUSE` or
    nothing; ``published``: whether its sender knows."""

    disposition: Disposition
    rationale: str
    link: str
    at: Ms
    published: bool


class Comment(Struct, frozen=True):
    """A comment in a consultation. Of one that is hidden or withdrawn you are told that it was there (``trace``), not
    what it said. ``start``/``end``: the words it is on, UTF-16 units of the clause in the consultation's version."""

    id: Id
    number: int
    state: RemarkState
    trace: bool
    spot: Spot
    clause: Id | None
    quote: str
    start: int | None
    end: int | None
    kind: RemarkKind
    view: View
    body: str
    proposed: str
    language: Language
    group: Group
    who: str
    party: Party | None
    """None for a chosen name and for what was imported."""
    together: list[Party]
    question: Id | None
    late: bool
    mine: bool
    sent_at: Ms | None
    edited_at: Ms | None
    bundle: Id | None
    hidden_reason: str
    answer: Given | None


class Comments(Struct, frozen=True):
    """A page of comments, the newest first."""

    comments: list[Comment]
    total: int
    before: Cursor | None
    """For the page of older ones; null at the end."""
    after: Cursor | None
    """For the page of newer ones."""


class Reply(Struct, frozen=True):
    """A reply under a comment."""

    id: Id
    name: str
    party: Party
    body: str
    at: Ms
    edited_at: Ms | None
    hidden: Annotated[str, Meta(description="The reason, where the secretariat has hidden it; others get no words.")]


class CommentThread(Struct, frozen=True):
    """A comment with its replies."""

    comment: Comment
    replies: list[Reply]


class CommentIn(_In, frozen=True):
    """A comment. With ``draft`` it is kept within your party and not sent."""

    id: NewId
    body: Annotated[str, Meta(max_length=50_000)] = ""
    spot: Spot = Spot.CLAUSE
    clause: Id | None = None
    start: Annotated[int, Meta(ge=0)] | None = None
    end: Annotated[int, Meta(ge=0)] | None = None
    quote: Annotated[str, Meta(max_length=70_000)] = ""
    kind: RemarkKind = RemarkKind.GENERAL
    view: View = View.NEUTRAL
    proposed: Annotated[str, Meta(max_length=50_000)] = ""
    language: Language = "en"
    question: Id | None = None
    name: Annotated[str, Meta(max_length=200, description="A name to be shown instead of your party's.")] = ""
    draft: bool = False


class CommentSet(_In, frozen=True):
    """Other words for a comment that was sent; what is left out stays."""

    body: Annotated[str, Meta(max_length=50_000)] | UnsetType = UNSET
    view: View | UnsetType = UNSET
    proposed: Annotated[str, Meta(max_length=50_000)] | UnsetType = UNSET
    language: Language | UnsetType = UNSET


class Receipt(Struct, frozen=True):
    """What a sender keeps: ``digest`` is what the consultation's register has of the words; '' for a draft."""

    comment: Comment
    digest: str


class WithdrawIn(_In, frozen=True):
    """Why, if you say so."""

    reason: Annotated[str, Meta(max_length=1_000)] = ""


class ReplyIn(_In, frozen=True):
    """A reply."""

    id: NewId
    body: Annotated[str, Meta(max_length=20_000)]


class AnswerIn(_In, frozen=True):
    """What becomes of comments and of whole bundles."""

    disposition: Disposition
    rationale: Annotated[str, Meta(max_length=20_000)] = ""
    link: Annotated[str, Meta(max_length=100)] = ""
    numbers: list[int] = []
    bundles: list[Id] = []


class Answered(Struct, frozen=True):
    """The numbers of the comments that have the answer now."""

    answer: Given
    numbers: list[int]


class Published(Struct, frozen=True):
    """How many answers were published now: of these the senders are told."""

    comments: int


class PublishIn(_In, frozen=True):
    """Which ones; none named: all that are decided and not published."""

    numbers: list[int] = []


class RoundIn(_In, frozen=True):
    """A consultation that is prepared. Who it is for learns of it when it is announced."""

    version: Annotated[int, Meta(ge=1)]
    title: Annotated[str, Meta(max_length=500)]
    opens_at: Ms
    closes_at: Ms
    intro: Annotated[str, Meta(max_length=20_000)] = ""
    zone: Annotated[str, Meta(max_length=64, description="IANA name of a time zone.")] = "UTC"
    groups: list[Group] = field(default_factory=lambda: list(Group))
    reveal: Reveal = Reveal.AT_ONCE
    granularity: Granularity = Granularity.LINE
    public: bool = False
    pseudonyms: bool = False
    late: bool = False
    questions: list[Annotated[str, Meta(max_length=2_000)]] = []


class HideIn(_In, frozen=True):
    """Why a comment is hidden; its sender is told."""

    reason: Annotated[str, Meta(max_length=1_000)]
