"""Examples of the shapes: graphs that conform, and for each shape one that breaks it and no other.

They teach partners what is asked of them, and they are how a shape is known to find what it is for.
"""

import warnings
from collections.abc import Iterator
from importlib.resources import files

from rdflib import SH, Dataset, Graph, URIRef

from ontology.checks import Problem
from ontology.load import GENERAL_SHAPES, shapes_graph
from ontology.validate import Finding, Severity, Validator

__all__ = ["BESIDE", "check_examples", "conforming", "failing"]

BESIDE = {
    "core": ("core", "ranges"),
    "parts": ("core", "parts", "ranges"),
    "partner": ("core", "parts", "ranges", "partner"),
    "publish": ("publish",),
}
"""Shape files with examples, and those that are asked together with each: what needs no other graph."""

_FOLDER = files("ontology") / "shapes" / "examples"


def conforming(name: str = "conforming") -> Graph:
    """Return an example that conforms: ``conforming`` (every kind) or ``conforming-partner``."""
    text = (_FOLDER / f"{name}.ttl").read_text(encoding="utf-8")
    return Graph().parse(data=text, format="turtle")


def failing(file: str) -> dict[str, Graph]:
    """Return for each shape of a shape file the graph that breaks it, by the shape's local name."""
    name = "failing.trig" if file == "core" else f"failing-{file}.trig"
    dataset = Dataset()
    with warnings.catch_warnings():  # rdflib 7.6 calls its own deprecated property here
        warnings.simplefilter("ignore", DeprecationWarning)
        dataset.parse(data=(_FOLDER / name).read_text(encoding="utf-8"), format="trig")
    return {
        str(graph.identifier).rpartition("#")[2]: Graph() + graph
        for graph in dataset.graphs()
        if len(graph)
    }


def check_examples() -> Iterator[Problem]:
    """Yield where a shape and its examples disagree."""
    whole = Validator(*GENERAL_SHAPES)
    yield from _unexpected("conforming", whole.validate(conforming()), allowed=None)
    partner = Validator(*BESIDE["partner"])
    found = partner.validate(conforming("conforming-partner"))
    yield from _unexpected("conforming-partner", found, allowed=None)
    for file, beside in BESIDE.items():
        examples = failing(file)
        validator = Validator(*beside)
        for shape in sorted(_checking(file) - examples.keys()):
            yield Problem("examples", shape, "is a shape without an example that fails")
        for shape, graph in sorted(examples.items()):
            found = validator.validate(graph)
            if shape not in {finding.shape for finding in found}:
                yield Problem("examples", shape, "does not find the fault of its example")
            yield from _unexpected(shape, found, allowed=shape)


def _unexpected(example: str, found: list[Finding], allowed: str | None) -> Iterator[Problem]:
    for finding in found:
        if finding.shape != allowed and finding.severity is not Severity.INFO:
            yield Problem("examples", example, f"also fails for the shape {finding.shape}")


def _checking(file: str) -> set[str]:
    """The shapes of a file that must be shown to fail: remarks need no example outside ``core``."""
    return {
        str(shape).rpartition("#")[2]
        for shape, severity in shapes_graph(file).subject_objects(SH.severity)
        if isinstance(shape, URIRef) and (file == "core" or severity != SH.Info)
    }
