"""Reads the Turtle files of the ontology, its vocabularies and shapes; nothing is read at import.

Files are read at each call, so that an edited one counts; what a text says is worked out once, and
the graphs that are handed out are shared: they refuse to be changed (``Graph() + shared`` is a copy).

Ontology terms keep their address for ever. Concepts belong to the installation: the files of
``schemes/`` use relative IRIs, which are resolved against ``{base}/id/concept/``.
"""

import hashlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Self

from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri, Literal, Quad, Term, Triple
from ontology.vocabularies import XSD_STRING

__all__ = [
    "GENERAL_SHAPES",
    "module_graphs",
    "ontology_graph",
    "quads",
    "scheme_graph",
    "scheme_names",
    "scheme_triples",
    "shapes_graph",
    "skolemise",
    "term",
    "triples",
]

GENERAL_SHAPES = ("core", "parts", "ranges", "links")
"""The shape files that every graph of ours keeps to."""

GENID = f"{ONTOLOGY}/genid/"


def module_graphs() -> dict[str, Graph]:
    """Return one graph per module file (``core``, ``actors`` …), blank nodes as written."""
    return {path.name.removesuffix(".ttl"): _parse(ONTOLOGY, path) for path in _module_files()}


def ontology_graph() -> Graph:
    """Return the whole ontology in one graph, as reasoners want it: blank nodes as written."""
    return _parse(ONTOLOGY, *_module_files())


def scheme_names() -> tuple[str, ...]:
    """Return the names of the vocabularies that ship: ``themes``, ``stages`` …"""
    return tuple(p.name.removesuffix(".ttl") for p in _turtle_files(files("ontology") / "schemes"))


def scheme_graph(name: str, iris: Iris) -> Graph:
    """Return one vocabulary, its concepts below ``iris.base``."""
    return _parse(f"{iris.base}/id/concept/", _scheme_file(name))


def scheme_triples(name: str, iris: Iris) -> tuple[Triple, ...]:
    """Return the triples of one vocabulary, sorted, blank nodes skolemised."""
    return _triples_of(f"{iris.base}/id/concept/", *_texts(_scheme_file(name)))


def shapes_graph(*names: str) -> Graph:
    """Return the named shape files in one graph; without a name, those of :data:`GENERAL_SHAPES`.

    ``partner`` and ``publish`` ask more than every graph can give and are asked for by name.
    """
    wanted = [
        path
        for path in _turtle_files(files("ontology") / "shapes")
        if path.name.removesuffix(".ttl") in (names or GENERAL_SHAPES)
    ]
    return _parse(ONTOLOGY, *wanted)


def quads(iris: Iris) -> Iterator[Quad]:
    """Yield the graphs ``ontology`` and ``vocabulary/{scheme}``, sorted, without blank nodes."""
    for triple in _triples_of(ONTOLOGY, *_texts(*_module_files())):
        yield Quad(*triple, iris.graph("ontology"))
    for name in scheme_names():
        for triple in scheme_triples(name, iris):
            yield Quad(*triple, iris.graph(f"vocabulary/{name}"))


def triples(graph: Graph) -> list[Triple]:
    """Return the triples of ``graph`` in our own types, sorted, blank nodes skolemised."""
    found = [
        Triple(Iri(str(subject)), Iri(str(predicate)), term(value))
        for subject, predicate, value in skolemise(graph)
    ]
    return sorted(found, key=_order)


def term(node: Node) -> Term:
    """Return a node of rdflib as our own value. ValueError for a blank node."""
    if isinstance(node, URIRef):
        return Iri(str(node))
    if isinstance(node, RdfLiteral):
        if node.language:
            return Literal(str(node), lang=node.language)
        return Literal(str(node), Iri(str(node.datatype)) if node.datatype else XSD_STRING)
    raise ValueError(f"neither an IRI nor a literal: {node!r}")


def skolemise(graph: Graph) -> Graph:
    """Return ``graph`` with an IRI for each blank node, made from what the node says.

    Equal expressions get the same IRI, in every run and whatever the order of the file.
    ValueError where blank nodes form a ring: such nodes cannot be told apart by what they say.
    """
    names: dict[BNode, URIRef] = {}
    named = Graph()
    for subject, predicate, value in graph:
        named.add((_named(graph, subject, names), predicate, _named(graph, value, names)))
    return named


def _named(
    graph: Graph, node: Node, names: dict[BNode, URIRef], path: frozenset[BNode] = frozenset()
) -> Node:
    if not isinstance(node, BNode):
        return node
    if node in path:
        raise ValueError("blank nodes that refer to each other in a ring cannot be named")
    if node not in names:
        said = sorted(
            f"{predicate.n3()} {_named(graph, value, names, path | {node}).n3()}"
            for predicate, value in graph.predicate_objects(node)
        )
        digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:32]
        names[node] = URIRef(GENID + digest)
    return names[node]


def _order(triple: Triple) -> tuple[str, str, str, str, str]:
    value = triple.object
    if isinstance(value, Iri):
        return triple.subject, triple.predicate, value, "", ""
    return triple.subject, triple.predicate, value.value, value.lang or "", value.datatype


class _SharedGraph(Graph):
    """A graph that refuses to be changed once it is complete."""

    complete = False

    def add(self, triple: Any) -> Self:
        self._refuse()
        return super().add(triple)

    def addN(self, quads: Iterable[Any]) -> Self:  # noqa: N802 - rdflib's name
        self._refuse()
        return super().addN(quads)

    def remove(self, triple: Any) -> Self:
        self._refuse()
        return super().remove(triple)

    def _refuse(self) -> None:
        if self.complete:
            raise TypeError("this graph is shared; change a copy of it: Graph() + graph")


def _parse(base: str, *paths: Traversable) -> Graph:
    return _graph_of(base, *_texts(*paths))


@lru_cache(maxsize=128)
def _graph_of(base: str, *texts: str) -> Graph:
    whole = _SharedGraph()
    for text in texts:
        whole += Graph().parse(data=text, format="turtle", publicID=base)
    whole.complete = True
    return whole


@lru_cache(maxsize=64)
def _triples_of(base: str, *texts: str) -> tuple[Triple, ...]:
    return tuple(triples(_graph_of(base, *texts)))


def _texts(*paths: Traversable) -> list[str]:
    return [path.read_text(encoding="utf-8") for path in paths]


def _module_files() -> list[Traversable]:
    folder = files("ontology")
    return [folder / "core.ttl", *_turtle_files(folder / "modules")]


def _scheme_file(name: str) -> Traversable:
    return files("ontology") / "schemes" / f"{name}.ttl"


def _turtle_files(folder: Traversable) -> list[Traversable]:
    return sorted((p for p in folder.iterdir() if p.name.endswith(".ttl")), key=lambda p: p.name)
