"""Accreditation: organisations apply to be heard in a forum; the secretariat admits or refuses, with a non-objection
period for delegations where it wants one.

The applicant has no account: the address of the application is its key, and once it is admitted the same key is that
of an invitation (``/join/<secret>``). Contact and e-mail are for those who lead and for the applicant only.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from drafts.access import ApplicationIn, Verb, demand, may
from drafts.codes import proposed
from drafts.consultation import Application, ApplicationState
from drafts.desk import admit, fields, secret
from drafts.errors import Conflict, Invalid
from drafts.model import Forum, Group, Invitation, Member, Party, Role, new_id
from drafts.store import Store, Work
from drafts.store.applications import Objection
from drafts.verbs import DELEGATIONS, LEADS

MOST_STATEMENT: Final = 5_000
MOST_REASON: Final = 2_000
MOST_WAITING: Final = 500  # in a forum: an open door is not a way to fill a database
LINK: Final = timedelta(days=90)  # in which somebody of an admitted organisation joins
_UNDECIDED: Final = frozenset({ApplicationState.WAITING, ApplicationState.PROPOSED})


@dataclass(frozen=True, slots=True)
class Wish:
    """What an organisation says of itself. ``code``: the seat code it would like, '' to leave that open."""

    name: str
    group: str
    contact: str
    email: str
    statement: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    """What an applicant sees. ``invitation``: once it is admitted."""

    application: Application
    forum: Forum
    invitation: Invitation | None


@dataclass(frozen=True, slots=True)
class Considered:
    """An application as a member of the forum sees it, with the objections to it and what they can do."""

    application: Application
    objections: tuple[Objection, ...]
    code: str  # the seat code that it would get
    decides: bool
    objects: bool


# ── the applicant, who has no account ──


async def accrediting(store: Store, forum_id: str) -> Forum:
    """A forum that takes applications. Raises NotFound for all others."""
    async with store.read() as q:
        return await _accrediting(q, forum_id)


async def apply(store: Store, forum_id: str, wish: Wish, at: datetime) -> tuple[Application, str]:
    """A new application, and the secret of its address. Those who lead are told. Raises NotFound, Invalid, TooLarge,
    Conflict (too many wait)."""
    told, key = _application(forum_id, wish, at), secret.make()
    async with store.write() as q:
        await _accrediting(q, forum_id)
        if await q.applications.waiting(forum_id) >= MOST_WAITING:
            raise Conflict("too_many_wait", "Too many applications wait at present. Please try again in some days.")
        await q.applications.add(told, secret.hashed(key))
        await _tell(q, told, "application_in", at, lambda one: one.role in LEADS)
    return told, key


async def status(store: Store, key: str) -> Status:
    """How far an application is. Raises NotFound."""
    async with store.read() as q:
        told = await q.applications.of_secret(secret.hashed(key))
        forum = None if told is None else await q.forums.get(told.forum_id)
        invitation = await q.forums.invitation(secret.hashed(key))
    if told is None or forum is None:
        raise admit.nothing()
    return Status(told, forum, invitation)


async def withdraw(store: Store, key: str, at: datetime) -> Application:
    """The applicant takes it back. Raises NotFound, Conflict (it is decided)."""
    async with store.write() as q:
        known = await q.applications.of_secret(secret.hashed(key))
        found = None if known is None else await q.applications.locked(known.id)
        if found is None:
            raise admit.nothing()
        told = replace(_undecided(found[0]), state=ApplicationState.WITHDRAWN, decided_at=at)
        await q.applications.change(told)
    return told


async def _accrediting(q: Work, forum_id: str) -> Forum:
    forum = await q.forums.get(forum_id)
    if forum is None or not forum.accredits:
        raise admit.nothing()
    return forum


def _application(forum_id: str, wish: Wish, at: datetime) -> Application:
    return Application(
        id=new_id(),
        forum_id=forum_id,
        name=fields.name(wish.name),
        code=fields.code(wish.code) if wish.code.strip() else "",
        group=fields.choice(Group, wish.group),
        contact=fields.line(wish.contact, 200, needed="Please say whom the secretariat can ask."),
        email=fields.email(wish.email),
        statement=fields.paragraphs(
            wish.statement, MOST_STATEMENT, needed="Please say why you would like to be heard."
        ),
        state=ApplicationState.WAITING,
        reason="",
        created_at=at,
    )


# ── members of the forum ──


async def listed(
    store: Store, person_id: str | None, forum_id: str, at: datetime
) -> tuple[Forum, Member, list[Considered]]:
    """A forum's applications, the newest first: for those who lead all of them, for delegations those that are proposed
    or decided, without contact and address. Raises NotFound, Forbidden."""
    async with store.read() as q:
        forum, member = await admit.to_forum(q, person_id, forum_id, Verb.APPLICATIONS_READ)
        found = await q.applications.of_forum(forum_id)
        objections = await q.applications.objections([one.id for one in found])
        codes = {party.code for party in await q.forums.parties(forum_id)}
    leads = member.role in LEADS
    seen = found if leads else [_without_contact(one) for one in found if _for_delegations(one)]
    return forum, member, [
        Considered(
            one,
            tuple(objections.get(one.id, ())),
            _code(one, codes) if leads and one.state in _UNDECIDED else "",
            leads and one.state in _UNDECIDED,
            may(member, Verb.APPLICATION_OBJECT, ApplicationIn(forum, one, at)) is None,
        )
        for one in seen
    ]  # fmt: skip


def _for_delegations(one: Application) -> bool:
    """Not those that wait for the secretariat, and not those that were taken back before anybody was asked."""
    if one.state is ApplicationState.WITHDRAWN:
        return one.objects_until is not None
    return one.state is not ApplicationState.WAITING


def _without_contact(one: Application) -> Application:
    return replace(one, contact="", email="")


async def waiting(store: Store, member: Member, forum: Forum) -> int:
    """How many applications wait for a member to decide them."""
    if may(member, Verb.APPLICATION_DECIDE, forum) is not None:
        return 0
    async with store.read() as q:
        return await q.applications.waiting(forum.id)


async def propose(
    store: Store, person_id: str | None, forum_id: str, application_id: str, seconds: int, at: datetime
) -> Application:
    """Say that the organisation will be admitted unless a delegation objects in the next ``seconds``. Delegations are
    told. Raises NotFound, Forbidden, Invalid, Conflict."""
    if not 3600 <= seconds <= 90 * 24 * 3600:
        raise Invalid("bad_period", "A non-objection period takes between an hour and 90 days.")
    async with store.write() as q:
        member, found, _ = await _to_decide(q, person_id, forum_id, application_id)
        if found.state is ApplicationState.PROPOSED:
            raise Conflict("proposed", "This application has been proposed already.")
        until = at + timedelta(seconds=seconds)
        told = replace(found, state=ApplicationState.PROPOSED, objects_until=until, decided_by=member.person_id)
        await q.applications.change(told)
        await _tell(q, told, "application_proposed", at, lambda one: one.role in DELEGATIONS, member)
    return told


async def object_(
    store: Store, person_id: str | None, forum_id: str, application_id: str, reason: str, at: datetime
) -> None:
    """A delegation of a government objects, with its reason: then the secretariat decides. Those who lead are told.
    Raises NotFound, Forbidden, Invalid."""
    said = fields.paragraphs(reason, MOST_REASON, needed="An objection needs a reason.")
    async with store.write() as q:
        forum, member = await admit.to_forum(q, person_id, forum_id, Verb.APPLICATIONS_READ)
        found = await q.applications.locked(application_id)
        if found is None or found[0].forum_id != forum_id or not _for_delegations(found[0]):
            raise admit.nothing()
        demand(member, Verb.APPLICATION_OBJECT, ApplicationIn(forum, found[0], at))
        await q.applications.object(Objection(application_id, member.party, member.person_id, said, at))
        await _tell(q, found[0], "application_objected", at, lambda one: one.role in LEADS, member)


async def admit_(
    store: Store, person_id: str | None, forum_id: str, application_id: str, code: str, at: datetime
) -> Party:
    """Give the organisation a seat; ``code``: its seat code, '' for the one it wished or one made of its name. The
    applicant's address becomes an invitation. Raises NotFound, Forbidden, Invalid, Conflict (the code is taken,
    delegations may still object, or it is decided)."""
    async with store.write() as q:
        member, found, key = await _to_decide(q, person_id, forum_id, application_id)
        if found.objects_until is not None and at < found.objects_until:
            raise Conflict("may_object", "Delegations may still object. The organisation can be admitted after that.")
        wanted = fields.code(code) if code.strip() else ""
        return await _admitted(q, found, key, member.person_id, at, wanted)


async def refuse(
    store: Store, person_id: str | None, forum_id: str, application_id: str, reason: str, at: datetime
) -> Application:
    """Refuse, with a reason that the applicant reads. Raises NotFound, Forbidden, Invalid, Conflict."""
    said = fields.paragraphs(reason, MOST_REASON, needed="A refusal needs a reason.")
    async with store.write() as q:
        member, found, _ = await _to_decide(q, person_id, forum_id, application_id)
        told = replace(found, state=ApplicationState.REFUSED, reason=said, decided_at=at, decided_by=member.person_id)
        await q.applications.change(told)
        await _decided(q, told, at)
    return told


async def settle(store: Store, application_id: str, at: datetime) -> Party | None:
    """What the clock does at the end of a non-objection period without an objection: admit, once, in the name of who
    proposed it. None where there is nothing to be done (any more)."""
    async with store.write() as q:
        known = await q.applications.get(application_id)
        if known is None:
            return None
        await q.forums.lock(known.forum_id)  # before the application, as in ``_to_decide``
        found = await q.applications.locked(application_id)
        if found is None or found[0].state is not ApplicationState.PROPOSED:
            return None
        told, key = found
        until, proposer = told.objects_until, told.decided_by
        if until is None or at < until or proposer is None or await q.applications.objections([told.id]):
            return None
        return await _admitted(q, told, key, proposer, at, "")


async def _to_decide(
    q: Work, person_id: str | None, forum_id: str, application_id: str
) -> tuple[Member, Application, str]:
    """An application that those who lead can decide, held; with the hash of its secret."""
    _, member = await admit.to_forum(q, person_id, forum_id, Verb.APPLICATION_DECIDE)
    await q.forums.lock(forum_id)
    found = await q.applications.locked(application_id)
    if found is None or found[0].forum_id != forum_id:
        raise admit.nothing()
    return member, _undecided(found[0]), found[1]


def _undecided(told: Application) -> Application:
    if told.state not in _UNDECIDED:
        raise Conflict("decided", "This application has been decided, or was taken back.")
    return told


async def _admitted(q: Work, told: Application, key: str, by: str, at: datetime, wanted: str) -> Party:
    codes = {party.code for party in await q.forums.parties(told.forum_id)}
    party = Party(new_id(), told.forum_id, told.name, wanted or _code(told, codes), told.group)
    await q.forums.add_party(party)
    made = Invitation(new_id(), told.forum_id, party, Role.OBSERVER, by, at, at + LINK, None, None, None)
    await q.forums.add_invitation(made, key)
    after = replace(told, state=ApplicationState.ADMITTED, reason="", decided_at=at, decided_by=by, party_id=party.id)
    await q.applications.change(after)
    await _decided(q, after, at)
    return party


def _code(told: Application, taken: set[str]) -> str:
    """What it wished where that is free, else one made of its name."""
    return told.code if told.code and told.code not in taken else proposed(told.name, taken)


async def _decided(q: Work, told: Application, at: datetime) -> None:
    await _tell(q, told, "application_decided", at, lambda one: one.role in LEADS, state=told.state.value)


async def _tell(  # one place that knows what a notice about an application holds
    q: Work,
    told: Application,
    kind: str,
    at: datetime,
    who: Callable[[Member], bool],
    by: Member | None = None,
    **facts: str,
) -> None:
    members = await q.forums.members(told.forum_id)
    heard = [one.person_id for one in members if who(one) and (by is None or one.person_id != by.person_id)]
    said = {"name": told.name, **facts}
    await q.notices.tell(heard, kind, at, forum_id=told.forum_id, of_id=told.id, facts=said)
