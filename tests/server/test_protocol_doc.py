"""docs/protocol.md tells of every frame and of no other, its examples are frames, and its client works as it stands."""

import asyncio
import re
import shutil
import sys
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from drafts.acts import ActKind
from drafts.desk import people
from server import auth, wire
from server.settings import Settings
from tests.databases import Lakes
from tests.repo import REPO
from tests.server.served import serving

PAGE = (REPO / "docs" / "protocol.md").read_text()
PASSWORD = "a password of the lakes"
OUTGOING: tuple[type[msgspec.Struct], ...] = (
    wire.Welcome, wire.Tick, wire.Fetched, wire.Carried, wire.Refused, wire.ThreadFrame, wire.FloorFrame,
    wire.Done, wire.Again, wire.Pong,
)  # fmt: skip


def sections(heading: str) -> dict[str, str]:
    """The parts below a heading of the second level, by the type of their frame."""
    part = PAGE.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    pieces = re.split(r"\n### `(\w+)`\n", part)
    return dict(zip(pieces[1::2], pieces[2::2], strict=True))


def tagged(types: tuple[type[msgspec.Struct], ...]) -> dict[str, type[msgspec.Struct]]:
    return {str(one.__struct_config__.tag): one for one in types}


SENT, HEARD = tagged(get_args(wire.Incoming)), tagged(OUTGOING)


def test_every_outgoing_frame_is_among_those_looked_at():
    assert set(HEARD.values()) == set(wire._Out.__subclasses__())


def test_every_frame_is_told_and_every_told_frame_exists():
    assert set(sections("Frames that you send")) == set(SENT)
    assert set(sections("Frames that you receive")) == set(HEARD)


@pytest.mark.parametrize(("heading", "types"), [("Frames that you send", SENT), ("Frames that you receive", HEARD)])
def test_every_field_is_told_and_every_example_is_a_frame(heading: str, types: dict[str, type[msgspec.Struct]]):
    for tag, text in sections(heading).items():
        (example,) = re.findall(r"```json\n(.*?)\n```", text, re.DOTALL)
        raw: dict[str, Any] = msgspec.json.decode(example)
        assert raw["t"] == tag
        assert set(raw) - {"t"} == set(types[tag].__struct_encode_fields__)
        msgspec.convert(raw, types[tag])
        if types is SENT:
            assert type(wire.decoder.decode(example)) is types[tag]


def test_every_kind_of_act_is_told():
    table = PAGE.split("| kind | `c` | body |", 1)[1].split("\n\n", 1)[0]
    told = set(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE))
    assert told == {kind.value for kind in ActKind} - {"mark"}  # marks are told with their threads
    fields = PAGE.split("| field | is |", 1)[1].split("\n\n", 1)[0]
    names = {name for row in fields.splitlines() for name in re.findall(r"`(\w+)`", row.partition(" | ")[0])}
    assert names == set(wire.ActFrame.__struct_encode_fields__)


async def test_the_client_works(tmp_path: Path, sqlite_lakes: Lakes):
    (code,) = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    client = tmp_path / "client.py"
    client.write_text(code)
    database = shutil.copy(sqlite_lakes.cast, tmp_path / "adref.sqlite3")
    async with serving(Settings(database_url=f"sqlite:///{database}")) as (address, app):
        room = sqlite_lakes.there
        await people.set_password_hash(app.state.store, room.norvale, await auth.hash_password(PASSWORD))
        live = (await app.state.store.acts(room.draft.id, 0))[0].body["clauses"]
        arabic, heading = live[-1]["id"], live[0]["id"]

        async def run(clause: str, words: str) -> tuple[int, str]:
            process = await asyncio.create_subprocess_exec(
                sys.executable, str(client), f"http://{address}", "norvale@lakes.example", PASSWORD, room.draft.id,
                clause, words,
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
                env={"PYTHONIOENCODING": "utf-8"},
            )  # fmt: skip
            said, _ = await process.communicate()
            return process.returncode or 0, said.decode()

        first, second = await asyncio.gather(run(heading, " 😀"), run(heading, " and seas"))
        assert (first[0], second[0]) == (0, 0), first[1] + second[1]
        status, said = await run(arabic, " 😀 وشكرا")
        assert status == 0, said
        assert "saved as act" in said
        assert "ينبغي للدول أن تتبادل الإنذارات. 😀 وشكرا" in said
        status, said = await run(heading, "\n")
        assert status == 1
        assert "refused: A clause is one paragraph" in said
        changed = await app.state.store.acts(room.draft.id, 1)
        assert [(act.person_id, act.clause_id) for act in changed] == [
            (room.norvale, heading), (room.norvale, heading), (room.norvale, arabic),
        ]  # fmt: skip
