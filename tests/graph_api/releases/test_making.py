"""Releases: files that other tools read, checksums, limits, and what answers live."""

import gzip
import hashlib
import io
import shutil
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib

from graph_api.errors import BadInputError, CannotRunError, MissingError
from graph_api.releases.dumps import FORMATS, write_quads
from graph_api.releases.making import graph_slug, make_release
from graph_api.releases.shelf import NotLiveError, Shelf
from graph_api.store.canonical import canonical_hash
from graph_api.store.oxigraph import OxigraphView
from ontology.iris import Iris
from tests.graph_api.releases.samples import BASE, Shelved, first


def read(shelved: Shelved, extension: str) -> bytes:
    place = Shelf(shelved.folder).place(shelved.old.id)
    return gzip.decompress((place / shelved.old.whole(extension).name).read_bytes())


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")  # it uses its own old names
def test_every_syntax_holds_everything(shelved: Shelved) -> None:
    """By two libraries; a position is non-negative again, and comes out of a store as it was."""
    nonnegative = "http://www.w3.org/2001/XMLSchema#nonNegativeInteger"
    for extension in ("nq", "trig", "jsonld"):
        data = read(shelved, extension)
        assert nonnegative.encode() in data or b"xsd:nonNegativeInteger" in data
        store = ox.Store()
        store.load(data, format=FORMATS[extension].engine)
        assert set(store) == set(first())
        parsed = rdflib.Dataset()
        parsed.parse(
            data=data, format={"nq": "nquads", "jsonld": "json-ld"}.get(extension, extension)
        )
        assert len(list(parsed.quads())) == len(first())
    assert len(rdflib.Graph().parse(data=read(shelved, "ttl"), format="turtle")) == len(first())
    assert canonical_hash(OxigraphView(store), Iris(BASE)) == shelved.old.hash


def test_files_and_sums(shelved: Shelved) -> None:
    place = Shelf(shelved.folder).place(shelved.old.id)
    assert {path.relative_to(place).as_posix() for path in place.rglob("*") if path.is_file()} == {
        "manifest.json", "SHA256SUMS", *(file.name for file in shelved.old.files)
    }  # fmt: skip
    assert len(shelved.old.files) == 4 * (1 + 2)
    lines = (place / "SHA256SUMS").read_text().splitlines()
    sums = {line[66:]: line[:64] for line in lines}
    for file in shelved.old.files:
        data = (place / file.name).read_bytes()
        assert sums[file.name] == file.sha256 == hashlib.sha256(data).hexdigest()
        assert file.bytes == len(data)
    part = gzip.decompress((place / "graphs/document_aa.nq.gz").read_bytes())
    assert part.count(b"\n") == 2
    assert [(size.iri, size.triples) for size in shelved.old.graphs] == [
        (f"{BASE}/graph/corpus", 2), (f"{BASE}/graph/document/aa", 2),
    ]  # fmt: skip


def test_same_graph_same_bytes() -> None:
    for form in FORMATS.values():
        written = []
        for _ in range(4):
            target = io.BytesIO()
            write_quads(iter(first()), form, target, BASE)
            written.append(target.getvalue())
        assert len(set(written)) == 1
        empty = io.BytesIO()
        write_quads(iter(()), form, empty, BASE)


def test_shelf(shelved: Shelved, tmp_path: Path) -> None:
    shelf = Shelf(shelved.folder)
    assert [each.id for each in shelf.all()] == [shelved.new.id, shelved.old.id]
    assert shelf.get(shelved.old.id) == shelved.old
    assert shelved.new.previous == shelved.old.id
    assert shelf.live() == [shelved.new.id, shelved.old.id]
    _, store = shelf.live_store(shelved.old.id)
    assert set(ox.Store.read_only(str(store))) == set(first())
    for name in ("2020-01-01", "../releases", "", "2020-01-01/x"):
        with pytest.raises(MissingError):
            shelf.get(name)
    for name in ("../x", "graphs/../manifest.json", "/etc/passwd", ".work", "graphs/none.nq.gz"):
        with pytest.raises(MissingError):
            shelf.file(shelved.old, name)


def test_a_copy_of_the_kept_files_answers_live_again(shelved: Shelved, tmp_path: Path) -> None:
    """What a restore has to do: the live stores are no part of a backup."""
    folder = type(shelved.folder)(tmp_path)
    shutil.copytree(shelved.folder.releases, folder.releases)
    shelf = Shelf(folder)
    with pytest.raises(NotLiveError) as caught:
        shelf.live_store(shelved.old.id)
    assert caught.value.status == 400
    assert sorted(shelf.renew_live()) == sorted([shelved.old.id, shelved.new.id])
    assert shelf.renew_live() == []
    _, store = shelf.live_store(shelved.old.id)
    assert set(ox.Store.read_only(str(store))) == set(first())


def test_refusals(shelved: Shelved, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="nothing changed"):
        make_release(shelved.folder, shelved.settings)
    with shelved.folder.lock_releases(), pytest.raises(CannotRunError, match="another process"):
        make_release(shelved.folder, shelved.settings)
    empty = type(shelved.folder)(tmp_path)
    empty.init()
    with pytest.raises(CannotRunError, match="nothing was built"):
        make_release(empty, replace(shelved.settings, data=tmp_path))
    with pytest.raises(BadInputError):  # what was under way left nothing behind
        make_release(shelved.folder, shelved.settings)
    assert not (shelved.folder.releases / ".work").exists()


def test_full_disk(shelved: Shelved, tmp_path: Path) -> None:
    folder = type(shelved.folder)(tmp_path)
    shutil.copytree(shelved.folder.generations, folder.generations)
    with pytest.raises(CannotRunError, match="MAILLON_DISK_RESERVE"):
        make_release(folder, replace(shelved.settings, data=tmp_path, disk_reserve=10**18))
    assert list(folder.releases.iterdir()) == [folder.releases / "lock"]


def test_slugs() -> None:
    taken: set[str] = set()
    assert graph_slug(f"{BASE}/graph/vocabulary/themes", BASE, taken) == "vocabulary_themes"
    assert graph_slug(f"{BASE}/graph/vocabulary_themes", BASE, taken) == "vocabulary_themes-2"
    assert graph_slug("http://e/../ é", BASE, taken) == "http_e"
