"""The headings of a practice sheet: every language of the Union, small changes of wording, numbers."""

import pytest

from corpus.practice_sheet import FIELDS, QUESTIONS, load_practice_form
from ontology.iris import Iris
from ontology.load import scheme_graph
from ontology.vocabularies import SKOS_PREF_LABEL

FORM = load_practice_form()
EU = [
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr",
    "hu", "it", "lt", "lv", "mt", "nl", "pl", "pt", "ro", "sk", "sl", "sv",
]  # fmt: skip


def test_every_language_of_the_union_has_every_heading() -> None:
    assert list(FORM.headings) == EU
    assert all(set(said) == {*FIELDS, *QUESTIONS} for said in FORM.headings.values())


@pytest.mark.parametrize("lang", EU)
def test_a_sheet_in_a_language_is_known_by_its_headings(lang: str) -> None:
    for form in (0, -1):  # short words, whole questions
        headings = [FORM.headings[lang][question][form] for question in QUESTIONS]
        assert FORM.language(headings) == lang
        assert FORM.keys(headings, lang) == list(QUESTIONS)
        numbered = [f"{n}. {heading.upper()}" for n, heading in enumerate(headings, start=1)]
        assert FORM.keys(numbered, lang) == list(QUESTIONS)


def test_the_questions_are_those_of_the_vocabulary() -> None:
    scheme = scheme_graph("practice-questions", Iris())
    asked = 0
    for question in QUESTIONS:
        concept = Iris().concept("practice-questions", question)
        for subject, predicate, label in scheme:
            if str(subject) == concept and str(predicate) == SKOS_PREF_LABEL:
                asked += 1
                assert FORM.keys([str(label)], str(label.language)) == [question], label  # type: ignore[attr-defined]
    assert asked == 60


def test_small_changes_of_wording_do_no_harm_and_others_do() -> None:
    assert FORM.keys(["Who receives this support today?", "Who are we?", ""], "en") == [
        "recipients", "", "",
    ]  # fmt: skip
    assert not FORM.knows("Budget and staff of the year")


def test_a_number_alone_will_do_where_four_others_have_theirs() -> None:
    headings = ["1. In short", "2. Need", "3. Recipients", "4. Example", "9. What changed for them"]
    assert FORM.keys(headings, "en")[-1] == "outcomes"
    assert FORM.keys(headings[1:], "en")[-1] == ""
    moved = ["1. Need", "2. In short", "3. Recipients", "4. Example", "9. What changed for them"]
    assert FORM.keys(moved, "en")[-1] == ""


def test_fields_may_be_named_in_english_or_french_in_any_sheet() -> None:
    assert FORM.keys(["English name", "Date de mise à jour", "Datums"], "lv") == [
        "name-en", "date", "date",
    ]  # fmt: skip
    assert FORM.knows_field("Organizācija")
    assert not FORM.knows_field("Vajadzība")


def test_of_equal_languages_the_partners_own_is_meant() -> None:
    assert FORM.language(["Resultater"], ["da"]) == "da"
    assert FORM.language(["Rezultati"], ["sl", "en"]) == "sl"
    assert FORM.language(["Rezultati"], ["hr-HR"]) == "hr"


def test_an_empty_sheet_asks_all_twelve_questions() -> None:
    lines = FORM.blank("lv").splitlines()
    asked = [line.removeprefix("## ") for line in lines if line.startswith("## ")]
    assert FORM.keys(asked, "lv") == list(QUESTIONS)
    assert lines[0] == "# Nosaukums"
