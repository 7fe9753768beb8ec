"""The results of an evaluation as plain text tables."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from ingest.evaluate.scores import (
    FigureScores,
    MentionScores,
    RelationScores,
    Results,
    Score,
    StructureScore,
    share,
)

__all__ = ["HEADINGS", "format_report"]

HEADINGS = (
    "Mentions, exact span",
    "Mentions, overlapping span",
    "Linking",
    "Relations",
    "Figures",
    "Structure",
    "Language: {lang}",
    "all",
    "any class",
    "in exhaustive sections",
    "with any predicate",
)
"""The texts that :func:`format_report` hands to ``translate``."""

_SCORE_COLUMNS = ("P", "R", "F1", "tp", "fp", "fn")
_RECALL_COLUMNS = ("R", "gold", "found")


def format_report(results: Results, translate: Callable[[str], str] = str) -> str:
    """Return tables with one line per class, predicate or kind, then the same per language.

    ``translate`` turns the English texts of :data:`HEADINGS` into the reader's language.
    """
    lines = list(_tables(results, translate))
    for lang, narrowed in sorted(results.languages.items()):
        lines += ["", f"== {translate('Language: {lang}').format(lang=lang)} =="]
        lines += _tables(narrowed, translate)
    return "\n".join(lines).strip("\n") + "\n"


def _tables(results: Results, translate: Callable[[str], str]) -> Iterator[str]:
    if results.mentions is not None:
        yield from _mention_tables(results.mentions, translate)
    if results.relations is not None:
        yield from _relation_table(results.relations, translate)
    if results.figures is not None:
        yield from _figure_table(results.figures, translate)
    if results.structure is not None:
        yield from _structure_table(results.structure, translate)


def _mention_tables(scores: MentionScores, translate: Callable[[str], str]) -> Iterator[str]:
    for heading, per_class, extra in (
        ("Mentions, exact span", scores.exact, None),
        ("Mentions, overlapping span", scores.overlap, scores.untyped),
    ):
        rows = [(translate("all"), _score_cells(scores.total(per_class)))]
        rows += [(cls, _score_cells(score)) for cls, score in per_class.items()]
        if extra is not None:
            rows.append((translate("any class"), _score_cells(extra)))
        yield from _table(translate(heading), _SCORE_COLUMNS, rows)
    linking = scores.linking
    cells = (
        _percent(share(linking.correct, linking.labelled)),
        str(linking.labelled),
        str(linking.correct),
    )
    yield from _table(
        translate("Linking"), ("accuracy", "labelled", "correct"), [(translate("all"), cells)]
    )


def _relation_table(scores: RelationScores, translate: Callable[[str], str]) -> Iterator[str]:
    rows = [
        (translate("all"), _recall_cells(scores.facts, scores.found)),
        (translate("with any predicate"), _recall_cells(scores.facts, scores.found_any_predicate)),
    ]
    rows += [(name, _recall_cells(*counts)) for name, counts in scores.per_predicate.items()]
    yield from _table(translate("Relations"), _RECALL_COLUMNS, rows)
    judged = (
        _percent(scores.precision),
        _percent(scores.section_recall),
        str(scores.judged),
        str(scores.section_facts),
        str(scores.section_found),
    )
    yield from _table(
        translate("in exhaustive sections"),
        ("P", "R", "judged", "gold", "found"),
        [(translate("all"), judged)],
    )


def _figure_table(scores: FigureScores, translate: Callable[[str], str]) -> Iterator[str]:
    rows = [
        (name, _recall_cells(scores.expected, found))
        for name, found in (
            ("span", scores.span),
            ("value", scores.value),
            ("value, subject", scores.subject),
            ("value, subject, unit", scores.unit),
        )
    ]
    yield from _table(translate("Figures"), _RECALL_COLUMNS, rows)


def _structure_table(
    scores: Mapping[str, StructureScore], translate: Callable[[str], str]
) -> Iterator[str]:
    kinds = [*scores.items()]
    total = StructureScore(
        sum(s.expected for s in scores.values()),
        sum(s.start for s in scores.values()),
        sum(s.extent for s in scores.values()),
    )
    rows = [
        (name, (*_recall_cells(s.expected, s.start), _percent(share(s.extent, s.expected))))
        for name, s in [(translate("all"), total), *kinds]
    ]
    yield from _table(translate("Structure"), (*_RECALL_COLUMNS, "extent"), rows)


def _score_cells(score: Score) -> tuple[str, ...]:
    shares = (score.precision, score.recall, score.f1)
    counts = (score.right, score.wrong, score.missed)
    return (*map(_percent, shares), *map(str, counts))


def _recall_cells(expected: int, found: int) -> tuple[str, ...]:
    return _percent(share(found, expected)), str(expected), str(found)


def _percent(value: float) -> str:
    return f"{value:.3f}"


def _table(
    heading: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[str]]]
) -> Iterator[str]:
    listed = list(rows)
    width = max([len(heading), *(len(name) for name, _ in listed)])
    yield ""
    yield f"{heading:<{width}}" + "".join(f"{column:>10}" for column in columns)
    for name, cells in listed:
        yield f"{name:<{width}}" + "".join(f"{cell:>10}" for cell in cells)
