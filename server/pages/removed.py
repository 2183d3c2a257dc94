"""What was removed between two versions, and what clauses were called and are called now."""

import asyncio
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import msgspec
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from drafts.desk import pairs
from drafts.desk.compare import Side
from drafts.desk.pairs import Pair
from drafts.desk.versions import LIVE
from drafts.errors import Invalid
from drafts.moments import Moment
from drafts.numbering import full
from drafts.removals import Removal
from server import concordance_csv, render
from server.auth import Signed
from server.i18n import Tongue
from server.pages import view


@dataclass(frozen=True, slots=True)
class Line:
    """A removal as the page tells it. ``began`` and ``ended``: UTC milliseconds, of the first and of the last act;
    ``seq`` is the number of the first."""

    what: str
    label: str
    text: Markup
    reason: str
    into: str
    who: str
    began: int
    ended: int
    seq: int


async def removed(request: Request, signed: Signed) -> Response:
    """Every removal between ``old`` and ``new`` (a version's number, or ``live``)."""
    pair, spoken = await _pair(request, signed), view.tongue(request)
    found = await asyncio.to_thread(pair.removals)
    return _page(request, pair, "removed.html", lines=[_line(one, pair, spoken) for one in found])


async def concordance(request: Request, signed: Signed) -> Response:
    """The labels of all clauses in two versions, as a page or, by ``format``, as a file."""
    pair, form = await _pair(request, signed), request.query_params.get("format", "")
    entries = pair.concordance()
    if form == "csv":
        return _file(concordance_csv.write(entries).encode("utf-8-sig"), "text/csv; charset=utf-8", "concordance.csv")
    if form == "json":
        return _file(msgspec.json.encode(entries), "application/json", "concordance.json")
    if form:
        raise Invalid("bad_format", "format: choose one of {values}.", values="csv, json")
    known = {clause.id for clause in pair.state.clauses}
    return _page(request, pair, "concordance.html", entries=entries, known=known)


async def _pair(request: Request, signed: Signed) -> Pair:
    query = request.query_params
    return await pairs.load(
        request.app.state.store,
        signed.person.id,
        request.path_params["draft_id"],
        query.get("old", "1"),
        query.get("new", LIVE),
    )


def _page(request: Request, pair: Pair, template: str, **facts: Any) -> Response:
    spoken = view.tongue(request)
    query = "?" + urlencode({"old": pair.old.named, "new": pair.new.named})
    facts |= {"old": _named(pair.old, spoken), "new": _named(pair.new, spoken), "query": query}
    return view.page(request, template, me=pair.me, draft=pair.state.draft, **facts)


def _named(point: Side, spoken: Tongue) -> str:
    return point.label or spoken._("Working text")


def _line(removal: Removal, pair: Pair, spoken: Tongue) -> Line:
    first, last = removal.moments[0], removal.moments[-1]
    names = dict.fromkeys(_who(moment, pair) for moment in removal.moments)
    into = _addresses(pair).get(removal.into, "") if removal.into else ""
    label = removal.label or spoken._("Heading or chapeau")
    who = ", ".join(names)
    words = view.markup(render.plain(removal.text, spoken)) if removal.text else Markup()
    return Line(removal.what.value, label, words, removal.reason, into, who, first.at, last.at, first.seq)


def _who(moment: Moment, pair: Pair) -> str:
    party = pair.people.parties.get(moment.party_id)
    name = pair.people.names.get(moment.person_id, "–")
    return f"{party.name} ({name})" if party else name


def _addresses(pair: Pair) -> dict[str, str]:
    last = max(pair.old, pair.new, key=lambda point: point.seq).content.clauses
    return dict(zip((clause.id for clause in last), full(last), strict=True))


def _file(data: bytes, media_type: str, name: str) -> Response:
    return Response(data, media_type=media_type, headers={"Content-Disposition": f'attachment; filename="{name}"'})
