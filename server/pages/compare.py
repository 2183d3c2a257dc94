"""Two versions side by side, or a version and the working text."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from drafts import brackets, compare
from drafts.compare import Comparison
from drafts.desk import cast, drafts, versions
from drafts.errors import NotFound
from drafts.exchange import Content
from drafts.model import ClauseKind, Version
from drafts.numbering import Slot, addresses
from drafts.state import State
from server.auth import Signed
from server.i18n import Tongue
from server.pages import view
from server.pages.attribution import Attribution
from server.pages.change_map import change_map
from server.pages.rows import KINDS, Labels, blocks

LIVE: Final = versions.LIVE
_MOST_KEPT: Final = 64
_kept: OrderedDict[tuple[str, str, str, int], Comparison] = OrderedDict()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two texts: ``value`` names it in the address."""

    value: str
    label: str
    says: str
    number: int | None  # of the version; None: the working text
    content: Content


@dataclass(frozen=True, slots=True)
class Choice:
    """An entry of the two lists of versions."""

    value: str
    label: str


async def page(request: Request, signed: Signed) -> Response:
    """The comparison that the address names: ``old``, ``new`` (a version's number, ``live``), ``show``, ``layout``."""
    store, draft_id, spoken = request.app.state.store, request.path_params["draft_id"], view.tongue(request)
    state, me = await drafts.state(store, signed.person.id, draft_id)
    people = await cast.of(store, state)
    issued = people.issued
    query = request.query_params
    first = str(issued[-1].number) if issued else LIVE
    old = await _side(request, signed, state, issued, query.get("old", first))
    new = await _side(request, signed, state, issued, query.get("new", LIVE))
    told = await _comparison(state, old, new)
    show = query.get("show", "") if query.get("show", "") in KINDS else ""
    layout = "one" if query.get("layout") == "one" else ""
    named = Labels(_addresses(old.content), _addresses(new.content), old.label)
    who = Attribution(state, people, old.number, new.number)
    made = blocks(told, named, who, spoken, state.draft.language, show=show, one_column=bool(layout))
    return view.page(
        request,
        "compare.html",
        me=me,
        draft=state.draft,
        old=old,
        new=new,
        choices=_choices(issued, spoken),
        blocks=made.blocks,
        changes=made.changes,
        kinds=[(kind, made.counts[kind]) for kind in KINDS],
        unchanged=told.counts.same,
        added=told.counts.words_added,
        removed=told.counts.words_removed,
        show=show,
        layout=layout,
        address=_address(old.value, new.value),
        map=change_map(made, spoken),
    )


def _address(old: str, new: str) -> Callable[..., str]:
    def address(show: str = "", layout: str = "") -> str:
        """The address of this comparison with another filter or layout; it always names both versions."""
        parts = {"old": old, "new": new, "show": show, "layout": layout}
        return "?" + urlencode({name: value for name, value in parts.items() if value})

    return address


async def _side(request: Request, signed: Signed, state: State, issued: list[Version], wanted: str) -> Side:
    spoken = view.tongue(request)
    if wanted == LIVE:
        content = versions.live(state)
        return Side(LIVE, spoken._("Working text"), _says(content, spoken, spoken._("as it stands")), None, content)
    found = next((version for version in issued if str(version.number) == wanted), None)
    if found is None:
        raise NotFound("not_found", "There is nothing at this address.")
    content = await versions.get(request.app.state.store, signed.person.id, state.draft.id, found.number)
    says = _says(content, spoken, spoken._("issued {date}", date=spoken.day(found.issued_at)))
    return Side(wanted, found.label, says, found.number, content)


def _says(content: Content, spoken: Tongue, when: str) -> str:
    clauses = sum(clause.kind is not ClauseKind.HEADING for clause in content.clauses)
    found = brackets.count(clause.text for clause in content.clauses)
    open_ones = found.pairs + found.spanning
    return " · ".join(
        (
            when,
            spoken.ngettext("{n} clause", "{n} clauses", clauses),
            spoken.ngettext("{n} bracket", "{n} brackets", open_ones),
        )
    )


def _choices(issued: list[Version], spoken: Tongue) -> list[Choice]:
    found = [Choice(str(version.number), version.label) for version in issued]
    return [*found, Choice(LIVE, spoken._("Working text"))]


def _addresses(content: Content) -> dict[str, str]:
    named = addresses([Slot(clause.kind, clause.depth) for clause in content.clauses])
    return {clause.id: label for clause, label in zip(content.clauses, named, strict=True)}


async def _comparison(state: State, old: Side, new: Side) -> Comparison:
    """Kept by what was compared: versions never change, the working text by the number of its last act."""
    key = (state.draft.id, old.value, new.value, state.draft.seq if LIVE in {old.value, new.value} else 0)
    found = _kept.get(key)
    if found is None:
        lineage = {clause.id: clause.source for clause in state.clauses if clause.source}
        found = await asyncio.to_thread(compare.compare, old.content.clauses, new.content.clauses, lineage)
        _kept[key] = found
        if len(_kept) > _MOST_KEPT:
            _kept.popitem(last=False)
    return found
