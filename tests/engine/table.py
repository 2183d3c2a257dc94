"""A drafting table without a database: a room, the log it writes, and the people who sit at it."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest

from drafts import commands as do
from drafts.acts import Act, ActKind
from drafts.change import Change, widen
from drafts.errors import Refusal
from drafts.model import ClauseKind, Draft, DraftKind, Group, Member, Mode, Party, Role, Thread, Version
from drafts.redline import live
from drafts.room import Outcome, Room
from drafts.state import ClauseState, State

FORUM = "lakes"
START = 1_790_000_000_000  # UTC ms


def _seat(name: str, code: str, group: Group, role: Role, forum: str = FORUM) -> Member:
    return Member(name.lower(), name, forum, Party(code.lower(), forum, code.title(), code, group), role)


def seat(name: str, code: str, role: Role, group: Group = Group.GOVERNMENT) -> Member:
    """Somebody else in the forum."""
    return _seat(name, code, group, role)


CHAIR = _seat("Ada", "CHR", Group.GOVERNMENT, Role.CHAIR)
INES = _seat("Ines", "NVL", Group.GOVERNMENT, Role.DELEGATE)
JONAS = _seat("Jonas", "NVL", Group.GOVERNMENT, Role.DELEGATE)  # of the same party as Ines
PILAR = _seat("Pilar", "CTM", Group.GOVERNMENT, Role.DELEGATE)
WANDA = _seat("Wanda", "ONW", Group.CIVIL_SOCIETY, Role.OBSERVER)
STRANGER = _seat("Nils", "OUT", Group.GOVERNMENT, Role.CHAIR, "elsewhere")


class Table:
    """A room whose clauses ``c0``, ``c1`` … begin with ``texts``."""

    def __init__(self, *texts: str, mode: Mode = Mode.OPEN) -> None:
        made = datetime.fromtimestamp(START / 1000, UTC)
        self.draft = Draft("d", FORUM, "Norms", "LS/1", DraftKind.NORM, "en", mode, True, 0, made)
        self.log: list[Act] = []
        self.versions: list[tuple[Version, str]] = []
        self.threads: list[Thread] = []
        self.room = Room(State(self.draft))
        clauses = [
            {"id": f"c{i}", "kind": ClauseKind.OPERATIVE.value, "depth": 0, "lang": "", "text": text}
            for i, text in enumerate(texts)
        ]
        facts = {"title": "Norms", "symbol": "LS/1", "kind": "norm", "language": "en", "mode": mode.value}
        begin = Act(
            1, START, CHAIR.person_id, CHAIR.party.id, ActKind.BEGIN, None, None, None, None,
            {"clauses": clauses, "observers": True, **facts},
        )  # fmt: skip
        self.room.heal([begin])
        self.log.append(begin)
        self._ops = count()
        self._counters: dict[tuple[str, str], int] = {}

    # ── asking ──

    def keep(self, outcome: Outcome) -> Outcome:
        """What the store would write."""
        self.log += outcome.acts
        self.versions += outcome.versions
        self.threads += outcome.threads
        return outcome

    def ask(self, actor: Member, command: do.Command) -> Outcome:
        """A command."""
        return self.keep(self.room.command(actor, command, START + len(self.log)))

    def push(
        self, actor: Member, clause: str, base: int, updates: Sequence[Change], *, counter: int = 0, client: str = ""
    ) -> Outcome:
        """Updates that stand on text ``base``; the client id is the person's unless one is given."""
        push = do.Push(clause, client or actor.person_id, base, counter, tuple(updates))
        return self.keep(self.room.push(actor, push, START + len(self.log)))

    def type(self, actor: Member, clause: str, start: int, text: str = "", *, end: int | None = None) -> Outcome:
        """An edit of the present text by an editor that is up to date."""
        found = self[clause]
        change = Change.replace(len(found.wide), start, start if end is None else end, widen(text))
        key = (actor.person_id, clause)
        counter = self._counters.get(key, 0)
        self._counters[key] = counter + 1
        return self.push(actor, clause, found.number, [change], counter=counter, client=f"{actor.person_id} types")

    def op(self) -> str:
        """A new operation id."""
        return f"op{next(self._ops)}"

    def split(self, clause: str, at: int, actor: Member = CHAIR) -> str:
        """Cut a clause at a position of its present text; the new clause's id."""
        act = self.ask(actor, do.Split(self.op(), clause, self[clause].number, at)).acts[-1]
        return str(act.body["into"])

    def join(self, clause: str, actor: Member = CHAIR) -> Outcome:
        """Append a clause to the one before."""
        return self.ask(actor, do.Join(self.op(), clause))

    # ── looking ──

    def __getitem__(self, clause: str) -> ClauseState:
        found = self.room.state.clause(clause)
        assert found is not None
        return found

    @property
    def texts(self) -> list[str]:
        """The standing clauses' texts in order."""
        return [clause.text for clause in self.room.state.standing()]

    @property
    def kinds(self) -> list[str]:
        """The kinds of the acts after the first."""
        return [act.kind.value for act in self.log[1:]]

    def insist(self, checkpoint_at: int | None = None) -> None:
        """The log alone makes the same state, also from a checkpoint, and segments spell the text."""
        state = self.room.state
        for clause in state.clauses:
            assert live(clause.segments) == clause.wide
        replayed = State(self.draft)
        replayed.apply_all(self.log)
        assert replayed.to_bytes() == state.to_bytes()
        assert replayed.draft == state.draft
        at = len(self.log) // 2 if checkpoint_at is None else checkpoint_at
        then = State.restore(self.draft, None, self.log[:at])
        resumed = State.restore(state.draft, (at, then.to_bytes()), self.log[at:])
        assert resumed.to_bytes() == state.to_bytes()
        assert resumed.draft == state.draft


def table(*texts: str) -> Table:
    """One of three clauses, unless it is said which."""
    return Table(*(texts or ("First words.", "Second words.", "Third words.")))


def refuses(made: Table, refusal: type[Refusal], key: str, act: Callable[[], Any]) -> None:
    """What is asked is refused by this name, and nothing has changed."""
    before, seq = made.room.state.to_bytes(), made.room.seq
    with pytest.raises(refusal) as caught:
        act()
    assert caught.value.key == key
    assert (made.room.state.to_bytes(), made.room.seq) == (before, seq)
