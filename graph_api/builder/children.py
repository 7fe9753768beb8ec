"""Reads files in a child process, so that no file can stop, crash or fill the builder.

The child (:mod:`graph_api.builder.reader_process`) is replaced after some files, when it dies and when
it is too slow; in an archive the next one goes on behind the member that stopped it.
"""

import json
import logging
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from graph_api.builder.read_files import ReadFile, Unreadable
from graph_api.builder.reader_process import CRASHED, HEADER
from graph_api.settings import Settings
from ingest.document import Document
from ingest.readers import Limits

__all__ = ["ReaderChild", "limits_of"]

_log = logging.getLogger(__name__)

# -P: nothing is taken from the folder one happens to be in.
_COMMAND = (sys.executable, "-P", "-m", "graph_api.builder.reader_process")
_RECYCLE = 20  # files per child: whatever a library leaks goes with it
_MOST_STOPS = 10  # children that one archive may stop: each may take its whole time
_STOPPED = ("crashed", "too-slow")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class _Budget:
    seconds: float
    address_space: int
    limits: Limits


def limits_of(settings: Settings) -> Limits:
    """Return the readers' limits as the settings have them."""
    return Limits(
        text_bytes=settings.text_bytes,
        file_bytes=settings.file_bytes,
        pages=settings.file_pages,
        members=settings.archive_members,
        unpacked_bytes=settings.archive_bytes,
    )


class ReaderChild:
    """One child at a time, started when first needed. A context manager that ends it."""

    def __init__(self, settings: Settings) -> None:
        self._budget = _Budget(settings.reader_seconds, settings.reader_bytes, limits_of(settings))
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0
        self._answering = False  # it has not answered to the end

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read(self, path: Path, name: str) -> Iterator[ReadFile]:
        """Yield what came of a file under the name people know it by; of an archive, of each member.

        What cannot be read has the reader's problem, or ``too-slow``, or ``crashed``, and the next
        ones are read all the same.
        """
        members = stops = 0
        while stops < _MOST_STOPS:
            for file in self._ask(path, name, members):
                if file is None:
                    return
                yield file
                members += 1
                if isinstance(file.outcome, Unreadable):
                    stops += file.outcome.problem in _STOPPED
        detail = f"The archive stopped the reader {stops} times; the rest of it was not read."
        yield ReadFile(
            name, "", Unreadable("crashed", detail, "Unpack it and give the files in it.")
        )

    def _ask(self, path: Path, name: str, start: int) -> Iterator[ReadFile | None]:
        """Yield what one child makes of a file, of an archive from the member ``start`` on.

        ``None`` comes last, unless another child has to go on.
        """
        inside = ""
        try:
            stream = self._send({"path": str(path), "name": name, "start": start})
            while "end" not in (received := self._receive(stream))[0]:
                answer, data = received
                if "member" in answer:
                    inside = answer["member"]
                    continue
                self._files += 1
                if trace := answer.get("trace"):
                    self._files = _RECYCLE
                    _log.error("the reader failed on %s\n%s", name, trace, extra={"kept": True})
                yield ReadFile(name, inside, _outcome(answer), data)
                if inside and self._files >= _RECYCLE:
                    return
                inside = ""
            self._answering = False
        except Unreadable as error:
            self._stop()
            yield ReadFile(name, inside, error)
            if inside:
                return
        yield None

    def _send(self, request: dict[str, object]) -> IO[bytes]:
        """Hand a request to a child that is free; return what it answers on."""
        if self._answering or self._files >= _RECYCLE:
            self._stop()
        process = self._process = self._process or self._start()
        assert process.stdin is not None  # noqa: S101 - for the type checker: both are pipes
        assert process.stdout is not None  # noqa: S101
        self._answering = True
        try:
            process.stdin.write(json.dumps(request).encode() + b"\n")
        except BrokenPipeError:
            raise Unreadable(**CRASHED) from None
        return process.stdout

    def _receive(self, stream: IO[bytes]) -> tuple[dict[str, Any], bytes]:
        """Return the child's next answer, and the bytes that come with it."""
        deadline = time.monotonic() + self._budget.seconds
        size, more = HEADER.unpack(self._take(stream, HEADER.size, deadline))
        answer: dict[str, Any] = json.loads(self._take(stream, size, deadline))
        return answer, self._take(stream, more, deadline)

    def _take(self, stream: IO[bytes], size: int, deadline: float) -> bytes:
        taken = bytearray()
        while len(taken) < size:
            left = max(0.0, deadline - time.monotonic())
            if not select.select([stream], [], [], left)[0]:
                raise Unreadable(
                    "too-slow",
                    f"Reading took longer than {self._budget.seconds:g} seconds and was stopped.",
                    "Split the file, or raise MAILLON_READER_SECONDS.",
                )
            piece = stream.read(min(size - len(taken), _PIECE))
            if not piece:
                raise Unreadable(**CRASHED)
            taken += piece
        return bytes(taken)

    def _start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(  # noqa: S603 - our own module
            [*_COMMAND, str(self._budget.address_space), json.dumps(asdict(self._budget.limits))],
            bufsize=0,  # what waits in a buffer of ours would not wake select
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries chatter there; errors come as answers
        )

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None
        self._answering = False
        self._files = 0


def _outcome(answer: dict[str, Any]) -> Document | Unreadable:
    if "error" in answer:
        return Unreadable(**answer["error"])
    return Document.from_layout(answer["text"], answer["layout"])
