"""Classes of the ontology and the seven families."""

import pytest

from ingest.extract.classes import FAMILIES, family_of, kind_of
from ontology.iris import KINDS


def test_families_and_kinds_agree() -> None:
    assert {family_of(family) for family in FAMILIES} == set(FAMILIES)
    assert {kind_of(family) for family in FAMILIES} <= set(KINDS)
    assert family_of("Definition") == "LegalFramework"
    assert kind_of("Definition") == "practice"
    assert family_of("Concept") is None


def test_an_unknown_class_is_never_minted() -> None:
    with pytest.raises(KeyError):
        kind_of("Concept")
