"""The silence procedure: who starts, breaks, cancels and adopts, and when; and that it ends once, whatever is asked."""

from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from drafts import commands as do
from drafts.access import hears
from drafts.acts import ActKind
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal, TooLarge
from drafts.floor import Silence
from drafts.model import ClauseKind, Forum, Level, Member, Openness, Stage
from drafts.room import Room
from drafts.silence import MOST_EXPLANATION, MOST_EXPLANATIONS, MOST_REASON
from drafts.state import State
from tests.engine.table import CHAIR, INES, JONAS, PILAR, START, STRANGER, WANDA, Table

MINIMUM = 600  # seconds
HOUR = 3_600_000
DEADLINE = START + HOUR


class Council(Table):
    """A table with a clock: time passes only when the test says so."""

    def __init__(self) -> None:
        super().__init__("*Recalling* the lakes,", "States [should][shall] warn.", "Calls for exercises.")
        self.at = START + 1_000

    def at_time(self, actor: Member, command: do.Command, at: int | None = None) -> None:
        """Somebody asks, now or later on."""
        self.at = self.at if at is None else at
        self.keep(self.room.command(actor, command, self.at))

    def issue(self) -> None:
        self.ask(CHAIR, do.Issue(self.op(), f"Rev.{len(self.versions) + 1}"))

    def starting(self, deadline: int = DEADLINE, minimum: int = MINIMUM) -> do.StartSilence:
        return do.StartSilence(self.op(), deadline, minimum, "Last call.", self.versions[-1][1])

    def begin(self) -> Silence:
        self.issue()
        self.at_time(CHAIR, self.starting())
        return self.latest

    def breaks(self, reason: str = "We cannot join.", *clauses: str) -> do.BreakSilence:
        return do.BreakSilence(self.op(), self.latest.id, reason, clauses)

    @property
    def latest(self) -> Silence:
        return self.room.state.floor.silences[-1]

    @property
    def stage(self) -> Stage:
        return self.room.state.draft.stage

    @property
    def spoken(self) -> list[str]:
        """The acts of procedures, with the stages that they led to."""
        kinds = {ActKind.SILENCE, ActKind.BREAK, ActKind.ADOPT, ActKind.CANCEL, ActKind.SET}
        return [act.body.get("stage", act.kind.value) for act in self.log if act.kind in kinds]

    def refuses(self, kind: type[Refusal], key: str, actor: Member, command: do.Command, at: int | None = None) -> None:
        before = self.room.state.to_bytes(), self.room.seq
        with pytest.raises(kind) as caught:
            self.room.command(actor, command, self.at if at is None else at)
        assert caught.value.key == key
        assert (self.room.state.to_bytes(), self.room.seq) == before


@pytest.fixture
def council() -> Council:
    return Council()


def adopts(council: Council) -> do.Adopt:
    return do.Adopt(council.op(), council.latest.id)


def test_a_silence_is_kept(council: Council) -> None:
    found = council.begin()
    assert (council.stage, found.label, found.hash, found.outcome) == (Stage.SILENCE, "Rev.1", found.hash, "")
    assert found.hash == council.versions[-1][0].hash
    council.at_time(CHAIR, adopts(council), DEADLINE)
    assert (council.stage, council.latest.outcome, council.latest.ended_at) == (Stage.ADOPTED, "adopted", DEADLINE)
    assert council.spoken == ["silence", "silence", "adopt", "adopted"]
    council.refuses(Conflict, "silence_over", CHAIR, adopts(council))
    council.insist()


def test_a_silence_is_broken(council: Council) -> None:
    council.begin()
    council.at_time(INES, council.breaks("  The second clause goes too far. ", "c1", "c1"), DEADLINE - 1)
    said = council.latest.breaks[0]
    assert (said.party, said.person, said.reason) == ("nvl", "ines", "The second clause goes too far.")
    assert (said.clauses, said.at) == (("c1",), DEADLINE - 1)
    assert (council.stage, council.latest.outcome) == (Stage.SECOND_READING, "broken")
    council.refuses(Conflict, "silence_over", CHAIR, adopts(council), DEADLINE)
    council.insist()


def test_only_leads_start_one(council: Council) -> None:
    council.issue()
    for actor in (INES, WANDA):
        council.refuses(Forbidden, "leads_only", actor, council.starting())
    council.refuses(NotFound, "not_found", STRANGER, council.starting())


def test_the_text_is_as_it_was_issued(council: Council) -> None:
    council.refuses(Conflict, "no_version", CHAIR, do.StartSilence("a", DEADLINE, MINIMUM))
    council.issue()
    council.type(INES, "c0", 0, "Now ")
    council.refuses(Conflict, "text_not_issued", CHAIR, council.starting())
    council.type(PILAR, "c0", 0, end=4)  # struck out again by another party: the redline has it, the text has not
    council.at_time(CHAIR, council.starting())
    assert council.stage is Stage.SILENCE


@pytest.mark.parametrize(
    "change",
    [
        do.Insert("x", None, texts=("More",)),
        do.Delete("x", "c1"),
        do.Move("x", "c2", None),
        do.Shape("x", "c2", ClauseKind.SUB, 1),
        do.SetDraft("x", title="Another"),
        do.Split("x", "c1", 0, 6),
    ],
)
def test_whatever_changed_since_the_version(council: Council, change: do.Command) -> None:
    council.issue()
    council.ask(CHAIR, change)
    council.refuses(Conflict, "text_not_issued", CHAIR, council.starting())
    old = council.starting()
    council.issue()
    council.refuses(Conflict, "issued_meanwhile", CHAIR, old)
    council.at_time(CHAIR, council.starting())


def test_the_minimum_is_kept(council: Council) -> None:
    council.issue()
    early = council.at + MINIMUM * 1000 - 1
    council.refuses(Invalid, "deadline_early", CHAIR, council.starting(early))
    council.refuses(Invalid, "deadline_early", CHAIR, council.starting(DEADLINE, 72 * 3600))
    council.refuses(Invalid, "deadline_late", CHAIR, council.starting(START + 400 * 24 * HOUR))
    council.at_time(CHAIR, council.starting(early + 1))


def test_nothing_moves_under_silence(council: Council) -> None:
    council.begin()
    council.refuses(Conflict, "silence_runs", CHAIR, council.starting())
    for actor in (CHAIR, INES):
        council.refuses(Forbidden, "silence", actor, do.Edit("x", "c0", 0, "Other words"))
    council.refuses(Conflict, "frozen", CHAIR, do.SetDraft("x", title="Another title"))
    council.refuses(Conflict, "frozen", CHAIR, do.SetDraft("x", symbol="LS/9"))
    council.at_time(CHAIR, do.SetDraft(council.op(), title="Norms", symbol="LS/1", observers=False))


def test_the_deadline_is_sharp(council: Council) -> None:
    council.begin()
    council.refuses(Conflict, "deadline_ahead", CHAIR, adopts(council), DEADLINE - 1)
    council.refuses(Conflict, "deadline_passed", INES, council.breaks(), DEADLINE)
    cancel = do.CancelSilence("c", council.latest.id, "Too soon.")
    council.refuses(Conflict, "deadline_passed", CHAIR, cancel, DEADLINE)


def test_the_clock_alone_adopts(council: Council) -> None:
    council.begin()
    for actor in (INES, WANDA, replace(CHAIR, person_id="other")):
        council.refuses(Forbidden, "clock_only", actor, adopts(council), DEADLINE)
    left = replace(CHAIR, role=WANDA.role)  # whatever the starter is by now
    council.at_time(left, adopts(council), DEADLINE + 5 * HOUR)
    assert council.latest.ended_at == DEADLINE + 5 * HOUR


def test_other_parties_join_a_break(council: Council) -> None:
    council.begin()
    council.at_time(INES, council.breaks(), START + 2_000)
    council.refuses(Conflict, "broken_already", JONAS, council.breaks())
    council.at_time(PILAR, council.breaks("Nor can we.", "c0"), START + 3_000)
    assert [said.party for said in council.latest.breaks] == ["nvl", "ctm"]
    assert council.latest.ended_at == START + 2_000
    assert council.spoken == ["silence", "silence", "break", "second_reading", "break"]
    council.insist()


def test_who_broke_it_is_not_in_what_all_are_told(council: Council) -> None:
    """The stage's change is in the starter's name, and the breaker does not become an author by it."""
    council.begin()
    council.at_time(PILAR, council.breaks())
    told, stage = council.log[-2:]
    assert (told.kind, told.party_id, stage.kind, stage.party_id) == (ActKind.BREAK, "ctm", ActKind.SET, "chr")
    assert all(party != "ctm" for _, party in council.room.state.authors)
    for openness, observer, delegate in (
        (Openness.EVERYONE, True, True),
        (Openness.DELEGATIONS, False, True),
        (Openness.LEADS, False, False),
    ):
        forum = Forum("lakes", "Lakes", Level.REGIONAL, council.draft.created_at, MINIMUM, openness)
        draft = council.room.state.draft
        heard = [hears(actor, told, draft, forum) for actor in (WANDA, INES, CHAIR, PILAR)]
        assert heard == [observer, delegate, True, True]


def test_who_may_break_it(council: Council) -> None:
    council.begin()
    council.refuses(Forbidden, "no_silence", WANDA, council.breaks())
    council.refuses(NotFound, "not_found", STRANGER, council.breaks())
    council.refuses(Invalid, "empty", INES, council.breaks("  "))
    council.refuses(TooLarge, "too_long", INES, council.breaks("x" * (MOST_REASON + 1)))
    council.refuses(Invalid, "no_clause", INES, council.breaks("Why", "c9"))
    council.refuses(Invalid, "no_silence", INES, do.BreakSilence("x", "another", "Why"))


def test_it_is_cancelled(council: Council) -> None:
    first = council.begin()
    council.refuses(Forbidden, "leads_only", INES, do.CancelSilence("x", first.id, "No."))
    council.refuses(Invalid, "empty", CHAIR, do.CancelSilence("x", first.id, ""))
    council.at_time(CHAIR, do.CancelSilence(council.op(), first.id, "A typing error."))
    assert (council.stage, council.latest.outcome, council.latest.reason) == (
        Stage.SECOND_READING, "cancelled", "A typing error.",
    )  # fmt: skip
    council.refuses(Conflict, "silence_over", INES, council.breaks())
    council.at_time(CHAIR, council.starting())
    council.refuses(Conflict, "silence_over", INES, do.BreakSilence("x", first.id, "Late"))
    council.insist()


def test_explanations_of_position(council: Council) -> None:
    council.refuses(Forbidden, "not_this_stage", INES, do.Explain("x", "We join."))
    council.begin()
    council.at_time(INES, do.Explain(council.op(), "We read it\r\nas voluntary."))
    council.at_time(CHAIR, adopts(council), DEADLINE)
    council.at_time(INES, do.Explain(council.op(), "Once more."))
    assert [(one.party, one.text) for one in council.room.state.floor.explanations] == [
        ("nvl", "We read it\nas voluntary."),
        ("nvl", "Once more."),
    ]
    council.refuses(Forbidden, "not_this_stage", WANDA, do.Explain("x", "We too."))
    council.refuses(Invalid, "empty", INES, do.Explain("x", " \n"))
    council.refuses(TooLarge, "too_long", INES, do.Explain("x", "x" * (MOST_EXPLANATION + 1)))
    for _ in range(MOST_EXPLANATIONS - 2):
        council.at_time(JONAS, do.Explain(council.op(), "And more."))
    council.refuses(TooLarge, "too_many_explanations", INES, do.Explain("x", "Yet more."))
    council.at_time(PILAR, do.Explain(council.op(), "We may."))
    council.insist()


class Procedures(RuleBasedStateMachine):
    """Whatever is asked, in whatever order and at whatever time: an outcome follows from the rules, and stays."""

    def __init__(self) -> None:
        super().__init__()
        self.council = Council()
        self.council.issue()
        self.ended: dict[str, str] = {}
        self.number = 0  # of the first clause's text when it was issued last

    def ask(self, actor: Member, command: do.Command) -> bool:
        try:
            self.council.at_time(actor, command)
        except Refusal:
            return False
        return True

    @rule(ms=st.integers(0, 2 * HOUR))
    def time_passes(self, ms: int) -> None:
        self.council.at += ms

    @rule(after=st.integers(0, HOUR), actor=st.sampled_from([CHAIR, INES]))
    def start(self, after: int, actor: Member) -> None:
        running = self.council.room.state.floor.silence
        done = self.ask(actor, self.council.starting(self.council.at + after))
        issued = self.council["c0"].number == self.number
        free = running is None and self.council.spoken[-1:] != ["adopted"]
        assert done == (actor is CHAIR and after >= MINIMUM * 1000 and free and issued)

    @rule(actor=st.sampled_from([CHAIR, INES, PILAR, WANDA]))
    def edit(self, actor: Member) -> None:
        frozen = self.council.stage is not Stage.SECOND_READING
        done = self.ask(actor, do.Edit(self.council.op(), "c0", self.council["c0"].number, f"{self.council.op()} now,"))
        assert done == (not frozen and actor is not WANDA)

    @rule()
    def issue(self) -> None:
        if self.ask(CHAIR, do.Issue(self.council.op(), f"Rev.{len(self.council.versions) + 1}")):
            self.number = self.council["c0"].number

    @precondition(lambda self: self.council.room.state.floor.silences)
    @rule(actor=st.sampled_from([CHAIR, INES, JONAS, PILAR, WANDA]))
    def break_it(self, actor: Member) -> None:
        found = self.council.latest
        done = self.ask(actor, self.council.breaks())
        fresh = all(said.party != actor.party.id for said in found.breaks)
        assert done == (
            actor is not WANDA and found.outcome in {"", "broken"} and self.council.at < found.deadline and fresh
        )

    @precondition(lambda self: self.council.room.state.floor.silences)
    @rule(actor=st.sampled_from([CHAIR, INES]))
    def cancel(self, actor: Member) -> None:
        found = self.council.latest
        done = self.ask(actor, do.CancelSilence(self.council.op(), found.id, "Why not."))
        assert done == (actor is CHAIR and not found.outcome and self.council.at < found.deadline)

    @precondition(lambda self: self.council.room.state.floor.silences)
    @rule(actor=st.sampled_from([CHAIR, INES]))
    def adopt(self, actor: Member) -> None:
        found = self.council.latest
        done = self.ask(actor, adopts(self.council))
        assert done == (actor is CHAIR and not found.outcome and self.council.at >= found.deadline)

    @rule()
    def restart(self) -> None:
        """The server stops: what it knows is the log."""
        self.council.room = Room(State(self.council.draft))
        self.council.room.heal(self.council.log)

    @invariant()
    def an_outcome_stays_and_the_stage_agrees(self) -> None:
        floor, stage = self.council.room.state.floor, self.council.stage
        for found in floor.silences:
            if found.id in self.ended:
                assert found.outcome == self.ended[found.id]
            elif found.outcome:
                self.ended[found.id] = found.outcome
            assert bool(found.breaks) == (found.outcome == "broken")
            assert (found.outcome == "adopted") <= (found.ended_at >= found.deadline)
        assert (floor.silence is not None) == (stage is Stage.SILENCE)
        assert [found.outcome for found in floor.silences].count("adopted") == (stage is Stage.ADOPTED)


TestProcedures = Procedures.TestCase
TestProcedures.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
