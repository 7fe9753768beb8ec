"""What was read out of documents, as it lies in the cache. Losing it costs time, nothing else.

A file's name is the hash of all that its content depends on, so none is ever wrong.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from graph_api import durable
from graph_api.errors import CannotRunError
from graph_api.folder import DataFolder
from ingest.extraction import Extraction

__all__ = ["ExtractionCache", "keep_reading_keys", "reading_keys"]

_KEYS_FILE = "readings.json"


class ExtractionCache:
    """JSON values by key, in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def load(self, key: str) -> Any:
        """Return what was saved under the key, None where nothing readable is."""
        try:
            return json.loads((self._folder / f"{key}.json").read_bytes())
        except (FileNotFoundError, ValueError):
            return None

    def save(self, key: str, value: object) -> None:
        """Keep a JSON value."""
        text = json.dumps(value, ensure_ascii=False, sort_keys=True)
        durable.write_bytes(self._folder / f"{key}.json", text.encode())

    def extraction(self, key: str) -> Extraction | None:
        """Return the extraction of that key if it is here."""
        found = self.load(key)
        return None if found is None else Extraction.from_json(found)

    def sweep(self, keep: Iterable[str]) -> None:
        """Remove what ``keep`` does not name."""
        wanted = set(keep)
        for path in self._folder.glob("*.json"):
            if path.stem not in wanted:
                path.unlink()


def keep_reading_keys(folder: Path, keys: dict[str, str]) -> None:
    """Keep the key of each document's extraction, by its SHA-256, in the store's folder."""
    durable.write_json(folder / _KEYS_FILE, keys)


def reading_keys(folder: DataFolder) -> dict[str, str]:
    """Return the key of each document's extraction, of the last build.

    Raises:
        CannotRunError: nothing was built yet.
    """
    try:
        keys: dict[str, str] = json.loads((folder.store / _KEYS_FILE).read_bytes())
    except FileNotFoundError:
        raise CannotRunError("nothing was built yet; run `maillon build`") from None
    return keys
