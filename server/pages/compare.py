"""Two texts side by side: versions, working texts, other drafts, files."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from drafts import exchange
from drafts.compare import Comparison
from drafts.desk import brought, cast, compare, drafts, moments
from drafts.desk.compare import LIVE, Side
from drafts.errors import Invalid
from drafts.model import ClauseKind, Member
from drafts.numbering import full
from drafts.outside import Purpose
from drafts.state import State
from server.auth import Signed
from server.comparisons import Job
from server.i18n import Tongue
from server.pages import several, view
from server.pages.attribution import Attribution, Span
from server.pages.change_map import change_map
from server.pages.forms import Form
from server.pages.rows import KINDS, Filter, Labels, Made, blocks
from server.pages.sides import Address, Shown, choices, shown
from server.pages.waiting import PATIENCE, waiting

_CLAUSES: Final = frozenset(kind.value for kind in ClauseKind)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What the address asks for."""

    state: State
    me: Member
    people: cast.Cast
    old: Side
    new: Side


async def page(request: Request, signed: Signed) -> Response:
    """The comparison that the address names: ``old``, ``new`` (see ``desk.compare``), ``show`` (kinds of changes),
    ``party``, ``kind`` (of clauses), ``layout``. With ``base`` and ``with``: several texts beside one."""
    if not {"base", "with"}.isdisjoint(request.query_params):
        return await several.page(request, signed)
    asked = await _asked(request, signed)
    job: Job[Comparison] = request.app.state.comparisons.two(asked.old, asked.new)
    told = await job.result(PATIENCE)
    if told is None:
        texts = [shown(side, asked.state.draft.id, view.tongue(request)) for side in (asked.old, asked.new)]
        query = Address(old=asked.old.named, new=asked.new.named)()
        return waiting(request, asked.state.draft, asked.me, texts, query, job)
    who = Attribution(asked.state.draft.id, asked.people, await _span(request, asked), view.tongue(request))
    return await _page(request, signed, asked, told, who)


async def progress(request: Request, signed: Signed) -> Response:
    """How far the comparison is, for the page's script: ``{"done", "percent", "says"}``."""
    if "base" in request.query_params:
        done, percent = await several.done(request, signed)
    else:
        asked = await _asked(request, signed)
        job: Job[Comparison] = request.app.state.comparisons.two(asked.old, asked.new)
        done, percent = await job.result(0) is not None, round(job.share * 100)
    told = {"done": done, "percent": percent, "says": view.tongue(request)._("{n} %", n=percent)}
    return JSONResponse(told, headers={"Cache-Control": "no-store"})


async def bring(request: Request, signed: Signed, form: Form) -> Response:
    """A file to compare with: read, kept for the party, and shown beside the text ``old``."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    await drafts.open(store, signed.person.id, draft_id)
    if "file" not in form.files:
        raise Invalid("no_file", "Please choose a file.")
    name, data = form.files["file"]
    parsed = await asyncio.to_thread(exchange.read, name, data)
    kept = await brought.keep(store, signed.person.id, draft_id, name, parsed, Purpose.COMPARE)
    query = urlencode({"old": form.text("old", most=100) or LIVE, "new": f"file-{kept.id}"})
    return RedirectResponse(f"/drafts/{draft_id}/compare?{query}", 303)


async def _asked(request: Request, signed: Signed) -> _Asked:
    store, draft_id, query = request.app.state.store, request.path_params["draft_id"], request.query_params
    state, me = await drafts.state(store, signed.person.id, draft_id)
    people = await cast.of(store, state)
    first = str(people.issued[-1].number) if people.issued else LIVE
    named = [query.get("old", first), query.get("new", LIVE)]
    old, new = await compare.sides(store, signed.person.id, draft_id, named)
    return _Asked(state, me, people, old, new)


async def _span(request: Request, asked: _Asked) -> Span | None:
    """The record between the two texts, if they are of this draft."""
    old, new, draft = asked.old, asked.new, asked.state.draft
    if old.file or new.file or old.draft.id != draft.id or new.draft.id != draft.id:
        return None
    found = await moments.of(request.app.state.store, draft.id, max(old.seq, new.seq, draft.seq))
    return Span(found, old.seq, new.seq)


async def _page(request: Request, signed: Signed, asked: _Asked, told: Comparison, who: Attribution) -> Response:
    spoken, draft, query = view.tongue(request), asked.state.draft, request.query_params
    old, new = (shown(side, draft.id, spoken) for side in (asked.old, asked.new))
    show = _filter(request)
    made = await asyncio.to_thread(blocks, told, _labels(old, new), who, spoken, show)
    layout = "one" if query.get("layout") == "one" else ""
    address = Address(old=old.value, new=new.value, show=show.kinds, party=show.party, kind=show.clause, layout=layout)
    facts: dict[str, Any] = _facts(made, told, show, spoken) | {
        "draft": draft,
        "old": old,
        "new": new,
        "choices": await choices(request.app.state.store, signed.person.id, draft.id, spoken, (old, new)),
        "own": all(one.draft.id == draft.id and not one.file for one in (asked.old, asked.new)),
        "filter": show,
        "layout": layout,
        "address": address,
        "take": Address(old=old.value, new=new.value),
        "beside": Address(base=old.value, **{"with": new.value})(),
    }
    return await asyncio.to_thread(view.page, request, "compare.html", me=asked.me, **facts)


def _facts(made: Made, told: Comparison, show: Filter, spoken: Tongue) -> dict[str, Any]:
    return {
        "blocks": made.blocks,
        "changes": made.changes,
        "shown": made.shown,
        "kinds": [(kind, made.counts[kind], _toggled(kind, show.kinds)) for kind in KINDS if made.counts[kind]],
        "parties": made.parties,
        "clause_kinds": made.clause_kinds,
        "unchanged": told.counts.same,
        "added": told.counts.words_added,
        "removed": told.counts.words_removed,
        "map": change_map(made, spoken),
    }


def _toggled(kind: str, kinds: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that are shown after a click on one of them."""
    return tuple(one for one in KINDS if (one in kinds) != (one == kind))


def _filter(request: Request) -> Filter:
    """What the address asks for; words that mean nothing here are passed over."""
    query = request.query_params
    asked = set(query.getlist("show"))
    clause = query.get("kind", "")
    return Filter(
        tuple(kind for kind in KINDS if kind in asked),
        query.get("party", "")[:20],
        clause if clause in _CLAUSES else "",
    )


def _labels(old: Shown, new: Shown) -> Labels:
    of_old, of_new = old.side.content, new.side.content
    return Labels(
        full(of_old.clauses),
        full(of_new.clauses),
        old.label,
        new.label,
        (of_old.language, of_new.language),
    )
