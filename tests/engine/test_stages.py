"""What each stage of a draft allows to whom, written out by hand; which stage may follow which."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from drafts import commands as do
from drafts.access import BroughtIn, CommentIn, ProposalIn, SilenceIn, Subject, ThreadIn, Verb, may
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from drafts.hearing import RULES
from drafts.model import (
    FINAL,
    Audience,
    Comment,
    Draft,
    Forum,
    Level,
    Mode,
    Openness,
    Place,
    Role,
    Stage,
    Thread,
)
from tests.engine.table import CHAIR, FORUM, INES, STRANGER, WANDA, Table, seat

SECRETARY = seat("Sven", "SEC", Role.SECRETARIAT)
ROLES = {"C": CHAIR, "S": SECRETARY, "D": INES, "O": WANDA}
MADE = datetime(2026, 11, 24, tzinfo=UTC)

# Who may: C chair, S secretariat, D a delegate, O an observer, - nobody. Open drafting, observers let in, positions
# open to delegations. The columns are the stages in their order:
#               preparation consultation first second silence adopted withdrawn
ALLOWED = """
draft.read              CS   CSDO  CSDO  CSDO  CSDO  CSDO  CSDO
draft.edit              CS   CS    CS    CSD   -     -     -
draft.set               CS   CS    CS    CS    CS    CS    CS
stage.set               CS   CS    CS    CS    CS    CS    CS
clause.lock             CS   CS    CS    CS    -     -     -
bracket.note            CS   CSD   CSD   CSD   -     -     -
clause.object           -    -     CSD   CSD   -     -     -
version.issue           CS   CS    CS    CS    -     -     -
round.open              CS   CS    CS    CS    -     -     -
thread.open             CS   CSDO  CSDO  CSDO  CSDO  -     -
thread.open.delegations CS   CSD   CSD   CSD   CSD   -     -
thread.read             CS   CSDO  CSDO  CSDO  CSDO  CSDO  CSDO
thread.reply            CS   CSDO  CSDO  CSDO  CSDO  -     -
thread.resolve          CS   CSD   CSD   CSD   CSD   -     -
comment.edit            -    D     D     D     D     -     -
brought.read            -    D     D     D     D     D     D
edit.for                CS   CS    CS    CS    CS    CS    CS
desk.read               CS   CS    CS    CS    CS    CS    CS
proposal.write          CS   CSD   CSD   CSD   CSD   -     -
proposal.table          -    -     -     CSD   -     -     -
proposal.own            -    D     D     D     D     -     -
proposals.read          CS   CSDO  CSDO  CSDO  CSDO  CSDO  CSDO
proposal.decide         -    -     -     CS    -     -     -
position.take           -    -     CSD   CSD   -     -     -
positions.read          CS   CSD   CSD   CSD   CSD   CSD   CSD
silence.lead            -    -     -     CS    CS    -     -
silence.break           -    -     -     CSD   CSD   -     -
silence.explain         -    -     -     -     CSD   CSD   -
breaks.read             CS   CSD   CSD   CSD   CSD   CSD   CSD
"""
ROWS = {Verb(row.split()[0]): row.split()[1:] for row in ALLOWED.strip().splitlines()}
# No question of the stage of a draft that is negotiated; what a round lets is tests/drafts/test_hearing.py's.
ELSEWHERE = {
    Verb.FORUM_READ, Verb.FORUM_MANAGE, Verb.DRAFT_CREATE, Verb.PROPOSAL_SHARE, Verb.PROPOSAL_BACK, *RULES,
}  # fmt: skip


def draft(stage: Stage, **facts: object) -> Draft:
    return replace(Table().draft, stage=stage, **facts)  # type: ignore[arg-type]


def subject(verb: Verb, of: Draft) -> Subject:
    """What a verb is asked about: what is a delegation's own is Ines's party's."""
    comment = Comment("k", "t", INES.person_id, INES.person_name, INES.party, "So.", MADE)
    thread = Thread("t", of.id, Place.DRAFT, None, "", Audience.EVERYONE, MADE, None, None, (comment,))
    if verb in {Verb.THREAD_READ, Verb.THREAD_REPLY, Verb.THREAD_RESOLVE}:
        return ThreadIn(of, thread)
    if verb is Verb.COMMENT_EDIT:
        return CommentIn(of, thread, comment)
    if verb is Verb.BROUGHT_READ:
        return BroughtIn(of, INES.party.id)
    if verb is Verb.PROPOSAL_OWN:
        return ProposalIn(of, INES.party.id)
    if verb is Verb.BREAKS_READ:
        return SilenceIn(of, Forum(FORUM, "Lakes", Level.REGIONAL, MADE), "nobody")
    return of


def test_every_verb_has_a_row_and_every_row_every_stage() -> None:
    assert set(ROWS) | ELSEWHERE == set(Verb)
    assert {len(cells) for cells in ROWS.values()} == {len(Stage)}


@pytest.mark.parametrize("verb", ROWS)
def test_what_each_stage_allows(verb: Verb) -> None:
    for stage, expected in zip(Stage, ROWS[verb], strict=True):
        allowed = "".join(
            letter for letter, actor in ROLES.items() if may(actor, verb, subject(verb, draft(stage))) is None
        )
        assert (stage.value, allowed or "-") == (stage.value, expected)
        assert isinstance(may(STRANGER, verb, subject(verb, draft(stage))), NotFound)


@pytest.mark.parametrize("verb", ROWS)
def test_who_may_not_read_a_draft_may_nothing_with_it(verb: Verb) -> None:
    closed = draft(Stage.SECOND_READING, observers=False)
    assert isinstance(may(WANDA, verb, subject(verb, closed)), NotFound)
    for actor in (INES, WANDA):
        assert isinstance(may(actor, verb, subject(verb, draft(Stage.PREPARATION))), NotFound)


def test_in_the_chairs_pen_delegations_take_positions_and_edit_nothing() -> None:
    pen = draft(Stage.SECOND_READING, mode=Mode.PEN)
    assert may(INES, Verb.DRAFT_EDIT, pen) is not None
    assert may(INES, Verb.POSITION_TAKE, pen) is None


@pytest.mark.parametrize(
    ("proposals", "positions", "sees"),
    [
        (Openness.EVERYONE, Openness.EVERYONE, "CSDO CSDO"),
        (Openness.EVERYONE, Openness.DELEGATIONS, "CSDO CSD"),
        (Openness.EVERYONE, Openness.LEADS, "CSDO CS"),
        (Openness.DELEGATIONS, Openness.EVERYONE, "CSD CSD"),
        (Openness.DELEGATIONS, Openness.LEADS, "CSD CS"),
        (Openness.LEADS, Openness.EVERYONE, "CS CS"),
    ],
)
def test_positions_are_seen_by_those_who_see_what_they_are_about(
    proposals: Openness, positions: Openness, sees: str
) -> None:
    of = draft(Stage.SECOND_READING, proposals=proposals, positions=positions)
    for verb, expected in zip((Verb.PROPOSALS_READ, Verb.POSITIONS_READ), sees.split(), strict=True):
        assert "".join(letter for letter, actor in ROLES.items() if may(actor, verb, of) is None) == expected


@pytest.mark.parametrize(
    ("verb", "stage", "key"),
    [
        (Verb.DRAFT_EDIT, Stage.SILENCE, "silence"),
        (Verb.CLAUSE_LOCK, Stage.SILENCE, "silence"),
        (Verb.VERSION_ISSUE, Stage.ADOPTED, "adopted"),
        (Verb.THREAD_REPLY, Stage.ADOPTED, "closed"),
        (Verb.POSITION_TAKE, Stage.CONSULTATION, "not_this_stage"),
    ],
)
def test_those_who_lead_are_told_what_the_stage_forbids(verb: Verb, stage: Stage, key: str) -> None:
    refusal = may(CHAIR, verb, subject(verb, draft(stage)))
    assert isinstance(refusal, Forbidden)
    assert refusal.key == key


def test_a_proposals_own_text_has_no_stages_and_is_for_its_circle() -> None:
    own = draft(Stage.SECOND_READING, parent="d", circle=("nvl", "ctm"))
    for verb in (Verb.STAGE_SET, Verb.CLAUSE_LOCK, Verb.POSITION_TAKE, Verb.CLAUSE_OBJECT, Verb.DRAFT_SET):
        assert may(INES, verb, own) is not None
        assert isinstance(may(CHAIR, verb, own), NotFound)
    assert may(INES, Verb.PROPOSAL_OWN, ProposalIn(draft(Stage.SECOND_READING), "nvl")) is None


# ── from stage to stage ──


def at(stage: Stage) -> Table:
    """A table whose draft is at a stage, with a version issued."""
    made = Table("First words.", "Second words.")
    made.ask(CHAIR, do.Issue("issue", "Zero draft"))
    if stage is Stage.SILENCE:
        made.room.state.draft = replace(made.room.state.draft, stage=stage)  # by a procedure; tested with silence
    elif stage is not Stage.SECOND_READING:
        made.ask(CHAIR, do.SetDraft("stage", stage=stage, issued=made.versions[-1][1]))
    return made


_READING = "preparation consultation first_reading second_reading"
GOES = {
    Stage.PREPARATION: f"{_READING} withdrawn",
    Stage.CONSULTATION: f"{_READING} withdrawn",
    Stage.FIRST_READING: f"{_READING} withdrawn",
    Stage.SECOND_READING: f"{_READING} adopted withdrawn",
    Stage.SILENCE: "silence",
    Stage.ADOPTED: "adopted",
    Stage.WITHDRAWN: "withdrawn",
}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("to", Stage)
def test_which_stage_may_follow(stage: Stage, to: Stage) -> None:
    made = at(stage)
    seq = made.room.seq
    asked = do.SetDraft("next", stage=to, issued=made.versions[-1][1])
    if to in GOES[stage].split():
        made.ask(CHAIR, asked)
        assert made.room.state.draft.stage is to
        assert made.log[-1].body == ({} if to is stage else {"stage": to.value})
    else:
        with pytest.raises((Conflict, Invalid)):
            made.ask(CHAIR, asked)
        assert (made.room.state.draft.stage, made.room.seq) == (stage, seq)
    with pytest.raises(Refusal):
        made.ask(INES, replace(asked, op="other"))


@pytest.mark.parametrize("facts", [{"title": "Other norms"}, {"symbol": "LS/2"}])
def test_a_text_is_not_adopted_under_another_title(facts: dict[str, Any]) -> None:
    made = Table("First words.")
    made.ask(CHAIR, do.Issue("issue", "Zero draft"))
    seq, issued = made.room.seq, made.versions[-1][1]
    with pytest.raises(Conflict, match="frozen"):
        made.ask(CHAIR, do.SetDraft("a", stage=Stage.ADOPTED, issued=issued, **facts))
    assert made.room.seq == seq


def test_what_is_adopted_is_a_version() -> None:
    made = Table("First words.")
    with pytest.raises(Conflict, match="Issue"):
        made.ask(CHAIR, do.SetDraft("a", stage=Stage.ADOPTED))
    made.ask(CHAIR, do.Issue("issue", "Zero draft"))
    made.type(INES, "c0", 0, "Very ")
    for issued in ("", made.versions[-1][1]):
        with pytest.raises(Conflict, match="issue"):
            made.ask(CHAIR, do.SetDraft("a", stage=Stage.ADOPTED, issued=issued))


@pytest.mark.parametrize("stage", [Stage.SILENCE, *sorted(FINAL)])
def test_a_frozen_text_keeps_its_title_and_may_be_opened_to_more_people(stage: Stage) -> None:
    made = at(stage)
    with pytest.raises(Conflict, match="frozen"):
        made.ask(CHAIR, do.SetDraft("a", title="Other"))
    made.ask(CHAIR, do.SetDraft("b", title="Norms", positions=Openness.EVERYONE, observers=False))
    assert made.log[-1].body == {"positions": "everyone", "observers": False}


def test_facts_that_stay_the_same_are_not_told_again() -> None:
    made = Table("First words.")
    asked = do.SetDraft(
        "a", "Norms", "LS/1", Mode.PEN, observers=True, stage=Stage.SECOND_READING,
        proposals=Openness.EVERYONE, positions=Openness.LEADS,
    )  # fmt: skip
    (act,) = made.ask(CHAIR, asked).acts
    assert act.body == {"mode": "pen", "positions": "leads"}
    made.insist()


# ── comments ──


@pytest.mark.parametrize("place", Place)
def test_the_first_reading_takes_general_comments_only(place: Place) -> None:
    made = at(Stage.FIRST_READING)
    for op, actor in (("a", INES), ("b", CHAIR)):
        asked = do.OpenThread(op, place, "Hm.", None if place is Place.DRAFT else "c0", 0, 0, 5)
        if place is Place.DRAFT:
            made.ask(actor, asked)
        else:
            with pytest.raises(Conflict, match="general comments"):
                made.ask(actor, asked)
    made.ask(CHAIR, do.SetDraft("on", stage=Stage.CONSULTATION))
    made.ask(INES, do.OpenThread("c", place, "Hm.", None if place is Place.DRAFT else "c0", 0, 0, 5))
