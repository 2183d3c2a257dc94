"""Forums: who is in them, for which party and in which role."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from dataclasses import fields as dataclass_fields
from datetime import datetime

from drafts.access import Verb, may
from drafts.desk import admit, fields
from drafts.errors import Conflict, Invalid
from drafts.events import MemberChanged
from drafts.model import Draft, Forum, Group, Invitation, Level, Member, Openness, Party, Role, new_id, now
from drafts.store import Store, Work

SHORTEST, LONGEST = 60, 60 * 24 * 3600  # seconds of a silence procedure
LONGEST_KEPT = 3_660  # days
_LEADS = (Role.CHAIR, Role.SECRETARIAT)


async def mine(store: Store, person_id: str | None) -> list[tuple[Forum, Member, list[Draft]]]:
    """A person's forums, what they are there, and the drafts they may read."""
    if person_id is None:
        return []
    async with store.read() as q:
        found = await q.forums.of_person(person_id)
        drafts = await q.drafts.of_forums([forum.id for forum, _ in found])
    return [(forum, member, _readable(member, drafts[forum.id])) for forum, member in found]


def _readable(member: Member, drafts: list[Draft]) -> list[Draft]:
    return [draft for draft in drafts if may(member, Verb.DRAFT_READ, draft) is None]


async def enter(
    store: Store, person_id: str | None, forum_id: str, verb: Verb = Verb.FORUM_READ
) -> tuple[Forum, Member]:
    """A forum and what the person is in it. Raises NotFound, Forbidden."""
    async with store.read() as q:
        return await admit.to_forum(q, person_id, forum_id, verb)


async def people(
    store: Store, person_id: str | None, forum_id: str
) -> tuple[Forum, Member, list[Party], list[Member], list[Invitation]]:
    """Who is in a forum. The open invitations are for those who look after them; others get an empty list."""
    async with store.read() as q:
        forum, member = await admit.to_forum(q, person_id, forum_id, Verb.FORUM_READ)
        parties, members = await q.forums.parties(forum_id), await q.forums.members(forum_id)
        manages = may(member, Verb.FORUM_MANAGE, forum) is None
        invitations = await q.forums.invitations(forum_id, now()) if manages else []
    return forum, member, parties, members, invitations


async def groups(store: Store, person_id: str | None, forum_id: str) -> dict[str, tuple[str, ...]]:
    """For each party that speaks for others: their ids. Raises NotFound."""
    async with store.read() as q:
        await admit.to_forum(q, person_id, forum_id, Verb.FORUM_READ)
        return await q.forums.alignments(forum_id)


# ── looked after by chair and secretariat ──


@dataclass(frozen=True, slots=True)
class Rules:
    """What is changed of a forum's rules; None: it stays as it is. ``silence_minimum`` and ``non_objection`` are
    seconds, ``retention`` days: see ``model.Forum``."""

    silence_minimum: int | None = None
    breaks: str | None = None
    public: bool | None = None
    accredits: bool | None = None
    non_objection: int | None = None
    pseudonyms: bool | None = None
    retention: int | None = None


async def set_rules(store: Store, person_id: str | None, forum_id: str, rules: Rules) -> Forum:
    """Change a forum's rules. A silence procedure that runs keeps its minimum, a non-objection period its end; what was
    announced of a consultation stays, but without ``public`` nobody reads it without an account. Raises NotFound,
    Forbidden, Invalid."""
    told = {one.name: value for one in dataclass_fields(Rules) if (value := getattr(rules, one.name)) is not None}
    if rules.breaks is not None:
        told["breaks"] = fields.choice(Openness, rules.breaks)
    async with store.write() as q:
        await q.forums.lock(forum_id)
        found, _ = await admit.to_forum(q, person_id, forum_id, Verb.FORUM_MANAGE)
        after = _checked(replace(found, **told))
        await q.forums.set_rules(forum_id, after.silence_minimum, after.breaks)
        await q.forums.set_consulting(
            forum_id,
            public=after.public,
            accredits=after.accredits,
            non_objection=after.non_objection,
            pseudonyms=after.pseudonyms,
            retention=after.retention,
        )
    return after


def _checked(after: Forum) -> Forum:
    if not SHORTEST <= after.silence_minimum <= LONGEST:
        raise Invalid("bad_minimum", "A silence procedure takes between a minute and 60 days.")
    if after.non_objection and not 3600 <= after.non_objection <= 90 * 24 * 3600:
        raise Invalid("bad_period", "A non-objection period takes between an hour and 90 days.")
    if not 0 <= after.retention <= LONGEST_KEPT:
        raise Invalid("bad_retention", "Contacts and unsent comments are kept for up to {most} days; 0 keeps them.",
                      most=LONGEST_KEPT)  # fmt: skip
    return after


async def align(store: Store, person_id: str | None, forum_id: str, party_id: str, others: Sequence[str]) -> None:
    """Say for whom a party speaks from now on: ``others`` are ids of parties. What was said stays as it was said.

    Raises NotFound, Forbidden, Invalid.
    """
    async with store.write() as q:
        await admit.to_forum(q, person_id, forum_id, Verb.FORUM_MANAGE)
        known = {party.id for party in await q.forums.parties(forum_id)}
        if party_id not in known or not known.issuperset(others):
            raise Invalid("no_party", "The forum has no such party.")
        if party_id in others:
            raise Invalid("speaks_for_itself", "A party speaks for itself anyway; name the others.")
        await q.forums.align(party_id, sorted(set(others)))


async def add_party(store: Store, person_id: str | None, forum_id: str, name: str, code: str, group: str) -> Party:
    """A new party. Raises NotFound, Forbidden, Invalid, Conflict (the code is taken)."""
    async with store.write() as q:
        await admit.to_forum(q, person_id, forum_id, Verb.FORUM_MANAGE)
        party = _party(forum_id, name, code, group)
        await q.forums.add_party(party)
    return party


async def set_member(
    store: Store, person_id: str | None, forum_id: str, member_id: str, party_id: str, role: str
) -> tuple[Member, MemberChanged]:
    """Let the member with the person id ``member_id`` act for another party or in another role.

    Raises NotFound, Forbidden, Invalid, Conflict (nobody would be left to lead).
    """
    async with store.write() as q:
        await q.forums.lock(forum_id)
        await admit.to_forum(q, person_id, forum_id, Verb.FORUM_MANAGE)
        party, wanted = await _seat(q, forum_id, party_id, role)
        before = await q.forums.member(forum_id, member_id)
        if before is None:
            raise admit.nothing()
        if wanted not in _LEADS:
            await _somebody_leads(q, before)
        await q.forums.set_member(forum_id, member_id, party.id, wanted)
    after = Member(member_id, before.person_name, forum_id, party, wanted)
    return after, MemberChanged(forum_id, member_id)


async def remove_member(store: Store, person_id: str | None, forum_id: str, member_id: str) -> MemberChanged:
    """Take a person out of a forum; what they wrote stays. Raises NotFound, Forbidden, Conflict."""
    async with store.write() as q:
        await q.forums.lock(forum_id)
        await admit.to_forum(q, person_id, forum_id, Verb.FORUM_MANAGE)
        before = await q.forums.member(forum_id, member_id)
        if before is None:
            raise admit.nothing()
        await _somebody_leads(q, before)
        await q.forums.remove_member(forum_id, member_id)
    return MemberChanged(forum_id, member_id)


async def _somebody_leads(q: Work, leaving: Member) -> None:
    if leaving.role in _LEADS and await q.forums.leads(leaving.forum_id) == 1:
        raise Conflict("last_lead", "A forum needs somebody in the chair or the secretariat.")


async def _seat(q: Work, forum_id: str, party_id: str, role: str) -> tuple[Party, Role]:
    party = await q.forums.party(forum_id, party_id=party_id)
    if party is None:
        raise Invalid("no_party", "The forum has no such party.")
    return party, fields.choice(Role, role)


def _party(forum_id: str, name: str, code: str, group: str) -> Party:
    return Party(new_id(), forum_id, fields.name(name), fields.code(code), fields.choice(Group, group))


# ── for the command line, whose user has the database in hand anyway ──


async def create(store: Store, name: str, level: str, *, demo: bool = False) -> Forum:
    """A new forum, still without people. Raises Invalid."""
    forum = Forum(new_id(), fields.name(name), fields.choice(Level, level), now())
    async with store.write() as q:
        await q.forums.add(forum, demo=demo)
    return forum


async def found_party(store: Store, forum_id: str, name: str, code: str, group: str) -> Party:
    """A new party, also of a forum without people. Raises NotFound, Invalid, Conflict (the code is taken)."""
    async with store.write() as q:
        if await q.forums.get(forum_id) is None:
            raise admit.nothing()
        party = _party(forum_id, name, code, group)
        await q.forums.add_party(party)
    return party


async def seat(
    store: Store,
    forum_id: str,
    person_id: str,
    *,
    party: str,
    code: str,
    group: str,
    role: str,
    at: datetime | None = None,
) -> Member:
    """Put a person into a forum, for the party of this code; the party is made when there is none.

    Raises NotFound, Invalid, Conflict (the person is there already).
    """
    async with store.write() as q:
        forum, person = await q.forums.get(forum_id), await q.people.get(person_id)
        if forum is None or person is None:
            raise admit.nothing()
        wanted = _party(forum_id, party, code, group)
        acting = await q.forums.party(forum_id, code=wanted.code)
        if acting is None:
            acting = wanted
            await q.forums.add_party(acting)
        seated = fields.choice(Role, role)
        await q.forums.add_member(forum_id, person_id, acting.id, seated, at or now())
    return Member(person_id, person.name, forum_id, acting, seated)


async def every(store: Store, *, demo: bool | None = None) -> list[tuple[Forum, list[Member]]]:
    """All forums with their members; ``demo``: only those that are (not) for show."""
    async with store.read() as q:
        return [(forum, await q.forums.members(forum.id)) for forum in await q.forums.all(demo=demo)]
