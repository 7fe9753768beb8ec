"""Alignments: the tables that ship are sound, wrong ones are refused with file and line."""

import pytest

from ontology import terms as mln
from ontology.alignments import (
    AlignmentError,
    alignment_quads,
    load_alignments,
    read_alignment,
)
from ontology.iris import ONTOLOGY, Iris
from ontology.load import quads, scheme_graph
from ontology.model import Literal
from ontology.outside import missing_terms
from ontology.schema import ClassTerm, Schema
from ontology.vocabularies import SKOS_CLOSE_MATCH

IRIS = Iris("https://graph.example")
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
ROW = "mln:Actor\tskos:closeMatch\tschema:Organization\tsemapv:ManualMappingCuration"


def test_what_the_tables_map_exists() -> None:
    ours = {getattr(mln, name) for name in mln.__all__}
    themes = {str(s) for s in scheme_graph("themes", IRIS).subjects()}
    mapped = list(alignment_quads(load_alignments(), IRIS))
    plain = [q for q in mapped if "/id/mapping/" not in q.subject]
    assert len(plain) > 100
    assert {q.subject for q in plain} <= ours | themes
    assert missing_terms([str(q.object) for q in plain]) == []


def test_no_mapping_repeats_an_axiom() -> None:
    """What is truly a kind of an outside class is said in the ontology, and nowhere else."""
    schema = Schema.load()
    for alignment in load_alignments():
        for mapping in alignment.mappings:
            term = schema.term(mapping.subject)
            if isinstance(term, ClassTerm):
                assert mapping.object not in term.outside, (alignment.name, term.name)


def test_each_table_says_what_it_is() -> None:
    for alignment in load_alignments():
        assert alignment.header["mapping_set_id"].endswith(f"/alignments/{alignment.name}")
        assert {"license", "mapping_set_title", "mapping_set_version"} <= set(alignment.header)


def test_mappings_are_no_part_of_the_public_graphs() -> None:
    graph = IRIS.graph("mappings")
    assert {q.graph for q in alignment_quads(load_alignments(), IRIS)} == {graph}
    assert graph not in {q.graph for q in quads(IRIS)}


def test_a_mapping_shows_its_grounds() -> None:
    text = (
        "#curie_map:\n#  ex: https://elsewhere.example/\n"
        f"{COLUMNS}\tauthor_id\tmapping_date\tconfidence\tcomment\n"
        "mln:Actor\tskos:closeMatch\tex:Org\tsemapv:ManualMappingCuration"
        "\tex:me\t2026-11-22\t0.80\tnearly"
    )
    plain, *rest = alignment_quads([read_alignment(text, "a.sssom.tsv")], IRIS)
    assert plain[:3] == (mln.Actor, SKOS_CLOSE_MATCH, "https://elsewhere.example/Org")
    said = {q.predicate.rpartition("/")[2]: q.object for q in rest if "sssom" in q.predicate}
    assert said["mapping_justification"] == "https://w3id.org/semapv/vocab/ManualMappingCuration"
    assert said["author_id"] == "https://elsewhere.example/me"
    assert isinstance(said["confidence"], Literal)
    assert said["confidence"].value == "0.8"


def test_a_concept_follows_the_installation() -> None:
    row = ROW.replace("mln:Actor", "concept:themes/health")
    (plain, *_) = alignment_quads([read_alignment(f"{COLUMNS}\n{row}", "a.sssom.tsv")], IRIS)
    assert plain.subject == IRIS.concept("themes", "health")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "lacks subject_id"),
        ("subject_id\tpredicate_id", "lacks object_id"),
        (COLUMNS + "\tsurprise", "unknown surprise"),
        (f"{COLUMNS}\n{ROW}\textra", "line 2: 5 cells for 4"),
        (f"# a comment\n{COLUMNS}\n{ROW.replace('mln:Actor', 'nope:Actor')}", "line 3: nope:Actor"),
        (f"{COLUMNS}\n{ROW.replace('mln:Actor', '')}", "subject_id is empty"),
        (f"{COLUMNS}\n{ROW.replace('closeMatch', 'sameAs')}", "skos:sameAs is none of"),
        (f"{COLUMNS}\n{ROW.replace('Manual', 'Magic')}", "is none of semapv"),
        (f"{COLUMNS}\n{ROW}\n{ROW}", "line 3: the same row"),
        (f"{COLUMNS}\tconfidence\n{ROW}\t2", "not between 0 and 1"),
        (f"{COLUMNS}\tconfidence\n{ROW}\thigh", "no number"),
        (f"{COLUMNS}\tmapping_date\n{ROW}\tyesterday", "no date"),
    ],
)
def test_a_wrong_table_is_refused(text: str, said: str) -> None:
    with pytest.raises(AlignmentError, match=f"a.sssom.tsv.*{said}"):
        read_alignment(text, "a.sssom.tsv")


def test_the_ontology_is_named_as_source() -> None:
    assert any(a.header.get("subject_source") == ONTOLOGY for a in load_alignments())
