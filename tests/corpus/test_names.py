from corpus.names import without_repeated_spellings
from ontology.model import Iri, LabelRole, Name


def name(text: str, role: LabelRole, context: str = "") -> Name:
    return Name(text, "", Iri("https://x.example/id/actor/a"), "Actor", role, context)


def test_a_spelling_that_folds_to_another_name_is_left_out() -> None:
    region = name("Île-de-France", LabelRole.PREFERRED)
    misprint = name("Ile-de-Franse", LabelRole.SPELLING)
    given = [region, name("Ile-de-France", LabelRole.SPELLING), misprint]
    assert list(without_repeated_spellings(given)) == [region, misprint]


def test_it_counts_no_more_easily_than_the_name_it_repeats() -> None:
    avise = name("Avise", LabelRole.PREFERRED, "capital")
    found = list(without_repeated_spellings([avise, name("AVISÉ", LabelRole.SPELLING)]))
    assert found == [avise, name("AVISÉ", LabelRole.SPELLING, "capital")]
