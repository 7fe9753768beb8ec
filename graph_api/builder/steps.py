"""The steps that make the graphs which no document makes: ontology, vocabularies, places, sheets."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from corpus import SHEETS
from corpus.sheets import Sheet, read_sheets
from corpus.territories import load_territories
from graph_api.builder.inputs import hash_folder, hash_package
from graph_api.builder.ledger import hash_of
from graph_api.folder import DataFolder
from ingest.extract.lexicon import Lexicon
from ontology import load as ontology_load
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from ontology.names import concept_names

__all__ = ["Citations", "Sources", "Step", "citations"]

Citations = dict[Iri, dict[str, list[Iri]]]
"""Publication to fingerprint to the assertions that cite that sentence."""


@dataclass(frozen=True, slots=True)
class Step:
    """A named piece of the graph: the hash of all that it depends on, and how to make it."""

    name: str
    inputs: str
    make: Callable[[], Iterable[Quad]]


class Sources:
    """What ships with the project and what the operator added, as it is when this is made.

    ``problems`` are the sentences about sheets that cannot be read; the others count.
    """

    def __init__(self, folder: DataFolder, iris: Iris) -> None:
        self._iris = iris
        self.problems: list[str] = []
        self._sheets = self._load(SHEETS)
        self._added = self._load(folder.sheets)
        code = hash_of(iris.base, hash_package("ontology"), hash_package("corpus"))
        added = hash_of(code, hash_folder(folder.sheets))
        self.steps = [
            Step("ontology", code, lambda: ontology_load.quads(iris)),
            Step("territories", code, lambda: load_territories().quads(iris)),
            Step("corpus", code, lambda: self._quads(self._sheets, "corpus")),
            Step("contributed", added, lambda: self._quads(self._added, "contributed")),
        ]

    @cached_property
    def names(self) -> Lexicon:
        """All names: of concepts, territories and what the sheets are about."""
        names = [*concept_names(self._iris), *load_territories().names(self._iris)]
        for sheet in (*self._sheets, *self._added):
            names.extend(sheet.names(self._iris))
        return Lexicon(names)

    @cached_property
    def citations(self) -> Citations:
        """Return which sentences of which publications the sheets cite."""
        return citations(
            quad for sheet in (*self._sheets, *self._added) for quad in sheet.quads(self._iris)
        )

    def _quads(self, sheets: list[Sheet], graph: str) -> Iterator[Quad]:
        name = self._iris.graph(graph)
        return (quad._replace(graph=name) for sheet in sheets for quad in sheet.quads(self._iris))

    def _load(self, folder: Path | Traversable) -> list[Sheet]:
        """Load the sheets; where one is wrong, note it and keep the others."""
        sheets, errors = read_sheets(folder)
        self.problems += [str(error) for error in errors]
        return sheets


def citations(quads: Iterable[Quad]) -> Citations:
    """Collect publication, fingerprint and assertion from the quads of sheets."""
    cited_by: dict[Iri, Iri] = {}
    publication: dict[Iri, Iri] = {}
    fingerprint: dict[Iri, str] = {}
    for quad in quads:
        if quad.predicate == mln.citation and isinstance(quad.object, Iri):
            cited_by[quad.object] = quad.subject
        elif quad.predicate == mln.citedPublication and isinstance(quad.object, Iri):
            publication[quad.subject] = quad.object
        elif quad.predicate == mln.fingerprint and isinstance(quad.object, Literal):
            fingerprint[quad.subject] = quad.object.value
    found: Citations = {}
    for citation, assertion in sorted(cited_by.items()):
        if citation in publication and citation in fingerprint:
            sentences = found.setdefault(publication[citation], {})
            sentences.setdefault(fingerprint[citation], []).append(assertion)
    return found
