"""A consultation for tests: the cast's draft with a version issued, one party of each of the four groups, a round on
it, and remarks as they are wanted. It is put in place through the store; what people do goes through the desk in each
test.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Row, select

from drafts import commands as do
from drafts import tables as t
from drafts.consultation import Granularity, Question, Remark, RemarkKind, RemarkState, Reveal, Round, Spot, View
from drafts.desk import forums, live, people, versions
from drafts.model import Clause, Group, Party, new_id
from drafts.store import Store
from tests.cast import Cast, cast

BEFORE = datetime(2031, 3, 1, 9, tzinfo=UTC)  # announced, not open
DURING = datetime(2031, 3, 4, 9, tzinfo=UTC)
AFTER = datetime(2031, 3, 12, 9, tzinfo=UTC)
OPENS, CLOSES = datetime(2031, 3, 3, tzinfo=UTC), datetime(2031, 3, 10, tzinfo=UTC)

_SEATS = {
    "industry": ("Otto Lind", "Network operators of the lakes", "NOL", "industry"),
    "academia": ("Rhea Sand", "Institute for quiet networks", "IQN", "academia"),
    "civil_second": ("Tomas Bell", "Open networks watch", "ONW", "civil_society"),
}


@dataclass(frozen=True, slots=True)
class Hearing:
    """The cast with a version (number 1, ``clauses``) and a round on it. ``people``: person id by group, ``parties``:
    party by group; government is Norvale, civil society the cast's observer."""

    cast: Cast
    round: Round
    clauses: tuple[Clause, ...]
    people: dict[Group, str]
    parties: dict[Group, Party]
    civil_second: str  # another person of the civil society's party


async def hearing(store: Store, **terms: Any) -> Hearing:
    """All of it. ``terms`` are fields of the round that differ from: announced, public, all groups, by lines, seen at
    once, from ``OPENS`` to ``CLOSES``, one question."""
    known = await cast(store)
    ids: dict[str, str] = {}
    parties = dict(known.parties)
    for key, (name, party, code, group) in _SEATS.items():
        person = await people.create(store, name, f"{key}@lakes.example", None)
        seat = await forums.seat(store, known.forum.id, person.id, party=party, code=code, group=group, role="observer")
        ids[key], parties[code] = person.id, seat.party
    command = do.Issue("hearing-issue-1", "Rev.1", symbol="LS/1/Rev.1")
    await live.perform(store, known.chair, known.draft.id, command)
    async with store.write() as q:
        await q.forums.set_consulting(
            known.forum.id, public=True, accredits=True, non_objection=0, pseudonyms=True, retention=0
        )
        told = replace(round_on(known.draft.id, known.chair), **terms)
        await q.rounds.add(told)
    content = await versions.get(store, known.chair, known.draft.id, 1)
    forum = replace(known.forum, public=True, accredits=True, pseudonyms=True)
    return Hearing(
        replace(known, forum=forum),
        told,
        tuple(content.clauses),
        {
            Group.GOVERNMENT: known.norvale,
            Group.INDUSTRY: ids["industry"],
            Group.CIVIL_SOCIETY: known.observer,
            Group.ACADEMIA: ids["academia"],
        },
        {
            Group.GOVERNMENT: parties["NVL"],
            Group.INDUSTRY: parties["NOL"],
            Group.CIVIL_SOCIETY: parties["ONW"],
            Group.ACADEMIA: parties["IQN"],
        },
        ids["civil_second"],
    )


def round_on(draft_id: str, chair: str) -> Round:
    """The plain round on a draft's first version."""
    round_id = new_id()
    return Round(
        id=round_id,
        draft_id=draft_id,
        number=1,
        version=1,
        title="What the lakes should say",
        intro="Tell us what is missing and what goes too far.",
        opens_at=OPENS,
        closes_at=CLOSES,
        zone="Europe/Zurich",
        groups=tuple(Group),
        reveal=Reveal.AT_ONCE,
        granularity=Granularity.LINE,
        public=True,
        pseudonyms=True,
        late=False,
        last=0,
        made_by=chair,
        created_at=BEFORE,
        announced_at=BEFORE,
        questions=(Question(new_id(), round_id, 1, "Who should keep the directory?"),),
    )


def remark(of: Hearing, group: Group = Group.CIVIL_SOCIETY, body: str = "Please say by when.", **facts: Any) -> Remark:
    """A remark as the group's party would have sent it, on the first operative clause."""
    party = of.parties[group]
    plain = Remark(
        id=new_id(),
        round_id=of.round.id,
        spot=Spot.CLAUSE,
        clause_id=of.clauses[2].id,
        kind=RemarkKind.GENERAL,
        view=View.NEUTRAL,
        body=body,
        language="en",
        state=RemarkState.OPEN,
        group=group,
        who=party.name,
        owner_id=party.id,
        person_id=of.people[group],
        created_at=DURING,
        party=party,
        sent_at=DURING,
    )
    return replace(plain, **facts)


async def put(store: Store, of: Hearing, remarks: Sequence[Remark]) -> list[Remark]:
    """Write remarks; those that are sent get numbers. As the store then has them."""
    async with store.write() as q:
        sent = [one for one in remarks if one.state is not RemarkState.DRAFT]
        first = await q.rounds.numbers(of.round.id, len(sent)) if sent else 0
        numbers = {one.id: first + at for at, one in enumerate(sent)}
        await q.remarks.add_all([(replace(one, number=numbers.get(one.id, 0)), new_id()) for one in remarks])
        return await q.remarks.of_ids([one.id for one in remarks])


async def notices(store: Store) -> list[Row[Any]]:
    """All notices that were left for people."""
    async with store.read() as q:
        return await q.notices._all(select(t.notice).order_by(t.notice.c.at, t.notice.c.id))


LATER = timedelta(days=1)
__all__ = ["AFTER", "BEFORE", "CLOSES", "DURING", "LATER", "OPENS", "Hearing", "hearing", "notices", "put", "remark"]
