"""The consultations that somebody may read."""

from starlette.requests import Request
from starlette.responses import Response

from drafts.consultation import Phase
from drafts.desk import rounds
from server.pages import consulting, view

_ORDER = (Phase.OPEN, Phase.ANNOUNCED, Phase.PREPARED, Phase.CLOSED)


async def listed(request: Request) -> Response:
    """The list: running, announced, prepared (for those who lead) and closed consultations; the public ones also for
    readers without an account."""
    now, spoken = consulting.at(request), view.tongue(request)
    found = await rounds.listed(request.app.state.store, consulting.reader(request), now)
    entries = [(entered, consulting.said(spoken, entered.round, now)) for entered in found]
    parts = [(phase, [one for one in entries if one[1].phase is phase]) for phase in _ORDER]
    return view.page(request, "consultations.html", parts=[part for part in parts if part[1]])
