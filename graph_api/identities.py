"""What became of addresses: withdrawn, merged into another, or restored. Kept, append-only.

It also holds which entities a person found to be different, however alike they look.

``decisions/identities.jsonl`` has one record a line. The builder leaves out of the graph what is
withdrawn; the web process answers 410 with a tombstone, or 308 to what an entity was merged into.
Nothing is rewritten: a later record about the same IRI takes the earlier one back.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from graph_api.record_log import RecordLog

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


class IdentityLog(RecordLog[Fate]):
    """``identities.jsonl`` of the folder of decisions."""

    def __init__(self, decisions: Path) -> None:
        super().__init__(decisions / "identities.jsonl", Fate.from_json)
        self._told: tuple[Fate, ...] = ()
        self._fates: dict[str, Fate] = {}

    def fates(self) -> Mapping[str, Fate]:
        """What holds now, by IRI; restored ones are not in it."""
        if (events := self.records()) is not self._told:
            fates: dict[str, Fate] = {}
            for fate in events:
                for iri in (fate.iri, *fate.also) if fate.event != "distinct" else ():
                    if fate.event == "restored":
                        fates.pop(iri, None)
                    else:
                        fates[iri] = fate
            self._fates, self._told = fates, events
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
        return frozenset((e.iri, e.to) for e in self.records() if e.event == "distinct")
