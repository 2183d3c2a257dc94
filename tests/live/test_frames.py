"""Every type of frame: who may send it, and what is answered to one that is malformed or breaks a limit.

Always in the same order: works, stranger, reader, bad input. A type without a row fails.
"""

import json
from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any, get_args

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from server import wire
from server.live import MAX_BAD
from tests.live.client import Frame, Wire
from tests.live.conftest import House

EVERYBODY = ("chair", "secretary", "norvale", "costamar", "observer")
EDIT = {"chair": "", "norvale": "", "observer": "observers_comment"}  # key of the refusal, '' where it is done
LEAD = {"chair": "", "norvale": "leads_only", "observer": "leads_only"}
ALL = {"chair": "", "norvale": "", "observer": ""}
SPONSOR = {"chair": "not_found", "norvale": "not_found", "observer": "not_found"}
SPEAK = {"chair": "", "norvale": "", "observer": "not_this_stage"}

# Per type: a frame that is in order, as (client id, clause, op) make it; and who gets which answer.
ROWS: dict[str, tuple[Callable[[str, str, str], Frame], dict[str, str]]] = {
    "push": (
        lambda client, c, _: {"clause": c, "client": client, "base": 0, "counter": 0, "updates": [[38, [0, "x"]]]},
        EDIT,
    ),
    "insert": (lambda _, c, op: {"op": op, "after": c, "texts": ["New"]}, EDIT),
    "split": (lambda _, c, op: {"op": op, "clause": c, "number": 0, "at": 3}, EDIT),
    "join": (lambda _, c, op: {"op": op, "clause": c}, EDIT),
    "move": (lambda _, c, op: {"op": op, "clause": c, "after": None}, EDIT),
    "delete": (lambda _, c, op: {"op": op, "clause": c, "reason": "twice"}, EDIT),
    "restore": (lambda _, c, op: {"op": op, "clause": c}, EDIT),
    "shape": (lambda _, c, op: {"op": op, "clause": c, "kind": "sub", "depth": 1}, EDIT),
    "lock": (lambda _, c, op: {"op": op, "clause": c, "state": "agreed_ad_ref"}, LEAD),
    "set": (lambda _, _c, op: {"op": op, "mode": "pen"}, LEAD),
    "bracket": (lambda _, c, op: {"op": op, "clause": c, "number": 0, "start": 0, "end": 4}, EDIT),
    "lift": (lambda _, c, op: {"op": op, "clause": c, "number": 1, "at": 0}, EDIT),
    "position": (lambda _, c, op: {"op": op, "on": c, "stance": "reserve", "note": "We ask our capital."}, SPEAK),
    "sponsor": (lambda _, _c, op: {"op": op, "proposal": "none", "joins": True}, SPONSOR),
    "object": (lambda _, c, op: {"op": op, "clause": c, "reason": "Too early."}, SPEAK),
    "cursor": (lambda _, c, _op: {"clause": c, "number": 0, "anchor": 1, "head": 2}, ALL),
    "fetch": (lambda _, c, _op: {"clause": c, "since": 0}, ALL),
    "ping": (lambda _, _c, _op: {}, ALL),
}


BEFORE = {"restore": "delete", "lift": "bracket", "object": "lock"}  # what the chair does first


def frame_of(kind: str, client: str, clause: str, op: str = "an-operation") -> Frame:
    return {"t": kind, **ROWS[kind][0](client, clause, op)}


def answers(sent: Frame, client: str) -> Callable[[Frame], bool]:
    """Whether a frame is the answer to the one sent."""

    def answer(frame: Frame) -> bool:
        if frame["t"] == "refused":
            return True
        if sent["t"] in ("ping", "fetch"):
            return bool(frame["t"] == {"ping": "pong", "fetch": "fetched"}[sent["t"]])
        if sent["t"] == "cursor":
            return any(here["id"] == client for here in frame.get("here", ()))
        if sent["t"] in ("position", "sponsor", "object"):
            return bool(frame["t"] == "done" and frame["op"] == sent["op"])
        named = client if sent["t"] == "push" else sent["op"]
        return any(act.get("i") == named for act in frame.get("acts", ()))

    return answer


def test_every_type_has_a_row() -> None:
    assert {kind.__struct_config__.tag for kind in get_args(wire.Incoming)} == set(ROWS)


@pytest.mark.parametrize("seat", ["chair", "norvale", "observer"])
@pytest.mark.parametrize("kind", ROWS)
async def test_who_may(served: House, kind: str, seat: str) -> None:
    clause = served.clauses[1][0]
    async with AsyncExitStack() as stack:
        if kind in BEFORE:
            chair = await stack.enter_async_context(Wire.to(served.host, served.cast.draft.id, served.secrets["chair"]))
            await chair.say(frame_of(BEFORE[kind], "", clause, "before"))
            await chair.until(lambda frame: any(act.get("i") == "before" for act in frame.get("acts", ())))
        line = await stack.enter_async_context(Wire.to(served.host, served.cast.draft.id, served.secrets[seat]))
        sent = frame_of(kind, line.client, clause)
        await line.say(sent)
        answer = await line.until(answers(sent, line.client))
        assert answer.get("key", "") == ROWS[kind][1][seat]
        if answer["t"] == "refused":
            assert answer.get("op", "") == sent.get("op", "")
            assert answer.get("clause", "") == (clause if kind == "push" else "")


async def test_strangers_and_those_without_a_session_get_no_socket(served: House) -> None:
    for secret in (served.secrets["stranger"], "nobody", ""):
        with pytest.raises(InvalidStatus) as refused:
            async with Wire.to(served.host, served.cast.draft.id, secret):
                pass
        assert refused.value.response.status_code == 403
    with pytest.raises(InvalidStatus) as refused:
        async with Wire.to(served.host, "nothing", served.secrets["chair"]):
            pass
    assert refused.value.response.status_code == 403


async def test_a_client_id_belongs_to_one_person_and_one_draft(served: House) -> None:
    draft, clause = served.cast.draft.id, served.clauses[1][0]
    async with (
        Wire.to(served.host, draft, served.secrets["norvale"]) as norvale,
        Wire.to(served.host, draft, served.secrets["costamar"]) as costamar,
    ):
        for client in (norvale.client, "x" * 20, ""):
            await costamar.say(frame_of("push", client, clause))
            answer = await costamar.until(lambda frame: frame["t"] == "refused")
            assert (answer["key"], answer.get("client", "")) == ("not_your_client", client)


PUSH = {"t": "push", "clause": "", "client": "", "base": 0, "counter": 0, "updates": [[38, [0, "x"]]]}
BAD: list[tuple[str, Any]] = [
    ("bad_frame", ""),
    ("bad_frame", "nonsense"),
    ("bad_frame", "[]"),
    ("bad_frame", "null"),
    ("bad_frame", '{"t":"push"'),
    ("bad_frame", b"\x00\x01"),
    ("bad_frame", {}),
    ("bad_frame", {"t": "unheard"}),
    ("bad_frame", {"t": 7}),
    ("bad_frame", {"t": "push"}),
    ("bad_frame", {"t": "ping", "more": 1}),
    ("bad_frame", {"t": "join", "op": "o"}),
    ("bad_frame", {"t": "join", "op": 1, "clause": "c"}),
    ("bad_frame", {"t": "fetch", "clause": "c", "since": "1"}),
    ("bad_frame", {"t": "cursor", "clause": "c", "anchor": 2**80}),
    ("bad_frame", '{"t":"ping"' + " " * 10 + '"}'),
    ("bad_frame", "[" * 100_000),
    ("bad_frame", '{"t":"fetch","clause":"c","since":' + "9" * 100_000 + "}"),
    ("frame_size", '{"t":"ping"}' + " " * wire.MAX_FRAME),
    ("no_clause", {"t": "cursor", "clause": "c" * 33}),
    ("bad_op", {"t": "join", "op": "", "clause": "c"}),
    ("bad_op", {"t": "join", "op": "o" * 49, "clause": "c"}),
    ("no_clause", {"t": "join", "op": "o", "clause": "c"}),
    ("bad_kind", {"t": "insert", "op": "o", "after": None, "kind": "annex"}),
    ("bad_mode", {"t": "set", "op": "o", "mode": "closed"}),
    ("bad_push", PUSH | {"updates": []}),
    ("bad_frame", PUSH | {"base": -1}),
    ("bad_frame", PUSH | {"counter": 2**31}),
    ("bad_frame", {"t": "split", "op": "o", "clause": "c", "number": 0, "at": 2**70}),
    ("bad_push", PUSH | {"updates": [[38]] * 501}),
    ("bad_change", PUSH | {"updates": [[-1]]}),
    ("bad_change", PUSH | {"updates": [[0]]}),
    ("bad_change", PUSH | {"updates": [["x"]]}),
    ("line_break", PUSH | {"updates": [[38, [0, "a\nb"]]]}),
    ("line_break", PUSH | {"updates": [[38, [0, "a\0b"]]]}),
    ("change_sections", PUSH | {"updates": [[[1]] * 2_001]}),
    ("change_size", PUSH | {"updates": [[38, [0, "x" * 65_537]]]}),
    ("change_length", PUSH | {"updates": [[7, [0, "x"]]]}),
]


async def test_a_bad_frame_is_named_and_the_room_unharmed(served: House) -> None:
    draft, clause = served.cast.draft.id, served.clauses[1][0]
    async with Wire.to(served.host, draft, served.secrets["norvale"]) as other:
        for key, bad in BAD:
            async with Wire.to(served.host, draft, served.secrets["chair"]) as line:
                await line.say(bad | {"clause": clause, "client": line.client} if _is_push(bad) else bad)
                answer = await line.until(lambda frame: frame["t"] == "refused")
                assert (answer["key"], bool(answer["message"])) == (key, True), bad
                await line.say({"t": "ping"})
                await line.until(lambda frame: frame["t"] == "pong")
        sent = frame_of("push", other.client, clause)
        await other.say(sent)
        assert (await other.until(answers(sent, other.client)))["acts"][0]["n"] == 1


def _is_push(bad: Any) -> bool:
    return isinstance(bad, dict) and bad.get("t") == "push" and "updates" in bad


async def test_half_a_character_is_no_character(served: House) -> None:
    draft, clause = served.cast.draft.id, served.clauses[1][0]
    async with Wire.to(served.host, draft, served.secrets["chair"]) as line:
        push = PUSH | {"clause": clause, "client": line.client, "updates": [[38, [0, "a\ud83d"]]]}
        await line.say(json.dumps(push))
        assert (await line.until(lambda frame: frame["t"] == "refused"))["key"] in ("half_character", "bad_frame")


async def test_too_many_bad_frames_end_the_connection(served: House) -> None:
    async with Wire.to(served.host, served.cast.draft.id, served.secrets["observer"]) as line:
        for _ in range(MAX_BAD):
            await line.say("nonsense")
        with pytest.raises(ConnectionClosed) as closed:
            await line.until(lambda _: False)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1008


async def test_a_gap_means_start_again(served: House) -> None:
    draft, clause = served.cast.draft.id, served.clauses[1][0]
    async with Wire.to(served.host, draft, served.secrets["chair"], since=99) as line:
        assert (await line.hear())["t"] == "again"
        await line.say(frame_of("push", line.client, clause) | {"base": 5})
        assert (await line.until(lambda frame: frame["t"] == "again"))["reason"] == "gap"
