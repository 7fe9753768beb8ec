"""What became of addresses: withdrawn, merged into another, or restored. Kept, append-only.

``decisions/identities.jsonl`` has one record a line. The builder leaves out of the graph what is
withdrawn; the web process answers 410 with a tombstone, or 308 to what an entity was merged into.
Nothing is rewritten: a later record about the same IRI takes the earlier one back.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from graph_api import durable

__all__ = ["EVENTS", "Event", "Fate", "IdentityLog", "new_fate"]

Event = Literal["withdrawn", "merged", "restored"]
EVENTS: tuple[Event, ...] = ("withdrawn", "merged", "restored")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an IRI. ``to`` is what it was merged into; ``also`` are IRIs that share its
    fate (the statements of a document); ``at`` is UTC, ISO 8601.
    """

    iri: str
    event: Event
    at: str
    who: str = ""
    why: str = ""
    to: str = ""
    also: tuple[str, ...] = ()

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Raises ValueError, KeyError or TypeError for what is not a record."""
        data = json.loads(line)
        if data["event"] not in EVENTS:
            raise ValueError(f"no event {data['event']!r}")
        return cls(**{**data, "also": tuple(data.get("also", ()))})


def new_fate(
    iri: str, event: Event, *, who: str, why: str = "", to: str = "", also: Iterable[str] = ()
) -> Fate:
    """Make a record of now."""
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    return Fate(iri, event, now, who, why, to, tuple(also))


class IdentityLog:
    """Reads the log, again when it grew; only the holder of the data folder's lock appends."""

    def __init__(self, decisions: Path) -> None:
        self.path = decisions / "identities.jsonl"
        self._seen: tuple[int, int] | None = None
        self._fates: dict[str, Fate] = {}

    def append(self, fate: Fate) -> None:
        """Add a record; it is on the disk when this returns."""
        durable.append_line(self.path, json.dumps(asdict(fate), ensure_ascii=False, sort_keys=True))

    def fates(self) -> Mapping[str, Fate]:
        """What holds now, by IRI; restored ones are not in it. Lines that are no record are left out."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return {}
        seen = (status.st_size, status.st_mtime_ns)
        if seen != self._seen:
            fates: dict[str, Fate] = {}
            for line in self.path.read_text(encoding="utf-8").splitlines():
                try:
                    fate = Fate.from_json(line)
                except (ValueError, KeyError, TypeError):
                    continue  # cut short by a crash, or written by a newer version
                for iri in (fate.iri, *fate.also):
                    if fate.event == "restored":
                        fates.pop(iri, None)
                    else:
                        fates[iri] = fate
            self._fates, self._seen = fates, seen
        return self._fates

    def find(self, iri: str) -> Fate | None:
        """What became of an IRI; a passage shares the fate of its document."""
        fates = self.fates()
        return fates.get(iri) or fates.get(iri.partition("/p/")[0])

    def withdrawn(self) -> frozenset[str]:
        """The IRIs that are withdrawn now, those that share a fate included."""
        return frozenset(i for i, fate in self.fates().items() if fate.event == "withdrawn")
