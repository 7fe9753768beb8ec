"""What became of addresses: withdrawn, merged into another, or restored. Kept, append-only.

It also holds which entities a person found to be different, however alike they look.

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

Event = Literal["withdrawn", "merged", "restored", "distinct"]
EVENTS: tuple[Event, ...] = ("withdrawn", "merged", "restored", "distinct")


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of an IRI. ``to`` is what it was merged into, or is different from; ``also`` are IRIs
    that share its fate (the statements of a document); ``at`` is UTC, ISO 8601.
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
        self._distinct: frozenset[tuple[str, str]] = frozenset()
        self._events: tuple[Fate, ...] = ()

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
            distinct: set[tuple[str, str]] = set()
            events: list[Fate] = []
            for line in self.path.read_text(encoding="utf-8").splitlines():
                try:
                    fate = Fate.from_json(line)
                except (ValueError, KeyError, TypeError):
                    continue  # cut short by a crash, or written by a newer version
                events.append(fate)
                if fate.event == "distinct":
                    distinct.add((fate.iri, fate.to))
                    continue
                for iri in (fate.iri, *fate.also):
                    if fate.event == "restored":
                        fates.pop(iri, None)
                    else:
                        fates[iri] = fate
            self._fates, self._distinct, self._seen = fates, frozenset(distinct), seen
            self._events = tuple(events)
        return self._fates

    def find(self, iri: str) -> Fate | None:
        """What became of an IRI; a passage shares the fate of its document."""
        fates = self.fates()
        return fates.get(iri) or fates.get(iri.partition("/p/")[0])

    def withdrawn(self) -> frozenset[str]:
        """The IRIs that are withdrawn now, those that share a fate included, and what was merged into
        them: it would come back under their address."""
        gone = {iri for iri, fate in self.fates().items() if fate.event == "withdrawn"}
        return frozenset(gone | {old for old, new in self.merged().items() if new in gone})

    def merged(self) -> dict[str, str]:
        """What was merged now, to the address at the end of its way."""
        merges = {iri: fate for iri, fate in self.fates().items() if fate.event == "merged"}
        found: dict[str, str] = {}
        for iri in merges:
            to, passed = merges[iri].to, {iri}
            while to in merges and to not in passed:
                passed.add(to)
                to = merges[to].to
            found[iri] = to
        return found

    def distinct(self) -> frozenset[tuple[str, str]]:
        """The pairs of IRIs that somebody found to be different, each in the order of the alphabet."""
        self.fates()
        return self._distinct

    def events(self) -> tuple[Fate, ...]:
        """Every record in the order of the log, those that were taken back included."""
        self.fates()
        return self._events
