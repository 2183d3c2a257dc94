"""A comparison of two versions as a file. ``WRITERS`` is the table of formats: a new one is one line."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from drafts.desk import pairs
from drafts.desk.compare import Side
from drafts.desk.pairs import Pair
from drafts.desk.versions import LIVE
from drafts.errors import Invalid
from server.auth import Signed
from server.i18n import Tongue
from server.pages import view
from server.side_by_side import side_by_side

Writer = Callable[[Pair, Tongue], Awaitable[bytes]]


async def page(request: Request, signed: Signed) -> Response:
    """The comparison of ``old`` and ``new`` as the ``format`` that is asked for."""
    query = request.query_params
    form = query.get("format", "html")
    if form not in WRITERS:
        raise Invalid("bad_format", "format: choose one of {values}.", values=", ".join(WRITERS))
    sides = query.get("old", "1"), query.get("new", LIVE)
    pair = await pairs.load(request.app.state.store, signed.person.id, request.path_params["draft_id"], *sides)
    write, media_type = WRITERS[form]
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(pair)}.{form}"'}
    return Response(await write(pair, view.tongue(request)), media_type=media_type, headers=headers)


async def _html(pair: Pair, tongue: Tongue) -> bytes:
    names = _named(pair.old, tongue), _named(pair.new, tongue)
    draft = pair.state.draft
    title = f"{draft.title}: {tongue._('{old} compared with {new}', old=names[0], new=names[1])}"
    return await asyncio.to_thread(side_by_side, title, draft.language, names, pair.found, tongue)


async def _json(pair: Pair, _tongue: Tongue) -> bytes:
    return await asyncio.to_thread(lambda: msgspec.json.format(msgspec.json.encode(pair.plain())))


WRITERS: Final[dict[str, tuple[Writer, str]]] = {
    "html": (_html, "text/html; charset=utf-8"),
    "json": (_json, "application/json"),
}


def _named(point: Side, tongue: Tongue) -> str:
    return point.label or tongue._("Working text")


def _file_name(pair: Pair) -> str:
    name = f"{pair.state.draft.symbol or pair.state.draft.title} {pair.old.named} {pair.new.named}"
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[:80].rstrip("-.") or "comparison"
