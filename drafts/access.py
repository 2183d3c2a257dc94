"""Who may do what: ONE table, asked by every door and, per listener, before every frame.

``may(actor, verb, subject)`` raises nothing and returns ``None`` when allowed, else the Refusal to answer with;
``demand`` raises it. The actor is a ``Member`` of the forum that the subject belongs to, or ``None`` for somebody who
is not one (a *stranger*): a stranger always gets ``NotFound``, whatever the subject, so that nothing's existence
leaks; only a round of consultation that is open to the public can be read by strangers too. A member without the right
gets ``Forbidden`` with the rule in words.

``sees(actor, thread)`` decides what a page lists and ``hears`` what the live socket carries; ``sight`` and ``shows`` do
so for what comes in in a consultation. All come down to the same rows; those of consultations stand in ``hearing``.
"""

from collections.abc import Callable

from drafts import hearing
from drafts.acts import Act, ActKind
from drafts.errors import Forbidden, NotFound, Refusal
from drafts.hearing import shows, sight
from drafts.model import FINAL, Audience, Draft, Forum, Member, Mode, Openness, Role, Stage, Thread
from drafts.verbs import (
    ALL,
    DELEGATIONS,
    LEADS,
    ApplicationIn,
    BroughtIn,
    CommentIn,
    ContributionIn,
    ProposalIn,
    RemarkIn,
    ReplyIn,
    RoundIn,
    Rule,
    SilenceIn,
    Subject,
    ThreadIn,
    Verb,
)

__all__ = [
    "PRIVATE",
    "TABLE",
    "ApplicationIn",
    "BroughtIn",
    "CommentIn",
    "ContributionIn",
    "ProposalIn",
    "RemarkIn",
    "ReplyIn",
    "RoundIn",
    "SilenceIn",
    "Subject",
    "ThreadIn",
    "Verb",
    "closed",
    "demand",
    "hears",
    "may",
    "sees",
    "shows",
    "sight",
]

_TEXT_OF_LEADS = frozenset({Stage.PREPARATION, Stage.CONSULTATION, Stage.FIRST_READING, Stage.SECOND_READING})


def _always(_actor: Member, _subject: Subject) -> bool:
    return True


def _draft_of(subject: Subject) -> Draft | None:
    draft = subject if isinstance(subject, Draft) else getattr(subject, "draft", None)
    return draft if isinstance(draft, Draft) else None


def _open_to(actor: Member, subject: Subject) -> bool:
    """Observers read a draft only when it is opened to them, and nobody but those who lead while it is prepared. A
    proposal's own text is open to the parties of its circle only, whoever leads."""
    draft = _draft_of(subject)
    if draft is None:
        return True
    if draft.parent:
        return actor.party.id in draft.circle
    if draft.stage is Stage.PREPARATION and actor.role not in LEADS:
        return False
    return actor.role is not Role.OBSERVER or draft.observers


def _pen(actor: Member, subject: Subject) -> bool:
    """Who edits at this stage; in the chair's pen only those who lead. Of a proposal's own text: its owner's people."""
    if not isinstance(subject, Draft):
        return False
    if subject.parent:
        wanted = subject.stage is Stage.SECOND_READING and subject.mode is Mode.OPEN  # not put away, and with words
        return wanted and actor.party.id == subject.circle[0]
    if actor.role in LEADS:
        return subject.stage in _TEXT_OF_LEADS
    return subject.mode is Mode.OPEN and subject.stage is Stage.SECOND_READING


def _main(_actor: Member, subject: Subject) -> bool:
    """Things of a draft that a proposal's own text does not have."""
    draft = _draft_of(subject)
    return draft is not None and not draft.parent


def _at(*stages: Stage) -> "Callable[[Member, Subject], bool]":
    def when(actor: Member, subject: Subject) -> bool:
        draft = _draft_of(subject)
        return _main(actor, subject) and draft is not None and draft.stage in stages

    return when


def _noting(actor: Member, subject: Subject) -> bool:
    """Whose a bracket is can be said while the text is worked on, also when another has the pen."""
    return _pen(actor, subject) or _at(*_TEXT_OF_LEADS)(actor, subject)


def _seen(openness: Openness, actor: Member) -> bool:
    if openness is Openness.EVERYONE:
        return True
    return actor.role in (DELEGATIONS if openness is Openness.DELEGATIONS else LEADS)


def _sees_proposals(actor: Member, subject: Subject) -> bool:
    draft = _draft_of(subject)
    return draft is not None and _seen(draft.proposals, actor)


def _sees_positions(actor: Member, subject: Subject) -> bool:
    draft = _draft_of(subject)
    return draft is not None and _sees_proposals(actor, draft) and _seen(draft.positions, actor)


def _sees_breaks(actor: Member, subject: Subject) -> bool:
    if not isinstance(subject, SilenceIn):
        return False
    return actor.party.id == subject.party_id or _seen(subject.forum.breaks, actor)


def _proposer(actor: Member, subject: Subject) -> bool:
    """A text that is adopted or withdrawn leaves its proposals as they are."""
    if not isinstance(subject, ProposalIn) or subject.draft.stage in FINAL:
        return False
    return subject.party_id == actor.party.id


def _sharer(actor: Member, subject: Subject) -> bool:
    return isinstance(subject, Draft) and bool(subject.parent) and actor.party.id == subject.circle[0]


def _partner(actor: Member, subject: Subject) -> bool:
    return isinstance(subject, Draft) and actor.party.id in subject.circle[1:] and subject.stage is not Stage.WITHDRAWN


def _audience(actor: Member, subject: Subject) -> bool:
    if not isinstance(subject, ThreadIn | CommentIn) or not _open_to(actor, subject):
        return False
    return sees(actor, subject.thread)


def _resolver(actor: Member, subject: Subject) -> bool:
    """Those who lead, and the party that opened the thread."""
    if not isinstance(subject, ThreadIn) or not _audience(actor, subject):
        return False
    return actor.role in LEADS or subject.thread.opener.party.id == actor.party.id


def _own(actor: Member, subject: Subject) -> bool:
    return isinstance(subject, CommentIn) and _audience(actor, subject) and subject.comment.person_id == actor.person_id


def _bringer(actor: Member, subject: Subject) -> bool:
    return isinstance(subject, BroughtIn) and _open_to(actor, subject) and subject.party_id == actor.party.id


# Messages are msgids of the translation catalogue.
TABLE: dict[Verb, Rule] = {
    Verb.FORUM_READ: Rule(ALL, _always, True, "not_found", "There is nothing at this address."),
    Verb.FORUM_MANAGE: Rule(
        LEADS,
        _always,
        False,
        "leads_only",
        "Parties, people and invitations are looked after by the chair and the secretariat.",
    ),
    Verb.DRAFT_CREATE: Rule(
        LEADS, _always, False, "leads_only", "Texts are brought in by the chair and the secretariat."
    ),
    Verb.DRAFT_READ: Rule(ALL, _open_to, True, "not_found", "There is nothing at this address."),
    Verb.DRAFT_EDIT: Rule(
        DELEGATIONS,
        _pen,
        False,
        "chairs_pen",
        "The chair has the pen: only the chair and the secretariat edit the text now.",
    ),
    Verb.DRAFT_SET: Rule(LEADS, _main, False, "leads_only", "The chair and the secretariat set this."),
    Verb.CLAUSE_LOCK: Rule(
        LEADS, _at(*_TEXT_OF_LEADS), False, "leads_only", "The chair and the secretariat say how far a clause is."
    ),
    Verb.VERSION_ISSUE: Rule(
        LEADS, _at(*_TEXT_OF_LEADS), False, "leads_only", "Versions are issued by the chair and the secretariat."
    ),
    Verb.THREAD_OPEN: Rule(ALL, _open_to, True, "not_found", "There is nothing at this address."),
    Verb.THREAD_OPEN_DELEGATIONS: Rule(
        DELEGATIONS, _open_to, False, "delegations_only", "Only delegations can comment for delegations only."
    ),
    Verb.THREAD_READ: Rule(ALL, _audience, True, "not_found", "There is nothing at this address."),
    Verb.THREAD_REPLY: Rule(ALL, _audience, True, "not_found", "There is nothing at this address."),
    Verb.THREAD_RESOLVE: Rule(
        ALL,
        _resolver,
        False,
        "not_yours",
        "A thread is resolved by the party that opened it, the chair or the secretariat.",
    ),
    Verb.COMMENT_EDIT: Rule(ALL, _own, False, "not_yours", "Only its author can change a comment."),
    Verb.BROUGHT_READ: Rule(ALL, _bringer, True, "not_found", "There is nothing at this address."),
    Verb.EDIT_FOR: Rule(
        LEADS,
        _main,
        False,
        "leads_only",
        "Words of another party are brought in for it by the chair and the secretariat.",
    ),
    Verb.DESK_READ: Rule(LEADS, _main, True, "not_found", "There is nothing at this address."),
    Verb.STAGE_SET: Rule(
        LEADS, _main, False, "leads_only", "The chair and the secretariat say which stage the draft is in."
    ),
    Verb.PROPOSAL_WRITE: Rule(
        DELEGATIONS,
        _at(*_TEXT_OF_LEADS, Stage.SILENCE),
        False,
        "no_proposals",
        "Proposals are written by delegations, until the text is adopted or withdrawn.",
    ),
    Verb.PROPOSAL_TABLE: Rule(
        DELEGATIONS,
        _at(Stage.SECOND_READING),
        False,
        "not_this_stage",
        "Proposals are tabled by delegations, in the second reading.",
    ),
    Verb.PROPOSALS_READ: Rule(ALL, _sees_proposals, True, "not_found", "There is nothing at this address."),
    Verb.PROPOSAL_DECIDE: Rule(
        LEADS,
        _at(Stage.SECOND_READING),
        False,
        "leads_only",
        "What becomes of a proposal is said by the chair and the secretariat, in the second reading.",
    ),
    Verb.PROPOSAL_OWN: Rule(
        DELEGATIONS, _proposer, False, "not_yours", "Only the party that tabled a proposal can do this."
    ),
    Verb.PROPOSAL_SHARE: Rule(
        DELEGATIONS, _sharer, False, "not_yours", "Only the party that writes a proposal shares it."
    ),
    Verb.PROPOSAL_BACK: Rule(
        DELEGATIONS,
        _partner,
        False,
        "not_shared",
        "Only delegations that a proposal is shared with say whether they will sponsor it.",
    ),
    Verb.POSITION_TAKE: Rule(
        DELEGATIONS,
        _at(Stage.FIRST_READING, Stage.SECOND_READING),
        False,
        "not_this_stage",
        "Positions are taken by delegations, while the text is read.",
    ),
    Verb.POSITIONS_READ: Rule(ALL, _sees_positions, True, "not_found", "There is nothing at this address."),
    Verb.BRACKET_NOTE: Rule(
        DELEGATIONS,
        _noting,
        False,
        "not_this_stage",
        "Whose a bracket is and why it stands is said by delegations, while the text is worked on.",
    ),
    Verb.CLAUSE_OBJECT: Rule(
        DELEGATIONS,
        _at(Stage.FIRST_READING, Stage.SECOND_READING),
        False,
        "not_this_stage",
        "Delegations object to a marking while the text is read.",
    ),
    Verb.SILENCE_LEAD: Rule(
        LEADS,
        _at(Stage.SECOND_READING, Stage.SILENCE),
        False,
        "leads_only",
        "A silence procedure is started and ended by the chair and the secretariat, after the second reading.",
    ),
    Verb.SILENCE_BREAK: Rule(
        DELEGATIONS,
        _at(Stage.SILENCE, Stage.SECOND_READING),  # another party broke it: one may do so too, until the deadline
        False,
        "no_silence",
        "There is no silence procedure that could be broken.",
    ),
    Verb.SILENCE_EXPLAIN: Rule(
        DELEGATIONS,
        _at(Stage.SILENCE, Stage.ADOPTED),
        False,
        "not_this_stage",
        "Explanations of position are given by delegations, from the silence procedure on.",
    ),
    Verb.BREAKS_READ: Rule(ALL, _sees_breaks, True, "not_found", "There is nothing at this address."),
    Verb.ROUND_OPEN: Rule(
        LEADS,
        _at(*_TEXT_OF_LEADS),
        False,
        "leads_only",
        "Consultations are prepared by the chair and the secretariat, until the text is adopted or withdrawn.",
    ),
    **hearing.RULES,
}
# A text that is adopted or withdrawn takes no comments any more.
_TALK = frozenset(
    {
        Verb.THREAD_OPEN,
        Verb.THREAD_OPEN_DELEGATIONS,
        Verb.THREAD_REPLY,
        Verb.THREAD_RESOLVE,
        Verb.COMMENT_EDIT,
    }
)
_CLOSED = ("closed", "The text takes no comments any more.")
# Who reads a draft's pages is asked first; what the stage forbids to those who else may is told with the stage's name.
_OF_TEXT = frozenset({Verb.CLAUSE_LOCK, Verb.VERSION_ISSUE})
_FROZEN = {
    Stage.PREPARATION: ("preparation", "The text is being prepared by the chair and the secretariat."),
    Stage.CONSULTATION: ("consultation", "The text is open for comments; the chair and the secretariat edit it."),
    Stage.FIRST_READING: (
        "first_reading",
        "The first reading is for general comments; edits come in the second.",
    ),
    Stage.SILENCE: ("silence", "The text is frozen: a silence procedure runs."),
    Stage.ADOPTED: ("adopted", "The text is adopted and does not change any more."),
    Stage.WITHDRAWN: ("withdrawn", "The text was withdrawn and does not change any more."),
}
# What an observer is told when the verb is for delegations (DRAFT_EDIT): the rule, not "forbidden".
_OBSERVER_EDIT = ("observers_comment", "Observers read and comment; delegations edit the text.")


def _own_text(actor: Member, text: Draft) -> tuple[str, str]:
    """Why somebody of the circle does not write in a proposal's own text."""
    if actor.party.id != text.circle[0]:
        return "not_your_text", "The party whose proposal it is writes its words; you read and comment."
    if text.stage is Stage.WITHDRAWN:
        return "put_away", "This proposal is put away. Take it up again to change it."
    if text.mode is Mode.PEN:
        return "no_words", "A proposal of this kind has no words of its own."
    return _OBSERVER_EDIT


def may(actor: Member | None, verb: Verb, subject: Subject) -> Refusal | None:
    """``None`` when ``actor`` may ``verb`` the ``subject``, else why not, ready to raise."""
    nothing = NotFound("not_found", "There is nothing at this address.")
    if actor is None or actor.forum_id != _forum_of(subject):
        return None if hearing.public(verb, subject) else nothing
    if isinstance(subject, ThreadIn | CommentIn) and not _audience(actor, subject):
        return nothing
    if isinstance(subject, Draft | ProposalIn | SilenceIn) and not _open_to(actor, subject):
        return nothing
    if isinstance(subject, RoundIn | RemarkIn | ReplyIn | ContributionIn):
        return hearing.may(actor, verb, subject, reads=_open_to(actor, subject))
    rule, draft = TABLE[verb], _draft_of(subject)
    if verb in _TALK and draft is not None and draft.stage in FINAL:
        return Forbidden(*_CLOSED)
    if actor.role in rule.roles and rule.when(actor, subject):
        return None
    if rule.hidden:
        return nothing
    if verb is Verb.DRAFT_EDIT and isinstance(subject, Draft) and subject.parent:
        return Forbidden(*_own_text(actor, subject))
    if verb is Verb.DRAFT_EDIT and actor.role is Role.OBSERVER:
        return Forbidden(*_OBSERVER_EDIT)
    told = verb is Verb.DRAFT_EDIT or (verb in _OF_TEXT and actor.role in rule.roles)
    if told and draft is not None and draft.stage in _FROZEN:
        return Forbidden(*_FROZEN[draft.stage])
    return Forbidden(rule.key, rule.message)


def demand(actor: Member | None, verb: Verb, subject: Subject) -> Member:
    """The actor, when allowed; raises the refusal otherwise."""
    refusal = may(actor, verb, subject)
    if refusal is not None or actor is None:
        raise refusal or NotFound("not_found", "There is nothing at this address.")
    return actor


def sees(actor: Member, thread: Thread) -> bool:
    """Whether a member of the forum (who may read the draft) is in the thread's audience."""
    if thread.audience is Audience.EVERYONE:
        return True
    if thread.audience is Audience.DELEGATIONS:
        return actor.role in DELEGATIONS
    return actor.party.id == thread.opener.party.id


# Acts that are not for everybody who reads the draft, with the verb that opens each kind. Comments' places (None) are
# told with their threads; notes to brackets by ``hears`` itself.
_TOLD: dict[ActKind, Verb | None] = {
    ActKind.MARK: None,
    ActKind.TABLE: Verb.PROPOSALS_READ,
    ActKind.REVISE: Verb.PROPOSALS_READ,
    ActKind.WITHDRAW: Verb.PROPOSALS_READ,
    ActKind.SPONSOR: Verb.PROPOSALS_READ,
    ActKind.OFFER: Verb.PROPOSALS_READ,
    ActKind.ANSWER: Verb.PROPOSALS_READ,
    ActKind.CLOSE: Verb.PROPOSALS_READ,
    ActKind.POSITION: Verb.POSITIONS_READ,
    ActKind.OBJECT: Verb.DRAFT_READ,
    ActKind.BRACKET: Verb.DRAFT_READ,
    ActKind.BREAK: Verb.BREAKS_READ,
    ActKind.EXPLAIN: Verb.DRAFT_READ,
}
PRIVATE = frozenset(_TOLD)  # kinds of act that are never sent to all: each listener is told what it may hear


def hears(actor: Member, act: Act, draft: Draft, forum: Forum) -> bool:
    """Whether a member of the forum may learn of an act of a draft's log: for the record and for what is told live."""
    if may(actor, Verb.DRAFT_READ, draft) is not None:
        return False
    if act.kind not in PRIVATE or (act.party_id == actor.party.id and act.kind is not ActKind.MARK):
        return True
    if act.kind is ActKind.BRACKET:
        return not act.body["private"]
    verb = _TOLD[act.kind]
    if verb is None:
        return False
    subject = SilenceIn(draft, forum, act.party_id) if verb is Verb.BREAKS_READ else draft
    return may(actor, verb, subject) is None


def closed(actor: Member, draft: Draft, forum: Forum) -> frozenset[ActKind]:
    """The kinds of act that a member, who may read the draft, hears of only when their own party did them."""
    others = SilenceIn(draft, forum, "")
    return frozenset(
        kind
        for kind, verb in _TOLD.items()
        if verb is not None and may(actor, verb, others if verb is Verb.BREAKS_READ else draft) is not None
    )


def _forum_of(subject: Subject) -> str:
    if isinstance(subject, Forum):
        return subject.id
    if isinstance(subject, Draft):
        return subject.forum_id
    if isinstance(subject, ApplicationIn):
        return subject.forum.id
    return subject.draft.forum_id
