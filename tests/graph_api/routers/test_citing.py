"""The page that says how to cite a page, and its files."""

import json

import pytest

from graph_api.portal.i18n import LANGUAGES
from tests.graph_api.local import EVIL, TREMPLIN, Client, Sample


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_leads_to_its_citation_in_three_forms(client: Client, lang: str) -> None:
    assert (
        f'href="/{lang}/cite/programme/tremplin-local"'
        in client.get(f"/{lang}/programme/tremplin-local").text
    )
    page = client.get(f"/{lang}/cite/programme/tremplin-local")
    assert page.status_code == 200
    title = "Tremplin local" if lang == "fr" else "Local Springboard"
    for extension, media_type in (
        ("txt", "text/plain"), ("bib", "application/x-bibtex"),
        ("json", "application/vnd.citationstyles.csl+json"),
    ):  # fmt: skip
        file = client.get(f"/{lang}/cite/programme/tremplin-local.{extension}")
        assert file.headers["content-type"].startswith(media_type)
        assert title in file.text
        assert TREMPLIN in file.text
    (item,) = json.loads(client.get(f"/{lang}/cite/programme/tremplin-local.json").content)
    assert item["URL"] == TREMPLIN


def test_a_file_is_cited_under_the_name_of_its_publication(client: Client, portal: Sample) -> None:
    sha256 = portal.french.sha256
    assert "Bilan régional" in client.get(f"/fr/cite/document/{sha256}.txt").text
    assert f"/fr/cite/document/{sha256}" in client.get(f"/fr/document/{sha256}").text


def test_markup_in_a_title_is_text(client: Client) -> None:
    path = EVIL.partition("/id/")[2]
    assert "<script" not in client.get(f"/fr/cite/{path}").text
    assert client.get(f"/fr/cite/{path}.bib").headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path", ["actor/nobody", "nothing/x", "actor", "actor/a%20b", "actor/a%3Eb", "claim/x", ".bib"]
)
def test_what_is_not_there_is_missing(client: Client, path: str) -> None:
    assert client.get(f"/fr/cite/{path}").status_code == 404
