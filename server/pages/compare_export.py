"""A comparison of two versions as a file. ``WRITERS`` is the table of formats: a new one is one line."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from drafts.desk import documents, pairs
from drafts.desk.pairs import Pair
from drafts.desk.versions import LIVE
from drafts.errors import Invalid
from drafts.exchange import Format
from drafts.exchange.pdf import Heads
from drafts.store import Store
from server import exports, printing
from server.auth import Signed
from server.exports import Wanted
from server.i18n import Tongue
from server.pages import view
from server.pages.sides import shown
from server.side_by_side import side_by_side
from server.workers import Workers


@dataclass(frozen=True, slots=True)
class Desk:
    """What a writer has at hand."""

    store: Store
    workers: Workers
    tongue: Tongue


Writer = Callable[[Pair, Desk], Awaitable[bytes]]


async def page(request: Request, signed: Signed) -> Response:
    """The comparison of ``old`` and ``new`` as the ``format`` that is asked for."""
    query = request.query_params
    form = query.get("format", "html")
    if form not in WRITERS:
        raise Invalid("bad_format", "format: choose one of {values}.", values=", ".join(WRITERS))
    sides = query.get("old", "1"), query.get("new", LIVE)
    state, draft_id = request.app.state, request.path_params["draft_id"]
    pair = await pairs.load(state.store, signed.person.id, draft_id, *sides, state.comparisons.of)
    write, media_type = WRITERS[form]
    headers = {"Content-Disposition": f'attachment; filename="{_file_name(pair)}.{form}"'}
    return Response(
        await write(pair, Desk(state.store, state.workers, view.tongue(request))),
        media_type=media_type,
        headers=headers,
    )


async def _html(pair: Pair, desk: Desk) -> bytes:
    tongue = desk.tongue
    names = _names(pair, tongue)
    draft = pair.state.draft
    title = f"{draft.title}: {tongue._('{old} compared with {new}', old=names[0], new=names[1])}"
    return await asyncio.to_thread(side_by_side, title, draft.language, names, pair.found, tongue)


async def _json(pair: Pair, _desk: Desk) -> bytes:
    return await asyncio.to_thread(lambda: msgspec.json.format(msgspec.json.encode(pair.plain())))


async def _docx(pair: Pair, desk: Desk) -> bytes:
    document = await documents.of_pair(desk.store, pair)
    return await exports.made(desk.workers, document, Wanted(Format.DOCX), desk.tongue)


async def _pdf(pair: Pair, desk: Desk) -> bytes:
    async with desk.store.read() as q:
        forum = await q.forums.get(pair.state.draft.forum_id)
    draft = pair.state.draft
    heads = Heads(forum.name if forum else "", draft.title, *_names(pair, desk.tongue), draft.language)
    return await printing.landscape(desk.workers, pair.found, heads, desk.tongue)


WRITERS: Final[dict[str, tuple[Writer, str]]] = {
    "html": (_html, "text/html; charset=utf-8"),
    "json": (_json, "application/json"),
    "docx": (_docx, Format.DOCX.media_type),
    "pdf": (_pdf, Format.PDF.media_type),
}


def _names(pair: Pair, tongue: Tongue) -> tuple[str, str]:
    home = pair.state.draft.id
    return shown(pair.old, home, tongue).label, shown(pair.new, home, tongue).label


def _file_name(pair: Pair) -> str:
    name = f"{pair.state.draft.symbol or pair.state.draft.title} {pair.old.named} {pair.new.named}"
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[:80].rstrip("-.") or "comparison"
