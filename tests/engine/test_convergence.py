"""Several browsers, one room, a bad network: everybody ends with the same text, and every word is where it belongs.

Each schedule is a table with a few clauses, three or four browsers (the real Session of web/src on the real
@codemirror/collab) and some dozens of things that happen in a random order: typing, erasing, cutting, joining, locking,
frames that come late, lines that break with frames on them, pages that are loaded again, pushes that come in twice,
a server that starts again from a checkpoint. Then calm. ARCHITECTURE.md, rules of the change engine, 2, 4, 6, 7, 8.
"""

import json
import random
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from drafts import commands as do
from drafts.change import narrow, widen
from drafts.errors import Refusal
from tests.engine.browsers import Browsers, Net
from tests.engine.seed import landing, seeded
from tests.engine.table import CHAIR, INES, JONAS, PILAR, Table
from tests.repo import REPO

SECONDS = 30
LEAST = 1_500  # distinct schedules, however long they take
PEOPLE = [INES, PILAR, JONAS, CHAIR]
ALPHABETS = ["abcdefghij", "تمنعدوﻻسرطف", "🕊🌍👩🏽🐟", "e\u0301o\u0308ß"]


@dataclass(slots=True)
class Word:
    """What is known of a word that somebody typed."""

    browser: int
    left: str | None
    right: str | None
    vague: (
        bool  # typed while a cut of the clause under it was not settled: beside words that were on their way elsewhere
    )


@dataclass(slots=True)
class Schedule:
    """What happened, in the order it did."""

    rng: random.Random
    net: Net
    typed: dict[str, Word] = field(default_factory=dict)
    erased: set[str] = field(default_factory=set)
    moved: bool = False
    story: list[Any] = field(default_factory=list)

    def token(self) -> str:
        """A new word: its number in the letters of some script."""
        letters = self.rng.choice(ALPHABETS)
        number = len(self.typed)
        return f"{self.rng.choice(letters)}{number}{self.rng.choice(letters)}"

    def browser(self) -> int:
        return self.rng.randrange(len(self.net.people))

    def happen(self, kind: str) -> None:
        """One thing."""
        before = len(self.story)
        HAPPENINGS[kind](self)
        if len(self.story) == before:
            self.story.append(kind)

    # ── what people do ──

    def type(self) -> None:
        browser, count = self.browser(), self.rng.choice([1, 1, 1, 2, 4])
        tokens = []
        for _ in range(count):
            token = self.token()
            self.typed[token] = Word(browser, None, None, vague=False)
            tokens.append(token)
        done = self.net.order(
            "type",
            browser,
            random=self.rng.random(),
            where=self.rng.random(),
            tokens=tokens,
            behind=self.rng.random() < 0.6,
        )
        for token in tokens if done is None else ():
            del self.typed[token]
        for one in done["words"] if done else ():
            self.typed[one["token"]] = Word(browser, one["left"], one["right"], one["vague"])
        self.story.append(("type", browser, done))

    def erase(self) -> None:
        browser = self.browser()
        where, count = self.rng.random(), self.rng.choice([1, 1, 2, 3])
        done = self.net.order("erase", browser, random=self.rng.random(), where=where, count=count)
        self.erased.update(done["words"] if done else ())
        self.story.append(("erase", browser, done))

    def split(self) -> None:
        browser = self.browser()
        done = self.net.order("split", browser, random=self.rng.random(), where=self.rng.random())
        self.story.append(("split", browser, done))

    def ask(self, **command: Any) -> None:
        browser = self.browser()
        done = self.net.order("ask", browser, random=self.rng.random(), command=command)
        self.story.append((command["t"], browser, done))

    def lock(self) -> None:
        """The chair, in the same room, beyond any network."""
        clause = self.rng.choice(self.net.table.room.state.clauses)
        state = "open" if clause.locked else "agreed_ad_ref"
        self.chair(do.Lock(self.net.table.op(), clause.id, state, "On reflection."))

    def issue(self) -> None:
        self.chair(do.Issue(self.net.table.op(), f"Rev.{len(self.story)}"))

    def chair(self, command: do.Command) -> None:
        self.story.append(type(command).__name__)
        try:
            self.net.spread(self.net.table.ask(CHAIR, command).acts)
        except Refusal as refusal:
            self.story.append(refusal.key)

    def move(self) -> None:
        self.moved = True
        self.ask(t="move", after=None)

    # ── what the network does ──

    def turn(self) -> None:
        lines = self.net.lines
        taken = [(line, self.rng.randint(1, 4)) for line in lines if self.rng.random() < 0.6]
        self.rng.shuffle(taken)
        self.story.append(("turn", [(lines.index(line), count) for line, count in taken]))
        self.net.turn(taken)

    def deliver(self) -> None:
        browser, count = self.browser(), self.rng.randint(1, 3)
        self.story.append(("deliver", browser, count))
        self.net.deliver(browser, count)

    def lose(self) -> None:
        browser = self.browser()
        self.story.append(("lose", browser))
        self.net.lose(browser)

    def dial(self) -> None:
        browser = self.browser()
        self.story.append(("dial", browser))
        self.net.dial(browser)

    def load(self) -> None:
        browser = self.browser()
        self.story.append(("load", browser))
        self.net.load(browser)

    def again(self) -> None:
        if self.net.pushed:
            frame = self.rng.randrange(len(self.net.pushed))
            self.story.append(("again", frame))
            self.net.again(frame)

    def restart(self) -> None:
        at = self.rng.randint(0, len(self.net.table.log))
        self.story.append(("restart", at))
        self.net.restart(at)


HAPPENINGS = {
    "type": Schedule.type, "erase": Schedule.erase, "split": Schedule.split, "lock": Schedule.lock,
    "join": lambda self: self.ask(t="join"), "delete": lambda self: self.ask(t="delete"),
    "restore": lambda self: self.ask(t="restore"), "move": Schedule.move, "issue": Schedule.issue,
    "turn": Schedule.turn, "deliver": Schedule.deliver, "lose": Schedule.lose, "dial": Schedule.dial,
    "load": Schedule.load, "again": Schedule.again, "restart": Schedule.restart,
}  # fmt: skip
OFTEN = {
    "type": 9, "erase": 2, "split": 2, "lock": 0.5, "join": 2, "delete": 0.3, "restore": 0.5, "move": 0.15,
    "issue": 0.3, "turn": 8, "deliver": 10, "lose": 0.8, "dial": 2, "load": 0.3, "again": 0.7, "restart": 0.15,
}  # fmt: skip


def play(browsers: Browsers, seed: int) -> Schedule:
    """One schedule, to its end."""
    rng = random.Random(seed)
    texts = [
        " ".join(f"w{clause}x{word}" for word in range(rng.choice([0, 3, 6])))
        for clause in range(rng.choice([1, 2, 3]))
    ]
    net = Net(browsers, Table(*texts), PEOPLE[: rng.choice([3, 4])])
    schedule = Schedule(rng, net)
    # Each schedule has its own habits: some have no cuts, some are all cuts, some networks are good.
    weights = [
        OFTEN[kind] * rng.choice([0, 0.5, 1, 1, 2, 4]) for kind in HAPPENINGS if kind not in ("type", "turn", "deliver")
    ]
    kinds = [kind for kind in HAPPENINGS if kind not in ("type", "turn", "deliver")] + ["type", "turn", "deliver"]
    net.calm()
    for kind in rng.choices(kinds, [*weights, OFTEN["type"], OFTEN["turn"], OFTEN["deliver"]], k=rng.randint(10, 60)):
        schedule.happen(kind)
    net.calm()
    return schedule


def insist(schedule: Schedule) -> None:
    """What has to hold when everything has come to rest."""
    net = schedule.net
    net.table.insist(schedule.rng.randint(0, len(net.table.log)))
    asides: list[str] = []
    for browser in range(len(net.people)):
        seen = net.order("look", browser)
        same_as_the_room(seen, net)
        asides += [words for aside in seen["asides"] for words in aside["words"].split()]
    held, erased = " ".join(asides), " ".join(schedule.erased)
    for token, word in schedule.typed.items():
        found = places(net, token)
        assert len(found) <= 1, f"{token} is there {len(found)} times"
        assert found or token in held or token in erased, f"{token} of {word} is lost"
        if found:
            assert found[0].by == net.people[word.browser].person_id, f"{token} is said to be by {found[0].by}"
            if token not in held:
                beside(schedule, token, word, found[0])


def same_as_the_room(seen: Any, net: Net) -> None:
    state = net.table.room.state
    ours = [
        {
            "id": c.id, "text": c.text, "number": c.number, "segs": [[narrow(s.text), *s[1:]] for s in c.segments],
            "gone": list(c.gone[:5]) if c.gone else None, "state": c.state, "source": c.source,
        }
        for c in state.clauses
    ]  # fmt: skip
    assert seen["up"]
    assert (seen["seq"], seen["epoch"], seen["pending"], seen["kept"]) == (net.table.room.seq, state.epoch, 0, [])
    assert seen["clauses"] == ours
    assert seen["labels"] == list(state.labels().values())
    for cell in seen["cells"]:
        clause = net.table[cell["clause"]]
        if clause.gone is not None and clause.gone.into is not None:
            continue  # nothing in it any more
        assert (cell["text"], cell["number"], cell["waiting"]) == (clause.text, clause.number, False)


class Found(NamedTuple):
    """Where a word stands: in the clause of this index, from this unit on; and who wrote it."""

    clause: int
    start: int
    by: str


def places(net: Net, token: str) -> list[Found]:
    """All places of a word. Deleted clauses keep their words; words may have lost the space between them."""
    state, wide = net.table.room.state, widen(token)
    found = []
    for index, clause in enumerate(state.clauses):
        start = clause.wide.find(wide)
        while start >= 0:
            authors = [state.authors[s.by][0] for s in clause.segments if s.dele < 0 for _ in s.text]
            found.append(Found(index, start, "+".join(sorted(set(authors[start : start + len(wide)])))))
            start = clause.wide.find(wide, start + 1)
    return found


def beside(schedule: Schedule, token: str, word: Word, place: Found) -> None:
    """A word stands between those that it was typed between, cuts and joins or not."""
    if word.vague or schedule.moved or token in schedule.net.refused:
        return  # a push that was refused may be accepted when it comes again, on the text as its editor has it then
    for other, after in ((word.left, False), (word.right, True)):
        if other is None or any(typed.vague for name, typed in schedule.typed.items() if name in other):
            continue
        for there in places(schedule.net, other):
            assert (there[:2] > place[:2]) == after, f"{token} is on the wrong side of {other}"


def test_browsers_and_room_agree(node: list[str]) -> None:
    seed, rng = seeded()
    distinct: set[int] = set()
    happened: Counter[str] = Counter()
    played = 0
    with Browsers(node) as browsers:
        until = time.monotonic() + (0 if landing() else SECONDS)
        while time.monotonic() < until or len(distinct) < LEAST:
            one = rng.randrange(2**32) if played else seed
            played += 1
            try:
                schedule = play(browsers, one)
                insist(schedule)
            except Exception as error:
                raise AssertionError(f"ADREF_SEED={one} plays this schedule first") from error
            distinct.add(hash(repr(schedule.story)))
            happened.update(kind if isinstance(kind, str) else kind[0] for kind in schedule.story)
            happened.update(act.kind.value + " act" for act in schedule.net.table.log)
    print(f"{len(distinct)} distinct schedules of {played}; {dict(happened)}")  # noqa: T201 - what was shown
    assert len(distinct) >= LEAST
    assert all(happened[kind] for kind in ("carry act", "split act", "join act", "lose", "load", "again", "restart"))


def test_batches_drift_and_one_at_a_time_does_not(node: list[str]) -> None:
    """Why nothing here is composed before it is mapped: the package's own batches end with different texts."""
    seed, _ = seeded()
    script = str(REPO / "tests" / "engine" / "node" / "batch.mjs")
    ran = subprocess.run([*node, script, str(seed), "6000"], capture_output=True, text=True, check=True, cwd=REPO)
    found = json.loads(ran.stdout)
    assert found["one"] == 0
    assert found["batch"] > 0
