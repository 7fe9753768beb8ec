"""What is the same thing elsewhere: mappings between our entities and partners', with their grounds.

``decisions/mappings.jsonl``, append-only, has one record a line: a mapping (https://w3id.org/sssom), the same taken
back, or a proposal that somebody refused. Mappings never enter the graph, so that no rule concludes from them. What
belongs together (:func:`clusters`) is computed, not kept: a mapping that is taken back undoes it.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from graph_api.record_log import RecordLog

__all__ = [
    "CURATED",
    "EVENTS",
    "EXACT",
    "JUSTIFICATIONS",
    "PREDICATES",
    "Mapping",
    "MappingLog",
    "clusters",
    "near",
]

Event = Literal["map", "retract", "refuse"]
EVENTS: tuple[Event, ...] = ("map", "retract", "refuse")
EXACT = "skos:exactMatch"
PREDICATES = (EXACT, "skos:closeMatch", "skos:broadMatch", "skos:narrowMatch", "skos:relatedMatch")
CURATED = ("semapv:ManualMappingCuration", "semapv:MappingReview")
"""Justifications of a person: only these bring things together."""
JUSTIFICATIONS = (*CURATED, "semapv:LexicalMatching")


@dataclass(frozen=True, slots=True)
class Mapping:
    """One record. ``predicate`` and ``justification`` are CURIEs, ``at`` is UTC, ISO 8601; ``confidence`` is
    between 0 and 1, as text, or empty.

    Of two records about the same subject, predicate and object the later counts.
    """

    event: Event
    at: str
    who: str
    subject: str
    predicate: str
    object: str
    justification: str = CURATED[0]
    confidence: str = ""
    comment: str = ""
    job: str = ""

    @property
    def key(self) -> tuple[str, str, str]:
        """What it is about."""
        return self.subject, self.predicate, self.object

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Raises ValueError, KeyError or TypeError for what is not a record."""
        data = json.loads(line)
        if data["event"] not in EVENTS or data["predicate"] not in PREDICATES:
            raise ValueError(f"no mapping: {data['event']!r} {data['predicate']!r}")
        return cls(**data)


class MappingLog(RecordLog[Mapping]):
    """``mappings.jsonl`` of the folder of decisions."""

    def __init__(self, decisions: Path) -> None:
        super().__init__(decisions / "mappings.jsonl", Mapping.from_json)

    def in_force(self, gone: Collection[str] = ()) -> tuple[Mapping, ...]:
        """The mappings that hold, sorted; none with an end in ``gone``, what was withdrawn."""
        last = {each.key: each for each in self.records()}
        held = (each for each in last.values() if each.event == "map")
        return tuple(
            sorted(
                (each for each in held if not {each.subject, each.object} & set(gone)),
                key=lambda each: each.key,
            )
        )

    def settled(self) -> frozenset[frozenset[str]]:
        """The pairs that somebody judged, either way, and that need no proposal."""
        last = {each.key: each for each in self.records()}
        return frozenset(
            frozenset((each.subject, each.object))
            for each in last.values()
            if each.event == "refuse" or (each.event == "map" and each.justification in CURATED)
        )


def clusters(mappings: Iterable[Mapping]) -> dict[str, frozenset[str]]:
    """Return for each address those that are the same thing, itself included.

    Only exact matches that a person made count; these are symmetric and transitive (SKOS, 10.3).
    """
    leaders: dict[str, str] = {}

    def leader(iri: str) -> str:
        while (above := leaders.setdefault(iri, iri)) != iri:
            leaders[iri] = leaders[above]
            iri = above
        return iri

    for each in mappings:
        if each.predicate == EXACT and each.justification in CURATED:
            one, other = leader(each.subject), leader(each.object)
            leaders[max(one, other)] = min(one, other)
    members: dict[str, set[str]] = {}
    for iri in list(leaders):
        members.setdefault(leader(iri), set()).add(iri)
    return {iri: frozenset(group) for group in members.values() for iri in group}


def near(mappings: Iterable[Mapping], iri: str) -> list[str]:
    """Return what a person found to be much like a thing, and not the same."""
    ends = (
        {each.subject, each.object}
        for each in mappings
        if each.predicate != EXACT and each.justification in CURATED
    )
    return sorted({other for pair in ends if iri in pair for other in pair - {iri}})
