"""Names: roles and contexts from what a label looks like."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Literal, Name, Triple
from ontology.names import concept_names, concept_relations, is_acronym, is_common_word, name, names
from ontology.vocabularies import (
    RDFS_LABEL,
    SKOS_ALT_LABEL,
    SKOS_HIDDEN_LABEL,
    SKOS_PREF_LABEL,
)

IRIS = Iris("https://graph.example")
DLA = IRIS.entity("programme", "dla")


def label(predicate: Iri, text: str, lang: str | None) -> Triple:
    return Triple(DLA, predicate, Literal(text, lang=lang))


@pytest.mark.parametrize("text", ["ESS", "P'INS", "ESF+", "R&D", "S.C.I.C.", "NGOs", "EPCI", "D2L"])
def test_acronyms(text: str) -> None:
    assert is_acronym(text)


@pytest.mark.parametrize(
    "text", ["", "Scic", "France", "BuiCaSuS", "iPhone", "C.", "2014", "ESS France", "É", "'ESS"]
)
def test_what_is_no_acronym(text: str) -> None:
    assert not is_acronym(text)


def test_labels_become_names() -> None:
    found = set(
        names(
            DLA,
            "SupportScheme",
            [
                label(SKOS_PREF_LABEL, "dispositif  local\nd'accompagnement", "fr"),
                label(SKOS_ALT_LABEL, "DLA", "fr"),
                label(SKOS_ALT_LABEL, "DLA", "en"),
                label(SKOS_HIDDEN_LABEL, "dispositif local d'acompagnement", "fr"),
                label(SKOS_ALT_LABEL, " … ", "fr"),
                label(RDFS_LABEL, "not a SKOS label", "en"),
                Triple(DLA, SKOS_PREF_LABEL, DLA),
                Triple(IRIS.entity("actor", "x"), SKOS_PREF_LABEL, Literal("other")),
            ],
        )
    )
    expected = {
        ("dispositif local d'accompagnement", "fr", LabelRole.PREFERRED, ""),
        ("DLA", "", LabelRole.ACRONYM, "capital"),
        ("dispositif local d'acompagnement", "fr", LabelRole.SPELLING, ""),
    }
    assert {(n.text, n.lang, n.role, n.context) for n in found} == expected
    assert {(n.entity, n.cls) for n in found} == {(DLA, "SupportScheme")}


def test_common_words_count_only_as_printed() -> None:
    assert name("FAIR", "fr", DLA, "Actor", LabelRole.PREFERRED).context == "capital"
    assert name("Le Relais", "fr", DLA, "Actor", LabelRole.PREFERRED).context == ""
    assert name("Relais", "fr", DLA, "Actor", LabelRole.PREFERRED).context == "capital"
    assert name("SPASER", "fr", DLA, "Plan", LabelRole.ALTERNATIVE).context == ""


def test_a_preferred_acronym_stays_preferred() -> None:
    assert name("ESUS", "fr", DLA, "LegalStatus", LabelRole.PREFERRED).role is LabelRole.PREFERRED


def test_the_field_in_both_languages() -> None:
    found = concept_names(IRIS)
    by_concept: dict[Iri, set[str]] = {}
    for n in found:
        by_concept.setdefault(n.entity, set()).add(n.text)
    economy = by_concept[IRIS.concept("themes", "social-economy")]
    assert {"ESS", "SSE", "économie sociale et solidaire", "social economy"} <= economy
    assert {n.cls for n in found} == {"Concept"}
    assert list(found) == sorted(set(found))
    assert {n.role for n in found if n.text in {"ESS", "SIAE"}} == {LabelRole.ACRONYM}


@given(st.text(max_size=30), st.sampled_from(["fr", "en"]))
def test_no_label_breaks_it(text: str, lang: str) -> None:
    found: list[Name] = list(names(DLA, "Actor", [label(SKOS_ALT_LABEL, text, lang)]))
    assert len(found) == (1 if fold(text) else 0)


def test_labels_that_nobody_checked_recognise_nothing() -> None:
    found = {n.text for n in concept_names(IRIS)}
    assert "émergence" in found
    assert not {"emergencia", "idéfas", "ideja", "subvención"} & found


def test_a_short_acronym_is_no_common_word() -> None:
    """Running text needs its capitals; a query may write it small."""
    assert name("DLA", "fr", DLA, "SupportScheme", LabelRole.ACRONYM).context == "capital"
    assert not is_common_word("dla")
    assert is_common_word("Switch")


def test_related_concepts_help_each_other_and_narrower_ones_the_broader() -> None:
    pairs = set(concept_relations(IRIS))
    need, theme = IRIS.concept("needs", "scaling"), IRIS.concept("themes", "scaling")
    assert {(need, theme), (theme, need)} <= pairs
    one_way = {(a, b) for a, b in pairs if (b, a) not in pairs}
    assert one_way, "narrower concepts"
