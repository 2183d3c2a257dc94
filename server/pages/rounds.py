"""The consultations that somebody may read."""

from starlette.requests import Request
from starlette.responses import Response

from drafts.access import Verb, may
from drafts.consultation import Phase
from drafts.desk import announcing, drafts, rounds
from drafts.desk.rounds import Entered
from server.auth import Signed
from server.pages import consulting, view
from server.pages.consulting import Said

_ORDER = (Phase.OPEN, Phase.ANNOUNCED, Phase.PREPARED, Phase.CLOSED)


async def listed(request: Request) -> Response:
    """The list: running, announced, prepared (for those who lead) and closed consultations; the public ones also for
    readers without an account. Forums that take applications are named to those who have no seat there."""
    found = await rounds.listed(request.app.state.store, consulting.reader(request), consulting.at(request))
    outside = {one.forum.id: one.forum for one in found if one.member is None and one.forum.accredits}
    return view.page(
        request,
        "consultations.html",
        parts=_parts(request, found),
        draft=None,
        may_open=False,
        accrediting=list(outside.values()),
    )


async def of_draft(request: Request, signed: Signed) -> Response:
    """The consultations on a draft, for whoever may read it."""
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    draft, me = await drafts.open(store, signed.person.id, draft_id)
    found = await announcing.all_of(store, signed.person.id, draft_id, consulting.at(request))
    return view.page(
        request,
        "consultations.html",
        me=me,
        parts=_parts(request, found),
        draft=draft,
        may_open=may(me, Verb.ROUND_OPEN, draft) is None,
        accrediting=[],
    )


def _parts(request: Request, found: list[Entered]) -> list[tuple[Phase, list[tuple[Entered, Said]]]]:
    """Rounds by phase, with what is said of each; phases without one are left out."""
    spoken, now = view.tongue(request), consulting.at(request)
    entries = [(entered, consulting.said(spoken, entered.round, now)) for entered in found]
    parts = [(phase, [one for one in entries if one[1].phase is phase]) for phase in _ORDER]
    return [part for part in parts if part[1]]
