from dataclasses import replace

import pytest

from graph_api.portal.rendering import Links
from ontology.iris import Iris
from tests.graph_api.local import Client, Sample, make_app

IRIS = Iris()
ROOT = Links("", "fr", IRIS.base)
BELOW = Links("/maillon", "en", IRIS.base)


def test_addresses_keep_base_path_and_language() -> None:
    assert ROOT.page() == "/fr/"
    assert BELOW.page("search", q="a b&c", page=None, theme=("x", "y")) == (
        "/maillon/en/search?q=a+b%26c&theme=x&theme=y"
    )
    assert BELOW.static("portal.css").startswith("/maillon/static/")
    assert BELOW.data(IRIS.entity("actor", "avise"), "ttl") == "/maillon/data/actor/avise.ttl"


def test_the_page_of_an_iri() -> None:
    sha = "ab" * 32
    assert ROOT.iri(IRIS.entity("actor", "avise")) == "/fr/actor/avise"
    assert ROOT.iri(IRIS.concept("themes", "housing")) == "/fr/concept/themes/housing"
    assert ROOT.iri(IRIS.document(sha)) == f"/fr/document/{sha}"
    assert ROOT.iri(IRIS.passage(sha, 3, 9)) == f"/fr/document/{sha}?mark=3-9#mark"
    assert ROOT.iri("https://elsewhere.example/x") == ""
    assert ROOT.iri(IRIS.claim("ab")) == ""
    assert ROOT.iri(f"{IRIS.base}/id/actor") == ""


def test_odd_characters_cannot_leave_their_place() -> None:
    assert '"' not in ROOT.to('/fr/actor/"><script>')
    assert "#" not in ROOT.to("/fr/actor/a#b")


@pytest.mark.parametrize(
    ("accepted", "home"),
    [
        ("fr-CA,en;q=0.5", "/fr/"),
        ("de-AT,en-GB;q=0.8,fr;q=0.7", "/en/"),
        ("de", "/en/"),
        ("en;q=0, fr;q=0.1", "/fr/"),
        ("fr;q=rubbish,en;q=0.2", "/en/"),
        ("", "/fr/"),
    ],
)
def test_the_start_follows_accept_language_without_a_cookie(
    client: Client, accepted: str, home: str
) -> None:
    response = client.get("/", **{"accept-language": accepted})
    assert (response.status_code, response.headers["location"]) == (302, home)
    assert response.headers["vary"] == "Accept-Language"
    assert "set-cookie" not in response.headers


def test_a_page_never_redirects_by_language(client: Client) -> None:
    response = client.get("/en/", **{"accept-language": "fr"})
    assert response.status_code == 200
    assert '<html lang="en">' in response.text
    assert response.headers["content-language"] == "en"


def test_the_language_switch_keeps_path_and_query(client: Client) -> None:
    text = client.get("/fr/search?q=tremplin&type=actor").text
    assert 'href="/en/search?q=tremplin&amp;type=actor" lang="en" hreflang="en"' in text
    origin = "http://portal.test"
    assert f'hreflang="en" href="{origin}/en/search?q=tremplin&amp;type=actor"' in text
    assert f'rel="canonical" href="{origin}/fr/search?q=tremplin&amp;type=actor"' in text
    assert 'hreflang="x-default"' in text


def test_an_unchanged_page_is_not_sent_again(client: Client) -> None:
    first = client.get("/fr/about")
    again = client.get("/fr/about", **{"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_below_a_base_path_every_link_is_below_it(portal: Sample) -> None:
    settings = replace(
        portal.services.settings, base_path="/maillon", public_url="https://x.example/maillon"
    )
    app = make_app(replace(portal.services, settings=settings))
    below = Client(app)
    for path in ("/fr/", "/fr/search?q=tremplin", "/fr/programme/tremplin-local",
                 f"/fr/document/{portal.french.sha256}", "/fr/sparql", "/fr/nowhere"):  # fmt: skip
        text = below.get(f"/maillon{path}").text
        found = [part.split('"')[0] for part in text.split('href="')[1:]]
        found += [part.split('"')[0] for part in text.split('action="')[1:]]
        found += [part.split('"')[0] for part in text.split('src="')[1:]]
        inside = [href for href in found if href.startswith("/")]
        assert len(inside) > 10
        assert [href for href in inside if not href.startswith("/maillon/")] == []
    assert "https://x.example/maillon/fr/" in below.get("/maillon/fr/").text
    assert below.get("/maillon/").headers["location"] == "/maillon/fr/"
