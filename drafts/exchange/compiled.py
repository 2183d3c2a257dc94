"""A compilation text that comes back: out of each clause's notation the text as it stands, and what is proposed to it.

A file that Adref wrote says that it is a compilation and which parties it names (Markdown in its front matter, Word in
our own part), and is read by these names. One that was typed by hand is read by the names that the caller knows.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from drafts.exchange.parsed import Parsed, ParsedClause, Proposed
from drafts.heard import Heard, Said, heard, on_clause
from drafts.model import Clause
from drafts.notation import Notated, base, read, suspects
from drafts.numbering import Slot, as_issued, labels

NOTE: Final = "This is a compilation text: the text as it stands was taken, and what is proposed in it was left out."


@dataclass(frozen=True, slots=True)
class Found:
    """A clause of a compilation. ``clause.text`` is the text as it stands, '' for one that is only proposed (``stands``
    False). ``said``: positions on the clause itself."""

    clause: ParsedClause
    label: str
    stands: bool
    notated: Notated
    proposals: tuple[Heard, ...]
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Compilation:
    """A file as a compilation. ``unknown``: what stands where a party's name would, and is none, sorted."""

    parsed: Parsed
    clauses: tuple[Found, ...]
    unknown: tuple[str, ...]


def marked(parsed: Parsed) -> bool:
    """Whether the file says that it is a compilation."""
    return parsed.parties is not None


def compilation(parsed: Parsed, known: Iterable[str] = ()) -> Compilation:
    """What a file holds whose clauses are in the notation. ``known``: names of parties besides those that it says."""
    names = frozenset(known) | frozenset(parsed.parties or ())
    notated = [read(clause.text, names.__contains__) for clause in parsed.clauses]
    stand = [_stands(parsed, clause, one) for clause, one in zip(parsed.clauses, notated, strict=True)]
    named = _labels(parsed.clauses, stand)
    unknown = {name for clause in parsed.clauses for name in suspects(clause.text, names.__contains__)}
    found = [
        Found(
            replace(clause, text=base(one) if stands else "", pieces=()),
            label,
            stands,
            one,
            tuple(heard(one, stands=stands)),
            tuple(on_clause(one)),
        )
        for clause, one, stands, label in zip(parsed.clauses, notated, stand, named, strict=True)
    ]
    return Compilation(parsed, tuple(found), tuple(sorted(unknown)))


def plain(parsed: Parsed) -> Parsed:
    """The text as it stands of a file that says it is a compilation, with a note and what is proposed in it."""
    told = compilation(parsed)
    clauses = tuple(one.clause for one in told.clauses if one.stands)
    proposed = tuple(
        Proposed(one.label, each.kind.value, each.parties, each.text) for one in told.clauses for each in one.proposals
    )
    return replace(
        parsed, clauses=clauses, rejected=clauses, remarks=(), notes=(*parsed.notes, NOTE), proposed=proposed
    )


def called(parties: Iterable[tuple[str, str]]) -> Callable[[str], str | None]:
    """From a name in a file to the id of a party: ``parties`` are ids and names (full names, codes, group names)."""
    by_name = {name.casefold(): party for party, name in parties}

    def find(name: str) -> str | None:
        return by_name.get(name.casefold())

    return find


def _stands(parsed: Parsed, clause: ParsedClause, notated: Notated) -> bool:
    """Whether a clause is one of the text. What our file proposes carries no id, or one without a text's hash."""
    if not notated.proposed:
        return True
    hashes = parsed.base.hashes if parsed.base else {}
    return bool(hashes.get(clause.id)) if hashes else bool(clause.id) and marked(parsed)


def _labels(clauses: Sequence[ParsedClause], stand: Sequence[bool]) -> list[str]:
    """What the clauses are called: the text as it stands from the start, what is proposed after the clause before."""
    slots = [Slot(clause.kind, clause.depth, str(at)) for at, clause in enumerate(clauses)]
    standing = [slot for slot, stands in zip(slots, stand, strict=True) if stands]
    named = [
        Clause(slot.id, slot.kind, slot.depth, "", label)
        for slot, label in zip(standing, labels(standing), strict=True)
    ]
    return labels(slots, as_issued(named))
