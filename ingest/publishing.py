"""Which rules may speak without a person: those whose measured precision is high enough.

What a rule extracts is public while the lower bound of its measured precision (95 %, Wilson) reaches
the bar; the output of other rules waits as candidates. Few rules have been judged so often that their
own figures could say so: until then a rule is measured together with those of its kind, unless its own
judgements already contradict that. What no rule asserts becomes public only by the rule's own figures.
"""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from math import ceil, sqrt
from pathlib import Path
from typing import Final, NamedTuple

from ingest.extraction import Extraction
from ontology import terms as mln
from ontology.model import Claim

__all__ = [
    "KINDS",
    "PROPOSING_RULES",
    "Counts",
    "PublishingBar",
    "Rule",
    "measured_rules",
    "rule_of",
    "statement_rule",
]

_Z: Final = 1.959964  # of a 95 % interval
_TABLE: Final = Path(__file__).parent / "extract" / "tables" / "precision.tsv"

KINDS: Final = ("names", "templates", "sentences", "figures", "proposals")
"""What rules are of one kind: that something is named, what a form says, what a sentence says, what
a figure is of, and what is never more than proposed."""


PROPOSING_RULES: Final = frozenset(("locatedIn-in-name",))
"""Rules of relations that assert nothing: what they find waits for a person."""


class Rule(NamedTuple):
    """A rule by its kind and the name that its claims carry."""

    kind: str
    name: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How many of a rule's claims were judged, and how many of these were right."""

    right: int = 0
    judged: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(self.right + other.right, self.judged + other.judged)

    @property
    def precision(self) -> float:
        """The share that was right; 0 where none was judged."""
        return self.right / self.judged if self.judged else 0.0

    def interval(self) -> tuple[float, float]:
        """Return the bounds of the precision, 95 % (Wilson 1927); 0 and 1 where none was judged."""
        n = self.judged
        if not n:
            return 0.0, 1.0
        share, spread = self.precision, _Z * _Z / n
        centre = (share + spread / 2) / (1 + spread)
        half = sqrt(share * (1 - share) * spread + spread * spread / 4) / (1 + spread)
        return max(0.0, centre - half), min(1.0, centre + half)


class PublishingBar:
    """Decides which claims of an extraction are public and which wait for a person."""

    def __init__(self, bar: float, counts: Mapping[Rule, Counts]) -> None:
        self.bar = bar
        self.counts = dict(counts)
        self._kinds = {kind: Counts() for kind in KINDS}
        for rule, count in self.counts.items():
            if count.interval()[1] >= bar:  # a rule that is known to be bad says nothing of others
                self._kinds[rule.kind] += count
        # As many as a rule that is always right needs to get its lower bound to the bar.
        self.enough = max(1, ceil(_Z * _Z * bar / (1 - bar))) if bar < 1 else 1 << 62

    @cached_property
    def key(self) -> str:
        """Names all verdicts: extractions are published anew when it changes."""
        told = {*self.counts, *(Rule(kind, "") for kind in KINDS)}
        return " ".join(
            f"{rule.kind}/{rule.name}:{int(self.allows(rule))}{int(self.earned(rule))}"
            for rule in sorted(told)
        )

    def basis(self, rule: Rule) -> Counts:
        """Return the figures that decide on a rule: its own once there are enough, else its kind's."""
        own = self.counts.get(rule, Counts())
        return own if own.judged >= self.enough else self._kinds[rule.kind]

    def allows(self, rule: Rule) -> bool:
        """Tell whether what the rule asserts is public without a person."""
        own = self.counts.get(rule, Counts())
        return self.basis(rule).interval()[0] >= self.bar and own.interval()[1] >= self.bar

    def earned(self, rule: Rule) -> bool:
        """Tell whether a rule that asserts nothing has been right so often that it may."""
        own = self.counts.get(rule, Counts())
        return own.judged >= self.enough and own.interval()[0] >= self.bar

    def apply(self, extraction: Extraction) -> Extraction:
        """Return the extraction with its claims parted into public ones and candidates."""
        public = [c for c in extraction.claims if self.allows(rule_of(c))]
        public += [c for c in extraction.candidates if self.earned(rule_of(c))]
        hashes = {claim.hash for claim in public}
        held = (*extraction.claims, *extraction.candidates)
        waiting = tuple(claim for claim in held if claim.hash not in hashes)
        return replace(extraction, claims=tuple(public), candidates=waiting)


def rule_of(claim: Claim) -> Rule:
    """Return the rule that read a claim."""
    if claim.predicate == mln.mentions:
        return Rule("names", claim.rule)
    return statement_rule(claim.rule)


def statement_rule(name: str) -> Rule:
    """Return the rule of that name that relates things, or a figure to what it is of."""
    if name.startswith("figure-"):
        return Rule("figures", name)
    if name in PROPOSING_RULES:
        return Rule("proposals", name)
    form = name.startswith(("template-", "list-"))
    return Rule("templates" if form else "sentences", name)


@cache
def measured_rules() -> Mapping[Rule, Counts]:
    """Return what was measured on the annotated reports (``docs/extraction.md`` says how)."""
    with _TABLE.open(newline="", encoding="utf-8") as file:
        return _read(csv.DictReader(file, delimiter="\t"))


def _read(rows: Iterable[Mapping[str, str]]) -> dict[Rule, Counts]:
    found: dict[Rule, Counts] = {}
    for row in rows:
        rule = Rule(row["kind"], row["rule"])
        found[rule] = found.get(rule, Counts()) + Counts(int(row["right"]), int(row["judged"]))
    return found
