"""Merging: what a text from outside comes to in a text that went on meanwhile. Nothing silently, nothing lost."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from drafts import commands as do
from drafts.acts import ActKind
from drafts.change import MAX_TEXT
from drafts.errors import Conflict, Forbidden, Invalid, NotFound
from drafts.exchange.parsed import Parsed, ParsedClause, Piece, Signed
from drafts.merge import plan
from drafts.model import Audience, Clause, ClauseKind, Mode, Stage
from drafts.outside import Kind, Report, Why
from drafts.redline import Mark, runs
from drafts.room import Room
from tests.engine.table import CHAIR, INES, JONAS, PILAR, STRANGER, WANDA, Table

AT = datetime(2026, 3, 1, tzinfo=UTC)
MARTA, OTTO = Signed("Marta", AT), Signed("Otto", AT)
PARTIES = {"Marta": "nvl", "Otto": "ctm"}
WATER = "States should share early warnings of floods with their neighbours without delay."
LAKES = "The lakes are held in trust for those who come after us."
CABLES = "No State shall cut the cables that cross the lakes."
CALLS = "Each capital names one office that answers calls by night and by day."


def table(*texts: str, mode: Mode = Mode.OPEN) -> Table:
    return Table(*(texts or (WATER, LAKES, CABLES, CALLS)), mode=mode)


def clause(text: str, named: str = "", *pieces: Piece, kind: ClauseKind = ClauseKind.OPERATIVE) -> ParsedClause:
    return ParsedClause(kind, 1 if kind is ClauseKind.SUB else 0, text, id=named, pieces=pieces)


def tracked(named: str, *pieces: Piece) -> ParsedClause:
    return clause("".join(p.text for p in pieces if p.dele is None), named, *pieces)


def parsed(*clauses: ParsedClause) -> Parsed:
    return Parsed("", "", "en", clauses, rejected=clauses)


def texts(base: Sequence[Clause], *replaced: tuple[str, str]) -> Parsed:
    """The base with some words of it replaced; ids are kept."""
    made = []
    for one in base:
        text = one.text
        for old, new in replaced:
            text = text.replace(old, new)
        made.append(clause(text, one.id))
    return parsed(*made)


class Merging:
    """A table, the text at some act, and a file that was made from that."""

    def __init__(self, made: Table) -> None:
        self.table = made
        self.seq = made.room.seq
        self.base = made.room.state.live()

    def asked(self, file: Parsed, op: str = "merge", audience: Audience = Audience.EVERYONE) -> do.Merge:
        return do.Merge(op, plan(self.base, file, PARTIES), self.seq, "b", audience=audience)

    def merge(self, file: Parsed, actor: object = CHAIR, op: str = "merge") -> Report:
        outcome = self.table.ask(actor, self.asked(file, op))  # type: ignore[arg-type]
        self.table.insist()
        assert outcome.report is not None
        return outcome.report


def whys(report: Report) -> list[tuple[Kind, Why]]:
    return [(clash.kind, clash.why) for clash in report.conflicts]


def kinds(report: Report) -> list[Kind]:
    return [done.kind for done in report.applied]


# ── words ──


def test_words_come_in_beside_what_others_wrote() -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c0", 0, "All ")
    made.type(PILAR, "c1", len(LAKES), " And for the fish.")
    report = work.merge(texts(work.base, ("without delay", "within an hour"), ("in trust", "in common trust")), INES)
    assert made.texts[0] == "All States should share early warnings of floods with their neighbours within an hour."
    assert made.texts[1] == "The lakes are held in common trust for those who come after us. And for the fish."
    assert kinds(report) == [Kind.EDIT, Kind.EDIT]
    assert report.conflicts == ()
    assert {act.party_id for act in made.log if act.client == "merge"} == {"nvl"}


@pytest.mark.parametrize(
    ("start", "end", "written", "why"),
    [
        (6, 13, "must", [(Kind.EDIT, Why.OVERLAP)]),  # the same words
        (14, 20, "give", [(Kind.EDIT, Why.OVERLAP)]),  # the next word
        (14, 14, "always ", [(Kind.EDIT, Why.OVERLAP)]),  # between it and the next
        (20, 21, ", swiftly, ", []),  # a word lies between
    ],
)
def test_what_both_touched_is_never_applied(start: int, end: int, written: str, why: list[tuple[Kind, Why]]) -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c0", start, written, end=end)
    live = made.texts[0]
    report = work.merge(texts(work.base, ("should share", "shall share")))
    assert whys(report) == why
    if why:
        assert made.texts[0] == live
        (clash,) = report.conflicts
        assert (clash.base, clash.theirs, clash.live) == (WATER, WATER.replace("should", "shall"), live)
    else:
        assert made.texts[0] == live.replace("should", "shall")


def test_typed_and_taken_back_is_no_overlap() -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c0", 7, "really ")
    made.type(PILAR, "c0", 7, "", end=14)
    assert made.texts[0] == WATER
    assert whys(work.merge(texts(work.base, ("should share", "shall share")))) == []
    assert made.texts[0] == WATER.replace("should", "shall")


def test_one_place_of_a_clause_clashes_and_another_is_applied() -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c0", 7, "must", end=13)
    report = work.merge(texts(work.base, ("should", "shall"), ("without delay", "within an hour")))
    assert made.texts[0] == WATER.replace("should", "must").replace("without delay", "within an hour")
    assert whys(report) == [(Kind.EDIT, Why.OVERLAP)]
    assert kinds(report) == [Kind.EDIT]


def test_what_both_made_alike_is_there_already() -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c0", 7, "shall", end=13)
    report = work.merge(texts(work.base, ("should", "shall"), ("without delay", "within an hour")))
    assert [done.clause for done in report.already] == ["c0"]
    assert made.texts[0] == WATER.replace("should", "shall").replace("without delay", "within an hour")
    assert report.conflicts == ()


def test_the_two_ends_of_a_pair_of_brackets_share_one_fate() -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c0", 7, "must", end=13)
    report = work.merge(texts(work.base, ("States should", "States [should"), ("without delay", "without delay]")))
    assert made.texts[0] == WATER.replace("should", "must")
    (clash,) = report.conflicts
    assert clash.theirs == WATER.replace("should", "[should").replace("delay", "delay]")


def test_no_bracket_loses_its_partner() -> None:
    text = "States [should share warnings of floods] with all of their neighbours in time."
    made = table(text)
    work = Merging(made)
    made.type(PILAR, "c0", text.index("["), "", end=text.index("[") + 1)
    made.type(PILAR, "c0", made.texts[0].index("]"), "", end=made.texts[0].index("]") + 1)
    live = made.texts[0]
    report = work.merge(
        texts(work.base, ("floods] with all of their neighbours", "floods with all of their] neighbours"))
    )
    assert made.texts[0] == live
    assert {clash.why for clash in report.conflicts} <= {Why.UNPAIRED, Why.OVERLAP}
    assert report.conflicts


def test_positions_count_units_beyond_the_basic_plane() -> None:
    made = table("A 🌊 flood 🌊 comes to the 𠀀 town by night.")
    work = Merging(made)
    made.type(PILAR, "c0", 0, "🌊🌊 ")
    work.merge(texts(work.base, ("by night", "by 🌙 light")))
    assert made.texts == ["🌊🌊 A 🌊 flood 🌊 comes to the 𠀀 town by 🌙 light."]


# ── whose words ──


def test_each_author_of_tracked_changes_writes_for_a_party() -> None:
    made = table("The lakes are ours.", LAKES)
    work = Merging(made)
    file = parsed(
        tracked(
            "c0", Piece("The "), Piece("great ", MARTA), Piece("wide ", MARTA, OTTO), Piece("lakes "),
            Piece("are", None, OTTO), Piece("stay", OTTO), Piece(" ours."),
        ),
        clause(LAKES, "c1"),
    )  # fmt: skip
    work.merge(file)
    assert made.texts[0] == "The great lakes stay ours."
    state = made.room.state
    told = [
        (
            run.text,
            run.mark,
            state.owners[run.by] if run.by >= 0 else "",
            state.owners[run.del_by] if run.del_by >= 0 else "",
        )
        for run in runs(made["c0"].segments, 1, state.owners)
        if run.mark is not Mark.KEPT
    ]
    assert ("great ", Mark.INS, "nvl", "") in told
    assert ("wide ", Mark.INSDEL, "nvl", "ctm") in told
    assert ("are", Mark.DEL, "", "ctm") in told
    assert ("stay", Mark.INS, "ctm", "") in told
    assert {act.person_id for act in made.log if act.client == "merge"} == {"ada"}


def test_only_those_who_lead_bring_in_words_for_others() -> None:
    made = table()
    work = Merging(made)
    foreign = parsed(tracked("c0", Piece(WATER), Piece(" Soon.", OTTO)), *(clause(c.text, c.id) for c in work.base[1:]))
    with pytest.raises(Forbidden):
        made.ask(INES, work.asked(foreign))
    own = parsed(tracked("c0", Piece(WATER), Piece(" Soon.", MARTA)), *(clause(c.text, c.id) for c in work.base[1:]))
    assert work.merge(own, JONAS).conflicts == ()


def test_untracked_edits_beside_tracked_ones_are_the_bringers() -> None:
    made = table(WATER)
    work = Merging(made)
    file = parsed(tracked("c0", Piece(WATER.replace("floods", "storms")), Piece(" Soon.", OTTO)))
    work.merge(file)
    assert made.texts == [WATER.replace("floods", "storms") + " Soon."]
    parties = [act.party_id for act in made.log if act.client == "merge"]
    assert sorted(set(parties)) == ["chr", "ctm"]


# ── clauses ──


def test_new_moved_and_deleted_clauses() -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c0", 0, "All ")
    file = parsed(clause(CALLS, "c3"), clause(WATER, "c0"), clause("A new clause of the sender."), clause(CABLES, "c2"))
    report = work.merge(file, INES)
    assert made.texts == [CALLS, "All " + WATER, "A new clause of the sender.", CABLES]
    assert sorted(kinds(report)) == [Kind.DELETE, Kind.INSERT, Kind.MOVE]
    assert next(done for done in report.applied if done.kind is Kind.INSERT).label == "OP3"


def test_a_new_clause_does_not_take_sub_clauses_that_others_added() -> None:
    made = table()
    work = Merging(made)
    made.ask(PILAR, do.Insert("i", "c0", ClauseKind.SUB, 1, texts=("by day;", "by night.")))
    work.merge(parsed(clause(WATER, "c0"), clause("Then a new one."), *(clause(c.text, c.id) for c in work.base[1:])))
    assert made.texts[:4] == [WATER, "by day;", "by night.", "Then a new one."]


def test_a_split_and_a_join() -> None:
    first, second = "States share their warnings of floods. ", "They answer calls by night and by day."
    made = table(first + second, LAKES, CABLES)
    work = Merging(made)
    made.type(PILAR, "c0", 0, "All ")
    made.type(PILAR, "c2", len(CABLES), " Never ever.")
    file = parsed(clause(first.strip(), "c0"), clause(second), clause(f"{LAKES} {CABLES}", "c1"))
    report = work.merge(file, INES)
    assert made.texts == ["All " + first.strip(), second, f"{LAKES} {CABLES} Never ever."]
    assert kinds(report) == [Kind.SPLIT, Kind.JOIN]
    assert made.kinds[-4:].count("split") + made.kinds[-4:].count("join") == 2


def test_a_cut_where_others_wrote_is_for_a_person() -> None:
    first, second = "States share their warnings of floods. ", "They answer calls by night and by day."
    made = table(first + second, LAKES)
    work = Merging(made)
    made.type(PILAR, "c0", len(first) - 2, " and storms")
    live = made.texts
    report = work.merge(parsed(clause(first.strip(), "c0"), clause(second), clause(LAKES, "c1")))
    assert made.texts == live
    assert whys(report) == [(Kind.SPLIT, Why.OVERLAP)]
    assert report.conflicts[0].parts == (first.strip(), second)


@pytest.mark.parametrize(
    ("under", "why"),
    [
        (do.Delete("u", "c0"), Why.DELETED),
        (do.Lock("u", "c0", "agreed_ad_ref"), Why.LOCKED),
        (do.Move("u", "c0", "c3"), Why.MOVED),
        (do.Split("u", "c0", 0, 20), Why.SPLIT),
        (do.Join("u", "c1"), Why.JOINED),
    ],
)
def test_a_clause_that_changed_under_the_edit_is_for_a_person(under: do.Command, why: Why) -> None:
    made = table()
    work = Merging(made)
    made.ask(CHAIR, under)
    live = made.texts
    report = work.merge(texts(work.base, ("without delay", "within an hour")))
    assert made.texts == live
    assert whys(report) == [(Kind.EDIT, why)]
    assert report.conflicts[0].theirs == WATER.replace("without delay", "within an hour")


def test_a_deletion_where_others_wrote_is_for_a_person() -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c1", 0, "Truly: ")
    report = work.merge(parsed(*(clause(c.text, c.id) for c in work.base if c.id != "c1")))
    assert whys(report) == [(Kind.DELETE, Why.OVERLAP)]
    assert len(made.texts) == 4


def test_the_same_file_twice_by_two_people_is_there_already() -> None:
    made = table()
    work = Merging(made)
    file = parsed(clause(WATER.replace("floods", "storms"), "c0"), clause("A new clause."), clause(CABLES, "c2"))
    work.merge(file, INES, "one")
    after = made.texts
    report = work.merge(file, PILAR, "two")
    assert made.texts == after
    assert (report.applied, report.conflicts) == ((), ())
    assert sorted(done.kind for done in report.already) == [Kind.DELETE, Kind.DELETE, Kind.EDIT, Kind.INSERT]


def test_a_pair_that_is_a_guess_is_for_a_person() -> None:
    made = table()
    work = Merging(made)
    guess = "States should swiftly share their early warnings of floods and storms with all neighbours."
    report = work.merge(parsed(clause(guess), clause(LAKES), clause(CABLES), clause(CALLS)))
    assert made.texts == [WATER, LAKES, CABLES, CALLS]
    assert whys(report) == [(Kind.EDIT, Why.UNSURE)]


def test_another_text_is_refused() -> None:
    work = Merging(table())
    with pytest.raises(Invalid):
        work.asked(parsed(clause("Nothing of this has anything in common with it.")))


def test_too_long_is_for_a_person() -> None:
    made = table("word " * 100)
    work = Merging(made)
    made.type(PILAR, "c0", 500, "w" * (MAX_TEXT - 600))
    report = work.merge(parsed(clause("long " * 50 + "word " * 100, "c0")))
    assert whys(report) == [(Kind.EDIT, Why.TOO_LONG)]


# ── doors ──


def test_the_same_operation_is_one_merge_also_after_a_restart() -> None:
    made = table()
    work = Merging(made)
    file = texts(work.base, ("floods", "storms"), ("cut the", "cut or tap the"))
    work.merge(file)
    seq = made.room.seq
    for _ in range(2):
        again = made.ask(CHAIR, work.asked(file))
        assert (again.acts, again.report, made.room.seq) == ([], None, seq)
        assert again.known is not None
        made.room = Room.load(made.room.state.draft, None, made.log)
    with pytest.raises(Conflict):
        made.ask(INES, work.asked(file))


def test_who_may_neither_edit_nor_propose_comments() -> None:
    made = table(mode=Mode.PEN)
    work = Merging(made)
    file = parsed(clause(WATER.replace("floods", "storms"), "c0"), clause("A new clause."), clause(CABLES, "c2"))
    report = work.merge(file, WANDA)
    assert made.texts == [WATER, LAKES, CABLES, CALLS]
    assert len(report.commented) == 4
    assert (report.applied, report.proposed) == ((), ())
    said = [thread.comments[0].body for thread in made.threads]
    assert f"Proposed wording: {WATER.replace('floods', 'storms')}" in said
    with pytest.raises(NotFound):
        made.ask(STRANGER, work.asked(file, "three"))


def test_comments_of_the_file_stand_on_their_words() -> None:
    made = table()
    work = Merging(made)
    made.type(PILAR, "c0", 0, "All ")
    said = (
        do.Said(0, "early warnings", 13, ("Marta: How early?", "Otto: Very.")),
        do.Said(-1, "", 0, ("Marta: Good.",)),
    )
    command = do.Merge("m", plan(work.base, texts(work.base), PARTIES), work.seq, "b", said)
    report = made.ask(CHAIR, command).report
    assert report is not None
    assert report.remarks == 2
    first, whole = made.threads
    assert (first.clause_id, first.quote) == ("c0", "early warnings")
    assert [comment.body for comment in first.comments] == ["Marta: How early?", "Otto: Very."]
    assert whole.clause_id is None
    assert made["c0"].wide[slice(*made["c0"].anchors[first.id])] == "early warnings"
    made.insist()


def test_a_base_that_never_was_is_refused() -> None:
    made = table()
    work = Merging(made)
    file = texts(work.base, ("floods", "storms"))
    for wrong in (0, made.room.seq + 1):
        work.seq = wrong
        with pytest.raises(Invalid):
            made.ask(CHAIR, work.asked(file))
    work.seq = 1
    work.base = [Clause("c0", ClauseKind.OPERATIVE, 0, "Other words."), *work.base[1:]]
    with pytest.raises(Invalid):
        made.ask(CHAIR, work.asked(texts(work.base, ("Other", "Many other"))))
    assert made.kinds == []


def test_acts_of_a_merge_are_plain_acts() -> None:
    made = table()
    work = Merging(made)
    work.merge(texts(work.base, ("floods", "storms"), ("cut the", "cut or tap the")))
    acts = [act for act in made.log if act.client == "merge"]
    assert [(act.kind, act.counter) for act in acts] == [(ActKind.EDIT, None), (ActKind.EDIT, 1)]


def test_in_the_first_reading_a_files_comments_stand_on_the_whole_and_its_words_wait_for_the_second() -> None:
    made = table()
    work = Merging(made)
    made.ask(CHAIR, do.SetDraft("stage", stage=Stage.FIRST_READING))
    file = texts(work.base, ("floods", "storms"))
    with pytest.raises(Conflict, match="general comments"):
        made.ask(WANDA, work.asked(file, "one"))
    said = (do.Said(0, "early warnings", 13, ("Marta: How early?",)),)
    made.ask(CHAIR, do.Merge("m", plan(work.base, file, PARTIES), work.seq, "b", said))
    assert "storms" in made.texts[0]
    (thread,) = made.threads
    assert (thread.clause_id, thread.comments[0].body) == (None, "“early warnings”: Marta: How early?")
    made.insist()
