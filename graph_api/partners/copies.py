"""What is kept of a partner's data: the copy that is live, the one before it, and what was left out.

N-Triples in the partner's folder, beside its record. Quarantine never enters the store.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from graph_api import durable
from graph_api.store.oxigraph import from_ox
from ontology.model import Iri, Quad

__all__ = ["Copies"]


class Copies:
    """The copies in one partner's folder. Only the holder of the data folder's lock writes."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self.current = place / "current.nt"
        self.previous = place / "previous.nt"
        self.quarantine = place / "quarantine.nt"
        self._note = place / "current.json"

    def note(self) -> dict[str, Any]:
        """What is known of the live copy: ``run``, ``records``, ``triples``; empty without one."""
        try:
            said: dict[str, Any] = json.loads(self._note.read_bytes())
        except (OSError, ValueError):
            return {}
        return said if self.current.is_file() else {}

    def swap(self, accepted: bytes, quarantine: bytes, note: dict[str, Any]) -> None:
        """Let ``accepted`` be the live copy; the live one becomes the previous.

        Killed at any point, the live copy is the old one or the new one, whole.
        """
        if self.current.is_file():
            durable.write_bytes(self.previous, self.current.read_bytes())
        durable.write_bytes(self.quarantine, quarantine, mode=0o600)
        durable.write_bytes(self.current, accepted)
        self.keep_note(note)

    def keep_note(self, note: dict[str, Any]) -> None:
        """Keep what is known of the live copy."""
        durable.write_json(self._note, note)

    def forget_note(self) -> None:
        """Forget it: there is no live copy any more."""
        self._note.unlink(missing_ok=True)

    def quads(self, graph: Iri) -> Iterator[Quad]:
        """Yield what the live copy says, in a graph."""
        node = ox.NamedNode(graph)
        for quad in ox.parse(self.current.read_bytes(), format=ox.RdfFormat.N_TRIPLES):
            yield from_ox(ox.Quad(quad.subject, quad.predicate, quad.object, node))
