"""Practices side by side: the same questions, answers in the reader's language, gaps said."""

import re

import pytest

from graph_api.portal.i18n import LANGUAGES
from ontology import terms as mln
from ontology.model import Iri, Literal, Quad, Term
from ontology.vocabularies import RDF_TYPE, SKOS_PREF_LABEL
from tests.graph_api.local import FONDS, IRIS, PRACTICE, Client, add_quads, make_app, sample

OTHERS = [IRIS.entity("practice", f"essai-{number}") for number in range(5)]
NEED, RESULTS = (IRIS.concept("practice-questions", slug) for slug in ("need", "outcomes"))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The sample, with practices that answer one or two questions."""
    found, graph = sample(tmp_path_factory.mktemp("compared")), IRIS.graph("corpus")
    said: list[tuple[Iri, Iri, Term]] = [
        (PRACTICE, mln.operatedBy, FONDS),
        (PRACTICE, mln.offersSupportType, IRIS.concept("support-types", "advisory")),
        (OTHERS[0], mln.supportType, IRIS.concept("support-types", "advisory")),
    ]
    for practice in (PRACTICE, *OTHERS):
        part = Iri(f"{practice}#need")
        said += [
            (practice, mln.hasPracticePart, part),
            (part, mln.question, NEED),
            (part, mln.answer, Literal("Un seul <guichet>.", lang="fr")),
            (part, mln.answer, Literal("One <desk> only.", lang="en")),
        ]
    for number, practice in enumerate(OTHERS):
        said += [
            (practice, RDF_TYPE, mln.GoodPractice),
            (practice, SKOS_PREF_LABEL, Literal(f"Essai {number}", lang="fr")),
        ]
    part = Iri(f"{OTHERS[0]}#outcomes")
    said += [
        (OTHERS[0], mln.hasPracticePart, part),
        (part, mln.question, RESULTS),
        (part, mln.answer, Literal("Douze lieux.", lang="fr")),
    ]
    add_quads(found.queries.store, (Quad(s, p, o, graph) for s, p, o in said))
    return Client(make_app(found.services))


def address(lang: str, *slugs: str) -> str:
    return f"/{lang}/practices/compare?" + "&".join(f"practice={slug}" for slug in slugs)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_stand_in_their_order_with_answers_and_gaps(client: Client, lang: str) -> None:
    text = client.get(address(lang, "guichet-unique", "essai-0")).text
    assert text.count("<h1") == 1
    rows = re.findall(r'<tr><th scope="row">(.*?)</tr>', text)
    assert len(rows) == 4
    need, outcomes, support, operator = rows
    assert support.count("support-types/advisory") == 2
    answer = {"fr": "Un seul &lt;guichet&gt;.", "en": "One &lt;desk&gt; only."}[lang]
    assert need.count(answer) == 2
    gap = {"fr": "aucune source ne le dit", "en": "no source says it"}[lang]
    assert "Douze lieux." in outcomes
    assert outcomes.count(gap) == 1
    assert "fonds-des-rives" in operator
    assert operator.count(gap) == 1


@pytest.mark.parametrize("slugs", [(), ("essai-0",), ("essai-0", "essai-0")])
def test_less_than_two_are_a_question(client: Client, slugs: tuple[str, ...]) -> None:
    text = client.get(address("en", *slugs)).text
    assert text.count('type="checkbox" name="practice"') == 6
    assert text.count(" checked") == len(set(slugs))
    assert "<table" not in text


def test_unknown_and_too_many_are_told(client: Client) -> None:
    assert client.get(address("en", "nowhere", "essai-0")).status_code == 404
    assert client.get(address("en", *(f"essai-{n}" for n in range(5)))).status_code == 422
    assert client.get(address("en", *(f"essai-{n}" for n in range(4)))).status_code == 200
    assert client.get(address("en", "%00%22<", "x")).status_code == 404


def test_no_practice_at_all_is_said(tmp_path_factory: pytest.TempPathFactory) -> None:
    bare = Client(make_app(sample(tmp_path_factory.mktemp("bare")).services))
    assert "No source describes any so far." in bare.get("/en/practices/compare").text
