"""The live text from outside: a turn of requests through a room and into the log.

The hub (server/hub.py) keeps a room in memory and takes many turns with it; the doors that have no hub (the command
line, the demo) load one for a single command. Both go the same way: ``turn``.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from drafts import commands as do
from drafts.access import PRIVATE
from drafts.acts import Act, Decided, Told
from drafts.desk.drafts import loaded
from drafts.errors import NotFound, Refusal
from drafts.late import Gap, NeedHistory
from drafts.model import Draft, Member, Stage, now
from drafts.outside import report_text
from drafts.room import Outcome, Room
from drafts.store import Store

CHECKPOINT = 500  # acts between two checkpoints: opening a draft replays at most about so many
_LOOKS = 100  # how often one turn may go back to the log for older acts

Asked: TypeAlias = do.Push | do.Command
Perform: TypeAlias = Callable[[str | None, str, do.Command], Awaitable[Outcome]]
"""(person id, draft id, command) -> what it came to, once it is on disk; raises the Refusal."""


@dataclass(slots=True)
class Request:
    """One thing asked of a room, and what became of it: an outcome, a refusal, or ``gap`` (the sender must start
    again). ``record``: its time is a record's and not the clock's."""

    actor: Member
    asked: Asked
    at: int  # UTC ms
    record: bool = False
    outcome: Outcome | None = None
    refusal: Refusal | None = None
    gap: bool = False
    _need: NeedHistory | None = None

    @property
    def settled(self) -> bool:
        """Whether an answer is there."""
        return self.outcome is not None or self.refusal is not None or self.gap


class Broken(Exception):
    """A request that the room could not work out: our fault. The room's memory is not to be trusted any more."""

    def __init__(self, request: Request) -> None:
        super().__init__(type(request.asked).__name__)
        self.request = request


async def load(store: Store, draft_id: str) -> Room:
    """A room as the log has it; from the whole log where the checkpoint is one of another release. Raises NotFound."""
    found = await store.load(draft_id)
    room = await loaded(store, found, Room.load)
    room.moment = found.moment
    return room


async def turn(store: Store, room: Room, requests: Sequence[Request]) -> list[Act]:
    """Let the room decide on the requests in order and commit what it decided: one transaction, or a few when a very
    late client needs older acts. Returns the acts in order, those of others (another process) that the room had
    missed included.

    When this raises, nothing of the last transaction is in the log and the room must be thrown away.
    """
    await _recall(store, room, requests)
    await _brief(store, room, requests)
    await _fill(store, room, requests)
    acts: list[Act] = []
    for _ in range(_LOOKS):
        acts += await _commit(store, room, [r for r in requests if not r.settled])
        waiting = [r._need for r in requests if not r.settled and r._need is not None]
        if not waiting:
            break
        for need in waiting:
            older = await store.acts(room.state.draft.id, 0, clause_id=need.clause, after_number=need.number)
            room.remember(need.clause, older)
    return acts


async def _recall(store: Store, room: Room, requests: Sequence[Request]) -> None:
    """Look for the operations of commands in the log: a command sent again after a restart is still a repeat."""
    unknown = [r.asked.op for r in requests if not isinstance(r.asked, do.Push) and not room.knows(r.asked.op)]
    if not unknown:
        return
    async with store.read() as q:
        for op in unknown:
            found = await q.log.operation(room.state.draft.id, op)
            if found is not None:
                room.recall(op, *found)


async def _brief(store: Store, room: Room, requests: Sequence[Request]) -> None:
    """Tell the room what the log knows of the time since the base of each merge, with the acts it will ask for."""
    merges = [r.asked for r in requests if isinstance(r.asked, do.Merge) and not room.knows(r.asked.op)]
    if not merges:
        return
    draft_id = room.state.draft.id
    async with store.read() as q:
        for asked in merges:
            since = await q.log.since(draft_id, asked.base_seq)
            for clause in asked.plan.touched:
                number = since.numbers.get(clause)
                if number is not None and room.lacks(clause, number):
                    older = await q.log.acts(draft_id, 0, clause_id=clause, after_number=number)
                    room.remember(clause, [act for act in older if act.seq <= room.seq])
            room.brief(asked.op, asked.base_seq, since)


async def _fill(store: Store, room: Room, requests: Sequence[Request]) -> None:
    """What commands hold that is not for their senders to say: in whose name a position is taken, as the forum has it;
    what was issued last, where a text is to be adopted."""
    draft = room.state.draft
    groups: dict[str, tuple[str, ...]] = {}
    if any(isinstance(request.asked, do.TakePosition) for request in requests):
        async with store.read() as q:
            groups = await q.forums.alignments(draft.forum_id)
    for request in requests:
        asked = request.asked
        if isinstance(asked, do.TakePosition):
            request.asked = replace(asked, parties=groups.get(request.actor.party.id, ()))
        elif isinstance(asked, do.SetDraft) and asked.stage is Stage.ADOPTED:
            async with store.read() as q:
                found = await q.drafts.version(draft.id, len(room.state.issued))
            request.asked = replace(asked, issued=found[1] if found else "")


async def _commit(store: Store, room: Room, requests: Sequence[Request]) -> list[Act]:
    before = room.seq

    def decide(draft: Draft, missed: list[Act]) -> Decided:
        room.heal(missed)
        for request in requests:
            _ask(room, request)
        outcomes = [r.outcome for r in requests if r.outcome is not None]
        return Decided(
            acts=tuple(act for outcome in outcomes for act in outcome.acts),
            draft=room.state.draft,
            versions=tuple(version for outcome in outcomes for version in outcome.versions),
            threads=tuple(thread for outcome in outcomes for thread in outcome.threads),
            reports=tuple(
                Told(o.report.brought, report_text(o.report), tuple(o.begun))
                for o in outcomes
                if o.report and o.report.brought
            ),
            checkpoint=_checkpoint(room, draft.seq),
            proposals=tuple(one for outcome in outcomes for one in outcome.proposals),
        )

    appended = await store.append(room.state.draft.id, before, decide)
    return [*appended.missed, *appended.acts]


def _ask(room: Room, request: Request) -> None:
    """An act never gets a time before the one that it follows: clocks of two processes differ, and a clock may have
    been put back between two runs."""
    request._need = None
    at = request.at if request.record else max(request.at, room.moment)
    try:
        if isinstance(request.asked, do.Push):
            request.outcome = room.push(request.actor, request.asked, at)
        else:
            request.outcome = room.command(request.actor, request.asked, at)
    except Refusal as refusal:
        request.refusal = refusal
    except NeedHistory as need:
        request._need = need
    except Gap:
        request.gap = True
    except Exception as error:
        raise Broken(request) from error


def _checkpoint(room: Room, seq_before: int) -> bytes | None:
    """A checkpoint whenever the log crosses a multiple of ``CHECKPOINT``."""
    return room.state.to_bytes() if room.seq // CHECKPOINT > seq_before // CHECKPOINT else None


async def rehearse(store: Store, person_id: str | None, draft_id: str, command: do.Command) -> Outcome:
    """What a command would come to now; nothing is kept. Raises the Refusal."""
    actor = await _member(store, person_id, draft_id)
    room = await load(store, draft_id)
    request = Request(actor, command, round(now().timestamp() * 1000))
    await _brief(store, room, [request])
    for _ in range(_LOOKS):
        _ask(room, request)
        need = request._need
        if need is None:
            break
        room.remember(need.clause, await store.acts(draft_id, 0, clause_id=need.clause, after_number=need.number))
    return _outcome(request)


async def perform(
    store: Store, person_id: str | None, draft_id: str, command: do.Command, *, at: int | None = None
) -> Outcome:
    """Carry out one command without a hub. ``at`` (UTC ms) is for records brought in from elsewhere; the present by
    default.

    Raises the Refusal. An operation that is in the log already is not done again.
    """
    actor = await _member(store, person_id, draft_id)
    room = await load(store, draft_id)
    request = Request(actor, command, at if at is not None else round(now().timestamp() * 1000), at is not None)
    await turn(store, room, [request])
    return _outcome(request)


async def _member(store: Store, person_id: str | None, draft_id: str) -> Member:
    async with store.read() as q:
        draft = await q.drafts.get(draft_id)
        member = await q.forums.member(draft.forum_id, person_id) if draft is not None and person_id else None
    if member is None:
        raise NotFound("not_found", "There is nothing at this address.")
    return member


def _outcome(request: Request) -> Outcome:
    if request.refusal is not None:
        raise request.refusal
    if request.outcome is None:
        raise NotFound("not_found", "There is nothing at this address.")
    return request.outcome


def public(act: Act) -> bool:
    """Whether everybody who reads the draft may see this act; of the others ``access.hears`` knows."""
    return act.kind not in PRIVATE
