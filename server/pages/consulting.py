"""What every page of a consultation needs: the time, the filter in the address (``server.wanted``), and the frame
around the page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from drafts.access import Verb, may
from drafts.consultation import Phase, Round
from drafts.desk import rounds
from drafts.desk.rounds import Entered
from drafts.model import Group
from server.auth import Signed
from server.i18n import Tongue
from server.pages import view
from server.wanted import query, wanted, without
from server.words import word

__all__ = [
    "Said",
    "Tab",
    "at",
    "enter",
    "frame",
    "group_names",
    "left",
    "page",
    "query",
    "reader",
    "said",
    "tabs",
    "wanted",
    "without",
]


# ── who asks, and when ──


def at(request: Request) -> datetime:
    """The present moment by the hub's clock: what every desk function of a consultation is told."""
    moment: datetime = request.app.state.hub.present()
    return moment


def reader(request: Request) -> str | None:
    """The person id of who is signed in, None for a public reader."""
    signed: Signed | None = getattr(request.state, "signed", None)
    return signed.person.id if signed else None


async def enter(request: Request, verb: Verb = Verb.ROUND_READ) -> Entered:
    """The round in the address (``round_id``) for whoever asks. Raises NotFound, Forbidden."""
    store, round_id = request.app.state.store, request.path_params["round_id"]
    return await rounds.enter(store, reader(request), round_id, at(request), verb)


# ── the frame ──


@dataclass(frozen=True, slots=True)
class Tab:
    """An entry of the row of tabs: its name (a message), its address, whether it is the page that is shown."""

    name: str
    path: str
    here: bool


def _(message: str) -> str:
    """Marks a message for the catalogue; it is translated where it is shown."""
    return message


_EVERYBODY: Final = (
    ("text", "", _("Text and comments")),
    ("summary", "/summary", _("Summary")),
    ("matrix", "/matrix", _("Response matrix")),
    ("comments", "/comments", _("Comments")),
)
_MINE: Final = ("mine", "/mine", _("My comments"))
_FILES: Final = ("contributions", "/contributions", _("Contributions"))
_LEADS: Final = (
    ("moderation", "/moderation", _("Moderation")),
    ("bundles", "/bundles", _("Bundles")),
    ("settings", "/settings", _("Settings")),
)


def tabs(entered: Entered, here: str) -> list[Tab]:
    """The pages of a round that its reader has; ``here``: the key of the one that is shown."""
    writes = entered.may(Verb.REMARK_WRITE)
    mine = (_MINE,) if writes else ()
    files = (_FILES,) if writes or entered.sight.leads else ()
    leads = _LEADS if entered.sight.leads else ()
    found = (*_EVERYBODY, *mine, *files, *leads)
    return [Tab(name, f"/consultations/{entered.round.id}{end}", key == here) for key, end, name in found]


async def page(
    request: Request, entered: Entered, template: str, here: str, *, status: int = 200, **facts: object
) -> HTMLResponse:
    """A page of a round in its frame (templates that extend ``consultation.html``). ``here``: the tab that is shown:
    text, summary, matrix, comments, mine, moderation, bundles, contributions or settings."""
    framed = await frame(request, entered, here)
    if taken := framed.keys() & facts.keys():
        raise TypeError(f"{template} gives the frame other facts: {taken}")  # the frame would show them
    return view.page(request, template, status=status, me=entered.member, **(framed | facts))


async def frame(request: Request, entered: Entered, here: str) -> dict[str, Any]:
    """What ``consultation.html`` shows: ``entered``, ``round``, ``draft``, ``forum``, ``version``, ``since`` (later
    versions), ``tabs``,
    ``said`` (sentences about groups and times), ``leads``, ``reads_draft``."""
    draft = entered.draft
    version, later = await rounds.issued_since(request.app.state.store, entered)
    return {
        "entered": entered,
        "round": entered.round,
        "draft": draft,
        "forum": entered.forum,
        "version": version,
        "since": later,
        "tabs": tabs(entered, here),
        "said": said(view.tongue(request), entered.round, entered.inside.at),
        "leads": entered.sight.leads,
        "reads_draft": entered.member is not None and may(entered.member, Verb.DRAFT_READ, draft) is None,
    }


@dataclass(frozen=True, slots=True)
class Said:
    """A round's groups and times in the reader's language. ``left``: how long until it opens or closes, '' once it is
    closed; ``opens``/``closes``: in the round's own time zone; ``opens_utc``/``closes_utc``: the same in UTC, '' where
    that is what the zone says anyway."""

    groups: str
    phase: Phase
    left: str
    opens: str
    closes: str
    opens_utc: str
    closes_utc: str


def said(spoken: Tongue, told: Round, now: datetime) -> Said:
    """What the head of a round says of it."""
    same = spoken.minute(told.closes_at) == f"{spoken.minute_in(told.closes_at, told.zone)} UTC"
    return Said(
        groups=group_names(spoken, told.groups),
        phase=told.phase(now),
        left=left(spoken, told, now),
        opens=spoken.minute_in(told.opens_at, told.zone),
        closes=spoken.minute_in(told.closes_at, told.zone),
        opens_utc="" if same else spoken.minute(told.opens_at),
        closes_utc="" if same else spoken.minute(told.closes_at),
    )


def group_names(spoken: Tongue, groups: Iterable[Group]) -> str:
    """``all four groups``, or their names in one phrase."""
    chosen = set(groups)
    if chosen == set(Group):
        return spoken._("all four groups")
    return spoken.several([spoken._(word(group)) for group in Group if group in chosen])


def left(spoken: Tongue, told: Round, now: datetime) -> str:
    """How long until a round opens or closes: days, else hours, else minutes, rounded down; '' once it is closed."""
    phase = told.phase(now)
    if phase is Phase.CLOSED:
        return ""
    minutes = max(0, int(((told.closes_at if phase is Phase.OPEN else told.opens_at) - now).total_seconds()) // 60)
    days, hours = minutes // (24 * 60), minutes // 60
    if phase is Phase.OPEN:
        if days >= 2:
            return spoken.ngettext("{n} day left", "{n} days left", days)
        if hours:
            return spoken.ngettext("{n} hour left", "{n} hours left", hours)
        return spoken.ngettext("{n} minute left", "{n} minutes left", minutes)
    if days >= 2:
        return spoken.ngettext("opens in {n} day", "opens in {n} days", days)
    if hours:
        return spoken.ngettext("opens in {n} hour", "opens in {n} hours", hours)
    return spoken.ngettext("opens in {n} minute", "opens in {n} minutes", minutes)
