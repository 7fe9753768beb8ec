"""What a partner says, read from its graph and from no other."""

import asyncio

import pyoxigraph as ox
import pytest

from graph_api.portal.partner_records import load_record, load_records
from ontology import terms as mln
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    RDF_TYPE,
    RDFS_SEE_ALSO,
    SKOS_PREF_LABEL,
    XSD_INTEGER,
)
from tests.graph_api.local import IRIS, LocalQueries, add_quads
from tests.graph_api.partners.test_registry import LATVIA

GRAPH = IRIS.graph("partner/lv")
AVISE = IRIS.entity("actor", "avise")
PLACE = "https://lv.example/id/"


def partner_quads() -> list[Quad]:
    """Three records of the partner: the first with a part, links, and an address that is no link."""
    one, two = Iri(f"{PLACE}a"), Iri(f"{PLACE}b")
    quads = [
        Quad(one, RDF_TYPE, mln.Actor, GRAPH),
        Quad(one, SKOS_PREF_LABEL, Literal("Kooperatīvs", lang="lv"), GRAPH),
        Quad(one, SKOS_PREF_LABEL, Literal("<Cooperative>", lang="en"), GRAPH),
        Quad(one, mln.partnerOf, two, GRAPH),
        Quad(one, mln.partnerOf, AVISE, GRAPH),
        Quad(one, RDFS_SEE_ALSO, Iri("javascript:alert(1)"), GRAPH),
        Quad(Iri(f"{PLACE}a#part"), DCTERMS_DESCRIPTION, Literal("a part"), GRAPH),
        Quad(one, DCTERMS_DESCRIPTION, Literal("said here"), IRIS.graph("corpus")),
    ]
    for number in range(60):
        iri = Iri(f"{PLACE}n{number:02}") if number else two
        quads += [
            Quad(iri, RDF_TYPE, mln.Actor, GRAPH),
            Quad(iri, SKOS_PREF_LABEL, Literal(f"Number {number}", lang="en"), GRAPH),
        ]
    return quads


@pytest.fixture
def queries() -> LocalQueries:
    store = ox.Store()
    add_quads(store, partner_quads())
    return LocalQueries(store)


def test_records_are_listed_page_by_page(queries: LocalQueries) -> None:
    first, total = asyncio.run(load_records(queries, GRAPH, "en", 0, 50))
    rest, _ = asyncio.run(load_records(queries, GRAPH, "en", 50, 50))
    assert (total, len(first), len(rest)) == (61, 50, 11)
    assert first[0].label.text == "<Cooperative>"
    assert first[0].types == ("actor",)
    assert len({each.iri for each in (*first, *rest)}) == 61


def test_a_record_is_told_from_the_partners_graph_alone(queries: LocalQueries) -> None:
    whole, part = asyncio.run(load_record(queries, GRAPH, LATVIA, f"{PLACE}a", "en"))
    values = {value.text.text: value for _, said in whole.facts for value in said}
    assert "said here" not in values
    assert values["Number 0"].own
    assert not values["avise"].own
    assert part.iri == f"{PLACE}a#part"
    assert [value.text.text for _, said in part.facts for value in said] == ["a part"]


@pytest.mark.parametrize("iri", [f"{PLACE}none", "", 'https://x.example/"> }', f"{PLACE}"])
def test_what_it_does_not_tell_is_nothing(queries: LocalQueries, iri: str) -> None:
    assert asyncio.run(load_record(queries, GRAPH, LATVIA, iri, "en")) == []


def test_answers_of_a_practice_sheet_come_in_its_order() -> None:
    store = ox.Store()
    practice = Iri(f"{PLACE}p")
    quads = [Quad(practice, SKOS_PREF_LABEL, Literal("Kitchen", lang="en"), GRAPH)]
    for slug, position in (("barriers", "12"), ("need", "2"), ("summary", "1")):
        part, question = Iri(f"{PLACE}p#{slug}"), IRIS.concept("practice-questions", slug)
        quads += [
            Quad(practice, mln.hasPracticePart, part, GRAPH),
            Quad(part, mln.question, question, GRAPH),
            Quad(part, mln.position, Literal(position, XSD_INTEGER), GRAPH),
            Quad(part, mln.answer, Literal(f"Atbilde {position}", lang="lv"), GRAPH),
        ]
    add_quads(store, quads)
    whole, *answers = asyncio.run(load_record(LocalQueries(store), GRAPH, LATVIA, practice, "en"))
    assert [each.texts[0].text for each in answers] == ["Atbilde 1", "Atbilde 2", "Atbilde 12"]
    assert answers[1].question is not None
    assert answers[1].question.text == "need"  # the vocabulary is not in this store
    assert [name for name, _ in whole.facts] == [SKOS_PREF_LABEL]  # answers are told below, once
