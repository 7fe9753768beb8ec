"""Reports of runs: kept, read again, told in public without what was left out; as SHACL."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rdflib import PROV, RDF, SH, URIRef

from graph_api.errors import MissingError
from graph_api.partners.copies import Copies
from graph_api.partners.rules import Finding, found
from graph_api.partners.runs import Run, RunLog, new_id
from graph_api.partners.shacl import shacl_report
from ontology.model import Iri, Literal, Quad

RUN = Run(
    id="20260101T120000Z-abcdef",
    partner="lv",
    at="2026-01-01T12:00:00+00:00",
    file="ten.ttl",
    sha256="0" * 64,
    state="live",
    seconds=1.5,
    records=10,
    kept=9,
    triples=63,
    added=9,
    findings=(
        Finding(
            "https://lv.example/id/9", "PartnerLabel", "violation",
            "http://www.w3.org/2004/02/skos/core#prefLabel", "a secret",
            {"fr": "Il faut un nom.", "en": "A name is needed."},
        ),
        found("_:", "blank"),
        replace(found("https://lv.example/id/1", "blank"), severity="info", path="<a>|^<b>"),
    ),
)  # fmt: skip


def test_a_run_is_read_as_it_was_kept(tmp_path: Path) -> None:
    log = RunLog(tmp_path)
    assert list(log.all()) == []
    log.save(RUN)
    assert log.get(RUN.id) == RUN
    assert RUN.left_out == 1
    refused = replace(RUN, id=new_id(datetime(2026, 1, 2, tzinfo=UTC)), state="refused")
    preview = replace(RUN, id=new_id(datetime(2026, 1, 3, tzinfo=UTC)), state="previewed")
    log.save(refused)
    log.save(preview)
    assert list(log.all()) == [preview, refused, RUN]
    assert log.last() == refused


def test_only_the_newest_reports_stay(tmp_path: Path) -> None:
    log = RunLog(tmp_path, kept=3)
    for day in range(1, 8):
        log.save(replace(RUN, id=new_id(datetime(2026, 1, day, tzinfo=UTC))))
    assert [run.id[:8] for run in log.all()] == ["20260107", "20260106", "20260105"]


@pytest.mark.parametrize("name", ["", "x", "../partner", "20260101T120000Z-000000"])
def test_a_run_that_is_none_is_missing(tmp_path: Path, name: str) -> None:
    RunLog(tmp_path).save(RUN)
    with pytest.raises(MissingError):
        RunLog(tmp_path).get(name)


def test_a_broken_report_hides_no_other(tmp_path: Path) -> None:
    RunLog(tmp_path).save(RUN)
    (tmp_path / "runs" / "20260109T120000Z-abcdef.json").write_text("{}")
    assert list(RunLog(tmp_path).all()) == [RUN]


def test_in_public_no_value_is_told() -> None:
    assert RUN.to_json()["findings"][0]["value"] == "a secret"
    assert "a secret" not in str(RUN.to_json(public=True))


def test_the_report_is_a_shacl_report_and_an_activity() -> None:
    graph = shacl_report(RUN, "https://maillon.example/partners/lv/runs/x")
    report = URIRef("https://maillon.example/partners/lv/runs/x")
    assert (report, RDF.type, PROV.Activity) in graph
    assert graph.value(report, SH.conforms).toPython() is False  # type: ignore[union-attr]
    results = list(graph.objects(report, SH.result))
    assert len(results) == 3
    (result,) = graph.subjects(SH.focusNode, URIRef("https://lv.example/id/9"))
    assert {str(text.language) for text in graph.objects(result, SH.resultMessage)} == {"fr", "en"}  # type: ignore[attr-defined]
    assert str(graph.value(result, SH.sourceShape)).endswith("/shapes#PartnerLabel")
    assert "a secret" not in graph.serialize(format="turtle")
    paths = list(graph.objects(None, SH.resultPath))
    assert paths == [URIRef("http://www.w3.org/2004/02/skos/core#prefLabel")]


def test_a_run_without_remarks_conforms() -> None:
    graph = shacl_report(replace(RUN, findings=()), "https://maillon.example/r")
    assert graph.value(URIRef("https://maillon.example/r"), SH.conforms).toPython() is True  # type: ignore[union-attr]


def test_the_live_copy_is_swapped_and_the_one_before_kept(tmp_path: Path) -> None:
    copies = Copies(tmp_path)
    assert copies.note() == {}
    first, second = (f'<https://a.example/> <https://p.example/> "{n}" .\n' for n in (1, 2))
    copies.swap(first.encode(), b"", {"records": 1})
    assert not copies.previous.exists()
    copies.swap(second.encode(), b"left out\n", {"records": 2})
    assert (copies.current.read_text(), copies.previous.read_text()) == (second, first)
    assert copies.quarantine.stat().st_mode & 0o077 == 0
    assert copies.note() == {"records": 2}
    graph = Iri("https://maillon.example/graph/partner/lv")
    assert list(copies.quads(graph)) == [
        Quad(Iri("https://a.example/"), Iri("https://p.example/"), Literal("2"), graph)
    ]
