"""An evaluation as a flat list of measurements with their uncertainty: what is published of it.

Intervals are 95 %. Those of mentions and of relations in exhaustive sections come from drawing the
annotated sections again with replacement (a section's annotations stand or fall together); those of
plain shares are Wilson's. Of the first, what never failed in the sample would seem certain: an interval
is never narrower than Wilson's, that of F1 never than the one between the means of these bounds.
"""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from ingest.evaluate.gold import Gold, document_key
from ingest.evaluate.mentions import score_mentions
from ingest.evaluate.scores import MentionScores, Results, Score, harmonic_mean
from ingest.evaluate.scoring import Predictions, evaluate, score_relations
from ingest.publishing import Counts

__all__ = ["ROUNDS", "Measurement", "measure"]

ROUNDS = 1_000
"""How often the sections are drawn again."""

_SEED = 20_261_127
# What a metric's share is of, and how it is made of right, wrong and missed.
_WHOLES: Mapping[str, Callable[[Score], int]] = {
    "precision": lambda score: score.right + score.wrong,
    "recall": lambda score: score.right + score.missed,
}
_METRICS: Mapping[str, Callable[[Score], float]] = {
    "precision": lambda score: score.precision,
    "recall": lambda score: score.recall,
    "f1": lambda score: score.f1,
}


@dataclass(frozen=True, slots=True)
class Measurement:
    """One figure: ``metric`` of ``what`` (mentions, linking, relations, statements, figures,
    structure), of one ``part`` of it (a class, a relation, a kind; empty for all) in one ``lang``
    (empty for all). ``cases`` is how many were judged or expected; all shares are 0 to 1."""

    what: str
    part: str
    lang: str
    metric: str
    value: float
    low: float
    high: float
    cases: int

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON values, rounded to four digits."""
        data = asdict(self)
        return {k: round(v, 4) if isinstance(v, float) else v for k, v in data.items()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """Raises KeyError, TypeError or ValueError for what is none."""
        return cls(
            str(data["what"]),
            str(data["part"]),
            str(data["lang"]),
            str(data["metric"]),
            float(data["value"]),
            float(data["low"]),
            float(data["high"]),
            int(data["cases"]),
        )


def measure(
    gold: Gold,
    predictions: Predictions,
    languages: Mapping[str, str] | None = None,
    rounds: int = ROUNDS,
) -> list[Measurement]:
    """Return what an evaluation measures, over all documents and then for each language.

    ``languages`` as in :func:`ingest.evaluate.evaluate`. The same input gives the same intervals.
    """
    total = evaluate(gold, predictions, languages=languages)
    found = list(_of(gold, predictions, total, "", rounds))
    for lang, results in sorted(total.languages.items()):
        inside = [s for s in gold.sections if s.get("lang") == lang]
        narrowed = replace(gold, sections=inside)
        found += _of(narrowed, predictions, results, lang, rounds)
    return found


def _of(
    gold: Gold, predictions: Predictions, results: Results, lang: str, rounds: int
) -> Iterator[Measurement]:
    if results.mentions is not None and predictions.mentions is not None:
        yield from _mentions(gold, predictions, results.mentions, lang, rounds)
    if results.relations is not None and predictions.relations is not None:
        yield from _relations(gold, predictions, results, lang, rounds)
    if results.figures is not None:
        figures, expected = results.figures, results.figures.expected
        for part, count in (("value", figures.value), ("subject and unit", figures.unit)):
            yield from _share("figures", part, lang, "recall", count, expected)
    for kind, score in sorted((results.structure or {}).items()):
        yield from _share("structure", kind, lang, "recall", score.start, score.expected)
    if results.structure:
        found = sum(score.start for score in results.structure.values())
        wanted = sum(score.expected for score in results.structure.values())
        yield from _share("structure", "", lang, "recall", found, wanted)


def _mentions(
    gold: Gold, predictions: Predictions, scores: MentionScores, lang: str, rounds: int
) -> Iterator[Measurement]:
    rows = predictions.mentions or ()
    sections = [section["section_id"] for section in gold.sections]
    each = [score_mentions(gold, rows, sections=frozenset([s])).overlap for s in sections]
    classes = sorted(scores.overlap)
    parts = {"": MentionScores.total(scores.overlap)} | {c: scores.overlap[c] for c in classes}
    for part, score in parts.items():
        samples = [
            MentionScores.total(per_class) if not part else per_class.get(part, Score())
            for per_class in each
        ]
        cases = score.right + score.missed
        yield from _with_bootstrap("mentions", part, lang, score, samples, cases, rounds)
    linking = scores.linking
    yield from _share("linking", "", lang, "accuracy", linking.correct, linking.labelled)


def _relations(
    gold: Gold, predictions: Predictions, results: Results, lang: str, rounds: int
) -> Iterator[Measurement]:
    scores = results.relations
    assert scores is not None  # noqa: S101 - the caller looked
    precisions, recalls = [], []
    for section in gold.sections:
        if section["relations_exhaustive"] != "yes":
            continue
        doc = document_key(section["doc"])
        inside = [r for r in gold.relations if r["section_id"] == section["section_id"]]
        rows = [r for r in predictions.relations or () if document_key(r.get("doc") or "") == doc]
        one = score_relations(replace(gold, sections=[section], relations=inside), rows)
        precisions.append(Score(one.judged_right, one.judged - one.judged_right))
        recalls.append(Score(one.section_found, 0, one.section_facts - one.section_found))
    for metric, value, samples, cases in (
        ("precision", scores.precision, precisions, scores.judged),
        ("recall", scores.section_recall, recalls, scores.section_facts),
    ):
        if cases:
            low, high = _interval(samples, metric, rounds)
            # A fact that several sections state counts once in the whole, in each of them here.
            low, high = min(low, value), max(high, value)
            yield Measurement("relations", "", lang, metric, value, low, high, cases)
    yield from _share("statements", "", lang, "recall", scores.found, scores.facts)
    for name, (expected, found) in scores.per_predicate.items():
        yield from _share("statements", name, lang, "recall", found, expected)


def _with_bootstrap(
    what: str,
    part: str,
    lang: str,
    score: Score,
    samples: Sequence[Score],
    cases: int,
    rounds: int,
) -> Iterator[Measurement]:
    if not cases:
        return
    for metric, of in _METRICS.items():
        low, high = _interval(samples, metric, rounds)
        yield Measurement(what, part, lang, metric, of(score), low, high, cases)


def _interval(samples: Sequence[Score], metric: str, rounds: int) -> tuple[float, float]:
    """Return the percentiles 2.5 and 97.5 of a metric over samples drawn again with replacement.

    Draws without a case say nothing and do not count.
    """
    chance = random.Random(_SEED)  # noqa: S311 - a measure that can be made again, no secret
    draws = (sum(chance.choices(samples, k=len(samples)), Score()) for _ in range(rounds))
    whole = _WHOLES.get(metric, _WHOLES["recall"])
    drawn = sorted(_METRICS[metric](score) for score in draws if whole(score))
    low, high = (
        (drawn[int(0.025 * (len(drawn) - 1))], drawn[int(0.975 * (len(drawn) - 1) + 0.5)])
        if drawn
        else (0.0, 1.0)
    )
    total = sum(samples, Score())
    precision, recall = (Counts(total.right, of(total)).interval() for of in _WHOLES.values())
    means = (harmonic_mean(precision[0], recall[0]), harmonic_mean(precision[1], recall[1]))
    least, most = {"precision": precision, "recall": recall, "f1": means}[metric]
    return min(low, least), max(high, most)


def _share(
    what: str, part: str, lang: str, metric: str, found: int, expected: int
) -> Iterator[Measurement]:
    if expected:
        counts = Counts(found, expected)
        yield Measurement(what, part, lang, metric, counts.precision, *counts.interval(), expected)
