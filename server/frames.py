"""Frames that are ready for the wire: encoded once, written to every connection as they are.

ASGI's ``send`` encodes and frames a text anew for each listener and takes a task's turn for it; for hundreds of
listeners that is most of what a live draft costs. uvicorn's protocol class gets a door here through which ready bytes
go straight to the socket while the socket takes them. A server without that door sends the same frames by ``send``.
"""

from typing import Any, Final, Protocol

from starlette.types import Scope
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from server import wire

_DOOR: Final = "adref.ready"


class Frame:
    """One text frame: its payload, and the payload behind the header of RFC 6455, 5.2 (unmasked, final)."""

    __slots__ = ("payload", "ready")

    def __init__(self, payload: bytes) -> None:
        size = len(payload)
        if size < 126:
            head = bytes((0x81, size))
        elif size < 65536:
            head = b"\x81\x7e" + size.to_bytes(2, "big")
        else:
            head = b"\x81\x7f" + size.to_bytes(8, "big")
        self.payload = payload
        self.ready = head + payload

    @classmethod
    def of(cls, message: Any) -> "Frame":
        """From one of the types of wire.py."""
        return cls(wire.encoder.encode(message))


class Door(Protocol):
    """The way past ``send``."""

    def __call__(self, ready: bytes, /) -> bool:
        """Write the bytes of a ready frame. False, and nothing done, when the socket takes no more for now."""


def door(scope: Scope) -> Door | None:
    """The door of a connection, where its server has one."""
    found: dict[str, Door] | None = scope.get("extensions", {}).get(_DOOR)
    return found["write"] if found else None


class WebSockets(WebSocketsSansIOProtocol):
    """uvicorn's websockets-sansio with the door. Without per-message deflate, which would have to see each frame."""

    async def run_asgi(self) -> None:
        """The connection's application, told of the door."""
        if not self.config.ws_per_message_deflate:
            self.scope["extensions"] = {**(self.scope.get("extensions") or {}), _DOOR: {"write": self._write}}
        await super().run_asgi()

    def _write(self, ready: bytes) -> bool:
        if self.close_sent or not self.handshake_complete or not self.writable.is_set() or self.transport.is_closing():
            return False
        self.transport.write(ready)
        return True
