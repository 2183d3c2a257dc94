"""What can be asked of the access table (``access``): the verbs, what each is asked about, and what a rule of it is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from drafts.consultation import Application, Contribution, Remark, Reply, Round
from drafts.model import Comment, Draft, Forum, Member, Role, Thread


class Verb(StrEnum):
    """Everything that can be asked for. The subject's type stands behind each."""

    FORUM_READ = "forum.read"  # Forum
    FORUM_MANAGE = "forum.manage"  # Forum: parties, members, invitations
    DRAFT_CREATE = "draft.create"  # Forum: bring a text
    DRAFT_READ = "draft.read"  # Draft: text, versions, redline, comparison, export
    DRAFT_EDIT = "draft.edit"  # Draft: the live text and its structure
    DRAFT_SET = "draft.set"  # Draft: mode, title, symbol, whether observers may read
    CLAUSE_LOCK = "clause.lock"  # Draft: mark a clause agreed ad ref, or re-open it
    VERSION_ISSUE = "version.issue"  # Draft
    THREAD_OPEN = "thread.open"  # Draft
    THREAD_OPEN_DELEGATIONS = "thread.open.delegations"  # Draft: a thread for delegations only
    THREAD_READ = "thread.read"  # Thread
    THREAD_REPLY = "thread.reply"  # Thread
    THREAD_RESOLVE = "thread.resolve"  # Thread: resolve or re-open
    COMMENT_EDIT = "comment.edit"  # Comment: one's own
    BROUGHT_READ = "brought.read"  # BroughtIn: a file that one's party brought
    EDIT_FOR = "edit.for"  # Draft: bring in words that another party wrote, in its name
    DESK_READ = "desk.read"  # Draft: the chair's desk
    STAGE_SET = "stage.set"  # Draft
    PROPOSAL_WRITE = "proposal.write"  # Draft: begin a proposal, privately
    PROPOSAL_TABLE = "proposal.table"  # Draft: lay one on the table, revise it there, join or leave its sponsors
    PROPOSALS_READ = "proposals.read"  # Draft: what is tabled
    PROPOSAL_DECIDE = "proposal.decide"  # Draft: offer, accept, not retain
    PROPOSAL_OWN = "proposal.own"  # Tabled in: revise, withdraw, answer
    PROPOSAL_SHARE = "proposal.share"  # Draft of a proposal's own text: with whom; put away, take up again
    PROPOSAL_BACK = "proposal.back"  # Draft of a proposal's own text: say that one's party will sponsor it
    POSITION_TAKE = "position.take"  # Draft: one's own party's position
    POSITIONS_READ = "positions.read"  # Draft: those of others
    BRACKET_NOTE = "bracket.note"  # Draft: say whose a bracket is and why it stands
    CLAUSE_OBJECT = "clause.object"  # Draft: object to a clause's being marked as agreed
    SILENCE_LEAD = "silence.lead"  # Draft: start and cancel
    SILENCE_BREAK = "silence.break"  # Draft
    SILENCE_EXPLAIN = "silence.explain"  # Draft: give an explanation of position
    BREAKS_READ = "breaks.read"  # SilenceIn: who broke a silence and why
    # consultations
    ROUND_OPEN = "round.open"  # Draft: prepare a round on one of its versions
    ROUND_READ = "round.read"  # RoundIn: its text, its terms; also for strangers where it is public
    ROUND_LEAD = "round.lead"  # RoundIn: announce and change it, moderate, bundle, place, answer, enter, import
    REMARK_WRITE = "remark.write"  # RoundIn: write within one's party, at any time until it closes
    REMARK_SEND = "remark.send"  # RoundIn: while it takes remarks
    REMARK_READ = "remark.read"  # RemarkIn: the words, or at least that it was there (``shows`` says which)
    REMARK_CHANGE = "remark.change"  # RemarkIn: while the round takes remarks; a draft: any time
    REMARK_WITHDRAW = "remark.withdraw"  # RemarkIn: until it is answered in public
    REMARK_JOIN = "remark.join"  # RemarkIn: answer, for one's party, whether it speaks for it too
    REMARK_REPORT = "remark.report"  # RemarkIn, ReplyIn: say that it should not stand there
    REPLY_WRITE = "reply.write"  # RemarkIn
    REPLY_CHANGE = "reply.change"  # ReplyIn: one's own
    ANSWERS_READ = "answers.read"  # RoundIn: the published ones
    CONTRIBUTION_SEND = "contribution.send"  # RoundIn
    CONTRIBUTION_READ = "contribution.read"  # ContributionIn
    APPLICATIONS_READ = "applications.read"  # Forum
    APPLICATION_DECIDE = "application.decide"  # Forum
    APPLICATION_OBJECT = "application.object"  # ApplicationIn: within the non-objection period


@dataclass(frozen=True, slots=True)
class ThreadIn:
    """A thread together with the draft it is in: the rules of both apply."""

    draft: Draft
    thread: Thread


@dataclass(frozen=True, slots=True)
class CommentIn:
    """A comment together with its thread and draft."""

    draft: Draft
    thread: Thread
    comment: Comment


@dataclass(frozen=True, slots=True)
class BroughtIn:
    """Something that a party brought from outside, to be compared with the draft or merged into it."""

    draft: Draft
    party_id: str


@dataclass(frozen=True, slots=True)
class ProposalIn:
    """A tabled proposal in its draft."""

    draft: Draft
    party_id: str  # the proposer


@dataclass(frozen=True, slots=True)
class SilenceIn:
    """What a party said in a draft's silence procedure, in a forum that has a rule for it."""

    draft: Draft
    forum: Forum
    party_id: str


@dataclass(frozen=True, slots=True)
class RoundIn:
    """A round in its draft and forum, at a moment: what it lets depends on the time."""

    draft: Draft
    forum: Forum
    round: Round
    at: datetime


@dataclass(frozen=True, slots=True)
class RemarkIn:
    """A remark in its round. ``together``: ids of the parties that are asked, or have agreed, to be spoken for."""

    inside: RoundIn
    remark: Remark
    together: frozenset[str] = frozenset()

    @property
    def draft(self) -> Draft:
        """The draft that it is about."""
        return self.inside.draft


@dataclass(frozen=True, slots=True)
class ReplyIn:
    """A reply under a remark."""

    under: RemarkIn
    reply: Reply

    @property
    def draft(self) -> Draft:
        """The draft that it is about."""
        return self.under.draft


@dataclass(frozen=True, slots=True)
class ContributionIn:
    """A written contribution in its round."""

    inside: RoundIn
    contribution: Contribution

    @property
    def draft(self) -> Draft:
        """The draft that it is about."""
        return self.inside.draft


@dataclass(frozen=True, slots=True)
class ApplicationIn:
    """An application in its forum, at a moment."""

    forum: Forum
    application: Application
    at: datetime


OfRound: TypeAlias = RoundIn | RemarkIn | ReplyIn | ContributionIn
Subject: TypeAlias = Forum | Draft | ThreadIn | CommentIn | BroughtIn | ProposalIn | SilenceIn | OfRound | ApplicationIn
LEADS = frozenset({Role.CHAIR, Role.SECRETARIAT})
DELEGATIONS = LEADS | {Role.DELEGATE}
ALL = frozenset(Role)


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may: these roles, when a fact about the actor and the subject holds."""

    roles: frozenset[Role]
    when: Callable[[Member, Subject], bool]
    hidden: (
        bool  # a member who may not is told "not found" instead of the rule (the subject's existence is not for them)
    )
    key: str
    message: str
