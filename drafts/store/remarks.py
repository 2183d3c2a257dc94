"""Queries about remarks: what comes in in a round. What each reader sees of them is ``seen``'s to say.

Whole remarks are read with their party, their answers and the parties they speak for. Counts stand in ``counts``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, func, insert, select, update

from drafts import tables as t
from drafts.consultation import (
    Answer,
    Disposition,
    Remark,
    RemarkKind,
    RemarkState,
    Sight,
    Slice,
    Spot,
    View,
    Wanted,
)
from drafts.model import Group, Party
from drafts.store import search
from drafts.store.rows import PARTY, Queries, Values, moment, moment_or_none, ms
from drafts.store.seen import paged, seen, wants

PAGE: Final = 50
_IN_ONE: Final = 400  # rows or ids in one statement (SQLite takes 32,766 values)
_OF_BUNDLES: Final = frozenset({"bundle_id", "variant", "settled", "overruled"})
_decided, _published = t.answer.alias("decided"), t.answer.alias("published")


class Remarks(Queries):
    """The tables ``remark`` and ``together``, and the index of words."""

    @property
    def dialect(self) -> str:
        """Which database this is: ``sqlite`` or ``postgresql``."""
        return self._connection.dialect.name

    # ── writing ──

    async def add(self, remark: Remark, salt: str) -> int:
        """A new remark; its serial."""
        return (await self.add_all([(remark, salt)]))[0]

    async def add_all(self, remarks: Sequence[tuple[Remark, str]]) -> list[int]:
        """New remarks, each with the salt of its digests; their serials, in order."""
        serials: list[int] = []
        for at in range(0, len(remarks), _IN_ONE):
            part = remarks[at : at + _IN_ONE]
            # Rows are given in the order of their values by both databases only where that is asked for.
            adding = insert(t.remark).returning(t.remark.c.serial, sort_by_parameter_order=True)
            values = [_values(remark) | {"salt": salt} for remark, salt in part]
            made = [row.serial for row in (await self._run(adding, values)).all()]
            await self._run(
                search.indexing(self.dialect),
                [search.row(serial, *_words(one)) for serial, (one, _) in zip(made, part, strict=True)],
            )
            serials += made
        return serials

    async def change(self, remark: Remark) -> None:
        """A remark as it is from now on (all but its serial, its salt, its answers and its bundle)."""
        values = {name: value for name, value in _values(remark).items() if name not in _OF_BUNDLES}
        await self._run(update(t.remark).where(t.remark.c.id == remark.id).values(**values))
        await self.index(remark.serial, *_words(remark))

    async def index(self, serial: int, *texts: str) -> None:
        """Let a remark be found by these words from now on."""
        await self._run(search.indexing(self.dialect), search.row(serial, *texts))

    async def set(self, remark_ids: Sequence[str], **values: Any) -> None:
        """Set some columns (named as in the table) of remarks."""
        for at in range(0, len(remark_ids), _IN_ONE):
            which = t.remark.c.id.in_(remark_ids[at : at + _IN_ONE])
            await self._run(update(t.remark).where(which).values(**values))

    async def salt(self, remark_id: str) -> str:
        """The salt of a remark's digests; '' once its words are erased."""
        found = await self._one(select(t.remark.c.salt).where(t.remark.c.id == remark_id))
        return found.salt if found else ""

    async def ask_together(self, remark_id: str, party_id: str, state: str, at: datetime) -> None:
        """A remark is to speak for another party too: ``asked``, or what that party said: ``joined``, ``declined``."""
        values = {"remark_id": remark_id, "party_id": party_id, "state": state, "at": ms(at)}
        await self._run(insert(t.together), values)

    # ── reading ──

    async def get(self, remark_id: str) -> Remark | None:
        """The remark of an id, whoever asks."""
        return next(iter(await self._whole(t.remark.c.id == remark_id)), None)

    async def numbered(self, round_id: str, number: int) -> Remark | None:
        """The remark with a public number, whoever asks."""
        which = (t.remark.c.round_id == round_id) & (t.remark.c.number == number) & (t.remark.c.number > 0)
        return next(iter(await self._whole(which)), None)

    async def of_ids(self, remark_ids: Sequence[str]) -> list[Remark]:
        """The remarks of some ids, by serial, whoever asks."""
        found: list[Remark] = []
        for at in range(0, len(remark_ids), _IN_ONE):
            found += await self._whole(t.remark.c.id.in_(remark_ids[at : at + _IN_ONE]))
        return sorted(found, key=lambda one: one.serial)

    async def of_serials(self, serials: Sequence[int]) -> list[Remark]:
        """The remarks of some serials (a page of them), in their order, whoever asks."""
        found = await self._whole(t.remark.c.serial.in_(serials)) if serials else []
        return sorted(found, key=lambda one: one.serial)

    async def slice(
        self,
        round_id: str,
        sight: Sight,
        wanted: Wanted,
        *,
        before: int | None = None,
        after: int | None = None,
        limit: int = PAGE,
    ) -> Slice:
        """The newest remarks that a reader sees and wants, newest first; ``before`` a serial (older ones) or ``after``
        one (newer ones)."""
        r = t.remark.c
        which = (r.round_id == round_id) & seen(sight) & wants(wanted, sight, self.dialect)
        serials = paged(select(r.serial).where(which), wanted)
        # SQLite would walk along the serials until it has a page, which takes long when few remarks fit: what is no
        # plain column is sorted, after the index that holds what filters ask for has found them.
        place = r.serial + 0 if self.dialect == "sqlite" and wanted != Wanted() else r.serial
        if after is not None:
            serials = serials.where(r.serial > after).order_by(place)
        else:
            serials = serials.order_by(place.desc())
            if before is not None:
                serials = serials.where(r.serial < before)
        found = sorted([row.serial for row in await self._all(serials.limit(limit + 1))], reverse=True)
        more = len(found) > limit
        if more:
            found = found[1:] if after is not None else found[:-1]
        remarks = sorted(await self._whole(r.serial.in_(found)), key=lambda one: -one.serial) if found else []
        older = more if after is None else bool(found)
        newer = more if after is not None else before is not None
        return Slice(
            tuple(remarks),
            await self.total(round_id, sight, wanted),
            before=found[-1] if found and older else None,
            after=found[0] if found and newer else None,
        )

    async def total(self, round_id: str, sight: Sight, wanted: Wanted) -> int:
        """How many remarks a reader sees and wants."""
        which = (t.remark.c.round_id == round_id) & seen(sight) & wants(wanted, sight, self.dialect)
        counted = paged(select(func.count()).select_from(t.remark).where(which), wanted)
        return int((await self._run(counted)).scalar_one())

    async def stream(
        self, round_id: str, sight: Sight, wanted: Wanted, after: int = 0, limit: int = _IN_ONE
    ) -> list[Remark]:
        """The next remarks that a reader sees and wants, oldest first, behind a serial: to be asked again and again."""
        r = t.remark.c
        which = (r.round_id == round_id) & seen(sight) & wants(wanted, sight, self.dialect) & (r.serial > after)
        found = select(r.serial).where(which).order_by(r.serial).limit(limit)
        serials = [row.serial for row in await self._all(found)]
        return sorted(await self._whole(r.serial.in_(serials)), key=lambda one: one.serial) if serials else []

    async def together(self, remark_id: str) -> dict[str, str]:
        """The parties that a remark is to speak for, with what they said: asked, joined, declined."""
        found = select(t.together.c.party_id, t.together.c.state).where(t.together.c.remark_id == remark_id)
        return {row.party_id: row.state for row in await self._all(found)}

    async def _whole(self, which: ColumnElement[bool]) -> list[Remark]:
        found = await self._all(_selected().where(which))
        joined: dict[str, list[Party]] = {}
        ids = [row.id for row in found]
        for at in range(0, len(ids), _IN_ONE):
            parties = select(t.together.c.remark_id, *PARTY).join(t.party, t.party.c.id == t.together.c.party_id)
            parties = parties.where(t.together.c.remark_id.in_(ids[at : at + _IN_ONE]), t.together.c.state == "joined")
            for row in await self._all(parties.order_by(t.party.c.name)):
                party = Party(row.party_id, row.party_forum, row.party_name, row.party_code, Group(row.party_group))
                joined.setdefault(row.remark_id, []).append(party)
        return [_remark(row, tuple(joined.get(row.id, ()))) for row in found]


def _words(remark: Remark) -> tuple[str, ...]:
    return remark.who, remark.body, remark.proposed, remark.quote


def _selected() -> Select[Any]:
    of_party = [column.label(f"of_{column.name}") for column in PARTY]
    answers = [
        column.label(f"{kind}_{column.name}")
        for kind, table in (("decided", _decided), ("published", _published))
        for column in table.c
    ]
    joined = select(t.remark, *of_party, *answers).outerjoin(t.party, t.party.c.id == t.remark.c.party_id)
    joined = joined.outerjoin(_decided, _decided.c.id == t.remark.c.answer_id)
    return joined.outerjoin(_published, _published.c.id == t.remark.c.shown_id)


def _values(remark: Remark) -> Values:
    return {
        "id": remark.id,
        "round_id": remark.round_id,
        "number": remark.number,
        "spot": remark.spot.value,
        "clause_id": remark.clause_id,
        "start": remark.start,
        "end": remark.end,
        "quote": remark.quote,
        "kind": remark.kind.value,
        "view": remark.view.value,
        "body": remark.body,
        "proposed": remark.proposed,
        "language": remark.language,
        "state": remark.state.value,
        "group": remark.group.value,
        "who": remark.who,
        "owner_id": remark.owner_id,
        "party_id": remark.party.id if remark.party else None,
        "person_id": remark.person_id,
        "question_id": remark.question_id,
        "pseudonym": remark.pseudonym,
        "late": remark.late,
        "created_at": ms(remark.created_at),
        "sent_at": _ms(remark.sent_at),
        "edited_at": _ms(remark.edited_at),
        "withdrawn_at": _ms(remark.withdrawn_at),
        "hidden_reason": remark.hidden_reason,
        "withdrawn_reason": remark.withdrawn_reason,
        "contribution_id": remark.contribution_id,
        "source_start": remark.source_start,
        "source_end": remark.source_end,
        "source_row": remark.source_row,
        "bundle_id": remark.bundle_id,
        "variant": remark.variant,
        "settled": False,
        "overruled": remark.overruled,
    }


def _ms(at: Any) -> int | None:
    return None if at is None else ms(at)


def _answer(row: Row[Any], kind: str) -> Answer | None:
    told = row._mapping
    if told[f"{kind}_id"] is None:
        return None
    return Answer(
        told[f"{kind}_id"],
        told[f"{kind}_round_id"],
        Disposition(told[f"{kind}_disposition"]),
        told[f"{kind}_rationale"],
        told[f"{kind}_link"],
        told[f"{kind}_person_id"],
        moment(told[f"{kind}_at"]),
    )


def _remark(row: Row[Any], together: tuple[Party, ...]) -> Remark:
    party = None
    if row.of_party_id is not None:
        group = Group(row.of_party_group)
        party = Party(row.of_party_id, row.of_party_forum, row.of_party_name, row.of_party_code, group)
    return Remark(
        id=row.id,
        round_id=row.round_id,
        spot=Spot(row.spot),
        clause_id=row.clause_id,
        kind=RemarkKind(row.kind),
        view=View(row.view),
        body=row.body,
        language=row.language,
        state=RemarkState(row.state),
        group=Group(row.group),
        who=row.who,
        owner_id=row.owner_id,
        person_id=row.person_id,
        created_at=moment(row.created_at),
        party=party,
        serial=row.serial,
        number=row.number,
        start=row.start,
        end=row.end,
        quote=row.quote,
        proposed=row.proposed,
        question_id=row.question_id,
        pseudonym=row.pseudonym,
        late=row.late,
        sent_at=moment_or_none(row.sent_at),
        edited_at=moment_or_none(row.edited_at),
        withdrawn_at=moment_or_none(row.withdrawn_at),
        hidden_reason=row.hidden_reason,
        withdrawn_reason=row.withdrawn_reason,
        contribution_id=row.contribution_id,
        source_start=row.source_start,
        source_end=row.source_end,
        source_row=row.source_row,
        bundle_id=row.bundle_id,
        variant=row.variant,
        overruled=row.overruled,
        answer=_answer(row, "decided"),
        shown=_answer(row, "published"),
        together=together,
    )
