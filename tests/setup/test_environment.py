"""The machinery of the suite itself: databases of both kinds, Node, lock files, no machine's paths."""

import asyncio
import json
import re
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.repo import REPO, committed

LOCKS = ["requirements.lock", "requirements-dev.lock"]
ADDRESS = re.compile(r"https?:|git\+|file:|\bresolved\b|--(?:extra-)?index-url|--find-links")


def requirements(name: str) -> list[Requirement]:
    lines = (REPO / name).read_text().splitlines()
    return [Requirement(line) for line in lines if line and not line.startswith("#")]


async def test_an_empty_database_of_each_kind(database_url: str) -> None:
    engine = create_async_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("CREATE TABLE clause (words TEXT)"))
        await connection.execute(text("INSERT INTO clause VALUES ('States should')"))
        assert await connection.scalar(text("SELECT words FROM clause")) == "States should"
    await engine.dispose()


async def test_node_is_at_hand(node: list[str]) -> None:
    process = await asyncio.create_subprocess_exec(*node, "-p", "process.versions.node", stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert int(said.decode().split(".")[0]) >= 20


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_pins_every_package_exactly(name: str) -> None:
    for requirement in requirements(name):
        (pin,) = requirement.specifier
        assert pin.operator == "==", requirement
        assert "*" not in pin.version, requirement
        assert requirement.url is None, requirement


def test_the_two_lock_files_agree() -> None:
    run, test = ({str(each) for each in requirements(name) if each.marker is None} for name in LOCKS)
    assert run <= test


@pytest.mark.parametrize("name", [*LOCKS, "package-lock.json", "tests/bench/package-lock.json"])
def test_a_lock_file_carries_no_address(name: str) -> None:
    assert not ADDRESS.search((REPO / name).read_text())


@pytest.mark.parametrize("name", ["package.json", "tests/bench/package.json"])
def test_npm_packages_are_pinned_exactly(name: str) -> None:
    named = json.loads((REPO / name).read_text())
    for package, version in (named["dependencies"] | named.get("devDependencies", {})).items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), package


def test_no_committed_file_holds_a_path_of_this_machine() -> None:
    home = str(Path.home())
    paths = re.compile(rf"/home/\w|{re.escape(home)}/|{re.escape(str(REPO))}".encode())
    mine = Path(__file__).resolve()
    found = [
        str(path.relative_to(REPO))
        for path in committed()
        if path.is_file() and path != mine and paths.search(path.read_bytes())
    ]
    assert found == []
