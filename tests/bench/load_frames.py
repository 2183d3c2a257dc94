"""Websocket frames by hand, as little as the load needs."""


def packed(payload: bytes, opcode: int = 1) -> bytes:
    """A frame from a client; the mask is zero, so that masking costs nothing here and as always there."""
    size = len(payload)
    if size < 126:
        head = bytes([0x80 | opcode, 0x80 | size])
    elif size < 65536:
        head = bytes([0x80 | opcode, 0xFE]) + size.to_bytes(2, "big")
    else:
        head = bytes([0x80 | opcode, 0xFF]) + size.to_bytes(8, "big")
    return head + b"\0\0\0\0" + payload


def payload_at(data: bytes, at: int) -> int:
    size = data[at + 1]
    return at + (2 if size < 126 else 4 if size == 126 else 10)


def frame_end(data: bytes, at: int) -> tuple[int, int] | None:
    """Where the payload of the server's frame at ``at`` begins and ends; None when it is not all there."""
    left = len(data) - at
    if left < 2:
        return None
    size = data[at + 1]
    if size < 126:
        head = at + 2
    elif size == 126:
        if left < 4:
            return None
        head, size = at + 4, data[at + 2] << 8 | data[at + 3]
    else:
        if left < 10:
            return None
        head, size = at + 10, int.from_bytes(data[at + 2 : at + 10], "big")
    end = head + size
    return (head, end) if end <= len(data) else None
