import pytest

from graph_api.representations import choose_representation


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "html"),
        ("*/*", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json, text/html;q=0.5", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("text/html;q=0.1, text/turtle;q=0.9", "ttl"),
        ("image/png", None),
    ],
)
def test_page_or_data_by_accept(accept: str, chosen: str | None) -> None:
    assert choose_representation(accept) == chosen
