"""The public page of what people changed."""

import json
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from graph_api.builder.decisions import ClaimRef, DecisionLog, new_decision
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from graph_api.portal.feeds import ATOM
from graph_api.portal.i18n import LANGUAGES
from tests.graph_api.local import RELAIS, TREMPLIN, Client, Sample, make_app


@pytest.fixture
def own(portal: Sample, tmp_path: Path) -> Client:
    folder = DataFolder(tmp_path)
    folder.init()
    claim = ClaimRef("0" * 32, portal.french.sha256, RELAIS, "p", TREMPLIN, "a secret quote")
    log = DecisionLog(folder.decisions)
    log.append(new_decision("reject", who="Camille <b>", why="private", claim=claim))
    merged = new_fate(RELAIS, "merged", who="Camille", why="private", to=TREMPLIN)
    IdentityLog(folder.decisions).append(merged)
    settings = replace(portal.services.settings, data=tmp_path)
    return Client(make_app(replace(portal.services, settings=settings)))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_page(own: Client, lang: str) -> None:
    text = own.get(f"/{lang}/changes").text
    assert text.count("<h1") == 1
    assert {"en": "Rejected", "fr": "Rejeté"}[lang] in text
    assert {"en": "Merged into another", "fr": "Fusionné dans un autre"}[lang] in text
    for word in ("Camille", "private", "secret"):
        assert word not in text
    assert own.get(f"/{lang}/changes?page=2").status_code == 404


def test_data_and_feed(own: Client) -> None:
    data = json.loads(own.get("/en/changes.json", accept="application/json").content)
    assert [change["what"] for change in data["changes"]] == ["merged", "rejected"] or [
        change["what"] for change in data["changes"]
    ] == ["rejected", "merged"]
    feed = ET.fromstring(own.get("/fr/changes.atom").content)  # noqa: S314 - our own
    assert len(feed.findall(f"{{{ATOM}}}entry")) == 2


def test_nothing_yet(client: Client) -> None:
    assert "Nobody changed anything" in client.get("/en/changes").text
