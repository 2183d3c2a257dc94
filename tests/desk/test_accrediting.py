"""Organisations apply; the secretariat admits or refuses; delegations may object."""

from dataclasses import replace
from datetime import timedelta

import pytest

from drafts.consultation import Application, ApplicationState
from drafts.desk import accrediting, forums, invitations, people
from drafts.desk.accrediting import Wish
from drafts.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from drafts.model import Group, Role, now
from drafts.store import Store
from tests.hearing import Hearing, hearing, notices

AT = now()
DAY = 24 * 3600
WISH = Wish(
    "Network observers of the lakes",
    "civil_society",
    "Mira Stone",
    "Mira@Observers.example",
    "We measure the networks.\n\nWe would like to be heard.",
)


async def applied(store: Store, of: Hearing, wish: Wish = WISH) -> tuple[Application, str]:
    return await accrediting.apply(store, of.cast.forum.id, wish, AT)


async def test_an_organisation_applies_and_is_admitted(store: Store) -> None:
    of = await hearing(store)
    made, key = await applied(store, of)
    assert (made.state, made.email, made.code) == (ApplicationState.WAITING, "mira@observers.example", "")
    assert (await accrediting.status(store, key)).application == made
    told = [(one.kind, one.person_id) for one in await notices(store)]
    assert set(told) == {("application_in", of.cast.chair), ("application_in", of.cast.secretary)}
    _, _, found = await accrediting.listed(store, of.cast.secretary, of.cast.forum.id, AT)
    assert [(one.application, one.code, one.decides) for one in found] == [(made, "NET", True)]  # NOL is taken
    party = await accrediting.admit_(store, of.cast.secretary, of.cast.forum.id, made.id, "", AT)
    assert (party.code, party.name, party.group) == ("NET", WISH.name, Group.CIVIL_SOCIETY)
    status = await accrediting.status(store, key)
    assert status.application.state is ApplicationState.ADMITTED
    assert status.invitation is not None
    person = await people.create(store, "Mira Stone", "mira@observers.example", None)
    member, _ = await invitations.accept(store, key, person.id)
    assert (member.party, member.role) == (party, Role.OBSERVER)
    with pytest.raises(Conflict, match="has been decided"):
        await accrediting.refuse(store, of.cast.secretary, of.cast.forum.id, made.id, "No.", AT)


async def test_what_is_missing_is_said(store: Store) -> None:
    of = await hearing(store)
    for wrong in (
        {"name": " "},
        {"group": "martians"},
        {"contact": ""},
        {"email": "nowhere"},
        {"statement": "\n"},
        {"statement": "x" * 6_000},
        {"code": "seven letters"},
    ):
        with pytest.raises(Refusal):
            await applied(store, of, replace(WISH, **wrong))


async def test_only_where_the_forum_accredits(store: Store) -> None:
    of = await hearing(store)
    async with store.write() as q:
        await q.forums.set_consulting(
            of.cast.forum.id, public=True, accredits=False, non_objection=0, pseudonyms=False, retention=0
        )
    for act in (accrediting.accrediting(store, of.cast.forum.id), accrediting.accrediting(store, "nothing")):
        with pytest.raises(NotFound):
            await act
    with pytest.raises(NotFound):
        await applied(store, of)


async def test_a_code_that_is_wished_is_given_where_it_is_free(store: Store) -> None:
    of = await hearing(store)
    free, _ = await applied(store, of, replace(WISH, code="obs"))
    taken, _ = await applied(store, of, replace(WISH, code="NOL"))
    chair, forum_id = of.cast.chair, of.cast.forum.id
    assert (await accrediting.admit_(store, chair, forum_id, free.id, "", AT)).code == "OBS"
    with pytest.raises(Conflict, match="the code OBS"):
        await accrediting.admit_(store, chair, forum_id, taken.id, "OBS", AT)
    assert (await accrediting.admit_(store, chair, forum_id, taken.id, "", AT)).code == "NET"


async def test_a_refusal_has_a_reason_that_the_applicant_reads(store: Store) -> None:
    of = await hearing(store)
    made, key = await applied(store, of)
    with pytest.raises(Invalid, match="needs a reason"):
        await accrediting.refuse(store, of.cast.chair, of.cast.forum.id, made.id, " ", AT)
    await accrediting.refuse(store, of.cast.chair, of.cast.forum.id, made.id, "Outside the mandate.", AT)
    status = await accrediting.status(store, key)
    assert (status.application.state, status.application.reason) == (ApplicationState.REFUSED, "Outside the mandate.")
    assert status.invitation is None


async def test_contacts_are_for_those_who_lead_only(store: Store) -> None:
    of = await hearing(store)
    made, _ = await applied(store, of)
    forum_id = of.cast.forum.id
    _, _, seen = await accrediting.listed(store, of.cast.norvale, forum_id, AT)
    assert seen == []  # nobody was asked yet
    await accrediting.propose(store, of.cast.chair, forum_id, made.id, DAY, AT)
    _, _, (one,) = await accrediting.listed(store, of.cast.norvale, forum_id, AT)
    assert (one.application.name, one.application.contact, one.application.email) == (WISH.name, "", "")
    assert (one.decides, one.objects) == (False, True)
    _, _, (led,) = await accrediting.listed(store, of.cast.chair, forum_id, AT)
    assert led.application.email == "mira@observers.example"
    with pytest.raises(Forbidden):
        await accrediting.listed(store, of.cast.observer, forum_id, AT)
    with pytest.raises(NotFound):
        await accrediting.listed(store, of.cast.stranger, forum_id, AT)
    assert {one.person_id for one in await notices(store) if one.kind == "application_proposed"} == {
        of.cast.secretary, of.cast.norvale, of.cast.norvale_second, of.cast.costamar,
    }  # fmt: skip


async def test_without_an_objection_the_clock_admits(store: Store) -> None:
    of = await hearing(store)
    made, key = await applied(store, of)
    await accrediting.propose(store, of.cast.secretary, of.cast.forum.id, made.id, DAY, AT)
    with pytest.raises(Conflict, match="may still object"):
        await accrediting.admit_(store, of.cast.chair, of.cast.forum.id, made.id, "", AT)
    end = AT + timedelta(seconds=DAY)
    assert await accrediting.settle(store, made.id, end - timedelta(milliseconds=1)) is None
    party = await accrediting.settle(store, made.id, end)
    assert party is not None
    assert await accrediting.settle(store, made.id, end) is None
    status = await accrediting.status(store, key)
    assert (status.application.party_id, status.application.decided_by) == (party.id, of.cast.secretary)
    assert status.invitation is not None


async def test_an_objection_lets_the_secretariat_decide(store: Store) -> None:
    of = await hearing(store)
    made, _ = await applied(store, of)
    forum_id, end = of.cast.forum.id, AT + timedelta(seconds=DAY)
    with pytest.raises(NotFound):  # nobody was asked yet
        await accrediting.object_(store, of.cast.norvale, forum_id, made.id, "We do not know it.", AT)
    await accrediting.propose(store, of.cast.chair, forum_id, made.id, DAY, AT)
    with pytest.raises(Forbidden):
        await accrediting.object_(store, of.cast.observer, forum_id, made.id, "We neither.", AT)
    with pytest.raises(Invalid):
        await accrediting.object_(store, of.cast.norvale, forum_id, made.id, "", AT)
    await accrediting.object_(store, of.cast.norvale, forum_id, made.id, "We do not know it.", AT)
    await accrediting.object_(store, of.cast.norvale_second, forum_id, made.id, "We have asked; no.", AT)
    with pytest.raises(Forbidden):
        await accrediting.object_(store, of.cast.costamar, forum_id, made.id, "Too late.", end)
    async with store.read() as q:
        assert await q.applications.due(end) == []
    assert await accrediting.settle(store, made.id, end) is None
    _, _, (one,) = await accrediting.listed(store, of.cast.costamar, forum_id, end)
    assert [(said.party.code, said.reason) for said in one.objections] == [("NVL", "We have asked; no.")]
    assert (await accrediting.admit_(store, of.cast.chair, forum_id, made.id, "", end)).name == WISH.name


async def test_an_applicant_takes_it_back(store: Store) -> None:
    of = await hearing(store)
    made, key = await applied(store, of)
    assert (await accrediting.withdraw(store, key, AT)).state is ApplicationState.WITHDRAWN
    with pytest.raises(Conflict):
        await accrediting.withdraw(store, key, AT)
    with pytest.raises(Conflict):
        await accrediting.admit_(store, of.cast.chair, of.cast.forum.id, made.id, "", AT)
    for nobody in ("", "wrong"):
        with pytest.raises(NotFound):
            await accrediting.status(store, nobody)


async def test_contacts_are_forgotten_with_time(store: Store) -> None:
    of = await hearing(store)
    decided, key = await applied(store, of)
    open_one, open_key = await applied(store, of)
    await accrediting.refuse(store, of.cast.chair, of.cast.forum.id, decided.id, "No.", AT)
    async with store.write() as q:
        assert await q.applications.forget_contacts(of.cast.forum.id, AT) == 0
        assert await q.applications.forget_contacts(of.cast.forum.id, AT + timedelta(days=1)) == 1
        assert await q.applications.forget_contacts(of.cast.forum.id, AT + timedelta(days=1)) == 0
    assert (await accrediting.status(store, key)).application.email == ""
    assert (await accrediting.status(store, open_key)).application.email == open_one.email


async def test_a_forum_says_how_it_consults(store: Store) -> None:
    of = await hearing(store)
    rules = forums.Rules(public=False, accredits=True, non_objection=7 * DAY, pseudonyms=True, retention=400)
    after = await forums.set_rules(store, of.cast.chair, of.cast.forum.id, rules)
    assert (after.public, after.non_objection, after.retention) == (False, 7 * DAY, 400)
    again = await forums.set_rules(store, of.cast.chair, of.cast.forum.id, forums.Rules(public=True))
    assert again == replace(after, public=True)
    for wrong in (forums.Rules(non_objection=60), forums.Rules(retention=-1), forums.Rules(retention=99_999)):
        with pytest.raises(Invalid):
            await forums.set_rules(store, of.cast.chair, of.cast.forum.id, wrong)
