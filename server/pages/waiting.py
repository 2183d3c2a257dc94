"""What is answered while a comparison is made: a page that says how far it is and looks again by itself."""

from collections.abc import Sequence
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from drafts.model import Draft, Member
from server.comparisons import Job
from server.pages import view
from server.pages.sides import Shown

PATIENCE: Final = 1.0  # seconds that a page waits for a comparison before it says how far it is instead


def waiting(request: Request, draft: Draft, me: Member, texts: Sequence[Shown], query: str, job: Job[Any]) -> Response:
    """The page; ``query`` names the texts for ``compare/progress``, which its script asks."""
    response = view.page(
        request,
        "compare_wait.html",
        status=202,
        me=me,
        draft=draft,
        names=[text.label for text in texts],
        percent=round(job.share * 100),
        progress=f"/drafts/{draft.id}/compare/progress{query}",
    )
    response.headers["Cache-Control"] = "no-store"
    return response
