"""The silence procedure: started, broken, adopted, cancelled; explanations of position.

What ends a procedure is decided by two numbers alone, the deadline in the log and the time of the act: before the
deadline a party breaks it or the chair cancels it, from the deadline on the clock adopts the text. The first of these
acts in the log is the outcome, so it happens once, whoever else asks. Parties may add until the deadline that they
break the silence too; that changes nothing but the list.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from drafts import commands as do
from drafts.access import Verb, demand
from drafts.acts import ActKind
from drafts.decide import Acting, Outcome, paragraphs
from drafts.errors import Conflict, Forbidden, Invalid, TooLarge
from drafts.floor import Silence
from drafts.model import Member, Stage, new_id
from drafts.state import State
from drafts.versions import unchanged

MOST_REASON: Final = 2_000  # characters
MOST_EXPLANATION: Final = 20_000
MOST_EXPLANATIONS: Final = 20  # of one party
LONGEST: Final = 366 * 24 * 3600 * 1000  # ms


def _start(room: Acting, outcome: Outcome, actor: Member, c: do.StartSilence, at: int) -> None:
    state = room.state
    demand(actor, Verb.SILENCE_LEAD, state.draft)
    if state.draft.stage is Stage.SILENCE:
        raise Conflict("silence_runs", "A silence procedure runs already.")
    as_issued(state, c.issued)
    note = _words(c.note, MOST_REASON)
    _long_enough(c.deadline - at, c.minimum)
    body = {
        "procedure": new_id(),
        "version": len(state.issued),
        "label": state.issued[-1],
        "hash": state.hash,
        "deadline": c.deadline,
        "minimum": c.minimum,
        "note": note,
        "parties": list(c.parties),
    }
    room.act(outcome, actor, at, ActKind.SILENCE, None, body, (c.op, None))
    _stage(room, outcome, actor, Stage.SILENCE, at)


def as_issued(state: State, issued: str) -> None:
    """Whether the text stands as its last version has it: raises Conflict when not. ``issued``: that version's
    canonical content, which is proved by its hash."""
    unchanged(state, issued)


def _long_enough(lasts: int, minimum: int) -> None:
    """``lasts`` in ms, ``minimum`` in seconds."""
    if lasts > LONGEST:
        raise Invalid("deadline_late", "A silence procedure lasts a year at most.")
    if lasts >= minimum * 1000:
        return
    if minimum % 3600 == 0:
        raise Invalid(
            "deadline_early",
            "A silence procedure lasts at least {n} hours here. Choose a later deadline.",
            n=minimum // 3600,
        )
    raise Invalid(
        "deadline_early",
        "A silence procedure lasts at least {n} minutes here. Choose a later deadline.",
        n=-(-minimum // 60),
    )


def _break(room: Acting, outcome: Outcome, actor: Member, c: do.BreakSilence, at: int) -> None:
    demand(actor, Verb.SILENCE_BREAK, room.state.draft)
    found = _latest(room.state, c.procedure)
    if found.outcome not in {"", "broken"}:
        raise _over()
    _in_time(found, at)
    if any(said.party == actor.party.id for said in found.breaks):
        raise Conflict("broken_already", "Your delegation has broken the silence already.")
    reason = _words(c.reason, MOST_REASON, needed="Say why the silence is broken.")
    clauses = list(dict.fromkeys(c.clauses))
    for clause_id in clauses:
        clause = room.state.clause(clause_id)
        if clause is None or clause.gone is not None:
            raise Invalid("no_clause", "There is no such clause.")
    body = {"procedure": found.id, "reason": reason, "clauses": clauses}
    room.act(outcome, actor, at, ActKind.BREAK, None, body, (c.op, None))
    if not found.outcome:
        # All readers are told of this act, but not all of them who broke the silence: it is in the starter's name.
        _stage(room, outcome, _starter(actor, found), Stage.SECOND_READING, at)


def _adopt(room: Acting, outcome: Outcome, actor: Member, c: do.Adopt, at: int) -> None:
    """By no door: the server's clock asks, as the one who started the procedure, whatever became of them since."""
    found = _latest(room.state, c.procedure)
    if (actor.person_id, actor.party.id) != (found.person, found.party):
        raise Forbidden("clock_only", "A text under silence is adopted by the clock, at the deadline.")
    if found.outcome or room.state.draft.stage is not Stage.SILENCE:
        raise _over()
    if at < found.deadline:
        raise Conflict("deadline_ahead", "The deadline has not come yet.")
    body = {"procedure": found.id, "hash": found.hash, "deadline": found.deadline}
    room.act(outcome, actor, at, ActKind.ADOPT, None, body, (c.op, None))
    _stage(room, outcome, actor, Stage.ADOPTED, at)


def _cancel(room: Acting, outcome: Outcome, actor: Member, c: do.CancelSilence, at: int) -> None:
    demand(actor, Verb.SILENCE_LEAD, room.state.draft)
    found = _latest(room.state, c.procedure)
    if found.outcome:
        raise _over()
    _in_time(found, at)
    reason = _words(c.reason, MOST_REASON, needed="Say why the silence procedure is cancelled.")
    room.act(outcome, actor, at, ActKind.CANCEL, None, {"procedure": found.id, "reason": reason}, (c.op, None))
    _stage(room, outcome, actor, Stage.SECOND_READING, at)


def _explain(room: Acting, outcome: Outcome, actor: Member, c: do.Explain, at: int) -> None:
    demand(actor, Verb.SILENCE_EXPLAIN, room.state.draft)
    said = _words(c.text, MOST_EXPLANATION, needed="Write something first.")
    if sum(one.party == actor.party.id for one in room.state.floor.explanations) >= MOST_EXPLANATIONS:
        raise TooLarge(
            "too_many_explanations", "A delegation gives at most {limit} explanations.", limit=MOST_EXPLANATIONS
        )
    room.act(outcome, actor, at, ActKind.EXPLAIN, None, {"text": said}, (c.op, None))


def _latest(state: State, procedure: str) -> Silence:
    """The draft's latest procedure, which is the one that was meant. Raises Invalid, Conflict."""
    silences = state.floor.silences
    if all(known.id != procedure for known in silences):
        raise Invalid("no_silence", "There is no such silence procedure.")
    if silences[-1].id != procedure:
        raise _over()
    return silences[-1]


def _in_time(found: Silence, at: int) -> None:
    if at >= found.deadline:
        raise Conflict("deadline_passed", "The deadline has passed.")


def _over() -> Conflict:
    return Conflict("silence_over", "This silence procedure has ended.")


def _starter(actor: Member, found: Silence) -> Member:
    return replace(actor, person_id=found.person, party=replace(actor.party, id=found.party))


def _stage(room: Acting, outcome: Outcome, actor: Member, stage: Stage, at: int) -> None:
    room.act(outcome, actor, at, ActKind.SET, None, {"stage": stage.value})


def _words(text: str, limit: int, *, needed: str = "") -> str:
    text = paragraphs(text)
    if needed and not text:
        raise Invalid("empty", needed)
    if len(text) > limit:
        raise TooLarge("too_long", "At most {limit} characters fit here.", limit=limit)
    return text


COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {
    do.StartSilence: _start,
    do.BreakSilence: _break,
    do.Adopt: _adopt,
    do.CancelSilence: _cancel,
    do.Explain: _explain,
}
