"""Adoption by the clock: once, also after a stop at any step, a jump of the wall clock, and beside another process."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from drafts import commands as do
from drafts.acts import Act, ActKind
from drafts.decide import Outcome
from drafts.desk import drafts, forums
from drafts.desk.verify import verify
from drafts.errors import Conflict, Forbidden
from drafts.model import Clause, ClauseKind, Member, Stage
from drafts.store import Store
from server.adopter import Adopter
from server.hub import Hub, operation
from tests.cast import Cast, cast
from tests.live.machine import SECOND, Machine

MINUTES = 10


class Council:
    """The cast's draft in a database that outlives its servers, on a machine whose clocks go as the test says."""

    def __init__(self, store: Store, seated: Cast) -> None:
        self.store, self.cast, self.machine = store, seated, Machine()
        self.draft_id = seated.draft.id
        self.machine.wall = round(seated.draft.created_at.timestamp() + 1) * SECOND
        self.deadline = 0
        self.procedure = ""

    @asynccontextmanager
    async def server(self) -> AsyncIterator[Hub]:
        """A server from start to stop."""
        async with Hub(self.store, self.machine.clock()) as hub:
            yield hub

    async def start(self, hub: Hub) -> None:
        """A version is issued and put under silence for ten minutes."""
        issued = await hub.perform(self.cast.chair, self.draft_id, do.Issue(operation(), operation()))
        self.deadline = hub.present_ms() + MINUTES * 60_000
        command = do.StartSilence(operation(), self.deadline, MINUTES * 60, issued=issued.versions[0][1])
        done = await hub.perform(self.cast.chair, self.draft_id, command)
        self.procedure = done.acts[0].body["procedure"]

    async def breaks(self, hub: Hub) -> None:
        command = do.BreakSilence(operation(), self.procedure, "It goes too far.")
        await hub.perform(self.cast.norvale, self.draft_id, command)

    async def stage(self) -> Stage:
        async with self.store.read() as q:
            draft = await q.drafts.get(self.draft_id)
        assert draft is not None
        return draft.stage

    async def ends(self) -> list[Act]:
        """The acts that ended procedures."""
        kinds = {ActKind.ADOPT, ActKind.BREAK, ActKind.CANCEL}
        return [act for act in await self.store.acts(self.draft_id, 0) if act.kind in kinds]

    async def adopted(self) -> Act:
        """The one act of adoption, in a log that is sound."""
        (act,) = await self.ends()
        assert (act.kind, act.body["procedure"], act.body["deadline"]) == (
            ActKind.ADOPT, self.procedure, self.deadline,
        )  # fmt: skip
        assert await self.stage() is Stage.ADOPTED
        assert await verify(self.store) == []
        return act


@pytest.fixture
async def council(store: Store) -> Council:
    return Council(store, await cast(store))


async def test_at_the_deadline_and_not_before(council: Council) -> None:
    async with council.server() as hub:
        await council.start(hub)
        council.machine.pass_time(MINUTES * 60 - 0.001)
        wait = await hub.adopter.look()
        assert (await council.stage(), round(wait, 3)) == (Stage.SILENCE, 0.001)
        council.machine.pass_time(0.001)
        await hub.adopter.look()
        act = await council.adopted()
        assert (act.at, act.person_id) == (council.deadline, council.cast.chair)
        await hub.adopter.look()
        assert await council.adopted() == act


async def test_a_broken_silence_adopts_nothing(council: Council) -> None:
    async with council.server() as hub:
        await council.start(hub)
        await council.breaks(hub)
        council.machine.pass_time(MINUTES * 60)
        await hub.adopter.look()
        assert [act.kind for act in await council.ends()] == [ActKind.BREAK]
        assert await council.stage() is Stage.SECOND_READING


async def test_a_server_that_was_down_at_the_deadline(council: Council) -> None:
    async with council.server() as hub:
        await council.start(hub)
    council.machine.pass_time(MINUTES * 60 + 3_600)
    async with council.server() as hub:
        with pytest.raises((Conflict, Forbidden), match=r"The deadline has passed|There is no silence procedure"):
            await council.breaks(hub)  # before or after the adoption is written down
        await hub.adopter.look()
        act = await council.adopted()
        assert act.at == council.deadline + 3_600_000


async def test_restarts_at_every_step(council: Council) -> None:
    for step in ("issue", "start", "wait", "adopt", "after"):
        async with council.server() as hub:
            if step == "start":
                await council.start(hub)
            if step == "adopt":
                council.machine.pass_time(MINUTES * 60)
            await hub.adopter.look()
            assert (await council.stage() is Stage.ADOPTED) == (step in {"adopt", "after"})
        council.machine.pass_time(1)
    await council.adopted()


@pytest.mark.parametrize("days", [-3, 3])
async def test_a_jump_of_the_wall_clock_changes_nothing(council: Council, days: int) -> None:
    async with council.server() as hub:
        await council.start(hub)
        council.machine.wall += days * 86_400 * SECOND
        await hub.adopter.look()
        assert await council.stage() is Stage.SILENCE
        council.machine.pass_time(MINUTES * 60)
        await hub.adopter.look()
        assert (await council.adopted()).at == council.deadline


async def test_a_clock_put_back_between_two_runs_turns_no_time_back(council: Council) -> None:
    async with council.server() as hub:
        await council.start(hub)
    started = (await council.store.acts(council.draft_id, 0))[-1].at
    council.machine.wall -= 86_400 * SECOND
    async with council.server() as hub:
        await hub.adopter.look()
        assert await council.stage() is Stage.SILENCE
        await council.breaks(hub)
    assert [act.at for act in await council.ends()] == [started]


async def test_two_servers_adopt_once(council: Council) -> None:
    async with council.server() as hub, council.server() as other:
        await council.start(hub)
        await other.adopter.look()  # it has seen the procedure
        council.machine.pass_time(MINUTES * 60)
        await asyncio.gather(*(one.adopter.look() for one in (hub, other) for _ in range(3)))
        await council.adopted()


async def test_a_break_and_an_adoption_in_two_servers_have_one_outcome(council: Council) -> None:
    async with council.server() as hub, council.server() as other:
        await council.start(hub)
        council.machine.pass_time(MINUTES * 60 - 0.001)
        in_time = hub.present_ms()
        council.machine.pass_time(0.001)
        command = do.BreakSilence(operation(), council.procedure, "In the last moment.")
        speaking = hub.perform(council.cast.norvale, council.draft_id, command, at=in_time)
        spoken, _ = await asyncio.gather(speaking, other.adopter.look(), return_exceptions=True)
        (act,) = await council.ends()
        assert (act.kind is ActKind.BREAK) == (not isinstance(spoken, Forbidden))
        assert await council.stage() is (Stage.SECOND_READING if act.kind is ActKind.BREAK else Stage.ADOPTED)


async def test_the_one_who_started_it_has_left(council: Council) -> None:
    async with council.server() as hub:
        await council.start(hub)
        await forums.remove_member(
            council.store, council.cast.secretary, council.cast.forum.id, council.cast.chair
        )  # fmt: skip
        council.machine.pass_time(MINUTES * 60)
        await hub.adopter.look()
        assert (await council.adopted()).person_id == council.cast.chair


async def test_nobody_takes_the_adoption_away_by_its_operation(council: Council) -> None:
    """Operation ids are chosen by whoever asks: the adoption's cannot be guessed."""
    async with council.server() as hub:
        await council.start(hub)
        said = do.Explain(f"adopt-{council.procedure}", "For the record.")
        await hub.perform(council.cast.costamar, council.draft_id, said)
        council.machine.pass_time(MINUTES * 60)
        await hub.adopter.look()
        await council.adopted()


async def test_a_draft_that_cannot_be_adopted_holds_up_no_other(council: Council) -> None:
    """A log that cannot be read any more is for ``adref verify``; other texts have their deadlines too."""
    people = council.cast
    text = (Clause("", ClauseKind.OPERATIVE, 0, "States share what they know."),)
    made = [
        await drafts.create(
            council.store, people.chair, people.forum.id, "More norms", "", "norm", "en", "open", True, text
        )
        for _ in range(2)
    ]
    async with council.server() as hub:
        for draft in made:
            council.draft_id = draft.id
            await council.start(hub)
        council.machine.pass_time(MINUTES * 60)
        async with council.store.read() as q:
            first, second = await q.drafts.in_silence()

        async def ask(member: Member, draft_id: str, command: do.Command) -> Outcome:
            if draft_id == first.id:
                raise ValueError("act 3 cannot be read")
            return await hub.perform(member.person_id, draft_id, command)

        await Adopter(council.store, ask, hub.present_ms).look()
        council.draft_id = second.id
        assert await council.stage() is Stage.ADOPTED
        await hub.adopter.look()
        council.draft_id = first.id
        assert await council.stage() is Stage.ADOPTED
