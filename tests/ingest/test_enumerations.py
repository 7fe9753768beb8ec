"""Names in enumerations, and what the noun before them makes of them."""

import pytest

from ingest.extract.enumerations import find_bare_list, find_examples, find_listed_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("in impact funds (Alder II, Beech for All, 12 Oaks, etc.) and more",
         {("Alder II", "Programme"), ("Beech for All", "Programme"), ("12 Oaks", "Programme")}),
        ("Partenaires privés : AB2, Le Galet, Crédit Tilleul.",
         {("AB2", "Actor"), ("Le Galet", "Actor"), ("Crédit Tilleul", "Actor")}),
        ("dispositifs portés par des incubateurs tels que Alizé et Brindille",
         {("Alizé", "Actor"), ("Brindille", "Actor")}),
        ("examples of those who got help: Alder Town, Beech, Come see my oak.",
         {("Alder Town", "Actor"), ("Beech", "Actor"), ("Come see my oak", "Actor")}),
        ("partners: the State and the regions", set()),
        ("des associations (une seule)", set()),
    ],
)  # fmt: skip
def test_listed_names(text: str, expected: set[tuple[str, str]]) -> None:
    found = find_listed_names(text, 0, len(text))
    assert {(text[n.start : n.end], n.cls) for n in found} == expected


def test_a_block_that_is_only_a_list_of_bodies() -> None:
    text = "1 Alizé 77, BEG 78, Essarts Active, FOL 93 et Galet Uni"
    names = [text[n.start : n.end] for n in find_bare_list(text, 0, len(text))]
    assert names == ["Alizé 77", "BEG 78", "Essarts Active", "FOL 93", "Galet Uni"]
    towns = "Brumeval, Galet, Tilleul, Sorbier, Rives"
    assert find_bare_list(towns, 0, len(towns)) == []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("more targeted mechanisms such as Marevive for small ports", ["Marevive"]),
        ("a call for projects such as the Boîte à Idées 12 in Blueland", ["Boîte à Idées 12"]),
        ("des fonds tels que Rivage Plus ont aidé", ["Rivage Plus"]),
        ("a scheme such as “Tide Turners”", ["Tide Turners"]),
        ("programmes run by structures such as Anselma", []),  # a structure, not a programme
        ("schemes such as these", []),
        ("initiatives such as Marevive", []),  # who carries it, or what it is: not sure
    ],
)
def test_one_example_behind_such_as_is_what_the_noun_says(text: str, names: list[str]) -> None:
    found = find_examples(text, 0, len(text))
    assert [text[n.start : n.end] for n in found] == names
    assert {n.cls for n in found} <= {"Programme"}
