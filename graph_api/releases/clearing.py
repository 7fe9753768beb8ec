"""Cleaning every channel after a suppression, and looking whether anything is left on one."""

import gzip
from collections.abc import Callable
from datetime import UTC, datetime

from graph_api.builder.generations import open_current
from graph_api.change_log import ChangeLog
from graph_api.documents import DocumentFolder
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog
from graph_api.masking import Masks
from graph_api.releases.making import Told
from graph_api.releases.shelf import Shelf
from graph_api.releases.withholding import withhold
from graph_api.search_index import GenerationIndex
from graph_api.settings import Settings
from graph_api.suppressions import Channel, Receipt, Suppression, SuppressionLog
from search.protocol import SearchRequest

__all__ = ["clear_channels"]


def clear_channels(
    folder: DataFolder,
    settings: Settings,
    suppression: Suppression,
    progress: Told = lambda _: None,
) -> Receipt:
    """Clean the releases, look at all channels, and return what came of it.

    The graph, documents, index and change log were cleaned by the build that followed the suppression.

    Raises:
        CannotRunError: another process makes a release.
    """
    masks = SuppressionLog(folder.access).masks()
    own = Masks(suppression.names)
    changed = withhold(
        folder, settings, IdentityLog(folder.decisions).withdrawn(), progress, masks=masks
    )
    named = _named(own, suppression.iri)
    documents = DocumentFolder(folder, settings.rights)
    kept = documents.all()
    blacked = sum(documents.is_masked(sha256) for sha256 in kept)
    texts = sum(own.found(documents.get(sha256).text) for sha256 in kept)
    shelf = Shelf(folder)
    old = 0
    for release in shelf.all():
        dump = shelf.place(release.id) / release.whole("nq").name
        with gzip.open(dump, "rt", encoding="utf-8") as file:
            old += sum(named(line) for line in file)
    channels = (
        Channel("graph", 1, sum(map(named, open_current(folder).lines()))),
        Channel("documents", blacked, texts),
        Channel("search", 1, _found(folder, own, suppression.names)),
        Channel("changes", 1, _told(folder, named)),
        Channel("releases", len(changed), old),
    )
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    return Receipt(suppression.id, now, channels)


def _named(masks: Masks, iri: str) -> Callable[[str], bool]:
    """Return what tells whether a line of N-Quads names somebody, or says something of their address."""

    def named(line: str) -> bool:
        told = any(f"<{iri}{end}" in line for end in (">", "#", "/"))
        return told or ('"' in line and masks.found(_text(line)))

    return named


def _text(line: str) -> str:
    """The text of a line of N-Quads: addresses are no names."""
    return line[line.index('"') : line.rindex('"')]


def _found(folder: DataFolder, masks: Masks, names: tuple[str, ...]) -> int:
    """How many hits of a search for the names show one of them."""
    service = GenerationIndex(folder.root).current()
    left = 0
    for name in names:
        answer = service.search(SearchRequest(q=f'"{name}"'))
        for hit in answer.results:
            left += masks.found(f"{hit.label} {''.join(text for text, _ in hit.snippet)}")
    return left


def _told(folder: DataFolder, named: Callable[[str], bool]) -> int:
    """How many changes in the log say something that names somebody."""
    log = ChangeLog(folder)
    return sum(
        named(line)
        for page in log.pages()
        for change in log.page(page.page)
        for line in change.ntriples.decode().splitlines()
    )
