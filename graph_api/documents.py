"""Documents on disk: kept ones, given by people, and shipped ones, made from what we wrote."""

import json
import re
import shutil
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from corpus import register
from graph_api import durable
from graph_api.errors import MissingError
from graph_api.folder import DataFolder
from graph_api.masking import Masks
from graph_api.suppressions import SuppressionLog
from ingest.document import Document

__all__ = ["RIGHTS", "DocumentFolder", "original_name"]

RIGHTS = ("full", "quotes", "metadata")
"""Display policies, from the most to the least that may be shown."""

_ORIGINAL = re.compile(r"original(\.[a-z0-9]+)?")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_OPEN = 16  # documents kept in memory; a page about one document asks for it several times


class DocumentFolder:
    """Reads and saves documents; original, text and layout are never rewritten.

    The same bytes are one document, whatever the files were called: ``meta.json`` keeps all names
    and the first in alphabetical order counts, so that the order of ingestion does not matter.
    """

    def __init__(self, folder: DataFolder, default_rights: str = "quotes") -> None:
        self._folder = folder
        self._default = default_rights
        self._open: OrderedDict[tuple[str, str, str], Document] = OrderedDict()
        self._suppressions = SuppressionLog(folder.access)
        self._masked: dict[tuple[str, str], bool] = {}

    def get(self, sha256: str) -> Document:
        """Raises MissingError for a document that is not here."""
        place = self._place(sha256)
        masks = self._suppressions.masks()
        name = self._name(place)
        key = (sha256, name, masks.key)
        if key in self._open:
            self._open.move_to_end(key)
            return self._open[key]
        text = (place / "text.txt").read_bytes().decode("utf-8")
        layout = json.loads((place / "layout.json").read_bytes())
        document = replace(Document.from_layout(text, layout), name=name)
        if masks:
            document = _hide(document, masks)
        self._open[key] = document
        while len(self._open) > _OPEN:
            self._open.popitem(last=False)
        return document

    def is_masked(self, sha256: str) -> bool:
        """Whether names in the text of a document are blacked out."""
        masks = self._suppressions.masks()
        if not masks:
            return False
        key = (sha256, masks.key)
        if key not in self._masked:
            place = self._place(sha256)
            text = (place / "text.txt").read_bytes().decode("utf-8")
            layout = (place / "layout.json").read_bytes().decode("utf-8")
            self._masked[key] = masks.found(text) or masks.found(layout)
        return self._masked[key]

    def name(self, sha256: str) -> str:
        """Return the file's name: the first of all it was given under."""
        return self._name(self._place(sha256))

    def text_hash(self, sha256: str) -> str:
        """Return what tells the text from others without opening the document: its SHA-256, and which
        names are blacked out in it."""
        text = str(self.meta(sha256)["text_sha256"])
        return f"{text} {self._suppressions.masks().key}" if self.is_masked(sha256) else text

    def layout_bytes(self, sha256: str) -> bytes:
        """Return the stored layout as it lies on the disk, to tell whether it changed."""
        return (self._place(sha256) / "layout.json").read_bytes()

    def rights(self, sha256: str) -> str:
        """The display policy: as given with the file, else the register's, else the default."""
        meta = self.meta(sha256)
        return str(meta.get("rights") or _registered(sha256, meta["names"][0]) or self._default)

    def original(self, sha256: str) -> Path:
        """The file as it was given."""
        place = self._place(sha256)
        return place / str(self.meta(sha256)["original"])

    def meta(self, sha256: str) -> dict[str, Any]:
        """What is known about the file beside its content."""
        meta: dict[str, Any] = json.loads((self._place(sha256) / "meta.json").read_bytes())
        return meta

    def kept(self) -> list[str]:
        """The documents that people gave, sorted."""
        return _hashes(self._folder.documents)

    def all(self) -> list[str]:
        """Kept and shipped documents, sorted."""
        return sorted({*self.kept(), *_hashes(self._folder.shipped)})

    def save(self, document: Document, data: bytes, rights: str | None) -> bool:
        """Keep a document that was read from ``data``; return False if it was here already.

        Another name of the same bytes, or other ``rights``, is noted in either case.
        """
        target = self._folder.documents / document.sha256
        if durable.save_folder(target, _files(document, data, rights)):
            return True
        meta = json.loads((target / "meta.json").read_bytes())
        names = sorted({*meta["names"], document.name})
        if names != meta["names"] or (rights and rights != meta["rights"]):
            meta |= {"names": names, "rights": rights or meta["rights"]}
            durable.write_json(target / "meta.json", meta)
        return False

    def remove(self, sha256: str) -> None:
        """Remove a document from the disk.

        Raises:
            MissingError: it is not here.
        """
        place = self._place(sha256)
        gone = place.with_name(f".{sha256}.gone")
        place.rename(gone)
        durable.sync_folder(place.parent)
        shutil.rmtree(gone)
        self._open.clear()

    def ship(self, document: Document, data: bytes, rights: str | None) -> None:
        """Put a document of ours in its place."""
        files = _files(document, data, rights)
        durable.save_folder(self._folder.shipped / document.sha256, files)

    def unship(self, keep: set[str]) -> None:
        """Remove shipped documents that are none any more."""
        for sha256 in _hashes(self._folder.shipped):
            if sha256 not in keep:
                shutil.rmtree(self._folder.shipped / sha256)

    def shipped(self) -> list[str]:
        """The documents made from what the project ships, sorted."""
        return _hashes(self._folder.shipped)

    def _name(self, place: Path) -> str:
        names: list[str] = json.loads((place / "meta.json").read_bytes())["names"]
        return self._suppressions.masks().hide(names[0])

    def _place(self, sha256: str) -> Path:
        # The name comes from an address: nothing but a hash may reach the file system.
        if _SHA256.fullmatch(sha256):
            for folder in (self._folder.documents, self._folder.shipped):
                if (folder / sha256 / "meta.json").is_file():
                    return folder / sha256
        raise MissingError(f"there is no document {sha256[:80]}")


def _hide(document: Document, masks: Masks) -> Document:
    """Black out names in a document. Every offset holds: what is hidden keeps its length."""
    proposals = tuple(replace(each, value=masks.hide(each.value)) for each in document.metadata)
    return replace(
        document,
        text=masks.hide(document.text),
        title=masks.hide(document.title),
        metadata=proposals,
    )


def _registered(sha256: str, name: str) -> str | None:
    slug = register.match(sha256, name)
    return register.load_register()[slug].rights or None if slug else None


def _hashes(folder: Path) -> list[str]:
    return sorted(_iter_hashes(folder)) if folder.is_dir() else []


def _iter_hashes(folder: Path) -> Iterator[str]:
    for entry in folder.iterdir():
        if _SHA256.fullmatch(entry.name) and (entry / "meta.json").is_file():
            yield entry.name


def original_name(name: str) -> str:
    """Return what the original is called on disk: its suffix is kept where it is a plain one."""
    original = f"original{Path(name).suffix.lower()[:10]}" if "\0" not in name else "original"
    return original if _ORIGINAL.fullmatch(original) else "original"


def _files(document: Document, data: bytes, rights: str | None) -> dict[str, bytes]:
    original = original_name(document.name)
    meta = {
        "names": [document.name],
        "original": original,
        "rights": rights,
        "sha256": document.sha256,
        "text_sha256": document.text_sha256,
        "media_type": document.media_type,
        "reader": document.reader,
    }
    return {
        original: data,
        "text.txt": document.text.encode(),
        "layout.json": json.dumps(document.layout(), ensure_ascii=False, sort_keys=True).encode(),
        "meta.json": json.dumps(meta, ensure_ascii=False, sort_keys=True, indent=1).encode(),
    }
