"""Doors about forums, their parties, people and invitations."""

from msgspec import UNSET

from drafts.desk import forums, invitations
from server.api import schema as s
from server.api import views
from server.api.door import Ask
from server.api.schema_rules import RulesIn


async def me(ask: Ask) -> s.Person:
    """Who the token or session belongs to."""
    person = ask.person
    return s.Person(person.id, person.name, person.email, person.language)


async def mine(ask: Ask) -> list[s.Forum]:
    """The asker's forums."""
    return [views.forum(forum, member) for forum, member, _ in await forums.mine(ask.store, ask.person.id)]


async def one(ask: Ask) -> s.Forum:
    """A forum."""
    return views.forum(*await forums.enter(ask.store, ask.person.id, ask.path("forum")))


async def people(ask: Ask) -> s.ForumPeople:
    """Parties and members."""
    _, _, parties, members, _ = await forums.people(ask.store, ask.person.id, ask.path("forum"))
    groups = await forums.groups(ask.store, ask.person.id, ask.path("forum"))
    speaks_for = {speaker: list(others) for speaker, others in groups.items()}
    return s.ForumPeople([views.party(p) for p in parties], [views.member(m) for m in members], speaks_for)


async def set_rules(ask: Ask) -> s.Forum:
    """Change some of a forum's rules."""
    body: RulesIn = ask.body
    forum_id, person_id = ask.path("forum"), ask.person.id
    told = {name: value for name in body.__struct_fields__ if (value := getattr(body, name)) is not UNSET}
    await forums.set_rules(ask.store, person_id, forum_id, forums.Rules(**told))
    return views.forum(*await forums.enter(ask.store, person_id, forum_id))


async def set_group(ask: Ask) -> s.ForumPeople:
    """For whom a party speaks."""
    body: s.SpeaksForIn = ask.body
    await forums.align(ask.store, ask.person.id, ask.path("forum"), ask.path("party"), body.parties)
    return await people(ask)


async def add_party(ask: Ask) -> s.Party:
    """A new party."""
    body: s.PartyIn = ask.body
    made = await forums.add_party(ask.store, ask.person.id, ask.path("forum"), body.name, body.code, body.group.value)
    return views.party(made)


async def set_member(ask: Ask) -> s.Member:
    """Another party or role for a member."""
    body: s.SeatIn = ask.body
    member, event = await forums.set_member(
        ask.store, ask.person.id, ask.path("forum"), ask.path("person"), body.party, body.role.value
    )
    await ask.hub.tell(event)
    return views.member(member)


async def remove_member(ask: Ask) -> None:
    """Take a person out of the forum."""
    event = await forums.remove_member(ask.store, ask.person.id, ask.path("forum"), ask.path("person"))
    await ask.hub.tell(event)


async def open_invitations(ask: Ask) -> list[s.Invitation]:
    """Invitations that can still be accepted; empty for those who do not look after them."""
    found = await forums.people(ask.store, ask.person.id, ask.path("forum"))
    return [views.invitation(one) for one in found[4]]


async def invite(ask: Ask) -> s.NewInvitation:
    """A new invitation."""
    body: s.InvitationIn = ask.body
    made, secret = await invitations.invite(
        ask.store, ask.person.id, ask.path("forum"), body.party, body.role.value, body.days
    )
    return s.NewInvitation(views.invitation(made), f"/join/{secret}")


async def revoke_invitation(ask: Ask) -> None:
    """End an invitation."""
    await invitations.revoke(ask.store, ask.person.id, ask.path("forum"), ask.path("invitation"))
