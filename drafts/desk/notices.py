"""What somebody is told: their notices, as far as they may still see what these are about.

A notice holds no words. Whether its reader may see the thing is asked whenever it is read, so that a notice never tells
what a page would not.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from drafts import access
from drafts.access import Verb
from drafts.desk import admit, rounds
from drafts.desk.rounds import Entered
from drafts.errors import Refusal
from drafts.model import Forum, Member
from drafts.store import Store, Work
from drafts.store.notices import Notice

_LEADS: Final = frozenset({"remark_in_moderation", "reported", "contribution_in"})
_APPLICATIONS: Final = {
    "application_in": Verb.APPLICATION_DECIDE,
    "application_decided": Verb.APPLICATION_DECIDE,
    "application_objected": Verb.APPLICATION_DECIDE,
    "application_proposed": Verb.APPLICATIONS_READ,
}


@dataclass(frozen=True, slots=True)
class Told:
    """A notice with what it is about, as its reader may know it. ``entered``: the round, where it is about one;
    ``number``: the public number of the remark, 0 where it is about none."""

    notice: Notice
    forum: Forum
    entered: Entered | None = None
    number: int = 0


async def mine(store: Store, person_id: str, at: datetime) -> list[Told]:
    """A person's latest notices, the newest first, without those about what they may not see any more."""
    async with store.read() as q:
        return await _told(q, person_id, await q.notices.of(person_id), at)


async def to_mail(q: Work, person_id: str, at: datetime) -> list[Told]:
    """Those that were neither read nor mailed."""
    return await _told(q, person_id, await q.notices.to_mail(person_id), at)


async def unseen(store: Store, person_id: str) -> int:
    """How many a person has not read."""
    async with store.read() as q:
        return await q.notices.unseen(person_id)


async def mark_seen(store: Store, person_id: str, at: datetime, notice_id: str | None = None) -> None:
    """Note that a person has read a notice of theirs; None: all."""
    async with store.write() as q:
        await q.notices.mark_seen(person_id, at, notice_id)


async def _told(q: Work, person_id: str, found: list[Notice], at: datetime) -> list[Told]:
    reader = _Reader(q, person_id, at)
    return [told for notice in found if (told := await reader.told(notice)) is not None]


class _Reader:
    """Looks at many notices of one person; every round and forum is entered once."""

    def __init__(self, q: Work, person_id: str, at: datetime) -> None:
        self._q = q
        self._person_id = person_id
        self._at = at
        self._rounds: dict[str, Entered | None] = {}
        self._forums: dict[str, tuple[Forum, Member] | None] = {}

    async def told(self, notice: Notice) -> Told | None:
        """The notice with what it is about; None for one that its reader may not have any more."""
        if notice.round_id is not None:
            return await self._of_round(notice, notice.round_id)
        found = await self._forum(notice.forum_id or "")
        if found is None:
            return None
        forum, member = found
        verb = _APPLICATIONS.get(notice.kind, Verb.FORUM_READ)
        return Told(notice, forum) if access.may(member, verb, forum) is None else None

    async def _of_round(self, notice: Notice, round_id: str) -> Told | None:
        entered = await self._round(round_id)
        if entered is None or (notice.kind in _LEADS and not entered.sight.leads):
            return None
        number = notice.facts.get("number", 0)
        if isinstance(number, int) and number > 0:
            remark = await self._q.remarks.numbered(round_id, number)
        else:
            remark = await self._q.remarks.get(notice.of_id) if notice.of_id else None
            number = remark.number if remark is not None else 0
        if remark is None:
            return None if number else Told(notice, entered.forum, entered)
        try:
            await rounds.remark_in(self._q, entered, remark)
        except Refusal:
            return None
        return Told(notice, entered.forum, entered, number)

    async def _round(self, round_id: str) -> Entered | None:
        if round_id not in self._rounds:
            try:
                entered = await rounds.admitted(self._q, self._person_id, round_id, self._at)
            except Refusal:
                entered = None
            # Who has left the forum is told nothing more, also of what is public.
            self._rounds[round_id] = entered if entered is not None and entered.member is not None else None
        return self._rounds[round_id]

    async def _forum(self, forum_id: str) -> tuple[Forum, Member] | None:
        if forum_id not in self._forums:
            try:
                self._forums[forum_id] = await admit.to_forum(self._q, self._person_id, forum_id, Verb.FORUM_READ)
            except Refusal:
                self._forums[forum_id] = None
        return self._forums[forum_id]
