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

from tests.graph_api.local import Sample, make_app, sample


@dataclass(frozen=True)
class Site:
    """Where the portal runs, and what is in it."""

    origin: str
    portal: Sample

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
            "sparql": "/fr/sparql?query=SELECT+*+WHERE+%7B+%3Fs+%3Fp+%3Fo+%7D+LIMIT+5",
            "sparql-form": "/fr/sparql",
            "sparql-error": "/fr/sparql?query=SELECT+oops",
            "missing": "/fr/nowhere/at/all",
            "about": "/fr/about",
            "legal": "/fr/legal",
            "accessibility": "/fr/accessibility",
        }


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    portal = sample(tmp_path_factory.mktemp("site"))
    config = uvicorn.Config(make_app(portal.services), port=0, log_level="warning", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    limit = time.monotonic() + 20
    while not server.started and thread.is_alive() and time.monotonic() < limit:
        time.sleep(0.02)
    assert server.started, "the application did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Site(f"http://127.0.0.1:{port}", portal)
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
