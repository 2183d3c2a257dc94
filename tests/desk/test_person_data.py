"""What is kept of a person: handed out whole, erased without a trace of who it was; the record still proves itself."""

from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, update

from drafts import commands as do
from drafts import tables as t
from drafts.commenting import Said
from drafts.consultation import Application, ApplicationState, RemarkState, Spot
from drafts.desk import forums, live, moderating, person_data, remarks, replies, retention, rounds
from drafts.desk.verify import verify
from drafts.errors import Conflict, NotFound
from drafts.model import Group, Place, new_id
from drafts.store import Store
from tests.hearing import AFTER, CLOSES, DURING, Hearing, hearing, put, remark

NAME, EMAIL = "Wanda Reiss", "observer@lakes.example"


@pytest.fixture
async def of(store: Store) -> Hearing:
    """The observer has done all that one can do: comments sent, begun and under another name, a reply, a thread, a
    report, notices, a visit."""
    of = await hearing(store)
    me, round_id = of.people[Group.CIVIL_SOCIETY], of.round.id
    for name in ("", "Heron"):
        said = Said(Spot.CLAUSE, of.clauses[2].id, body=f"Say by when, {name or 'please'}.", name=name)
        made = new_id()
        await remarks.save(store, me, round_id, DURING, made, said)
        await remarks.send(store, me, round_id, DURING, made, said)
    await remarks.save(store, me, round_id, DURING, new_id(), Said(Spot.WHOLE, body="Not yet finished"))
    await put(store, of, [remark(of, Group.INDUSTRY)])
    await replies.write(store, me, round_id, DURING, 3, new_id(), "We agree.")
    await moderating.report(store, me, round_id, 3, "It names a person.", DURING)
    await live.perform(store, me, of.cast.draft.id, do.OpenThread("person-data-1", Place.DRAFT, "Good text."))
    async with store.write() as q:
        await q.notices.tell([me], "round_changed", DURING, forum_id=of.cast.forum.id, round_id=round_id)
        await q.applications.add(application(of, contact=NAME, email=EMAIL), new_id(20))
    return of


def application(of: Hearing, **facts: Any) -> Application:
    plain: dict[str, Any] = {
        "id": new_id(), "forum_id": of.cast.forum.id, "name": "Quiet lakes", "code": "", "group": Group.CIVIL_SOCIETY,
        "contact": "Nora Vik", "email": "nora@quiet.example", "statement": "We watch lakes.",
        "state": ApplicationState.REFUSED, "reason": "", "created_at": DURING, "decided_at": DURING,
    }  # fmt: skip
    return Application(**(plain | facts))


async def rows(store: Store) -> list[str]:
    """Every row of every table, as text."""
    told: list[str] = []
    async with store.read() as q:
        for table in t.metadata.sorted_tables:
            told += [str(tuple(row)) for row in await q.people._all(select(table))]
    return told


async def test_a_person_gets_everything_and_no_secret(store: Store, of: Hearing) -> None:
    me = of.people[Group.CIVIL_SOCIETY]
    told = await person_data.export(store, me)
    text = msgspec.json.encode(told).decode()
    assert told["profile"]["email"] == EMAIL
    assert [one["party"] for one in told["memberships"]] == ["Open networks watch"]
    assert sorted(one["state"] for one in told["comments_in_consultations"]) == ["draft", "open", "open"]
    assert [one["body"] for one in told["replies"]] == ["We agree."]
    assert [one["body"] for one in told["comments_in_drafts"]] == ["Good text."]
    assert [one["reason"] for one in told["reports"]] == ["It names a person."]
    assert "round_changed" in {one["kind"] for one in told["notices"]}
    assert "hash" not in text
    assert "argon2" not in text
    assert "Network operators" not in text  # others' words and names
    with pytest.raises(NotFound):
        await person_data.export(store, None)


async def test_nothing_names_who_was_erased(store: Store, of: Hearing) -> None:
    me = of.people[Group.CIVIL_SOCIETY]
    assert any(NAME in row for row in await rows(store))
    await person_data.erase(store, me, DURING)
    for row in await rows(store):
        assert NAME not in row
        assert EMAIL not in row
        assert "Not yet finished" not in row
    async with store.read() as q:
        sent = await q.remarks.numbered(of.round.id, 1)
        hidden = await q.remarks.numbered(of.round.id, 2)
        (reply,) = await q.replies.under((await q.remarks.numbered(of.round.id, 3)).id)  # type: ignore[union-attr]
        assert await q.forums.of_person(me) == []
        assert await q.people.sessions(me) == []
        assert await q.notices.of(me) == []
        register = await q.register.rows(of.round.id)
    assert sent is not None
    assert hidden is not None
    assert (sent.body, sent.who, sent.person_id) == ("Say by when, please.", "Open networks watch", me)
    assert (hidden.body, hidden.who) == ("Say by when, Heron.", "Heron")
    assert (reply.body, reply.person_name) == ("We agree.", "Erased person")
    # Nothing ties what was said under another name to the row that was a person.
    assert hidden.person_id != me
    assert me not in str([row.entry for row in register if row.entry.of_id == hidden.id])
    assert [row.entry.kind for row in register if row.entry.of_id == me] == ["erased"]


async def test_the_record_proves_itself_afterwards(store: Store, of: Hearing) -> None:
    await person_data.erase(store, of.people[Group.CIVIL_SOCIETY], DURING)
    await person_data.erase(store, of.people[Group.INDUSTRY], DURING)
    assert await verify(store) == []
    async with store.write() as q:
        await q.people._run(update(t.remark).where(t.remark.c.number == 1).values(body="Something else"))
    assert "does not say what was sent" in str((await verify(store))[0])
    async with store.write() as q:
        await q.people._run(update(t.register).where(t.register.c.seq == 2).values(facts="{}"))
    assert "consultation 1, row 2: does not match its hash" in str((await verify(store))[0])


async def test_the_last_who_leads_cannot_go(store: Store, of: Hearing) -> None:
    chair, secretary = of.cast.chair, of.cast.secretary
    assert await person_data.hindrances(store, chair) == []
    await forums.remove_member(store, chair, of.cast.forum.id, secretary)
    assert [one.forum.id for one in await person_data.hindrances(store, chair)] == [of.cast.forum.id]
    with pytest.raises(Conflict):
        await person_data.erase(store, chair, DURING)
    party = of.parties[Group.GOVERNMENT]
    await forums.set_member(store, chair, of.cast.forum.id, of.cast.norvale, party.id, "chair")
    await person_data.erase(store, chair, DURING)
    assert await verify(store) == []
    with pytest.raises(NotFound):
        await rounds.enter(store, of.cast.stranger, "none", DURING)


async def test_what_is_kept_for_a_time_is_forgotten_then(store: Store, of: Hearing) -> None:
    async with store.write() as q:
        forum = of.cast.forum
        await q.forums.set_consulting(
            forum.id, public=True, accredits=True, non_objection=0, pseudonyms=True, retention=30
        )
        await q.applications.add(application(of, state=ApplicationState.WAITING, decided_at=None), new_id(20))
    assert await retention.forget(store, CLOSES + timedelta(days=29)) == 0
    assert await retention.forget(store, CLOSES + timedelta(days=30)) == 2
    assert await retention.forget(store, CLOSES + timedelta(days=31)) == 0
    async with store.read() as q:
        found = {one.state: one.contact for one in await q.applications.of_forum(forum.id)}
        (report,) = await q.reports.open(of.round.id)
        assert await q.notices.of(of.people[Group.CIVIL_SOCIETY]) == []
        entered = await rounds.admitted(q, of.people[Group.CIVIL_SOCIETY], of.round.id, AFTER)
        assert await q.own.drafts(of.round.id, entered.sight.party_id) == []
        said = [row.entry.facts for row in await q.register.rows(of.round.id) if row.entry.kind == "erased"]
        sent = await q.remarks.numbered(of.round.id, 1)
    assert found == {ApplicationState.REFUSED: "", ApplicationState.WAITING: "Nora Vik"}
    assert (report.party, report.reason) == ("", "It names a person.")
    assert said[0] is not None
    assert (said[0]["drafts"], said[0]["reporters"]) == (1, 1)
    assert said[1] == {"what": "retention", "contacts": 1}
    assert sent is not None
    assert sent.state is RemarkState.OPEN
    assert await verify(store) == []


async def test_a_forum_that_keeps_everything_forgets_nothing(store: Store, of: Hearing) -> None:
    assert await retention.forget(store, CLOSES + timedelta(days=9_000)) == 0
    async with store.read() as q:
        assert (await q.applications.of_forum(of.cast.forum.id))[0].contact == NAME
