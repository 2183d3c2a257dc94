"""The stages of a draft: which may follow which, and what each forbids that is no question of who asks.

    preparation ⇄ consultation ⇄ first_reading ⇄ second_reading    any of these to any, by those who lead
    second_reading → silence                                       only by starting a silence procedure
    silence → second_reading | adopted                             only by what comes of it
    second_reading → adopted                                       by consensus in the room: those who lead say so
    any but silence and adopted → withdrawn
    adopted, withdrawn                                             the end

Who may do what at which stage stands in the access table.
"""

from collections.abc import Collection

from drafts.errors import Conflict, Invalid
from drafts.model import FINAL, Draft, Place, Stage
from drafts.state import State
from drafts.versions import unchanged

FIRST = (Stage.PREPARATION, Stage.CONSULTATION, Stage.FIRST_READING, Stage.SECOND_READING)  # a draft begins with one
FROZEN = FINAL | {Stage.SILENCE}  # the text is what was issued, its title and symbol included


def reaches(now: Stage, to: Stage) -> bool:
    """Whether those who lead can say that a draft goes from one stage to the other."""
    if now is Stage.SECOND_READING and to is Stage.ADOPTED:
        return True
    return now in FIRST and to is not now and (to in FIRST or to is Stage.WITHDRAWN)


def goes(state: State, to: Stage, issued: str) -> None:
    """Whether the draft goes to the stage ``to`` when those who lead say so. What is adopted is a version: ``issued``
    is the canonical content of the last one. Raises Conflict, Invalid."""
    now = state.draft.stage
    if now in FINAL:
        raise Conflict("final_stage", "An adopted or withdrawn text stays what it is. Bring a new one.")
    if now is Stage.SILENCE:
        raise Conflict("silence_runs", "A silence procedure runs. It has to end, or to be cancelled, first.")
    if to is Stage.SILENCE:
        raise Invalid("start_silence", "A silence procedure is started with its deadline, on its own page.")
    if not reaches(now, to):
        raise Conflict("not_read", "A text is adopted out of the second reading.")
    if to is Stage.ADOPTED:
        unchanged(state, issued)


def fixed(draft: Draft, facts: Collection[str]) -> None:
    """Whether these facts of a draft can change at its stage. Raises Conflict."""
    if draft.stage in FROZEN and not {"title", "symbol"}.isdisjoint(facts):
        raise Conflict("frozen", "Title and symbol are frozen with the text.")


def takes_comment(draft: Draft, place: Place) -> None:
    """Whether a comment can be made there at the draft's stage. Raises Conflict."""
    if draft.stage is Stage.FIRST_READING and place is not Place.DRAFT:
        raise Conflict(
            "general_comments",
            "The first reading is for general comments on the whole text; comments on clauses and words come in the "
            "second.",
        )
