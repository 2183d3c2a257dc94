"""Who sees what when in a consultation: words that only some may read are looked for behind every door there is, before
and after each switch, for every kind of reader. What somebody may read has to be somewhere, what they may not, nowhere.
"""

import io
import re
import zipfile
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from difflib import unified_diff
from itertools import product

import pytest
from starlette.applications import Starlette

from drafts.answers import Giving
from drafts.commenting import Said
from drafts.consultation import Reveal, Spot
from drafts.desk import accrediting, announcing, answering, moderating, remarks, replies
from drafts.model import Group, new_id
from tests.hearing import Hearing, hearing
from tests.server.canaries.walk import Sign, Walk, patterns, plain
from tests.server.conftest import Browser

UNSENT, SENT, TAKEN_BACK, HIDDEN = "Quarzlumen", "Brindelfax", "Oxtervane", "Plimsorrow"
WHY_HIDDEN, WHY, REPLY, ALARM = "Zephridge", "Tarnwick", "Umberlow", "Vexlimber"
NAME, UNDER_NAME, CONTACT, STATEMENT = "Night heron", "Wrenmarsh", "Yarrowby", "Kelpstone"
ADDRESS = "@lakes.example"
EVERYBODY = ("nobody", "stranger", "costamar", "norvale", "industry", "civil", "civil_second", "academia", "chair")
INSIDE = frozenset(EVERYBODY) - {"nobody", "stranger"}


@pytest.fixture
async def of(app: Starlette) -> Hearing:
    now = datetime.now(UTC)
    terms = {"opens_at": now - timedelta(days=1), "closes_at": now + timedelta(hours=6), "reveal": Reveal.AT_CLOSE}
    return await hearing(app.state.store, announced_at=now - timedelta(days=2), **terms)


@pytest.fixture
async def walks(of: Hearing, as_person: Sign, browser: Callable[[], Browser]) -> dict[str, Walk]:
    seats = {
        "stranger": of.cast.stranger,
        "costamar": of.cast.costamar,
        "norvale": of.cast.norvale,
        "industry": of.people[Group.INDUSTRY],
        "civil": of.people[Group.CIVIL_SOCIETY],
        "civil_second": of.civil_second,
        "academia": of.people[Group.ACADEMIA],
        "chair": of.cast.chair,
    }
    found = {name: Walk(name, (await as_person(person)).http) for name, person in seats.items()}
    return found | {"nobody": Walk("nobody", browser().http)}


def addresses(app: Starlette, of: Hearing, numbers: list[int], words: str = "") -> list[str]:
    """Every address that can be looked at, with the consultation's things in its places; others' places get things of
    the cast. With ``words``: only those that search."""
    round_id, forum, draft = of.round.id, of.cast.forum.id, of.cast.draft.id
    stands = {"number": [str(n) for n in numbers] or ["1"], "form": ["docx", "xlsx", "csv", "html", "json", "jsonld"]}
    for names, value in ((("round_id", "round", "prepared"), round_id), (("forum_id", "forum"), forum)):
        stands |= {name: [value] for name in names}
    stands |= {name: [draft] for name in ("draft_id", "draft")}
    found = []
    for pattern in patterns(app):
        made = [pattern]
        for place, name in re.findall(r"({(\w+)(?::\w+)?})", pattern):
            made = [one.replace(place, value) for one in made for value in stands.get(name, ["1"])]
        found += made
    if words:
        searching = ("/comments", "/matrix", "/summary", "/counts", "/sums", "/compendium.csv", "/compendium.json")
        return [f"{one}?q={words}" for one in found if one.endswith(searching) and round_id in one]
    return found


def concerns(address: str, of: Hearing) -> bool:
    """Whether a door is about the consultation, or about all that is new."""
    return of.round.id in address or address in {"/", "/notices", "/consultations"} or "/forums/" in address


def read(content: bytes) -> str:
    """What an answer says, whatever kind of file it is."""
    if content[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            return " ".join(packed.read(name).decode(errors="replace") for name in packed.namelist())
    return content.decode(errors="replace")


async def look(walks: dict[str, Walk], asked: list[str]) -> dict[str, dict[str, str]]:
    """What everybody is told, by address."""
    told = {}
    for name, walk in walks.items():
        await walk.through(asked)
        told[name] = {address: read(content) for address, (_, content) in walk.answers.items()}
    return told


def holders(told: dict[str, dict[str, str]], word: str) -> set[str]:
    """Who is told a word anywhere."""
    return {name for name, answers in told.items() if any(word in text for text in answers.values())}


def where(told: dict[str, dict[str, str]], word: str, names: set[str]) -> list[str]:
    return [f"{name} {at}" for name in names for at, text in told[name].items() if word in text]


def agree(told: dict[str, dict[str, str]], expected: dict[str, AbstractSet[str]]) -> None:
    for word, readers in expected.items():
        found = holders(told, word)
        assert found == set(readers), (word, where(told, word, found - set(readers)), set(readers) - found)


async def say(app: Starlette, of: Hearing, person: str, body: str, name: str = "") -> tuple[str, int]:
    remark_id, now = new_id(16), datetime.now(UTC)
    typed = Said(Spot.CLAUSE, of.clauses[2].id, body=body, name=name)
    receipt = await remarks.send(app.state.store, person, of.round.id, now, remark_id, typed)
    return remark_id, receipt.remark.number


async def fill(app: Starlette, of: Hearing) -> dict[str, int]:
    """Everything that can be said before the close; the numbers of what was sent."""
    store, round_id, now = app.state.store, of.round.id, datetime.now(UTC)
    civil, industry, academia = (of.people[g] for g in (Group.CIVIL_SOCIETY, Group.INDUSTRY, Group.ACADEMIA))
    typed = Said(Spot.WHOLE, body=f"{UNSENT} is not sent yet.")
    await remarks.save(store, civil, round_id, now, new_id(16), typed)
    _, sent = await say(app, of, civil, f"{SENT} is sent.")
    taken_id, taken = await say(app, of, industry, f"{TAKEN_BACK} is taken back.")
    await remarks.withdraw(store, industry, round_id, now, taken_id)
    _, hidden = await say(app, of, academia, f"{HIDDEN} is hidden.")
    await moderating.hide(store, of.cast.chair, round_id, hidden, WHY_HIDDEN, now)
    _, named = await say(app, of, of.cast.norvale, f"{UNDER_NAME} stands under a name.", NAME)
    return {"sent": sent, "taken": taken, "hidden": hidden, "named": named}


async def ask_to_take_part(app: Starlette, of: Hearing) -> None:
    """An organisation asks to take part."""
    wish = accrediting.Wish("Reed growers", Group.INDUSTRY.value, CONTACT, "yarrow@reeds.example", STATEMENT)
    await accrediting.apply(app.state.store, of.cast.forum.id, wish, datetime.now(UTC))


async def test_who_sees_what_when(app: Starlette, of: Hearing, walks: dict[str, Walk]) -> None:
    store, round_id = app.state.store, of.round.id
    await ask_to_take_part(app, of)
    numbers = await fill(app, of)
    civil, leads = {"civil", "civil_second"}, {"chair"}
    asked = addresses(app, of, sorted(numbers.values()))
    always: dict[str, AbstractSet[str]] = {
        UNSENT: civil,
        TAKEN_BACK: {"industry"},
        HIDDEN: {"academia", "chair"},
        ALARM: leads,
        CONTACT: leads,
        "yarrow@reeds.example": leads,
        STATEMENT: leads,  # until it is proposed to the delegations
    }

    near = [one for one in asked if concerns(one, of)]
    sealed = await look(walks, near)
    others = await look({name: walks[name] for name in ("nobody", "costamar", "chair")}, sorted({*asked} - {*near}))
    for name, answers in others.items():
        sealed[name] |= answers
    hidden = {"academia", "chair"}
    now_only = {ALARM: set[str](), SENT: civil | leads, UNDER_NAME: {"norvale", "chair"}, WHY_HIDDEN: hidden}
    agree(sealed, always | now_only)
    await same_for_searchers(app, of, walks, {SENT: civil | leads, UNSENT: civil, UNDER_NAME: {"norvale", "chair"}})

    await announcing.close(store, of.cast.chair, round_id, datetime.now(UTC))
    everyone = frozenset(EVERYBODY)
    now = datetime.now(UTC)
    giving = Giving("noted", WHY, "", numbers=(numbers["sent"],))
    await answering.give(store, of.cast.chair, round_id, giving, now)
    await replies.write(store, of.cast.costamar, round_id, now, numbers["sent"], new_id(16), f"{REPLY} in reply.")
    await moderating.report(store, of.cast.norvale, round_id, numbers["sent"], ALARM, now)
    revealed = await look(walks, near)
    agree(revealed, always | {SENT: everyone, UNDER_NAME: everyone, WHY_HIDDEN: everyone, WHY: leads, REPLY: everyone})
    await same_for_searchers(app, of, walks, {SENT: everyone, UNSENT: civil, TAKEN_BACK: {"industry"}})

    async with store.read() as q:
        (under,) = await q.replies.under((await q.remarks.numbered(round_id, numbers["sent"])).id)
    await moderating.hide(store, of.cast.chair, round_id, numbers["sent"], "Not here.", now, reply_id=under.id)
    await answering.publish(store, of.cast.chair, round_id, datetime.now(UTC))
    published = await look(walks, near)
    agree(published, always | {SENT: everyone, WHY: everyone})
    assert holders(published, REPLY) <= {"chair", "costamar"}
    nobody_behind_a_name(of, published, numbers["named"])
    no_address_of_people(published)


async def same_for_searchers(
    app: Starlette, of: Hearing, walks: dict[str, Walk], readers: dict[str, AbstractSet[str]]
) -> None:
    """Who may not read a word finds nothing by it, not even a count: the answer is that for a word that stands
    nowhere."""
    nowhere = "Nilquist"
    for name in ("nobody", "costamar", "civil_second", "chair"):
        nothing = await walks[name].through(addresses(app, of, [], nowhere))
        for word, those in readers.items():
            found = await walks[name].through(addresses(app, of, [], word))
            differs = [
                (address, list(unified_diff(other.splitlines(), one.splitlines(), n=0, lineterm=""))[3:])
                for address, one, other in zip(found, searched(found, word), searched(nothing, nowhere), strict=True)
                if one != other
            ]
            assert bool(differs) == (name in those), (word, name, differs)


def searched(answers: dict[str, tuple[int, bytes]], word: str) -> list[str]:
    """What each says, without the word that was looked for."""
    return [re.sub(word, "", plain(content), flags=re.IGNORECASE) for _, content in answers.values()]


def nobody_behind_a_name(of: Hearing, told: dict[str, dict[str, str]], number: int) -> None:
    """Who chose another name is not told of in any answer about the consultation, but to their own party."""
    norvale = of.parties[Group.GOVERNMENT]
    for name, address in product(told, [*told["nobody"]]):
        if name == "norvale" or of.round.id not in address or "/settings" in address:
            continue
        text = told[name][address]
        for trace in (norvale.id, of.cast.norvale, "Ines Valder"):
            assert trace not in text, (name, address, trace)
        if f"/comments/{number}" in address:
            assert norvale.name not in text, (name, address)


def no_address_of_people(told: dict[str, dict[str, str]]) -> None:
    """Nobody's e-mail is on a page, in a file or in an answer that others read."""
    own = ("/account", "/api/v1/me")
    for name, answers in told.items():
        found = [at for at, text in answers.items() if ADDRESS in text and not at.startswith(own)]
        assert not found, (name, found)


async def test_a_moderated_one(app: Starlette, walks: dict[str, Walk], of: Hearing) -> None:
    """What waits is its party's and those who lead's, until it is let through; so are its counts."""
    store = app.state.store
    async with store.write() as q:
        told = await q.rounds.get(of.round.id)
        await q.rounds.change(replace(told, reveal=Reveal.MODERATED))
    _, number = await say(app, of, of.people[Group.CIVIL_SOCIETY], f"{SENT} waits.")
    asked = [one for one in addresses(app, of, [number]) if concerns(one, of)]
    agree(await look(walks, asked), {SENT: {"civil", "civil_second", "chair"}})
    await moderating.let_through(store, of.cast.chair, of.round.id, [number], datetime.now(UTC))
    agree(await look(walks, asked), {SENT: frozenset(EVERYBODY)})


async def test_nobody_knows_of_one_that_is_prepared(app: Starlette, walks: dict[str, Walk], of: Hearing) -> None:
    """Neither its name nor its address, and where the forum is not public only members know of an announced one."""
    store = app.state.store
    terms = announcing.Terms(1, SENT, "", of.round.opens_at, of.round.closes_at, "UTC", tuple(Group), public=True)
    made = await announcing.prepare(store, of.cast.chair, of.cast.draft.id, terms, datetime.now(UTC))
    asked = [one for one in addresses(app, of, []) if concerns(one, of) or f"/drafts/{of.cast.draft.id}" in one]
    asked += [f"/consultations/{made.id}", f"/api/v1/consultations/{made.id}"]
    agree(await look(walks, asked), {SENT: {"chair"}})
    await announcing.announce(store, of.cast.chair, made.id, datetime.now(UTC))
    agree(await look(walks, asked), {SENT: frozenset(EVERYBODY)})
    async with store.write() as q:
        await q.forums.set_consulting(
            of.cast.forum.id, public=False, accredits=True, non_objection=0, pseudonyms=True, retention=0
        )
    agree(await look(walks, asked), {SENT: INSIDE})
