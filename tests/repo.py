"""The repo that is being tested, as files."""

import subprocess
from pathlib import Path
from typing import Final

REPO: Final = Path(__file__).resolve().parent.parent


def committed() -> list[Path]:
    """The files that belong to the repo: committed, or about to be (there and not ignored)."""
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(listing, cwd=REPO, capture_output=True, check=True).stdout.decode()
    return [REPO / name for name in listed.split("\0") if name and (REPO / name).is_file()]
