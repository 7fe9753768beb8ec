"""The documentation of the ontology in Markdown leads nowhere that is not there."""

import re

import pytest

from graph_api.ontology_reference import ontology_page
from graph_api.portal.i18n import LANGUAGES
from ontology.documentation import document_ontology


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_term_has_an_anchor_and_no_link_is_dead(lang: str) -> None:
    text = ontology_page(lang)
    anchors = re.findall(r'<a id="([^"]+)">', text)
    assert len(anchors) == len(set(anchors))
    assert {term.name for term in document_ontology().terms} <= set(anchors)
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= set(anchors)


def test_the_words_are_those_of_the_language() -> None:
    assert "- genre de\u00a0: [entité](#Entity)" in ontology_page("fr")
    assert "- kind of: [entity](#Entity)" in ontology_page("en")
