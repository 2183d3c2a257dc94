"""Brackets put round words and lifted, with whose they are and why.

A bracket is two glyphs of the text and nothing else; a *note* says whose it is. It holds on to the opening glyph by an
anchor of the clause, so that it goes with it through edits, splits and joins, and is not shown once the glyph is gone.
A pair has one note that everybody sees, and of each party at most one that only the party sees.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Final, NamedTuple

from drafts import commands as do
from drafts.access import Verb, demand
from drafts.acts import ActKind, Body
from drafts.bracketed import Place, across, at_glyph, closed_up, crossed
from drafts.brackets import Bracket
from drafts.change import MAX_TEXT, Change
from drafts.decide import Acting, Outcome, clean, unlocked
from drafts.errors import Conflict, Forbidden, Invalid, TooLarge
from drafts.floor import BracketNote
from drafts.late import follow
from drafts.model import BracketReason, Member, Role, new_id
from drafts.state import ClauseState, State

MAX_WORDS: Final = 500  # characters of what is said to a bracket
_SPACES: Final = " \t\u00a0"


class Noted(NamedTuple):
    """A note and the bracket it is about: ``[start, end)`` of the clause's wide text with both glyphs; ``pair`` None:
    a single ``[`` there, which closes in a later clause or not at all."""

    note: BracketNote
    start: int
    end: int
    pair: Bracket | None


def notes(state: State, clause: ClauseState) -> list[Noted]:
    """The notes to the brackets that stand in a clause now, in the order of the text. Private ones too: whoever shows
    them asks ``reads``."""
    out = []
    for key, anchor in clause.anchors.items():
        note = state.floor.brackets.get(key[2:]) if key.startswith("b:") else None
        if note is None or anchor.start is None or anchor.gone or clause.wide[anchor.start : anchor.start + 1] != "[":
            continue
        pair = at_glyph(clause.wide, anchor.start)
        out.append(Noted(note, anchor.start, pair.end if pair else anchor.start + 1, pair))
    return sorted(out, key=lambda one: (one.start, one.note.private, one.note.at))


def reads(actor: Member, note: BracketNote) -> bool:
    """Whether somebody who reads the draft may read a note."""
    return not note.private or note.owner == actor.party.id


# ── putting ──


def _put(room: Acting, outcome: Outcome, actor: Member, c: do.PutBracket, at: int) -> None:
    if c.start > c.end:
        raise Invalid("no_place", "There is no such place in the clause.")
    said = _said(room.state, c)
    if c.start == c.end:
        _note(room, outcome, actor, c, said, at)
        return
    demand(actor, Verb.DRAFT_EDIT, room.state.draft)
    clause, start, end = _words(room, c)
    unlocked(clause)
    length = len(clause.wide)
    if length + 2 > MAX_TEXT:
        raise TooLarge("clause_size", "A clause holds at most {limit} characters. Split it first.", limit=MAX_TEXT)
    change = Change.of([(start, None), (0, "["), (end - start, None), (0, "]"), (length - end, None)])
    change.check(clause.wide)
    if crossed(clause.wide, start, end):
        raise Conflict("bracket_crosses", "A bracket cannot cut another in two. Select both of its signs, or neither.")
    room.act(outcome, actor, at, ActKind.EDIT, clause, {"change": change.to_json()}, (c.op, None), change)
    body = _body(new_id(), actor.party.id, said) | {"from": start, "to": end + 2}
    room.act(outcome, actor, at, ActKind.BRACKET, clause, body, (c.op, 1))


def _said(state: State, c: do.PutBracket) -> Body:
    """What a note says, checked."""
    words = clean(c.words).strip()
    if len(words) > MAX_WORDS:
        raise TooLarge("too_long", "At most {limit} characters fit here.", limit=MAX_WORDS)
    linked = c.reason is BracketReason.LINKED
    if linked and (c.link is None or state.clause(c.link) is None):
        raise Invalid("no_link", "Choose the clause that the bracket is linked to.")
    return {
        "reason": c.reason.value,
        "link": c.link if linked else None,
        "words": words,
        "private": c.private,
    }


def _body(note: str, owner: str, said: Body) -> Body:
    return {"note": note, "owner": owner, **said}


def _words(room: Acting, c: do.PutBracket) -> tuple[ClauseState, int, int]:
    """Where the words stand now, without the spaces round them."""
    clause, start = follow(room.state, room.history, c.clause, c.number, c.start, 1)
    last, end = follow(room.state, room.history, c.clause, c.number, c.end, -1)
    if last is not clause:
        raise Conflict("bracket_split", "The clause was split there meanwhile. Select the words again.")
    while start < end and clause.wide[start] in _SPACES:
        start += 1
    while start < end and clause.wide[end - 1] in _SPACES:
        end -= 1
    if start >= end:
        raise Conflict("no_words", "There are no words to bracket: select some, or they were deleted meanwhile.")
    return clause, start, end


# ── saying whose ──


def _note(room: Acting, outcome: Outcome, actor: Member, c: do.PutBracket, said: Body, at: int) -> None:
    """Say whose a bracket that stands already is. A party's own earlier note to it is replaced."""
    demand(actor, Verb.BRACKET_NOTE, room.state.draft)
    clause, start = _glyph(room, c.clause, c.number, c.start)
    if clause.wide[start] != "[":
        raise Invalid("no_opening", "There is no opening bracket at this place.")
    there = [one.note for one in notes(room.state, clause) if one.start == start]
    public = next((note for note in there if not note.private), None)
    leads = actor.role in {Role.CHAIR, Role.SECRETARIAT}
    if not c.private and public and public.owner != actor.party.id and not leads:
        raise Forbidden("not_yours", "Another party said whose this bracket is; that party or the chair changes it.")
    old = [note for note in there if note.owner == actor.party.id]
    old += [public] if public and not c.private and public not in old else []
    same = next((note for note in old if note.private == c.private), None)
    pair = at_glyph(clause.wide, start)
    body = _body(same.id if same else new_id(), actor.party.id, said)
    body |= {"from": start, "to": pair.end if pair else start + 1}
    room.act(outcome, actor, at, ActKind.BRACKET, clause, body, (c.op, None))
    gone = [note for note in old if note is not same]
    _forget(room, outcome, actor, clause, gone, c.op, at)


def _forget(
    room: Acting, outcome: Outcome, actor: Member, clause: ClauseState, gone: Sequence[BracketNote], op: str, at: int
) -> None:
    for note in gone:
        body: Body = {
            "note": note.id,
            "from": None,
            "to": None,
            "owner": note.owner,
            "reason": note.reason.value,
            "link": note.link,
            "words": "",
            "private": note.private,
        }
        room.act(outcome, actor, at, ActKind.BRACKET, clause, body, (op, len(outcome.acts)))


def _glyph(room: Acting, clause_id: str, number: int, at: int) -> tuple[ClauseState, int]:
    """Where a bracket's glyph stands now. Raises Conflict when it is gone."""
    clause, start = follow(room.state, room.history, clause_id, number, at, 1)
    last, end = follow(room.state, room.history, clause_id, number, at + 1, -1)
    if last is not clause or end != start + 1:
        raise Conflict("bracket_gone", "The bracket was lifted meanwhile.")
    if clause.wide[start] not in "[]":
        raise Invalid("no_bracket", "There is no bracket at this place.")
    return clause, start


# ── lifting ──


def _lift(room: Acting, outcome: Outcome, actor: Member, c: do.LiftBracket, at: int) -> None:
    demand(actor, Verb.DRAFT_EDIT, room.state.draft)
    clause, glyph = _glyph(room, c.clause, c.number, c.at)
    pair = at_glyph(clause.wide, glyph)
    cuts = [(clause, _inside(clause, pair, c))] if pair else list(_apart(room.state, clause, glyph, c))
    for cut, _ in cuts:
        unlocked(cut)
    changes = [(cut, _removal(cut.wide, part)) for cut, part in cuts]
    first, start = cuts[0][0], pair.start if pair else cuts[0][1][0][0]
    gone = [one.note for one in notes(room.state, first) if _goes(one, start, c, pair) and reads(actor, one.note)]
    for index, (cut, change) in enumerate(changes):
        ident = (c.op, index or None)
        room.act(outcome, actor, at, ActKind.EDIT, cut, {"change": change.to_json()}, ident, change)
    # A note that the actor may not read is only not shown any more: an act would tell that there was one.
    _forget(room, outcome, actor, first, gone, c.op, at)


def _goes(noted: Noted, start: int, c: do.LiftBracket, pair: Bracket | None) -> bool:
    """Whether a note's bracket is lifted: the pair itself, and with its words those within."""
    inside = c.with_text and pair is not None and pair.start < noted.start < pair.end
    return noted.start == start or inside


_Parts = list[tuple[int, int]]  # stretches to take out, in order


def _inside(clause: ClauseState, pair: Bracket, c: do.LiftBracket) -> _Parts:
    if c.with_text:
        return [closed_up(clause.wide, pair.start, pair.end)]
    return [(pair.start, pair.start + 1), (pair.end - 1, pair.end)]


def _apart(state: State, clause: ClauseState, glyph: int, c: do.LiftBracket) -> Iterator[tuple[ClauseState, _Parts]]:
    """The glyphs of a pair that closes in another clause, the opening one first; or a single one."""
    if c.with_text:
        raise Conflict(
            "bracket_spans", "Only a bracket within one clause is deleted with its words. Lift it, or delete."
        )
    standing = state.standing()
    here = Place(standing.index(clause), glyph)
    spanning, _ = across([one.wide for one in standing])
    found = next((two for two in spanning if here in two), (here,))
    for place in found:
        yield standing[place.clause], [(place.at, place.at + 1)]


def _removal(wide: str, parts: _Parts) -> Change:
    sections: list[tuple[int, str | None]] = []
    reached = 0
    for start, end in parts:
        sections += [(start - reached, None), (end - start, "")]
        reached = end
    return Change.of([*sections, (len(wide) - reached, None)])


COMMANDS: Final[dict[type, Callable[[Acting, Outcome, Member, Any, int], None]]] = {
    do.PutBracket: _put,
    do.LiftBracket: _lift,
}
