"""The partners' page and its JSON twin."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.folder import DataFolder
from graph_api.partners.registry import PartnerFolder
from graph_api.portal.i18n import LANGUAGES
from tests.graph_api.local import IRIS, Client, Sample, make_app
from tests.graph_api.partners.test_registry import LATVIA


@pytest.fixture
def site(portal: Sample, tmp_path: Path) -> Client:
    """The application over a folder with a partner."""
    folder = DataFolder(tmp_path / "var")
    folder.init()
    PartnerFolder(folder, IRIS).add(replace(LATVIA, name="<Centrs>"))
    services = portal.services
    settings = replace(services.settings, data=folder.root)
    return Client(make_app(replace(services, settings=settings)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_who_they_are(site: Client, lang: str) -> None:
    text = site.get(f"/{lang}/partners").text
    for said in {"fr": ("Lettonie", "letton, anglais", "1 partenaire"),
                 "en": ("Latvia", "Latvian, English", "1 partner")}[lang]:  # fmt: skip
        assert said in text
    assert "&lt;Centrs&gt;" in text
    assert "https://lv.example/id/" in text
    assert "mailto:data@lv.example" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_without_partners_the_page_says_so(client: Client, lang: str) -> None:
    said = {"fr": "Aucun partenaire", "en": "No partner is registered"}[lang]
    assert said in client.get(f"/{lang}/partners").text


def test_the_data_are_the_same(site: Client) -> None:
    (told,) = site.get("/api/partners").json()["partners"]
    assert told["country"] == "LV"
    assert told["prefixes"] == ["https://lv.example/id/"]
    assert told["graph"] == IRIS.graph("partner/lv")
