"""A comment of a consultation as pages show it: with its place named, its proposed words as a word diff, and what
became of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from drafts import numbering
from drafts.consultation import Remark, RemarkKind, RemarkState, Round, Spot
from drafts.desk.rounds import Entered
from drafts.model import Clause, ClauseKind
from drafts.words import hunks
from server import render
from server.i18n import Tongue
from server.pages import view

_BRIEF: Final = 700  # characters of a comment in a list


@dataclass(frozen=True, slots=True)
class Place:
    """The clauses of the text that a round is on: by id, what each is called, and what it says. A heading is called by
    its first words."""

    names: Mapping[str, str]
    clauses: Mapping[str, Clause]


@dataclass(frozen=True, slots=True)
class Card:
    """A comment on a page. ``href``: its page ('' before it is sent); ``place``: what it is on ('' for the whole text
    or for something missing anywhere); ``words``: its proposed words against what stands there; ``cut``: only its
    beginning is shown; ``mine``: the reader's party's."""

    remark: Remark
    href: str
    place: str
    body: str
    words: Markup | None
    cut: bool
    mine: bool

    @property
    def trace(self) -> bool:
        """Whether only that it was there is shown."""
        gone = self.remark.state in {RemarkState.HIDDEN, RemarkState.WITHDRAWN}
        return gone and not (self.remark.body or self.remark.proposed)


def places(clauses: Sequence[Clause]) -> Place:
    """What the clauses of a text are called."""
    names = numbering.full(clauses)
    told = {
        clause.id: name or _beginning(clause.text) if clause.kind is ClauseKind.HEADING or not name else name
        for clause, name in zip(clauses, names, strict=True)
    }
    return Place(told, {clause.id: clause for clause in clauses})


def _beginning(text: str) -> str:
    plain = text.replace("*", "")
    return plain if len(plain) <= 60 else plain[:60].rpartition(" ")[0] + " …"


def card(entered: Entered, remark: Remark, known: Place, tongue: Tongue, *, whole: bool = False) -> Card:
    """A remark that went through ``rounds.trace``. ``whole``: with all of its words, however long."""
    cut = not whole and len(remark.body) > _BRIEF
    body = remark.body[:_BRIEF].rpartition(" ")[0] + " …" if cut else remark.body
    return Card(
        remark,
        href(entered.round, remark),
        known.names.get(remark.clause_id or "", ""),
        body,
        proposed(remark, known, tongue),
        cut,
        bool(entered.sight.party_id) and remark.owner_id == entered.sight.party_id,
    )


def cards(entered: Entered, remarks: Sequence[Remark], known: Place, tongue: Tongue) -> list[Card]:
    """Several of them, briefly."""
    return [card(entered, one, known, tongue) for one in remarks]


def href(told: Round, remark: Remark) -> str:
    """The address of a comment's page."""
    return f"/consultations/{told.id}/comments/{remark.number}" if remark.number else ""


def proposed(remark: Remark, known: Place, tongue: Tongue) -> Markup | None:
    """The proposed words of a drafting comment, with what they would replace struck out."""
    if remark.kind is not RemarkKind.DRAFTING or not remark.proposed:
        return None
    return difference(standing(remark, known), remark.proposed, tongue)


def standing(remark: Remark, known: Place) -> str:
    """The words that a drafting comment would change: '' for something missing."""
    if remark.spot is Spot.SPAN:
        return remark.quote
    clause = known.clauses.get(remark.clause_id or "") if remark.spot is Spot.CLAUSE else None
    return clause.text if clause else ""


def difference(old: str, new: str, tongue: Tongue) -> Markup:
    """One text with what comes and what goes marked."""
    return view.markup(render.both_sides(hunks(old, new), tongue))
