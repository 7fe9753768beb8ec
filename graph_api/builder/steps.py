"""The steps that make the graphs which no document makes: ontology, vocabularies, places, sheets."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from typing import NamedTuple

from corpus import SHEETS
from corpus.all_names import names_with
from corpus.sheets import Sheet, SheetError, read_sheets
from corpus.table import KnownNames
from corpus.territories import load_territories
from graph_api import durable
from graph_api.builder.inputs import hash_folder, hash_package
from graph_api.builder.ledger import hash_of
from graph_api.builder.lexicon import names_from_json, names_to_json
from graph_api.errors import BadInputError
from graph_api.folder import DataFolder
from graph_api.partners.copies import Copies
from graph_api.partners.registry import PartnerFolder
from graph_api.tables import KeptTable, TableFolder
from ingest.extract.lexicon import Lexicon
from ontology import load as ontology_load
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Name, Quad
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_PREF_LABEL,
)

__all__ = ["Citations", "Sources", "Step", "citations"]

_KEPT = "sources.json"  # in the store's folder

_DESCRIPTIVE = (RDF_TYPE, SKOS_PREF_LABEL, SKOS_ALT_LABEL, DCTERMS_DESCRIPTION)

Citations = dict[Iri, dict[str, list[Iri]]]
"""Publication to fingerprint to the assertions that cite that sentence."""


@dataclass(frozen=True, slots=True)
class Step:
    """A named piece of the graph: the hash of all that it depends on, and how to make it."""

    name: str
    inputs: str
    make: Callable[[], Iterable[Quad]]


@dataclass(frozen=True, slots=True)
class _Digest:
    """What other steps need of the sources: made from all sheets, kept until one changes."""

    names: Lexicon
    citations: Citations
    problems: list[str]


class _Reading(NamedTuple):
    """What a table says, and the sentences about what is wrong in it."""

    sheets: tuple[Sheet, ...]
    problems: list[str]


class Sources:
    """What ships with the project and what the operator added, as it is when this is made.

    Sheets are read only where a step has to run again, or nothing was kept by :meth:`save`.
    """

    def __init__(self, folder: DataFolder, iris: Iris, *, shipped: bool = True) -> None:
        """With ``shipped`` false, the sheets that ship are left out."""
        self._ships = shipped
        self._folder = folder
        self._iris = iris
        code = hash_of(iris.base, shipped, hash_package("ontology"), hash_package("corpus"))
        self._tables = TableFolder(folder, iris)
        sheets = hash_of(code, hash_folder(folder.sheets))
        self._inputs = hash_of(sheets, hash_folder(folder.tables))
        self.steps = [
            Step("ontology", code, lambda: ontology_load.quads(iris)),
            Step("territories", code, lambda: load_territories().quads(iris)),
            Step("corpus", code, lambda: self._quads(self._shipped[0], "corpus")),
            Step("contributed", sheets, lambda: self._quads(self._added[0], "contributed")),
            *(self._table_step(table, sheets) for table in self._tables.all()),
            *self._partner_steps(),
        ]

    def _partner_steps(self) -> Iterator[Step]:
        """One for the live copy of each partner: it depends on nothing else."""
        partners = PartnerFolder(self._folder, self._iris)
        for partner in partners.all():
            copies = Copies(partners.place(partner.id))
            if copies.current.is_file():
                name = f"partner/{partner.id}"
                content = hashlib.sha256(copies.current.read_bytes()).hexdigest()
                make = partial(copies.quads, self._iris.graph(name))
                yield Step(name, hash_of(self._iris.base, content), make)

    @property
    def names(self) -> Lexicon:
        """All names: of concepts, territories and what the sheets are about."""
        return self._digest.names

    @property
    def citations(self) -> Citations:
        """Which sentences of which publications the sheets cite."""
        return self._digest.citations

    @property
    def problems(self) -> list[str]:
        """The sentences about sheets that cannot be read; the others count."""
        return self._digest.problems

    def save(self) -> None:
        """Keep names, citations and problems for the next run. Only for the lock's holder."""
        kept = {
            "inputs": self._inputs,
            "names": names_to_json(self.names.names),
            "citations": self.citations,
            "problems": self.problems,
        }
        text = json.dumps(kept, ensure_ascii=False)
        durable.write_bytes(self._folder.store / _KEPT, text.encode())

    @cached_property
    def _digest(self) -> _Digest:
        try:
            kept = json.loads((self._folder.store / _KEPT).read_bytes())
        except (FileNotFoundError, ValueError):
            kept = {}
        if kept.get("inputs") == self._inputs:
            cited = {
                Iri(publication): {mark: [Iri(c) for c in claims] for mark, claims in marks.items()}
                for publication, marks in kept["citations"].items()
            }
            return _Digest(Lexicon(names_from_json(kept["names"])), cited, kept["problems"])
        sheets = [*self._shipped[0], *self._added[0]]
        cited = citations(quad for sheet in sheets for quad in sheet.quads(self._iris))
        problems = [str(error) for error in (*self._shipped[1], *self._added[1])]
        names = list(self._names)
        for reading in self._readings.values():
            problems += reading.problems
            own = (sheet for sheet in reading.sheets if not self._known.has(sheet.path))
            names += [name for sheet in own for name in sheet.names(self._iris)]
        return _Digest(Lexicon(names), cited, problems)

    @cached_property
    def _names(self) -> list[Name]:
        """The names of all but tables: what the cells of a table can mean."""
        return names_with((*self._shipped[0], *self._added[0]), self._iris)

    @cached_property
    def _known(self) -> KnownNames:
        return KnownNames(self._names, self._iris)

    @cached_property
    def _readings(self) -> dict[str, _Reading]:
        """What each table says, by its name; all are read once, when the first is needed."""
        return {table.name: self._read_table(table) for table in self._tables.all()}

    def _read_table(self, table: KeptTable) -> _Reading:
        place = f"tables/{table.name}.csv"
        try:
            found = self._tables.read(table, self._known)
        except BadInputError as error:
            return _Reading((), [f"{place}: {error.detail}"])
        told = [f"{place}, line {each.line}: {each.sentence}" for each in found.problems]
        return _Reading(found.sheets, told)

    def _table_step(self, table: KeptTable, sheets: str) -> Step:
        """``sheets`` is the hash of all that a cell can mean; another table changes nothing here."""
        name = f"table/{table.name}"

        def make() -> Iterator[Quad]:
            graph = self._iris.graph(name)
            for sheet in self._readings[table.name].sheets:
                own = not self._known.has(sheet.path)
                for quad in sheet.quads(self._iris):
                    # A row about something that a sheet describes adds facts, no second name.
                    if own or quad.predicate not in _DESCRIPTIVE or "#" in quad.subject:
                        yield quad._replace(graph=graph)

        content = hashlib.sha256(self._tables.content(table)).hexdigest()
        return Step(name, hash_of(sheets, asdict(table), content), make)

    @cached_property
    def _shipped(self) -> tuple[list[Sheet], list[SheetError]]:
        return read_sheets(SHEETS) if self._ships else ([], [])

    @cached_property
    def _added(self) -> tuple[list[Sheet], list[SheetError]]:
        return read_sheets(self._folder.sheets)

    def _quads(self, sheets: list[Sheet], graph: str) -> Iterator[Quad]:
        name = self._iris.graph(graph)
        return (quad._replace(graph=name) for sheet in sheets for quad in sheet.quads(self._iris))


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
