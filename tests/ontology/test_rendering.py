"""Rendering: description in, text out; the texts are what their readers can read."""

import json
from typing import Any

import pytest
from rdflib import SH, Graph, URIRef

from ontology.description import NAMESPACE, describe
from ontology.load import module_graphs
from ontology.rendering import context, json_text, link_shapes, range_shapes, terms_module
from ontology.vocabularies import XSD_G_YEAR

SHAPES = f"{NAMESPACE.removesuffix('#')}/shapes#"


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    return describe(module_graphs())


def test_constants_are_sorted_into_an_export_list(description: dict[str, Any]) -> None:
    module: dict[str, Any] = {}
    exec(compile(terms_module(description), "terms.py", "exec"), module)  # noqa: S102 — our own text
    assert module["__all__"] == sorted(module["__all__"])
    assert module["operates"] == f"{NAMESPACE}operates"
    assert set(module["__all__"]) <= set(module)


def test_the_context_types_values(description: dict[str, Any]) -> None:
    terms = context(description)["@context"]
    assert terms["createdInYear"] == {"@id": "mln:createdInYear", "@type": "xsd:gYear"}
    assert terms["operates"]["@type"] == "@id"
    assert "@type" not in terms["role"], "text keeps the language it has"
    assert terms["Association"] == "mln:Association"


def test_json_keeps_accents() -> None:
    text = json_text({"fr": "dispositif créé"})
    assert "créé" in text
    assert json.loads(text) == {"fr": "dispositif créé"}


def test_range_shapes_hold_each_property_to_its_datatype(description: dict[str, Any]) -> None:
    graph = Graph().parse(data=range_shapes(description), format="turtle")
    assert graph.value(URIRef(f"{SHAPES}createdInYearValue"), SH.datatype) == URIRef(XSD_G_YEAR)
    assert graph.value(URIRef(f"{SHAPES}operatesValue"), SH.nodeKind) == SH.IRI
    alternatives = graph.value(URIRef(f"{SHAPES}asOfValue"), SH["or"])
    assert alternatives is not None
    assert len(list(graph.items(alternatives))) == 3


def test_link_shapes_name_the_classes_at_both_ends(description: dict[str, Any]) -> None:
    graph = Graph().parse(data=link_shapes(description), format="turtle")
    status = URIRef(f"{SHAPES}hasStatusObject")
    assert graph.value(status, SH["class"]) == URIRef(f"{NAMESPACE}LegalStatus")
    assert (URIRef(f"{SHAPES}hasStatusSubject"), SH.severity, SH.Warning) in graph
    assert (URIRef(f"{SHAPES}themeObject"), None, None) not in graph, (
        "concepts are not ours to type"
    )
