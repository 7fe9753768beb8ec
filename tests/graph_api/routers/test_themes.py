"""Themes: the tree, what is about one and about narrower ones; the same set as page, JSON, table, query."""

import asyncio
import csv
import io
import json
from typing import Any

import pytest

from graph_api.guide.offers import Knowledge
from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.labels import text_of
from graph_api.portal.themes import Branch, theme_tree
from ontology import terms as mln
from ontology.model import Iri, Quad
from tests.graph_api.local import (
    IRIS,
    RELAIS,
    TREMPLIN,
    Client,
    Sample,
    add_quads,
    make_app,
    sample,
)
from tests.graph_api.placed import placed_quads

ECONOMY, BUSINESS = (
    IRIS.concept("themes", s) for s in ("social-economy", "social-entrepreneurship")
)


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    made = sample(tmp_path_factory.mktemp("themes"))
    part = Iri(f"{TREMPLIN}#criterion-1")
    hanging = Quad(part, mln.theme, ECONOMY, IRIS.graph("corpus"))  # a part is not listed
    add_quads(made.queries.store, [*placed_quads(), hanging])
    return made


@pytest.fixture(scope="module")
def client(found: Sample) -> Client:
    return Client(make_app(found.services))


def answer(client: Client, query: str = "") -> dict[str, Any]:
    data: dict[str, Any] = json.loads(client.get(f"/api/themes{query}", accept="*/*").content)
    return data


def test_the_tree_counts_a_thing_once_and_ends_in_a_ring() -> None:
    a, b, c = (IRIS.concept("themes", name) for name in "abc")
    knowledge = Knowledge(broader={b: frozenset({a}), c: frozenset({a, b})})
    about = {TREMPLIN: frozenset({b, c}), RELAIS: frozenset({a})}
    leaf = Branch(c, 1, 1)
    assert theme_tree([a, b, c], about, knowledge) == (
        Branch(a, 1, 2, (Branch(b, 1, 1, (leaf,)), leaf)),
    )
    ring = Knowledge(broader={b: frozenset({a, c}), c: frozenset({b})})
    assert theme_tree([a, b, c], {}, ring) == (
        Branch(a, 0, 0, (Branch(b, 0, 0, (Branch(c, 0, 0),)),)),
    )


def test_the_list_and_its_query_count_the_same(client: Client, found: Sample) -> None:
    data = answer(client)
    counted = {each["theme"]: each["with_narrower"] for each in data["themes"]}
    assert (counted[ECONOMY], counted[BUSINESS]) == (2, 1)
    rows = asyncio.run(found.queries.select(data["query"]))
    assert {text_of(row["theme"]): int(text_of(row["things"])) for row in rows} == counted
    lines = csv.DictReader(io.StringIO(client.get("/en/themes.csv").text[1:]))
    assert {line["iri"]: int(line["with_narrower"]) for line in lines} == counted


@pytest.mark.parametrize("slug", ["social-economy", "social-entrepreneurship", "youth"])
def test_a_theme_is_the_same_set_everywhere(client: Client, found: Sample, slug: str) -> None:
    data = answer(client, f"?theme={slug}")
    said = {(each["thing"], each["theme"]) for each in data["about"]}
    expected = {
        "social-economy": {(RELAIS, ECONOMY), (TREMPLIN, BUSINESS)},
        "social-entrepreneurship": {(TREMPLIN, BUSINESS)},
        "youth": set(),
    }
    assert said == expected[slug]
    rows = asyncio.run(found.queries.select(data["query"]))
    assert {(row["thing"], row["theme"]) for row in rows} == said
    table = client.get(f"/en/themes.csv?theme={slug}").text[1:]
    lines = csv.DictReader(io.StringIO(table))
    assert {(line["thing"], line["theme"]) for line in lines} == said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pages(client: Client, lang: str) -> None:
    tree = client.get(f"/{lang}/themes").text
    assert tree.count("<h1") == 1
    outer = tree.index('/concept/themes/social-economy"')
    assert outer < tree.index('/concept/themes/social-entrepreneurship"')
    page = client.get(f"/{lang}/concept/themes/social-economy").text
    assert page.count("<h1") == 1
    relais, tremplin = (page.index(iri.rpartition("/id")[2] + '"') for iri in (RELAIS, TREMPLIN))
    narrower = {"fr": "plus précis", "en": "narrower"}[lang]
    assert narrower not in page[relais : relais + 80]
    assert narrower in page[tremplin : tremplin + 120]
    assert {"fr": "non relu", "en": "not checked"}[lang] in page  # its Swedish name
    # What stands below it is said to be narrower, not broader.
    assert {"fr": "Plus précis", "en": "Narrower"}[lang] in page
    empty = client.get(f"/{lang}/concept/themes/youth").text
    assert {"fr": "Cela ne prouve pas", "en": "no proof"}[lang] in empty


def test_an_unknown_theme_is_missing(client: Client) -> None:
    for slug in ("dragons", "%3Cscript%3E", "%22%3E"):
        assert client.get(f"/api/themes?theme={slug}", accept="*/*").status_code == 404
        assert client.get(f"/en/themes.csv?theme={slug}").status_code == 404
