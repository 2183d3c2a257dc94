"""Queries about forums: their parties, members and invitations."""

from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from drafts import tables as t
from drafts.errors import Conflict
from drafts.model import Forum, Invitation, Member, Openness, Party, Role
from drafts.store import rows
from drafts.store.rows import PARTY, Queries, ms


class Forums(Queries):
    """The tables ``forum``, ``party``, ``member`` and ``invitation``."""

    async def add(self, forum: Forum, *, demo: bool) -> None:
        """A new forum."""
        await self._run(
            insert(t.forum),
            {
                "id": forum.id,
                "name": forum.name,
                "level": forum.level.value,
                "demo": demo,
                "created_at": ms(forum.created_at),
                "silence_minimum": forum.silence_minimum,
                "breaks": forum.breaks.value,
                "public": forum.public,
                "accredits": forum.accredits,
                "non_objection": forum.non_objection,
                "pseudonyms": forum.pseudonyms,
                "retention": forum.retention,
            },
        )

    async def set_rules(self, forum_id: str, silence_minimum: int, breaks: Openness) -> None:
        """How long a silence takes at least (seconds), and who sees who broke one."""
        values = {"silence_minimum": silence_minimum, "breaks": breaks.value}
        await self._run(update(t.forum).where(t.forum.c.id == forum_id).values(values))

    async def set_consulting(
        self, forum_id: str, *, public: bool, accredits: bool, non_objection: int, pseudonyms: bool, retention: int
    ) -> None:
        """How the forum consults: see ``model.Forum``."""
        values = {
            "public": public,
            "accredits": accredits,
            "non_objection": non_objection,
            "pseudonyms": pseudonyms,
            "retention": retention,
        }
        await self._run(update(t.forum).where(t.forum.c.id == forum_id).values(values))

    async def get(self, forum_id: str) -> Forum | None:
        """The forum of an id."""
        row = await self._one(select(t.forum).where(t.forum.c.id == forum_id))
        return row and rows.forum(row)

    async def all(self, *, demo: bool | None = None) -> list[Forum]:
        """Every forum, or only those that are (not) for show."""
        found = select(t.forum).order_by(t.forum.c.created_at, t.forum.c.id)
        if demo is not None:
            found = found.where(t.forum.c.demo == demo)
        return [rows.forum(row) for row in await self._all(found)]

    async def of_person(self, person_id: str) -> list[tuple[Forum, Member]]:
        """The forums that a person is a member of, by name."""
        own = (*(column for column in t.forum.c if column.name != "demo"),)
        found = _members(*own).join(t.forum, t.forum.c.id == t.member.c.forum_id)
        found = found.where(t.member.c.person_id == person_id).order_by(t.forum.c.name, t.forum.c.id)
        return [(rows.forum(row), rows.member(row)) for row in await self._all(found)]

    async def lock(self, forum_id: str) -> None:
        """Let nobody else change the forum's people until this transaction ends (PostgreSQL; SQLite has one writer)."""
        await self._run(select(t.forum.c.id).where(t.forum.c.id == forum_id).with_for_update())

    # ── parties ──

    async def add_party(self, party: Party) -> None:
        """A new party. Raises Conflict when the forum has one of this code."""
        values = {"id": party.id, "forum_id": party.forum_id, "name": party.name, "code": party.code}
        try:
            await self._run(insert(t.party), values | {"group": party.group.value})
        except IntegrityError:
            raise Conflict(
                "code_taken", "The forum has a party with the code {code} already.", code=party.code
            ) from None

    async def party(self, forum_id: str, *, party_id: str | None = None, code: str | None = None) -> Party | None:
        """The forum's party of an id, or of a code."""
        which = t.party.c.id == party_id if party_id is not None else t.party.c.code == code
        row = await self._one(select(*PARTY).where(t.party.c.forum_id == forum_id, which))
        return row and rows.party(row)

    async def parties(self, forum_id: str) -> list[Party]:
        """A forum's parties, by name."""
        found = select(*PARTY).where(t.party.c.forum_id == forum_id).order_by(t.party.c.name, t.party.c.id)
        return [rows.party(row) for row in await self._all(found)]

    async def alignments(self, forum_id: str) -> dict[str, tuple[str, ...]]:
        """For each party that speaks for others: their ids."""
        found = select(t.alignment).join(t.party, t.party.c.id == t.alignment.c.party_id)
        found = found.where(t.party.c.forum_id == forum_id).order_by(t.alignment.c.party_id, t.alignment.c.member_id)
        told: dict[str, tuple[str, ...]] = {}
        for row in await self._all(found):
            told[row.party_id] = (*told.get(row.party_id, ()), row.member_id)
        return told

    async def align(self, party_id: str, member_ids: list[str]) -> None:
        """Say for whom a party speaks from now on."""
        await self._run(delete(t.alignment).where(t.alignment.c.party_id == party_id))
        if member_ids:
            await self._run(insert(t.alignment), [{"party_id": party_id, "member_id": one} for one in member_ids])

    # ── members ──

    async def add_member(self, forum_id: str, person_id: str, party_id: str, role: Role, at: datetime) -> None:
        """A new member. Raises Conflict when the person is one already."""
        values = {"forum_id": forum_id, "person_id": person_id, "party_id": party_id, "role": role.value}
        try:
            await self._run(insert(t.member), values | {"created_at": ms(at)})
        except IntegrityError:
            raise Conflict("already_member", "This person is in the forum already.") from None

    async def member(self, forum_id: str, person_id: str) -> Member | None:
        """What a person is in a forum."""
        which = (t.member.c.forum_id == forum_id) & (t.member.c.person_id == person_id)
        row = await self._one(_members().where(which))
        return row and rows.member(row)

    async def members(self, forum_id: str) -> list[Member]:
        """A forum's members, by party and name."""
        found = _members().where(t.member.c.forum_id == forum_id)
        found = found.order_by(t.party.c.name, t.person.c.name, t.person.c.id)
        return [rows.member(row) for row in await self._all(found)]

    async def set_member(self, forum_id: str, person_id: str, party_id: str, role: Role) -> bool:
        """Give a member another party or role; False when the person is not one."""
        which = (t.member.c.forum_id == forum_id) & (t.member.c.person_id == person_id)
        done = await self._run(update(t.member).where(which).values(party_id=party_id, role=role.value))
        return done.rowcount == 1

    async def remove_member(self, forum_id: str, person_id: str) -> bool:
        """Take a person out of a forum; False when they were not in it."""
        which = (t.member.c.forum_id == forum_id) & (t.member.c.person_id == person_id)
        return (await self._run(delete(t.member).where(which))).rowcount == 1

    async def leads(self, forum_id: str) -> int:
        """How many chair or serve as secretariat."""
        lead = t.member.c.role.in_([Role.CHAIR.value, Role.SECRETARIAT.value])
        counted = select(func.count()).select_from(t.member).where(t.member.c.forum_id == forum_id, lead)
        return int((await self._run(counted)).scalar_one())

    # ── invitations ──

    async def add_invitation(self, invitation: Invitation, secret_hash: str) -> None:
        """A new invitation."""
        await self._run(
            insert(t.invitation),
            {
                "id": invitation.id,
                "secret_hash": secret_hash,
                "forum_id": invitation.forum_id,
                "party_id": invitation.party.id,
                "role": invitation.role.value,
                "made_by": invitation.made_by,
                "created_at": ms(invitation.created_at),
                "expires_at": ms(invitation.expires_at),
            },
        )

    async def invitation(self, secret_hash: str) -> Invitation | None:
        """The invitation of a secret, used, expired and revoked ones too."""
        row = await self._one(_invitations().where(t.invitation.c.secret_hash == secret_hash))
        return row and rows.invitation(row)

    async def invitations(self, forum_id: str, at: datetime) -> list[Invitation]:
        """A forum's invitations that can still be accepted at a moment, in the order they were made."""
        found = _invitations().where(t.invitation.c.forum_id == forum_id, _usable(at))
        found = found.order_by(t.invitation.c.created_at, t.invitation.c.id)
        return [rows.invitation(row) for row in await self._all(found)]

    async def use_invitation(self, invitation_id: str, person_id: str, at: datetime) -> bool:
        """Use an invitation up; False when somebody was faster, or it has expired or was revoked."""
        which = (t.invitation.c.id == invitation_id) & _usable(at)
        done = await self._run(update(t.invitation).where(which).values(used_at=ms(at), used_by=person_id))
        return done.rowcount == 1

    async def revoke_invitation(self, forum_id: str, invitation_id: str, at: datetime) -> bool:
        """End an invitation; False when the forum has none of this id that is still open."""
        which = (t.invitation.c.id == invitation_id) & (t.invitation.c.forum_id == forum_id) & _usable(at)
        done = await self._run(update(t.invitation).where(which).values(revoked_at=ms(at)))
        return done.rowcount == 1


def _members(*more: Column[Any]) -> Select[Any]:
    joined = select(
        t.member.c.role, t.person.c.id.label("person_id"), t.person.c.name.label("person_name"), *PARTY, *more
    )
    joined = joined.select_from(t.member).join(t.person, t.person.c.id == t.member.c.person_id)
    return joined.join(t.party, t.party.c.id == t.member.c.party_id)


def _invitations() -> Select[Any]:
    own = [column for column in t.invitation.c if column.name != "party_id"]
    return select(*own, *PARTY).join(t.party, t.party.c.id == t.invitation.c.party_id)


def _usable(at: datetime) -> ColumnElement[bool]:
    i = t.invitation.c
    return i.used_at.is_(None) & i.revoked_at.is_(None) & (i.expires_at > ms(at))
