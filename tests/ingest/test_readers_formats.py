"""The same content in every format gives the same sentences; the reports too."""

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.anchors import anchor
from ingest.document import BlockKind, Document
from ingest.readers import read
from ontology.folding import fingerprint, fold_letters
from tests.ingest.report_files import WRITERS, Part, parts_of, write_html
from tests.ingest.test_readers import check

FORMATS = sorted(WRITERS)
LEAST = 0.97

STUDY = [
    Part("heading", "Les centres de ressources en région", 1),
    Part(
        "paragraph",
        "Le premier centre a ouvert en 2012 à Lille. Il accompagne chaque année une centaine de"
        " projets, des associations pour la plupart. D'autres régions l'ont suivi depuis.",
    ),
    Part("heading", "Ce que les centres proposent", 2),
    Part("paragraph", "Les centres rendent trois services aux porteurs de projet :"),
    Part("item", "un diagnostic gratuit, fait en deux journées de travail ;"),
    Part("item", "une formation de six mois avec des pairs ;"),
    Part("item", "un prêt sans intérêt jusqu'à 5 000 euros."),
    Part(
        "paragraph",
        "The network is also present abroad. Its partners meet twice a year, in Riga and in Porto,"
        " and publish [their results](https://example.org/results/2021) together.",
    ),
    Part("heading", "Moyens", 2),
    Part("table", "Région\tBudget\tÉquipe\nBretagne\t120 000 euros\tquatre personnes"),
    Part("paragraph", "Ces moyens viennent des régions et de l'État, à parts égales."),
    Part("heading", "Conclusion", 1),
    Part("paragraph", "L'étude montre que l'accompagnement réduit les échecs. M. Petit l'a dit."),
] + [
    Part(
        "paragraph", f"La phrase numéro {n} du texte courant a de quoi remplir sa ligne. Suite {n}."
    )
    for n in range(30)
]


def sentences(document: Document) -> set[str]:
    found = (document.text[start:end] for start, end in document.sentences())
    return {fold_letters(sentence) for sentence in found} - {""}


@pytest.mark.parametrize("kind", FORMATS)
def test_the_same_content_gives_the_same_sentences(kind: str) -> None:
    expected = sentences(read(WRITERS["md"](STUDY, "Étude"), "a.md"))
    document = read(WRITERS[kind](STUDY, "Étude"), f"a.{kind}")
    found = sentences(document)
    assert len(found & expected) >= LEAST * len(found | expected), found ^ expected
    headings = [
        (document.text[b.start : b.end].lstrip("# "), b.level)
        for b in document.blocks
        if b.kind is BlockKind.HEADING
    ]
    assert headings == [(p.text, p.level) for p in STUDY if p.kind == "heading"]
    assert sum(b.kind is BlockKind.ITEM for b in document.blocks) == 3
    assert document.lang == "fr"
    check(document)


@pytest.mark.parametrize("kind", FORMATS)
def test_tables_keep_their_cells(kind: str) -> None:
    document = read(WRITERS[kind](STUDY, ""), f"a.{kind}")
    tables = [document.text[b.start : b.end] for b in document.blocks if b.kind is BlockKind.TABLE]
    assert tables == [part.text for part in STUDY if part.kind == "table"]


def write_page(parts: list[Part], title: str) -> bytes:
    return write_html(parts, title, chrome=True)


REPORT_WRITERS: dict[str, Callable[[list[Part], str], bytes]] = {**WRITERS, "html": write_page}


@pytest.mark.slow
@pytest.mark.seeds
@pytest.mark.parametrize("kind", FORMATS)
def test_sentences_of_the_reports_are_found_in_every_format(seeds: Path, kind: str) -> None:
    wanted = found = 0
    for path in sorted(seeds.glob("*.txt")):
        original = read(path.read_bytes(), path.name)
        prints = {
            fingerprint(sentence)
            for start, end in original.sentences()
            if len(fold_letters(sentence := original.text[start:end])) >= 15
        }
        document = read(REPORT_WRITERS[kind](parts_of(original), path.name), f"a.{kind}")
        anchored = anchor(document, prints)
        assert len(anchored) >= LEAST * len(prints), path.name
        assert document.lang == original.lang
        wanted += len(prints)
        found += len(anchored)
    assert wanted > 2_000
    assert found >= 0.99 * wanted
