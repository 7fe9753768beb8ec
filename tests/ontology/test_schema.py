"""The read model: labels from both ends, kinds, ancestors, what a property takes."""

import dataclasses

import pytest

from ontology import terms as mln
from ontology.iris import KINDS
from ontology.schema import Schema
from ontology.vocabularies import RDFS_LITERAL, XSD_G_YEAR


@pytest.fixture(scope="module")
def schema() -> Schema:
    return Schema.load()


def test_a_property_reads_from_both_ends(schema: Schema) -> None:
    assert schema.label(mln.operates, "en") == "operates"
    assert schema.label(mln.operates, "en", inverse=True) == "operated by"
    assert schema.label(mln.operates, "fr", inverse=True) == schema.label(mln.operatedBy, "fr")
    assert schema.label(mln.theme, "fr", inverse=True) == "thème de"
    assert schema.label(mln.partnerOf, "en", inverse=True) == "partner of"


def test_another_language_gets_english_and_a_foreign_term_nothing(schema: Schema) -> None:
    assert schema.label(mln.Law, "lv") == "law"
    assert schema.label("http://xmlns.com/foaf/0.1/name", "en") is None


def test_kinds(schema: Schema) -> None:
    assert schema.kind("Article") == "law"
    assert schema.kind(mln.FundingAward) == "figure"
    assert schema.kind("Passage") is None
    assert schema.kind("operates") is None
    assert schema.kind("NoSuchTerm") is None
    assert {cls.kind for cls in schema.classes.values()} - {None} == set(KINDS)


def test_ancestry(schema: Schema) -> None:
    assert schema.is_a("Fund", "Programme")
    assert schema.is_a(mln.Fund, mln.Entity)
    assert schema.is_a("Fund", "Fund")
    assert not schema.is_a("Programme", "Fund")
    assert not schema.is_a("Fund", "Actor")
    assert not schema.is_a("Fund", "NoSuchTerm")
    names = [cls.name for cls in schema.subclasses("LegalFramework")]
    assert set(names) == {"LegalFramework", "Law", "Article", "Plan", "LegalStatus"}
    assert schema.class_named("Article").ancestors == (mln.LegalFramework, mln.Entity)


def test_what_a_property_takes(schema: Schema) -> None:
    assert schema.accepts("operates", "Association", side="domain")
    assert schema.accepts("operates", "Fund")
    assert not schema.accepts("operates", "Law")
    assert schema.accepts("memberOf", "Person", side="domain"), "a person is an agent"
    assert schema.accepts("mentions", "Territory")
    assert not schema.accepts("mentions", "Passage")
    assert not schema.accepts("noSuchProperty", "Actor")


def test_values(schema: Schema) -> None:
    assert schema.property_named("createdInYear").datatype == XSD_G_YEAR
    assert schema.property_named("role").datatype == RDFS_LITERAL
    assert schema.property_named("operates").datatype is None
    assert schema.individuals[mln.accepted].cls == mln.ReviewState


def test_lookup_by_name_or_iri(schema: Schema) -> None:
    assert schema.term("operates") is schema.term(mln.operates)
    assert schema.term("") is None
    with pytest.raises(KeyError):
        schema.class_named("operates")
    with pytest.raises(KeyError):
        schema.property_named("Actor")
    with pytest.raises(KeyError):
        schema.property_named("noSuchProperty")


def test_nothing_can_be_changed(schema: Schema) -> None:
    with pytest.raises(TypeError):
        schema.classes[mln.Actor].labels["fr"] = "autre"  # type: ignore[index]
    with pytest.raises(dataclasses.FrozenInstanceError):
        schema.version = "2"  # type: ignore[misc]
