"""What names say of their neighbours."""

import pytest

from ingest.appositions import relate_neighbours
from ingest.mentions import find_mentions
from tests.ingest.lexicons import IRIS, WORLD, document, extracted, fact, facts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Arpège (groupe Banque des Rives) aide.", {("arpege", "partOf", "banque-des-rives")}),
        ("L'Arpège fait partie du groupe Banque des Rives.",
         {("arpege", "partOf", "banque-des-rives")}),
        ("L'Arpège fait partie du Réseau Galet.", {("arpege", "memberOf", "reseau-galet")}),
        ("L'Arpège, basée à Brumeval, aide.", {("arpege", "locatedIn", "brumeval")}),
        ("The Arpège is based in Brumeval.", {("arpege", "locatedIn", "brumeval")}),
        ("Arpège's Project Hive grows here.", {("arpege", "operates", "ruche-aux-projets")}),
        ("In Brumeval, Project Hive aims high.",
         {("ruche-aux-projets", "appliesIn", "brumeval")}),
        ("Through its Project Hive, the Arpège helps.",
         {("arpege", "operates", "ruche-aux-projets")}),
        ("L'Arpège ne sera pas basée à Brumeval.", set()),
        ("L'Arpège aime Brumeval.", set()),
    ],
)  # fmt: skip
def test_neighbours(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert facts(text) == expected


def test_a_branch_named_after_a_place_is_a_candidate() -> None:
    extraction = extracted("Partenaires : Crédit Brumeval, Alizé Deux et Sorbier Trois.")
    assert ("credit-brumeval", "locatedIn", "brumeval") in {
        fact(claim) for claim in extraction.candidates
    }
    assert "locatedIn" not in {fact(claim)[1] for claim in extraction.claims}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'Arpège a été créée en 2002.", {("arpege", "createdInYear", "2002")}),
        ("In 2008, the Arpège was created by friends.", {("arpege", "createdInYear", "2008")}),
        ("Arpège created Project Hive in 2018.",
         {("ruche-aux-projets", "createdBy", "arpege"),
          ("ruche-aux-projets", "createdInYear", "2018")}),
        ("Beneficiaries are Arpège and Fondation Tilleul, for which six schemes were made, "
         "launched in 2016.", set()),
    ],
)  # fmt: skip
def test_years_are_of_what_was_made(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert facts(text) == expected


def test_names_far_from_each_other_are_no_neighbours() -> None:
    read = document(f"Arpège {'aide beaucoup ' * 10}(groupe Banque des Rives).")
    assert relate_neighbours(read, find_mentions(read, WORLD, IRIS), WORLD) == []
