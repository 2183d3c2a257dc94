"""A PostgreSQL that the suite starts for itself in a temporary folder: a unix socket, no port, no password."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.memory import in_memory

# What a test run may do without: the files are thrown away at its end.
_SETTINGS = (
    "-c fsync=off -c full_page_writes=off -c max_connections=200 -c listen_addresses='' "
    "-c dynamic_shared_memory_type=mmap"  # in its folder: what lies elsewhere would outlive it
)


def binaries() -> Path | None:
    """The folder of ``initdb`` and ``pg_ctl``: Debian's newest, or the one on the PATH; None where there is neither."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    if debian:
        return debian[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).resolve().parent if on_path else None


class Postgres:
    """A running server; a context manager. ``sockets`` is its socket folder."""

    def __init__(self, bin_folder: Path) -> None:
        self._bin = bin_folder
        # PostgreSQL refuses to run as root; Debian's package brings the user for it.
        self._user = "postgres" if os.geteuid() == 0 else None
        self._folder = Path(tempfile.mkdtemp(prefix="adref-pg-", dir=in_memory() or "/tmp"))  # noqa: S108 - sockets want short paths
        self.sockets = str(self._folder)

    def __enter__(self) -> Self:
        if self._user:
            owner = pwd.getpwnam(self._user)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        self._folder.chmod(0o755)
        data = str(self._folder / "data")
        self._run("initdb", "-D", data, "-U", "adref", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        options = f"{_SETTINGS} -k {self.sockets}"
        self._run("pg_ctl", "-D", data, "-l", str(self._folder / "log"), "-o", options, "-w", "start")
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._run("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")
        shutil.rmtree(self._folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """What ``ADREF_DATABASE_URL`` says for a database of this server."""
        return f"postgresql+asyncpg://adref@/{database}?host={self.sockets}"

    def _run(self, program: str, *arguments: str) -> None:
        said = self._folder / "said"
        with said.open("ab") as output:  # a pipe would be held open by the server that stays
            done = subprocess.run(
                [str(self._bin / program), *arguments],
                cwd=self._folder,
                user=self._user,
                group=self._user,
                extra_groups=[] if self._user else None,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        if done.returncode != 0:
            raise RuntimeError(f"{program} failed ({done.returncode}):\n{said.read_text()}")
