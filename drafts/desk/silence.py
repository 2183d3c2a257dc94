"""Silence procedures: what starting one takes, what a member sees of them, who has not looked yet, and the certificate
of how one ended."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from drafts import commands as do
from drafts.access import Verb, may
from drafts.acts import ActKind
from drafts.desk import admit, cast, drafts
from drafts.desk.cast import Cast
from drafts.desk.floor import View, Views
from drafts.errors import Conflict, Invalid, NotFound
from drafts.floor import Silence
from drafts.model import Clause, ClauseKind, Draft, Forum, Member, Party, Role, Stage
from drafts.numbering import full
from drafts.silence import as_issued
from drafts.state import State
from drafts.store import Store, Work

LATEST: Final = "latest"
_GRACE: Final = 5_000  # ms between choosing how long and the start, for which the deadline is moved on
_MINUTE: Final = 60_000
_SPEAKERS: Final = frozenset({Role.CHAIR, Role.SECRETARIAT, Role.DELEGATE})


@dataclass(frozen=True, slots=True)
class Proceedings:
    """The silence procedures of a draft as a member sees them, the newest first (``floor.Views.silence``), with the
    explanations of position that were given during and after each, by its id.

    ``hindrance``: why none can be started now; None where nothing is in the way or the member may not start one.
    ``unopened``: for those who lead, while one runs: the parties of which nobody has opened the text since."""

    state: State
    me: Member
    people: Cast
    procedures: list[View]
    explanations: dict[str, list[View]]
    hindrance: Conflict | None
    unopened: list[Party]

    @property
    def forum(self) -> Forum:
        """The draft's forum, with its rules."""
        return self.people.forum

    @property
    def running(self) -> View | None:
        """The procedure that runs."""
        return self.procedures[0] if self.procedures and not self.procedures[0]["outcome"] else None


async def proceedings(store: Store, person_id: str | None, draft_id: str) -> Proceedings:
    """All of it. Raises NotFound."""
    state, me = await drafts.state(store, person_id, draft_id)
    if state.draft.parent:  # a proposal's own text
        raise admit.nothing()
    people = await cast.of(store, state)
    views, silences = Views(state, people), state.floor.silences
    leads = may(me, Verb.SILENCE_LEAD, state.draft) is None
    hindrance, unopened = None, list[Party]()
    async with store.read() as q:
        if leads and state.floor.silence is None:
            hindrance = await _hindrance(q, state)
        if leads and state.floor.silence is not None:
            unopened = await _unopened(q, state, people, state.floor.silence)
    return Proceedings(
        state,
        me,
        people,
        [views.silence(me, found) for found in reversed(silences)],
        {found.id: _explanations(views, state, found) for found in silences},
        hindrance,
        unopened,
    )


async def _hindrance(q: Work, state: State) -> Conflict | None:
    try:
        as_issued(state, await _issued(q, state.draft.id, len(state.issued)))
    except Conflict as refusal:
        return refusal
    return None


async def _issued(q: Work, draft_id: str, number: int) -> str:
    """The canonical content of a version, '' when there is none."""
    found = await q.drafts.version(draft_id, number)
    return found[1] if found else ""


async def _unopened(q: Work, state: State, people: Cast, running: Silence) -> list[Party]:
    opened = await q.drafts.opened(state.draft.id)
    since = _moment(running.started_at)
    seen = {
        member.party.id
        for member in people.members.values()
        if member.person_id in opened and opened[member.person_id] >= since
    }
    return [people.parties[one] for one in running.parties if one in people.parties and one not in seen]


def _explanations(views: Views, state: State, found: Silence) -> list[View]:
    """Those that were given from a procedure's start on, until the next one's."""
    after = [one.started_at for one in state.floor.silences if one.started_at > found.started_at]
    until = min(after, default=None)
    return [
        {"party": views.party(one.party), "text": one.text, "at": one.at}
        for one in state.floor.explanations
        if one.at >= found.started_at and (until is None or one.at < until)
    ]


# ── starting one ──


async def starting(
    store: Store, person_id: str | None, draft_id: str, op: str, deadline: int, note: str
) -> do.StartSilence:
    """The command that starts one, with what is the forum's to say and what proves the text. Raises NotFound,
    Forbidden."""
    async with store.read() as q:
        draft, _ = await admit.to_draft(q, person_id, draft_id, Verb.SILENCE_LEAD)
        forum, _ = await admit.to_forum(q, person_id, draft.forum_id, Verb.FORUM_READ)
        versions = await q.drafts.versions(draft_id)
        issued = await _issued(q, draft_id, len(versions))
        members = await q.forums.members(draft.forum_id)
    parties = dict.fromkeys(m.party.id for m in members if m.role in _SPEAKERS)
    return do.StartSilence(op, deadline, forum.silence_minimum, note, issued, tuple(parties))


def ends(lasts: int, at: int) -> int:
    """The deadline, a full minute in UTC ms, of a procedure that lasts ``lasts`` seconds at least and starts soon after
    ``at``. Raises Invalid for an absurd length."""
    if not 0 <= lasts <= 400 * 24 * 3600:
        raise Invalid("deadline_late", "A silence procedure lasts a year at most.")
    return -(-(at + _GRACE + lasts * 1000) // _MINUTE) * _MINUTE


# ── who has looked ──


async def note_opened(store: Store, draft: Draft, person_id: str, at: int) -> None:
    """A person has the text before them: written down while it is under silence only."""
    if draft.stage is not Stage.SILENCE:
        return
    try:
        async with store.write() as q:
            await q.drafts.note_opened(draft.id, person_id, _moment(at))
    except Conflict:  # at the same moment by another server
        pass


@dataclass(frozen=True, slots=True)
class Reminder:
    """A draft under silence that a person has not opened since it began."""

    draft: Draft
    deadline: int


async def reminders(store: Store, person_id: str) -> list[Reminder]:
    """The drafts under silence, in the person's forums, that they have not opened, the next deadline first."""
    found = []
    async with store.read() as q:
        members = {forum.id: member for forum, member in await q.forums.of_person(person_id)}
        for draft in await q.drafts.in_silence():
            member = members.get(draft.forum_id)
            if member is None or may(member, Verb.DRAFT_READ, draft) is not None:
                continue
            begun = await q.log.latest(draft.id, ActKind.SILENCE)
            seen = (await q.drafts.opened(draft.id)).get(person_id)
            if begun is not None and (seen is None or seen < _moment(begun.at)):
                found.append(Reminder(draft, begun.body["deadline"]))
    return sorted(found, key=lambda one: one.deadline)


# ── how one ended ──


@dataclass(frozen=True, slots=True)
class Certificate:
    """How a silence procedure ended, as a member may hear of it. ``procedure`` and ``explanations`` are views;
    ``parties`` those that could break it; ``labels``: what the version calls its clauses; ``act`` and ``proof``: the
    number of the act of adoption and its hash in the log, 0 and '' for another outcome; ``late``: whether it was
    written down well after the deadline, since no server ran."""

    draft: Draft
    forum: Forum
    me: Member
    title: str
    symbol: str
    language: str
    procedure: View
    explanations: list[View]
    parties: list[Party]
    labels: dict[str, str]
    act: int
    proof: str

    @property
    def late(self) -> bool:
        """Whether an adoption was recorded more than a minute after the deadline."""
        told = self.procedure
        return bool(told["outcome"] == "adopted" and told["ended_at"] - told["deadline"] > _MINUTE)


async def certificate(store: Store, person_id: str | None, draft_id: str, procedure_id: str) -> Certificate:
    """Of a procedure, or of the ``latest``. Raises NotFound, also while it runs."""
    told = await proceedings(store, person_id, draft_id)
    wanted = [one for one in told.procedures if procedure_id in {LATEST, one["id"]}]
    if not wanted:
        raise admit.nothing()
    procedure = wanted[0]
    if not procedure["outcome"]:
        raise NotFound("no_certificate", "There is a certificate once the silence procedure has ended.")
    known = next(one for one in told.state.floor.silences if one.id == procedure["id"])
    async with store.read() as q:
        content = msgspec.json.decode(await _issued(q, draft_id, known.version))
        act, proof = await _adoption(q, draft_id, known)
    parties = [told.people.parties[one] for one in known.parties if one in told.people.parties]
    return Certificate(
        told.state.draft,
        told.forum,
        told.me,
        content["title"],
        content["symbol"],
        content["language"],
        procedure,
        told.explanations[procedure["id"]],
        sorted(parties, key=lambda party: party.name),
        called([_clause(one) for one in content["clauses"]]),
        act,
        proof,
    )


async def _adoption(q: Work, draft_id: str, known: Silence) -> tuple[int, str]:
    """Number and hash of the act by which the procedure's text was adopted."""
    act = await q.log.latest(draft_id, ActKind.ADOPT) if known.outcome == "adopted" else None
    if act is None:
        return 0, ""
    (row,) = await q.log.page(draft_id, act.seq - 1, 1)
    return act.seq, row.hash


def called(clauses: Sequence[Clause]) -> dict[str, str]:
    """What to call the clauses of a text, by id: their full labels, or their first words."""
    return {c.id: label or _beginning(c.text) for c, label in zip(clauses, full(clauses), strict=True)}


def _clause(content: dict[str, Any]) -> Clause:
    return Clause(content["id"], ClauseKind(content["kind"]), content["depth"], content["text"], content["label"])


def _beginning(text: str) -> str:
    text = text.replace("*", "")
    return f"“{text}”" if len(text) <= 40 else f"“{text[:39].rstrip()}…”"


def _moment(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC)
