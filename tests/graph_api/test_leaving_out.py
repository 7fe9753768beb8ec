"""A document read as if it were new: what only it says of a name is not known before."""

from pathlib import Path

import pytest

from corpus.sheet import Sheet
from corpus.sheet_reader import read_sheet
from graph_api.documents import DocumentFolder
from graph_api.folder import DataFolder
from graph_api.leaving_out import is_known_elsewhere, read_left_out
from graph_api.settings import Settings
from ingest.readers import read
from ontology.schema import Schema

SHEET = """---
type: SupportScheme
labels: {{fr: Le Marevive, en: The Marevive}}
facts:
  - createdInYear: 2019
    cite:
      - {{publication: feuille-de-route-ccis, place: "1", fingerprint: 10-{0:064d}}}
{more}---

# fr

Un dispositif.

# en

A scheme.
"""
OTHER = "      - {{publication: urban-regions, place: '2', fingerprint: 10-{0:064d}}}\n"


def sheet(more: str = "") -> Sheet:
    text = SHEET.format(1, more=more)
    return read_sheet(text, "programme", "marevive.md", Schema.load())


def test_a_sheet_that_cites_one_publication_alone_is_left_out_with_it() -> None:
    only = sheet()
    assert not is_known_elsewhere(only, "feuille-de-route-ccis")
    assert is_known_elsewhere(only, "urban-regions")
    assert is_known_elsewhere(sheet(OTHER.format(2)), "feuille-de-route-ccis")


@pytest.mark.slow  # reads all that ships
def test_what_ships_of_other_publications_is_known_in_a_new_document(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "var")
    folder.init()
    text = b"# Notes\n\nAvise coordinates the DLA in Toulouse. The Zorglub Foundation helps.\n"
    document = read(text, "notes.md")
    DocumentFolder(folder).save(document, text, None)
    settings = Settings(data=folder.root)
    ((found, extraction, label_of),) = read_left_out(folder, settings)
    assert found.sha256 == document.sha256
    named = {mention.surface: mention for mention in extraction.mentions}
    assert {"Avise", "DLA", "Toulouse", "Zorglub Foundation"} <= set(named)
    entity = named["Avise"].entity
    assert entity is not None
    assert label_of(entity) == "Avise"
    assert list(read_left_out(folder, settings, frozenset({"other.md"}))) == []
