"""The moments against the state: what they say a text was at any act is what the log makes of it there."""

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from drafts import commands as do
from drafts.change import narrow
from drafts.compare import Op, compare, families
from drafts.errors import Refusal
from drafts.model import Clause, ProposalKind, Stance
from drafts.moments import Moments
from drafts.redline import Mark
from drafts.state import ClauseState, State
from tests.engine.floor import lay
from tests.engine.table import CHAIR, INES, JONAS, PILAR, Table

WORDS = ["lakes", "rivers", "shall", "[should]", "not", "harm", "🕊", "the", "water,", "of", "تمنع", "neighbours"]
PEOPLE = (CHAIR, INES, JONAS, PILAR)


def history(rng: random.Random, steps: int = 40) -> Table:
    """A table after a random history with every kind of act."""
    table = Table(*(" ".join(rng.choices(WORDS, k=rng.randint(0, 6))) for _ in range(3)))
    for _ in range(steps):
        _happen(rng, table)
    return table


def _happen(rng: random.Random, table: Table) -> None:
    clause = rng.choice(table.room.state.clauses)
    asked = _command(rng, table, clause)
    try:
        if asked is not None:
            table.ask(CHAIR if isinstance(asked, do.Issue) else rng.choice(PEOPLE), asked)
        elif clause.gone is None:
            _type(rng, table, clause)
    except Refusal:
        return


def _command(rng: random.Random, table: Table, clause: ClauseState) -> do.Command | None:
    other = rng.choice([None, *(c.id for c in table.room.state.standing())])
    op, number, size = table.op(), clause.number, rng.randint(0, 8)
    commands: list[do.Command | None] = [
        do.Insert(op, other, texts=(" ".join(rng.choices(WORDS, k=3)),)),
        do.Delete(op, clause.id, rng.choice(["", "Covered above."])),
        do.Restore(op, clause.id),
        do.Move(op, clause.id, other),
        do.Split(op, clause.id, number, rng.randint(0, len(clause.wide))),
        do.Join(op, clause.id),
        do.Issue(op, f"Rev.{len(table.log)}"),
        do.Edit(op, clause.id, number, " ".join(rng.choices(WORDS, k=size))),
    ]
    return rng.choice([*commands, *[None] * len(commands)])


def _type(rng: random.Random, table: Table, clause: ClauseState) -> None:
    size = len(clause.wide)
    at = rng.randint(0, size)
    end = min(size, at + rng.choice([0, 0, 1, 3, 9]))
    text = rng.choice(["", "x", " ", rng.choice(WORDS), f" {rng.choice(WORDS)} "])
    if (end > at or text) and not _in_pair(clause.wide, at) and not _in_pair(clause.wide, end):
        table.type(rng.choice(PEOPLE), clause.id, at, text, end=end)


def _in_pair(wide: str, at: int) -> bool:
    return 0 < at < len(wide) and "\udc00" <= wide[at] <= "\udfff"


@settings(max_examples=120)
@given(st.randoms(use_true_random=False))
def test_every_text_at_every_act_is_what_the_log_makes_of_it(rng: random.Random) -> None:
    table = history(rng)
    moments, state = Moments(table.log), State(table.draft)
    assert moments.seq == len(table.log)
    for act in table.log:
        state.apply(act)
        for clause in state.clauses:
            assert moments.text(clause.id, act.seq) == narrow(clause.wide)
            absence = moments.absence(clause.id, act.seq)
            assert (absence is None) == (clause.gone is None)
            if absence and clause.gone:
                assert (absence.reason, absence.into) == (clause.gone.reason, clause.gone.into or "")


@settings(max_examples=80)
@given(st.randoms(use_true_random=False))
def test_every_changed_hunk_names_acts_of_the_time_between(rng: random.Random) -> None:
    table = history(rng)
    moments = Moments(table.log)
    old, new = sorted(rng.sample(range(1, len(table.log) + 1), 2)) if len(table.log) > 1 else (1, 1)
    before, after = State(table.draft), State(table.draft)
    before.apply_all(table.log[:old])
    after.apply_all(table.log[:new])
    lineage, merged = after.origins(), after.joined()
    found = compare(before.live(), after.live(), lineage, merged=merged)
    held = {id(row) for family in families(found.rows) for row in family}
    groups = [*families(found.rows), *([row] for row in found.rows if id(row) not in held and row.hunks)]
    for rows in groups:
        hunks = [hunk for row in rows for hunk in row.hunks]
        olds, news = [r.old.id for r in rows if r.old], [r.new.id for r in rows if r.new]
        told = moments.of_hunks(hunks, olds, news, old, new)
        for hunk, who in zip(hunks, told, strict=True):
            assert bool(who) == (hunk.op is not Op.KEEP)
            assert all(old < moment.seq <= new for moment in who)
            assert all(moment == _of(table, moment.seq) for moment in who)


def _of(table: Table, seq: int) -> tuple[int, int, str, str]:
    act = table.log[seq - 1]
    return act.seq, act.at, act.person_id, act.party_id


def test_a_word_that_two_people_changed_names_both_acts() -> None:
    table = Table("States should act.")
    table.type(INES, "c0", 9, "all", end=13)  # shall, of "should": its first letters stay
    table.type(PILAR, "c0", 12, "s")
    moments = Moments(table.log)
    before, after = ([_clause(table, moments.text("c0", at))] for at in (1, 3))
    found = compare(before, after)
    (row,) = found.rows
    who = moments.of_hunks(row.hunks, ["c0"], ["c0"], 1, 3)
    told = {(hunk.op, hunk.text.strip()): [m.seq for m in seqs] for hunk, seqs in zip(row.hunks, who, strict=True)}
    assert told[Op.DELETE, "should"] == [2]
    assert told[Op.INSERT, "shalls"] == [2, 3]
    back = moments.of_hunks(row.hunks, ["c0"], ["c0"], 1, 3)
    assert back == who


def _clause(table: Table, text: str) -> Clause:
    return replace(table.room.state.live()[0], text=text)


def test_words_keep_their_author_over_a_join_and_a_split() -> None:
    table = Table("One two", "three four")
    table.type(INES, "c1", 5, " new words")
    table.join("c1")
    into = table.split("c0", 14)
    assert table[into].text == "new words four"
    table.type(PILAR, into, 3, "", end=9)
    moments = Moments(table.log)
    assert (moments.text("c1", 2), moments.text("c1", 3)) == ("three new words four", "")
    told = [(r.text, r.mark, r.ins.person_id, r.dele and r.dele.person_id) for r in moments.between(into, 2, 5)]
    assert told == [
        ("new", Mark.KEPT, "ines", None),
        (" words", Mark.DEL, "ines", "pilar"),
        (" four", Mark.KEPT, "ada", None),
    ]
    assert [m.seq for m in moments.structure(into, 1, 5)] == [4]


def test_a_word_typed_again_into_itself_names_who_typed_it() -> None:
    table = Table("The lakes neighbours [should] keep.")
    table.type(INES, "c0", 20, "", end=21)  # the bracket that opens
    table.type(PILAR, "c0", 17, " neighbours ")  # within the word: "neighbo neighbours urs"
    before, after = ([_clause(table, Moments(table.log).text("c0", at))] for at in (1, 3))
    (row,) = compare(before, after).rows
    who = Moments(table.log).of_hunks(row.hunks, ["c0"], ["c0"], 1, 3)
    for hunk, moments in zip(row.hunks, who, strict=True):
        assert bool(moments) == (hunk.op is not Op.KEEP)


def test_what_is_only_said_of_a_clause_is_no_structure_of_it() -> None:
    """A comparison names who made, cut, moved or deleted a clause: never who spoke on it, which not everybody hears."""
    table = Table("The lakes shall not harm neighbours.", "The rivers too.")
    proposal = lay(table, INES, ProposalKind.MODIFY, "c0", "The lakes must not harm neighbours.")
    table.ask(PILAR, do.TakePosition("p", proposal.id, Stance.SUPPORT, wording=1))
    table.ask(PILAR, do.TakePosition("q", "c0", Stance.OPPOSE, "No."))
    table.ask(INES, do.PutBracket("b", "c0", 0, 4, 9, words="Tactical.", private=True))
    table.ask(CHAIR, do.Lock("l", "c0", "agreed_ad_ref"))
    table.ask(PILAR, do.Object("o", "c0", "Not for us."))
    table.ask(INES, do.Withdraw("w", proposal.id))
    moments = Moments(table.log)
    assert moments.structure("c0", 1, table.room.seq) == ()
    table.ask(CHAIR, do.Delete("d", "c0"))
    assert [m.seq for m in Moments(table.log).structure("c0", 1, table.room.seq)] == [table.room.seq]
