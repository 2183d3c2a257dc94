"""Makes the demo forum: people and parties, then both texts with their story, through a room, in one transaction.

The room decides on every step as it does on a living draft, so that the log, the versions and their chain, the redline
and the places of comments are what they would be if people had done all this. Only the times are given, not taken.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final

from drafts import commands as do
from drafts.acts import Act, ActKind, Begun, Decided
from drafts.beginning import own_text
from drafts.change import widen
from drafts.model import (
    ClauseKind,
    Comment,
    Draft,
    Forum,
    Member,
    Mode,
    Party,
    Person,
    Place,
    Proposal,
    ProposalState,
    Thread,
    new_id,
    now,
)
from drafts.room import Outcome, Room
from drafts.state import ClauseState, State
from drafts.store import Store, Work, begin, keep
from server.demo import cast, story, text
from server.demo.hearing import Consulting
from server.demo.steps import (
    Agree,
    Answer,
    Cut,
    Drop,
    Out,
    Propose,
    Put,
    Say,
    Settle,
    Shift,
    Stand,
    Status,
    Step,
    Take,
    Why,
    Words,
)

__all__ = ["make"]

_BEFORE: Final = timedelta(days=50)  # when forum and people came to be


async def make(store: Store) -> Forum:
    """The demo forum; made now when this database has none. All of it or nothing is written."""
    async with store.write() as q:
        known = await q.forums.all(demo=True)
        return known[0] if known else await _make(q)


async def _make(q: Work) -> Forum:
    today = now().replace(microsecond=0)
    forum = Forum(new_id(), cast.FORUM, cast.LEVEL, today - _BEFORE, public=True, accredits=True)
    await q.forums.add(forum, demo=True)
    players = await _players(q, forum)
    tellings = []
    for brought, whole, steps in (
        (story.BROUGHT, text.NORMS, story.STORY),
        (story.PEN_BROUGHT, text.NOTICE, story.PEN_STORY),
    ):
        telling = _Telling(forum.id, whole, brought, players, today)
        await telling.tell(q, steps)
        tellings.append(telling)
    await Consulting(q, tellings[0].draft, tellings[0].ids, players, today).tell()
    return forum


async def _players(q: Work, forum: Forum) -> dict[str, Member]:
    parties = {seat.code: Party(new_id(), forum.id, seat.name, seat.code, seat.group) for seat in cast.SEATS}
    for party in parties.values():
        await q.forums.add_party(party)
    players: dict[str, Member] = {}
    for player in cast.PLAYERS:
        person = Person(new_id(), player.name, player.email)
        await q.people.add(person, None, forum.created_at)
        await q.forums.add_member(forum.id, person.id, parties[player.code].id, player.role, forum.created_at)
        players[player.key] = Member(person.id, person.name, forum.id, parties[player.code], player.role)
    return players


class _Telling:
    """One draft while its story is told."""

    def __init__(
        self,
        forum_id: str,
        whole: text.Text,
        brought: tuple[int, str, str],
        players: dict[str, Member],
        today: datetime,
    ) -> None:
        self.players = players
        self.parties = {member.party.code: member.party.id for member in players.values()}
        self.today = today
        self.ids = {line.key: new_id() for line in whole.lines}
        day, clock, who = brought
        self.author = players[who]
        at = self._moment(day, clock)
        observers = whole.mode is Mode.OPEN
        self.draft = Draft(
            new_id(), forum_id, whole.title, whole.symbol, whole.kind, "en", whole.mode, observers, 0, at
        )
        self.room = Room(State(self.draft))
        self.acts = [self._begin(whole.lines, at)]
        self.room.heal(self.acts)
        self.outcomes: list[Outcome] = []
        self.threads: dict[str, Thread] = {}
        self.begun: list[Begun] = []
        self.settled: dict[str, tuple[Member, datetime]] = {}

    def _moment(self, day: int, clock: str) -> datetime:
        date = (self.today + timedelta(days=day)).date()
        return datetime.combine(date, time.fromisoformat(clock), UTC)

    def _begin(self, lines: Sequence[text.Line], at: datetime) -> Act:
        clauses = [
            {
                "id": self.ids[line.key],
                "kind": line.kind.value,
                "depth": line.depth,
                "lang": line.lang,
                "text": line.text,
            }
            for line in lines
        ]
        facts = {
            "title": self.draft.title,
            "symbol": self.draft.symbol,
            "kind": self.draft.kind.value,
            "language": self.draft.language,
            "mode": self.draft.mode.value,
            "observers": self.draft.observers,
        }
        person, party = self.author.person_id, self.author.party.id
        body = facts | {"clauses": clauses}
        return Act(1, _ms(at), person, party, ActKind.BEGIN, None, None, None, None, body)

    async def tell(self, q: Work, steps: Sequence[Step]) -> None:
        """Let every step happen, then write it all."""
        for step in steps:
            self._step(step)
        await q.drafts.add(self.draft, self.author.person_id)
        versions = tuple(version for outcome in self.outcomes for version in outcome.versions)
        told = tuple(one for outcome in self.outcomes for one in outcome.proposals)
        decided = Decided(
            tuple(self.acts), self.room.state.draft, versions, tuple(self.threads.values()), proposals=told
        )
        for one in self.begun:
            await begin(q, one)
        await keep(q, self.draft, "", decided)
        for key, (member, at) in self.settled.items():
            await q.threads.resolve(self.threads[key].id, member.person_id, at)

    def _step(self, step: Step) -> None:
        at, actor = self._moment(step.day, step.time), self.players[step.who]
        if isinstance(step, Answer):
            thread = self.threads[step.thread]
            said = Comment(new_id(), thread.id, actor.person_id, actor.person_name, actor.party, step.body, at)
            self.threads[step.thread] = replace(thread, comments=(*thread.comments, said))
        elif isinstance(step, Settle):
            self.settled[step.thread] = (actor, at)
        elif isinstance(step, Propose) and step.private:
            self._begun(step, actor, at, self._proposal("", step))
        else:
            asked = self._command(step)
            if isinstance(asked, do.Table) and isinstance(step, Propose):
                self._begun(step, actor, at, asked)
            outcome = self.room.command(actor, asked, _ms(at))
            self.acts += outcome.acts
            self.outcomes.append(outcome)
            self._learn(step, outcome)

    def _begun(self, step: Propose, actor: Member, at: datetime, asked: do.Table) -> None:
        """The proposal as its own party has it, with a text of its own."""
        clause = self.room.state.by_id[asked.clause] if asked.clause else None
        made = Proposal(
            id=asked.proposal,
            draft_id=self.draft.id,
            party_id=actor.party.id,
            person_id=actor.person_id,
            kind=asked.kind,
            state=ProposalState.DRAFT,
            clause_id=asked.clause,
            base_number=asked.base,
            base_seq=self.room.seq,
            base_text=clause.text if clause else "",
            after_id=asked.after,
            reason=step.reason,
            created_at=at - timedelta(minutes=20),
        )
        shape = (clause.kind, clause.depth, clause.lang) if clause else asked.shape or (ClauseKind.OPERATIVE, 0, "")
        self.begun.append(own_text(self.draft, actor, made, shape, asked.text or None))

    def _learn(self, step: Step, outcome: Outcome) -> None:
        """Remember what the step made under the name that the story uses."""
        if isinstance(step, Say):
            self.threads[step.key] = outcome.threads[0]
        elif isinstance(step, Cut):
            self.ids[step.key] = outcome.acts[0].body["into"]
        elif isinstance(step, Put):
            self.ids[step.line.key] = outcome.acts[0].clause_id or ""

    def _clause(self, key: str) -> ClauseState:
        return self.room.state.by_id[self.ids[key]]

    def _span(self, key: str, words: str) -> tuple[ClauseState, int, int]:
        """Where the words stand in the clause, in UTF-16 units. ValueError unless they stand there once."""
        clause = self._clause(key)
        if clause.wide.count(widen(words)) != 1:
            raise ValueError(f"{words!r} does not stand once in {clause.text!r}")
        start = clause.wide.index(widen(words))
        return clause, start, start + len(widen(words))

    def _command(self, step: Step) -> do.Command:
        op = new_id(16)
        match step:
            case Words():
                clause, _, _ = self._span(step.clause, step.old)
                return do.Edit(op, clause.id, clause.number, clause.text.replace(step.old, step.new))
            case Cut():
                clause, start, _ = self._span(step.clause, step.words)
                return do.Split(op, clause.id, clause.number, start)
            case Put():
                line = step.line
                return do.Insert(op, self.ids[step.after], line.kind, line.depth, line.lang, (line.text,))
            case Shift():
                return do.Move(op, self.ids[step.clause], self.ids[step.after])
            case Drop():
                return do.Delete(op, self.ids[step.clause], step.reason)
            case Agree():
                return do.Lock(op, self.ids[step.clause], "agreed_ad_ref")
            case Out():
                return do.Issue(op, step.label, step.symbol, step.status, step.note)
            case Say():
                return self._thread(op, step)
            case Propose() | Stand() | Take() | Status() | Why():
                return self._tabled(op, step)
        raise TypeError(f"no command for {step}")

    def _tabled(self, op: str, step: Propose | Stand | Take | Status | Why) -> do.Command:
        match step:
            case Propose():
                return self._proposal(op, step)
            case Stand():
                return self._position(op, step)
            case Take():
                tabled = self.room.state.floor.proposals[self.ids[step.proposal]]
                number = self.room.state.by_id[tabled.clause].number if tabled.clause else 0
                return do.Accept(op, (tabled.id,), number, None, step.reason)
            case Status():
                return do.Lock(op, self.ids[step.clause], step.status.value, step.reason)
            case Why():
                clause, start, _ = self._span(step.clause, step.words)
                link = self.ids[step.link] if step.link else None
                return do.PutBracket(op, clause.id, clause.number, start, start, step.reason, link, step.note)

    def _proposal(self, op: str, step: Propose) -> do.Table:
        proposal = self.ids[step.key] = new_id()
        sponsors = tuple(self.parties[code] for code in step.sponsors)
        if step.line is not None:
            shape = (step.line.kind, step.line.depth, step.line.lang)
            after = self.ids[step.clause]
            return do.Table(op, proposal, step.kind, None, 0, "", step.line.text, after, shape, step.reason, sponsors)
        clause = self._clause(step.clause)
        old = clause.text
        if step.old:
            self._span(step.clause, step.old)
        text = old.replace(step.old, step.new) if step.old else ""
        return do.Table(op, proposal, step.kind, clause.id, clause.number, old, text, None, None, step.reason, sponsors)

    def _position(self, op: str, step: Stand) -> do.TakePosition:
        on, condition = self.ids[step.on], self.ids[step.condition] if step.condition else None
        tabled = self.room.state.floor.proposals.get(on)
        return do.TakePosition(op, on, step.stance, step.note, condition, tabled.wording if tabled else 0)

    def _thread(self, op: str, step: Say) -> do.OpenThread:
        if step.words:
            clause, start, end = self._span(step.clause, step.words)
            return do.OpenThread(op, Place.SPAN, step.body, clause.id, clause.number, start, end, step.audience)
        clause_id = self.ids[step.clause] if step.clause else None
        place = Place.MISSING if step.missing else (Place.CLAUSE if clause_id else Place.DRAFT)
        return do.OpenThread(op, place, step.body, clause_id, audience=step.audience)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)
