"""What people settled where sources contradict each other. Kept, append-only.

``decisions/settlements.jsonl`` has one record a line. A settlement hides nothing: every value stays
where it is, and says how a person judged it. It names the values by what they say, never by a
position, so that it holds when documents are read again. A later record of the same comparison counts;
one that was taken back gives way to the one before it.
"""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal, Self

from graph_api.record_log import RecordLog

__all__ = ["VERDICTS", "Settled", "Settlement", "SettlementLog", "settled"]

Verdict = Literal["prefer", "both", "error", "undo"]
VERDICTS: tuple[Verdict, ...] = ("prefer", "both", "error")
"""One value is to be preferred; all can stand; one is an error of its source."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """One record. ``subject`` and ``measure`` name the comparison, ``values`` are the keys that stood in
    it, ``value`` is the one that is preferred or wrong. ``undo`` has ``undoes``, the id of another.

    ``at`` is UTC, ISO 8601.
    """

    id: str
    at: str
    who: str
    why: str
    verdict: Verdict
    subject: str = ""
    measure: str = ""
    values: tuple[str, ...] = ()
    value: str = ""
    undoes: str = ""

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Raises ValueError, KeyError or TypeError for what is not a record."""
        data = json.loads(line)
        if data["verdict"] not in (*VERDICTS, "undo"):
            raise ValueError(f"no verdict {data['verdict']!r}")
        return cls(**{**data, "values": tuple(data.get("values", ()))})


@dataclass(frozen=True, slots=True)
class Settled:
    """How a comparison was settled. ``later`` are the keys of values that came afterwards."""

    id: str
    at: str
    verdict: Verdict
    value: str
    later: frozenset[str]

    @property
    def when(self) -> datetime:
        """The moment, in UTC."""
        return datetime.fromisoformat(self.at)


class SettlementLog(RecordLog[Settlement]):
    """``settlements.jsonl`` of the folder of decisions."""

    def __init__(self, decisions: Path) -> None:
        super().__init__(decisions / "settlements.jsonl", Settlement.from_json)

    def in_force(self) -> tuple[Settlement, ...]:
        """The settlements that nobody took back, in the order of the log."""
        records = self.records()
        gone = {each.undoes for each in records if each.verdict == "undo"}
        return tuple(e for e in records if e.verdict != "undo" and e.id not in gone)


def settled(
    settlements: Collection[Settlement],
    merged: Mapping[str, str],
    subject: str,
    measure: str,
    keys: Collection[str],
) -> Settled | None:
    """Return the last settlement of a comparison of ``keys``, None where there is none.

    ``merged`` leads from the addresses of merged entities to those they go by: a settlement follows
    its entity. One that speaks of a value that is no longer there does not count.
    """
    for each in reversed(list(settlements)):
        if (merged.get(each.subject, each.subject), each.measure) != (subject, measure):
            continue
        values = {_moved(key, each.subject, subject, merged) for key in each.values}
        value = _moved(each.value, each.subject, subject, merged)
        if value in keys if value else len(values.intersection(keys)) > 1:
            later = frozenset(keys) - values
            return Settled(each.id, each.at, each.verdict, value, later)
    return None


def _moved(key: str, old: str, new: str, merged: Mapping[str, str]) -> str:
    """The key of a value after its entity was merged: a figure's own address, or entity and year."""
    if old != new and key.startswith(f"{old} "):
        return new + key[len(old) :]
    return merged.get(key, key)
