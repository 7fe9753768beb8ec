"""The whole way of a document, as a pure function."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extract.lexicon import Lexicon
from ingest.pipeline import (
    VERSION,
    Extraction,
    Figure,
    Mention,
    collect_names,
    extract,
    resolve_names,
)
from ingest.readers import read
from tests.ingest.lexicons import IRIS, WORLD, document, extracted

REPORT = """# Ruche aux projets

L'Agence des haies (ADH) a été créée en 1999 par l'Arpège. La **Ruche aux projets**¹ est animée
par l'Arpège depuis 2015 et dispose de 28 M€.

- 6 500 structures, dont 62 00 associations ;
- la loi du 4 mars 2011 (article 3 de la loi Entraide).

¹ Voir le Fonds Brindille, financé par la Banque des Rives.
"""


def _spans(found: Extraction) -> list[Mention | Figure]:
    return [*found.mentions, *found.figures]


def test_it_is_pure() -> None:
    read_report = document(REPORT)
    assert extract(read_report, WORLD, IRIS) == extract(document(REPORT), WORLD, IRIS)
    assert VERSION


def test_every_slice_is_what_it_says() -> None:
    found = extracted(REPORT)
    for span in _spans(found):
        assert REPORT[span.start : span.end] == span.surface
    for claim in found.claims:
        passage = claim.passage
        assert REPORT[passage.start : passage.end] == passage.quote


def test_relevant_names_are_all_it_depends_on() -> None:
    read_report = document(REPORT)
    assert extract(read_report, WORLD.relevant_to(REPORT), IRIS) == extract(
        read_report, WORLD, IRIS
    )


def test_an_empty_lexicon_is_enough() -> None:
    read_report = document(REPORT)
    found = extract(read_report, Lexicon(), IRIS)
    assert any(m.rule.startswith("law") for m in found.mentions)


_PIECES = st.lists(
    st.sampled_from(
        ["L'Arpège", "anime", "la Ruche aux projets", "(", ")", "RAP", ".", "\n\n", "\n- ", ",",
         "créée en 2012", "par", "# Arpège\n", "Elle", "est", "qui", "loi de 2011", "article 3",
         "de la", "12 M€", "62 00 structures", "«", "»", "**", "¹", "\t", "Agence des haies (ADH)"]
    ),
    max_size=30,
)  # fmt: skip


@given(_PIECES)
def test_any_arrangement_of_words_is_read(pieces: list[str]) -> None:
    text = "Un début. " + " ".join(pieces)
    found = extracted(text)
    for span in _spans(found):
        assert text[span.start : span.end] == span.surface
    assert all(a.end <= b.start for a, b in pairwise(found.mentions))
    for claim in found.claims:
        assert text[claim.passage.start : claim.passage.end] == claim.passage.quote
        assert claim.subject != claim.object


@pytest.mark.seeds
@pytest.mark.slow
def test_reports_are_read_in_any_order(seeds: Path) -> None:
    reports = [read(path.read_bytes(), path.name) for path in sorted(seeds.glob("*.txt"))]
    collected = {r.sha256: collect_names(r) for r in reports}
    forward = resolve_names(collected, WORLD, IRIS)
    backward = resolve_names(dict(reversed(collected.items())), WORLD, IRIS)
    assert forward == backward
    lexicon = WORLD.with_names(forward.everywhere)
    for report in reports:
        names = forward.in_document[report.sha256]
        found = extract(report, lexicon.with_names(names), IRIS)
        assert found.mentions
        assert all(report.text[m.start : m.end] == m.surface for m in found.mentions)
        relevant = lexicon.relevant_to(report.text).with_names(names)
        assert extract(report, relevant, IRIS) == found
