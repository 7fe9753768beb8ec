"""Documents on disk: kept as they came, read back exactly, never rewritten."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.documents import DocumentFolder, original_name
from graph_api.errors import MissingError
from graph_api.folder import DataFolder
from ingest.readers import read
from tests.graph_api.samples import ENGLISH, FRENCH


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "var")
    folder.init()
    return folder


def save(documents: DocumentFolder, text: str, name: str, rights: str | None = None) -> str:
    document = read(text.encode(), name)
    documents.save(document, text.encode(), rights)
    return document.sha256


def test_what_is_saved_is_read_back(folder: DataFolder) -> None:
    text = FRENCH.replace("\n", "\r\n") + "\u2028fin 𝄞\n"
    saved = read(text.encode(), "rapport.txt")
    documents = DocumentFolder(folder)
    assert documents.save(saved, text.encode(), None)
    assert not documents.save(saved, text.encode(), None)
    assert DocumentFolder(folder).get(saved.sha256) == saved
    assert documents.get(saved.sha256) is documents.get(saved.sha256)
    assert documents.original(saved.sha256).read_bytes() == text.encode()
    assert documents.original(saved.sha256).name == "original.txt"
    assert documents.text_hash(saved.sha256) == saved.text_sha256
    assert documents.kept() == documents.all() == [saved.sha256]


@pytest.mark.parametrize(
    "name", ["", "0" * 64, "../../access", "a" * 63, "A" * 64, "0" * 63 + "\n", "..", "x" * 9999]
)
def test_what_is_not_here_is_missing(folder: DataFolder, name: str) -> None:
    documents = DocumentFolder(folder)
    for ask in (documents.get, documents.rights, documents.original, documents.name):
        with pytest.raises(MissingError):
            ask(name)


def test_the_first_name_in_the_alphabet_counts(folder: DataFolder) -> None:
    documents = DocumentFolder(folder)
    sha256 = save(documents, ENGLISH, "b.md")
    assert documents.get(sha256).name == "b.md"
    save(documents, ENGLISH, "a.md")
    save(documents, ENGLISH, "c.md")
    assert documents.name(sha256) == documents.get(sha256).name == "a.md"


def test_rights_are_given_or_those_of_the_settings(folder: DataFolder) -> None:
    sha256 = save(DocumentFolder(folder), ENGLISH, "a.md")
    assert DocumentFolder(folder).rights(sha256) == "quotes"
    assert DocumentFolder(folder, "metadata").rights(sha256) == "metadata"
    save(DocumentFolder(folder), ENGLISH, "a.md", rights="full")
    assert DocumentFolder(folder, "metadata").rights(sha256) == "full"
    save(DocumentFolder(folder), ENGLISH, "a.md")
    assert DocumentFolder(folder).rights(sha256) == "full"


def test_a_half_saved_document_is_none(folder: DataFolder) -> None:
    (folder.documents / ("0" * 64)).mkdir()
    (folder.documents / ("." + "1" * 64 + ".abcd")).mkdir()
    documents = DocumentFolder(folder)
    with pytest.raises(MissingError):
        documents.get("0" * 64)
    assert documents.kept() == []


def test_shipped_documents_stand_beside_the_kept(folder: DataFolder) -> None:
    documents = DocumentFolder(folder)
    kept = save(documents, ENGLISH, "a.md")
    shipped = read(FRENCH.encode(), "b.md")
    documents.ship(shipped, FRENCH.encode(), "full")
    assert documents.shipped() == [shipped.sha256]
    assert documents.all() == sorted([kept, shipped.sha256])
    assert documents.rights(shipped.sha256) == "full"
    documents.unship(set())
    assert documents.all() == [kept]


@given(st.text(max_size=60))
def test_any_name_gives_a_safe_place(name: str) -> None:
    assert original_name(name).startswith("original")
    assert "/" not in original_name(name)
    assert len(original_name(name)) < 20
