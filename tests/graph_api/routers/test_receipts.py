"""Receipts of suppressions at their addresses, and the public lists without what is suppressed."""

from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.error_reports import ReportLog
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from graph_api.portal.i18n import LANGUAGES
from graph_api.routers.receipts import router
from graph_api.suppressions import (
    Channel,
    Receipt,
    ReceiptLog,
    SuppressionLog,
    new_suppression,
)
from tests.graph_api.local import TREMPLIN, Sample
from tests.graph_api.routers.test_review import Person
from tests.graph_api.workbenches import lay_out


@pytest.fixture(scope="module")
def visitor(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Person:
    bench = lay_out(portal, tmp_path_factory.mktemp("receipts"))
    return Person(replace(bench, secret=""))


def folder_of(visitor: Person) -> DataFolder:
    return DataFolder(Path(visitor.bench.services.settings.data))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_receipt_says_when_and_what(visitor: Person, lang: str) -> None:
    log = ReceiptLog(folder_of(visitor).access)
    channels = (Channel("graph", 1, 0), Channel("documents", 3, 0), Channel("releases", 2, 0))
    log.append(Receipt("r1", "2026-11-28T02:00:00+00:00", channels))
    page = visitor.get(f"/{lang}/receipts/r1")
    assert page.status_code == 200
    assert {"en": "nothing was left", "fr": "il ne restait rien"}[lang] in page.text
    assert page.text.count('<th scope="row">') == 3
    told = visitor.get("/api/receipts/r1").json()
    assert told["channels"][1] == {"name": "documents", "cleaned": 3, "left": 0}
    assert visitor.get(f"/{lang}/receipts/none").status_code == 404
    log.append(Receipt("r1", "2026-11-28T03:00:00+00:00", (Channel("graph", 1, 4),)))
    assert {"en": "nothing was left", "fr": "il ne restait rien"}[lang] not in visitor.get(
        f"/{lang}/receipts/r1"
    ).text
    assert {route.path for route in router.routes if hasattr(route, "path")} == {
        "/api/receipts/{receipt}", "/{lang}/receipts/{receipt}",
    }  # fmt: skip


def test_public_lists_do_not_tell_of_whom(visitor: Person) -> None:
    folder = folder_of(visitor)
    log = ReportLog(folder.decisions)
    own = log.add("programme/tremplin-local", "", "wrong", 10)
    other = log.add("actor/fonds-des-rives", "", "wrong", 10)
    for each in (own, other):
        log.decide(each.id, "accepted", "Ada Lovelorn said so")
    IdentityLog(folder.decisions).append(new_fate(TREMPLIN, "withdrawn", who="w"))
    assert "tremplin-local" in visitor.get("/en/changes.json").text
    assert own.id in visitor.get("/en/errata").text
    suppressed = new_suppression("w", iri=TREMPLIN, names=["Ada Lovelorn"])
    SuppressionLog(folder.access).append(suppressed)
    assert "tremplin-local" not in visitor.get("/en/changes.json").text
    for path in ("/en/errata", "/en/errata.json", "/en/errata.atom"):
        page = visitor.get(path).text
        assert own.id not in page, path
        assert "Lovelorn" not in page, path
    assert other.id in visitor.get("/en/errata").text
