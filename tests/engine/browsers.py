"""Browsers without pages (node/browsers.mjs) and the server's side of their network, all in the order a test gives.

The server here is the real Room between queues: frames wait in both directions until the schedule moves them on.
"""

import json
import subprocess
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import IO, Any, Self

from drafts import commands as do
from drafts.acts import Act
from drafts.change import Change, narrow
from drafts.errors import Refusal
from drafts.late import Gap, NeedHistory
from drafts.model import Member
from drafts.room import Outcome, Room
from drafts.state import State
from server import wire
from server.live import command_of
from server.sitting import act_frame
from tests.engine.table import START, Table
from tests.repo import REPO

SCRIPT = REPO / "tests" / "engine" / "node" / "browsers.mjs"
Frame = dict[str, Any]


class Browsers:
    """The Node process; used with ``with``."""

    def __init__(self, node: Sequence[str]) -> None:
        self._process = subprocess.Popen(
            [*node, str(SCRIPT)], cwd=REPO, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._pipe(self._process.stdin).close()
        self._process.wait(20)
        self._pipe(self._process.stdout).close()

    @staticmethod
    def _pipe(pipe: IO[str] | None) -> IO[str]:
        assert pipe is not None
        return pipe

    def order(self, do: str, browser: int | None = None, **more: Any) -> Frame:
        """Give one order; ``answer``, the frames it made the browser send, and whether it dialled or gave up."""
        pipe = self._pipe(self._process.stdin)
        pipe.write(json.dumps({"do": do, "browser": browser, **more}) + "\n")
        pipe.flush()
        line = self._pipe(self._process.stdout).readline()
        assert line, "the browsers' process died"
        answer: Frame = json.loads(line)
        return answer


@dataclass(eq=False, slots=True)
class Line:
    """One connection. ``up``: the browser still hears it; frames that it sent before may come in later all the same."""

    client: str
    browser: int
    since: int
    up: bool = True
    inbox: deque[Frame] = field(default_factory=deque)  # to the server; None in front: it arrives
    outbox: deque[Frame] = field(default_factory=deque)  # to the browser
    listening: bool = False


def room_data(table: Table, member: Member) -> Frame:
    """What a page of the draft holds for the scripts, as far as they need it without a page."""
    state = table.room.state
    clauses = [
        {
            "id": c.id, "kind": c.kind.value, "depth": c.depth, "lang": c.lang, "number": c.number,
            "segs": [[narrow(s.text), *s[1:]] for s in c.segments], "state": c.state, "state_by": c.state_by,
            "state_at": c.state_at, "born": c.born, "source": c.source, "gone": c.gone and c.gone[:5],
            "moved": c.moved,
        }
        for c in state.clauses
    ]  # fmt: skip
    you = {"person": member.person_id, "party": member.party.id, "role": member.role.value}
    return {
        "draft": {"id": "d", "mode": state.draft.mode.value, "stage": state.draft.stage.value},
        "seq": state.draft.seq, "epoch": state.epoch, "you": you,
        "floor": {"proposals": [], "clauses": [], "draft": {}},  # nothing here reads who stands where
        "kept": [(clause, *kept) for clause, kept in state.kept.items()],
        "authors": state.authors, "people": {}, "parties": {}, "clauses": clauses, "threads": [], "socket": "/ws",
    }  # fmt: skip


class Net:
    """The server and the lines to it."""

    def __init__(self, browsers: Browsers, table: Table, people: Sequence[Member]) -> None:
        self.browsers = browsers
        self.table = table
        self.people = people
        self.lines: list[Line] = []
        self.dialled = 0
        self.refused = ""  # all words of pushes that were refused
        self.pushed: list[tuple[Line, Frame]] = []  # every push that ever came in
        browsers.order("forget")
        for browser in range(len(people)):
            self.load(browser)

    def order(self, do: str, browser: int, **more: Any) -> Any:
        """An order to a browser; what it sends goes onto its line."""
        answer = self.browsers.order(do, browser, **more)
        if answer["dialled"] is not None:
            self.dialled += 1
            client = f"{self.people[browser].person_id} {self.dialled}"
            self.lines.append(Line(client, browser, answer["dialled"]))
        for frame in answer["sent"]:
            line = self.line(browser)
            assert line is not None
            line.inbox.append(frame)
        if answer["again"]:
            self.load(browser)
        return answer["answer"]

    def line(self, browser: int) -> Line | None:
        """The line that the browser hears."""
        return next((line for line in self.lines if line.browser == browser and line.up), None)

    # ── what the network and people do ──

    def load(self, browser: int) -> None:
        """(Re)load the page, whatever it was about to do."""
        self._cut(browser)
        self.order("page", browser, data=room_data(self.table, self.people[browser]))

    def lose(self, browser: int) -> None:
        """The line breaks; what was on it to the server may still come in, what was on it to the browser does not."""
        if self._cut(browser):
            self.order("line_lost", browser)

    def _cut(self, browser: int) -> bool:
        line = self.line(browser)
        if line is None:
            return False
        line.up = line.listening = False
        line.outbox.clear()
        return True

    def dial(self, browser: int) -> None:
        """Come back."""
        if self.line(browser) is None:
            self.order("dial", browser)

    def deliver(self, browser: int, count: int) -> None:
        """The browser hears the next frames."""
        line = self.line(browser)
        if line is not None and line.outbox:
            frames = [line.outbox.popleft() for _ in range(min(count, len(line.outbox)))]
            self.order("hear", browser, frames=frames)

    # ── what the server does ──

    def turn(self, taken: Sequence[tuple[Line, int]]) -> None:
        """Take so many frames of each of these lines, decide, spread, answer: as server/sitting.py does."""
        acts: list[Act] = []
        answers: list[tuple[Line, Frame]] = []
        arrived: list[Line] = []
        for line, count in taken:
            if not line.listening and line.up and line not in arrived:
                arrived.append(line)
                continue
            for _ in range(min(count, len(line.inbox))):
                self._take(line, line.inbox.popleft(), acts, answers)
        self.spread(acts)
        for line, answer in answers:
            if line.up:
                line.outbox.append(answer)
        for line in arrived:
            self._arrive(line)
        self.lines = [line for line in self.lines if line.up or line.inbox]

    def spread(self, acts: Sequence[Act]) -> None:
        """One tick for everybody who listens."""
        if acts:
            tick = wire.Tick(seq=self.table.room.seq, acts=[act_frame(act) for act in acts])
            for line in self.lines:
                if line.listening:
                    line.outbox.append(_plain(tick))

    def _arrive(self, line: Line) -> None:
        room = self.table.room
        you = self.people[line.browser].person_id
        line.outbox.append(
            _plain(
                wire.Welcome(seq=room.seq, client=line.client, you=you, may_edit=True, people={}, here=[], watching={})
            )
        )
        if line.since < room.seq:
            missed = [act_frame(act) for act in self.table.log[line.since :]]
            line.outbox.append(_plain(wire.Tick(seq=room.seq, acts=missed)))
        line.listening = True

    def _take(self, line: Line, frame: Frame, acts: list[Act], answers: list[tuple[Line, Frame]]) -> None:
        member = self.people[line.browser]
        parsed = wire.decoder.decode(json.dumps(frame))
        if isinstance(parsed, wire.Fetch):
            found = [a for a in self.table.log if a.clause_id == parsed.clause and (a.number or 0) > parsed.since]
            frames = [act_frame(act) for act in found]
            fetched = wire.Fetched(clause=parsed.clause, since=parsed.since, seq=self.table.room.seq, acts=frames)
            answers.append((line, _plain(fetched)))
            return
        if isinstance(parsed, wire.Push):
            self.pushed.append((line, frame))
        try:
            outcome = self._ask(member, parsed)
        except Gap:
            answers.append((line, _plain(wire.Again(reason="gap"))))
        except Refusal as refusal:
            named = {name: frame[name] for name in ("op", "clause", "client", "counter") if name in frame}
            if isinstance(parsed, wire.Push):
                self.refused += json.dumps(frame["updates"], ensure_ascii=False)
                named.pop("op", None)
            else:
                named = {"op": frame["op"]}
            answers.append((line, _plain(wire.Refused(key=refusal.key, message=str(refusal), **named))))
        else:
            acts += outcome.acts
            if outcome.carried is not None:
                last = frame["counter"] + len(frame["updates"]) - 1
                answers.append((line, _plain(wire.Carried(frame["clause"], frame["client"], last, outcome.carried))))

    def _ask(self, member: Member, parsed: Any) -> Outcome:
        at = START + len(self.table.log)
        while True:
            try:
                if isinstance(parsed, wire.Push):
                    updates = tuple(Change.from_json(update) for update in parsed.updates)
                    push = do.Push(parsed.clause, parsed.client, parsed.base, parsed.counter, updates)
                    return self.table.keep(self.table.room.push(member, push, at))
                return self.table.keep(self.table.room.command(member, command_of(parsed), at))
            except NeedHistory as need:
                found = [a for a in self.table.log if a.clause_id == need.clause and (a.number or 0) > need.number]
                self.table.room.remember(need.clause, found)

    def again(self, frame: int) -> None:
        """A push that came in before comes in once more, on a line that nobody hears."""
        line, push = self.pushed[frame]
        self.lines.append(Line(line.client, line.browser, 0, up=False, inbox=deque([push])))

    def restart(self, checkpoint_at: int) -> None:
        """The server dies and comes back from a checkpoint; every line is gone."""
        for browser in range(len(self.people)):
            self.lose(browser)
        self.lines = []
        log = self.table.log
        then = State.restore(self.table.draft, None, log[:checkpoint_at])
        self.table.room = Room.load(self.table.room.state.draft, (checkpoint_at, then.to_bytes()), log[checkpoint_at:])

    def calm(self) -> None:
        """No more trouble: everything comes in, everything is heard, until nothing moves."""
        for _ in range(200):
            for browser in range(len(self.people)):
                self.dial(browser)
            moving = [line for line in self.lines if line.inbox or (line.up and not line.listening)]
            self.turn([(line, len(line.inbox)) for line in moving])
            heard = [line for line in self.lines if line.outbox]
            for line in heard:
                self.deliver(line.browser, len(line.outbox))
            if not moving and not heard:
                return
        raise AssertionError("the schedule never comes to rest")


def _plain(frame: Any) -> Frame:
    plain: Frame = json.loads(wire.encoder.encode(frame))
    return plain
