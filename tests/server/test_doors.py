"""Who may come through which door: every route of the application has a row here, and a route without one fails.

Visitors (nobody signed in) are sent to the sign-in page or told that they are signed out; strangers (an account, no
seat in the forum) learn of nothing; members get what the access table says. The API's doors have their table in
tests/server/api.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from starlette.applications import Starlette
from starlette.routing import Route

from drafts import commands as do
from drafts import exchange
from drafts.commenting import Said
from drafts.consultation import Round, Spot
from drafts.desk import accrediting, brought, contributions, invitations, people, proposals, remarks, versions
from drafts.desk.proposals import Wish
from drafts.exchange import Format
from drafts.model import Place
from drafts.outside import Purpose
from server.hub import operation
from tests.cast import Cast
from tests.hearing import round_on
from tests.server.conftest import Browser

OPEN = (200, 200, 200, 200, 200)  # visitor, stranger, observer, delegate, chair
MEMBERS = (303, 404, 200, 200, 200)
ANY_ACCOUNT = (303, 200, 200, 200, 200)
LEADS = (303, 404, 403, 403, 200)
POST_MEMBERS = (403, 404, 303, 303, 303)
POST_LEADS = (403, 404, 403, 403, 303)
POST_BRINGER = (403, 404, 404, 303, 404)
POST_ACCOUNT = (403, 303, 303, 303, 303)


@dataclass(frozen=True, slots=True)
class Row:
    """What visitor, stranger, observer, delegate and chair are answered; ``form`` is what they send."""

    expected: tuple[int, int, int, int, int]
    form: dict[str, str] = field(default_factory=dict)


TEXT = {
    "title": "Tides", "symbol": "", "kind": "norm", "language": "en", "mode": "open", "count": "1",
    "t0": "*Recalling* the tides,", "k0": "preambular", "l0": "", "i0": "",
}  # fmt: skip
APPLYING = {
    "name": "Observers of the lakes", "group": "academia", "contact": "Mira Stone", "email": "mira@observers.example",
    "statement": "We would like to be heard.",
}  # fmt: skip
SAID = {"body": "Please say by when."}

DOORS: dict[str, Row] = {
    "GET /": Row(ANY_ACCOUNT),
    "GET /sign-in": Row((200, 303, 303, 303, 303)),
    "POST /sign-in": Row((422, 422, 422, 422, 422), {"email": "nobody@lakes.example", "password": "wrong"}),
    "POST /sign-out": Row(POST_ACCOUNT),
    "POST /sign-out-everywhere": Row(POST_ACCOUNT),
    "POST /demo/enter": Row((404, 404, 404, 404, 404), {"person": "{chair}"}),
    "POST /language": Row((303, 303, 303, 303, 303), {"language": "fr", "next": "/"}),
    "GET /join/{secret}": Row(OPEN),
    "POST /join/{secret}": Row((422, 303, 404, 404, 404)),  # the stranger uses it up
    "GET /notices": Row(ANY_ACCOUNT),
    "POST /notices": Row(POST_ACCOUNT),
    "GET /notices/{notice_id}": Row((303, 404, 404, 404, 404)),  # there is none
    "GET /account": Row(ANY_ACCOUNT),
    "POST /account/password": Row((403, 422, 422, 422, 422), {"present": "wrong", "password": "long enough for all"}),
    "POST /account/digest": Row(POST_ACCOUNT, {"digest": "off"}),
    "POST /account/calendar": Row((403, 200, 200, 200, 200), {"act": "make"}),
    "GET /account/export": Row(ANY_ACCOUNT),
    "GET /account/erase": Row(ANY_ACCOUNT),
    "POST /account/erase": Row((403, 422, 422, 422, 422), {"word": "perhaps"}),
    "GET /digest/stop/{key}": Row((404, 404, 404, 404, 404)),  # nobody's key
    "POST /digest/stop/{key}": Row((404, 404, 404, 404, 404)),
    "POST /account/tokens": Row((403, 200, 200, 200, 200), {"name": "my script"}),
    "POST /account/tokens/{token_id}/revoke": Row((403, 404, 404, 404, 404)),
    "GET /forums/{forum_id}": Row((303, 404, 303, 303, 303)),
    "GET /forums/{forum_id}/people": Row(MEMBERS),
    "POST /forums/{forum_id}/people": Row(
        POST_LEADS, {"person": "{observer}", "act": "set", "role": "observer", "party": "{party}"}
    ),
    "POST /forums/{forum_id}/parties": Row(POST_LEADS, {"name": "Ellandia", "code": "ELA", "group": "government"}),
    "POST /forums/{forum_id}/groups": Row(POST_LEADS, {"party": "{party}", "codes": "CTM"}),
    "POST /forums/{forum_id}/rules": Row(POST_LEADS, {"minimum": "30", "unit": "minutes", "breaks": "everyone"}),
    "POST /forums/{forum_id}/invitations": Row(
        (403, 404, 403, 403, 200), {"party": "{party}", "role": "delegate", "days": "7"}
    ),
    "POST /forums/{forum_id}/invitations/{invitation_id}/revoke": Row(POST_LEADS),
    "GET /forums/{forum_id}/drafts/new": Row(LEADS),
    "POST /forums/{forum_id}/drafts/preview": Row((403, 404, 403, 403, 200), TEXT),
    "POST /forums/{forum_id}/drafts": Row(POST_LEADS, TEXT),
    "GET /drafts/{draft_id}": Row(MEMBERS),
    "POST /drafts/{draft_id}/settings": Row(
        POST_LEADS, {"mode": "open", "title": "Norms", "symbol": "LS/1", "observers": "1"}
    ),
    "POST /drafts/{draft_id}/lock": Row(POST_LEADS, {"clause": "{clause}", "state": "agreed_ad_ref"}),
    "GET /drafts/{draft_id}/compilation": Row(MEMBERS),
    "GET /drafts/{draft_id}/compilation/export": Row(MEMBERS),
    "GET /drafts/{draft_id}/brackets": Row(MEMBERS),
    "POST /drafts/{draft_id}/brackets": Row(
        (403, 404, 403, 303, 303), {"act": "put", "clause": "{clause}", "quote": "the lakes are"}
    ),
    "GET /drafts/{draft_id}/as-if": Row(MEMBERS),
    "GET /drafts/{draft_id}/positions": Row(MEMBERS),
    "POST /drafts/{draft_id}/positions": Row(  # an observer takes none; the chair and Norvale each their own
        (403, 404, 403, 303, 303), {"on": "{clause}", "stance": "can_accept"}
    ),
    "POST /drafts/{draft_id}/clauses/{clause_id}/status": Row(POST_LEADS, {"state": "converging"}),
    "POST /drafts/{draft_id}/clauses/{clause_id}/object": Row((403, 404, 403, 409, 409), {"reason": "Not us."}),
    "GET /drafts/{draft_id}/versions": Row(MEMBERS),
    "POST /drafts/{draft_id}/versions": Row(POST_LEADS, {"label": "Rev.7", "status": "revision"}),
    "GET /drafts/{draft_id}/versions/{number}": Row(MEMBERS),
    "GET /drafts/{draft_id}/export": Row(MEMBERS),
    "GET /drafts/{draft_id}/compare": Row(MEMBERS),
    "GET /drafts/{draft_id}/compare/progress": Row(MEMBERS),
    "POST /drafts/{draft_id}/compare/file": Row((403, 404, 422, 422, 422)),  # no file
    "GET /drafts/{draft_id}/compare/export": Row(MEMBERS),
    "GET /drafts/{draft_id}/desk": Row((303, 404, 404, 404, 200)),
    "GET /drafts/{draft_id}/projector": Row(MEMBERS),
    "POST /drafts/{draft_id}/projector": Row((403, 404, 404, 404, 303), {"clause": "{clause}"}),
    "GET /drafts/{draft_id}/record": Row(MEMBERS),
    "GET /drafts/{draft_id}/removed": Row(MEMBERS),
    "GET /drafts/{draft_id}/concordance": Row(MEMBERS),
    "GET /drafts/{draft_id}/merges/new": Row(MEMBERS),
    "POST /drafts/{draft_id}/merges": Row((403, 404, 422, 422, 422), {"base": "file"}),  # without a file
    "GET /drafts/{draft_id}/merges/{brought_id}": Row((303, 404, 404, 200, 404)),  # Norvale's
    "POST /drafts/{draft_id}/merges/{brought_id}/base": Row(POST_BRINGER, {"base": "1"}),
    "POST /drafts/{draft_id}/merges/{brought_id}/apply": Row(POST_BRINGER),
    "POST /drafts/{draft_id}/merges/{brought_id}/settle": Row(  # it has not been applied
        (403, 404, 404, 404, 404), {"conflict": "1", "how": "live"}
    ),
    "POST /drafts/{draft_id}/merges/{brought_id}/table": Row((403, 404, 404, 404, 404)),  # it has not been applied
    "POST /drafts/{draft_id}/merges/{brought_id}/discard": Row(POST_BRINGER),
    "GET /drafts/{draft_id}/proposals": Row(MEMBERS),
    "POST /drafts/{draft_id}/proposals": Row(
        (403, 404, 403, 303, 303), {"kind": "no_change", "clause": "{clause}", "how": "private"}
    ),
    "GET /drafts/{draft_id}/proposals/new": Row((303, 404, 403, 200, 200)),
    "GET /drafts/{draft_id}/proposals/{proposal_id}": Row(MEMBERS),  # Norvale's, on the table
    "POST /drafts/{draft_id}/proposals/{proposal_id}/accept": Row(POST_LEADS, {"number": "0", "part": "whole"}),
    "POST /drafts/{draft_id}/proposals/{proposal_id}/offer": Row(POST_LEADS, {"text": "those that warn of tides."}),
    "POST /drafts/{draft_id}/proposals/{proposal_id}/answer": Row((403, 404, 403, 409, 403), {"accepts": "1"}),
    "POST /drafts/{draft_id}/proposals/{proposal_id}/not-retain": Row(POST_LEADS),
    "POST /drafts/{draft_id}/proposals/{proposal_id}/sponsor": Row((403, 404, 403, 409, 303), {"joins": "1"}),
    "POST /drafts/{draft_id}/proposals/{proposal_id}/review": Row(POST_BRINGER),
    "POST /drafts/{draft_id}/proposals/{proposal_id}/withdraw": Row((403, 404, 403, 303, 403)),
    "GET /proposals/{proposal_id}": Row((303, 404, 404, 200, 404)),  # its own text stays its party's
    "POST /proposals/{proposal_id}/share": Row(POST_BRINGER),
    "POST /proposals/{proposal_id}/reason": Row((403, 404, 404, 409, 404), {"reason": "Tides too."}),
    "POST /proposals/{proposal_id}/table": Row(POST_BRINGER),
    "POST /proposals/{proposal_id}/reword": Row((403, 404, 404, 422, 404)),  # it says what lies there
    "POST /proposals/{proposal_id}/take-in": Row(POST_BRINGER),
    "POST /proposals/{proposal_id}/pledge": Row((403, 404, 404, 409, 404), {"joins": "1"}),  # its own
    "POST /proposals/{proposal_id}/discard": Row((403, 404, 404, 409, 404)),
    "POST /proposals/{proposal_id}/withdraw": Row(POST_BRINGER),
    "POST /drafts/{draft_id}/threads": Row(POST_MEMBERS, SAID),
    "POST /threads/{thread_id}/reply": Row(POST_MEMBERS, SAID),
    "POST /threads/{thread_id}/resolve": Row((403, 404, 403, 303, 303)),
    "POST /threads/{thread_id}/reopen": Row((403, 404, 403, 303, 303)),
    "POST /comments/{comment_id}/edit": Row((403, 404, 403, 303, 403), SAID),
    "GET /drafts/{draft_id}/silence": Row(MEMBERS),
    "POST /drafts/{draft_id}/silence/start": Row(POST_LEADS, {"how": "lasts", "lasts": "4320"}),
    "POST /drafts/{draft_id}/silence/break": Row(  # there is none
        (403, 404, 403, 422, 422), {"procedure": "none", "reason": "It goes too far."}
    ),
    "POST /drafts/{draft_id}/silence/cancel": Row((403, 404, 403, 403, 422), {"procedure": "none", "reason": "No."}),
    "POST /drafts/{draft_id}/silence/explain": Row((403, 404, 403, 403, 403), {"text": "We read it as voluntary."}),
    "GET /drafts/{draft_id}/silence/{procedure_id}/certificate": Row((303, 404, 404, 404, 404)),  # nothing has ended
    "GET /consultations": Row(OPEN),
    "GET /consultations/{round_id}": Row(OPEN),  # a public one; Norvale and the observer are asked
    "GET /consultations/{round_id}/composer": Row((303, 404, 404, 404, 404)),  # at no clause
    "POST /consultations/{round_id}/remarks": Row(
        POST_MEMBERS, {"id": "doorstep00", "spot": "whole", "body": "Good.", "act": "discard"}
    ),
    "POST /consultations/{round_id}/drafts": Row(POST_MEMBERS, {"id": "doorstep00", "act": "discard"}),
    "POST /consultations/{round_id}/together": Row((403, 404, 404, 404, 404), {"id": "none", "act": "join"}),
    "POST /consultations/{round_id}/difference": Row(
        (403, 404, 200, 200, 200), {"spot": "clause", "clause": "{clause}", "proposed": "New"}
    ),
    "GET /consultations/{round_id}/mine": Row(MEMBERS),
    "GET /consultations/{round_id}/comments": Row(OPEN),
    "GET /consultations/{round_id}/comments/{number}": Row(OPEN),  # Norvale's
    "POST /consultations/{round_id}/comments/{number}/change": Row((403, 404, 404, 303, 404), {"body": "Better."}),
    "POST /consultations/{round_id}/comments/{number}/withdraw": Row((403, 404, 404, 303, 404)),
    "POST /consultations/{round_id}/comments/{number}/replies": Row(
        (403, 404, 303, 404, 404), {"id": "doorstep01", "body": "Why?"}
    ),  # the name of a reply is its writer's
    "GET /consultations/{round_id}/versions/{number}": Row((303, 303, 303, 303, 303)),  # the round's own
    "POST /consultations/{round_id}/versions/{number}/place": Row((403, 404, 403, 403, 404), {"nowhere": "1"}),
    "POST /consultations/{round_id}/versions/{number}/undo": Row((403, 404, 403, 403, 404), {"number": "1"}),
    "POST /consultations/{round_id}/versions/{number}/again": Row((403, 404, 403, 403, 404)),
    "GET /consultations/{round_id}/summary": Row(OPEN),
    "GET /consultations/{round_id}/counts": Row(OPEN),
    "GET /consultations/{round_id}/matrix": Row(OPEN),
    "POST /consultations/{round_id}/matrix": Row((403, 404, 403, 403, 409), {"disposition": "noted", "n-9": "1"}),
    "POST /consultations/{round_id}/matrix/take-back": Row((403, 404, 403, 403, 422)),
    "GET /consultations/{round_id}/matrix/publish": Row(LEADS),
    "POST /consultations/{round_id}/matrix/publish": Row((403, 404, 403, 403, 200)),
    "GET /consultations/{round_id}/matrix/progress": Row(OPEN),
    "GET /consultations/{round_id}/deadlines.ics": Row(OPEN),
    "GET /calendar/{secret}.ics": Row((404, 404, 404, 404, 404)),  # the secret is an invitation's
    "GET /drafts/{draft_id}/feed.atom": Row(OPEN),
    "GET /consultations/{round_id}/bundles": Row(OPEN),
    "POST /consultations/{round_id}/bundles": Row(POST_LEADS),
    "POST /consultations/{round_id}/bundles/together": Row((403, 404, 403, 403, 422), {"numbers": "1"}),  # one alone
    "GET /consultations/{round_id}/bundles/{bundle_id}": Row((404, 404, 404, 404, 404)),  # there is none
    "POST /consultations/{round_id}/bundles/{bundle_id}": Row((403, 404, 403, 403, 404), {"act": "out", "n-1": "1"}),
    "GET /consultations/{round_id}/moderation": Row(LEADS),
    "GET /consultations/{round_id}/contributions": Row((303, 200, 200, 200, 200)),  # the stranger's list is empty
    "POST /consultations/{round_id}/contributions": Row((403, 422, 422, 422, 422)),  # no file
    "GET /consultations/{round_id}/contributions/{contribution_id}": Row((303, 404, 200, 404, 200)),  # the observer's
    "POST /consultations/{round_id}/contributions/{contribution_id}": Row(
        (403, 404, 403, 403, 303), {"do": "aside", "reason": "Sent twice."}
    ),
    "GET /consultations/{round_id}/contributions/{contribution_id}/file": Row((303, 404, 200, 404, 200)),
    "GET /consultations/{round_id}/import": Row(LEADS),
    "POST /consultations/{round_id}/import": Row((403, 404, 403, 403, 422)),  # no file
    "GET /consultations/{round_id}/compendium": Row(OPEN),
    "GET /consultations/{round_id}/compendium.{form}": Row(OPEN),
    "POST /consultations/{round_id}/moderation": Row((403, 404, 403, 403, 409), {"act": "show", "number": "1"}),
    "POST /consultations/{round_id}/comments/{number}/report": Row((403, 404, 303, 403, 303), {"reason": "Rude."}),
    "GET /consultations/{round_id}/settings": Row(LEADS),
    "POST /consultations/{round_id}/settings": Row((403, 404, 403, 403, 422), {"title": "Without the rest"}),
    "POST /consultations/{round_id}/announce": Row((403, 404, 403, 403, 409)),  # it has been
    "POST /consultations/{round_id}/extend": Row((403, 404, 403, 403, 422)),  # without a day
    "POST /consultations/{round_id}/close": Row(POST_LEADS),
    "POST /consultations/{round_id}/late": Row(POST_LEADS, {"late": "1"}),
    "GET /drafts/{draft_id}/consultations": Row(MEMBERS),
    "POST /drafts/{draft_id}/consultations": Row((403, 404, 403, 403, 422), {"title": "Without the rest"}),
    "GET /drafts/{draft_id}/consultations/new": Row(LEADS),
    "GET /forums/{forum_id}/apply": Row(OPEN),
    "POST /forums/{forum_id}/apply": Row((303, 303, 303, 303, 303), APPLYING),
    "GET /forums/{forum_id}/applications": Row((303, 404, 403, 200, 200)),
    "POST /forums/{forum_id}/applications/{application_id}/admit": Row(POST_LEADS),
    "POST /forums/{forum_id}/applications/{application_id}/refuse": Row(POST_LEADS, {"reason": "Outside the mandate."}),
    "POST /forums/{forum_id}/applications/{application_id}/propose": Row(POST_LEADS, {"days": "7"}),
    "POST /forums/{forum_id}/applications/{application_id}/object": Row(  # delegations were not asked
        (403, 404, 403, 404, 404), {"reason": "We do not know it."}
    ),
    "GET /applications/{application_key}": Row(OPEN),
    "POST /applications/{application_key}/withdraw": Row((303, 409, 409, 409, 409)),
    "GET /static/{hash}/{path}": Row(OPEN),
}

ONE_CLICK = {"POST /digest/stop/{key}"}  # mail programs have no form token: the key is what lets them


def doors(app: Starlette) -> list[str]:
    return [
        f"{method} {route.path.replace(':path', '').replace(':int', '')}"
        for route in app.routes
        if isinstance(route, Route) and not route.path.startswith("/api/")
        for method in sorted((route.methods or set()) - {"HEAD"})
    ]


def test_every_door_has_a_row(app: Starlette) -> None:
    assert sorted(doors(app)) == sorted(DOORS)


@pytest.fixture
async def places(app: Starlette, room: Cast) -> dict[str, str]:
    """What the places in the addresses stand for: one of each thing, the thread and comment being Norvale's."""
    store, hub = app.state.store, app.state.hub
    state = (await hub.perform(room.chair, room.draft.id, do.Issue(operation(), "Zero draft"))).versions
    thread = do.OpenThread(operation(), Place.DRAFT, "Good text.")
    opened = (await hub.perform(room.norvale, room.draft.id, thread)).threads[0]
    made, secret = await invitations.invite(store, room.chair, room.forum.id, room.parties["NVL"].id, "delegate")
    acts = await store.acts(room.draft.id, 0)
    text = exchange.write(await versions.get(store, room.norvale, room.draft.id, "live"), Format.JSON)
    back = exchange.read("back.json", text.replace(b"floods", b"rains"))
    kept = await brought.keep(store, room.norvale, room.draft.id, "back.json", back, Purpose.MERGE)
    wish = Wish("modify", acts[0].body["clauses"][4]["id"], text="those that warn of floods and storms.")
    proposal = await proposals.begin(store, room.norvale, room.draft.id, wish)
    await proposals.table(store, hub.perform, room.norvale, proposal.id)
    told = await _round(app, room)
    now = datetime.now(UTC)
    sent, _ = await contributions.send(store, room.observer, told.id, now, "said.txt", b"On OP1: say by when.")
    asking = accrediting.Wish(**APPLYING)
    application, key = await accrediting.apply(store, room.forum.id, asking, datetime.now(UTC))
    return {
        "round_id": told.id,
        "application_id": application.id,
        "application_key": key,
        "question_id": told.questions[0].id,
        "form": "csv",
        "contribution_id": sent.id,
        "proposal_id": proposal.id,
        "forum_id": room.forum.id,
        "draft_id": room.draft.id,
        "brought_id": kept.id,
        "number": str(state[0][0].number),
        "thread_id": opened.id,
        "comment_id": opened.comments[0].id,
        "invitation_id": made.id,
        "secret": secret,
        "token_id": "none",
        "notice_id": "none",
        "bundle_id": "none",
        "key": "nobody.0",
        "procedure_id": "latest",
        "hash": "x",
        "path": "css/base.css",
        "clause": acts[0].body["clauses"][1]["id"],
        "clause_id": acts[0].body["clauses"][1]["id"],
        "party": room.parties["NVL"].id,
        "observer": room.observer,
        "chair": room.chair,
    }


async def _round(app: Starlette, room: Cast) -> Round:
    """A public consultation that runs, on the version that was issued."""
    now = datetime.now(UTC)
    told = replace(
        round_on(room.draft.id, room.chair), opens_at=now - timedelta(days=1), closes_at=now + timedelta(days=6)
    )
    async with app.state.store.write() as q:
        await q.forums.set_consulting(
            room.forum.id, public=True, accredits=True, non_objection=0, pseudonyms=True, retention=0
        )
        await q.rounds.add(told)
    typed = Said(Spot.WHOLE, body="Please say by when.")
    await remarks.send(app.state.store, room.norvale, told.id, now, "norvalecomment01", typed)
    return told


@pytest.mark.parametrize("door", DOORS)
async def test_who_may(
    door: str,
    room: Cast,
    places: dict[str, str],
    browser: Callable[[], Browser],
    as_person: Callable[[str], Awaitable[Browser]],
) -> None:
    row, (method, pattern) = DOORS[door], door.split(" ", 1)
    path = pattern.format(**places)
    form = {name: value.format(**places) for name, value in row.form.items()}
    people_there = [None, room.stranger, room.observer, room.norvale, room.chair]
    answers = []
    for person in people_there:
        at = await as_person(person) if person else browser()
        response = await (at.get(path) if method == "GET" else at.post(path, form))
        answers.append(response.status_code)
        assert response.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["referrer-policy"] == "no-referrer"
        assert "cache-control" in response.headers
    assert tuple(answers) == row.expected


@pytest.mark.parametrize("door", [door for door in DOORS if door.startswith("POST") and door not in ONE_CLICK])
async def test_nothing_is_done_without_the_form_token(
    door: str, room: Cast, places: dict[str, str], app: Starlette, as_person: Callable[[str], Awaitable[Browser]]
) -> None:
    row, (_, pattern) = DOORS[door], door.split(" ", 1)
    form = {name: value.format(**places) for name, value in row.form.items()}
    chair = await as_person(room.chair)
    before = (await app.state.store.load(room.draft.id)).draft.seq
    for token in ("", "AAAA", "x" * 90):
        response = await chair.http.post(pattern.format(**places), data=form | {"csrf": token})
        assert response.status_code == 403
    assert (await app.state.store.load(room.draft.id)).draft.seq == before
    assert len(await people.sessions(app.state.store, room.chair)) == 1
