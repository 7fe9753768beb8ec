"""ZIP archives, opened so that none of them can fill the memory: DOCX, ODT and EPUB are such, too.

The end record is checked before :mod:`zipfile` reads the directory, and the directory before
anything is unpacked. ``zipfile`` itself never unpacks more than a member's declared size.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath

from ingest.readers.base import Limits, ReadError

__all__ = ["Archive", "Member", "list_names", "unpack"]

_SIGNATURE = b"PK\x03\x04"
_END = struct.Struct("<4s4H2LH")  # the end of central directory record (APPNOTE 4.3.16)
_END_SIGNATURE = b"PK\x05\x06"
_LOCATOR_SIGNATURE = b"PK\x06\x07"  # ZIP64: only needed beyond what we accept
_LOCATOR_SIZE = 20
_LONGEST_COMMENT = 65_535
_DIRECTORY_ENTRY = 512  # bytes of the directory per member that are enough for any honest name
_RATIO = 200  # times its packed size: text packs to a tenth, markup to a hundredth at most
_SMALL = 1_000_000  # bytes: what swells to less is harmless
_CLUTTER = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    """A file of an archive: its path inside, and its bytes or why they cannot be had."""

    name: str
    data: bytes
    error: ReadError | None = None


class Archive:
    """An archive whose directory keeps within the limits.

    Raises :class:`ReadError` when opened (``truncated``, ``damaged``, ``too-large``, ``hostile``).
    """

    def __init__(self, data: bytes, limits: Limits) -> None:
        _check_end(data, limits)
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
            infos = [info for info in self._zip.infolist() if not info.is_dir()]
        except (
            zipfile.BadZipFile,
            ValueError,
            OSError,
            NotImplementedError,
            struct.error,
        ) as error:
            raise _damaged(str(error)) from error
        if len(infos) > limits.members:
            raise _too_many(len(infos), limits)
        unpacked = sum(info.file_size for info in infos)
        if unpacked > limits.unpacked_bytes:
            raise ReadError(
                "too-large",
                f"The archive unpacks to {unpacked:,} bytes; the limit is {limits.unpacked_bytes:,}.",
                "Split it, or raise the limit in the settings.",
            )
        for info in infos:
            if info.file_size > max(_SMALL, _RATIO * info.compress_size):
                raise ReadError(
                    "hostile",
                    f"The archive holds a file that swells from {info.compress_size:,} to"
                    f" {info.file_size:,} bytes, as only bombs do.",
                    "Do not open it; ask where it comes from.",
                )
        self._members = {info.filename: info for info in infos}

    @property
    def names(self) -> tuple[str, ...]:
        """The paths of the files inside, in the archive's order."""
        return tuple(self._members)

    def __contains__(self, name: str) -> bool:
        return name in self._members

    def read(self, name: str, most: int) -> bytes:
        """Return a file's bytes. Raises :class:`ReadError` (``damaged`` when it is not there,
        ``encrypted``, ``too-large`` beyond ``most`` bytes)."""
        info = self._members.get(name)
        if info is None:
            raise _damaged(f"it has no part {name[:80]!r}")
        if info.flag_bits & 0x1:
            raise ReadError(
                "encrypted", "The file is protected by a password.", "Save a copy without it."
            )
        if info.file_size > most:
            raise ReadError(
                "too-large",
                f"The part {name[:80]!r} has {info.file_size:,} bytes; the limit is {most:,}.",
                "Split the file.",
            )
        try:
            return self._zip.read(info)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,  # bzip2
            ValueError,
            NotImplementedError,
            RuntimeError,
            struct.error,
        ) as error:
            raise _damaged(f"the part {name[:80]!r} cannot be unpacked") from error


def list_names(data: bytes) -> tuple[str, ...]:
    """Return the files inside an archive, none for what is no sound archive. Never raises."""
    try:
        return Archive(data, Limits()).names if data.startswith(_SIGNATURE) else ()
    except ReadError:
        return ()


def unpack(
    data: bytes, name: str, limits: Limits | None = None, start: int = 0
) -> Iterator[Member]:
    """Yield the files of an archive in its order, hidden ones left out; nothing touches the disk.

    ``start`` leaves out as many in front, unopened, for who goes on where another stopped.

    Archives inside are yielded as they are and not opened. A file that cannot be unpacked has its
    ``error`` and the others go on. Names are as the archive has them: they are no paths to write to.
    Raises :class:`ReadError` for an archive that is broken or beyond the limits as a whole, or empty.
    """
    limits = limits or Limits()
    archive = Archive(data, limits)
    wanted = [n for n in archive.names if not _is_clutter(n)]
    if not wanted:
        raise ReadError(
            "empty",
            f"The archive {PurePosixPath(name).name!r} has no files.",
            "Check that it was saved or copied whole.",
        )
    for inside in wanted[start:]:
        try:
            yield Member(inside, archive.read(inside, limits.file_bytes))
        except ReadError as error:
            yield Member(inside, b"", error)


def _is_clutter(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return any(part in _CLUTTER or part.startswith((".", "~$")) for part in parts if part != "..")


def _check_end(data: bytes, limits: Limits) -> None:
    """Refuse a directory that :mod:`zipfile` should not even read."""
    position = len(data) - _END.size
    if position < 0 or data[position : position + 4] != _END_SIGNATURE or data[-2:] != b"\0\0":
        position = data.rfind(_END_SIGNATURE, max(0, len(data) - _LONGEST_COMMENT - _END.size))
    if position < 0 or position + _END.size > len(data):
        raise ReadError(
            "truncated",
            f"The archive ends after {len(data):,} bytes, before its list of files.",
            "Download or copy it again.",
        )
    locator = position - _LOCATOR_SIZE
    if locator >= 0 and data[locator : locator + 4] == _LOCATOR_SIGNATURE:
        raise ReadError(
            "unsupported", "The archive is in the ZIP64 form.", "Pack its files again, in parts."
        )
    _, _, _, _, count, directory, _, _ = _END.unpack_from(data, position)
    if count > limits.members or directory > limits.members * _DIRECTORY_ENTRY:
        raise _too_many(max(count, directory // _DIRECTORY_ENTRY), limits)


def _too_many(count: int, limits: Limits) -> ReadError:
    return ReadError(
        "too-large",
        f"The archive holds {count:,} files or more; the limit is {limits.members:,}.",
        "Split it.",
    )


def _damaged(why: str) -> ReadError:
    return ReadError("damaged", f"The archive is not sound: {why}.", "Get the file again.")
