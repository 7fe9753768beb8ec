"""What a reader is: something that bids for a file and turns its bytes into text with hints."""

from dataclasses import dataclass, field
from typing import Literal, Protocol

from ingest.document import MetadataField

__all__ = ["Limits", "Problem", "RawText", "ReadError", "Reader"]

Problem = Literal[
    "empty",
    "too-large",
    "binary",
    "unsupported",
    "encrypted",
    "truncated",
    "damaged",
    "no-text-layer",
    "archive",
    "hostile",
]
"""The machine names of what can be wrong with a file; ``docs/ingestion.md`` explains them."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a document may be; beyond, reading fails with ``too-large``.

    ``lines`` bounds memory: a text of very short lines costs far more than its bytes. ``members``
    and ``unpacked_bytes`` are those of an archive, which DOCX, ODT and EPUB files are too.
    """

    text_bytes: int = 50_000_000
    file_bytes: int = 200_000_000
    pages: int = 5_000
    lines: int = 1_000_000
    members: int = 10_000
    unpacked_bytes: int = 1_000_000_000


class ReadError(Exception):
    """A file that cannot be read. The batch goes on with the next file.

    ``detail`` says in one English sentence what was found, ``advice`` what to do about it.
    """

    def __init__(self, problem: Problem, detail: str, advice: str = "") -> None:
        super().__init__(problem, detail, advice)
        self.problem = problem
        self.detail = detail
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.detail} {self.advice}".strip()


@dataclass(frozen=True, slots=True)
class RawText:
    """What a reader yields: the text and what it knows of its layout.

    ``pages`` are start offsets, first 0, empty where the source has none. ``headings`` are (start,
    end, level) of lines that the source prints as headings. ``title`` is the source's own, if any.
    ``properties`` are what the file says about itself: (field, value, name of the property), with
    the fields of :data:`ingest.document.MetadataField`.
    """

    text: str
    pages: tuple[int, ...] = ()
    headings: tuple[tuple[int, int, int], ...] = ()
    title: str = ""
    warnings: tuple[str, ...] = field(default=())
    properties: tuple[tuple[MetadataField, str, str], ...] = ()


class Reader(Protocol):
    """One kind of file. ``name`` carries the version that offsets depend on: ``"pdf/1"``."""

    name: str
    media_type: str

    def bid(self, data: bytes, name: str) -> float:
        """Return how sure this reader is that the file is its own: 0 (not at all) to 1."""
        ...

    def read(self, data: bytes, limits: Limits) -> RawText:
        """Return the text. Raises :class:`ReadError`, and nothing else, for whatever bytes."""
        ...
