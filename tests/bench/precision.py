"""Measures each rule of extraction: ``python -m tests.bench.precision [--write]``.

Claims of relations and figures are counted by the judgements in ``tests/judged`` (read with all
names, as in a data folder); rules that find names by the exhaustively annotated sections beside the
checkout (each report left out, so that no name is known from it alone). With ``--write`` the table
that the pipeline publishes by is written anew.
"""

import csv
import hashlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from corpus import SHEETS
from corpus.sheet import Sheet
from corpus.sheets import read_sheets
from ingest.document import Document
from ingest.evaluate import Predictions, evaluate, load_gold
from ingest.export import mention_rows, relation_rows
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Extraction
from ingest.pipeline import collect_names, extract, resolve_names
from ingest.publishing import Counts, PublishingBar, Rule, statement_rule
from ingest.readers import read
from ontology.model import Iri
from tests.bench.extraction import IRIS, SHARED, all_names, evidenced_elsewhere, say

JUDGED = Path(__file__).parents[1] / "judged" / "claims.tsv"
TABLE = Path(__file__).parents[2] / "ingest" / "extract" / "tables" / "precision.tsv"

Key = tuple[str, int, int, str, str]
Judgements = Mapping[Key, bool]


def main(arguments: Sequence[str]) -> None:
    """Print, or write, the figures of each rule."""
    if not (SHARED / "gold").is_dir() or not (SHARED / "seeds").is_dir():
        say("not measured: the annotated reports (../shared) are not beside this checkout")
        return
    documents = [
        read(path.read_bytes(), path.name) for path in sorted((SHARED / "seeds").iterdir())
    ]
    sheets = read_sheets(SHEETS)[0]
    counts = judged_claims(documents, sheets) | judged_names(documents, sheets)
    bar = PublishingBar(0.9, counts)
    lines = ["kind\trule\tright\tjudged"]
    for rule, count in sorted(counts.items()):
        low, high = count.interval()
        lines.append(f"{rule.kind}\t{rule.name}\t{count.right}\t{count.judged}")
        say(
            f"{rule.kind:10} {rule.name:32} {count.right:4} of {count.judged:4} "
            f"{low:.2f}-{high:.2f} {'public' if bar.allows(rule) else 'waits'}"
        )
    if "--write" in arguments:
        TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")


def load_judgements() -> Judgements:
    """Return document, span, predicate and mark of each judged claim → whether it is right."""
    with JUDGED.open(newline="", encoding="utf-8") as file:
        return {
            (r["doc"], int(r["start"]), int(r["end"]), r["predicate"], r["said"]): r["right"]
            == "yes"
            for r in csv.DictReader(file, delimiter="\t")
        }


def mark(subject: object, said: object) -> str:
    """Return what tells the claims of a span apart: no name of a report stands in the file."""
    return hashlib.sha256(f"{subject}|{said}".encode()).hexdigest()[:12]


def read_all(
    documents: Sequence[Document], sheets: Sequence[Sheet]
) -> Iterator[tuple[Document, Extraction, Lexicon]]:
    """Yield each document read with all names, as in a data folder."""
    base = Lexicon(all_names(sheets))
    resolved = resolve_names({d.sha256: collect_names(d) for d in documents}, base, IRIS)
    for document in documents:
        own = resolved.everywhere | resolved.in_document[document.sha256]
        lexicon = base.with_names(own)
        yield document, extract(document, lexicon, IRIS), lexicon


def judged_claims(documents: Sequence[Document], sheets: Sequence[Sheet]) -> dict[Rule, Counts]:
    """Count the judged relations and figures by the rule that reads them now."""
    judged = load_judgements()
    found: dict[Rule, Counts] = {}
    unjudged = 0
    for key, name in read_claims(documents, sheets):
        if key not in judged:
            unjudged += 1
            continue
        rule = statement_rule(name)
        found[rule] = found.get(rule, Counts()) + Counts(int(judged[key]), 1)
    say(f"claims read and not judged: {unjudged}")
    return found


def read_claims(
    documents: Sequence[Document], sheets: Sequence[Sheet]
) -> Iterator[tuple[Key, str]]:
    """Yield what identifies each relation and figure with a subject, and the rule that read it."""
    for document, extraction, lexicon in read_all(documents, sheets):
        labels = {e.iri: e.labels[0][0] for e in extraction.minted}

        def label_of(
            entity: Iri,
            labels: Mapping[Iri, str] = labels,
            lexicon: Lexicon = lexicon,
            lang: str = document.lang,
        ) -> str | None:
            return labels.get(entity) or lexicon.label(entity, lang)

        for row in relation_rows(document, extraction, label_of, candidates=True):
            said = row["predicate"], mark(row["subject"], row["object"])
            yield (document.name, row["start"], row["end"], *said), row["rule"]
        for figure in extraction.figures:
            if figure.iri is not None:
                said = "figureOf", mark(figure.label, figure.surface.strip())
                yield (document.name, figure.start, figure.end, *said), figure.rule


def judged_names(documents: Sequence[Document], sheets: Sequence[Sheet]) -> dict[Rule, Counts]:
    """Judge the mentions of each rule by the annotated sections, each report left out."""
    gold = load_gold(SHARED / "gold", "dev")
    found: dict[Rule, Counts] = {}
    for document in documents:
        base = Lexicon(evidenced_elsewhere(sheets, document, documents))
        resolved = resolve_names({d.sha256: collect_names(d) for d in documents}, base, IRIS)
        own = resolved.everywhere | resolved.in_document[document.sha256]
        rows = list(mention_rows(document, extract(document, base.with_names(own), IRIS)))
        for rule in Counter(str(row["rule"]) for row in rows):
            scores = evaluate(gold, Predictions([r for r in rows if r["rule"] == rule])).mentions
            if scores is None:
                continue
            total = scores.total(scores.overlap)
            if total.right + total.wrong:
                name = Rule("names", rule)
                counts = Counts(total.right, total.right + total.wrong)
                found[name] = found.get(name, Counts()) + counts
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
