"""Hashes of what a step is made from: files that ship, and the code that reads them."""

import hashlib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from pathlib import Path

__all__ = ["hash_folder", "hash_package"]

_SKIP = {"__pycache__", "py.typed"}


@cache
def hash_package(package: str) -> str:
    """Return the SHA-256 over names and bytes of all files of an installed package.

    Data and code alike: a step whose code changed runs again. Read once per process, because the
    running code does not change either.
    """
    return hash_folder(Path(str(files(package))))


def hash_folder(folder: Path) -> str:
    """Return the SHA-256 over the relative names and the bytes of all files below ``folder``."""
    digest = hashlib.sha256()
    for path in sorted(_files(folder)):
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\0{hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        return
    for path in folder.iterdir():
        if path.name in _SKIP or path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _files(path)
        else:
            yield path
