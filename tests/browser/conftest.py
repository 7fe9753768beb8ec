"""A real browser (Debian's Chromium through Playwright) before the whole application.

* ``site``: the address of the application over the sample of ``tests.graph_api.local``.
* ``browser``: one Chromium for all tests; each test opens its own context.

Browsers are never downloaded: without Chromium these tests are skipped with that reason.
"""

import shutil
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import uvicorn
from playwright.sync_api import Browser, sync_playwright

from graph_api.folder import DataFolder
from graph_api.mappings import EXACT, Mapping, MappingLog
from graph_api.partners.registry import PartnerFolder
from graph_api.partners.runs import RunLog
from graph_api.suppressions import Channel, Receipt, ReceiptLog
from tests.graph_api.local import IRIS, Sample, add_quads, make_app, sample
from tests.graph_api.partners.test_registry import LATVIA
from tests.graph_api.partners.test_runs import RUN
from tests.graph_api.placed import placed_quads
from tests.graph_api.portal.test_partner_records import partner_quads
from tests.graph_api.workbenches import Bench, lay_out


@dataclass(frozen=True)
class Site:
    """Where the portal runs, and what is in it."""

    origin: str
    portal: Sample
    bench: Bench

    def pages(self) -> dict[str, str]:
        """One address of each type of page and state, in French."""
        sha, text = self.portal.french.sha256, self.portal.french.text
        start = text.index("Le Relais du Pays bleu pilote")
        mark = f"{start}-{text.index(' Ce dispositif')}"
        english = self.portal.english.sha256
        return {
            "home": "/fr/",
            "search": "/fr/search?q=tremplin",
            "search-filtered": "/fr/search?q=tremplin&type=programme&theme=habitat",
            "search-empty": "/fr/search?q=diagnostic&type=actor",
            "list": "/fr/actor",
            "list-empty": "/fr/event",
            "entity": "/fr/programme/tremplin-local",
            "publication": "/fr/publication/bilan-regional",
            "document": f"/fr/document/{sha}?mark={mark}",
            "document-pages": f"/fr/document/{self.portal.paged.sha256}?part=2",
            "document-quotes": f"/fr/document/{english}?mark=0-300",
            "document-metadata": f"/fr/document/{self.portal.secret.sha256}",
            "reading": f"/fr/document/{sha}/reading",
            "sparql": "/fr/sparql?query=SELECT+*+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+5",
            "sparql-form": "/fr/sparql",
            "sparql-error": "/fr/sparql?query=SELECT+oops",
            "ontology": "/fr/ontology",
            "listing": "/fr/laws",
            "listing-empty": "/fr/events",
            "figures": "/fr/figures",
            "compare": "/fr/practices/compare",
            "coverage": "/fr/coverage?place=country",
            "territory": "/fr/territory/town",
            "territory-empty": "/fr/territory/hamlet",
            "territories": "/fr/territories/compare?place=town&place=hamlet",
            "territories-form": "/fr/territories/compare?place=Nulle-Part&place=Pays",
            "map": "/fr/territories",
            "map-departments": "/fr/territories?area=fr-dep",
            "map-eu": "/fr/territories?area=eu",
            "themes": "/fr/themes",
            "theme": "/fr/concept/themes/social-economy",
            "theme-empty": "/fr/concept/themes/youth",
            "guide": "/fr/guide?who=any",
            "guide-place": "/fr/guide?who=any&stage=any&need=any&place=Nulle-Part",
            "guide-results": "/fr/guide/results?stage=idea&need=funding",
            "report": "/fr/report?page=programme/tremplin-local&fact="
            + IRIS.claim("sheet0").rpartition("/")[2],
            "report-sent": "/fr/report?sent=20260101-abcdef12",
            "errata": "/fr/errata",
            "changes": "/fr/changes",
            "quality": "/fr/quality",
            "usage": "/fr/usage",
            "partners": "/fr/partners",
            "partner": "/fr/partners/lv",
            "partner-record": "/fr/partners/lv/record?iri=https://lv.example/id/a",
            "partner-run": f"/fr/partners/lv/runs/{RUN.id}",
            "cite": "/fr/cite/programme/tremplin-local",
            "review-login": "/fr/review/login",
            "missing": "/fr/nowhere/at/all",
            "help": "/fr/help",
            "about": "/fr/about",
            "legal": "/fr/legal",
            "receipt": "/fr/receipts/r1",
            "accessibility": "/fr/accessibility",
        }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    portal = sample(tmp_path_factory.mktemp("site"))
    add_quads(portal.queries.store, (*placed_quads(), *partner_quads()))
    bench = lay_out(portal, tmp_path_factory.mktemp("bench"))
    PartnerFolder(DataFolder(bench.services.settings.data), IRIS).add(LATVIA)
    RunLog(DataFolder(bench.services.settings.data).partners / "lv").save(RUN)
    same = "https://lv.example/id/a"
    MappingLog(DataFolder(bench.services.settings.data).decisions).append(
        Mapping("map", RUN.at, "Camille", IRIS.entity("programme", "tremplin-local"), EXACT, same)
    )
    channels = (Channel("graph", 1, 0), Channel("releases", 2, 0))
    receipt = Receipt("r1", "2026-11-28T02:00:00+00:00", channels)
    ReceiptLog(DataFolder(bench.services.settings.data).access).append(receipt)
    config = uvicorn.Config(make_app(bench.services), port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    limit = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < limit:
        time.sleep(0.02)
    assert server.started, "the application did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", portal, bench)
    server.should_exit = True
    thread.join(timeout=20)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("Chromium is not installed: run `make system`")
    with sync_playwright() as playwright:
        made = playwright.chromium.launch(
            executable_path=chromium,
            headless=True,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield made
        made.close()
