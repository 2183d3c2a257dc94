"""A forum's parties, people and invitations."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from drafts.access import Verb, may
from drafts.desk import forums, invitations
from drafts.errors import Forbidden, Invalid, NotFound, Refusal
from drafts.model import Group, Invitation, Member, Openness, Party
from drafts.store import Store
from server.auth import Signed
from server.pages import view
from server.pages.forms import Form

_UNITS = {"hours": 3600, "minutes": 60}  # seconds
_DAY = 24 * 3600  # seconds


async def forum(request: Request, signed: Signed) -> Response:
    """A forum has its drafts on the first page; its own address leads there, for its members."""
    found, _ = await forums.enter(request.app.state.store, signed.person.id, request.path_params["forum_id"])
    return RedirectResponse(f"/#f-{found.id}", 303)


async def people_page(request: Request, signed: Signed) -> Response:
    """Parties by group with their people; for chair and secretariat the forms to look after them."""
    spoken = view.tongue(request)
    done = {
        "party": spoken._("The party is added."),
        "set": spoken._("The member is changed."),
        "removed": spoken._("The member is removed."),
        "group": spoken._("For whom the party speaks is changed."),
        "rules": spoken._("The rules are changed."),
        "revoked": spoken._("The invitation is revoked."),
    }.get(request.query_params.get("done", ""), "")
    return await _page(request, signed, done=done)


async def add_party(request: Request, signed: Signed, form: Form) -> Response:
    """A new party."""
    name, code, group = form.text("name", most=200), form.text("code", most=20), form.text("group", most=20)
    forum_id = request.path_params["forum_id"]
    try:
        await forums.add_party(request.app.state.store, signed.person.id, forum_id, name, code, group)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _page(request, signed, why=refusal)
    return RedirectResponse(f"/forums/{forum_id}/people?done=party", 303)


async def set_group(request: Request, signed: Signed, form: Form) -> Response:
    """For which parties, named by their codes, a party speaks."""
    store, forum_id = request.app.state.store, request.path_params["forum_id"]
    try:
        others = await _named(store, signed, forum_id, form.text("codes", most=2_000))
        await forums.align(store, signed.person.id, forum_id, form.text("party", most=32), others)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _page(request, signed, why=refusal)
    return RedirectResponse(f"/forums/{forum_id}/people?done=group", 303)


async def _named(store: Store, signed: Signed, forum_id: str, text: str) -> list[str]:
    """The ids of the parties with these codes. Raises Invalid for one that there is not."""
    _, _, parties, _, _ = await forums.people(store, signed.person.id, forum_id)
    known = {party.code: party.id for party in parties}
    codes = text.upper().replace(",", " ").split()
    for code in codes:
        if code not in known:
            raise Invalid("no_code", "The forum has no party with the code {code}.", code=code[:20])
    return [known[code] for code in codes]


async def set_rules(request: Request, signed: Signed, form: Form) -> Response:
    """How long a silence takes at least, who sees who broke one, and how the forum consults."""
    forum_id, unit = request.path_params["forum_id"], form.text("unit", most=8)
    if unit not in _UNITS:
        raise Invalid("bad_choice", "Please choose one of the list.")
    known, _ = await forums.enter(request.app.state.store, signed.person.id, forum_id)
    objecting = form.number("non_objection")  # another time than the page's whole days stays where nobody touched it
    rules = forums.Rules(
        silence_minimum=form.number("minimum") * _UNITS[unit],
        breaks=form.text("breaks", most=20),
        public=form.flag("public"),
        accredits=form.flag("accredits"),
        non_objection=None if objecting == _days(known.non_objection) else objecting * _DAY,
        pseudonyms=form.flag("pseudonyms"),
        retention=form.number("retention"),
    )
    try:
        await forums.set_rules(request.app.state.store, signed.person.id, forum_id, rules)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _page(request, signed, why=refusal)
    return RedirectResponse(f"/forums/{forum_id}/people?done=rules", 303)


async def set_member(request: Request, signed: Signed, form: Form) -> Response:
    """Give a member another party or role, or take them out of the forum."""
    store, forum_id, member_id = request.app.state.store, request.path_params["forum_id"], form.text("person", most=32)
    try:
        if form.text("act") == "remove":
            event, done = await forums.remove_member(store, signed.person.id, forum_id, member_id), "removed"
        elif form.text("act") == "set":
            party, role = form.text("party", most=32), form.text("role", most=20)
            _, event = await forums.set_member(store, signed.person.id, forum_id, member_id, party, role)
            done = "set"
        else:
            raise Invalid("bad_choice", "Please choose one of the list.")
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _page(request, signed, why=refusal)
    await request.app.state.hub.tell(event)
    return RedirectResponse(f"/forums/{forum_id}/people?done={done}", 303)


async def invite(request: Request, signed: Signed, form: Form) -> Response:
    """A new invitation; its link is shown on this answer and never again."""
    store, forum_id = request.app.state.store, request.path_params["forum_id"]
    party, role, days = form.text("party", most=32), form.text("role", most=20), form.number("days", 14)
    try:
        made, secret = await invitations.invite(store, signed.person.id, forum_id, party, role, days)
    except (NotFound, Forbidden):
        raise
    except Refusal as refusal:
        return await _page(request, signed, why=refusal)
    return await _page(request, signed, made=(made, secret))


async def revoke(request: Request, signed: Signed, _form: Form) -> Response:
    """End an invitation before it is used."""
    forum_id, invitation_id = request.path_params["forum_id"], request.path_params["invitation_id"]
    await invitations.revoke(request.app.state.store, signed.person.id, forum_id, invitation_id)
    return RedirectResponse(f"/forums/{forum_id}/people?done=revoked", 303)


async def _page(
    request: Request,
    signed: Signed,
    *,
    why: Refusal | None = None,
    done: str = "",
    made: tuple[Invitation, str] | None = None,
) -> Response:
    store, forum_id = request.app.state.store, request.path_params["forum_id"]
    found, me, parties, members, open_ones = await forums.people(store, signed.person.id, forum_id)
    link = None
    if made:
        url = f"{request.url.scheme}://{request.url.netloc}/join/{made[1]}"
        link = {"party": made[0].party, "expires_at": made[0].expires_at, "url": url}
    return view.page(
        request,
        "people.html",
        status=why.status if why else 200,
        me=me,
        forum=found,
        speaks_for=_speaks_for(parties, await forums.groups(store, signed.person.id, forum_id)),
        minimum=_in_units(found.silence_minimum),
        objecting=_days(found.non_objection),
        opennesses=list(Openness),
        groups=_by_group(parties, members),
        invitations=open_ones,
        applications=may(me, Verb.APPLICATIONS_READ, found) is None and found.accredits,
        manages=may(me, Verb.FORUM_MANAGE, found) is None,
        link=link,
        why=view.tongue(request).refusal(why) if why else "",
        done=done,
    )


def _speaks_for(parties: list[Party], groups: dict[str, tuple[str, ...]]) -> dict[str, list[Party]]:
    """For each party that speaks for others: these, by name."""
    return {speaker: [party for party in parties if party.id in others] for speaker, others in groups.items()}


def _days(seconds: int) -> int:
    return -(-seconds // _DAY)


def _in_units(seconds: int) -> tuple[int, str]:
    """A time in whole hours where that is what it is, else in minutes."""
    unit = "hours" if seconds % _UNITS["hours"] == 0 else "minutes"
    return -(-seconds // _UNITS[unit]), unit


def _by_group(parties: list[Party], members: list[Member]) -> list[tuple[Group, list[tuple[Party, list[Member]]]]]:
    """Groups in the order G I C A, parties by name, each with its people; groups without a party are left out."""
    grouped = [
        (group, [(party, [m for m in members if m.party.id == party.id]) for party in parties if party.group is group])
        for group in Group
    ]
    return [(group, found) for group, found in grouped if found]
