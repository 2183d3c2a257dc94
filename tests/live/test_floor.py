"""What lies on the table, told to each who listens: as they may see it, and to nobody else."""

import json
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx
import msgspec
import pytest

from drafts import commands as do
from drafts.desk import drafts, forums, live, silence
from drafts.model import Openness, ProposalKind, Stage, new_id
from drafts.store import Store
from server import telling
from server.api.schema_floor import FloorClause, FloorDraft, FloorProposal
from server.security import COOKIE
from tests.live.client import Frame, Wire
from tests.live.conftest import House

SEATS = ("chair", "norvale", "costamar", "observer")
WORDS = "unheard-of words"


@asynccontextmanager
async def lines(house: House, *seats: str) -> AsyncIterator[list[Wire]]:
    async with AsyncExitStack() as stack:
        draft, secrets = house.cast.draft.id, house.secrets
        yield [await stack.enter_async_context(Wire.to(house.host, draft, secrets[seat])) for seat in seats]


async def outside(house: House, seat: str, command: do.Command) -> None:
    """A command from another process: the command line."""
    async with Store.open(house.url) as store:
        await live.perform(store, getattr(house.cast, seat), house.cast.draft.id, command)


async def table(house: House, clause: tuple[str, str], text: str, seat: str = "norvale") -> str:
    proposal = new_id()
    command = do.Table(new_id(), proposal, ProposalKind.MODIFY, clause[0], 0, clause[1], text, reason=WORDS)
    await outside(house, seat, command)
    return proposal


def floor(frame: Frame) -> bool:
    return bool(frame["t"] == "floor")


async def quiet(line: Wire) -> list[Frame]:
    """What is heard until a ping is answered: whatever was told before."""
    before = len(line.heard)
    await line.say({"t": "ping"})
    await line.until(lambda frame: frame["t"] == "pong")
    return line.heard[before:]


def said(line: Wire) -> str:
    return json.dumps(line.heard, ensure_ascii=False)


async def position(line: Wire, on: str, op: str, stance: str = "oppose", **more: Any) -> Frame:
    await line.say({"t": "position", "op": op, "on": on, "stance": stance, "note": WORDS, "wording": 1, **more})
    return await line.until(lambda frame: frame.get("op") == op)


async def test_a_position_is_told_to_those_to_whom_positions_are_open(served: House) -> None:
    clause = served.clauses[2]
    proposal = await table(served, clause, f"{clause[1]} Soon.")
    async with lines(served, *SEATS) as (chair, norvale, costamar, observer):
        done = await position(costamar, proposal, "an-op")
        assert done["t"] == "done"
        own = [frame for frame in costamar.heard if floor(frame)]
        assert [view["positions"]["mine"]["stance"] for frame in own for view in frame["proposals"]] == ["oppose"]
        for line in (chair, norvale):
            frame = await line.until(floor)
            (view,) = frame["proposals"]
            assert view["positions"]["counts"]["oppose"] == 1
            msgspec.convert(view, FloorProposal)
        await quiet(observer)
        assert not any(map(floor, observer.heard))
        assert WORDS not in said(observer)
        ticks = [act for line in (chair, norvale, observer) for f in line.heard for act in f.get("acts", ())]
        assert ticks == []


async def test_a_state_is_told_with_its_objections_and_the_clause_goes_back(served: House) -> None:
    clause = served.clauses[2][0]
    async with lines(served, "chair", "costamar", "observer") as (chair, costamar, observer):
        await chair.say({"t": "lock", "op": "agree", "clause": clause, "state": "agreed"})
        frame = await observer.until(floor)
        (view,) = frame["clauses"]
        assert (view["status"], msgspec.convert(view, FloorClause).by is None) == ("agreed", False)
        await costamar.say({"t": "object", "op": "no", "clause": clause, "reason": WORDS})
        await costamar.until(lambda frame: frame["t"] == "done" and frame["op"] == "no")
        frame = await observer.until(floor)
        (view,) = frame["clauses"]
        assert view["status"] == "under_discussion"
        assert [o["reason"] for o in view["objections"]] == [WORDS]
        locks = [a for f in observer.heard for a in f.get("acts", ()) if a["k"] == "lock"]
        assert [act["b"]["state"] for act in locks] == ["agreed", "under_discussion"]
        assert not any(act["k"] == "object" for f in observer.heard for act in f.get("acts", ()))


async def test_the_stage_is_told_to_all_with_what_each_may_do(served: House) -> None:
    async with lines(served, "norvale", "observer") as (norvale, observer):
        await outside(served, "chair", do.SetDraft("stage", stage=Stage.FIRST_READING))
        async with lines(served, "chair") as (chair,):
            await position(chair, served.clauses[2][0], "wakes", "support", wording=0)
        for line, proposes in ((norvale, True), (observer, False)):
            frame = await line.until(lambda f: floor(f) and f["draft"] is not None)
            told = msgspec.convert(frame["draft"], FloorDraft)
            assert told.stage.value == "first_reading"
            assert (told.may["edit"], told.may["propose"]) == (False, proposes)


@pytest.mark.parametrize("openness", [Openness.DELEGATIONS, Openness.LEADS])
async def test_proposals_that_are_not_open_reach_nobody_else(served: House, openness: Openness) -> None:
    await outside(served, "chair", do.SetDraft("rule", proposals=openness))
    clause = served.clauses[2]
    async with lines(served, *SEATS) as (chair, norvale, costamar, observer):
        await table(served, clause, f"{clause[1]} {WORDS}")
        await chair.say({"t": "lock", "op": "wakes", "clause": served.clauses[1][0], "state": "converging"})
        frame = await chair.until(lambda f: floor(f) and f["proposals"])
        assert frame["proposals"][0]["reason"] == WORDS
        await norvale.until(lambda f: floor(f) and f["proposals"])
        for line in (costamar, observer):
            await line.until(lambda f: floor(f) and f["clauses"])  # the clause's new state is for all
            await quiet(line)
        assert (WORDS in said(costamar)) is (openness is Openness.DELEGATIONS)
        assert WORDS not in said(observer)


async def breaks(house: House, seat: str) -> None:
    """Breaks the last silence; begins one where there was none."""
    draft, chair = house.cast.draft.id, house.cast.chair
    async with Store.open(house.url) as store:
        state, _ = await drafts.state(store, chair, draft)
        if not state.floor.silences:
            await live.perform(store, chair, draft, do.Issue(new_id(), "Rev.1"))
            deadline = round(time.time() * 1000) + 7 * 24 * 3_600_000
            await live.perform(store, chair, draft, await silence.starting(store, chair, draft, "s", deadline, ""))
            state, _ = await drafts.state(store, chair, draft)
        said = do.BreakSilence(new_id(), state.floor.silences[-1].id, f"{WORDS} of {seat}")
        await live.perform(store, getattr(house.cast, seat), draft, said)


async def test_another_break_is_told_to_those_who_hear_it(served: House) -> None:
    await breaks(served, "chair")
    async with lines(served, "norvale", "observer") as (norvale, observer):
        await breaks(served, "costamar")
        async with lines(served, "chair") as (chair,):
            await chair.say({"t": "split", "op": "wakes", "clause": served.clauses[3][0], "number": 0, "at": 5})
        frame = await norvale.until(floor)
        assert [one["party"]["code"] for one in frame["draft"]["silence"]["breaks"]] == ["CHR", "CTM"]
        await observer.until(lambda frame: any(act["k"] == "split" for act in frame.get("acts", ())))
        await quiet(observer)
        assert not any(map(floor, observer.heard))


async def test_a_forums_new_rule_holds_for_those_who_are_here(served: House) -> None:
    await breaks(served, "chair")
    async with lines(served, "chair", "norvale") as (chair, norvale):
        await position(norvale, served.clauses[2][0], "known", wording=0)
        async with Store.open(served.url) as store:
            await forums.set_rules(store, served.cast.chair, served.cast.forum.id, forums.Rules(3_600, Openness.LEADS))
        await breaks(served, "costamar")
        await position(norvale, served.clauses[3][0], "wakes", wording=0)
        await chair.until(lambda frame: "of costamar" in json.dumps(frame))
        await quiet(norvale)
        assert "of costamar" not in said(norvale)


async def types(line: Wire, clause: tuple[str, str], word: str) -> None:
    """Put another word in the place of ``word``, then three letters before it, each in a turn of its own."""
    at, length, taken = clause[1].index(word), len(clause[1]), len(word)
    for number, typed in enumerate(("touch ", "x", "y", "z")):
        await line.say({
            "t": "push", "clause": clause[0], "client": line.client, "base": number, "counter": number,
            "updates": [[at, [taken, typed], length - at - taken]],
        })  # fmt: skip
        await line.until(lambda f: any(act.get("i") == line.client for act in f.get("acts", ())))
        length, taken = length + len(typed) - taken, 0


@pytest.mark.parametrize("pace", [3_600, 0.2])
async def test_proposals_on_a_clause_that_is_edited_are_told_again_at_a_pace(
    served: House, monkeypatch: pytest.MonkeyPatch, pace: float
) -> None:
    monkeypatch.setattr(telling, "PACE", pace)
    clause = served.clauses[2]
    proposal = await table(served, clause, clause[1].replace("harm", "damage"))
    async with lines(served, "norvale", "observer") as (norvale, observer):
        await types(norvale, clause, "harm")
        first = await observer.until(floor)
        (view,) = first["proposals"]
        assert (view["id"], view["stale"]) == (proposal, "words")
        if pace > 1:
            await quiet(observer)
            assert sum(map(floor, observer.heard)) == 1
        else:
            last = await observer.until(lambda f: floor(f) and "zyx" in json.dumps(f))
            assert last["proposals"][0]["conflicts"][0]["live"].startswith("zyx")


async def test_whoever_comes_back_is_told_the_whole_table_when_it_has_changed(served: House) -> None:
    clause = served.clauses[2]
    draft, secrets = served.cast.draft.id, served.secrets
    async with lines(served, "chair") as (chair,):
        seen = chair.heard[0]["seq"]
        async with Wire.to(served.host, draft, secrets["costamar"], seen) as line:
            await quiet(line)
            assert not any(map(floor, line.heard))
        await position(chair, clause[0], "first", "support", wording=0)
        async with Wire.to(served.host, draft, secrets["costamar"], seen) as line:
            frame = await line.until(floor)
            assert frame["whole"] is True
            assert frame["clauses"][0]["positions"]["counts"]["support"] == 1
            async with httpx.AsyncClient(
                base_url=f"http://{served.host}", cookies={COOKIE: secrets["costamar"]}
            ) as http:
                answer = (await http.get(f"/api/v1/drafts/{draft}/floor")).json()
            assert {name: frame[name] for name in ("seq", "proposals", "clauses", "draft")} == answer
        async with Wire.to(served.host, draft, secrets["costamar"], frame["seq"]) as line:
            await quiet(line)
            assert not any(map(floor, line.heard))


async def test_listeners_of_a_party_and_role_share_what_they_are_told(served: House) -> None:
    async with lines(served, "norvale", "norvale_second", "chair") as (one, other, chair):
        await position(chair, served.clauses[2][0], "first", "support", wording=0)
        assert await one.until(floor) == await other.until(floor)
