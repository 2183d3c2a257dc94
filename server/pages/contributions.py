"""Written contributions: sending one, the list, and the page on which those who lead make comments of its paragraphs.

On that page paragraph ``n`` has ``p{n}`` (a comment is made of it), ``j{n}`` (it belongs to the one above), ``c{n}``
(the clause; ``-`` for the whole text), ``v{n}`` (the stance) and ``w{n}`` (proposed words).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.access import Verb
from drafts.consultation import View
from drafts.desk import contributions as desk
from drafts.desk import rounds
from drafts.desk.contributions import Cut, Opened
from drafts.errors import Forbidden, Invalid, NotFound, Refusal
from drafts.exchange.loose import MAX_FILE
from drafts.model import Clause, ClauseKind, Group
from drafts.numbering import full
from drafts.splitting import Likely, Paragraph
from server import pace
from server.auth import Signed
from server.pages import consulting, view
from server.pages.forms import Form

WHOLE: Final = "-"
_SHOWN: Final = 60  # characters of a heading or clause in a list of choices


@dataclass(frozen=True, slots=True)
class Piece:
    """A paragraph of the page. ``likely``: the clause it may be about; ``taken``: there is a comment of it."""

    paragraph: Paragraph
    likely: Likely | None
    taken: bool


async def page(request: Request, _signed: Signed) -> Response:
    """The contributions that the reader may see, and the form for a new one."""
    return await _page(request)


async def send(request: Request, signed: Signed, form: Form) -> Response:
    """Send a file."""
    entered = await consulting.enter(request)
    file = form.files.get("file")
    try:
        if file is None:
            raise Invalid("import_no_file", "Choose a file.")
        pace.check(request)
        outside = form.text("who", most=desk.MAX_WHO) if entered.sight.leads else ""
        group = form.choice("group", Group) if outside else None
        store = request.app.state.store
        made, why = await desk.send(
            store, signed.person.id, entered.round.id, entered.inside.at, *file, who=outside, group=group
        )
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _page(request, refusal)
    if why:
        return await _page(request, unread=(made.name, view.tongue(request)._(why)))
    return RedirectResponse(f"/consultations/{entered.round.id}/contributions?sent={made.id}", 303)


async def one(request: Request, signed: Signed) -> Response:
    """A contribution: its paragraphs beside the clauses."""
    return await _one(request, signed)


async def file(request: Request, signed: Signed) -> Response:
    """The file as it came: always to be kept, never shown in the browser."""
    store, path = request.app.state.store, request.path_params
    found, data = await desk.data(
        store, signed.person.id, path["round_id"], path["contribution_id"], consulting.at(request)
    )
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(found.name, safe='')}"}
    return Response(data, media_type="application/octet-stream", headers=headers)


async def split(request: Request, signed: Signed, form: Form) -> Response:
    """Make comments of the chosen paragraphs (``do=split``), undo one (``back``: its number), say that it is done
    (``do=done``), or set it aside with a ``reason`` (``do=aside``)."""
    store, path, now = request.app.state.store, request.path_params, consulting.at(request)
    where = (store, signed.person.id, path["round_id"], path["contribution_id"])
    address = f"/consultations/{path['round_id']}/contributions"
    try:
        if form.values.get("back"):
            await desk.take_back(*where, form.number("back"), now)
        elif form.values.get("do") == "done":
            await desk.finish(*where, now)
            return RedirectResponse(address, 303)
        elif form.values.get("do") == "aside":
            await desk.set_aside(*where, now, form.text("reason", most=desk.MAX_REASON))
            return RedirectResponse(address, 303)
        else:
            opened = await desk.opened(*where, now)
            await desk.split(*where, now, cuts(form, len(opened.paragraphs)))
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _one(request, signed, refusal)
    return RedirectResponse(f"{address}/{path['contribution_id']}", 303)


def cuts(form: Form, count: int) -> list[Cut]:
    """What the form says: a paragraph that is joined goes to the comment of the one above it."""
    found: list[Cut] = []
    for at in range(count):
        if not form.flag(f"p{at}"):
            continue
        if form.flag(f"j{at}") and found and found[-1].last == at - 1:
            above = found[-1]
            found[-1] = Cut(above.first, at, above.clause_id, above.view, above.proposed)
            continue
        clause = form.values.get(f"c{at}", "")
        found.append(
            Cut(
                at,
                at,
                None if clause in {"", WHOLE} else clause,
                form.choice(f"v{at}", View, View.NEUTRAL),
                form.text(f"w{at}", most=20_000),
            )
        )
    return found


async def _page(request: Request, why: Refusal | None = None, unread: tuple[str, str] | None = None) -> Response:
    entered = await consulting.enter(request)
    found = await desk.listing(request.app.state.store, entered)
    return await consulting.page(
        request,
        entered,
        "consultation_contributions.html",
        "contributions",
        status=why.status if why else 200,
        why=view.tongue(request).refusal(why) if why else "",
        unread=unread,
        found=found,
        sent=request.query_params.get("sent", ""),
        sends=entered.may(Verb.CONTRIBUTION_SEND),
        groups=list(Group),
        most=MAX_FILE // 1024**2,
    )


async def _one(request: Request, signed: Signed, why: Refusal | None = None) -> Response:
    store, path = request.app.state.store, request.path_params
    opened = await desk.opened(
        store, signed.person.id, path["round_id"], path["contribution_id"], consulting.at(request)
    )
    content = await rounds.text(store, opened.entered)
    pieces = _pieces(opened)
    return await consulting.page(
        request,
        opened.entered,
        "consultation_contribution.html",
        "contributions",
        status=why.status if why else 200,
        why=view.tongue(request).refusal(why) if why else "",
        one=opened.contribution,
        pieces=pieces,
        left=sum(not piece.taken for piece in pieces),
        made=opened.made,
        clauses=[(clause, name) for clause, name in zip(content.clauses, _names(content.clauses), strict=True)],
        names={clause.id: name for clause, name in zip(content.clauses, _names(content.clauses), strict=True)},
        views=list(View),
        whole=WHOLE,
    )


def _pieces(opened: Opened) -> list[Piece]:
    return [Piece(one, opened.likely.get(one.number), one.number in opened.taken) for one in opened.paragraphs]


def _names(clauses: Sequence[Clause]) -> list[str]:
    """What the clauses are called in a list of choices: label or heading, and how they begin."""
    names = []
    for clause, label in zip(clauses, full(clauses), strict=True):
        plain = clause.text.replace("*", "")
        start = plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN].rstrip()}…"
        names.append(start if clause.kind is ClauseKind.HEADING or not label else f"{label} {start}")
    return names
