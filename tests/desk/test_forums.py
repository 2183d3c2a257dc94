"""Forums and invitations. For each door in the same order: works, stranger, reader, bad input."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from drafts.desk import drafts, forums, invitations, secret
from drafts.desk import people as accounts
from drafts.desk.invitations import NewPerson
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, TooLarge
from drafts.events import MemberChanged
from drafts.model import Forum, Invitation, Openness, Role, new_id, now
from drafts.store import Store
from tests.cast import Cast

Door = Callable[[str | None], Awaitable[object]]


async def refuses_strangers(door: Door, people: Cast) -> None:
    for who in (None, people.stranger, "nobody"):
        with pytest.raises(NotFound):
            await door(who)


async def refuses_readers(door: Door, people: Cast) -> None:
    for who in (people.norvale, people.observer):
        with pytest.raises(Forbidden):
            await door(who)


# ── forums ──


async def test_a_forum_lists_what_each_may_read(store: Store, people: Cast) -> None:
    closed = await drafts.create(
        store, people.secretary, people.forum.id, "Measures", "", "cbm", "en", "pen", False, []
    )  # fmt: skip
    ((forum, member, found),) = await forums.mine(store, people.norvale)
    assert (forum, member.role, found) == (people.forum, Role.DELEGATE, [people.draft, closed])
    ((_, member, found),) = await forums.mine(store, people.observer)
    assert (member.party.code, found) == ("ONW", [people.draft])
    assert (await drafts.of_forum(store, people.observer, people.forum.id))[2] == [people.draft]
    assert (await drafts.of_forum(store, people.chair, people.forum.id))[2] == [people.draft, closed]
    assert await forums.mine(store, people.stranger) == []
    assert await forums.mine(store, None) == []


async def test_entering(store: Store, people: Cast) -> None:
    for who in people.members:
        forum, member = await forums.enter(store, who, people.forum.id)
        assert forum == people.forum
        assert member.person_id == who
    await refuses_strangers(lambda who: forums.enter(store, who, people.forum.id), people)
    await refuses_strangers(lambda who: drafts.of_forum(store, who, people.forum.id), people)
    with pytest.raises(NotFound):
        await forums.enter(store, people.chair, "nothing")


async def test_the_people_of_a_forum(store: Store, people: Cast) -> None:
    made, _ = await invitations.invite(store, people.secretary, people.forum.id, people.parties["CTM"].id, "delegate")
    _, _, parties, members, invited = await forums.people(store, people.secretary, people.forum.id)
    assert [party.code for party in parties] == ["CHR", "CTM", "NVL", "ONW", "SEC"]
    assert {member.person_id for member in members} == set(people.members)
    assert invited == [made]
    assert (await forums.people(store, people.norvale, people.forum.id))[4] == []
    await refuses_strangers(lambda who: forums.people(store, who, people.forum.id), people)


async def test_only_the_command_line_sees_every_forum(store: Store, people: Cast) -> None:
    show = await forums.create(store, "An exercise", "workshop", demo=True)
    assert await forums.every(store, demo=True) == [(show, [])]
    ((forum, members),) = await forums.every(store, demo=False)
    assert forum == people.forum
    assert len(members) == 6
    assert len(await forums.every(store)) == 2


async def test_bad_forums_and_seats(store: Store, people: Cast) -> None:
    with pytest.raises(Invalid):
        await forums.create(store, "  ", "regional")
    with pytest.raises(TooLarge):
        await forums.create(store, "n" * 201, "regional")
    with pytest.raises(Invalid, match="bilateral, regional"):
        await forums.create(store, "A forum", "planetary")

    async def seat(forum: str, person: str, role: str = "delegate", code: str = "CTM") -> None:
        await forums.seat(store, forum, person, party="Costamar", code=code, group="government", role=role)

    for forum, person in [("nothing", people.stranger), (people.forum.id, "nobody")]:
        with pytest.raises(NotFound):
            await seat(forum, person)
    with pytest.raises(Invalid):
        await seat(people.forum.id, people.stranger, role="king")
    with pytest.raises(Invalid):
        await seat(people.forum.id, people.stranger, code="C")
    with pytest.raises(Conflict):
        await seat(people.forum.id, people.norvale)
    await seat(people.forum.id, people.stranger)
    assert len((await forums.people(store, people.chair, people.forum.id))[2]) == 5  # the party was there


# ── parties and members ──


async def test_adding_a_party(store: Store, people: Cast) -> None:
    def door(who: str | None) -> Awaitable[object]:
        return forums.add_party(store, who, people.forum.id, "Tarvia", " tva ", "government")

    party = await forums.add_party(store, people.secretary, people.forum.id, "Tarvia", " tva ", "government")
    assert party.code == "TVA"
    assert party in (await forums.people(store, people.chair, people.forum.id))[2]
    await refuses_strangers(door, people)
    await refuses_readers(door, people)
    with pytest.raises(Conflict, match="TVA"):
        await door(people.chair)
    for name, code, group in [
        ("", "ABC", "industry"),
        ("A", "A1", "industry"),
        ("A", "ABCDEFG", "industry"),
        ("A", "AB", "x"),
    ]:
        with pytest.raises(Invalid):
            await forums.add_party(store, people.chair, people.forum.id, name, code, group)


async def test_the_same_code_in_two_forums(store: Store, people: Cast) -> None:
    other = await forums.create(store, "Another", "global")
    member = await forums.seat(
        store, other.id, people.stranger, party="Nova", code="NVL", group="academia", role="chair"
    )  # fmt: skip
    assert member.party.name == "Nova"
    await refuses_strangers(lambda who: forums.enter(store, who, other.id), _strangers_of(people))
    with pytest.raises(NotFound):  # the chair of one forum is a stranger in another
        await forums.add_party(store, people.chair, other.id, "Tarvia", "TVA", "government")
    with pytest.raises(Invalid):  # and a party of one is none of another
        await invitations.invite(store, people.stranger, other.id, people.parties["NVL"].id, "delegate")


def _strangers_of(people: Cast) -> Cast:
    """The cast, as it looks from the other forum: the chair is the stranger there."""
    return Cast(**{name: getattr(people, name) for name in Cast.__slots__} | {"stranger": people.chair})


async def test_setting_a_member(store: Store, people: Cast) -> None:
    forum, party = people.forum.id, people.parties["CTM"].id
    member, event = await forums.set_member(store, people.chair, forum, people.norvale, party, "observer")
    assert (member.party.code, member.role, member.person_name) == ("CTM", Role.OBSERVER, "Ines Valder")
    assert event == MemberChanged(forum, people.norvale)
    assert (await forums.enter(store, people.norvale, forum))[1] == member

    def door(who: str | None) -> Awaitable[object]:
        return forums.set_member(store, who, forum, people.costamar, party, "delegate")

    await refuses_strangers(door, people)
    await refuses_readers(door, people)
    with pytest.raises(NotFound):
        await forums.set_member(store, people.chair, forum, people.stranger, party, "delegate")
    for bad_party, role in [("nothing", "delegate"), (party, "king")]:
        with pytest.raises(Invalid):
            await forums.set_member(store, people.chair, forum, people.costamar, bad_party, role)


async def test_removing_a_member(store: Store, people: Cast) -> None:
    def door(who: str | None) -> Awaitable[object]:
        return forums.remove_member(store, who, people.forum.id, people.costamar)

    await refuses_strangers(door, people)
    await refuses_readers(door, people)
    assert await door(people.secretary) == MemberChanged(people.forum.id, people.costamar)
    with pytest.raises(NotFound):
        await forums.enter(store, people.costamar, people.forum.id)
    with pytest.raises(NotFound):
        await door(people.secretary)


async def test_somebody_always_leads(store: Store, people: Cast) -> None:
    forum, party = people.forum.id, people.parties["CHR"].id
    await forums.remove_member(store, people.chair, forum, people.secretary)
    with pytest.raises(Conflict):
        await forums.remove_member(store, people.chair, forum, people.chair)
    with pytest.raises(Conflict):
        await forums.set_member(store, people.chair, forum, people.chair, party, "delegate")
    member, _ = await forums.set_member(store, people.chair, forum, people.chair, party, "secretariat")
    assert member.role is Role.SECRETARIAT


async def test_two_leads_cannot_both_leave_at_once(store: Store, people: Cast) -> None:
    forum = people.forum.id
    both = await asyncio.gather(
        forums.remove_member(store, people.chair, forum, people.chair),
        forums.remove_member(store, people.secretary, forum, people.secretary),
        return_exceptions=True,
    )
    assert [type(one) for one in both if isinstance(one, Exception)] == [Conflict]


# ── invitations ──


@pytest.fixture
async def invited(store: Store, people: Cast) -> tuple[Invitation, str]:
    return await invitations.invite(store, people.secretary, people.forum.id, people.parties["CTM"].id, "delegate")


ANA = NewPerson("Ana Reyes", "ana@costamar.example", "hash", "es")


async def test_an_invitation_is_bound_to_party_and_role(
    store: Store, people: Cast, invited: tuple[Invitation, str]
) -> None:
    invitation, key = invited
    assert invitation.expires_at - invitation.created_at == timedelta(days=14)
    assert await invitations.look_at(store, key) == (people.forum, invitation)
    member, event = await invitations.accept(store, key, ANA)
    assert (member.party.code, member.role, member.person_name) == ("CTM", Role.DELEGATE, "Ana Reyes")
    assert event == MemberChanged(people.forum.id, member.person_id)
    assert (await forums.enter(store, member.person_id, people.forum.id))[1] == member
    assert (await accounts.get(store, member.person_id)).language == "es"


async def test_inviting(store: Store, people: Cast) -> None:
    party = people.parties["CTM"].id

    def door(who: str | None) -> Awaitable[object]:
        return invitations.invite(store, who, people.forum.id, party, "delegate")

    await refuses_strangers(door, people)
    await refuses_readers(door, people)
    for bad_party, role, days in [
        ("nothing", "delegate", 14),
        (party, "king", 14),
        (party, "chair", 0),
        (party, "chair", 91),
    ]:
        with pytest.raises(Invalid):
            await invitations.invite(store, people.chair, people.forum.id, bad_party, role, days)


async def test_a_link_works_once(store: Store, people: Cast, invited: tuple[Invitation, str]) -> None:
    await invitations.accept(store, invited[1], people.stranger)
    for door in (invitations.look_at(store, invited[1]), invitations.accept(store, invited[1], ANA)):
        with pytest.raises(NotFound, match="used"):
            await door
    assert await accounts.by_email(store, ANA.email) is None  # the account was not made either
    assert (await forums.people(store, people.chair, people.forum.id))[4] == []


async def test_of_many_who_accept_at_once_one_gets_in(
    store: Store, people: Cast, invited: tuple[Invitation, str], database_url: str
) -> None:
    async with Store.open(database_url) as other:
        new = [NewPerson(f"Racer {n}", f"racer{n}@costamar.example", "hash") for n in range(8)]
        done = await asyncio.gather(
            *(invitations.accept([store, other][n % 2], invited[1], who) for n, who in enumerate(new)),
            return_exceptions=True,
        )
    won = [one for one in done if not isinstance(one, BaseException)]
    assert len(won) == 1
    assert all(isinstance(one, NotFound) for one in done if isinstance(one, BaseException))
    assert len((await forums.people(store, people.chair, people.forum.id))[3]) == 7
    known = [await accounts.by_email(store, who.email) for who in new]
    assert len([one for one in known if one is not None]) == 1


async def test_a_refused_acceptance_uses_nothing_up(
    store: Store, people: Cast, invited: tuple[Invitation, str]
) -> None:
    key = invited[1]
    with pytest.raises(Conflict):
        await invitations.accept(store, key, people.norvale)
    with pytest.raises(Conflict):
        await invitations.accept(store, key, NewPerson("Nils", "NILS@elsewhere.example", "hash"))
    with pytest.raises(NotFound):
        await invitations.accept(store, key, "nobody")
    for bad in (
        NewPerson("", "a@b.example", "h"),
        NewPerson("Ana", "no address", "h"),
        NewPerson("A", "a@b.c", "h", "?"),
    ):
        with pytest.raises(Invalid):
            await invitations.accept(store, key, bad)
    member, _ = await invitations.accept(store, key, ANA)
    assert member.party.code == "CTM"


async def test_a_link_can_be_revoked(store: Store, people: Cast, invited: tuple[Invitation, str]) -> None:
    def door(who: str | None) -> Awaitable[object]:
        return invitations.revoke(store, who, people.forum.id, invited[0].id)

    await refuses_strangers(door, people)
    await refuses_readers(door, people)
    await door(people.chair)
    with pytest.raises(NotFound):
        await invitations.accept(store, invited[1], ANA)
    with pytest.raises(NotFound):
        await door(people.chair)


async def test_a_link_is_revoked_in_its_own_forum_only(
    store: Store, people: Cast, invited: tuple[Invitation, str]
) -> None:
    other: Forum = await forums.create(store, "Another", "global")
    await forums.seat(store, other.id, people.stranger, party="Nova", code="NV", group="academia", role="chair")
    with pytest.raises(NotFound):
        await invitations.revoke(store, people.stranger, other.id, invited[0].id)
    assert await invitations.look_at(store, invited[1])


async def test_a_link_expires(store: Store, people: Cast) -> None:
    at, key = now(), secret.make()
    old = Invitation(
        new_id(), people.forum.id, people.parties["CTM"], Role.DELEGATE, people.chair, at, at, None, None, None
    )  # fmt: skip
    async with store.write() as q:
        await q.forums.add_invitation(old, secret.hashed(key))
    with pytest.raises(NotFound):
        await invitations.look_at(store, key)
    with pytest.raises(NotFound):
        await invitations.accept(store, key, ANA)


@pytest.mark.parametrize("key", ["", "nothing", "\ud800", "x" * 100_000])
async def test_links_that_are_none_of_ours(store: Store, people: Cast, key: str) -> None:
    with pytest.raises(NotFound):
        await invitations.look_at(store, key)
    with pytest.raises(NotFound):
        await invitations.accept(store, key, people.stranger)


# ── rules and groups ──


async def test_the_rules_of_a_forum(store: Store, people: Cast) -> None:
    assert (people.forum.silence_minimum, people.forum.breaks) == (72 * 3600, Openness.DELEGATIONS)
    await forums.set_rules(store, people.secretary, people.forum.id, forums.Rules(300, "everyone"))
    found, _ = await forums.enter(store, people.observer, people.forum.id)
    assert (found.silence_minimum, found.breaks) == (300, Openness.EVERYONE)
    rules = forums.Rules(300, "leads")
    await refuses_strangers(lambda who: forums.set_rules(store, who, people.forum.id, rules), people)
    await refuses_readers(lambda who: forums.set_rules(store, who, people.forum.id, rules), people)
    for minimum, breaks in ((59, "leads"), (61 * 24 * 3600, "leads"), (300, "nobody")):
        with pytest.raises(Invalid):
            await forums.set_rules(store, people.chair, people.forum.id, forums.Rules(minimum, breaks))


async def test_a_party_speaks_for_others(store: Store, people: Cast) -> None:
    forum, ids = people.forum.id, {code: party.id for code, party in people.parties.items()}
    await forums.align(store, people.chair, forum, ids["NVL"], [ids["CTM"], ids["ONW"], ids["CTM"]])
    assert await forums.groups(store, people.observer, forum) == {ids["NVL"]: tuple(sorted((ids["CTM"], ids["ONW"])))}
    await forums.align(store, people.chair, forum, ids["NVL"], [ids["CTM"]])
    assert await forums.groups(store, people.observer, forum) == {ids["NVL"]: (ids["CTM"],)}
    await refuses_strangers(lambda who: forums.groups(store, who, forum), people)
    await refuses_strangers(lambda who: forums.align(store, who, forum, ids["NVL"], []), people)
    await refuses_readers(lambda who: forums.align(store, who, forum, ids["NVL"], []), people)
    for speaker, others in (("none", [ids["CTM"]]), (ids["NVL"], ["none"]), (ids["NVL"], [ids["NVL"]])):
        with pytest.raises(Invalid):
            await forums.align(store, people.chair, forum, speaker, others)
    await forums.align(store, people.chair, forum, ids["NVL"], [])
    assert await forums.groups(store, people.observer, forum) == {}
