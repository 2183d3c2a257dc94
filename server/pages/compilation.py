"""The compilation text of a draft: every proposal in its place, as a page and as a file."""

from starlette.requests import Request
from starlette.responses import Response

from drafts.desk import compilations
from server import exports, notated
from server.auth import Signed
from server.exports import Wanted
from server.pages import view


async def page(request: Request, signed: Signed) -> Response:
    """The text as it stands with everything that is proposed to it."""
    told = await compilations.of_draft(request.app.state.store, signed.person.id, request.path_params["draft_id"])
    draft = told.state.draft
    numbers = {proposal.number: proposal.id for proposal in told.state.floor.open()}
    return view.page(
        request,
        "compilation.html",
        me=told.me,
        draft=draft,
        forum=told.people.forum,
        doc=view.markup(notated.sheet(told.found.entries, draft.language, view.tongue(request))),
        proposals=told.proposals,
        new=sum(entry.base is None for entry in told.found.entries),
        loose=[(number, numbers[number]) for number in told.found.loose],
        positions=told.positions,
        formats=exports.COMPILED,
    )


async def export(request: Request, signed: Signed) -> Response:
    """The same as a file."""
    form = exports.compilation_form(request.query_params.get("format", "docx"))
    told = await compilations.of_draft(request.app.state.store, signed.person.id, request.path_params["draft_id"])
    document = compilations.document(told)
    data = await exports.made(request.app.state.workers, document, Wanted(form), view.tongue(request))
    headers = {"Content-Disposition": f'attachment; filename="{exports.filename(document, form)}"'}
    return Response(data, media_type=form.media_type, headers=headers)
