"""What goes over the sockets between the web process, the zygote and the workers.

A worker's socket is a stream: length-prefixed JSON requests in, frames out. A frame is one kind byte,
four bytes of length (big endian), the payload. One query gives ``HEAD DATA* END`` or ``ERROR``,
which may also come after some ``DATA``. ``READY`` is said once, when the worker can take queries.

The zygote's socket keeps message boundaries (SOCK_SEQPACKET) and carries JSON objects with ``op``.
"""

import json
import socket
import struct
from enum import Enum
from typing import Any

__all__ = [
    "BLOCK_BYTES",
    "FRAME_HEADER",
    "REQUEST_HEADER",
    "Kind",
    "decode_json",
    "encode_frame",
    "encode_json",
    "encode_request",
    "read_exactly",
]

BLOCK_BYTES = 65_536
"""Size of the blocks that results are cut into."""

FRAME_HEADER = struct.Struct(">cI")
REQUEST_HEADER = struct.Struct(">I")


class Kind(Enum):
    """Kinds of frame."""

    READY = b"R"
    HEAD = b"H"
    DATA = b"D"
    END = b"Z"
    ERROR = b"E"


def encode_json(value: dict[str, Any]) -> bytes:
    """Return compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def decode_json(data: bytes) -> dict[str, Any]:
    """Return the object in ``data``; ValueError if it is not one."""
    value = json.loads(data)
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def encode_frame(kind: Kind, payload: bytes = b"") -> bytes:
    """Return one frame as bytes."""
    return FRAME_HEADER.pack(kind.value, len(payload)) + payload


def encode_request(request: dict[str, Any]) -> bytes:
    """Return one length-prefixed request."""
    data = encode_json(request)
    return REQUEST_HEADER.pack(len(data)) + data


def read_exactly(sock: socket.socket, size: int) -> bytes | None:
    """Read ``size`` bytes from a blocking socket; None if the other side closed it first."""
    parts = bytearray()
    while len(parts) < size:
        part = sock.recv(min(size - len(parts), BLOCK_BYTES))
        if not part:
            return None
        parts += part
    return bytes(parts)
