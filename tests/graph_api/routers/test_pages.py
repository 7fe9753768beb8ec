import gzip
import re
from dataclasses import replace
from html import unescape
from importlib.resources import files

import pyoxigraph as ox
import pytest

from graph_api.errors import (
    BusyError,
    DeadlineError,
    EngineDownError,
    GoneError,
    MaillonError,
    MissingError,
)
from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.page_cache import GenerationCache
from graph_api.routers.pages import wording_of
from tests.graph_api.local import Client, LocalQueries, Sample, make_app

DATA_BLOCK = '<script type="application/ld+json">'  # never run: what a page says to search engines


def pages(portal: Sample) -> list[str]:
    sha, start = portal.french.sha256, portal.french.text.index("Le Relais")
    return [
        "", "help", "about", "legal", "accessibility", "actor", "programme", "figure", "event", "search",
        "search?q=tremplin", "search?q=zzzz&type=actor", "search?theme=habitat&lang=fr",
        "programme/tremplin-local", "actor/evil", "publication/bilan-regional",
        "figure/tremplin-projects", "law/loi-2014-07-31", "concept/stages/emergence",
        f"document/{sha}", f"document/{sha}?mark={start}-{start + 20}",
        f"document/{portal.english.sha256}?mark=0-200", f"document/{portal.paged.sha256}?part=2",
        f"document/{portal.secret.sha256}?mark=0-20", "sparql", "sparql?query=ASK%7B%7D",
        "figures", "guide", "guide/results?stage=idea",
        "errata", "report?page=about", "cite/actor/evil",
    ]  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_page_renders_within_its_budget(client: Client, portal: Sample, lang: str) -> None:
    for path in pages(portal):
        response = client.get(f"/{lang}/{path}")
        if path.startswith("concept/") and response.status_code == 404:
            continue  # another name in the vocabulary
        assert response.status_code == 200, path
        assert f'<html lang="{lang}">' in response.text
        assert response.text.count("<h1") == 1, path
        assert len(gzip.compress(response.content)) < 15_000
        assert "<script" not in response.text.replace(DATA_BLOCK, "")
        assert " style=" not in response.text
        assert "Undefined" not in response.text


def test_injected_markup_is_text_on_every_page(client: Client, portal: Sample) -> None:
    evil = "%3Cscript%3Ealert(1)%3C/script%3E"
    paths = [f"/fr/{path}" for path in pages(portal)]
    paths += [f"/fr/search?q={evil}", f"/fr/sparql?query={evil}", f"/fr/search?q=x&theme={evil}",
              f"/fr/{evil}", f"/fr/actor/{evil}", f"/{evil}"]  # fmt: skip
    for path in paths:
        text = client.get(path).text.replace(DATA_BLOCK, "")
        assert "<script" not in text, path
        assert "<b>bold" not in text, path
    assert "&lt;script&gt;" in client.get("/fr/actor/evil").text


def test_home_shows_kinds_with_counts_figures_and_documents(client: Client, portal: Sample) -> None:
    text = client.get("/fr/").text
    assert 'href="/fr/actor">Acteurs</a> <span class="count">3</span>' in text
    assert "6\u202f000" in text
    assert f'href="/fr/document/{portal.french.sha256}">Bilan régional</a>' in text


def test_an_empty_graph_has_a_home_too(portal: Sample) -> None:
    queries = LocalQueries(ox.Store())
    app = make_app(replace(portal.services, queries=queries))
    text = Client(app).get("/en/").text
    assert "Nothing has been read yet" in text


def test_the_home_page_asks_once_per_generation(portal: Sample) -> None:
    queries = LocalQueries(portal.queries.store)
    asked = Client(make_app(replace(portal.services, queries=queries)))
    asked.get("/fr/")
    first = len(queries.asked)
    asked.get("/fr/")
    assert len(queries.asked) - first < first
    assert isinstance(asked.app.state.page_cache, GenerationCache)


@pytest.mark.parametrize(
    ("error", "status", "said"),
    [
        (EngineDownError("the store is down"), 503, "Pas de réponse pour le moment"),
        (BusyError("queue full", retry_after=7), 503, "Pas de réponse pour le moment"),
        (DeadlineError("2 s"), 504, "pris trop de temps"),
        (GoneError("withdrawn"), 410, "a été retiré"),
        (MissingError("no"), 404, "rien à cette adresse"),
        (MaillonError("secret detail"), 500, "Quelque chose a échoué"),
    ],
)
def test_errors_are_pages_with_their_status(
    portal: Sample, error: MaillonError, status: int, said: str
) -> None:
    queries = LocalQueries(portal.queries.store)
    queries.fail = error
    response = Client(make_app(replace(portal.services, queries=queries))).get("/fr/actor/evil")
    assert response.status_code == status
    assert said in response.text
    assert "secret detail" not in response.text
    assert "noindex" in response.text
    assert response.headers.get("retry-after") == ("7" if isinstance(error, BusyError) else None)


def test_an_index_that_is_down_is_no_empty_result(portal: Sample) -> None:
    class Down:
        def current(self) -> None:
            raise EngineDownError("no index")

    app = make_app(replace(portal.services, index=Down()))  # type: ignore[arg-type]  # never answers
    assert Client(app).get("/en/search?q=x").status_code == 503


@pytest.mark.parametrize(
    "path", ["/fr/nope", "/nope", "/de/", "/fr/actor/nobody", "/fr/document/abc", "/fr/a/b/c/d"]
)
def test_unknown_addresses_are_404_pages(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "<h1>" in response.text


def test_static_files_are_named_by_their_content_and_kept(client: Client) -> None:
    href = client.get("/fr/").text.split('rel="stylesheet" href="')[1].split('"')[0]
    response = client.get(href)
    assert response.headers["content-type"].startswith("text/css")
    assert "immutable" in response.headers["cache-control"]
    for bad in ("portal.py", "..%2fapp.py", "nothing.css", "."):
        assert client.get(f"/static/x/{bad}").status_code == 404


def test_the_style_sheet_keeps_its_budget() -> None:
    css = (files("graph_api.portal") / "static" / "portal.css").read_bytes()
    assert len(gzip.compress(css)) < 8_000
    assert b"url(" not in css
    assert b"@import" not in css


def test_words_come_in_the_language_of_the_page() -> None:
    assert [wording_of(lang).kinds("actor") for lang in LANGUAGES] == ["Acteurs", "Actors"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_leads_to_what_it_names(client: Client, lang: str) -> None:
    text = client.get(f"/{lang}/help").text
    main = text[text.index("<main") : text.index("</main>")]
    inside = set(re.findall(r'href="#([a-z]+)"', main))
    assert len(inside) == 7
    assert all(f'id="{name}"' in main for name in inside)
    linked = {unescape(href) for href in re.findall(rf'href="(/{lang}/[^"]*)"', main)}
    assert len(linked) > 15
    for href in linked:
        assert client.get(href).status_code == 200, href
    assert f'href="/{lang}/help"' in text[text.index("<footer") :]
