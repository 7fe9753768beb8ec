"""A store that changes, with its change log: what feeds are made of, without a builder."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from graph_api.builder.changes import ChangeRecorder, is_exchanged
from graph_api.change_log import ChangeLog
from graph_api.folder import DataFolder
from graph_api.store.base import Delta
from graph_api.store.oxigraph import OxigraphStore, quad_line
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad

__all__ = ["CORPUS", "IRIS", "P", "Site", "say"]

IRIS = Iris()
P = Iri("http://e/p")
CORPUS = IRIS.graph("corpus")


class Site:
    """A store, its log and a recorder, without a builder around them."""

    def __init__(self, root: Path, page_changes: int = 100, page_quads: int = 20_000) -> None:
        self.store = OxigraphStore()
        folder = DataFolder(root)
        folder.init()
        self.log = ChangeLog(folder)
        self.recorder = ChangeRecorder(self.log, IRIS, page_changes, page_quads)
        self.generation = 0

    def write(self, **graphs: Iterable[Quad]) -> int:
        """Let graphs hold exactly these quads, and record; return how many entities changed."""
        return self.record(self.replace(graphs))

    def replace(self, graphs: Mapping[str, Iterable[Quad]]) -> Delta:
        """Write without recording."""
        with self.store.writer() as writer:
            deltas = [
                writer.replace(IRIS.graph(path.replace("__", "/")), quads)
                for path, quads in graphs.items()
            ]
        return Delta(
            tuple(q for each in deltas for q in each.added),
            tuple(q for each in deltas for q in each.removed),
        )

    def record(self, delta: Delta | None) -> int:
        """Record the next generation."""
        self.generation += 1
        return self.recorder.record(self.store.view(), self.generation, delta)

    def events(self) -> list[tuple[str, str]]:
        """Return event and kind/slug of all that is in the log, in order."""
        pages = [self.log.page(page.page) for page in self.log.pages()]
        return [(c.event, c.iri.partition("/id/")[2]) for page in pages for c in page]

    def said_by_log(self) -> set[str]:
        """Return what follows from the changes, as lines of N-Triples."""
        newest: dict[str, bytes] = {}
        for page in self.log.pages():
            for change in self.log.page(page.page):
                newest[change.iri] = change.ntriples
        return {line for said in newest.values() for line in said.decode().splitlines()}

    def said_by_store(self) -> set[str]:
        """Return what the graphs say that are told to others."""
        return {
            quad_line(quad).removesuffix(f" <{quad.graph}> .") + " ."
            for quad in self.store.view().quads()
            if is_exchanged(quad.graph, IRIS) and quad.subject.startswith(f"{IRIS.base}/id/")
        }


def say(slug: str, value: str, graph: Iri = CORPUS) -> Quad:
    """Make a statement about kind/slug."""
    return Quad(Iri(f"{IRIS.base}/id/{slug}"), P, Literal(value), graph)
