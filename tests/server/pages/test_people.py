"""Parties, members, invitations, joining, and one's own account."""

import re
from collections.abc import Awaitable, Callable
from html import unescape

from drafts.desk import forums, people
from drafts.model import Role
from drafts.store import Store
from server import auth
from tests.cast import Cast
from tests.server.conftest import ORIGIN, Browser

Sign = Callable[[str], Awaitable[Browser]]


async def test_somebody_new_joins_by_a_link_that_works_once(
    room: Cast, as_person: Sign, browser: Callable[[], Browser]
) -> None:
    chair = await as_person(room.chair)
    made = await chair.post(
        f"/forums/{room.forum.id}/invitations", {"party": room.parties["CTM"].id, "role": "delegate", "days": "7"}
    )
    link = unescape(re.search(r'value="(http[^"]+/join/[^"]+)"', made.text)[1])  # type: ignore[index]
    assert link.startswith(f"{ORIGIN}/join/")
    path = link.removeprefix(ORIGIN)
    guest = browser()
    shown = await guest.get(path)
    assert "Costamar" in shown.text
    assert "Lake states dialogue" in shown.text
    person = {"name": "Rosa <b>Lind</b>", "email": "rosa@lakes.example", "password": "seven swans a-swimming"}
    joined = await guest.post(path, person)
    assert joined.status_code == 303
    home = await guest.get("/")
    assert "Costamar" in home.text
    members = await chair.get(f"/forums/{room.forum.id}/people")
    assert "Rosa &lt;b&gt;Lind&lt;/b&gt;" in members.text
    assert "rosa@lakes.example" not in members.text
    assert (await browser().get(path)).status_code == 404


async def test_somebody_with_an_account_accepts_as_themselves(room: Cast, as_person: Sign) -> None:
    chair, stranger = await as_person(room.chair), await as_person(room.stranger)
    made = await chair.post(
        f"/forums/{room.forum.id}/invitations", {"party": room.parties["NVL"].id, "role": "observer", "days": "7"}
    )
    path = re.search(r"/join/[\w-]+", made.text)[0]  # type: ignore[index]
    assert "Nils Outer" in (await stranger.get(path)).text
    assert (await stranger.post(path)).status_code == 303
    assert (await stranger.get(f"/drafts/{room.draft.id}")).status_code == 200


async def test_a_short_password_or_a_taken_address_uses_nothing_up(
    room: Cast, as_person: Sign, browser: Callable[[], Browser]
) -> None:
    chair = await as_person(room.chair)
    made = await chair.post(
        f"/forums/{room.forum.id}/invitations", {"party": room.parties["NVL"].id, "role": "delegate", "days": "7"}
    )
    path = re.search(r"/join/[\w-]+", made.text)[0]  # type: ignore[index]
    guest = browser()
    short = await guest.post(path, {"name": "Rosa", "email": "rosa@lakes.example", "password": "short"})
    assert short.status_code == 422
    assert "at least 10" in short.text
    assert 'value="rosa@lakes.example"' in short.text
    taken = {"name": "Ada", "email": "chair@lakes.example", "password": "seven swans a-swimming"}
    assert (await guest.post(path, taken)).status_code == 409
    assert (await guest.post(path, taken | {"email": "rosa@lakes.example"})).status_code == 303


async def test_a_revoked_link_is_gone(room: Cast, as_person: Sign, browser: Callable[[], Browser]) -> None:
    chair = await as_person(room.chair)
    made = await chair.post(
        f"/forums/{room.forum.id}/invitations", {"party": room.parties["NVL"].id, "role": "delegate", "days": "7"}
    )
    path = re.search(r"/join/[\w-]+", made.text)[0]  # type: ignore[index]
    page = await chair.get(f"/forums/{room.forum.id}/people")
    revoke = re.search(r'action="(/forums/\w+/invitations/\w+/revoke)"', page.text)[1]  # type: ignore[index]
    assert (await chair.post(revoke)).status_code == 303
    gone = await browser().get(path)
    assert gone.status_code == 404
    assert "no longer valid" in gone.text


async def test_the_secretariat_looks_after_members(room: Cast, as_person: Sign, store: Store) -> None:
    secretary = await as_person(room.secretary)
    path = f"/forums/{room.forum.id}/people"
    form = {"act": "set", "person": room.observer, "role": "delegate", "party": room.parties["CTM"].id}
    assert (await secretary.post(path, form)).status_code == 303
    _, member = await forums.enter(store, room.observer, room.forum.id)
    assert (member.role, member.party.code) == (Role.DELEGATE, "CTM")
    assert (await secretary.post(path, form | {"role": "emperor"})).status_code == 422
    assert (await secretary.post(path, form | {"act": "remove"})).status_code == 303
    observer = await as_person(room.observer)
    assert (await observer.get(path)).status_code == 404


async def test_a_party_code_that_is_taken_is_told(room: Cast, as_person: Sign) -> None:
    chair = await as_person(room.chair)
    path = f"/forums/{room.forum.id}/parties"
    assert (await chair.post(path, {"name": "Sundara", "code": "SDA", "group": "government"})).status_code == 303
    again = await chair.post(path, {"name": "Sundara too", "code": "SDA", "group": "government"})
    assert again.status_code == 409
    assert 'role="alert"' in again.text
    assert (await chair.post(path, {"name": "", "code": "X", "group": "moon"})).status_code == 422


async def test_a_new_password_signs_out_everywhere_else(room: Cast, as_person: Sign, store: Store) -> None:
    await people.set_password_hash(store, room.norvale, await auth.hash_password("seven swans a-swimming"))
    here, there = await as_person(room.norvale), await as_person(room.norvale)
    wrong = await here.post("/account/password", {"present": "six geese", "password": "eight maids a-milking"})
    assert wrong.status_code == 422
    right = {"present": "seven swans a-swimming", "password": "eight maids a-milking"}
    assert (await here.post("/account/password", right)).status_code == 303
    assert (await here.get("/account")).status_code == 200
    assert (await there.get("/account")).status_code == 303


async def test_a_token_is_shown_once_and_revoked(room: Cast, as_person: Sign, store: Store) -> None:
    norvale = await as_person(room.norvale)
    made = await norvale.post("/account/tokens", {"name": "Night copy"})
    secret = re.search(r'value="(adref_[^"]+)"', made.text)[1]  # type: ignore[index]
    found = await people.person_of_token(store, secret)
    assert found is not None
    assert found.id == room.norvale
    page = await norvale.get("/account")
    assert "Night copy" in page.text
    assert secret not in page.text
    revoke = re.search(r'action="(/account/tokens/\w+/revoke)"', page.text)[1]  # type: ignore[index]
    assert (await norvale.post(revoke)).status_code == 303
    assert await people.person_of_token(store, secret) is None


async def test_who_speaks_for_whom_and_the_rules(room: Cast, as_person: Sign) -> None:
    chair, observer = await as_person(room.chair), await as_person(room.observer)
    path, parties = f"/forums/{room.forum.id}", room.parties
    assert "at least 72 hours" in (await observer.get(f"{path}/people")).text
    done = await chair.post(f"{path}/groups", {"party": parties["NVL"].id, "codes": "ctm, onw"})
    assert done.headers["location"].endswith("?done=group")
    page = (await observer.get(f"{path}/people")).text
    assert "Speaks for <span" in page
    assert 'title="Costamar">CTM</span>' in page
    assert 'value="CTM ONW"' in (await chair.get(f"{path}/people")).text
    wrong = await chair.post(f"{path}/groups", {"party": parties["NVL"].id, "codes": "CTM XYZ"})
    assert (wrong.status_code, "the code XYZ" in wrong.text) == (422, True)
    rules = {"minimum": "10", "unit": "minutes", "breaks": "everyone"}
    assert (await chair.post(f"{path}/rules", rules)).status_code == 303
    page = (await observer.get(f"{path}/people")).text
    assert "at least 10 minutes" in page
    assert "everybody who may read the draft" in page
    assert (await chair.post(f"{path}/rules", rules | {"unit": "days"})).status_code == 422
    assert (await chair.post(f"{path}/rules", rules | {"minimum": "0"})).status_code == 422
