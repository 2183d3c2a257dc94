"""What lies on the table, on the page of a draft: cards under the clauses they are about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from starlette.requests import Request

from drafts.desk.floor import View
from drafts.model import Member, ProposalKind, ProposalState
from drafts.state import State
from server.pages import view

_FRONT: Final = "front"


@dataclass(slots=True)
class Under:
    """What stands under one clause."""

    said: View | None = None
    open: list[View] = field(default_factory=list)
    closed: list[View] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Laid:
    """The table as HTML: by clause, before the first clause, and about clauses that are not shown any more."""

    by_clause: dict[str, str]
    front: str
    loose: str


def place_of(proposal: View) -> str:
    """The clause under which a proposal is shown: a new one under the clause that it goes behind."""
    if proposal["kind"] == ProposalKind.ADD.value:
        return proposal["place"] or _FRONT
    return proposal["clause"] or _FRONT


def lay(request: Request, me: Member, state: State, whole: View, named: Mapping[str, str]) -> Laid:
    """The views of ``drafts.desk.floor`` as cards. ``named``: what to call each clause."""
    found: dict[str, Under] = {c["id"]: Under(c) for c in whole["clauses"] if c["reason"] or c["objections"]}
    for proposal in whole["proposals"]:
        under = found.setdefault(place_of(proposal), Under())
        (under.open if proposal["state"] == ProposalState.TABLED.value else under.closed).append(proposal)
    macros = view.macros(request, "floor.html", me=me, draft=state.draft)
    shown = {c.id for c in state.standing()}
    made = {clause: _props(request, macros, state, clause, under, named) for clause, under in found.items()}
    loose = "".join(html for clause, html in made.items() if clause not in shown and clause != _FRONT)
    return Laid({clause: html for clause, html in made.items() if clause in shown}, made.get(_FRONT, ""), loose)


def _props(  # one call
    request: Request, macros: Any, state: State, clause_id: str, under: Under, named: Mapping[str, str]
) -> str:
    _ = view.tongue(request)._
    clause = state.clause(clause_id)
    label = named.get(clause_id, "")
    heading = _("Proposals on {label}", label=label) if clause else _("Proposals for the beginning")
    language = (clause.lang if clause else "") or state.draft.language
    return str(macros.props(clause_id, heading, under.said, under.open, under.closed, language))
