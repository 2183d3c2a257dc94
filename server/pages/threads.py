"""Comments: the same doors for forms (answered with the way back to the clause) and for our scripts (answered with
JSON)."""

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from drafts import commands as do
from drafts.desk import threads
from drafts.desk.threads import ThreadView
from drafts.errors import NotFound
from drafts.events import ThreadChanged
from drafts.model import Audience, Place
from drafts.room import MAX_COMMENT
from server.auth import Signed
from server.hub import operation
from server.pages import view
from server.pages.forms import Form


async def start(request: Request, signed: Signed, form: Form) -> Response:
    """Open a thread on words, a clause, the whole draft, or what is missing there."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    clause = form.text("clause", most=32) or None
    command = do.OpenThread(
        form.text("op", most=48) or operation(),
        _place(form, clause),
        form.text("body", most=MAX_COMMENT, needed=True),
        clause=clause,
        number=form.number("number"),
        start=form.number("from"),
        end=form.number("to"),
        audience=form.choice("audience", Audience, Audience.EVERYONE),
    )
    outcome = await request.app.state.hub.perform(signed.person.id, draft_id, command)
    thread_id = outcome.threads[0].id if outcome.threads else None
    if thread_id is None:  # a repeat of something done before
        return JSONResponse({}) if view.wants_json(request) else RedirectResponse(f"/drafts/{draft_id}#comments", 303)
    return _answer(request, draft_id, await threads.get(store, signed.person.id, thread_id), created=True)


async def reply(request: Request, signed: Signed, form: Form) -> Response:
    """Say something in a thread."""
    body = form.text("body", most=MAX_COMMENT, needed=True)
    thread_id = request.path_params["thread_id"]
    return await _done(request, *await threads.reply(request.app.state.store, signed.person.id, thread_id, body))


async def edit(request: Request, signed: Signed, form: Form) -> Response:
    """Change a comment of one's own."""
    body = form.text("body", most=MAX_COMMENT, needed=True)
    comment_id = request.path_params["comment_id"]
    return await _done(request, *await threads.edit(request.app.state.store, signed.person.id, comment_id, body))


async def resolve(request: Request, signed: Signed, _form: Form) -> Response:
    """Mark a thread as resolved."""
    thread_id = request.path_params["thread_id"]
    return await _done(request, *await threads.resolve(request.app.state.store, signed.person.id, thread_id))


async def reopen(request: Request, signed: Signed, _form: Form) -> Response:
    """Take a thread up again."""
    thread_id = request.path_params["thread_id"]
    return await _done(request, *await threads.reopen(request.app.state.store, signed.person.id, thread_id))


def _place(form: Form, clause: str | None) -> Place:
    """What a thread is about. Scripts say it; the form has a list of clauses and a box for "missing"."""
    said = form.choice("place", Place, Place.CLAUSE if clause else Place.DRAFT)
    if form.flag("missing"):
        return Place.MISSING
    if said in {Place.SPAN, Place.CLAUSE} and clause is None:
        raise NotFound("not_found", "There is nothing at this address.")
    return said


async def _done(request: Request, thread: ThreadView, event: ThreadChanged) -> Response:
    await request.app.state.hub.tell(event)
    return _answer(request, event.draft_id, thread)


def _answer(request: Request, draft_id: str, thread: ThreadView, *, created: bool = False) -> Response:
    if view.wants_json(request):
        return JSONResponse(thread, 201 if created else 200)
    resolved = "?all=1" if thread["resolved"] else ""
    return RedirectResponse(f"/drafts/{draft_id}{resolved}#t-{thread['id']}", 303)
