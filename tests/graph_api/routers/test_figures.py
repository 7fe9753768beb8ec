"""Figures of one thing side by side: page, JSON, table."""

import csv
import io
import json
import re
from dataclasses import replace
from typing import Any

import pyoxigraph as ox
import pytest

from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.spreadsheets import spreadsheet
from ingest.conflicts import Stand
from ontology import terms as mln
from ontology.model import Iri, Literal, Quad, Term
from ontology.vocabularies import RDF_SUBJECT, RDF_TYPE, XSD_DECIMAL
from tests.graph_api.local import (
    IRIS,
    TREMPLIN,
    Client,
    LocalQueries,
    Sample,
    add_quads,
    make_app,
    year,
)


def groups(client: Client, tail: str = "") -> list[dict[str, Any]]:
    response = client.get(f"/api/conflicts{tail}", accept="application/json")
    assert response.status_code == 200
    found: list[dict[str, Any]] = json.loads(response.content)
    return found


def test_years_that_differ_are_a_conflict_with_their_sentences(client: Client) -> None:
    (group,) = [g for g in groups(client) if g["property"].endswith("#createdInYear")]
    assert (group["subject"], group["class"]) == (TREMPLIN, "conflict")
    years = {value["value"] for value in group["values"]}
    assert {"2003", "2022"} <= years
    quotes = [source["quote"] for value in group["values"] for source in value["sources"]]
    assert any("2003" in quote for quote in quotes)
    for value in group["values"]:
        for source in value["sources"]:
            if source["document"]:
                assert source["end"] > source["start"]


def test_a_class_narrows_and_an_unknown_one_is_missing(client: Client) -> None:
    for stand in Stand:
        assert {g["class"] for g in groups(client, f"?class={stand}")} <= {stand}
    assert client.get("/api/conflicts?class=nonsense").status_code == 404
    assert client.get("/en/figures?class=nonsense").status_code == 404
    assert client.get("/en/figures?page=99").status_code == 404
    assert client.get("/en/figures?page=0").status_code == 422


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_each_value_with_the_way_to_its_sentence(client: Client, lang: str) -> None:
    text = client.get(f"/{lang}/figures").text
    assert text.count("<h1") == 1
    assert {"en": "They contradict each other", "fr": "Ils se contredisent"}[lang] in text
    assert "<strong>2003</strong>" in text
    assert "#mark" in text


@pytest.mark.parametrize(("lang", "delimiter"), [("fr", ";"), ("en", ",")])
def test_the_table_opens_in_a_spreadsheet(client: Client, lang: str, delimiter: str) -> None:
    response = client.get(f"/{lang}/figures.csv")
    assert response.text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(response.text[1:]), delimiter=delimiter))
    assert {"2003", "2022"} <= {row["value"] for row in rows}
    assert {row["class"] for row in rows} <= set(Stand)


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@x", "\tx"])
def test_no_cell_is_a_formula(cell: str) -> None:
    rows = list(
        csv.reader(io.StringIO(bytes(spreadsheet("x", ["h"], [[cell]], "en").body).decode()))
    )
    assert rows[1] == ["'" + cell]


def test_a_document_that_may_not_be_quoted_gives_no_quote(client: Client) -> None:
    for group in groups(client):
        for value in group["values"]:
            for source in value["sources"]:
                assert "secret" not in source["quote"]


@pytest.mark.parametrize(
    ("lang", "first", "unit"),
    [("en", "source of 2019", "persons"), ("fr", "source de 2019", "personnes")],
)
def test_numbers_of_one_unit_are_bars_in_the_order_of_their_time(
    portal: Sample, lang: str, first: str, unit: str
) -> None:
    store = ox.Store()
    said: list[tuple[Iri, Iri, Term]] = []
    subject = IRIS.entity("programme", "scheme")
    for number, (value, period, kind) in enumerate(
        [
            ("300", "2023", "persons"),
            ("120", "", "persons"),
            ("7", "2023", "EUR"),
            ("9", "2022", "%"),
        ]
    ):
        figure = IRIS.entity("figure", f"figure{number}")
        measure = Literal("helped" if kind == "persons" else "other", lang="en")
        report, claim = IRIS.entity("publication", f"r{number}"), IRIS.claim(f"figure{number}")
        citation = Iri(f"{claim}#citation-1")
        said += [
            (figure, RDF_TYPE, mln.KeyFigure), (figure, mln.figureOf, subject),
            (figure, mln.measure, measure), (figure, mln.unit, Literal(kind)),
            (figure, mln.value, Literal(value, XSD_DECIMAL)),
            (claim, RDF_SUBJECT, figure), (claim, mln.citation, citation),
            (citation, mln.citedPublication, report), (report, mln.publishedInYear, year("2019")),
        ]  # fmt: skip
        if period:
            said.append((figure, mln.period, Literal(period)))
    add_quads(store, [Quad(s, p, o, IRIS.graph("corpus")) for s, p, o in said])
    text = (
        Client(make_app(replace(portal.services, queries=LocalQueries(store))))
        .get(f"/{lang}/figures")
        .text
    )
    rows = re.findall(
        r'<th scope="row">([^<]+)</th>\s*<td>(\d+ [^<\s]+)\s*<svg.*?<rect width="([0-9.]+)%"', text
    )
    assert rows == [(first, f"120 {unit}", "40.0"), ("2023", f"300 {unit}", "100.0")]
