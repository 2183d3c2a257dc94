"""web/node.sh finds Node on the PATH, else in the Python package, else says what to do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.repo import REPO

SCRIPT = str(REPO / "web" / "node.sh")


@pytest.fixture
def bare_path(tmp_path: Path) -> str:
    """A PATH with what a shell script needs and no Node."""
    for tool in ("sh", "sed", "dirname", "env"):
        found = shutil.which(tool)
        assert found, tool
        (tmp_path / tool).symlink_to(Path(found).resolve())
    return str(tmp_path)


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", SCRIPT, *arguments], env=os.environ | environment, capture_output=True, text=True, check=False
    )


def old_node(folder: str, version: str) -> None:
    for tool in ("node", "npm"):
        stand_in = Path(folder) / tool
        stand_in.write_text(f"#!/bin/sh\necho {version}\n")
        stand_in.chmod(0o755)


def test_without_node_the_packages_one_is_taken(bare_path: str) -> None:
    assert run("which", PATH=bare_path, PYTHON=sys.executable).stdout == "wheel\n"
    assert run("node", "-p", "6 * 7", PATH=bare_path, PYTHON=sys.executable).stdout == "42\n"
    assert run("npm", "--version", PATH=bare_path, PYTHON=sys.executable).stdout[:1].isdigit()


def test_a_node_that_is_too_old_is_passed_over(bare_path: str) -> None:
    old_node(bare_path, "v18.20.4")
    assert run("which", PATH=bare_path, PYTHON=sys.executable).stdout == "wheel\n"


def test_a_node_that_is_new_enough_is_taken(bare_path: str) -> None:
    old_node(bare_path, "v20.0.0")
    assert run("which", PATH=bare_path, PYTHON=sys.executable).stdout == "path\n"
    assert run("node", "--version", PATH=bare_path, PYTHON=sys.executable).stdout == "v20.0.0\n"


def test_with_neither_it_says_what_to_install(bare_path: str) -> None:
    said = run("node", "--version", PATH=bare_path, PYTHON="no-such-python")
    assert said.returncode == 127
    assert "Node 20 or newer is needed" in said.stderr
