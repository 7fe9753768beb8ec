"""Scoring of relations, figures and structure, and the whole evaluation per language."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ingest.evaluate.gold import Gold, Row, document_key, normalise_name
from ingest.evaluate.mentions import score_mentions
from ingest.evaluate.scores import FigureScores, RelationScores, Results, StructureScore

__all__ = ["Predictions", "evaluate", "score_figures", "score_relations", "score_structure"]

PredictedRows = Sequence[Mapping[str, Any]]
Fact = tuple[str, str, str]

_SPACE = re.compile(r"[\s\u00a0\u202f]")
_THOUSANDS = re.compile(r"-?\d{1,3}(,\d{3})+(\.\d+)?")
_NEAR_START = 40  # characters between the start of a unit and a prediction of it
_NEAR_TITLE = 5
_SAME_EXTENT = 0.8  # shared characters over all characters of both


@dataclass(frozen=True)
class Predictions:
    """Rows as ``maillon export`` writes them; ``None`` for what was not predicted at all."""

    mentions: PredictedRows | None = None
    relations: PredictedRows | None = None
    figures: PredictedRows | None = None
    structure: PredictedRows | None = None


def evaluate(
    gold: Gold,
    predictions: Predictions,
    *,
    strict: bool = False,
    languages: Mapping[str, str] | None = None,
) -> Results:
    """Return the scores of all predictions, and of each language's documents.

    ``languages`` maps file names to languages; documents not in it have that of their annotated
    sections. Raises ``ValueError`` naming kind and row for a row that lacks a field.
    """
    _check(predictions)
    total = _score(gold, predictions, strict)
    known = gold.languages | {document_key(d): lang for d, lang in (languages or {}).items()}
    return replace(
        total,
        languages={
            lang: _score_language(gold, predictions, strict, lang, known)
            for lang in sorted(set(known.values()) - {""})
        },
    )


def _score(gold: Gold, p: Predictions, strict: bool) -> Results:
    return Results(
        None if p.mentions is None else score_mentions(gold, p.mentions, strict=strict),
        None if p.relations is None else score_relations(gold, p.relations),
        None if p.figures is None else score_figures(gold, p.figures),
        None if p.structure is None else score_structure(gold, p.structure),
    )


def _score_language(
    gold: Gold, predictions: Predictions, strict: bool, lang: str, known: Mapping[str, str]
) -> Results:
    """Narrow annotations and predictions to one language: mentions by section, else by document."""

    def rows_of(rows: Sequence[Row]) -> Sequence[Row]:
        return [r for r in rows if known.get(document_key(r["doc"])) == lang]

    def predicted_of(rows: PredictedRows | None) -> PredictedRows | None:
        if rows is None:
            return None
        return [r for r in rows if known.get(document_key(r.get("doc") or "")) == lang]

    sections = frozenset(s["section_id"] for s in gold.sections if s.get("lang") == lang)
    narrowed = Gold(
        entities=gold.entities,
        sections=rows_of(gold.sections),
        relations=rows_of(gold.relations),
        figures=rows_of(gold.figures),
        structure=rows_of(gold.structure),
        all_relations=gold.all_relations,
    )
    mentions = predictions.mentions
    results = _score(
        narrowed,
        Predictions(
            None,
            predicted_of(predictions.relations),
            predicted_of(predictions.figures),
            predicted_of(predictions.structure),
        ),
        strict,
    )
    if mentions is None:
        return results
    return replace(
        results, mentions=score_mentions(gold, mentions, strict=strict, sections=sections)
    )


_FIELDS = {
    "mentions": ("doc", "start", "end", "class"),
    "relations": (),
    "figures": ("doc", "start", "end"),
    "structure": ("doc", "start", "end"),
}


def _check(predictions: Predictions) -> None:
    for kind, fields in _FIELDS.items():
        for number, row in enumerate(getattr(predictions, kind) or (), 1):
            lacking = [name for name in fields if row.get(name) is None]
            if lacking:
                raise ValueError(f"{kind}, row {number}: no {', '.join(lacking)}")


def score_relations(gold: Gold, rows: PredictedRows) -> RelationScores:
    """Score relation rows (subject, predicate, object; doc and start for precision).

    A fact is found wherever it is predicted. In exhaustive sections a prediction that no
    annotation of the whole corpus says is wrong; one said twice counts once.
    """
    facts = list(dict.fromkeys(_fact(r) for r in gold.relations))
    in_sections = dict.fromkeys(_fact(r) for r in gold.relations if r["section_id"])
    matcher = _RelationMatcher(gold, (*gold.relations, *gold.all_relations))
    exhaustive = defaultdict(list)
    for section in gold.sections:
        if section["relations_exhaustive"] == "yes":
            place = int(section["char_start"]), int(section["char_end"])
            exhaustive[document_key(section["doc"])].append(place)
    found: set[Fact] = set()
    found_pairs: set[Fact] = set()
    judged: set[tuple[str, Any, str]] = set()
    right = 0
    for row in rows:
        pairs = matcher.facts_between(row)
        said = {fact for fact in pairs if fact[1] == row.get("predicate")}
        found |= said
        found_pairs |= pairs
        if row.get("doc") is None or row.get("start") is None:
            continue
        doc, start = document_key(row["doc"]), int(row["start"])
        key = (
            normalise_name(row.get("subject", "")),
            row.get("predicate"),
            normalise_name(row.get("object", "")),
        )
        if any(a <= start < b for a, b in exhaustive.get(doc, ())) and key not in judged:
            judged.add(key)
            right += bool(said)
    per_predicate = {}
    for name in sorted({fact[1] for fact in facts}):
        same = [fact for fact in facts if fact[1] == name]
        per_predicate[name] = len(same), sum(fact in found for fact in same)
    return RelationScores(
        facts=len(facts),
        found=sum(fact in found for fact in facts),
        found_any_predicate=sum(fact in found_pairs for fact in facts),
        section_facts=len(in_sections),
        section_found=sum(fact in found for fact in in_sections),
        judged=len(judged),
        judged_right=right,
        per_predicate=per_predicate,
    )


def _fact(row: Row) -> Fact:
    return row["subject_id"], row["predicate"], row["object"]


class _RelationMatcher:
    """Finds the annotated facts between two names; objects are entities or literals."""

    def __init__(self, gold: Gold, relations: Iterable[Row]) -> None:
        self._names = gold.names
        self._by_subject: dict[str, set[tuple[Fact, bool]]] = defaultdict(set)
        for row in relations:
            entry = _fact(row), row["object_type"] == "entity"
            for subject in self._names.with_twin(row["subject_id"]):
                self._by_subject[subject].add(entry)

    def facts_between(self, row: Mapping[str, Any]) -> set[Fact]:
        """Return the facts with this row's subject and object, whatever their predicate."""
        objects = self._names.meant_by(row.get("object"))
        literal = normalise_name(row.get("object", ""))
        return {
            fact
            for subject in self._names.meant_by(row.get("subject"))
            for fact, is_entity in self._by_subject.get(subject, ())
            if (
                objects & self._names.with_twin(fact[2])
                if is_entity
                else literal == normalise_name(fact[2])
            )
        }


def score_figures(gold: Gold, rows: PredictedRows) -> FigureScores:
    """Score figure rows (doc, start, end, value; subject, unit). Recall only: the annotation is a
    sample."""
    by_doc = _by_document(rows)
    span = value = subject = unit = 0
    for figure in gold.figures:
        start, end = int(figure["char_start"]), int(figure["char_end"])
        touching = [
            p
            for p in by_doc[document_key(figure["doc"])]
            if min(end, int(p["end"])) > max(start, int(p["start"]))
        ]
        valued = [p for p in touching if _same_value(p.get("value"), figure["value"])]
        accepted = gold.names.with_twin(figure["subject_id"])
        about = [p for p in valued if gold.names.meant_by(p.get("subject")) & accepted]
        wanted = normalise_name(figure["unit"])
        span += bool(touching)
        value += bool(valued)
        subject += bool(about)
        unit += any(normalise_name(p.get("unit", "")) == wanted for p in about)
    return FigureScores(len(gold.figures), span, value, subject, unit)


def _same_value(predicted: object, expected: str) -> bool:
    if str(predicted) == expected:
        return True
    a, b = _number(predicted), _number(expected)
    return a is not None and b is not None and abs(a - b) <= 1e-6 * max(1.0, abs(b))


def _number(value: object) -> float | None:
    digits = _SPACE.sub("", str(value)).replace("€", "")
    if _THOUSANDS.fullmatch(digits):
        digits = digits.replace(",", "")
    try:
        return float(digits.replace(",", "."))
    except ValueError:
        return None


def score_structure(gold: Gold, rows: PredictedRows) -> dict[str, StructureScore]:
    """Score unit rows (doc, start, end) per kind of unit. Recall only."""
    by_doc = _by_document(rows)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for unit in gold.structure:
        start, end = int(unit["char_start"]), int(unit["char_end"])
        title = int(unit["title_start"])
        near = [
            (int(p["start"]), int(p["end"]))
            for p in by_doc[document_key(unit["doc"])]
            if abs(int(p["start"]) - start) <= _NEAR_START
            or abs(int(p["start"]) - title) <= _NEAR_TITLE
        ]
        best = max((_overlap(start, end, a, b) for a, b in near), default=0.0)
        count = counts[unit["kind"]]
        count[0] += 1
        count[1] += bool(near)
        count[2] += best >= _SAME_EXTENT
    return {kind: StructureScore(*count) for kind, count in sorted(counts.items())}


def _overlap(a: int, b: int, x: int, y: int) -> float:
    return max(0, min(b, y) - max(a, x)) / (max(b, y) - min(a, x) or 1)


def _by_document(rows: PredictedRows) -> dict[str, list[Mapping[str, Any]]]:
    by_doc: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows:
        by_doc[document_key(row["doc"])].append(row)
    return by_doc
