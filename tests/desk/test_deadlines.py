"""Whose dates are whose: silence procedures, consultations and non-objection periods, as each may know of them."""

from datetime import UTC, datetime, timedelta

from drafts.consultation import Application, ApplicationState
from drafts.desk import deadlines, silence
from drafts.desk.deadlines import DeadlineKind
from drafts.desk.live import perform
from drafts.model import Group, new_id
from drafts.store import Store
from tests.hearing import CLOSES, DURING, OPENS, hearing

START = 1_930_000_000_000  # UTC ms
LASTS = 72 * 3_600_000
NOW = datetime.fromtimestamp(START / 1000, UTC)


async def test_each_sees_their_own_dates(store: Store) -> None:
    of = await hearing(store, groups=(Group.INDUSTRY,))
    command = await silence.starting(store, of.cast.chair, of.cast.draft.id, new_id(), START + LASTS, "Last call.")
    await perform(store, of.cast.chair, of.cast.draft.id, command, at=START)
    until = DURING + timedelta(days=2)
    applied = Application(
        new_id(), of.cast.forum.id, "Quiet lakes", "", Group.CIVIL_SOCIETY, "", "", "", ApplicationState.PROPOSED,
        "", DURING, objects_until=until,
    )  # fmt: skip
    async with store.write() as q:
        await q.applications.add(applied, new_id(20))
    told: dict[str, list[tuple[DeadlineKind, datetime]]] = {}
    async with store.read() as q:
        for person in (of.cast.norvale, of.people[Group.INDUSTRY], of.cast.stranger):
            told[person] = [(one.kind, one.at) for one in await deadlines.of_person(q, person, DURING)]
        later = await deadlines.of_person(q, of.cast.norvale, CLOSES + timedelta(days=61))
    dates = [(DeadlineKind.OPENS, OPENS), (DeadlineKind.CLOSES, CLOSES)]
    ends = (DeadlineKind.SILENCE, NOW + timedelta(hours=72))
    assert told[of.cast.norvale] == sorted([*dates, ends, (DeadlineKind.OBJECTION, until)], key=lambda one: one[1])
    assert told[of.people[Group.INDUSTRY]] == sorted([*dates, ends], key=lambda one: one[1])
    assert told[of.cast.stranger] == []
    assert [one.kind for one in later] == [kind for kind, at in [ends] if at > CLOSES]  # what is long over is gone
