"""What people changed in the graph, as the public may see it: what and when, never who or why.

Notes are written for colleagues, and a rejected statement would be repeated by telling it.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime

from graph_api.builder.decisions import Decision, in_force, replay
from graph_api.identities import Fate
from graph_api.settlements import Settlement

__all__ = ["WHAT", "Change", "changes"]

WHAT = (
    "accepted", "corrected", "rejected", "voided", "settled", "merged", "parted", "withdrawn",
)  # fmt: skip
"""What became of something. ``settled`` is about the thing whose values contradict each other; ``parted``
also names what was withdrawn and is back."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change. ``claim`` names the statement that it concerns, ``document`` the one it was read in,
    ``iri`` the entity or document, ``to`` what this was merged into; what does not apply is empty."""

    at: str
    what: str
    claim: str = ""
    document: str = ""
    iri: str = ""
    to: str = ""

    @property
    def when(self) -> datetime:
        """The moment, in UTC."""
        return datetime.fromisoformat(self.at)

    def to_json(self) -> dict[str, str]:
        """Return what applies as JSON values."""
        return {name: value for name, value in asdict(self).items() if value}


def changes(
    decisions: Iterable[Decision], fates: Iterable[Fate], settlements: Iterable[Settlement] = ()
) -> list[Change]:
    """Return the changes that hold, the newest first: of a claim its last judgement in force.

    ``settlements`` are those in force.
    """
    log = list(decisions)
    states = replay(log)
    found: dict[str, Change] = {}
    for decision in in_force(log, log):
        claim = decision.claim
        if claim is None or claim.hash not in states:
            continue
        state = states[claim.hash]
        told = Change(decision.at, state, document=claim.document)
        if state == "accepted":
            told = Change(decision.at, state, claim.hash, claim.document)
        found[claim.hash] = told
    events = {"merged": "merged", "restored": "parted", "withdrawn": "withdrawn"}
    told_fates = [
        Change(fate.at, events[fate.event], iri=fate.iri, to=fate.to)
        for fate in fates
        if fate.event in events
    ]
    told_fates += [Change(each.at, "settled", iri=each.subject) for each in settlements]
    return sorted((*found.values(), *told_fates), key=lambda change: change.when, reverse=True)
