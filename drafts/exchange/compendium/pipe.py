"""A zip that is written as it grows: what was packed is taken away at once, so a file of any size needs little memory.

Such a file cannot be gone back in, so the sizes of its entries stand behind them (a "data descriptor"), which Word,
Excel and LibreOffice read."""

import io
import zipfile
from typing import IO, Final

_MADE: Final = (1980, 1, 1, 0, 0, 0)  # the zip's own times say nothing


class _Out(io.RawIOBase):
    """Bytes that wait to be taken."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        part = bytes(data)  # type: ignore[call-overload]  # whatever zipfile has: bytes or a view of them
        self.waiting += part
        return len(part)


class Pipe:
    """A zip on its way out."""

    def __init__(self) -> None:
        self._out = _Out()
        self._zip = zipfile.ZipFile(self._out, "w", zipfile.ZIP_DEFLATED)
        self._entry: IO[bytes] | None = None

    def __del__(self) -> None:
        self.finish()  # of a file that nobody waits for any more: a zip cannot be closed over an open entry

    def put(self, name: str, data: bytes) -> None:
        """A whole entry."""
        self.begin(name)
        self.write(data)
        self.finish()

    def begin(self, name: str) -> None:
        """An entry that is written bit by bit from here on."""
        entry = zipfile.ZipInfo(name, _MADE)
        entry.compress_type = zipfile.ZIP_DEFLATED
        self._entry = self._zip.open(entry, "w")

    def write(self, data: bytes) -> None:
        """More of the entry that was begun."""
        assert self._entry is not None  # noqa: S101 - ``begin`` comes first
        self._entry.write(data)

    def finish(self) -> None:
        """The end of the entry that was begun."""
        if self._entry is not None:
            self._entry.close()
            self._entry = None

    def close(self) -> None:
        """The zip's directory."""
        self._zip.close()

    def take(self) -> bytes:
        """What was packed since it was last asked for."""
        taken, self._out.waiting = bytes(self._out.waiting), bytearray()
        return taken
