"""Style sheets, fonts, pictures and scripts, served from memory under the hash of them all.

``/static/<hash>/css/base.css``: a page always names the present hash, so the browser may keep a file for ever; somebody
who asks for another hash (an old page, a proxy) gets the present file, not to be kept.
"""

import gzip
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from drafts.errors import NotFound
from server.paths import WEB

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}
_PACKED: Final = frozenset({".css", ".js", ".svg", ".txt"})
_YEAR: Final = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    packed: bytes | None
    media_type: str


class Static:
    """All files of ``web/css`` and ``web/dist`` of known types, read once."""

    def __init__(self, web: Path = WEB) -> None:
        self._files = {f"{folder}/{name}": file for folder in ("css", "dist") for name, file in _read(web / folder)}
        digest = hashlib.sha256()
        for path in sorted(self._files):
            digest.update(path.encode() + b"\0" + self._files[path].body)
        self.hash = digest.hexdigest()[:12]

    def __contains__(self, path: str) -> bool:
        return path in self._files

    def url(self, path: str) -> str:
        """The address of a file such as ``css/base.css``."""
        return f"/static/{self.hash}/{path}"

    def answer(self, request: Request) -> Response:
        """The file at ``/static/{hash}/{path}``; NotFound for what is not there."""
        file = self._files.get(request.path_params["path"])
        if file is None:
            raise NotFound("not_found", "There is nothing at this address.")
        present = request.path_params["hash"] == self.hash
        headers = {"Cache-Control": f"public, max-age={_YEAR}, immutable" if present else "no-cache"}
        if file.packed is None:
            return Response(file.body, media_type=file.media_type, headers=headers)
        headers["Vary"] = "Accept-Encoding"
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(file.body, media_type=file.media_type, headers=headers)
        headers["Content-Encoding"] = "gzip"
        return Response(file.packed, media_type=file.media_type, headers=headers)


def _read(folder: Path) -> list[tuple[str, _File]]:
    found: list[tuple[str, _File]] = []
    for path in sorted(folder.rglob("*")):
        media_type = _TYPES.get(path.suffix)
        if media_type is None or not path.is_file():
            continue
        body = path.read_bytes()
        packed = gzip.compress(body, 9, mtime=0) if path.suffix in _PACKED else None
        found.append((path.relative_to(folder).as_posix(), _File(body, packed, media_type)))
    return found
