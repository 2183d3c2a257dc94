"""The burn-down: what the replay counts where a day or a version ends, and that it can go on where it stopped."""

from datetime import UTC, date, datetime

from hypothesis import given, settings
from hypothesis import strategies as st

from drafts import commands as do
from drafts.acts import Act
from drafts.bracketed import Kind, total
from drafts.burndown import Burndown, Point
from drafts.state import State
from tests.engine.table import CHAIR, INES, PILAR, Table

DAY = 86_400_000
FIRST = 1_790_035_200_000  # midnight, UTC


class Days(Table):
    """A table whose acts happen on days of one's choice; the first is the log's."""

    def on(self, day: int, actor: object, command: do.Command) -> list[Act]:
        return self.keep(self.room.command(actor, command, FIRST + day * DAY)).acts  # type: ignore[arg-type]

    def put(self, day: int, start: int, end: int, actor: object = INES, *, private: bool = False) -> None:
        number = self["c0"].number
        self.on(day, actor, do.PutBracket(self.op(), "c0", number, start, end, private=private))

    def replay(self) -> Burndown:
        made = Burndown(self.draft)
        made.take(self.log)
        return made


def read(points: tuple[Point, ...]) -> list[tuple[str, int, int]]:
    return [(point.label or point.day.isoformat(), point.pairs, point.words) for point in points]


def test_each_day_and_each_version_has_the_count_with_which_it_ended() -> None:
    made = Days("one two [three] four", "five")
    made.put(1, 0, 3)
    made.put(1, 6, 9)
    made.on(1, CHAIR, do.Issue("zero", "Zero draft"))
    made.on(1, PILAR, do.LiftBracket("lift", "c0", 2, 0))
    made.on(4, PILAR, do.LiftBracket("more", "c0", 3, 4, with_text=True))
    made.on(4, CHAIR, do.Issue("one", "Rev.1"))
    found = made.replay()
    begun = datetime.fromtimestamp(made.log[0].at / 1000, UTC).date().isoformat()
    assert read(found.versions()) == [("Zero draft", 3, 3), ("Rev.1", 1, 1)]
    days = [date.fromordinal(datetime.fromtimestamp(FIRST / 1000, UTC).toordinal() + n).isoformat() for n in (1, 4)]
    assert read(found.days()) == [(begun, 1, 1), (days[0], 2, 2), (days[1], 1, 1)]
    assert [point.version for point in found.versions()] == [1, 2]


def test_a_clock_that_was_put_back_makes_no_day_twice() -> None:
    made = Days("one two three four")
    for day, start in ((2, 0), (1, 5), (2, 10), (1, 15)):
        made.put(day, start, start + 3)
    found = made.replay().days()
    assert [point.day for point in found] == sorted({point.day for point in found})
    assert [point.pairs for point in found] == [0, 4]


def test_kinds_spanning_and_single_brackets() -> None:
    made = Days("[a][b] [Option 1: c] [TBD] [d", "e] ]")
    (point,) = made.replay().days()
    assert (point.pairs, point.spanning, point.unbalanced) == (5, 1, 1)
    assert dict(point.kinds) == {Kind.ALTERNATIVE: 2, Kind.OPTION: 1, Kind.PLACEHOLDER: 1, Kind.PLAIN: 1}


def test_pairs_by_owner_and_what_a_party_keeps_to_itself() -> None:
    made = Days("one two three [four", "five]")
    made.put(0, 0, 3)
    made.put(0, 6, 9, PILAR, private=True)
    made.put(0, 18, 18, CHAIR)
    (point,) = made.replay().days()[-1:]
    assert point.owners("ctm") == {"nvl": 1, "ctm": 1, "chr": 1}
    assert point.owners("nvl") == {"nvl": 1, "": 1, "chr": 1}


def test_a_text_without_brackets_has_points_too() -> None:
    made = Days("none")
    (point,) = made.replay().days()
    assert (point.pairs, point.owners("nvl")) == (0, {})
    assert Burndown(made.draft).days() == ()


@settings(max_examples=40)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.text("[] a", max_size=3), st.booleans()), max_size=8), st.integers(1, 9)
)
def test_a_replay_in_two_parts_is_the_same_and_ends_with_the_text(edits: list[tuple[int, str, bool]], cut: int) -> None:
    made, day = Days("a [b] c", "d"), 0
    for number, (later, words, issue) in enumerate(edits):
        day += later
        clause = made["c0"]
        made.on(day, INES, do.Edit(f"e{number}", "c0", clause.number, words + clause.text))
        if issue:
            made.on(day, CHAIR, do.Issue(f"i{number}", f"Rev.{number}"))
    whole, parts = made.replay(), Burndown(made.draft)
    for acts in (made.log[:cut], made.log[cut:]):
        parts.take(acts)
        parts.days()
    assert (parts.days(), parts.versions(), parts.seq) == (whole.days(), whole.versions(), len(made.log))
    for point in whole.versions():
        seq = next(a.seq for a in made.log if a.body.get("version") == point.version)
        then = State(made.draft)
        then.apply_all(made.log[:seq])
        expected = total([c.wide for c in then.standing()])
        assert (point.pairs, point.words) == (expected.pairs, expected.words)
    assert whole.days()[-1].pairs == total(made.texts).pairs
