"""Application profiles of the EU as SHACL: their shapes, and what pySHACL finds by them."""

from pathlib import Path
from typing import NamedTuple

import pyshacl
from rdflib import RDF, RDFS, SH, Graph, Namespace
from rdflib.term import Node

__all__ = ["Violation", "load_shapes", "of_class", "target_nodes", "violations"]

DCAT = Namespace("http://www.w3.org/ns/dcat#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
# Axioms of outside vocabularies: pySHACL looks for classes in the data and nowhere else.
_ABOVE = (
    (DCAT.Dataset, DCAT.Resource),
    (DCAT.DataService, DCAT.Resource),
    (DCAT.DatasetSeries, DCAT.Dataset),
    (DCAT.Catalog, DCAT.Dataset),
    (VCARD.Organization, VCARD.Kind),
)


class Violation(NamedTuple):
    """One result of severity Violation."""

    focus: Node
    path: str
    message: str


def load_shapes(folder: Path, *names: str) -> Graph:
    """Read shape files; links to property shapes without a path, of which there are some, are left out."""
    shapes = Graph()
    for name in names:
        shapes.parse(folder / name)
    for node, shape in list(shapes.subject_objects(SH.property)):
        if shapes.value(shape, SH.path) is None:
            shapes.remove((node, SH.property, shape))
    return shapes


def of_class(data: Graph, cls: Node) -> set[Node]:
    """Return the instances of a class and of those that ``data`` says are below it."""
    below = data.transitive_subjects(RDFS.subClassOf, cls)
    return {node for each in below for node in data.subjects(RDF.type, each)}


def target_nodes(data: Graph, shapes: Graph) -> set[Node]:
    """Return the nodes that the shapes look at, by class."""
    whole = _complete(data)
    classes = set(shapes.objects(None, SH.targetClass))
    return {node for cls in classes for node in of_class(whole, cls)}


def violations(data: Graph, shapes: Graph) -> list[Violation]:
    """Validate by pySHACL, without reasoning; ``data`` is not changed."""
    _, report, text = pyshacl.validate(
        _complete(data), shacl_graph=shapes, inference="none", inplace=True
    )
    assert isinstance(report, Graph), text
    return [
        Violation(
            focus,
            str(report.value(result, SH.resultPath)),
            str(report.value(result, SH.resultMessage)),
        )
        for result in report.objects(None, SH.result)
        if report.value(result, SH.resultSeverity) == SH.Violation
        and (focus := report.value(result, SH.focusNode)) is not None
    ]


def _complete(data: Graph) -> Graph:
    whole = Graph()
    whole += data
    for axiom in _ABOVE:
        whole.add((axiom[0], RDFS.subClassOf, axiom[1]))
    return whole
