"""Generated files: fresh in the tree, and made anew from a changed ontology."""

import json
from pathlib import Path

import pytest
from rdflib import Graph

from ontology.description import describe
from ontology.generate import main, outputs, stale_files
from ontology.load import module_graphs

ROOT = Path(__file__).parents[2] / "ontology"

NEW_TERM = """
@prefix mln: <https://w3id.org/maillon/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
mln:import a owl:ObjectProperty ;
    rdfs:domain mln:Actor ; rdfs:range mln:Programme ;
    rdfs:label "reprend"@fr , "takes over"@en ;
    skos:definition "Reprend."@fr , "Takes over."@en ;
    mln:inverseLabel "repris par"@fr , "taken over by"@en ;
    rdfs:isDefinedBy <https://w3id.org/maillon/ontology> .
"""


def test_the_generated_files_are_fresh() -> None:
    assert list(stale_files(ROOT)) == [], "run: python -m ontology.generate"


def test_check_passes_on_the_tree(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--check"]) == 0
    assert capsys.readouterr().err == ""


def test_a_missing_or_changed_file_is_stale(tmp_path: Path) -> None:
    (tmp_path / "shapes").mkdir()
    for name in outputs(module_graphs()):
        (tmp_path / name).write_text((ROOT / name).read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "terms.py").write_text("", encoding="utf-8")
    (tmp_path / "context.jsonld").unlink()
    assert set(stale_files(tmp_path)) == {"terms.py", "context.jsonld"}


def test_a_new_term_appears_everywhere() -> None:
    graphs = {**module_graphs(), "extension": Graph().parse(data=NEW_TERM, format="turtle")}
    texts = outputs(graphs)
    assert 'import_ = Iri("https://w3id.org/maillon/ontology#import")' in texts["terms.py"]
    compile(texts["terms.py"], "terms.py", "exec")
    row = next(r for r in json.loads(texts["schema.json"])["properties"] if r["name"] == "import")
    assert row["module"] == "extension"
    assert row["inverseLabels"]["fr"] == "repris par"
    context = json.loads(texts["context.jsonld"])["@context"]
    assert context["import"] == {"@id": "mln:import", "@type": "@id"}
    assert "mlnsh:importValue" in texts["shapes/ranges.ttl"]
    assert "mlnsh:importObject" in texts["shapes/links.ttl"]


def test_the_order_of_triples_does_not_matter() -> None:
    graphs = module_graphs()
    again = {
        name: Graph().parse(data=graph.serialize(format="nt"), format="nt")
        for name, graph in graphs.items()
    }
    assert describe(again) == describe(graphs)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib about itself
def test_the_context_expands_a_page_as_meant() -> None:
    context = (ROOT / "context.jsonld").read_text(encoding="utf-8")
    page = {
        **json.loads(context),
        "id": "https://maillon.example/id/actor/a",
        "type": "Association",
        "prefLabel": {"fr": "A"},
        "createdInYear": "2002",
        "operates": "https://maillon.example/id/programme/b",
    }
    graph = Graph().parse(data=json.dumps(page), format="json-ld")
    expected = Graph().parse(
        data="""
        @prefix mln: <https://w3id.org/maillon/ontology#> .
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        <https://maillon.example/id/actor/a> a mln:Association ; skos:prefLabel "A"@fr ;
            mln:createdInYear "2002"^^xsd:gYear ;
            mln:operates <https://maillon.example/id/programme/b> .
        """,
        format="turtle",
    )
    assert set(graph) == set(expected)
