"""Reads files in a child process, so that no file can stop, crash or fill the builder.

The child (``python -m graph_api.builder.children``) takes one JSON line a file on standard input
and answers one line each; it is replaced after some files, when it dies and when it is too slow.
"""

import json
import logging
import resource
import select
import subprocess
import sys
import traceback
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from graph_api.settings import Settings
from ingest.document import Document
from ingest.readers import Limits, ReadError, read

__all__ = ["ReaderChild", "Unreadable", "limits_of", "main"]

_log = logging.getLogger(__name__)

_CRASHED = {
    "problem": "crashed",
    "detail": "The reader stopped on this file, or needed too much memory.",
    "advice": "Save it again with another program, or convert it to text.",
}
_RECYCLE = 20  # files per child: whatever a library leaks goes with it


class Unreadable(Exception):  # noqa: N818 - says what the file is
    """A file that could not be read; the batch goes on with the next one."""

    def __init__(self, problem: str, detail: str, advice: str = "") -> None:
        super().__init__(detail)
        self.problem = problem
        self.detail = detail
        self.advice = advice

    def as_report(self) -> dict[str, str]:
        """Return what a job's report says of the file."""
        return {"problem": self.problem, "detail": self.detail, "advice": self.advice}


@dataclass(frozen=True, slots=True)
class _Budget:
    seconds: float
    address_space: int
    limits: Limits


def limits_of(settings: Settings) -> Limits:
    """Return the readers' limits as the settings have them."""
    return Limits(
        text_bytes=settings.text_bytes, file_bytes=settings.file_bytes, pages=settings.file_pages
    )


class ReaderChild:
    """One child at a time, started when first needed. A context manager that ends it."""

    def __init__(self, settings: Settings) -> None:
        self._budget = _Budget(settings.reader_seconds, settings.reader_bytes, limits_of(settings))
        self._process: subprocess.Popen[bytes] | None = None
        self._files = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop()

    def read(self, path: Path, name: str) -> Document:
        """Return the document that ``path`` holds, under the name people know it by.

        Raises:
            Unreadable: with the reader's problem, or ``too-slow``, or ``crashed``.
        """
        process = self._running()
        self._files += 1
        request = json.dumps({"path": str(path), "name": name})
        try:
            answer = self._ask(process, request)
        except (BrokenPipeError, EOFError):
            self._stop()
            raise Unreadable(**_CRASHED) from None
        if trace := answer.get("trace"):
            _log.error("the reader failed on %s\n%s", name, trace, extra={"kept": True})
            self._stop()
        if "error" in answer:
            raise Unreadable(**answer["error"])
        return Document.from_layout(answer["text"], answer["layout"])

    def _ask(self, process: subprocess.Popen[bytes], request: str) -> dict[str, Any]:
        assert process.stdin is not None  # noqa: S101 - for the type checker: both are pipes
        assert process.stdout is not None  # noqa: S101
        process.stdin.write(request.encode() + b"\n")
        process.stdin.flush()
        readable, _, _ = select.select([process.stdout], [], [], self._budget.seconds)
        if not readable:
            self._stop()
            raise Unreadable(
                "too-slow",
                f"Reading took longer than {self._budget.seconds:g} seconds and was stopped.",
                "Split the file, or raise MAILLON_READER_SECONDS.",
            )
        line = process.stdout.readline()
        if not line.endswith(b"\n"):
            raise EOFError
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._files >= _RECYCLE:
            self._stop()
        if self._process is None:
            limits = self._budget.limits
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [
                    sys.executable,
                    "-m",
                    "graph_api.builder.children",
                    str(self._budget.address_space),
                    str(limits.text_bytes),
                    str(limits.file_bytes),
                    str(limits.pages),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # libraries chatter there; errors come as answers
            )
            self._files = 0
        return self._process

    def _stop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                try:
                    pipe.close()
                except BrokenPipeError:
                    # What was not sent yet has no receiver any more.
                    continue
        self._process = None
        self._files = 0


def main(arguments: list[str]) -> int:
    """Answer requests until standard input ends."""
    address_space, text_bytes, file_bytes, pages = map(int, arguments)
    resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    limits = Limits(text_bytes=text_bytes, file_bytes=file_bytes, pages=pages)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        answer = _answer(Path(request["path"]), request["name"], limits)
        sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
        sys.stdout.buffer.flush()
    return 0


def _answer(path: Path, name: str, limits: Limits) -> dict[str, object]:
    try:
        document = read(path.read_bytes(), name, limits)
    except ReadError as error:
        problem = {"problem": error.problem, "detail": error.detail, "advice": error.advice}
        return {"error": problem}
    except OSError as error:
        detail = f"The file cannot be opened: {error.strerror}."
        return {"error": {"problem": "not-readable", "detail": detail, "advice": ""}}
    except Exception:
        # A reader that fails otherwise has a fault of its own, or no memory left: the builder
        # keeps the trace and starts another child.
        return {"error": _CRASHED, "trace": traceback.format_exc(limit=20)}
    return {"text": document.text, "layout": document.layout()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
