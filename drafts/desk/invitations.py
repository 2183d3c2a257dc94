"""Invitations: a link that makes one person a member, for a party and in a role, once."""

from dataclasses import dataclass
from datetime import timedelta

from drafts.access import Verb
from drafts.desk import admit, fields, secret
from drafts.errors import Invalid, NotFound
from drafts.events import MemberChanged
from drafts.model import Forum, Invitation, Member, Person, Role, new_id, now
from drafts.store import Store, Work

MAX_DAYS = 90
_OPERATOR = "operator@adref.invalid"  # no mail reaches it


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Somebody who has no account yet, as they filled in the form; the password is hashed already."""

    name: str
    email: str
    password_hash: str
    language: str = "en"


async def invite(
    store: Store, person_id: str | None, forum_id: str, party_id: str, role: str, days: int = 14
) -> tuple[Invitation, str]:
    """A new invitation and the secret of its link, shown once. Raises NotFound, Forbidden, Invalid."""
    at, key = now(), secret.make()
    async with store.write() as q:
        _, member = await admit.to_forum(q, person_id, forum_id, Verb.FORUM_MANAGE)
        party = await q.forums.party(forum_id, party_id=party_id)
        if party is None:
            raise Invalid("no_party", "The forum has no such party.")
        wanted, until = fields.choice(Role, role), at + timedelta(days=fields.days(days, MAX_DAYS))
        made = Invitation(new_id(), forum_id, party, wanted, member.person_id, at, until, None, None, None)
        await q.forums.add_invitation(made, secret.hashed(key))
    return made, key


async def issue(store: Store, forum_id: str, party_id: str, role: str, days: int = 14) -> tuple[Invitation, str]:
    """As ``invite``, for the command line: how a forum gets its first chair. It is signed by the operator, a person
    who is in no forum and cannot sign in. Raises NotFound, Invalid."""
    at, key = now(), secret.make()
    async with store.write() as q:
        party = await q.forums.party(forum_id, party_id=party_id)
        if party is None:
            raise admit.nothing()
        wanted, until = fields.choice(Role, role), at + timedelta(days=fields.days(days, MAX_DAYS))
        known = await q.people.by_email(_OPERATOR)
        operator = known[0] if known else Person(new_id(), "Operator of this installation", _OPERATOR)
        if known is None:
            await q.people.add(operator, None, at)
        made = Invitation(new_id(), forum_id, party, wanted, operator.id, at, until, None, None, None)
        await q.forums.add_invitation(made, secret.hashed(key))
    return made, key


async def revoke(store: Store, person_id: str | None, forum_id: str, invitation_id: str) -> None:
    """End an invitation before somebody accepts it. Raises NotFound (also when it is used or over), Forbidden."""
    async with store.write() as q:
        await admit.to_forum(q, person_id, forum_id, Verb.FORUM_MANAGE)
        if not await q.forums.revoke_invitation(forum_id, invitation_id, now()):
            raise admit.nothing()


async def look_at(store: Store, key: str) -> tuple[Forum, Invitation]:
    """What a link invites to. Raises NotFound when it is used, revoked, over, or no link of ours."""
    async with store.read() as q:
        return await _open(q, key)


async def accept(store: Store, key: str, who: str | NewPerson) -> tuple[Member, MemberChanged]:
    """Become a member: somebody signed in (their person id), or somebody new.

    Of two who accept the same link at once, one gets in. Raises NotFound, Invalid, Conflict (a member already, or an
    account with this address exists); nothing is used up then.
    """
    at = now()
    async with store.write() as q:
        forum, invitation = await _open(q, key)
        person = await _person(q, who)
        if not await q.forums.use_invitation(invitation.id, person.id, at):
            raise _gone()
        await q.forums.add_member(forum.id, person.id, invitation.party.id, invitation.role, at)
    member = Member(person.id, person.name, forum.id, invitation.party, invitation.role)
    return member, MemberChanged(forum.id, person.id)


async def _open(q: Work, key: str) -> tuple[Forum, Invitation]:
    invitation = await q.forums.invitation(secret.hashed(key))
    forum = None if invitation is None else await q.forums.get(invitation.forum_id)
    if invitation is None or forum is None or not invitation.open(now()):
        raise _gone()
    return forum, invitation


async def _person(q: Work, who: str | NewPerson) -> Person:
    if isinstance(who, NewPerson):
        person = Person(new_id(), fields.name(who.name), fields.email(who.email), fields.tag(who.language))
        await q.people.add(person, who.password_hash, now())
        return person
    known = await q.people.get(who)
    if known is None:
        raise admit.nothing()
    return known


def _gone() -> NotFound:
    return NotFound("invitation_gone", "This link has been used or is no longer valid. Ask for a new one.")
