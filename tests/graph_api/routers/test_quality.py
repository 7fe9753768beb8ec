"""Measured quality: page, JSON, table; and what each rule may do."""

import csv
import io
import json

import pytest

from graph_api.portal.i18n import LANGUAGES
from tests.graph_api.local import Client


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_shows_figures_and_rules(client: Client, lang: str) -> None:
    text = client.get(f"/{lang}/quality").text
    assert text.count("<h1") == 1
    assert {"en": "Names found in running text", "fr": "Noms trouvés dans le texte"}[lang] in text
    assert {"en": "waits for a person", "fr": "attend une personne"}[lang] in text
    assert text.count("<table") >= 9
    assert "nDCG@10" in text
    narrowed = client.get(f"/{lang}/quality?lang=fr").text
    assert "noindex" in narrowed
    assert "noindex" not in text


def test_data_and_table_say_the_same(client: Client) -> None:
    data = json.loads(client.get("/api/quality", accept="application/json").content)
    assert data["publishing_bar"] == 0.9
    assert {group["name"] for group in data["search"]} >= {"all", "report"}
    rules = {(rule["kind"], rule["rule"]): rule for rule in data["rules"]}
    assert rules["templates", "template-questionnaire"]["public"]
    assert not rules["figures", "figure-sheet"]["public"]
    rows = list(csv.DictReader(io.StringIO(client.get("/en/quality.csv").text[1:])))
    assert len(rows) == len(data["figures"]) + len(data["rules"])
    assert {row["verdict"] for row in rows if row["what"] == "rule"} == {"public", "waits"}


def test_an_unknown_language_of_texts_shows_all(client: Client) -> None:
    assert client.get("/en/quality?lang=xx").status_code == 200
    assert client.get("/en/quality?lang=%3Cb%3E").status_code == 422
