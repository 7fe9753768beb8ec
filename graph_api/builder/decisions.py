"""Human judgements: an append-only log, and its replay into one state per claim.

Only the holder of the data folder's lock appends. Nothing is ever rewritten: a judgement is taken
back by another record that names it.
"""

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Self

from graph_api import durable
from graph_api.errors import BadInputError, MissingError
from ingest.extraction import Correction, Named
from ontology.model import Iri
from ontology.model import Literal as Value

__all__ = [
    "ACTIONS",
    "STATES",
    "ClaimRef",
    "Decision",
    "DecisionLog",
    "Ends",
    "State",
    "corrections",
    "in_force",
    "new_decision",
    "replay",
]

State = Literal["unreviewed", "accepted", "rejected", "corrected", "voided"]

ACTIONS = ("accept", "reject", "correct", "void", "undo")
_LATER = ("predicate", "named")  # of the ends: what the first versions did not know
STATES: Mapping[str, State] = {
    "accept": "accepted",
    "reject": "rejected",
    "correct": "corrected",
    "void": "voided",
}
"""What becomes of a claim by each judgement. What is voided was read rightly, and is misprinted or
malformed in its source: it leaves the graph like what is rejected, and does not count against its rule."""


@dataclass(frozen=True, slots=True)
class ClaimRef:
    """The claim that was judged: its hash decides, the rest is for people and lost tools.

    ``rule`` is what read it; empty in the records of versions that did not keep it.
    """

    hash: str
    document: str
    subject: str
    predicate: str
    object: str
    quote: str
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Ends:
    """A claim as a person corrected it: its ends, ``datatype`` empty for an entity; another relation,
    where ``predicate`` is given; what the exchanged end is, where ``named`` is.
    """

    subject: str
    object: str
    datatype: str = ""
    predicate: str = ""
    named: Named | None = None

    def correction(self) -> Correction:
        """Return what the pipeline understands."""
        value = Value(self.object, Iri(self.datatype)) if self.datatype else Iri(self.object)
        predicate = Iri(self.predicate) if self.predicate else None
        return Correction(Iri(self.subject), value, predicate, self.named)

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Self:
        """Raises KeyError or TypeError for what :meth:`to_json` did not write."""
        named = data.get("named")
        if named is not None:
            named = Named(**{**named, "iri": Iri(named["iri"])})
        return cls(**{**data, "named": named})

    def to_json(self) -> dict[str, Any]:
        """Return the record's part; what is not needed is left out, as it always was."""
        data = asdict(self)
        return {name: data[name] for name in data if name not in _LATER or data[name]}


@dataclass(frozen=True, slots=True)
class Decision:
    """One record. ``undo`` has ``undoes``, the id of a decision; other actions have ``claim``, and
    ``correct`` has ``ends``.

    ``before`` is the claim's state when the judgement was made; ``at`` is UTC, ISO 8601.
    An action that this version does not know is kept and has no effect.
    """

    id: str
    at: str
    who: str
    why: str
    action: str
    before: str = "unreviewed"
    claim: ClaimRef | None = None
    undoes: str | None = None
    ends: Ends | None = None

    def to_json(self) -> str:
        """Return the record as one line."""
        record = asdict(self)
        del record["ends"]
        if self.ends is not None:  # records that need nothing new read as they always did
            record["ends"] = self.ends.to_json()
        return json.dumps(record, ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_json(cls, line: str) -> Self:
        """Raises ValueError, KeyError or TypeError for what is not a record."""
        data: dict[str, Any] = json.loads(line)
        claim, ends = data.get("claim"), data.get("ends")
        return cls(
            id=str(data["id"]),
            at=str(data["at"]),
            who=str(data["who"]),
            why=str(data.get("why", "")),
            action=str(data["action"]),
            before=str(data.get("before", "unreviewed")),
            claim=None if claim is None else ClaimRef(**claim),
            undoes=data.get("undoes"),
            ends=None if ends is None else Ends.from_json(ends),
        )


def new_decision(
    action: str,
    *,
    who: str,
    why: str = "",
    before: State = "unreviewed",
    claim: ClaimRef | None = None,
    undoes: str | None = None,
    decision_id: str = "",
    ends: Ends | None = None,
) -> Decision:
    """Make a record with the present time, and a fresh id if none is given."""
    now = datetime.now(UTC)
    return Decision(
        id=decision_id or f"{now:%Y%m%d%H%M%S}-{secrets.token_hex(4)}",
        at=now.isoformat(timespec="seconds"),
        who=who,
        why=why,
        action=action,
        before=before,
        claim=claim,
        undoes=undoes,
        ends=ends,
    )


class DecisionLog:
    """The file ``decisions/log.jsonl``, one record a line, in the order they were made."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "log.jsonl"

    def append(self, decision: Decision) -> None:
        """Add one record; it is on the disk when this returns."""
        durable.append_line(self.path, decision.to_json())

    def read(self) -> tuple[list[Decision], list[str]]:
        """Return the records, and a warning for every line that is none.

        Such a line (a crash cut it short) stays in the file.
        """
        decisions: list[Decision] = []
        warnings: list[str] = []
        if not self.path.exists():
            return decisions, warnings
        text = self.path.read_bytes().decode("utf-8", errors="replace")
        for number, line in enumerate(text.split("\n"), start=1):
            if not line:
                continue
            try:
                decisions.append(Decision.from_json(line))
            except (ValueError, KeyError, TypeError):
                warnings.append(f"{self.path}, line {number}: not a decision, left as it is")
        return decisions, warnings

    def made(self, decision_id: str) -> Decision | None:
        """Return the record of that id, if it is in the log."""
        return next((d for d in self.read()[0] if d.id == decision_id), None)

    def find(self, decision_id: str | None) -> Decision:
        """Return the decision of that id, or the last one in force that is not an undo.

        Raises:
            MissingError: there is none.
            BadInputError: it was taken back already.
        """
        decisions, _ = self.read()
        undone = _undone(decisions)
        if decision_id is None:
            for decision in reversed(decisions):
                if decision.action != "undo" and decision.id not in undone:
                    return decision
            raise MissingError("there is no decision to undo")
        for decision in decisions:
            if decision.id == decision_id:
                if decision.id in undone:
                    raise BadInputError(f"the decision {decision_id} was undone already")
                return decision
        raise MissingError(f"there is no decision {decision_id}")


def replay(decisions: Iterable[Decision]) -> dict[str, State]:
    """Return the state of each judged claim: the last judgement in force counts.

    An undo can be undone. A claim without a judgement in force is not in the result.
    """
    log = list(decisions)
    undone = _undone(log)
    states: dict[str, State] = {}
    for decision in log:
        state = STATES.get(decision.action)
        if state and decision.claim and decision.id not in undone:
            states[decision.claim.hash] = state
    return states


def corrections(decisions: Iterable[Decision]) -> dict[str, Correction]:
    """Return what the claims say that are corrected now, by the hash of what was read."""
    log = list(decisions)
    states = replay(log)
    found: dict[str, Correction] = {}
    for decision in in_force(log, log):
        claim, ends = decision.claim, decision.ends
        if claim and ends and states.get(claim.hash) == "corrected":
            found[claim.hash] = ends.correction()
    return found


def in_force(log: list[Decision], among: Iterable[Decision]) -> list[Decision]:
    """Return those judgements ``among`` the records of the log that nobody took back."""
    undone = _undone(log)
    return [d for d in among if d.action != "undo" and d.id not in undone]


def _undone(log: list[Decision]) -> set[str]:
    undone: set[str] = set()
    for decision in reversed(log):
        if decision.action == "undo" and decision.undoes and decision.id not in undone:
            undone.add(decision.undoes)
    return undone
