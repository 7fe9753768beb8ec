"""The ledger: which inputs the graphs in the store were made from.

Before a step's graphs are replaced its entry is struck out, after it the new one is written. So a
crash leaves steps without an entry, and those run again: the store never has to be trusted.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from graph_api import durable

__all__ = ["Entry", "Ledger", "hash_of"]

_VERSION = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """A step that is done: the hash of its inputs, the graphs that it made, and the entities in them
    that go by another address since they were merged."""

    inputs: str
    graphs: tuple[str, ...]
    merged: tuple[str, ...] = ()


class Ledger:
    """Name of a step to its entry, and the number of the generation that shows just that."""

    def __init__(self, path: Path) -> None:
        self._path = path
        data = _load(path)
        self.entries: dict[str, Entry] = {
            name: Entry(inputs, tuple(graphs), tuple(merged))
            for name, (inputs, graphs, merged) in data.get("entries", {}).items()
        }
        self.published: int = data.get("published", 0)
        """The generation that shows the entries; 0 while the store is ahead of all."""

    def strike(self, steps: Iterable[str]) -> None:
        """Forget these steps, and that any generation shows the store, before graphs are written."""
        for step in steps:
            self.entries.pop(step, None)
        self.published = 0
        self._save()

    def enter(self, entries: Mapping[str, Entry]) -> None:
        """Note what was done, after the graphs were written."""
        self.entries |= entries
        self._save()

    def publish(self, generation: int) -> None:
        """Note that ``generation`` shows what the store holds."""
        self.published = generation
        self._save()

    def _save(self) -> None:
        entries = {name: [e.inputs, e.graphs, e.merged] for name, e in self.entries.items()}
        data = {"version": _VERSION, "entries": entries, "published": self.published}
        durable.write_json(self._path, data)


def hash_of(*parts: object) -> str:
    """Return the SHA-256 of JSON values (mappings with sorted keys, sets sorted)."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=sorted)
    return hashlib.sha256(text.encode()).hexdigest()


def _load(path: Path) -> dict[str, Any]:
    try:
        data: dict[str, Any] = json.loads(path.read_bytes())
    except (FileNotFoundError, ValueError):
        # Without a ledger everything is made again, and comes out the same.
        return {}
    return data if data.get("version") == _VERSION else {}
