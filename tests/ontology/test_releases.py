"""Versions: old ones stay readable, no term is lost, deprecated ones lead on, addresses redirect."""

import re
from pathlib import Path

import pytest
from rdflib import OWL, Graph, URIRef

from ontology.iris import ONTOLOGY
from ontology.releases import (
    deprecation_faults,
    keep_release,
    lost_terms,
    main,
    release_graph,
    released_versions,
    version_of,
)
from tests.ontology.reasoning import graph, ontology

ROOT = Path(__file__).parents[2] / "ontology"
DEFINED = "rdfs:isDefinedBy <https://w3id.org/maillon/ontology>"


def test_the_prior_version_is_a_release() -> None:
    prior = ontology().value(URIRef(ONTOLOGY), OWL.priorVersion)
    assert str(prior).removeprefix(f"{ONTOLOGY}/") in released_versions()


@pytest.mark.parametrize("version", released_versions())
def test_a_release_is_what_it_says_and_nothing_of_it_is_lost(version: str) -> None:
    release = release_graph(version)
    assert version_of(release) == version
    assert lost_terms(release, ontology()) == []


def test_the_changelog_names_each_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    named = re.findall(r"^## (\d+\.\d+\.\d+)", changelog, re.MULTILINE)
    assert named[0] == version_of(ontology())
    assert set(released_versions()) <= set(named)


def test_no_deprecated_term_is_a_dead_end() -> None:
    assert deprecation_faults(ontology()) == []


def test_a_lost_or_changed_term_is_named() -> None:
    before = graph(f"mln:A a owl:Class ; {DEFINED} . mln:b a owl:ObjectProperty ; {DEFINED} .")
    now = graph(f"mln:b a owl:DatatypeProperty ; {DEFINED} .")
    assert lost_terms(before, now) == [f"{ONTOLOGY}#A", f"{ONTOLOGY}#b"]
    assert lost_terms(before, before) == []


@pytest.mark.parametrize(
    ("replaced_by", "fault"),
    [("", True), ("mln:new", False), ("mln:nowhere", True), ("mln:old", True)],
)
def test_a_deprecated_term_needs_a_living_replacement(replaced_by: str, fault: bool) -> None:
    link = f"mln:old <http://purl.org/dc/terms/isReplacedBy> {replaced_by} ." if replaced_by else ""
    found = graph(f"mln:old owl:deprecated true ; {DEFINED} . mln:new {DEFINED} . {link}")
    assert deprecation_faults(found) == ([f"{ONTOLOGY}#old"] if fault else [])


@pytest.mark.slow
def test_a_release_is_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--folder", str(tmp_path)]) == 0
    path = tmp_path / version_of(ontology()) / "ontology.ttl"
    first = path.read_bytes()
    assert main(["--folder", str(tmp_path)]) == 0
    assert path.read_bytes() == first
    path.write_text("", encoding="utf-8")
    assert main(["--folder", str(tmp_path)]) == 1
    assert "raise the version" in capsys.readouterr().err


def test_a_header_without_a_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="versionInfo"):
        keep_release(Graph(), tmp_path)


def redirect(path: str, accept: str) -> str | None:
    """Follow the redirect file as the address service would: the first rule that applies."""
    conditions: list[str] = []
    for line in (ROOT / "redirect" / ".htaccess").read_text(encoding="utf-8").splitlines():
        words = line.split()
        if words[:1] == ["RewriteCond"]:
            conditions.append(words[2])
        elif words[:1] == ["RewriteRule"]:
            found = re.search(words[1], path)
            if found and (not conditions or any(re.search(c, accept) for c in conditions)):
                target = words[2].replace("$1", found.group(1) if found.groups() else "")
                return target.removeprefix("%{ENV:HOST}")
            conditions = []
    return None


@pytest.mark.parametrize(
    ("path", "accept", "target"),
    [
        ("ontology", "text/html", "/ontology"),
        ("ontology", "text/turtle", "/ontology.ttl"),
        ("ontology", "application/ld+json", "/ontology.jsonld"),
        ("ontology", "application/rdf+xml;q=0.9", "/ontology.rdf"),
        ("ontology/0.1.0", "*/*", "/ontology/0.1.0/ontology.ttl"),
        ("ontology/shapes", "*/*", "/ontology/shapes.ttl"),
        ("ontology/alignments/eli", "*/*", "/ontology/alignments/eli.sssom.tsv"),
        ("", "text/html", "/"),
        ("ontology/../etc", "*/*", None),
    ],
)
def test_the_persistent_address_leads_on(path: str, accept: str, target: str | None) -> None:
    assert redirect(path, accept) == target
