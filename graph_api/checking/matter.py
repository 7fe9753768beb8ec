"""What is checked, as one value: a test plants a fault by replacing one part of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from corpus import QUESTIONS, SHEETS
from corpus.register import load_register
from corpus.sheets import Sheet, SheetError, read_sheets
from corpus.territories import load_territories
from ontology import terms as mln
from ontology.iris import Iris
from ontology.load import module_graphs, quads, scheme_graph, scheme_names
from ontology.model import Iri, Literal, Quad
from ontology.validate import graph_of
from ontology.vocabularies import DCTERMS_IDENTIFIER, DCTERMS_TITLE, RDF_TYPE

__all__ = ["Matter"]


@dataclass(frozen=True)
class Matter:
    """The ontology by module, the vocabularies by name, the sheets and the competency questions.

    ``package`` is the folder of the ontology, whose generated files are compared with what the
    modules say now; ``sheet_errors`` tell of the sheets that cannot be read.
    """

    iris: Iris
    modules: Mapping[str, Graph]
    schemes: Mapping[str, Graph]
    sheets: tuple[Sheet, ...]
    sheet_errors: tuple[SheetError, ...]
    package: Path
    questions: Path = QUESTIONS
    lang: str = "en"
    """The language of what shapes say."""
    added: frozenset[str] = field(default=frozenset())
    """Paths of the sheets that the operator added: they change what questions answer."""

    @classmethod
    def read(
        cls, iris: Iris, package: Path, sheets: Path | None = None, lang: str = "en"
    ) -> "Matter":
        """Read what ships, and with ``sheets`` the folder of those that an operator added."""
        shipped, errors = read_sheets(SHEETS)
        added: list[Sheet] = []
        if sheets is not None and sheets.is_dir():
            added, more = read_sheets(sheets)
            errors += more
        return cls(
            iris=iris,
            modules=module_graphs(),
            schemes={name: scheme_graph(name, iris) for name in scheme_names()},
            sheets=(*shipped, *added),
            sheet_errors=tuple(errors),
            package=package,
            lang=lang,
            added=frozenset(sheet.path for sheet in added),
        )

    @cached_property
    def ontology(self) -> Graph:
        """All modules in one graph, blank nodes as written."""
        whole = Graph()
        for graph in self.modules.values():
            whole += graph
        return whole

    @cached_property
    def data(self) -> list[Quad]:
        """The graphs of sheets and territories, and which files are known copies of which publication."""
        return [*self._said, *load_territories().quads(self.iris), *self._files()]

    @cached_property
    def described(self) -> list[Quad]:
        """The same with only those territories that sheets lead to.

        The others are rows of one table in one form, of which the reasoner and the shapes would find
        hundreds of times the same.
        """
        places = load_territories().by_slug
        objects = (self.iris.split(q.object) for q in self._said if isinstance(q.object, Iri))
        wanted = {slug for kind, slug in filter(None, objects) if kind == "territory"}
        reached: set[str] = set()
        while wanted := (wanted & places.keys()) - reached:
            reached |= wanted
            wanted = {above for slug in wanted for above in places[slug].within}
        territories = (q for slug in sorted(reached) for q in places[slug].quads(self.iris))
        return [*self._said, *territories, *self._files()]

    @cached_property
    def _said(self) -> list[Quad]:
        return [quad for sheet in self.sheets for quad in sheet.quads(self.iris)]

    def _files(self) -> Iterator[Quad]:
        graph = self.iris.graph("corpus")
        for publication in load_register().values():
            node = self.iris.entity("publication", publication.slug)
            for file in publication.files:
                document = self.iris.document(file.sha256)
                yield Quad(document, RDF_TYPE, mln.Document, graph)
                yield Quad(document, mln.fileOf, node, graph)
                yield Quad(document, DCTERMS_IDENTIFIER, Literal(file.sha256), graph)
                yield Quad(document, DCTERMS_TITLE, Literal(publication.title), graph)
                yield Quad(document, mln.rights, Literal(publication.rights or "quotes"), graph)

    @cached_property
    def data_graph(self) -> Graph:
        """What is described, as one graph of rdflib."""
        return graph_of(self.described)

    @cached_property
    def quads(self) -> list[Quad]:
        """Everything that the shipped part of the store holds: ontology, vocabularies and data."""
        return [*quads(self.iris), *self.data]
