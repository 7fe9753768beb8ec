"""Taking what was withdrawn out of the releases that were made before.

Each release is written anew without it, under the same identifier, with new checksums and the note
that something was removed; then it takes the old one's place.
"""

import gzip
import shutil
from collections.abc import Iterator, Set
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from graph_api import durable
from graph_api.folder import DataFolder
from graph_api.masking import Masks
from graph_api.releases.making import Told, write_files
from graph_api.releases.shelf import Release, Shelf
from graph_api.settings import Settings
from graph_api.store.canonical import canonical_hash
from graph_api.store.oxigraph import OxigraphView
from ontology.iris import Iris
from ontology.vocabularies import RDF_OBJECT, RDF_SUBJECT

__all__ = ["withhold"]


def withhold(
    folder: DataFolder,
    settings: Settings,
    hidden: Set[str],
    progress: Told = lambda _: None,
    masks: Masks = Masks(()),  # noqa: B008 - immutable
) -> list[str]:
    """Remove what is said about ``hidden`` IRIs from all releases; return those that were changed.

    Of a document all is removed: its graph, its passages, what other graphs say of it. ``masks`` black
    out names in the texts that stay.

    Raises:
        CannotRunError: another process makes a release.
    """
    changed = []
    with folder.lock_releases():
        shelf = Shelf(folder)
        for release in shelf.all():
            store, count = _without(shelf, release, hidden, masks)
            if count == 0:
                continue
            work = folder.releases / ".work"
            shutil.rmtree(work, ignore_errors=True)
            work.mkdir()
            view = OxigraphView(store)
            digest = canonical_hash(view, Iris(release.base))
            renewed = replace(release, quads=len(store), hash=digest, withheld=release.withheld + 1)
            write_files(store, renewed, work, settings, progress)
            _exchange(shelf, release.id)
            changed.append(release.id)
        shelf.renew_live()
    return changed


def _without(
    shelf: Shelf, release: Release, hidden: Set[str], masks: Masks
) -> tuple[ox.Store, int]:
    """Return the quads of a release that may stay, and how many went or were changed."""
    path = shelf.place(release.id) / release.whole("nq").name
    about: set[str] = set()
    for quad in _read(path):
        if quad.predicate.value in (RDF_SUBJECT, RDF_OBJECT) and _hit(quad.object, hidden):
            about.add(_value(quad.subject))
    gone = about | hidden
    graphs = {iri.replace("/id/document/", "/graph/document/", 1) for iri in hidden}
    store = ox.Store()
    count = 0
    for quad in _read(path):
        if _value(quad.graph_name) in graphs or _hit(quad.subject, gone) or _hit(quad.object, gone):
            count += 1
            continue
        if isinstance(quad.object, ox.Literal) and masks.found(quad.object.value):
            count += 1
            said = masks.hide(quad.object.value)
            tag = quad.object.language
            value = (
                ox.Literal(said, language=tag)
                if tag
                else ox.Literal(said, datatype=quad.object.datatype)
            )
            quad = ox.Quad(quad.subject, quad.predicate, value, quad.graph_name)
        store.add(quad)
    return store, count


def _hit(term: object, gone: Set[str]) -> bool:
    value = _value(term)
    return value in gone or bool({value.partition("/p/")[0], value.partition("#")[0]} & gone)


def _value(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""


def _read(path: Path) -> Iterator[ox.Quad]:
    with gzip.open(path) as file:
        yield from ox.parse(cast(IO[bytes], file), format=ox.RdfFormat.N_QUADS)


def _exchange(shelf: Shelf, name: str) -> None:
    """Put the folder at work in the place of a release; a crash between leaves it to be done again."""
    place, work = shelf.place(name), shelf.folder.releases / ".work"
    old = shelf.folder.releases / f".{name}.old"
    shutil.rmtree(old, ignore_errors=True)
    place.rename(old)
    work.rename(place)
    durable.sync_folder(shelf.folder.releases)
    shutil.rmtree(old)
    shutil.rmtree(shelf.store(name), ignore_errors=True)
