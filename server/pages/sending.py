"""What is sent from the composer of a consultation: drafts as one types, comments, and who joins them."""

from dataclasses import replace

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from drafts import commenting
from drafts.access import Verb
from drafts.commenting import Said
from drafts.consultation import Remark, Spot
from drafts.decide import MAX_COMMENT
from drafts.desk import remarks, rounds, together
from drafts.errors import Invalid, NotFound, Refusal
from drafts.store.rows import ms
from server import pace
from server.auth import Signed
from server.pages import comment_text, consulting, view
from server.pages.composing import Composer, continued, read, standing
from server.pages.forms import Form
from server.pages.remark_cards import difference


async def send(request: Request, signed: Signed, sent: Form) -> Response:
    """Keep a comment (``act`` = save), send it, ask other parties to join it, or discard it."""
    act = sent.text("act", most=10) or "save"
    store, round_id, at = request.app.state.store, request.path_params["round_id"], consulting.at(request)
    remark_id, who, base = sent.text("id", most=32), signed.person.id, f"/consultations/{round_id}"
    if act == "discard":
        await remarks.discard(store, who, round_id, at, remark_id)
        return JSONResponse({}) if view.wants_json(request) else RedirectResponse(base, 303)
    try:
        typed, seen = read(sent), _seen(sent)
        if act == "send":
            await remarks.save(store, who, round_id, at, remark_id, typed, seen)  # kept, whatever stands in the way
            pace.check(request)
            receipt = await remarks.hand_in(store, who, round_id, at, remark_id)
            await _ask(request, signed, sent, remark_id)
            return _sent(request, base, receipt.remark, receipt.digest)
        kept = await remarks.save(store, who, round_id, at, remark_id, typed, seen)
        await _ask(request, signed, sent, remark_id) if act == "ask" else None
    except Refusal as refusal:
        if refusal.status == 404 or view.wants_json(request) or "spot" not in sent.values:
            raise
        return await _refused(request, signed, sent, refusal)
    when = ms(kept.edited_at or kept.created_at)
    if view.wants_json(request):
        return JSONResponse({"id": kept.id, "seen": when, "state": kept.state.value})
    return RedirectResponse(f"{base}?draft={kept.id}#compose", 303)


def _seen(sent: Form) -> int:
    """When the draft was kept that is continued, UTC ms."""
    said = sent.text("seen", most=15)
    return int(said) if said.isascii() and said.isdecimal() else 0


async def _ask(request: Request, signed: Signed, sent: Form, remark_id: str) -> None:
    codes = sent.text("codes", most=300).replace(",", " ").split()
    if codes:
        store, round_id, at = request.app.state.store, request.path_params["round_id"], consulting.at(request)
        await together.ask(store, signed.person.id, round_id, at, remark_id, codes)


def _sent(request: Request, base: str, remark: Remark, digest: str) -> Response:
    href = f"{base}/comments/{remark.number}?sent=1"
    if view.wants_json(request):
        return JSONResponse({"id": remark.id, "number": remark.number, "digest": digest, "href": href})
    return RedirectResponse(href, 303)


async def _refused(request: Request, signed: Signed, sent: Form, why: Refusal) -> Response:
    """The page again, with what was typed and what stood in the way."""
    entered = await rounds.enter(
        request.app.state.store, signed.person.id, request.path_params["round_id"], consulting.at(request)
    )
    remark_id, theirs, seen, kept = sent.text("id", most=32), None, 0, None
    typed = _typed(sent)
    try:
        stored = await remarks.draft(request.app.state.store, entered, remark_id)
        kept = stored.edited_at or stored.created_at
        seen, theirs = ms(kept), stored if why.key == "draft_moved_on" else None
        typed = typed or commenting.said(stored)
    except NotFound:
        pass
    if typed is None:
        raise why
    composer = Composer(remark_id, typed, seen, kept, sent.values.get("codes", "")[:300], theirs)
    return await comment_text.shown(request, entered, composer, why)


def _typed(sent: Form) -> Said | None:
    """What a refused form said, as far as it can be shown again."""
    try:
        return read(sent)
    except Invalid:
        try:
            cut = {name: value[:MAX_COMMENT] for name, value in sent.values.items()}
            return read(replace(sent, values=cut))
        except Invalid:
            return None


async def handed(request: Request, signed: Signed, sent: Form) -> Response:
    """Send a draft as it is kept, or discard it."""
    act, remark_id = sent.text("act", most=10), sent.text("id", most=32)
    store, round_id, at = request.app.state.store, request.path_params["round_id"], consulting.at(request)
    base = f"/consultations/{round_id}"
    if act == "discard":
        await remarks.discard(store, signed.person.id, round_id, at, remark_id)
        return RedirectResponse(f"{base}/mine", 303)
    try:
        pace.check(request)
        receipt = await remarks.hand_in(store, signed.person.id, round_id, at, remark_id)
    except Refusal as refusal:
        if refusal.status in {403, 404}:
            raise
        entered = await rounds.enter(store, signed.person.id, round_id, at)
        opened = continued(await remarks.draft(store, entered, remark_id))
        return await comment_text.shown(request, entered, opened, refusal)
    return _sent(request, base, receipt.remark, receipt.digest)


async def told_together(request: Request, signed: Signed, sent: Form) -> Response:
    """Join a comment for one's party, decline that, or ask others to join one's own."""
    act, remark_id = sent.text("act", most=10), sent.text("id", most=32)
    store, round_id, at = request.app.state.store, request.path_params["round_id"], consulting.at(request)
    if act == "ask":
        await _ask(request, signed, sent, remark_id)
    elif act in {"join", "decline"}:
        await together.answer(store, signed.person.id, round_id, at, remark_id, joins=act == "join")
    else:
        raise Invalid("bad_choice", "Choose one of: {values}.", values="ask, join, decline")
    number = sent.number("number")
    back = f"/consultations/{round_id}/comments/{number}" if number else f"/consultations/{round_id}/mine"
    return RedirectResponse(back, 303)


async def compared(request: Request, _signed: Signed, sent: Form) -> Response:
    """Proposed words against what stands there, as HTML in JSON: ``{"html"}``."""
    entered = await consulting.enter(request, Verb.REMARK_WRITE)
    content = await rounds.text(request.app.state.store, entered)
    clause_id, spot = sent.text("clause", most=32), sent.choice("spot", Spot)
    typed = Said(spot, clause_id or None, quote=sent.text("quote", most=MAX_COMMENT))
    clause = next((one for one in content.clauses if one.id == clause_id), None)
    proposed = sent.text("proposed", most=MAX_COMMENT)
    html = difference(standing(typed, clause), " ".join(proposed.split()), view.tongue(request)) if proposed else ""
    return JSONResponse({"html": str(html)})
