"""From the bytes of a file to a :class:`ingest.document.Document`: the highest bidding reader reads."""

import hashlib
from pathlib import PurePath

from ingest.document import Document, hash_text
from ingest.readers.archive import Member, list_names, unpack
from ingest.readers.base import Limits, Problem, RawText, Reader, ReadError
from ingest.readers.docx import DocxReader
from ingest.readers.epub import EpubReader
from ingest.readers.odt import OdtReader
from ingest.readers.pdf import PdfReader
from ingest.readers.text import MarkdownReader, TextReader
from ingest.readers.web import HtmlReader
from ingest.structure import propose_metadata, segment

__all__ = [
    "ARCHIVE_SUFFIXES",
    "SUFFIXES",
    "Limits",
    "Member",
    "Problem",
    "RawText",
    "ReadError",
    "Reader",
    "is_archive",
    "read",
    "readers",
    "unpack",
]

SUFFIXES = frozenset(
    {".txt", ".text", ".md", ".markdown", ".mdown", ".pdf"}
    | {".docx", ".docm", ".dotx", ".odt", ".ott", ".epub", ".html", ".htm", ".xhtml"}
)
"""Extensions of files that a folder is searched for."""

ARCHIVE_SUFFIXES = frozenset({".zip"})
"""Extensions of files that :func:`unpack` opens; :func:`read` refuses them."""

_OWN_FORMAT = frozenset({"[Content_Types].xml", "mimetype"})  # archives only in form
_SURE = 0.5  # a bid above it goes by more than a look at the bytes


def readers() -> tuple[Reader, ...]:
    """Return the known readers; where bids are equal the first one reads."""
    return (
        PdfReader(),
        DocxReader(),
        OdtReader(),
        EpubReader(),
        HtmlReader(),
        MarkdownReader(),
        TextReader(),
    )


def read(data: bytes, name: str, limits: Limits | None = None) -> Document:
    """Return the document in ``data``; ``name`` is its file name, for type and title.

    The same bytes and name give the same document. Raises :class:`ReadError`, and nothing else,
    for whatever bytes.
    """
    limits = limits or Limits()
    if not data.strip():
        raise ReadError("empty", "The file is empty.", "Check that it was saved or copied whole.")
    _refuse_beyond("file", len(data), "bytes", limits.file_bytes)
    reader = _choose(data, name)
    raw = reader.read(data, limits)
    text_bytes = len(raw.text.encode())
    _refuse_beyond("text", text_bytes, "bytes", limits.text_bytes)
    _refuse_beyond("text", _count_lines(raw.text), "lines", limits.lines)
    if not raw.text.strip():
        raise ReadError(
            "empty", "The file has no text.", "Check that it was saved or copied whole."
        )
    structure = segment(raw.text, raw.pages, raw.headings)
    return Document(
        sha256=hashlib.sha256(data).hexdigest(),
        name=PurePath(name).name,
        media_type=reader.media_type,
        text=raw.text,
        text_sha256=hash_text(raw.text),
        blocks=structure.blocks,
        pages=raw.pages,
        lang=structure.lang,
        title=raw.title or structure.title,
        reader=reader.name,
        warnings=raw.warnings,
        metadata=propose_metadata(raw.text, structure, raw.properties),
    )


def is_archive(data: bytes, name: str) -> bool:
    """Tell whether a file is an archive of files, to be given to :func:`unpack` before reading.

    Office files and books, archives in form, are not. Never raises.
    """
    names = list_names(data)
    if not names:
        return data.startswith(b"PK") and PurePath(name).suffix.lower() in ARCHIVE_SUFFIXES
    return not _OWN_FORMAT.intersection(names) and _best_bid(data, name)[0] <= _SURE


def _best_bid(data: bytes, name: str) -> tuple[float, Reader]:
    bids = ((reader.bid(data, name), reader) for reader in readers())
    return max(bids, key=lambda each: each[0])


def _choose(data: bytes, name: str) -> Reader:
    if is_archive(data, name):
        raise ReadError(
            "archive",
            f"The file {PurePath(name).name!r} is an archive of files, not a document.",
            "Unpack it and give the files in it.",
        )
    bid, reader = _best_bid(data, name)
    if bid <= 0:
        raise ReadError(
            "unsupported",
            f"No reader knows files like {PurePath(name).name!r}.",
            f"Known are {', '.join(sorted(SUFFIXES))}.",
        )
    return reader


def _count_lines(text: str) -> int:
    """Return how many lines the text has at most, whatever ends them."""
    return max(text.count("\n"), text.count("\r")) + sum(map(text.count, "\f\v\x85\u2028\u2029"))


def _refuse_beyond(what: str, reached: int, unit: str, limit: int) -> None:
    if reached > limit:
        raise ReadError(
            "too-large",
            f"The {what} has {reached:,} {unit}; the limit is {limit:,}.",
            "Split it, or raise the limit in the settings.",
        )
