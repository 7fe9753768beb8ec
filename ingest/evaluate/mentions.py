"""Scoring of mentions inside the annotated sections."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingest.evaluate.gold import Gold, Row, document_key
from ingest.evaluate.scores import CLASSES, Linking, MentionScores, Score

__all__ = ["score_mentions"]


@dataclass(frozen=True, slots=True)
class _Span:
    doc: str
    start: int
    end: int
    cls: str
    other_cls: str = ""  # an annotator's second choice
    name: Any = None  # the label of a prediction, the entity of an annotation
    nested: bool = False

    def shared(self, other: "_Span") -> int:
        """Return the number of characters that both cover, 0 or less for none."""
        return min(self.end, other.end) - max(self.start, other.start)

    def same_place(self, other: "_Span") -> bool:
        return (self.start, self.end) == (other.start, other.end)


def score_mentions(
    gold: Gold,
    rows: Iterable[Mapping[str, Any]],
    *,
    strict: bool = False,
    sections: frozenset[str] | None = None,
) -> MentionScores:
    """Score mention rows (doc, start, end, class, label or id) that lie inside the sections.

    ``sections`` narrows the measure to some of them. ``strict`` accepts neither an annotator's
    second class nor the twin of an entity. Optional and nested mentions are neither required nor
    counted as wrong.
    """
    places = defaultdict(list)
    for section in gold.sections:
        if sections is None or section["section_id"] in sections:
            key = document_key(section["doc"])
            places[key].append((int(section["char_start"]), int(section["char_end"])))
    judged = [m for m in gold.mentions if sections is None or m["section_id"] in sections]
    expected = [_annotated(m) for m in judged if m["kind"] == "named"]
    optional = defaultdict(list)
    for mention in judged:
        if mention["kind"] != "named":
            optional[document_key(mention["doc"])].append(_annotated(mention))
    predicted = _predicted(rows, places)

    def may_match(p: _Span, g: _Span) -> bool:
        return p.cls == g.cls or (not strict and p.cls == g.other_cls)

    def may_match_exactly(p: _Span, g: _Span) -> bool:
        return p.same_place(g) and may_match(p, g)

    def count(pairs: Sequence[tuple[int, int]]) -> dict[str, Score]:
        return _count(pairs, predicted, expected, optional)

    overlap = _pair(predicted, expected, may_match)
    untyped = _pair(predicted, expected, lambda p, g: True)
    return MentionScores(
        exact=count(_pair(predicted, expected, may_match_exactly)),
        overlap=count(overlap),
        untyped=MentionScores.total(count(untyped)),
        linking=_link(gold, [(predicted[i], expected[j]) for i, j in overlap], expected, strict),
        expected=len(expected),
        optional=sum(map(len, optional.values())),
        judged=len(predicted),
    )


def _annotated(row: Row) -> _Span:
    return _Span(
        document_key(row["doc"]),
        int(row["char_start"]),
        int(row["char_end"]),
        row["class"],
        row["alt_class"],
        row["entity_id"],
        row["kind"] == "nested",
    )


def _predicted(
    rows: Iterable[Mapping[str, Any]], places: Mapping[str, Sequence[tuple[int, int]]]
) -> list[_Span]:
    """Return the predictions inside the sections; one that says the same span and class again is
    dropped."""
    spans: dict[tuple[str, int, int, str], _Span] = {}
    for row in rows:
        doc, start, end = document_key(row["doc"]), int(row["start"]), int(row["end"])
        if any(start >= a and end <= b for a, b in places.get(doc, ())):
            name = row.get("id") or row.get("label")
            cls = row["class"]
            spans.setdefault((doc, start, end, cls), _Span(doc, start, end, cls, name=name))
    return list(spans.values())


def _pair(
    predicted: Sequence[_Span],
    expected: Sequence[_Span],
    may_match: Callable[[_Span, _Span], bool],
) -> list[tuple[int, int]]:
    """Pair predictions with annotations one to one, those that share most of their length first."""
    by_doc: dict[str, list[int]] = defaultdict(list)
    for j, g in enumerate(expected):
        by_doc[g.doc].append(j)
    candidates = []
    for i, p in enumerate(predicted):
        for j in by_doc[p.doc]:
            g = expected[j]
            shared = p.shared(g)
            if shared > 0 and may_match(p, g):
                longest = max(p.end - p.start, g.end - g.start)
                candidates.append((-shared / longest, i, j))
    taken_i: set[int] = set()
    taken_j: set[int] = set()
    pairs = []
    for _, i, j in sorted(candidates):
        if i not in taken_i and j not in taken_j:
            taken_i.add(i)
            taken_j.add(j)
            pairs.append((i, j))
    return pairs


def _count(
    pairs: Sequence[tuple[int, int]],
    predicted: Sequence[_Span],
    expected: Sequence[_Span],
    optional: Mapping[str, Sequence[_Span]],
) -> dict[str, Score]:
    matched = {i for i, _ in pairs}
    met = {j for _, j in pairs}
    right = Counter(expected[j].cls for j in met)
    missed = Counter(g.cls for j, g in enumerate(expected) if j not in met)
    wrong = Counter(
        p.cls
        for i, p in enumerate(predicted)
        if i not in matched and not _is_excused(p, optional.get(p.doc, ()))
    )
    met_classes = set(right) | set(missed) | set(wrong)
    ordered = [c for c in CLASSES if c in met_classes] + sorted(met_classes - set(CLASSES))
    return {cls: Score(right[cls], wrong[cls], missed[cls]) for cls in ordered}


def _is_excused(p: _Span, optional: Sequence[_Span]) -> bool:
    """Tell whether an unmatched prediction is a nested name, or mostly inside an optional one."""
    for g in optional:
        shared = p.shared(g)
        if shared <= 0:
            continue
        if g.nested:
            if p.same_place(g) and p.cls == g.cls:
                return True
        elif shared * 2 >= p.end - p.start:
            return True
    return False


def _link(
    gold: Gold, pairs: Sequence[tuple[_Span, _Span]], expected: Sequence[_Span], strict: bool
) -> Linking:
    labelled = known = correct = 0
    for p, g in pairs:
        if not p.name:
            continue
        meant = gold.names.meant_by(p.name)
        accepted = {g.name} if strict else gold.names.with_twin(str(g.name))
        labelled += 1
        known += bool(meant)
        correct += bool(meant & accepted)
    return Linking(labelled, known, correct, len(expected))
