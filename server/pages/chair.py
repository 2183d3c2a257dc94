"""The chair's desk: brackets, queues, positions, states of clauses, who has not spoken, and the next deadline."""

from starlette.requests import Request
from starlette.responses import Response

from drafts.brackets import count
from drafts.desk import brackets as bracketing
from drafts.desk import brought, chair
from server.auth import Signed
from server.pages import brackets, merges, view
from server.pages.positions import GLYPHS


async def page(request: Request, signed: Signed) -> Response:
    """The desk of a draft."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    desk = await chair.of(store, signed.person.id, draft_id)
    state, spoken = desk.state, view.tongue(request)
    found = count(clause.text for clause in state.standing())
    burn = await bracketing.burndown(store, signed.person.id, draft_id)
    held = await brought.held(store, signed.person.id, draft_id)
    return view.page(
        request,
        "desk.html",
        me=desk.me,
        draft=state.draft,
        desk=desk,
        label_of=state.addresses(),
        brackets=found.pairs + found.spanning,
        unbalanced=found.unbalanced,
        brought_says=merges.held_says(held, spoken),
        latest=desk.people.issued[-1] if desk.people.issued else None,
        on_wall=request.app.state.hub.shown(draft_id),
        glyphs=GLYPHS,
        burndown=brackets.chart(burn, spoken),
    )
