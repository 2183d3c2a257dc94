"""Hands digests over when they are due: daily or weekly, for those who asked for one, at six in the morning UTC.

A digest is claimed in the database before it is handed over, so of several processes one does it. When the mail server
is down it is tried again after a minute, then two, four … up to six hours, and then at its next regular time; what it
would have told stays unmailed and is in the next one. When a process stops in the middle of handing one over nobody
knows whether the server took it: it is not sent again, and what it held comes with the next one.
"""

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Final

import aiosmtplib

from drafts.desk import deadlines, notices
from drafts.desk.deadlines import Deadline, DeadlineKind
from drafts.desk.notices import Told
from drafts.store import Store
from drafts.store.post import Addressee, Digest
from server import digests, i18n, mail, sentences
from server.i18n import Tongue
from server.looker import Looker
from server.mail import Line, Section
from server.settings import Smtp

log = logging.getLogger("adref.postman")

HOUR: Final = 6  # of the day, UTC, at which digests are due
LEFT: Final = timedelta(minutes=15)  # after which nobody is handing over any more what is held
LONGEST: Final = timedelta(hours=6)  # between two tries
MOST: Final = 30  # lines of a section
AHEAD: Final = {Digest.DAILY: timedelta(days=3), Digest.WEEKLY: timedelta(days=9)}  # dates that a digest reminds of


def next_due(digest: Digest, after: datetime) -> datetime:
    """The next regular time of a digest: each day, or each Monday."""
    due = after.astimezone(UTC).replace(hour=HOUR, minute=0, second=0, microsecond=0)
    while due <= after or (digest is Digest.WEEKLY and due.weekday() != 0):
        due += timedelta(days=1)
    return due


class Postman(Looker):
    """Looks for digests that are due."""

    LOOK = 60.0
    log = log

    def __init__(self, store: Store, smtp: Smtp, site: str, present: Callable[[], int]) -> None:
        super().__init__(present)
        self._store = store
        self._smtp = smtp
        self._site = site

    async def look(self) -> float:
        """Hand over what is due. The seconds until the next look."""
        await self._leave()
        async with self._store.read() as q:
            waiting = await q.post.due(self._now())
        for one in waiting:
            await self._one(one)
        async with self._store.read() as q:
            due = await q.post.next_due()
        left = self.LOOK if due is None else (due - self._now()).total_seconds()
        return min(self.LOOK, max(left, 1.0))

    async def _leave(self) -> None:
        """What a process that stopped was handing over comes with the next digest."""
        async with self._store.read() as q:
            left = await q.post.left(self._now() - LEFT)
        for one in left:
            log.warning("whether the digest of person %s was sent is not known; it is not sent again", one.person.id)
            await self._done(one, sent=None, notice_ids=[])

    async def _one(self, one: Addressee) -> None:
        async with self._store.write() as q:
            if not await q.post.hold(one, self._now()):
                return  # another process has it
        try:
            message, notice_ids = await self._letter(one)
            if message is not None:
                await mail.hand_over(self._smtp, message)
        except (aiosmtplib.SMTPException, OSError) as error:
            await self._again(one, error)
        except Exception:
            log.exception("the digest of person %s could not be made", one.person.id)
            await self._done(one, sent=None, notice_ids=[])
        else:
            await self._done(one, sent=self._now() if message is not None else None, notice_ids=notice_ids)

    async def _done(self, one: Addressee, *, sent: datetime | None, notice_ids: list[str]) -> None:
        at = self._now()
        async with self._store.write() as q:
            await q.notices.mark_mailed(notice_ids, at)
            await q.post.done(one, next_due(one.digest, at), sent=sent)

    async def _again(self, one: Addressee, error: Exception) -> None:
        """Try again later; what the server will never take comes with the next digest."""
        pause = timedelta(minutes=2.0 ** min(one.tries, 20))
        # Answers of mail servers may hold addresses: the log has the kind of error and the code only.
        log.warning("the digest of person %s was not taken (%s)", one.person.id, _kind(error))
        if _never(error) or pause > LONGEST:
            await self._done(one, sent=None, notice_ids=[])
            return
        async with self._store.write() as q:
            await q.post.failed(one, self._now() + pause)

    # ── what it says ──

    async def _letter(self, one: Addressee) -> tuple[EmailMessage | None, list[str]]:
        """The message, and the notices in it; None when there is nothing to say."""
        at, spoken = self._now(), Tongue(i18n.choose([one.person.language], ""))
        async with self._store.read() as q:
            told = await notices.to_mail(q, one.person.id, at)
            dates = await deadlines.of_person(q, one.person.id, at)
        near = [date for date in dates if at < date.at <= at + AHEAD[one.digest]]
        sections = [self._dates(near, spoken), self._notices(told, spoken)]
        full = [section for section in sections if section.lines]
        if not full:
            return None, []
        stop = await digests.stop_address(self._store, self._site, one.person.id)
        name = f"digest-{one.person.id}-{at:%Y%m%d}"
        message = mail.digest(self._smtp, one.person, full, site=self._site, stop=stop, at=at, name=name)
        return message, [told_.notice.id for told_ in told]

    def _dates(self, near: list[Deadline], spoken: Tongue) -> Section:
        lines = [Line(_said(date, spoken), self._site + date.path) for date in near]
        return Section(spoken._("Dates to keep"), lines[:MOST], max(0, len(lines) - MOST))

    def _notices(self, told: list[Told], spoken: Tongue) -> Section:
        said = dict.fromkeys(  # each thing once: ten replies at one comment are one line
            Line(sentences.sentence(one, spoken, bare=True), self._site + sentences.path(one)) for one in told
        )
        return Section(spoken._("For you"), list(said)[:MOST], max(0, len(said) - MOST))


def _said(date: Deadline, spoken: Tongue) -> str:
    """A date without its title."""
    moment = spoken.minute(date.at)
    match date.kind:
        case DeadlineKind.SILENCE:
            return spoken._("A silence procedure ends on {moment}.", moment=moment)
        case DeadlineKind.OPENS:
            return spoken._("A consultation opens on {moment}.", moment=moment)
        case DeadlineKind.CLOSES:
            return spoken._("A consultation closes on {moment}.", moment=moment)
        case _:
            return spoken._("A period for objections ends on {moment}.", moment=moment)


def _kind(error: Exception) -> str:
    return f"{type(error).__name__} {getattr(error, 'code', '')}".strip()


def _never(error: Exception) -> bool:
    """Whether there is no such address, and trying again would only annoy."""
    refused = error.recipients if isinstance(error, aiosmtplib.SMTPRecipientsRefused) else []
    return bool(refused) and all(one.code >= 500 for one in refused)
