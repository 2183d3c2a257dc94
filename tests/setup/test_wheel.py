"""The wheel, made from the committed files, installed in an environment of its own."""

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.repo import REPO, committed

ENTRIES = ("site", "room", "compare", "projector", "desk", "silence", "consultation", "matrix")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy without web/dist, so that the build hook has to make the bundle."""
    copy = tmp_path_factory.mktemp("clone")
    for path in committed():
        target = copy / path.relative_to(REPO)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, target)
    (copy / "node_modules").symlink_to(REPO / "node_modules")
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--skip-dependency-check", "--outdir", "out"]
    built = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    (made,) = (copy / "out").glob("*.whl")
    return made


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the programs of a new environment that holds the wheel and what it asks for."""
    home = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", home], check=True)
    pip = [sys.executable, "-m", "pip", "--python", str(home / "bin" / "python"), "install", "--quiet", "--no-compile"]
    subprocess.run([*pip, "-c", str(REPO / "requirements.lock"), str(wheel)], check=True)
    return home / "bin"


def clean() -> dict[str, str]:
    """The environment without what could lead the installed Python back to the repo, or the server to a database."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONPATH" and not name.startswith("ADREF_")}


def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def expected() -> set[str]:
    """Where each committed file that a running server needs has to be in the wheel."""
    places = set()
    for path in committed():
        folder, *rest = path.relative_to(REPO).parts
        place = "/".join(rest)
        if folder in ("server", "drafts"):
            places.add(f"{folder}/{place}")
        elif folder == "alembic" and rest[0] in ("env.py", "script.py.mako", "versions"):
            places.add(f"server/migrations/{place}")
        elif folder == "web" and rest[0] in ("templates", "css", "locale"):
            places.add(f"server/web/{place}")
        elif folder == "web" and rest[0] == "src" and len(rest) == 2 and rest[1].removesuffix(".ts") in ENTRIES:
            places.add(f"server/web/dist/{rest[1].removesuffix('.ts')}.js")
    return places


def test_it_holds_what_a_server_needs_and_nothing_else(wheel: Path) -> None:
    inside = {name for name in names(wheel) if ".dist-info/" not in name}
    assert inside == expected()


def test_it_shadows_no_library(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names(wheel)}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"server", "drafts"}


def test_the_installed_package_finds_its_files(installed: Path, tmp_path: Path) -> None:
    asked = "from server.paths import WEB; print(WEB, (WEB / 'css' / 'base.css').stat().st_size)"
    said = subprocess.run(
        [installed / "python", "-c", asked], cwd=tmp_path, env=clean(), capture_output=True, text=True, check=True
    ).stdout.split()
    assert Path(said[0]).is_relative_to(installed.parent)
    assert int(said[1]) == (REPO / "web" / "css" / "base.css").stat().st_size


# What `adref serve` does, without the command line's own words.
SERVE = """
import asyncio, socket, uvicorn
from drafts import migrate
from server.app import create
from server.paths import MIGRATIONS
from server.settings import Settings

listening = socket.create_server(("127.0.0.1", 0))
port = listening.getsockname()[1]
settings = Settings(database_url="sqlite:///adref.sqlite3", port=port)
asyncio.run(migrate.upgrade(settings.database_url, MIGRATIONS))
print(port, flush=True)
uvicorn.Server(uvicorn.Config(create(settings), log_level="warning")).run(sockets=[listening])
"""


@pytest.fixture
def address(installed: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server that runs from the installed wheel, far from the repo, on a new database."""
    command = [str(installed / "python"), "-c", SERVE]
    with subprocess.Popen(command, cwd=tmp_path, env=clean(), stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        port = server.stdout.readline().strip()
        assert port, "the server ended before it listened"
        yield f"http://127.0.0.1:{port}"
        server.terminate()


def test_the_installed_server_serves_its_pages_styles_and_scripts(address: str) -> None:
    with httpx.Client(base_url=address, timeout=20) as client:
        page = client.get("/sign-in")
        assert page.status_code == 200
        files = set(re.findall(r'(?:href|src)="(/static/[^"#]+)', page.text))
        assert {Path(file).suffix for file in files} >= {".css", ".js"}
        for file in files:
            assert client.get(file).status_code == 200, file
        static = next(iter(files)).split("/css/")[0].split("/dist/")[0]
        assert client.get(f"{static}/dist/room.js").headers["content-type"] == "text/javascript; charset=utf-8"
        assert client.get(f"{static}/css/fonts/inter-latin-wght-normal.woff2").content[:4] == b"wOF2"
