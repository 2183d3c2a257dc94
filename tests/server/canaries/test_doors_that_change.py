"""No door that changes something tells by its refusal that there is a private proposal."""

from typing import Any

from starlette.applications import Starlette

from drafts.desk import people
from drafts.store import Store
from server.api import routes
from server.api.routes import V1
from server.hub import operation
from tests.cast import Cast
from tests.server.canaries.walk import Sent, Sign, begun, clause_of, plain
from tests.server.conftest import ORIGIN, Browser
from tests.server.test_doors import DOORS


def requests(proposal: str, draft: str, clause: str) -> list[Sent]:
    """What can be sent, with the proposal in every place that an id can have."""
    named = dict.fromkeys(("proposal_id", "proposal", "tabled", "rival", "on", "brought_id", "edits"), proposal)
    named |= dict.fromkeys(("thread_id", "thread", "comment_id", "comment"), proposal)
    named |= {"clause": clause, "clause_id": clause, "bracketed": clause, "conflict": "1", "procedure": "latest"}
    known: list[Sent] = [("POST", door[5:], row.form) for door, row in DOORS.items() if door.startswith("POST /")]
    known += [(d.method, V1 + d.path, d.example or {}) for d in routes.DOORS if d.method not in {"GET", "DELETE"}]
    found: list[Sent] = []
    for method, path, sent in known:
        for one in (proposal, draft):
            address = filled(path, named | {"draft_id": one, "draft": one})
            body = {key: filled(value, named) for key, value in sent.items()}
            if "{" not in address and proposal in f"{address}{body}":
                found.append((method, address, body))
    position = {"t": "position", "on": proposal, "stance": "support", "wording": 1}
    commands = (position, position | {"stance": None}, {"t": "sponsor", "proposal": proposal})
    found += [("POST", f"{V1}/drafts/{one}/commands", sent) for one in (proposal, draft) for sent in commands]
    return found


def filled(sent: Any, named: dict[str, str]) -> Any:
    """With ids in the place of ``{names}``."""
    if isinstance(sent, list):
        return [filled(value, named) for value in sent]
    if not isinstance(sent, str):
        return sent
    for name, value in named.items():
        sent = sent.replace(f"{{{name}}}", value)
    return sent


async def asked(browser: Browser, token: str, method: str, address: str, sent: dict[str, Any]) -> tuple[int, str]:
    """What somebody is answered who sends this."""
    if not address.startswith("/api/"):
        answer = await browser.post(address, sent)
    else:
        body = sent | {"op": operation()} if "op" in sent or "t" in sent else sent
        headers = {"Authorization": f"Bearer {token}", "Origin": ORIGIN}
        answer = await browser.http.request(method, address, json=body, headers=headers)
    return answer.status_code, plain(answer.content)


async def test_no_door_tells_by_its_refusal_that_there_is_a_proposal(
    app: Starlette, room: Cast, store: Store, as_person: Sign
) -> None:
    clause = await clause_of(store, room)
    made, _ = await begun(app, room)
    seq = (await store.load(made.id)).draft.seq
    nothing = "0000000000"
    for person in (room.chair, room.costamar):
        browser, token = await as_person(person), await people.make_token(store, person, "walk")
        pairs = zip(requests(made.id, room.draft.id, clause), requests(nothing, room.draft.id, clause), strict=True)
        for there, nowhere in pairs:
            code, said = await asked(browser, token, *there)
            assert (there, code, said.replace(made.id, nothing)) == (there, *await asked(browser, token, *nowhere))
            assert code in {403, 404, 422}, there
    assert (await store.load(made.id)).draft.seq == seq
