"""Measures extraction on the annotated reports: ``python -m tests.bench.extraction [--errors]``.

Every report is read twice: with all names, and *left out*, with every name dropped whose only
evidence is that report. A sheet all of whose citations point to it contributes no names, and of the
other sheets no name that only this report prints. That is what a report gets that nobody has seen.

Prints precision, recall and F1 per class of mentions, relations (per document, too) and figures,
and the time. Only rows of the annotations beside the checkout are used. With ``--errors`` also what
was asserted wrongly.
"""

import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus import SHEETS
from corpus.register import load_register, match
from corpus.sheet import Sheet
from corpus.sheets import read_sheets
from corpus.territories import load_territories
from ingest.document import Document
from ingest.evaluate import Predictions, Results, evaluate, load_gold
from ingest.evaluate.scores import MentionScores, Score, share
from ingest.export import figure_rows, mention_rows, relation_rows
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Extraction
from ingest.pipeline import collect_names, extract, resolve_names
from ingest.readers import read
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, Name

IRIS = Iris()
SHARED = Path(__file__).parents[2].parent / "shared"
Row = dict[str, Any]


@dataclass
class Rows:
    """What one run over all reports found, as rows of the export."""

    mentions: list[Row] = field(default_factory=list)
    candidates: list[Row] = field(default_factory=list)
    relations: list[Row] = field(default_factory=list)
    figures: list[Row] = field(default_factory=list)
    seconds: float = 0.0


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(arguments: Iterable[str]) -> None:
    """Read the reports both ways and print the tables; say so where there are none."""
    if not (SHARED / "gold").is_dir() or not (SHARED / "seeds").is_dir():
        say("not measured: the annotated reports (../shared) are not beside this checkout")
        return
    gold = load_gold(SHARED / "gold", "dev")
    documents = [
        read(path.read_bytes(), path.name) for path in sorted((SHARED / "seeds").iterdir())
    ]
    sheets = read_sheets(SHEETS)[0]
    runs = {"all names": Rows(), "left out": Rows()}
    for document in documents:
        for title, names in (
            ("all names", all_names(sheets)),
            ("left out", evidenced_elsewhere(sheets, document, documents)),
        ):
            _read_into(runs[title], document, documents, Lexicon(names))
    for title, rows in runs.items():
        say(f"\n## {title} ({rows.seconds:.1f} s)")
        asserted = evaluate(gold, Predictions(rows.mentions, rows.relations, rows.figures))
        proposed = evaluate(gold, Predictions(rows.candidates))
        _say_tables(asserted, proposed)
        for document in documents:
            own = [r for r in rows.relations if r["doc"] == document.name]
            _print_relations(document.name[:3], gold, own)
    if "--errors" in arguments:
        for line in _errors(gold, runs["left out"]):
            say(line)


def all_names(sheets: Iterable[Sheet]) -> frozenset[Name]:
    names = {name for sheet in sheets for name in sheet.names(IRIS)}
    return frozenset(names | set(load_territories().names(IRIS)))


def evidenced_elsewhere(
    sheets: Iterable[Sheet], document: Document, documents: Iterable[Document]
) -> frozenset[Name]:
    """Return the names that are known without ``document``."""
    publication = match(document.sha256, document.name)
    here = f" {fold(document.text)} "
    others = [f" {fold(d.text)} " for d in documents if d.sha256 != document.sha256]
    kept: set[Name] = set(load_territories().names(IRIS))
    for sheet in sheets:
        cited = {c.publication for fact in sheet.facts for c in fact.citations}
        if cited and cited <= {publication}:
            continue
        if sheet.kind == "publication" and sheet.slug == publication:
            continue
        for name in sheet.names(IRIS):
            printed = f" {fold(name.text)} "
            if printed not in here or any(printed in other for other in others):
                kept.add(name)
    return frozenset(kept)


def _read_into(
    rows: Rows, document: Document, documents: Iterable[Document], base: Lexicon
) -> None:
    collected = {d.sha256: collect_names(d) for d in documents}
    resolved = resolve_names(collected, base, IRIS)
    own = resolved.everywhere | resolved.in_document[document.sha256]
    lexicon = base.with_names(own)
    lexicon.find("")  # builds what is built once
    before = time.perf_counter()
    extraction = extract(document, lexicon, IRIS)
    rows.seconds += time.perf_counter() - before
    labels = _labels(extraction, lexicon)
    rows.mentions += mention_rows(document, extraction)
    rows.candidates += mention_rows(document, extraction, candidates=True)
    rows.relations += relation_rows(
        document, extraction, lambda e: labels.get(e) or _known(lexicon, e, document.lang)
    )
    rows.figures += figure_rows(document, extraction)


def _labels(extraction: Extraction, lexicon: Lexicon) -> Mapping[Iri, str]:
    return {entity.iri: entity.labels[0][0] for entity in extraction.minted}


def _known(lexicon: Lexicon, entity: Iri, lang: str) -> str | None:
    return lexicon.label(entity, lang)


def _say_tables(asserted: Results, proposed: Results) -> None:
    mentions, both = asserted.mentions, proposed.mentions
    assert mentions is not None
    assert both is not None
    say(
        f"{'class':16}{'exact P':>8}{'R':>7}{'F1':>7}{'overlap P':>11}{'R':>7}{'F1':>7}{'cand. R':>9}"
    )
    classes = sorted(mentions.overlap)
    for cls in classes:
        _print_class(
            cls, mentions.exact[cls], mentions.overlap[cls], both.overlap.get(cls, Score())
        )
    pair = ("Actor", "Programme")
    _print_class(
        "Actor+Programme",
        *(sum((t.get(c, Score()) for c in pair), Score())
          for t in (mentions.exact, mentions.overlap, both.overlap)),
    )  # fmt: skip
    total = MentionScores.total
    _print_class("ALL", total(mentions.exact), total(mentions.overlap), total(both.overlap))
    linking = mentions.linking
    say(f"linking {share(linking.correct, linking.labelled):.3f} of {linking.labelled}")
    if asserted.relations is not None:
        for name, (expected, found) in sorted(asserted.relations.per_predicate.items()):
            say(f"  {name:18}{found:4} of {expected}")
        _print_relation_scores("relations", asserted)
    if asserted.figures is not None:
        say(f"figures: {asserted.figures.as_json()}")


def _print_class(name: str, exact: Score, overlap: Score, both: Score) -> None:
    say(
        f"{name:16}{exact.precision:8.2f}{exact.recall:7.2f}{exact.f1:7.2f}"
        f"{overlap.precision:11.2f}{overlap.recall:7.2f}{overlap.f1:7.2f}{both.recall:9.2f}"
    )


def _print_relation_scores(title: str, results: Results) -> None:
    scores = results.relations
    assert scores is not None
    say(
        f"{title}: all facts R {share(scores.found, scores.facts):.2f} "
        f"({scores.found} of {scores.facts}); sections P {scores.precision:.2f} "
        f"({scores.judged_right} of {scores.judged}) R {scores.section_recall:.2f} "
        f"({scores.section_found} of {scores.section_facts})"
    )


def _print_relations(key: str, gold: Any, rows: list[Row]) -> None:
    narrowed = type(gold)(
        entities=gold.entities, sections=[s for s in gold.sections if s["doc"][:3] == key],
        relations=[r for r in gold.relations if r["doc"][:3] == key],
        all_relations=gold.all_relations,
    )  # fmt: skip
    _print_relation_scores(f"  {key}", evaluate(narrowed, Predictions(None, rows)))


def _errors(gold: Any, rows: Rows) -> Iterator[str]:
    """Yield what was asserted inside the annotated sections and is not annotated there."""
    for row in rows.mentions:
        spans = [
            (m["class"], m["alt_class"], int(m["char_start"]), int(m["char_end"]))
            for m in gold.mentions
            if m["doc"] == row["doc"]
        ]
        inside = any(
            s["doc"] == row["doc"]
            and int(s["char_start"]) <= row["start"] < row["end"] <= int(s["char_end"])
            for s in gold.sections
        )
        if inside and not any(
            row["class"] in (c, a) and max(s, row["start"]) < min(e, row["end"])
            for c, a, s, e in spans
        ):
            yield f"mention {row['doc'][:3]}:{row['start']} {row['class']} {row['surface']!r} {row['rule']}"
    for row in rows.relations:
        scores = evaluate(gold, Predictions(None, [row])).relations
        if scores is not None and scores.judged and not scores.judged_right:
            yield (
                f"relation {row['doc'][:3]}:{row['start']} {row['subject']} {row['predicate']} "
                f"{row['object']} {row['rule']}"
            )


if __name__ == "__main__":
    assert load_register()
    main(sys.argv[1:])
