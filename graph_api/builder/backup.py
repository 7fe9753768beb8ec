"""Backup and restore of what is kept: one archive with a manifest of checksums."""

import hashlib
import io
import json
import os
import secrets
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph_api import durable
from graph_api.errors import BadInputError, CannotRunError
from graph_api.folder import KEPT, DataFolder

__all__ = ["MANIFEST", "is_empty", "restore_archive", "write_archive"]

MANIFEST = "MANIFEST.json"
_FORMAT = 1


def write_archive(folder: DataFolder, target: Path, graph_hash: str | None) -> int:
    """Write all kept files to ``target`` (tar.gz); return how many.

    The caller holds the lock, so nothing changes meanwhile. ``target`` is replaced only by a whole
    archive. ``graph_hash`` lets a restore tell that it came to the same graph.

    Raises:
        CannotRunError: the archive cannot be written.
    """
    files = sorted(_kept_files(folder))
    sums = {path.relative_to(folder.root).as_posix(): _sum(path) for path in files}
    manifest = {"format": _FORMAT, "graph": graph_hash, "files": sums}
    temporary = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("xb") as raw:
            with tarfile.open(fileobj=raw, mode="w:gz", compresslevel=6) as archive:
                _add(archive, MANIFEST, json.dumps(manifest, sort_keys=True, indent=1).encode())
                for path in files:
                    archive.add(path, path.relative_to(folder.root).as_posix(), recursive=False)
            raw.flush()
            os.fsync(raw.fileno())
        temporary.chmod(0o600)  # it holds the hashes of tokens
        temporary.replace(target)
        durable.sync_folder(target.parent)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise CannotRunError(f"the backup {target} cannot be written: {error.strerror}") from error
    return len(files)


def restore_archive(folder: DataFolder, source: Path) -> str | None:
    """Put the files of an archive into an empty data folder; return the hash its graph had.

    All files are checked against the manifest before any is put in place.

    Raises:
        CannotRunError: the folder keeps something already, or the archive cannot be opened.
        BadInputError: the archive is damaged, or is none.
    """
    if not is_empty(folder):
        raise CannotRunError(f"{folder.root} is not empty; restore into a new folder (see --data)")
    folder.run.mkdir(parents=True, exist_ok=True)
    scratch = folder.run / f"restore-{secrets.token_hex(4)}"
    scratch.mkdir()
    try:
        with tarfile.open(source, mode="r:gz") as archive:
            archive.extractall(scratch, filter="data")
        manifest = _read_manifest(scratch, source)
        _verify(scratch, manifest["files"], source)
        for name in KEPT:
            if (scratch / name).is_dir():
                shutil.copytree(scratch / name, folder.root / name, dirs_exist_ok=True)
    except FileNotFoundError as error:
        raise CannotRunError(f"the backup {source} cannot be opened: {error.strerror}") from error
    except (tarfile.TarError, EOFError, OSError) as error:
        raise BadInputError(f"{source} is damaged, or no backup of maillon: {error}") from error
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    graph = manifest.get("graph")
    return str(graph) if graph else None


def is_empty(folder: DataFolder) -> bool:
    """Whether nothing that people gave is in the folder; a build alone notes what it made."""
    return all(path.is_relative_to(folder.changes) for path in _kept_files(folder))


def _kept_files(folder: DataFolder) -> Iterator[Path]:
    for name in KEPT:
        for path in (folder.root / name).rglob("*"):
            hidden = any(p.startswith(".") for p in path.relative_to(folder.root).parts)
            if path.is_file() and not hidden and path.name != "lock":
                yield path


def _sum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))


def _read_manifest(scratch: Path, source: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads((scratch / MANIFEST).read_bytes())
        if manifest["format"] != _FORMAT:
            raise BadInputError(f"{source} was made by a newer version of maillon")
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        raise BadInputError(f"{source} is no backup of maillon: it has no manifest") from None
    return manifest


def _verify(scratch: Path, sums: dict[str, str], source: Path) -> None:
    found = {p.relative_to(scratch).as_posix(): p for p in scratch.rglob("*") if p.is_file()}
    found.pop(MANIFEST, None)
    if set(found) != set(sums):
        odd = sorted(set(found) ^ set(sums))[0]
        raise BadInputError(f"{source} is damaged: {odd} does not agree with the manifest")
    for name, path in found.items():
        if _sum(path) != sums[name]:
            raise BadInputError(f"{source} is damaged: {name} has another checksum")
