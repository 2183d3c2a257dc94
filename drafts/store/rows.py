"""Rows of the database as the nouns of ``model.py``, and moments as UTC milliseconds."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import CursorResult, Executable, Row
from sqlalchemy.ext.asyncio import AsyncConnection

from drafts import tables as t
from drafts.model import (
    Draft,
    DraftKind,
    Forum,
    Group,
    Invitation,
    Level,
    Member,
    Mode,
    Openness,
    Party,
    Person,
    Proposal,
    ProposalKind,
    ProposalState,
    Role,
    Session,
    Stage,
    Token,
    Version,
    VersionStatus,
)
from drafts.store.engine import steady

Values: TypeAlias = dict[str, Any]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def ms(moment: datetime) -> int:
    """UTC milliseconds since 1970 (exact: no floating point)."""
    return (moment - _EPOCH) // _MS


def moment(milliseconds: int) -> datetime:
    """The aware UTC datetime of ``ms``."""
    return _EPOCH + milliseconds * _MS


def moment_or_none(milliseconds: int | None) -> datetime | None:
    """As ``moment``, for columns that may be empty."""
    return None if milliseconds is None else moment(milliseconds)


class Queries:
    """What the queries of one noun share: a connection inside a transaction."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def _run(self, statement: Executable, values: Values | list[Values] | None = None) -> CursorResult[Any]:
        return await steady(self._connection.execute(statement, values))

    async def _one(self, statement: Executable) -> Row[Any] | None:
        return (await self._run(statement)).first()

    async def _all(self, statement: Executable) -> list[Row[Any]]:
        return list((await self._run(statement)).all())


# Columns of joins carry the noun they belong to: several tables have an ``id`` and a ``name``.
PARTY = (
    t.party.c.id.label("party_id"),
    t.party.c.forum_id.label("party_forum"),
    t.party.c.name.label("party_name"),
    t.party.c.code.label("party_code"),
    t.party.c.group.label("party_group"),
)
PERSON = (
    t.person.c.id.label("person_id"),
    t.person.c.name.label("person_name"),
    t.person.c.email.label("person_email"),
    t.person.c.language.label("person_language"),
)


def party(row: Row[Any]) -> Party:
    """From the columns ``PARTY``."""
    return Party(row.party_id, row.party_forum, row.party_name, row.party_code, Group(row.party_group))


def person(row: Row[Any]) -> Person:
    """From the columns ``PERSON``."""
    return Person(row.person_id, row.person_name, row.person_email, row.person_language)


def member(row: Row[Any]) -> Member:
    """From the columns ``PARTY``, person_id, person_name and role."""
    return Member(row.person_id, row.person_name, row.party_forum, party(row), Role(row.role))


def forum(row: Row[Any]) -> Forum:
    """From a row of the table ``forum``."""
    return Forum(
        id=row.id,
        name=row.name,
        level=Level(row.level),
        created_at=moment(row.created_at),
        silence_minimum=row.silence_minimum,
        breaks=Openness(row.breaks),
        public=row.public,
        accredits=row.accredits,
        non_objection=row.non_objection,
        pseudonyms=row.pseudonyms,
        retention=row.retention,
    )


def session(row: Row[Any]) -> Session:
    """From a row of the table ``session`` with ``PERSON``."""
    return Session(row.id, person(row), moment(row.created_at), moment(row.seen_at), moment(row.expires_at))


def token(row: Row[Any]) -> Token:
    """From a row of the table ``token``."""
    return Token(
        id=row.id,
        person_id=row.person_id,
        name=row.name,
        created_at=moment(row.created_at),
        used_at=moment_or_none(row.used_at),
        expires_at=moment_or_none(row.expires_at),
        revoked_at=moment_or_none(row.revoked_at),
    )


def invitation(row: Row[Any]) -> Invitation:
    """From a row of the table ``invitation`` with ``PARTY``."""
    return Invitation(
        id=row.id,
        forum_id=row.forum_id,
        party=party(row),
        role=Role(row.role),
        made_by=row.made_by,
        created_at=moment(row.created_at),
        expires_at=moment(row.expires_at),
        used_at=moment_or_none(row.used_at),
        used_by=row.used_by,
        revoked_at=moment_or_none(row.revoked_at),
    )


def draft(row: Row[Any]) -> Draft:
    """From a row of the table ``draft``."""
    return Draft(
        id=row.id,
        forum_id=row.forum_id,
        title=row.title,
        symbol=row.symbol,
        kind=DraftKind(row.kind),
        language=row.language,
        mode=Mode(row.mode),
        observers=row.observers,
        seq=row.seq,
        created_at=moment(row.created_at),
        stage=Stage(row.stage),
        proposals=Openness(row.proposals),
        positions=Openness(row.positions),
        parent=row.parent_id or "",
        circle=tuple((row.circle or "").split()),
    )


def proposal(row: Row[Any]) -> Proposal:
    """From a row of the table ``proposal``."""
    return Proposal(
        id=row.id,
        draft_id=row.draft_id,
        party_id=row.party_id,
        person_id=row.person_id,
        kind=ProposalKind(row.kind),
        state=ProposalState(row.state),
        clause_id=row.clause_id,
        base_number=row.base_number,
        base_seq=row.base_seq,
        base_text=row.base_text,
        after_id=row.after_id,
        reason=row.reason,
        created_at=moment(row.created_at),
        number=row.number,
    )


def version(row: Row[Any]) -> Version:
    """From a row of the table ``version``."""
    return Version(
        draft_id=row.draft_id,
        number=row.number,
        label=row.label,
        symbol=row.symbol,
        status=VersionStatus(row.status),
        note=row.note,
        seq=row.seq,
        issued_at=moment(row.issued_at),
        issued_by=row.issued_by,
        party_id=row.party_id,
        hash=row.hash,
        previous=row.previous,
    )
