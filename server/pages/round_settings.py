"""A consultation as those who lead make and keep it: the form that prepares one, its settings, and the acts: announce,
extend, close, take late comments."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts import zones
from drafts.access import Verb
from drafts.consultation import Granularity, Reveal, Round
from drafts.desk import announcing, drafts, forums, versions
from drafts.desk.announcing import MOST_INTRO, MOST_QUESTION, MOST_TITLE, Terms
from drafts.desk.rounds import Entered
from drafts.errors import Conflict, Invalid, Refusal, TooLarge
from drafts.model import Draft, Forum, Group, Version
from server.auth import Signed
from server.pages import consulting, view
from server.pages.forms import Form

_WEEK: Final = timedelta(days=7)
_GROUP: Final = "g-"  # before the name of a group, the name of its box
_QUESTION: Final = "q-"  # before the id of a question, the name of its field
_NEW: Final = ("new1", "new2", "new3")


@dataclass(frozen=True, slots=True)
class Typed:
    """What the form's fields hold: what is, or what was typed and refused."""

    version: str
    title: str
    intro: str
    zone: str
    opens: tuple[str, str]  # day and time of day
    closes: tuple[str, str]
    groups: frozenset[str]
    reveal: str
    granularity: str
    public: bool
    pseudonyms: bool
    late: bool
    questions: tuple[tuple[str, str], ...]  # name of the field, and text


# ── a new one ──


async def new(request: Request, signed: Signed) -> Response:
    """The form; ``version``: on which one."""
    return await _new(request, signed)


async def create(request: Request, signed: Signed, form: Form) -> Response:
    """Prepare a round, or prepare and announce it."""
    store, draft_id, now = request.app.state.store, request.path_params["draft_id"], consulting.at(request)
    await drafts.open(store, signed.person.id, draft_id, Verb.ROUND_OPEN)
    try:
        made = await announcing.prepare(store, signed.person.id, draft_id, _terms(form), now)
    except (Invalid, Conflict, TooLarge) as refusal:
        return await _new(request, signed, form, refusal)
    return RedirectResponse(f"/consultations/{made.id}/settings?done=prepared", 303)


async def _new(request: Request, signed: Signed, form: Form | None = None, why: Refusal | None = None) -> Response:
    store, draft_id = request.app.state.store, request.path_params["draft_id"]
    draft, me = await drafts.open(store, signed.person.id, draft_id, Verb.ROUND_OPEN)
    forum, _ = await forums.enter(store, signed.person.id, draft.forum_id)
    issued = await versions.all(store, signed.person.id, draft_id)
    earlier = await announcing.all_of(store, signed.person.id, draft_id, consulting.at(request))
    typed = _typed(form) if form else _fresh(request, draft, issued, earlier)
    facts = _form_facts(request, forum, typed, why)
    return view.page(
        request, "consultation_new.html", status=why.status if why else 200, me=me, draft=draft, forum=forum,
        versions=issued, round=None, **facts,
    )  # fmt: skip


def _fresh(request: Request, draft: Draft, issued: list[Version], earlier: list[Entered]) -> Typed:
    """What a new form holds: the version that is asked for or the latest, from the next hour for a week, with the
    terms of the draft's last round."""
    last = earlier[0].round if earlier else None
    zone = last.zone if last else "UTC"
    opens = (
        (consulting.at(request) + timedelta(hours=1))
        .astimezone(ZoneInfo(zone))
        .replace(minute=0, second=0, microsecond=0)
    )
    wished = request.query_params.get("version", "")
    known = {str(one.number) for one in issued}
    latest = str(issued[-1].number) if issued else ""
    return Typed(
        version=wished if wished in known else latest,
        title=draft.title,
        intro="",
        zone=zone,
        opens=_shown(opens),
        closes=((opens + _WEEK).date().isoformat(), "23:59"),
        groups=frozenset(group.value for group in (last.groups if last else Group)),
        reveal=last.reveal if last else Reveal.AT_ONCE,
        granularity=last.granularity if last else Granularity.LINE,
        public=last.public if last else False,
        pseudonyms=last.pseudonyms if last else False,
        late=last.late if last else False,
        questions=tuple((_QUESTION + name, "") for name in _NEW),
    )


# ── one that there is ──


async def settings(request: Request, _signed: Signed) -> Response:
    """The terms, and what can be done now."""
    return await _settings(request)


async def change(request: Request, signed: Signed, form: Form) -> Response:
    """Other terms."""
    store, before = request.app.state.store, (await consulting.enter(request, Verb.ROUND_LEAD)).round

    def act(at: datetime) -> Awaitable[Round]:
        return announcing.change(store, signed.person.id, before.id, _terms(form, before), at)

    return await _done(request, "changed", act, form)


async def announce(request: Request, signed: Signed, _form: Form) -> Response:
    """Tell the groups."""
    store, round_id = request.app.state.store, request.path_params["round_id"]
    return await _done(request, "announced", lambda at: announcing.announce(store, signed.person.id, round_id, at))


async def close(request: Request, signed: Signed, _form: Form) -> Response:
    """End it now."""
    store, round_id = request.app.state.store, request.path_params["round_id"]
    return await _done(request, "closed", lambda at: announcing.close(store, signed.person.id, round_id, at))


async def extend(request: Request, signed: Signed, form: Form) -> Response:
    """Close later, by the round's own clocks."""
    store, before = request.app.state.store, (await consulting.enter(request, Verb.ROUND_LEAD)).round

    def act(at: datetime) -> Awaitable[Round]:
        day, time = form.text("day", most=10), form.text("time", most=8)
        closes_at = zones.moment(day, time, before.zone, second=True)
        return announcing.extend(store, signed.person.id, before.id, closes_at, at)

    return await _done(request, "extended", act)


async def late(request: Request, signed: Signed, form: Form) -> Response:
    """Take late comments, or take no more."""
    store, round_id = request.app.state.store, request.path_params["round_id"]

    def act(at: datetime) -> Awaitable[Round]:
        return announcing.set_late(store, signed.person.id, round_id, at, late=form.flag("late"))

    return await _done(request, "changed", act)


async def _done(
    request: Request, said: str, act: Callable[[datetime], Awaitable[Round]], form: Form | None = None
) -> Response:
    """Do something with the round; what is refused for a reason is told on the page. ``form``: what was typed."""
    await consulting.enter(request, Verb.ROUND_LEAD)
    try:
        await act(consulting.at(request))
    except (Invalid, Conflict, TooLarge) as refusal:
        return await _settings(request, form, refusal)
    request.app.state.hub.revealer.wake()
    return RedirectResponse(f"/consultations/{request.path_params['round_id']}/settings?done={said}", 303)


async def _settings(request: Request, form: Form | None = None, why: Refusal | None = None) -> Response:
    entered = await consulting.enter(request, Verb.ROUND_LEAD)
    told, spoken, store = entered.round, view.tongue(request), request.app.state.store
    done = {
        "prepared": spoken._("The consultation is prepared. Nobody but chair and secretariat sees it yet."),
        "announced": spoken._("The consultation is announced."),
        "changed": spoken._("The settings are changed."),
        "extended": spoken._("The closing time is moved."),
        "closed": spoken._("The consultation is closed."),
    }.get(request.query_params.get("done", ""), "")
    _, _, _, members, _ = await forums.people(store, consulting.reader(request), entered.forum.id)
    typed = _typed(form) if form else _kept(told)
    later = max(told.closes_at, entered.inside.at).astimezone(ZoneInfo(told.zone)) + timedelta(days=1)
    return await consulting.page(
        request, entered, "consultation_settings.html", "settings",
        status=why.status if why else 200,
        done=done,
        versions=await versions.all(store, consulting.reader(request), entered.draft.id),
        phase=told.phase(entered.inside.at),
        over=told.closes_at <= entered.inside.at,
        heard=len({one.person_id for one in members if one.party.group in told.groups}),
        address=f"{request.url.scheme}://{request.url.netloc}/consultations/{told.id}",
        suggested=(later.date().isoformat(), f"{later:%H:%M}"),
        **_form_facts(request, entered.forum, typed, why),
    )  # fmt: skip


# ── the form ──


def _form_facts(request: Request, forum: Forum, typed: Typed, why: Refusal | None) -> dict[str, Any]:
    return {
        "typed": typed,
        "why": view.tongue(request).refusal(why) if why else "",
        "zones": zones.names(),
        "group_values": list(Group),
        "reveals": list(Reveal),
        "granularities": list(Granularity),
        "may_public": forum.public or typed.public,
        "may_pseudonyms": forum.pseudonyms or typed.pseudonyms,
        "most_title": MOST_TITLE,
        "most_intro": MOST_INTRO,
        "most_question": MOST_QUESTION,
    }


def _terms(form: Form, before: Round | None = None) -> Terms:
    """What the form says. Raises Invalid, TooLarge."""
    return Terms(
        version=form.number("version"),
        title=form.text("title", most=2_000),
        intro=form.text("intro", most=4 * MOST_INTRO),
        opens_at=_moment(form, "opens", before),
        closes_at=_moment(form, "closes", before, second=True),
        zone=form.text("zone", most=64),
        groups=tuple(group for group in Group if form.flag(_GROUP + group.value)),
        reveal=form.choice("reveal", Reveal),
        granularity=form.choice("granularity", Granularity),
        public=form.flag("public"),
        pseudonyms=form.flag("pseudonyms"),
        late=form.flag("late"),
        questions=tuple(
            (name.removeprefix(_QUESTION), form.text(name, most=4 * MOST_QUESTION)) for name in _questions(form)
        ),
    )


def _moment(form: Form, name: str, before: Round | None, *, second: bool = False) -> datetime:
    """A moment in the fields. One that nobody touched stays what it is, also to the part of a second that a field does
    not show."""
    zone = form.text("zone", most=64)
    day, time = form.text(f"{name}_day", most=10), form.text(f"{name}_time", most=8)
    if before and zone == before.zone:
        known = before.opens_at if name == "opens" else before.closes_at
        if (day, time) == _shown(known.astimezone(ZoneInfo(zone))):
            return known
    return zones.moment(day, time, zone, second=second)


def _questions(form: Form) -> list[str]:
    return [name for name in form.values if name.startswith(_QUESTION)][:100]


def _typed(form: Form) -> Typed:
    """What was typed, as it was."""

    def value(name: str) -> str:
        return form.values.get(name, "")

    return Typed(
        version=value("version"),
        title=value("title"),
        intro=value("intro"),
        zone=value("zone"),
        opens=(value("opens_day"), value("opens_time")),
        closes=(value("closes_day"), value("closes_time")),
        groups=frozenset(group.value for group in Group if form.flag(_GROUP + group.value)),
        reveal=value("reveal"),
        granularity=value("granularity"),
        public=form.flag("public"),
        pseudonyms=form.flag("pseudonyms"),
        late=form.flag("late"),
        questions=tuple((name, value(name)) for name in _questions(form)),
    )


def _kept(told: Round) -> Typed:
    """The terms as they are."""
    zone = ZoneInfo(told.zone)
    asked = tuple((_QUESTION + one.id, one.text) for one in told.questions)
    return Typed(
        version=str(told.version),
        title=told.title,
        intro=told.intro,
        zone=told.zone,
        opens=_shown(told.opens_at.astimezone(zone)),
        closes=_shown(told.closes_at.astimezone(zone)),
        groups=frozenset(group.value for group in told.groups),
        reveal=told.reveal,
        granularity=told.granularity,
        public=told.public,
        pseudonyms=told.pseudonyms,
        late=told.late,
        questions=asked + tuple((_QUESTION + name, "") for name in _NEW),
    )


def _shown(moment: datetime) -> tuple[str, str]:
    """The day and the time of day in fields; with seconds only where there are some."""
    return moment.date().isoformat(), f"{moment:%H:%M:%S}" if moment.second else f"{moment:%H:%M}"
