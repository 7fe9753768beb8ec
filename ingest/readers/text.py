"""Plain text and Markdown: decoding only. The text is kept as it is, to the last character."""

import codecs
import re
from pathlib import PurePath

from ingest.readers.base import Limits, RawText, ReadError

__all__ = ["MarkdownReader", "TextReader", "decode"]

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MOST_CONTROLS = 0.002  # share of characters; text files hold hardly any
_SAMPLE = 200_000
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (b"%PDF-", b"PK\x03\x04", b"\x89PNG", b"\xff\xd8\xff", b"\x7fELF", b"GIF8", b"\x1f\x8b")


class TextReader:
    """Any text file. Offsets are those of the file opened with ``newline=""``."""

    name = "text/1"
    media_type = "text/plain"
    _extensions: frozenset[str] = frozenset({".txt", ".text", ""})

    def bid(self, data: bytes, name: str) -> float:
        """Bid on the extension; low on any other file that looks like text."""
        if PurePath(name).suffix.lower() in self._extensions:
            return 0.6
        return 0.0 if _is_binary(data[:4096]) else 0.1

    def read(self, data: bytes, limits: Limits) -> RawText:
        """Return the decoded text. Raises :class:`ReadError` (``empty``, ``binary``, ``too-large``)."""
        text, warnings = decode(data)
        return RawText(text, warnings=warnings)


class MarkdownReader(TextReader):
    """A Markdown file: the same text; its marks are read by :mod:`ingest.structure`."""

    name = "markdown/1"
    media_type = "text/markdown"
    _extensions = frozenset({".md", ".markdown", ".mdown"})

    def bid(self, data: bytes, name: str) -> float:
        """Bid on the extension alone."""
        return 0.6 if PurePath(name).suffix.lower() in self._extensions else 0.0


def decode(data: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of ``data`` and warnings about its encoding.

    UTF-8 (its byte order mark dropped), UTF-16 and UTF-32 with a mark; else Windows-1252, where
    its five holes are read as Latin-1. Raises :class:`ReadError` (``binary``) for anything else.
    """
    if data.startswith(_MAGIC):
        raise _binary("it begins like a document, picture or archive of another type")
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _decode_marked(data, mark, encoding)
    try:
        text, warnings = data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        if _is_binary(data[:_SAMPLE]):
            raise _binary("it has bytes that no text has") from error
        text = _decode_western(data)
        return text, (f"The file is not UTF-8 (byte {error.start}); it was read as Windows-1252.",)
    _refuse_controls(text)
    return text, warnings


def _decode_marked(data: bytes, mark: bytes, encoding: str) -> tuple[str, tuple[str, ...]]:
    try:
        text = data[len(mark) :].decode("utf-8") if encoding == "utf-8" else data.decode(encoding)
    except UnicodeDecodeError as error:
        raise ReadError(
            "damaged",
            f"The file says it is {encoding.upper()} but is not, from byte {error.start} on.",
            "Save it again as UTF-8.",
        ) from error
    _refuse_controls(text)
    warnings = () if encoding == "utf-8" else (f"The file was read as {encoding.upper()}.",)
    return text, warnings


def _decode_western(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _is_binary(data: bytes) -> bool:
    if b"\x00" in data:
        return True
    controls = len(_CONTROL.findall(data.decode("latin-1")))
    return controls > max(2, _MOST_CONTROLS * len(data)) if data else False


def _refuse_controls(text: str) -> None:
    if "\x00" in text or len(_CONTROL.findall(text, 0, _SAMPLE)) > max(
        2, _MOST_CONTROLS * min(len(text), _SAMPLE)
    ):
        raise _binary("it has control characters that no text has")


def _binary(why: str) -> ReadError:
    return ReadError(
        "binary",
        f"The file is not text: {why}.",
        "Give it its right extension, or export its text.",
    )
