import html
import re
import shlex
from dataclasses import replace
from urllib.parse import quote

import pyoxigraph as ox

from graph_api.errors import DeadlineError, NotOfferedError
from graph_api.portal.examples import load_examples
from graph_api.portal.i18n import LANGUAGES
from graph_api.routers.sparql_page import shorten
from ontology.iris import Iris
from tests.graph_api.local import IRIS, Client, LocalQueries, Sample, make_app

SELECT = (
    "SELECT ?s ?name WHERE { ?s <http://www.w3.org/2004/02/skos/core#prefLabel> ?name } LIMIT 3"
)


def run(client: Client, query: str, lang: str = "en") -> str:
    response = client.get(f"/{lang}/sparql?query={quote(query)}")
    assert response.status_code == 200, response.text
    return response.text


def test_rows_are_a_table_with_downloads_and_a_permanent_link(client: Client) -> None:
    text = run(client, SELECT)
    assert '<th scope="col">name</th>' in text
    assert "3 rows" in text
    for name in ("csv", "tsv", "json", "xml"):
        assert f"&amp;format={name}" in text
    assert "SELECT ?s ?name" in text


def test_the_same_by_curl(client: Client) -> None:
    """A line that a shell takes as it stands, whatever quotes the query has."""
    query = "ASK { ?s ?p 'it\\'s' }\n# $(rm -rf /) `x`"
    page = run(client, query)
    found = re.search(r'<pre class="code" tabindex="0">(curl .*?)</pre>', page, re.DOTALL)
    assert found is not None
    words = shlex.split(html.unescape(found[1]))
    assert words[0] == "curl"
    assert f"query={query}" in words
    assert words[-1] == "http://portal.test/sparql"


def test_our_iris_are_links_and_shortened(client: Client) -> None:
    text = run(client, f"SELECT ?s WHERE {{ VALUES ?s {{ <{IRIS.entity('actor', 'evil')}> }} }}")
    assert '<a href="/en/actor/evil">actor/evil</a>' in text
    assert shorten("http://www.w3.org/2004/02/skos/core#prefLabel", IRIS.base) == "skos:prefLabel"
    assert shorten(IRIS.passage("ab" * 32, 1, 9), IRIS.base) == "document/ababababab…/p/1-9"
    assert shorten("https://elsewhere.example/x", IRIS.base) == "https://elsewhere.example/x"


def test_other_forms_show_their_text(client: Client) -> None:
    assert "<pre" in run(client, "CONSTRUCT { ?s ?p 1 } WHERE { ?s ?p ?o } LIMIT 2")
    assert "true" in run(client, "ASK { ?s ?p ?o }")


def test_a_mistake_is_told_in_place_with_the_query_kept(client: Client) -> None:
    response = client.get("/fr/sparql?query=SELECT%20%3Fx%20WHERE%20%7B%20oops")
    assert response.status_code == 400
    assert "La requête ne peut pas être lue" in response.text
    assert "Ligne\xa01, colonne" in response.text
    assert "SELECT ?x WHERE { oops" in response.text
    assert 'aria-invalid="true"' in response.text
    lines = quote("SELECT *\nWHERE { ?s <p> ?o . FILTER <broken> }")
    page = client.get(f"/en/sparql?query={lines}").text
    assert (
        "?s &lt;p&gt; ?<mark>o</mark> . FILTER &lt;broken&gt; }</pre>" in page
    )  # as far as it read


def test_a_deadline_is_504_in_place(portal: Sample) -> None:
    queries = LocalQueries(portal.queries.store)
    queries.fail = DeadlineError("stopped after 2 s")
    client = Client(make_app(replace(portal.services, queries=queries)))
    response = client.get("/en/sparql?query=ASK%7B%7D")
    assert response.status_code == 504
    assert "took too long and was stopped" in response.text
    assert "ASK{}" in response.text
    queries.fail = NotOfferedError("no")
    assert client.get("/en/sparql?query=ASK%7B%7D").status_code == 406


def test_without_a_query_nothing_runs(portal: Sample) -> None:
    queries = LocalQueries(portal.queries.store)
    client = Client(make_app(replace(portal.services, queries=queries)))
    for path in ("/fr/sparql", "/fr/sparql?query=%20", "/fr/sparql?example=graphs"):
        assert client.get(path).status_code == 200
    assert queries.asked == []


def test_every_example_has_titles_and_is_found_on_the_page(client: Client) -> None:
    """Each stands once in its group, and opens with its query."""
    pages = {lang: client.get(f"/{lang}/sparql").text for lang in LANGUAGES}
    for example in load_examples():
        assert set(example.titles) == set(LANGUAGES)
        for lang, page in pages.items():
            assert page.count(f'example={example.name}"') == 1
            assert html.escape(example.titles[lang], quote=False) in html.unescape(page).replace(
                "&", "&amp;"
            ).replace("<", "&lt;").replace(">", "&gt;")
    chosen = client.get("/fr/sparql?example=graphs").text
    assert 'aria-current="true"' in chosen
    assert "GRAPH ?graph" in chosen


def test_examples_are_shown_for_the_base_of_the_site(portal: Sample) -> None:
    services = replace(
        portal.services, iris=Iris("https://data.example.org"), queries=LocalQueries(ox.Store())
    )
    text = Client(make_app(services)).get("/fr/sparql?example=one-actor").text
    assert "https://data.example.org/id/actor/avise" in text
    assert "https://maillon.example/" not in text
