"""The table of triggers compiles, and its parts agree."""

import pytest

from ingest.extract.classes import FAMILIES, family_of
from ingest.extract.triggers import (
    allowed_arguments,
    blocked_heading,
    lexis_of,
    triggers_of,
)
from ontology import terms


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_triggers_of_a_language(lang: str) -> None:
    triggers = triggers_of(lang)
    assert len({t.rule for t in triggers}) == len(triggers), "each rule has its own name"
    for trigger in triggers:
        assert hasattr(terms, trigger.predicate)
        assert trigger.predicate in allowed_arguments()
        assert 0 < trigger.confidence <= 1
        assert trigger.rule.endswith(lang)


def test_arguments_are_families_or_classes() -> None:
    for pairs in allowed_arguments().values():
        for subject, object_ in pairs:
            assert subject in FAMILIES or family_of(subject)
            assert object_ == "" or object_ in FAMILIES


def test_other_languages_use_english() -> None:
    assert triggers_of("lv") == triggers_of("en")
    assert lexis_of("lv") == lexis_of("en")


@pytest.mark.parametrize(
    ("heading", "blocked"),
    [("Nos recommandations", True), ("Actions à renforcer", True), ("Actions menées", False)],
)
def test_headings_of_wishes(heading: str, blocked: bool) -> None:
    assert bool(blocked_heading().search(heading)) is blocked


def test_present_forms_only() -> None:
    (active,) = (t for t in triggers_of("fr") if t.rule == "funds-active-fr")
    assert active.pattern.search("elle finance")
    assert not active.pattern.search("le financement")
    assert not active.pattern.search("elle financera")
