import json
from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.errors import CannotRunError, EngineDownError
from graph_api.extraction_cache import ExtractionCache, keep_reading_keys
from graph_api.folder import DataFolder
from graph_api.reading_reports import report_reading
from graph_api.routers import documents
from graph_api.settings import Settings
from ingest.extraction import Extraction
from ontology import terms as mln
from ontology.model import Claim
from ontology.schema import Schema
from tests.graph_api.local import Client, Sample, make_app


def test_the_marked_sentence_and_what_was_read_in_it(client: Client, portal: Sample) -> None:
    text = portal.french.text
    start = text.index("Le Relais du Pays bleu pilote")
    end = text.index(" Ce dispositif")
    page = client.get(f"/fr/document/{portal.french.sha256}?mark={start}-{end}").text
    assert page.count('id="mark"') == 1
    assert "anime ou pilote" in page
    assert 'href="/fr/actor/relais-pays-bleu"' in page
    assert 'class="cited"' in page  # the other sentences that facts come from
    assert "Named here first" not in page
    assert "Nommé ici pour la première fois" in page


def test_a_sentence_that_only_names_something_is_no_fact(client: Client, portal: Sample) -> None:
    page = client.get(f"/fr/document/{portal.french.sha256}").text
    before = page.split("La loi du 31 juillet 2014 reconnaît")[0]
    assert not before.endswith('">')  # it is not underlined


def test_bibliographic_facts_stand_beside_the_text(client: Client, portal: Sample) -> None:
    page = client.get(f"/en/document/{portal.french.sha256}").text
    assert "<dt>Published in</dt><dd>2021</dd>" in page


def test_parts_follow_the_pages_and_the_mark_opens_the_right_one(
    client: Client, portal: Sample
) -> None:
    sha = portal.paged.sha256
    first = client.get(f"/en/document/{sha}").text
    assert "Page 1 of 2" in first
    assert "single desk" not in first
    start = portal.paged.text.index("A single desk")
    page = client.get(f"/en/document/{sha}?mark={start}-{start + 13}").text
    assert "Page 2 of 2" in page
    assert '<mark id="mark">A single desk</mark>' in page
    assert f'rel="prev" href="/en/document/{sha}?part=1"' in page
    assert client.get(f"/en/document/{sha}?part=3").status_code == 404


def test_quotes_only_shows_published_passages_alone(client: Client, portal: Sample) -> None:
    sha, text = portal.english.sha256, portal.english.text
    plain = client.get(f"/en/document/{sha}").text
    assert "helped 6,000 projects" not in plain
    whole = client.get(f"/en/document/{sha}?mark=0-{len(text)}").text
    assert "The scheme has helped 6,000 projects" in whole
    assert "Small towns wait" not in whole
    start = text.index("Small towns wait")
    other = client.get(f"/en/document/{sha}?mark={start}-{start + 16}").text
    assert "Small towns wait" not in other
    assert "What could be better" in other  # the heading it stands under
    assert 'id="mark"' in other


def test_metadata_only_shows_no_text(client: Client, portal: Sample) -> None:
    sha = portal.secret.sha256
    start = portal.secret.text.index("Nobody")
    for path in (f"/fr/document/{sha}", f"/fr/document/{sha}?mark={start}-{start + 15}"):
        assert "Nobody may read" not in client.get(path).text
    assert "Nobody may read" not in client.get("/fr/actor/evil").text


@pytest.mark.parametrize("mark", ["x", "5", "9-5", "5-5", "0-999999", "-1-5", "1-2-3", "²-9"])
def test_a_mark_that_is_none_is_404(client: Client, portal: Sample, mark: str) -> None:
    assert client.get(f"/fr/document/{portal.french.sha256}?mark={mark}").status_code == 404


@pytest.mark.parametrize("sha", ["0" * 64, "../secret", "zz", "A" * 64])
def test_an_unknown_document_is_404(client: Client, sha: str) -> None:
    assert client.get(f"/fr/document/{sha}").status_code == 404


def test_bibliographic_facts_are_properties_of_publications() -> None:
    schema = Schema.load()
    assert all(schema.accepts(each, mln.Publication, side="domain") for each in documents.ABOUT)


def test_what_was_read(portal: Sample, tmp_path: Path) -> None:
    folder, sha = DataFolder(tmp_path), portal.french.sha256
    folder.init()
    settings = replace(portal.services.settings, data=tmp_path)
    client = Client(make_app(replace(portal.services, settings=settings)))
    keep_reading_keys(folder.store, {})
    assert client.get(f"/en/document/{sha}/reading").status_code == 503
    read = Extraction(sha, (), (_claim(portal),), (), ())
    ExtractionCache(folder.extractions).save("key", read.to_json())
    keep_reading_keys(folder.store, {sha: "key"})
    page = client.get(f"/fr/document/{sha}/reading").text
    assert page.count("<h1") == 1
    assert "affirmations qui attendent une personne" in page
    data = json.loads(
        client.get(f"/api/documents/{sha}/reading", accept="application/json").content
    )
    assert (data["public"], data["waiting"]) == (0, 1)
    assert [(r["rule"], r["why"]) for r in data["rules"]] == [("figure-sheet", "imprecise")]
    assert client.get(f"/en/document/{'0' * 64}/reading").status_code == 404
    assert client.get("/en/document/nonsense/reading").status_code == 404


def test_what_was_not_read_yet_is_told(portal: Sample, tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.init()
    with pytest.raises(CannotRunError):
        report_reading(folder, Settings(data=tmp_path), portal.french)
    keep_reading_keys(folder.store, {portal.french.sha256: "lost"})
    with pytest.raises(EngineDownError):
        report_reading(folder, Settings(data=tmp_path), portal.french)


def _claim(portal: Sample) -> Claim:
    iris = portal.services.iris
    figure, actor = iris.entity("figure", "a-1"), iris.entity("actor", "a")
    return Claim(figure, mln.figureOf, actor, portal.french.passage(0, 10), "figure-sheet", 0.8)
