"""What the ontology's documentation says, as plain values: the page and ``docs/`` are made of it.

Nothing is written twice: terms come from the read model, constraints from the shapes, mappings from
the SSSOM tables, vocabularies from ``schemes/``.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from rdflib import DCTERMS, OWL, RDF, RDFS, SH, SKOS, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from ontology.alignments import load_alignments
from ontology.description import NAMESPACE
from ontology.iris import Iris
from ontology.load import ontology_graph, scheme_graph, scheme_names, shapes_graph
from ontology.model import Iri
from ontology.releases import released_versions
from ontology.schema import AnyTerm, ClassTerm, PropertyTerm, Schema, Texts
from ontology.vocabularies import PREFIXES

__all__ = [
    "MODULES",
    "ConceptEntry",
    "Constraint",
    "Documentation",
    "Module",
    "Relation",
    "SchemeEntry",
    "TermEntry",
    "compact",
    "document_ontology",
]

MODULES: Mapping[str, Texts] = {
    "actors": {"fr": "Acteurs et personnes", "en": "Actors and persons"},
    "roles": {"fr": "Rôles datés", "en": "Dated roles"},
    "programmes": {"fr": "Dispositifs et financements", "en": "Programmes and funding"},
    "eligibility": {"fr": "Conditions d'accès", "en": "Eligibility"},
    "law": {"fr": "Droit et plans", "en": "Law and plans"},
    "territories": {"fr": "Territoires", "en": "Territories"},
    "publications": {"fr": "Publications", "en": "Publications"},
    "practices": {"fr": "Pratiques, leviers, définitions", "en": "Practices, levers, definitions"},
    "figures": {"fr": "Chiffres clés", "en": "Key figures"},
    "indicators": {"fr": "Indicateurs", "en": "Indicators"},
    "events": {"fr": "Événements", "en": "Events"},
    "judgements": {"fr": "Jugements et désaccords", "en": "Judgements and disagreements"},
    "core": {"fr": "Preuves et tronc commun", "en": "Evidence and what every kind shares"},
}
"""Titles of the module files, in the order in which a newcomer reads them."""

SHAPE_FILES = ("core", "parts", "partner", "publish")
"""The shapes that say more than a domain or a range, which the terms show anyway."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One SHACL constraint on a term: who is held to it (``file``), how gravely, in whose words."""

    name: str
    file: str
    severity: str
    messages: Texts


@dataclass(frozen=True, slots=True)
class Relation:
    """A statement about a term that leads to others: ``name`` says how (``domain``, ``parent`` …)."""

    name: str
    targets: tuple[Iri, ...]


@dataclass(frozen=True, slots=True)
class TermEntry:
    """A term with all that is said of it. ``sort`` is class, link, attribute, individual, datatype.

    ``inverse_labels`` read a property from its object where no property of its own does.
    """

    iri: Iri
    name: str
    sort: str
    labels: Texts
    definitions: Texts
    relations: tuple[Relation, ...]
    inverse_labels: Texts
    traits: tuple[str, ...]
    constraints: tuple[Constraint, ...]
    replaced_by: Iri | None = None
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Module:
    """The terms of one file: classes first, then properties, then individuals and datatypes."""

    name: str
    titles: Texts
    terms: tuple[TermEntry, ...]


@dataclass(frozen=True, slots=True)
class ConceptEntry:
    """A concept of a vocabulary; ``depth`` is how many broader ones stand above it."""

    name: str
    labels: Texts
    definitions: Texts
    depth: int


@dataclass(frozen=True, slots=True)
class SchemeEntry:
    """A vocabulary, its concepts (narrower ones behind their broader one), and its languages."""

    name: str
    titles: Texts
    definitions: Texts
    concepts: tuple[ConceptEntry, ...]
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Documentation:
    """The whole: header, modules in reading order, vocabularies, tables of mappings, versions."""

    titles: Texts
    descriptions: Texts
    version: str
    versions: tuple[str, ...]
    modules: tuple[Module, ...]
    schemes: tuple[SchemeEntry, ...]
    alignments: tuple[tuple[str, str, int], ...]

    @property
    def terms(self) -> tuple[TermEntry, ...]:
        """All terms, in the order of the modules."""
        return tuple(term for module in self.modules for term in module.terms)


@cache
def document_ontology() -> Documentation:
    """Read the shipped files and return their documentation; the work is done once a process."""
    graph = ontology_graph()
    header = URIRef(NAMESPACE.removesuffix("#"))
    schema = Schema.load()
    reader = _Reader(schema, graph, _constraints())
    alignments = load_alignments()
    return Documentation(
        titles=_texts(graph, header, DCTERMS.title),
        descriptions=_texts(graph, header, DCTERMS.description),
        version=schema.version,
        versions=released_versions(),
        modules=tuple(
            Module(name, titles, tuple(reader.entries(name))) for name, titles in MODULES.items()
        ),
        schemes=tuple(_scheme(name) for name in scheme_names()),
        alignments=tuple(
            (each.name, each.header.get("mapping_set_title", each.name), len(each.mappings))
            for each in alignments
        ),
    )


def compact(iri: str) -> str:
    """Return an IRI with its usual prefix, ``mln:Actor`` or ``org:Organization``; else as it is."""
    for prefix, namespace in {"mln": NAMESPACE, **PREFIXES}.items():
        if iri.startswith(namespace) and "/" not in iri[len(namespace) :]:
            return f"{prefix}:{iri[len(namespace) :]}"
    return iri


class _Reader:
    """Puts together what several files say of a term."""

    def __init__(
        self, schema: Schema, graph: Graph, constraints: Mapping[Iri, tuple[Constraint, ...]]
    ) -> None:
        self.schema = schema
        self.graph = graph
        self.constraints = constraints
        self.mappings: dict[Iri, dict[str, dict[Iri, None]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for alignment in load_alignments():
            for row in alignment.mappings:
                name = row.predicate.rpartition("#")[2]
                self.mappings[row.subject][name][row.object] = None

    def entries(self, module: str) -> Iterable[TermEntry]:
        groups: tuple[Mapping[Iri, AnyTerm], ...] = (
            self.schema.classes,
            self.schema.properties,
            self.schema.individuals,
        )
        for group in groups:
            for term in group.values():
                if term.module == module:
                    yield self._entry(term)
        for node in sorted(self.graph.subjects(RDF.type, RDFS.Datatype), key=str):
            if module == "core" and isinstance(node, URIRef) and node.startswith(NAMESPACE):
                yield self._datatype(node)

    def _entry(self, term: AnyTerm) -> TermEntry:
        inverse: Texts = {}
        traits: tuple[str, ...] = ()
        if isinstance(term, ClassTerm):
            sort, relations = "class", self._of_class(term)
        elif isinstance(term, PropertyTerm):
            sort = "attribute" if term.has_literal else "link"
            relations = self._of_property(term)
            inverse = {} if term.inverse else term.inverse_labels
            traits = tuple(name for name in ("symmetric", "transitive") if getattr(term, name))
        else:
            sort, relations = "individual", [("type", (term.cls,))]
        relations += self._mapped(term.iri)
        node = URIRef(term.iri)
        replacement = self.graph.value(node, DCTERMS.isReplacedBy)
        return TermEntry(
            iri=term.iri,
            name=term.name,
            sort=sort,
            labels=term.labels,
            definitions=term.definitions,
            relations=tuple(Relation(name, found) for name, found in relations if found),
            inverse_labels=inverse if inverse != term.labels else {},
            traits=traits,
            constraints=self.constraints.get(term.iri, ()),
            replaced_by=Iri(str(replacement)) if replacement else None,
            deprecated=(node, OWL.deprecated, RdfLiteral(True)) in self.graph,
        )

    def _of_class(self, term: ClassTerm) -> list[tuple[str, tuple[Iri, ...]]]:
        below = tuple(c.iri for c in self.schema.classes.values() if term.iri in c.parents)
        properties = self.schema.properties.values()
        disjoint = self.graph.objects(URIRef(term.iri), OWL.disjointWith)
        return [
            ("parent", (*term.parents, *term.outside)),
            ("child", below),
            ("disjoint", tuple(Iri(str(each)) for each in sorted(disjoint, key=str))),
            ("from", tuple(p.iri for p in properties if term.iri in p.domain)),
            ("to", tuple(p.iri for p in properties if term.iri in p.range)),
        ]

    def _of_property(self, term: PropertyTerm) -> list[tuple[str, tuple[Iri, ...]]]:
        below = tuple(p.iri for p in self.schema.properties.values() if term.iri in p.parents)
        other = term.inverse if term.inverse != term.iri else None
        return [
            ("domain", term.domain),
            ("range", term.range),
            ("inverse", (other,) if other else ()),
            ("parent", term.parents),
            ("child", below),
        ]

    def _mapped(self, iri: Iri) -> list[tuple[str, tuple[Iri, ...]]]:
        """What is alike elsewhere, as the ontology and the tables of mappings say it."""
        found = {name: dict(targets) for name, targets in self.mappings.get(iri, {}).items()}
        for predicate in (SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch):
            for target in self.graph.objects(URIRef(iri), predicate):
                found.setdefault(predicate.rpartition("#")[2], {})[Iri(str(target))] = None
        return [(name, tuple(sorted(found[name]))) for name in sorted(found)]

    def _datatype(self, node: URIRef) -> TermEntry:
        return TermEntry(
            iri=Iri(str(node)),
            name=node.removeprefix(NAMESPACE),
            sort="datatype",
            labels=_texts(self.graph, node, RDFS.label),
            definitions=_texts(self.graph, node, SKOS.definition),
            relations=(),
            inverse_labels={},
            traits=(),
            constraints=(),
        )


def _constraints() -> Mapping[Iri, tuple[Constraint, ...]]:
    """The constraints by the term they hold: a property of ours on its path, else their targets."""
    found: dict[Iri, list[Constraint]] = defaultdict(list)
    for file in SHAPE_FILES:
        graph = shapes_graph(file)
        for shape in sorted(set(graph.subjects(SH.message, None)), key=str):
            if isinstance(shape, BNode):
                continue
            severity = graph.value(shape, SH.severity)
            constraint = Constraint(
                name=str(shape).rpartition("#")[2],
                file=file,
                severity=str(severity or SH.Violation).rpartition("#")[2],
                messages=_texts(graph, shape, SH.message),
            )
            for term in _held(graph, shape):
                found[term].append(constraint)
    return {term: tuple(constraints) for term, constraints in found.items()}


def _held(graph: Graph, shape: Node) -> set[Iri]:
    path = graph.value(shape, SH.path)
    ours = {path} if _is_ours(path) else set()
    shapes = {shape, *graph.subjects(SH.property, shape)}
    if not ours:
        for each in shapes:
            ours |= {t for t in graph.objects(each, SH.targetClass) if _is_ours(t)}
            ours |= {t for t in graph.objects(each, SH.targetSubjectsOf) if _is_ours(t)}
    return {Iri(str(term)) for term in ours}


def _scheme(name: str) -> SchemeEntry:
    iris = Iris()
    graph = scheme_graph(name, iris)
    scheme = URIRef(iris.scheme(name))
    labels = [label for _, label in graph.subject_objects(SKOS.prefLabel)]
    return SchemeEntry(
        name=name,
        titles=_texts(graph, scheme, DCTERMS.title),
        definitions=_texts(graph, scheme, SKOS.definition),
        concepts=tuple(_concepts(graph, scheme)),
        languages=tuple(
            sorted({str(each.language) for each in labels if isinstance(each, RdfLiteral)})
        ),
    )


def _concepts(graph: Graph, scheme: URIRef) -> Iterator[ConceptEntry]:
    """Walk the tree in the order of notations, then of names.

    Some concepts are individuals of the ontology, which has their words.
    """
    ontology = ontology_graph()

    def order(concept: Node) -> tuple[list[int], str]:
        notation = str(graph.value(concept, SKOS.notation) or "")
        return [int(part) for part in re.findall(r"\d+", notation)], str(concept)

    def below(concepts: Iterable[Node], depth: int) -> Iterator[ConceptEntry]:
        for concept in sorted(concepts, key=order):
            name = re.split("[/#]", str(concept))[-1]
            labels = _texts(graph, concept, SKOS.prefLabel)
            definitions = _texts(graph, concept, SKOS.definition)
            if _is_ours(concept):
                labels = {**labels, **_texts(ontology, concept, RDFS.label)}
                definitions = {**definitions, **_texts(ontology, concept, SKOS.definition)}
            yield ConceptEntry(name, labels, definitions, depth)
            yield from below(graph.subjects(SKOS.broader, concept), depth + 1)

    yield from below(graph.subjects(SKOS.topConceptOf, scheme), 0)


def _texts(graph: Graph, subject: Node, predicate: URIRef) -> Texts:
    return {
        str(text.language): str(text)
        for text in graph.objects(subject, predicate)
        if isinstance(text, RdfLiteral) and text.language
    }


def _is_ours(node: Node | None) -> bool:
    return isinstance(node, URIRef) and node.startswith(NAMESPACE)
