"""What happened beside the log, for those who keep sockets open.

An event carries no content: who hears of it is decided by ``access`` for each listener, and the listener's own view is
made then.
"""

from dataclasses import dataclass
from typing import TypeAlias

from drafts.model import Audience


@dataclass(frozen=True, slots=True)
class ThreadChanged:
    """A comment thread is new or changed. ``party_id`` is the opener's, for threads within one party."""

    forum_id: str
    draft_id: str
    thread_id: str
    audience: Audience
    party_id: str


@dataclass(frozen=True, slots=True)
class SessionClosed:
    """These sessions are no longer valid: their sockets close."""

    session_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MemberChanged:
    """A person came into a forum, left it, or acts for another party or in another role there."""

    forum_id: str
    person_id: str


Event: TypeAlias = ThreadChanged | SessionClosed | MemberChanged
