"""What came of reading a file: a document with its bytes, or why there is none."""

from dataclasses import asdict, dataclass
from pathlib import PureWindowsPath
from typing import Any

from ingest.document import Document

__all__ = ["ReadFile", "Unreadable", "base_name", "printable"]

_LONGEST_NAME = 255


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
class ReadFile:
    """One file that was read, or could not be.

    ``file`` is the name of the file that was given, ``inside`` the path of the one that was read
    if the given one is an archive, else ``""``. ``data`` are the bytes of a document.
    """

    file: str
    inside: str
    outcome: Document | Unreadable
    data: bytes = b""

    @property
    def name(self) -> str:
        """The file's own name, never a path."""
        return base_name(self.inside) if self.inside else self.file

    def as_report(self) -> dict[str, Any]:
        """Return what a job's report says of it, all but ``state`` where it could be read.

        ``proposed`` are the metadata that a curator may accept, the best of each field first.
        """
        named = {"name": self.name}
        if self.inside:
            named |= {"archive": self.file, "inside": self.inside}
        if isinstance(self.outcome, Unreadable):
            return {**named, "state": "failed", **self.outcome.as_report()}
        return {
            **named,
            "sha256": self.outcome.sha256,
            "title": self.outcome.title,
            "lang": self.outcome.lang,
            "warnings": list(self.outcome.warnings),
            "proposed": [asdict(proposal) for proposal in self.outcome.metadata],
            "characters": len(self.outcome.text),
            "blocks": len(self.outcome.blocks),
        }


def base_name(inside: str) -> str:
    """Return the file name at the end of a path in an archive, whichever system wrote it."""
    name = PureWindowsPath(printable(inside)).name
    return name[-_LONGEST_NAME:] if name not in ("", "..") else "document"


def printable(text: str) -> str:
    """Return a text from a stranger without what could steer a terminal."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)
