"""The compilation text: every proposal in its place, attributed; nothing of the text is lost, and it reads back."""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drafts import commands as do
from drafts import readings
from drafts.acts import ActKind
from drafts.compilation import Compilation, Entry, compiled
from drafts.decide import Outcome
from drafts.floor import Tabled
from drafts.heard import Heard, Said, heard, on_clause
from drafts.model import ClauseKind, Group, Member, ProposalKind, Role, Stance
from drafts.notation import Says, base, name_of, read, settled
from tests.engine.floor import lay, now
from tests.engine.table import CHAIR, INES, PILAR, START, Table, seat

ADD, MODIFY, DELETE = ProposalKind.ADD, ProposalKind.MODIFY, ProposalKind.DELETE
MOVE, EDITORIAL, NO_CHANGE = ProposalKind.MOVE, ProposalKind.EDITORIAL, ProposalKind.NO_CHANGE
LARS = seat("Lars", "ZUB", Role.DELEGATE)
GRUPO = seat("Gro", "GOL", Role.DELEGATE, Group.GOVERNMENT)
NAMES = {"chr": "Chair", "nvl": "Norvale", "ctm": "Costamar", "zub": "Zubara", "gol": "Group of Lakes"}
KNOWN = frozenset(NAMES.values())
DUTY = "States shall not harm the networks of the lakes."


def says(made: Table, actor: Member, on: str, stance: Stance | None, condition: str | None = None) -> None:
    """A position, laid down without asking anybody."""
    proposal = made.room.state.floor.proposals.get(on)
    clause = made[on if proposal is None else proposal.clause or "c0"]
    wording = proposal.wording if proposal else 0
    body: dict[str, Any] = {"on": on, "stance": stance, "note": "", "if": condition, "wording": wording, "for": []}
    made.keep(acted(made, actor, ActKind.POSITION, clause.id, body))


def acted(made: Table, actor: Member, kind: ActKind, clause: str, body: dict[str, Any]) -> Outcome:
    """An act that nobody decided on."""
    outcome = Outcome()
    made.room.act(outcome, actor, START + len(made.log), kind, made[clause], body)
    return outcome


def compilation(made: Table, *, positions: bool = True) -> Compilation:
    return compiled(made.room.state, NAMES, positions=positions)


def texts(made: Table) -> list[str]:
    return [entry.clause.text for entry in compilation(made).entries]


def insist(made: Table) -> None:
    """Without proposals it is the live text, each alone gives what it makes of it, and the text reads back."""
    found = compilation(made)
    live = {clause.id: clause.text for clause in made.room.state.live()}
    assert [entry.clause.id for entry in found.entries if entry.base is not None] == list(live)
    for entry in found.entries:
        assert read(entry.clause.text, KNOWN.__contains__) == entry.notated
        if entry.base is not None:
            assert base(entry.notated) == entry.base == live[entry.clause.id]
        told = {proposal.number: proposal for proposal in made.room.state.floor.open()}
        outcomes = {_comes_to(made, told[number], entry) for number in entry.proposals}
        assert {(one.kind, one.text) for one in heard(entry.notated, stands=entry.base is not None)} == outcomes
    numbers = [number for entry in found.entries for number in entry.proposals]
    assert sorted([*numbers, *found.loose]) == [proposal.number for proposal in made.room.state.floor.open()]


def _comes_to(made: Table, proposal: Tabled, entry: Entry) -> tuple[ProposalKind, str]:
    reading = readings.against(made.room.state, proposal)
    kind = proposal.kind
    if kind is ADD:
        return ADD, proposal.text
    if kind not in readings.REWORDING:
        return kind, ""
    if reading.outcome == entry.base:
        return NO_CHANGE, ""
    return (MODIFY, reading.outcome) if reading.outcome else (DELETE, "")


# ── one proposal ──


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        (DUTY, DUTY.replace("shall", "should"),
         "States [shall] (Norvale: delete) [should] (Norvale) not harm the networks of the lakes."),
        (DUTY, DUTY.replace("States", "All States"),
         "[All] (Norvale) States shall not harm the networks of the lakes."),
        (DUTY, DUTY.replace("lakes", "lakes in peacetime"),
         "States shall not harm the networks of the lakes [in peacetime] (Norvale)."),
        (DUTY, DUTY.replace(" not", ""), "States shall [not] (Norvale: delete) harm the networks of the lakes."),
        (DUTY, DUTY.replace("States ", ""), "[States] (Norvale: delete) shall not harm the networks of the lakes."),
        (DUTY, "", f"[{DUTY}] (Norvale: delete)"),
        ("", DUTY, f"[{DUTY}] (Norvale)"),
        (DUTY, DUTY, f"{DUTY} (Norvale: retain)"),
        ("May [should][shall] act", "May [should] act", "May [should][[shall]] (Norvale: delete) act"),
        ("*Deeply alarmed* by threats,", "*Gravely alarmed* by threats,",
         "[*Deeply alarmed*] (Norvale: delete) [*Gravely alarmed*] (Norvale) by threats,"),
        ("ينبغي للدول أن تتبادل الإنذارات", "يجب على الدول أن تتبادل الإنذارات",
         "[ينبغي للدول] (Norvale: delete) [يجب على الدول] (Norvale) أن تتبادل الإنذارات"),
        ("各国应合作", "各国可合作", "各国[应] (Norvale: delete) [可] (Norvale)合作"),
        ("as one [and", "as two [and", "as [one] (Norvale: delete) [two] (Norvale) [and"),
    ],
)  # fmt: skip
def test_a_proposal_stands_in_its_place(old: str, new: str, told: str) -> None:
    made = Table(old)
    lay(made, INES, MODIFY, "c0", new)
    assert texts(made) == [told]
    insist(made)


def test_sponsors_and_supporters_are_named_alike_in_alphabetical_order() -> None:
    made = Table(DUTY)
    lay(made, PILAR, EDITORIAL, "c0", DUTY.replace("harm", "damage"), sponsors=("zub",))
    says(made, INES, "p1", Stance.SUPPORT)
    says(made, GRUPO, "p1", Stance.OPPOSE)
    says(made, CHAIR, "p1", Stance.RESERVE)
    told = "(Costamar, Norvale, Zubara: delete) (Group of Lakes: retain) (Chair: reserve)"
    assert texts(made) == [
        f"States shall not [harm] {told} [damage] (Costamar, Norvale, Zubara) the networks of the lakes."
    ]
    insist(made)
    closed = compilation(made, positions=False).entries[0]
    assert closed.clause.text == (
        "States shall not [harm] (Costamar, Zubara: delete) [damage] (Costamar, Zubara) the networks of the lakes."
    )


def test_what_the_sample_of_the_vocabulary_shows() -> None:
    made = Table("All cables international standards", "Second.")
    lay(made, INES, MODIFY, "c0", "All cables internationally agreed standards")
    says(made, GRUPO, "p1", Stance.OPPOSE)
    says(made, LARS, "p1", Stance.CONDITIONAL, "c1")
    says(made, PILAR, "p1", Stance.CAN_ACCEPT)
    assert texts(made)[0] == (
        "All cables [international] (Norvale: delete) (Group of Lakes: retain) (Costamar: can accept)"
        " (Zubara: conditional on OP2) [internationally agreed] (Norvale) standards"
    )
    insist(made)


def test_a_position_on_an_earlier_wording_says_so() -> None:
    made = Table(DUTY)
    lay(made, INES, MODIFY, "c0", DUTY.replace("shall", "should"))
    says(made, LARS, "p1", Stance.SUPPORT)
    says(made, PILAR, "p1", Stance.OPPOSE)
    body = {"proposal": "p1", "reason": "", "base": 0, "old": DUTY, "text": DUTY.replace("shall", "may"), "wording": 2}
    made.keep(acted(made, INES, ActKind.REVISE, "c0", body))
    earlier = "on an earlier wording"
    assert texts(made)[0].startswith(
        f"States [shall] (Norvale: delete) (Costamar: retain, {earlier}) (Zubara: support, {earlier}) [may] (Norvale)"
    )
    insist(made)


def test_whole_clauses() -> None:
    made = Table("One.", "Two.", "Three.", "Four.")
    lay(made, INES, DELETE, "c0")
    says(made, PILAR, "p1", Stance.OPPOSE)
    lay(made, PILAR, MOVE, "c1", after="c3")
    says(made, INES, "p2", Stance.OPPOSE)
    lay(made, LARS, MOVE, "c2", after=None)
    lay(made, LARS, NO_CHANGE, "c3")
    says(made, GRUPO, "c3", Stance.RESERVE)
    assert texts(made) == [
        "[One.] (Norvale: delete) (Costamar: retain)",
        "Two. (Costamar: move after OP4) (Norvale: oppose)",
        "Three. (Zubara: move to the beginning)",
        "Four. (Zubara, proposal 4: retain) (Group of Lakes: reserve)",
    ]  # fmt: skip
    entries = compilation(made).entries
    assert heard(entries[1].notated) == [
        Heard(MOVE, ("Costamar",), "", "OP4", positions=(Said("Norvale", Says.OPPOSE),)),
    ]
    assert on_clause(entries[3].notated) == [Said("Group of Lakes", Says.RESERVE)]
    insist(made)


def test_new_clauses_are_called_after_the_one_before() -> None:
    made = Table("One.", "Two.", "Three.")
    lay(made, INES, ADD, None, "Between.", after="c1")
    lay(made, PILAR, ADD, None, "Other between.", after="c1")
    lay(made, LARS, ADD, None, "part.", after="c2", shape=(ClauseKind.SUB, 1, ""))
    lay(made, LARS, ADD, None, "In front.")
    says(made, PILAR, "p1", Stance.OPPOSE)
    assert [(entry.clause.label, entry.clause.text) for entry in compilation(made).entries] == [
        ("OP1 ante", "[In front.] (Zubara)"),
        ("OP1", "One."),
        ("OP2", "Two."),
        ("OP2 bis", "[Between.] (Norvale) (Costamar: delete)"),
        ("OP2 ter", "[Other between.] (Costamar)"),
        ("OP3", "Three."),
        ("(a)", "[part.] (Zubara)"),
    ]
    insist(made)


# ── several ──


def test_several_proposals_on_one_clause() -> None:
    made = Table(DUTY)
    lay(made, INES, MODIFY, "c0", DUTY.replace("shall", "should"))
    lay(made, PILAR, MODIFY, "c0", DUTY.replace("shall", "may"))
    lay(made, LARS, MODIFY, "c0", DUTY.replace("shall", "should"))
    lay(made, GRUPO, MODIFY, "c0", DUTY.replace("lakes", "lakes and rivers"))
    lay(made, CHAIR, DELETE, "c0")
    assert texts(made)[0] == (
        "[States [shall] (Costamar, Norvale, Zubara: delete) [should] (Norvale, Zubara) [may] (Costamar) not harm the"
        " networks of the lakes [and rivers] (Group of Lakes).] (Chair: delete)"
    )
    assert [(one.parties, one.text) for one in heard(compilation(made).entries[0].notated)] == [
        (("Costamar",), DUTY.replace("shall", "may")),
        (("Norvale", "Zubara"), DUTY.replace("shall", "should")),
        (("Group of Lakes",), DUTY.replace("lakes", "lakes and rivers")),
        (("Chair",), ""),
    ]
    insist(made)


def test_numbers_tell_proposals_of_one_party_apart() -> None:
    made = Table(DUTY)
    lay(made, INES, MODIFY, "c0", DUTY.replace("shall", "should"))
    lay(made, INES, MODIFY, "c0", DUTY.replace("lakes", "rivers"))
    assert texts(made)[0] == (
        "States [shall] (Norvale, proposal 1: delete) [should] (Norvale, proposal 1) not harm the networks of the"
        " [lakes] (Norvale, proposal 2: delete) [rivers] (Norvale, proposal 2)."
    )
    insist(made)


def test_a_stale_proposal_stands_with_its_own_words_and_says_so() -> None:
    made = Table("States shall not harm the networks.")
    lay(made, INES, MODIFY, "c0", "States should not harm the networks.")
    made.ask(CHAIR, do.Edit(made.op(), "c0", 0, "States may not harm the networks."))
    assert texts(made) == [
        "States [may] (Norvale: delete) [should] (Norvale) not harm the networks. (Norvale: on an earlier text)"
    ]
    told = heard(compilation(made).entries[0].notated)
    assert told == [Heard(MODIFY, ("Norvale",), "States should not harm the networks.", stale=True)]


def test_a_proposal_on_a_clause_that_is_gone() -> None:
    made = Table("One.", "Two words.")
    lay(made, INES, MODIFY, "c1", "Two new words.")
    lay(made, PILAR, NO_CHANGE, "c1")
    made.ask(CHAIR, do.Delete(made.op(), "c1"))
    found = compilation(made)
    assert [(entry.clause.text, entry.base) for entry in found.entries] == [
        ("One.", "One."), ("[Two new words.] (Norvale) (Norvale: on an earlier text)", None),
    ]  # fmt: skip
    assert found.loose == (2,)


# ── what could be taken for the notation ──


@pytest.mark.parametrize(
    "text",
    [
        "as agreed [here] (Norvale: delete) and there",
        "States [shall] (Norvale) act",
        "open ] (Norvale) and [closed",
        "ends (Norvale: retain)",
        "a \\[ b \\ c",
        "[all] (Costamar: delete)",
    ],
)
def test_the_texts_own_brackets_are_never_taken_for_the_notations(text: str) -> None:
    made = Table(text, text)
    lay(made, INES, MODIFY, "c0", text.replace("a", "an e", 1))
    lay(made, PILAR, NO_CHANGE, "c1")
    insist(made)
    assert now(made, "p1").open


def test_names_with_signs_of_the_notation_are_codes() -> None:
    assert name_of("Lakes (the)", "LKS") == "LKS"
    assert name_of("Norvale", "NVL") == "Norvale"
    assert name_of("proposal 3", "PRO") == "PRO"


def test_unknown_parties_are_text() -> None:
    told = read("States [shall] (Elland: delete) (Norvale: delete) act", KNOWN.__contains__)
    assert base(told) == "States [shall] (Elland: delete) (Norvale: delete) act"
    assert told == settled(told)
    assert not heard(told)


# ── properties ──

WORDS = st.sampled_from(
    ["States", "shall", "not", "[should]", "[may", "harm]", "*Recalling*", "the", "networks,", "of", "(Norvale)",
     "ينبغي", "للدول", "应", "à", "cafés", "e\u0301tat", "*and*", ".", "a;", "]", "(i)"]
)  # fmt: skip
SENTENCE = st.lists(WORDS, min_size=0, max_size=9).map(" ".join)
PEOPLE = [INES, PILAR, LARS, GRUPO, CHAIR]
EDIT = st.tuples(st.integers(0, 9), st.integers(0, 3), st.lists(WORDS, max_size=3))


def edited(text: str, edits: Sequence[tuple[int, int, list[str]]]) -> str:
    """Some words taken out and put in."""
    words = text.split(" ")
    for at, length, new in edits:
        words[at % (len(words) + 1) : at % (len(words) + 1) + length] = new
    return " ".join(word for word in words if word)


PROPOSAL = st.tuples(
    st.sampled_from([MODIFY, MODIFY, MODIFY, EDITORIAL, DELETE, MOVE, NO_CHANGE, ADD]),
    st.sampled_from(PEOPLE),
    st.lists(EDIT, min_size=1, max_size=2),
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(Stance)), max_size=3),
)


@settings(max_examples=300, deadline=None)
@given(SENTENCE, st.lists(PROPOSAL, max_size=4), SENTENCE)
def test_no_word_is_lost(text: str, proposals: list[tuple[Any, ...]], other: str) -> None:
    made = Table(text, other)
    for kind, actor, edits, positions in proposals:
        new = edited(text, edits) if kind in readings.REWORDING else other if kind is ADD else ""
        if kind is ADD and not new:
            continue
        after = "c1" if kind in {ADD, MOVE} else None
        tabled = lay(made, actor, kind, None if kind is ADD else "c0", new, after=after)
        for member, stance in positions:
            says(made, member, tabled.id, stance)
    insist(made)
