"""The compendium of a round: a page to choose its form and order, and the file."""

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from drafts.consultation import Wanted
from drafts.desk import compendium
from drafts.desk.compendium import Compendium
from drafts.exchange.compendium import Form, Order
from drafts.exchange.compendium.pdf import MOST
from server import compendia
from server import wanted as filters
from server.pages import consulting, view


async def page(request: Request) -> Response:
    """What there is to be had; a filter in the address goes on to the files."""
    found, asked = await _open(request)
    links = {
        order: [
            (form, f"/consultations/{found.heads.round.id}/compendium.{form}?{_query(asked, order)}") for form in Form
        ]
        for order in Order
    }
    return await consulting.page(
        request,
        found.entered,
        "consultation_compendium.html",
        "",
        links=links,
        count=found.count,
        filtered=found.heads.filtered,
        sealed=found.heads.sealed,
        most=MOST,
    )


async def file(request: Request) -> Response:
    """The file of an ending, streamed as it is read (a PDF is set as a whole)."""
    form = compendia.form(request.path_params["form"])
    found, _ = await _open(request)
    store, spoken = request.app.state.store, view.tongue(request)
    headers = {"Content-Disposition": f'attachment; filename="{compendia.filename(found, form)}"'}
    if form is Form.PDF:
        data = await compendia.printed(store, found, spoken, request.app.state.workers)
        return Response(data, media_type=form.media_type, headers=headers)
    return StreamingResponse(compendia.stream(store, found, form, spoken), media_type=form.media_type, headers=headers)


async def _open(request: Request) -> tuple[Compendium, Wanted]:
    asked = filters.wanted(request.query_params)
    order = compendia.order(request.query_params.get("order", ""))
    store, round_id = request.app.state.store, request.path_params["round_id"]
    origin = f"{request.url.scheme}://{request.url.netloc}"
    reader, now = consulting.reader(request), consulting.at(request)
    return await compendium.open(store, reader, round_id, now, asked, order, origin), asked


def _query(asked: Wanted, order: Order) -> str:
    return filters.query(asked, order=order.value)
