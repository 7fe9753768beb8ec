"""The child process that reads files: ``python -m graph_api.builder.reader_process``.

It takes one JSON line a file on standard input: ``path``, ``name``, ``start`` (where to go on in an
archive). Its answers are frames: :data:`HEADER`, a JSON object, and the bytes of the file that a
document was read from. The object has ``text`` and ``layout``, or ``error`` (with ``trace`` if the
fault is ours); ``member`` announces a file of an archive before it is read; ``end`` is the last.
"""

import json
import resource
import struct
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph_api.builder.read_files import base_name, printable
from ingest.readers import Limits, ReadError, is_archive, read, unpack

__all__ = ["CRASHED", "HEADER", "main"]

HEADER = struct.Struct(">QQ")
"""In front of an answer: how long its JSON object is, and how many bytes come behind that."""

CRASHED = {
    "problem": "crashed",
    "detail": "The reader stopped on this file, or needed too much memory.",
    "advice": "Save it again with another program, or convert it to text.",
}
"""What is said of a file that no reader should have failed on as it did."""

_Answer = tuple[dict[str, Any], bytes]


def main(arguments: list[str]) -> int:
    """Answer requests until standard input ends; ``arguments`` are address space and limits."""
    address_space = int(arguments[0])
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limits = Limits(**json.loads(arguments[1]))
    for line in sys.stdin.buffer:
        request = json.loads(line)
        for answer, data in _answers(
            Path(request["path"]), request["name"], limits, request["start"]
        ):
            body = json.dumps(answer).encode()
            sys.stdout.buffer.write(HEADER.pack(len(body), len(data)))
            sys.stdout.buffer.write(body)
            sys.stdout.buffer.write(data)
            sys.stdout.buffer.flush()
    return 0


def _answers(path: Path, name: str, limits: Limits, start: int) -> Iterator[_Answer]:
    try:
        data = path.read_bytes()
        # The reader refuses a file beyond the limit, archive or not.
        if len(data) <= limits.file_bytes and is_archive(data, name):
            yield from _members(data, name, limits, start)
        else:
            yield _read(data, name, limits)
    except ReadError as error:
        yield {"error": _told(error)}, b""
    except OSError as error:
        detail = f"The file cannot be opened: {error.strerror}."
        yield {"error": {"problem": "not-readable", "detail": detail, "advice": ""}}, b""
    except Exception:
        yield _failed()
    yield {"end": True}, b""


def _members(data: bytes, name: str, limits: Limits, start: int) -> Iterator[_Answer]:
    for member in unpack(data, name, limits, start):
        yield {"member": printable(member.name)}, b""
        if member.error is None:
            yield _read(member.data, base_name(member.name), limits)
        else:
            yield {"error": _told(member.error)}, b""


def _read(data: bytes, name: str, limits: Limits) -> _Answer:
    try:
        document = read(data, name, limits)
    except ReadError as error:
        return {"error": _told(error)}, b""
    except Exception:
        return _failed()
    return {"text": document.text, "layout": document.layout()}, data


def _told(error: ReadError) -> dict[str, str]:
    return {"problem": error.problem, "detail": error.detail, "advice": error.advice}


def _failed() -> _Answer:
    """Return what is said after a fault of a reader, or without memory.

    The builder keeps the trace and starts another child.
    """
    return {"error": CRASHED, "trace": traceback.format_exc(limit=20)}, b""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
