"""``adref`` on a database of the test's own, empty or with the demo exercise in it."""

import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from server import cli

CHAIR = "chair@demo.invalid"


@dataclass(frozen=True, slots=True)
class Said:
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Runs ``adref`` on a database of the test's own, with another text on standard input if wanted."""
    monkeypatch.setenv("ADREF_DATABASE_URL", f"sqlite:///{tmp_path / 'adref.db'}")
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, piped: str = "") -> Said:
        monkeypatch.setattr("sys.argv", ["adref", *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(piped))
        with pytest.raises(SystemExit) as end:
            cli.main()
        said = capsys.readouterr()
        code = end.value.code
        return Said(code if isinstance(code, int) else 0, said.out, said.err)

    return run


@pytest.fixture
def played(run: Run, demo_database: Path, tmp_path: Path) -> Run:
    """``run``, with the demo exercise in the database."""
    shutil.copy(demo_database, tmp_path / "adref.db")
    return run
