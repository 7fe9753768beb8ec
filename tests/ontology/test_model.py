"""Value types: the name of a claim, equality, order."""

from dataclasses import replace

from ontology.model import Claim, Iri, LabelRole, Literal, Name, Passage, sorted_names

PASSAGE = Passage("ab" * 32, 10, 30, "Avise runs Cap Impact.", "en")
CLAIM = Claim(
    Iri("https://x/a"), Iri("https://x/operates"), Iri("https://x/b"), PASSAGE, "trigger", 0.8
)


def test_hash_survives_a_new_rule_and_a_shifted_text() -> None:
    moved = replace(PASSAGE, start=110, end=130, page=4, section="Other")
    assert replace(CLAIM, passage=moved, rule="other", confidence=0.5).hash == CLAIM.hash


def test_hash_ignores_the_typography_of_the_quote() -> None:
    spaced = replace(PASSAGE, quote="Avise  runs\n“Cap Impact”")
    assert replace(CLAIM, passage=spaced).hash == CLAIM.hash


def test_hash_tells_statements_apart() -> None:
    others = [
        replace(CLAIM, object=Iri("https://x/c")),
        replace(CLAIM, object=Literal("https://x/b")),
        replace(CLAIM, object=Literal("b", lang="fr")),
        replace(CLAIM, object=Literal("b", lang="en")),
        replace(CLAIM, predicate=Iri("https://x/funds")),
        replace(CLAIM, subject=Iri("https://x/z")),
        replace(CLAIM, passage=replace(PASSAGE, document="cd" * 32)),
        replace(CLAIM, passage=replace(PASSAGE, quote="Something else")),
    ]
    assert len({c.hash for c in [CLAIM, *others]}) == len(others) + 1


def test_the_name_is_32_hexadecimal_digits() -> None:
    assert len(CLAIM.hash) == 32
    assert int(CLAIM.hash, 16) >= 0


def test_sorted_names_do_not_depend_on_order() -> None:
    names = [
        Name("DLA", "fr", Iri("https://x/dla"), "Programme", LabelRole.ACRONYM),
        Name("Avise", "", Iri("https://x/avise"), "Actor", LabelRole.PREFERRED),
    ]
    assert sorted_names(names) == sorted_names([*reversed(names), names[0]])
