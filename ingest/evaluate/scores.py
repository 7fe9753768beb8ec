"""The figures that an evaluation yields. Shares are between 0 and 1, rounded to four digits as JSON."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = [
    "FigureScores",
    "Linking",
    "MentionScores",
    "RelationScores",
    "Results",
    "Score",
    "StructureScore",
    "harmonic_mean",
    "share",
]


def share(part: int, whole: int) -> float:
    """Return part / whole, 0 for an empty whole."""
    return part / whole if whole else 0.0


def harmonic_mean(precision: float, recall: float) -> float:
    """Return F1, 0 where both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass(frozen=True, slots=True)
class Score:
    """Right, wrong and missing answers."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of right answers among those given."""
        return share(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """The share of right answers among those expected."""
        return share(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return harmonic_mean(self.precision, self.recall)

    def __add__(self, other: "Score") -> "Score":
        return Score(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    def as_json(self) -> dict[str, float]:
        """Return counts and shares."""
        return {
            "tp": self.right,
            "fp": self.wrong,
            "fn": self.missed,
            "P": round(self.precision, 4),
            "R": round(self.recall, 4),
            "F1": round(self.f1, 4),
        }


@dataclass(frozen=True, slots=True)
class Linking:
    """Among mentions found that carry a label: is it a name of the right entity?"""

    labelled: int
    known: int
    correct: int
    expected: int

    def as_json(self) -> dict[str, float]:
        """Return counts and shares."""
        return {
            "matched_with_label": self.labelled,
            "label_known": self.known,
            "correct": self.correct,
            "accuracy": round(share(self.correct, self.labelled), 4),
            "end_to_end_recall": round(share(self.correct, self.expected), 4),
        }


@dataclass(frozen=True)
class MentionScores:
    """Per class: ``exact`` needs the same span, ``overlap`` a shared character; ``untyped`` is the
    overlap whatever the class."""

    exact: Mapping[str, Score]
    overlap: Mapping[str, Score]
    untyped: Score
    linking: Linking
    expected: int
    optional: int
    judged: int

    @staticmethod
    def total(per_class: Mapping[str, Score]) -> Score:
        """Return the sum over all classes."""
        return sum(per_class.values(), Score())

    def as_json(self) -> dict[str, Any]:
        """Return everything, sums and means included."""
        return {
            "exact": _classes_as_json(self.exact),
            "overlap": _classes_as_json(self.overlap),
            "linking": self.linking.as_json(),
            "overlap_untyped": {"ALL": self.untyped.as_json()},
            "counts": {
                "gold": self.expected,
                "optional_or_nested": self.optional,
                "predicted_in_sections": self.judged,
            },
        }


def _classes_as_json(per_class: Mapping[str, Score]) -> dict[str, Any]:
    answer: dict[str, Any] = {"ALL": MentionScores.total(per_class).as_json()}
    answer.update({cls: score.as_json() for cls, score in per_class.items()})
    # The mean is over classes that were expected to be met, not over whatever was predicted.
    from_gold = [answer[c]["F1"] for c in CLASSES if c in per_class]
    answer["macro_F1"] = round(sum(from_gold) / len(from_gold), 4) if from_gold else 0.0
    return answer


CLASSES = (
    "Actor",
    "Programme",
    "LegalFramework",
    "Territory",
    "Publication",
    "Event",
    "Person",
)


@dataclass(frozen=True)
class RelationScores:
    """Recall over distinct facts everywhere; precision only where annotation is exhaustive."""

    facts: int
    found: int
    found_any_predicate: int
    section_facts: int
    section_found: int
    judged: int
    judged_right: int
    per_predicate: Mapping[str, tuple[int, int]]  # expected, found

    @property
    def precision(self) -> float:
        """Precision in the exhaustive sections."""
        return share(self.judged_right, self.judged)

    @property
    def section_recall(self) -> float:
        """Recall in the exhaustive sections."""
        return share(self.section_found, self.section_facts)

    def as_json(self) -> dict[str, Any]:
        """Return counts and shares."""
        return {
            "all_facts": {
                "gold": self.facts,
                "found": self.found,
                "R": round(share(self.found, self.facts), 4),
                "R_pair_any_predicate": round(share(self.found_any_predicate, self.facts), 4),
            },
            "in_sections": {
                "gold": self.section_facts,
                "found": self.section_found,
                "judged_predictions": self.judged,
                "P": round(self.precision, 4),
                "R": round(self.section_recall, 4),
                "F1": round(harmonic_mean(self.precision, self.section_recall), 4),
            },
            "per_predicate": {
                name: {"gold": expected, "found": found, "R": round(share(found, expected), 4)}
                for name, (expected, found) in self.per_predicate.items()
            },
        }


@dataclass(frozen=True, slots=True)
class FigureScores:
    """How many figures were found: their span; with the value; and the subject; and the unit."""

    expected: int
    span: int
    value: int
    subject: int
    unit: int

    def as_json(self) -> dict[str, float]:
        """Return the count expected and shares."""
        return {
            "gold": self.expected,
            "span_recall": round(share(self.span, self.expected), 4),
            "value_recall": round(share(self.value, self.expected), 4),
            "value_and_subject_recall": round(share(self.subject, self.expected), 4),
            "with_unit_recall": round(share(self.unit, self.expected), 4),
        }


@dataclass(frozen=True, slots=True)
class StructureScore:
    """Of the units of one kind: how many starts were found, how many with the right extent."""

    expected: int
    start: int
    extent: int

    def as_json(self) -> dict[str, float]:
        """Return counts and shares."""
        return {
            "gold": self.expected,
            "start_found": self.start,
            "R_start": round(share(self.start, self.expected), 4),
            "R_extent_iou80": round(share(self.extent, self.expected), 4),
        }


@dataclass(frozen=True)
class Results:
    """What was measured; ``None`` or empty where predictions or annotations were not given.

    ``languages`` holds the same for the documents (mentions: the sections) of one language each.
    """

    mentions: MentionScores | None = None
    relations: RelationScores | None = None
    figures: FigureScores | None = None
    structure: Mapping[str, StructureScore] | None = None
    languages: Mapping[str, "Results"] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return what was measured as JSON values."""
        answer: dict[str, Any] = {}
        for name in ("mentions", "relations", "figures"):
            scores = getattr(self, name)
            if scores is not None:
                answer[name] = scores.as_json()
        if self.structure is not None:
            answer["structure"] = {k: s.as_json() for k, s in sorted(self.structure.items())}
        if self.languages:
            answer["languages"] = {k: r.as_json() for k, r in sorted(self.languages.items())}
        return answer
