"""The graph of a document: every fact leads to its sentence, within the budget."""

from collections import Counter
from decimal import Decimal

import pytest

from ingest.emit import claim_triples, passage_triples, quads
from ingest.pipeline import Extraction
from ontology import terms as mln
from ontology.model import Iri, Literal, Passage, Quad
from ontology.vocabularies import (
    OA_END,
    OA_EXACT,
    OA_START,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_PREF_LABEL,
    XSD_DECIMAL,
    XSD_INTEGER,
)
from tests.ingest.lexicons import IRIS, document, entity, extracted

TEXT = (
    "# Bilan\n\nLa Banque des Rives finance la Ruche aux projets à hauteur de 6 M€. "
    "L'Agence des haies (ADH) plante.\n\nLa Ruche aux projets est financée par la Banque des Rives."
)
FUNDS = (entity("Actor", "banque-des-rives"), mln.funds, entity("Programme", "ruche-aux-projets"))


def graph(
    reviewed: dict[str, str] | None = None,
    anchors: dict[Iri, list[Passage]] | None = None,
    publication: Iri | None = None,
) -> list[Quad]:
    return list(
        quads(
            document(TEXT),
            extracted(TEXT),
            IRIS,
            rights="quotes",
            publication=publication,
            reviewed=reviewed or {},
            anchors=anchors or {},
        )
    )


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    return extracted(TEXT)


def test_at_most_twelve_statements_a_claim(extraction: Extraction) -> None:
    assert max(len(claim_triples(c, IRIS, "")) for c in extraction.claims) == 12
    per_node = Counter(q.subject for q in graph() if "/id/claim/" in q.subject)
    assert max(per_node.values()) <= 11  # and the fact itself


def test_each_fact_has_an_assertion_and_its_quote(extraction: Extraction) -> None:
    said = graph()
    assert (*FUNDS, IRIS.graph(f"document/{extraction.document}")) in said
    for claim in extraction.claims:
        node = IRIS.claim(claim.hash)
        values = {q.predicate: q.object for q in said if q.subject == node}
        assert (values[RDF_SUBJECT], values[RDF_PREDICATE], values[RDF_OBJECT]) == (
            claim.subject, claim.predicate, claim.object,
        )  # fmt: skip
        passage = values[mln.passage]
        assert isinstance(passage, Iri)
        start, end = _number(said, passage, OA_START), _number(said, passage, OA_END)
        (quote,) = (
            q.object for q in said if q.subject == f"{passage}#quote" and q.predicate == OA_EXACT
        )
        assert isinstance(quote, Literal)
        assert TEXT[start:end] == quote.value


def _number(said: list[Quad], passage: Iri, predicate: Iri) -> int:
    (value,) = (
        q.object for q in said if q.subject == f"{passage}#position" and q.predicate == predicate
    )
    assert isinstance(value, Literal)
    assert value.datatype == XSD_INTEGER
    return int(value.value)


def test_each_quad_once_and_always_the_same() -> None:
    said = graph()
    assert len(said) == len(set(said))
    assert said == graph()
    assert len({q.graph for q in said}) == 1


def test_a_rejected_claim_leaves_nothing_but_what_others_say(extraction: Extraction) -> None:
    funding = [c for c in extraction.claims if c.predicate == mln.funds]
    assert len(funding) == 2
    one = graph({funding[0].hash: "rejected"})
    assert IRIS.claim(funding[0].hash) not in {q.subject for q in one}
    assert FUNDS in {q[:3] for q in one}, "the other sentence still says it"
    none = graph({c.hash: "rejected" for c in funding})
    assert FUNDS not in {q[:3] for q in none}


def test_an_accepted_claim_says_so(extraction: Extraction) -> None:
    claim = extraction.claims[0]
    states = {
        q.object for q in graph({claim.hash: "accepted"})
        if q.subject == IRIS.claim(claim.hash) and q.predicate == mln.reviewState
    }  # fmt: skip
    assert states == {mln.accepted}


def test_minted_entities_have_a_class_and_labels() -> None:
    agency = entity("Actor", "agence-des-haie")
    said = {(q.predicate, q.object) for q in graph() if q.subject == agency}
    assert {
        (RDF_TYPE, mln.Actor),
        (SKOS_PREF_LABEL, Literal("Agence des haies", lang="fr")),
        (SKOS_ALT_LABEL, Literal("ADH")),
    } <= said


def test_sheets_are_anchored_in_the_document_at_each_sentence_they_cite() -> None:
    read = document(TEXT)
    spans = [(9, 30), (0, 8)]
    assertion = IRIS.claim("0" * 32)
    said = {q[:3] for q in graph(anchors={assertion: [read.passage(*span) for span in spans]})}
    for span in spans:
        node = IRIS.passage(read.sha256, *span)
        assert (assertion, mln.passage, node) in said
        assert (node, RDF_TYPE, mln.Passage) in said


def test_the_document_knows_its_publication() -> None:
    publication = IRIS.entity("publication", "bilan")
    said = graph(publication=publication)
    assert any(q.predicate == mln.fileOf and q.object == publication for q in said)
    assert not any(q.predicate == mln.fileOf for q in graph())


def test_numbers_are_canonical() -> None:
    numbers = [
        q.object.value for q in graph()
        if isinstance(q.object, Literal) and q.object.datatype == XSD_DECIMAL
    ]  # fmt: skip
    assert "6000000" in numbers
    assert all(format(Decimal(n).normalize(), "f") == n for n in numbers)


def test_a_passage_without_page_or_section() -> None:
    triples = passage_triples(Passage("a" * 64, 0, 3, "abc", ""), IRIS)
    assert len(triples) == 10


def test_a_policy_of_metadata_lets_no_text_out() -> None:
    shown = {
        rights: list(
            quads(
                document(TEXT),
                extracted(TEXT),
                IRIS,
                rights=rights,
                publication=None,
                reviewed={},
                anchors={},
            )
        )
        for rights in ("quotes", "metadata")
    }
    quotes = {q.object for q in shown["quotes"] if q.predicate == OA_EXACT}
    assert quotes
    assert not [
        q for q in shown["metadata"] if q.predicate == OA_EXACT or "#quote" in str(q.object)
    ]
    starts = [q for q in shown["metadata"] if q.predicate == OA_START]
    assert starts, "where a fact was read is still told"
