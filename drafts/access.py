"""Who may do what: ONE table, asked by every door and, per listener, before every frame.

``may(actor, verb, subject)`` raises nothing and returns ``None`` when allowed, else the Refusal to answer with;
``demand`` raises it. The actor is a ``Member`` of the forum that the subject belongs to, or ``None`` for somebody who
is not one (a *stranger*): a stranger always gets ``NotFound``, whatever the subject, so that nothing's existence
leaks. A member without the right gets ``Forbidden`` with the rule in words.

``sees(actor, thread)`` decides what a page lists and ``hears`` what the live socket carries; both come down to the
same rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from drafts.errors import Forbidden, NotFound, Refusal
from drafts.model import Audience, Comment, Draft, Forum, Member, Mode, Role, Thread


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


Subject: TypeAlias = Forum | Draft | ThreadIn | CommentIn | BroughtIn
_LEADS = frozenset({Role.CHAIR, Role.SECRETARIAT})
_DELEGATIONS = _LEADS | {Role.DELEGATE}
_ALL = frozenset(Role)


def _always(_actor: Member, _subject: Subject) -> bool:
    return True


def _open_to(actor: Member, subject: Subject) -> bool:
    """Observers read a draft only when it is opened to them."""
    draft = subject if isinstance(subject, Draft) else getattr(subject, "draft", None)
    return not (isinstance(draft, Draft) and actor.role is Role.OBSERVER and not draft.observers)


def _pen(actor: Member, subject: Subject) -> bool:
    """In the chair's pen only those who lead edit."""
    return isinstance(subject, Draft) and (subject.mode is Mode.OPEN or actor.role in _LEADS)


def _audience(actor: Member, subject: Subject) -> bool:
    if not isinstance(subject, ThreadIn | CommentIn) or not _open_to(actor, subject):
        return False
    return sees(actor, subject.thread)


def _resolver(actor: Member, subject: Subject) -> bool:
    """Those who lead, and the party that opened the thread."""
    if not isinstance(subject, ThreadIn) or not _audience(actor, subject):
        return False
    return actor.role in _LEADS or subject.thread.opener.party.id == actor.party.id


def _own(actor: Member, subject: Subject) -> bool:
    return isinstance(subject, CommentIn) and _audience(actor, subject) and subject.comment.person_id == actor.person_id


def _bringer(actor: Member, subject: Subject) -> bool:
    return isinstance(subject, BroughtIn) and _open_to(actor, subject) and subject.party_id == actor.party.id


@dataclass(frozen=True, slots=True)
class _Rule:
    roles: frozenset[Role]
    when: Callable[[Member, Subject], bool]
    hidden: (
        bool  # a member who may not is told "not found" instead of the rule (the subject's existence is not for them)
    )
    key: str
    message: str


# Messages are msgids of the translation catalogue.
TABLE: dict[Verb, _Rule] = {
    Verb.FORUM_READ: _Rule(_ALL, _always, True, "not_found", "There is nothing at this address."),
    Verb.FORUM_MANAGE: _Rule(
        _LEADS,
        _always,
        False,
        "leads_only",
        "Parties, people and invitations are looked after by the chair and the secretariat.",
    ),
    Verb.DRAFT_CREATE: _Rule(
        _LEADS, _always, False, "leads_only", "Texts are brought in by the chair and the secretariat."
    ),
    Verb.DRAFT_READ: _Rule(_ALL, _open_to, True, "not_found", "There is nothing at this address."),
    Verb.DRAFT_EDIT: _Rule(
        _DELEGATIONS,
        _pen,
        False,
        "chairs_pen",
        "The chair has the pen: only the chair and the secretariat edit the text now.",
    ),
    Verb.DRAFT_SET: _Rule(_LEADS, _always, False, "leads_only", "The chair and the secretariat set this."),
    Verb.CLAUSE_LOCK: _Rule(
        _LEADS, _always, False, "leads_only", "The chair and the secretariat mark clauses as agreed."
    ),
    Verb.VERSION_ISSUE: _Rule(
        _LEADS, _always, False, "leads_only", "Versions are issued by the chair and the secretariat."
    ),
    Verb.THREAD_OPEN: _Rule(_ALL, _open_to, True, "not_found", "There is nothing at this address."),
    Verb.THREAD_OPEN_DELEGATIONS: _Rule(
        _DELEGATIONS, _always, False, "delegations_only", "Only delegations can comment for delegations only."
    ),
    Verb.THREAD_READ: _Rule(_ALL, _audience, True, "not_found", "There is nothing at this address."),
    Verb.THREAD_REPLY: _Rule(_ALL, _audience, True, "not_found", "There is nothing at this address."),
    Verb.THREAD_RESOLVE: _Rule(
        _ALL,
        _resolver,
        False,
        "not_yours",
        "A thread is resolved by the party that opened it, the chair or the secretariat.",
    ),
    Verb.COMMENT_EDIT: _Rule(_ALL, _own, False, "not_yours", "Only its author can change a comment."),
    Verb.BROUGHT_READ: _Rule(_ALL, _bringer, True, "not_found", "There is nothing at this address."),
    Verb.EDIT_FOR: _Rule(
        _LEADS,
        _always,
        False,
        "leads_only",
        "Words of another party are brought in for it by the chair and the secretariat.",
    ),
}
# What an observer is told when the verb is for delegations (DRAFT_EDIT): the rule, not "forbidden".
_OBSERVER_EDIT = ("observers_comment", "Observers read and comment; delegations edit the text.")


def may(actor: Member | None, verb: Verb, subject: Subject) -> Refusal | None:
    """``None`` when ``actor`` may ``verb`` the ``subject``, else why not, ready to raise."""
    nothing = NotFound("not_found", "There is nothing at this address.")
    if actor is None or actor.forum_id != _forum_of(subject):
        return nothing
    if isinstance(subject, ThreadIn | CommentIn) and not _audience(actor, subject):
        return nothing
    if isinstance(subject, Draft) and not _open_to(actor, subject):
        return nothing
    rule = TABLE[verb]
    if actor.role in rule.roles and rule.when(actor, subject):
        return None
    if rule.hidden:
        return nothing
    if verb is Verb.DRAFT_EDIT and actor.role is Role.OBSERVER:
        return Forbidden(*_OBSERVER_EDIT)
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
        return actor.role in _DELEGATIONS
    return actor.party.id == thread.opener.party.id


def _forum_of(subject: Subject) -> str:
    if isinstance(subject, Forum):
        return subject.id
    if isinstance(subject, Draft):
        return subject.forum_id
    return subject.draft.forum_id
