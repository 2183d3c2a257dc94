"""Queries about everything that is kept of one person: to hand it out to them, and to let it go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, Table, delete, func, insert, select, update

from drafts import tables as t
from drafts.consultation import RemarkState
from drafts.store.rows import Queries, moment, ms

ERASED: Final = "Erased person"
NOBODY: Final = "nobody"  # the id of the row that what has no person any more points to
_MOMENTS: Final = frozenset(
    {"at", "created_at", "sent_at", "edited_at", "withdrawn_at", "seen_at", "mailed_at", "expires_at", "used_at"}
    | {"before", "digested_at", "settled_at"}
)


class PersonData(Queries):
    """Many tables."""

    # ── handing it out ──

    async def everything(self, person_id: str) -> dict[str, Any]:
        """By kind, as plain values; moments are aware datetimes. Hashes of secrets are left out."""
        p, mine = t.person.c, person_id
        told: dict[str, Any] = {"profile": (await self._list(select(*_profile()).where(p.id == mine)))[0]}
        for name, found in _lists(person_id).items():
            told[name] = await self._list(found)
        return told

    async def _list(self, found: Select[Any]) -> list[dict[str, Any]]:
        return [_plain(row) for row in await self._all(found)]

    # ── letting it go ──

    async def forget(self, person_id: str) -> None:
        """Ways in, notices, visits and what somebody opened: deleted; who reported something: unknown."""
        for table in (t.session, t.token, t.notice, t.visit, t.opened):
            await self._run(delete(table).where(table.c.person_id == person_id))
        reported = t.report.c.person_id == person_id
        await self._run(update(t.report).where(reported).values(person_id=None, party_id=None))

    async def unsent(self, person_id: str) -> list[str]:
        """Ids of the remarks that a person has begun and nobody has sent."""
        r = t.remark.c
        found = select(r.id).where(r.person_id == person_id, r.state == RemarkState.DRAFT.value)
        return [row.id for row in await self._all(found)]

    async def unlink(self, person_id: str, at: datetime) -> int:
        """Let remarks under another name be nobody's; how many there were."""
        r = t.remark.c
        hidden = (r.person_id == person_id) & r.pseudonym
        ids = [row.id for row in await self._all(select(r.id).where(hidden))]
        if not ids:
            return 0
        await self._nobody(at)
        earlier = t.wording.c.of_id.in_(ids)
        await self._run(update(t.wording).where(earlier).values(person_id=NOBODY))
        await self._run(update(t.remark).where(hidden).values(person_id=NOBODY))
        return len(ids)

    async def _nobody(self, at: datetime) -> None:
        if await self._one(select(t.person.c.id).where(t.person.c.id == NOBODY)) is not None:
            return
        values = {"id": NOBODY, "name": ERASED, "email": f"erased-{NOBODY}", "language": "en"}
        await self._run(insert(t.person), values | {"created_at": ms(at), "erased_at": ms(at)})

    async def erase(self, person_id: str, at: datetime) -> None:
        """Leave a row that names nobody. An application that was sent from the person's address loses it too."""
        p = t.person.c
        email = (await self._run(select(p.email).where(p.id == person_id))).scalar_one()
        theirs = t.application.c.email == email
        await self._run(update(t.application).where(theirs).values(contact="", email=""))
        values = {
            "name": ERASED,
            "email": f"erased-{person_id}",
            "password": None,
            "language": "en",
            "digest": "off",
            "digested_at": None,
            "digest_due": None,
            "digest_held": None,
            "calendar_hash": None,
            "erased_at": ms(at),
        }
        await self._run(update(t.person).where(p.id == person_id).values(**values))

    async def rounds_of(self, person_id: str) -> list[str]:
        """Ids of the rounds whose register names a person."""
        found = select(t.register.c.round_id).where(t.register.c.person_id == person_id).distinct()
        return [row.round_id for row in await self._all(found)]

    # ── what is kept for a time ──

    async def old_unsent(self, round_ids: Sequence[str]) -> list[str]:
        """Ids of the remarks in some rounds that nobody has sent."""
        r = t.remark.c
        found = select(r.id).where(r.round_id.in_(round_ids), r.state == RemarkState.DRAFT.value)
        return [row.id for row in await self._all(found)]


def _profile() -> list[ColumnElement[Any]]:
    p = t.person.c
    return [p.id, p.name, p.email, p.language, p.created_at, p.digest, p.digested_at]


def _lists(mine: str) -> dict[str, Select[Any]]:
    """What is kept of a person, by kind."""
    seats = select(t.forum.c.name.label("forum"), t.party.c.name.label("party"), t.member.c.role, t.member.c.created_at)
    seats = seats.join(t.member, t.member.c.forum_id == t.forum.c.id).join(t.party, t.party.c.id == t.member.c.party_id)
    r, title = t.remark.c, t.round_.c.title.label("consultation")
    remarks = select(
        title, r.number, r.state, r.spot, r.clause_id, r.kind, r.view, r.quote, r.body, r.proposed, r.language,
        r.who.label("shown_as"), r.pseudonym, r.created_at, r.sent_at, r.edited_at, r.withdrawn_at,
    ).join(t.round_, t.round_.c.id == r.round_id)  # fmt: skip
    replies = select(title, r.number.label("to_comment"), t.reply.c.body, t.reply.c.created_at, t.reply.c.edited_at)
    replies = replies.join(t.remark, r.id == t.reply.c.remark_id).join(t.round_, t.round_.c.id == r.round_id)
    comments = select(t.draft.c.title.label("draft"), t.comment.c.body, t.comment.c.created_at, t.comment.c.edited_at)
    comments = comments.join(t.thread, t.thread.c.draft_id == t.draft.c.id)
    comments = comments.join(t.comment, t.comment.c.thread_id == t.thread.c.id)
    reports = select(title, t.report.c.reason, t.report.c.at, t.report.c.outcome)
    reports = reports.join(t.report, t.report.c.round_id == t.round_.c.id)
    files = select(title, t.contribution.c.name, t.contribution.c.state, t.contribution.c.at)
    files = files.join(t.contribution, t.contribution.c.round_id == t.round_.c.id)
    acts = select(t.draft.c.title.label("draft"), t.log.c.kind, func.count().label("acts"))
    acts = acts.join(t.log, t.log.c.draft_id == t.draft.c.id).group_by(t.draft.c.id, t.draft.c.title, t.log.c.kind)
    visits = select(t.forum.c.name.label("forum"), t.visit.c.at, t.visit.c.before)
    visits = visits.join(t.visit, t.visit.c.forum_id == t.forum.c.id)
    return {
        "memberships": seats.where(t.member.c.person_id == mine),
        "comments_in_consultations": remarks.where(r.person_id == mine).order_by(r.serial),
        "earlier_wordings": _own(t.wording, mine, "body", "proposed", "view", "at"),
        "replies": replies.where(t.reply.c.person_id == mine).order_by(t.reply.c.created_at),
        "written_contributions": files.where(t.contribution.c.person_id == mine),
        "reports": reports.where(t.report.c.person_id == mine),
        "comments_in_drafts": comments.where(t.comment.c.person_id == mine).order_by(t.comment.c.created_at),
        "acts_in_drafts": acts.where(t.log.c.person_id == mine),
        "proposals": _own(t.proposal, mine, "kind", "state", "reason", "number", "created_at"),
        "files_brought": _own(t.brought, mine, "name", "purpose", "state", "at"),
        "notices": _own(t.notice, mine, "kind", "at", "facts", "seen_at", "mailed_at"),
        "visits": visits.where(t.visit.c.person_id == mine),
        "sessions": _own(t.session, mine, "created_at", "seen_at", "expires_at"),
        "tokens": _own(t.token, mine, "name", "created_at", "used_at", "expires_at"),
    }


def _own(table: Table, mine: str, *columns: str) -> Select[Any]:
    return select(*[table.c[name] for name in columns]).where(table.c.person_id == mine)


def _plain(row: Row[Any]) -> dict[str, Any]:
    told = dict(row._mapping)
    return {name: moment(value) if name in _MOMENTS and value is not None else value for name, value in told.items()}
