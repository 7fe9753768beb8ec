"""Writes that survive a crash: whole or not at all, and on the disk when the function returns."""

import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path

__all__ = ["append_line", "save_folder", "sync_folder", "write_bytes", "write_json"]


def write_bytes(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Replace ``path`` by ``data``; a reader sees the old file or the new one, never a part."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        _write_synced(temporary, data, mode)
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def write_json(path: Path, value: object, mode: int = 0o644) -> None:
    """Replace ``path`` by ``value`` as JSON with sorted keys."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, indent=1)
    write_bytes(path, text.encode() + b"\n", mode)


def append_line(path: Path, line: str) -> None:
    """Add one line at the end of ``path``.

    A last line that a crash cut short is closed first: it stays in the file as it is, apart from
    the new one.
    """
    new = not path.exists()
    with path.open("ab+") as file:
        if file.tell() > 0:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
        file.write(line.encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        sync_folder(path.parent)


def save_folder(target: Path, files: Mapping[str, bytes]) -> bool:
    """Make the folder ``target`` with ``files`` in one step; False if it was there already."""
    if target.exists():
        return False
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    temporary.mkdir()
    try:
        for name, data in files.items():
            _write_synced(temporary / name, data, 0o644)
        sync_folder(temporary)
        temporary.rename(target)
    except OSError:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    sync_folder(target.parent)
    return True


def sync_folder(path: Path) -> None:
    """Bring the entries of a folder (new names, renamed files) to the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_synced(path: Path, data: bytes, mode: int) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
