"""Statements gathered into records; what a partner may not say is left out, record by record."""

import pyoxigraph as ox
import pytest

from graph_api.partners.records import gather, lines_of, record_of
from graph_api.partners.rules import RECORD_RULES
from graph_api.partners.syntax import parse

SLASH = ("https://lv.example/id/",)
PREFIXES = """@prefix : <https://lv.example/id/> . @prefix mln: <https://w3id.org/maillon/ontology#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


def read(text: str) -> list[ox.Triple]:
    return parse((PREFIXES + text).encode(), "ttl", 1_000)


def test_a_record_is_an_address_with_its_parts() -> None:
    records = gather(
        read(":a rdfs:label 'a' . <https://lv.example/id/a#p> rdfs:label 'p' ."), SLASH, set()
    )
    assert list(records.kept) == ["https://lv.example/id/a"]
    assert len(records.kept["https://lv.example/id/a"]) == 2
    assert not records.findings


def test_under_a_prefix_with_a_hash_each_address_is_a_record() -> None:
    assert (
        record_of("https://lv.example/x#a", ("https://lv.example/x#",)) == "https://lv.example/x#a"
    )
    assert record_of("https://lv.example/id/x#a", SLASH) == "https://lv.example/id/x"


@pytest.mark.parametrize(
    ("said", "rule", "record"),
    [
        ("<https://maillon.example/id/actor/avise> rdfs:label 'x' .", "foreign",
         "https://maillon.example/id/actor/avise"),
        ("<https://lv.example/idx> rdfs:label 'x' .", "foreign", "https://lv.example/idx"),
        ("<relative> rdfs:label 'x' .", "foreign", "https://relative.invalid/relative"),
        ("mln:Actor rdfs:subClassOf :x .", "foreign", "https://w3id.org/maillon/ontology"),
        (":bad mln:address [ rdfs:label 'x' ] .", "blank", "https://lv.example/id/bad"),
        (":bad mln:address [ rdfs:seeAlso [ rdfs:label 'x' ] ] .", "blank", "https://lv.example/id/bad"),
        ("[] rdfs:label 'x' .", "blank", "_:"),
        ("_:a rdfs:seeAlso _:b . _:b rdfs:seeAlso _:a .", "blank", "_:"),
        (":bad rdfs:subClassOf mln:Actor .", "axiom", "https://lv.example/id/bad"),
        (":bad a mln:Assertion .", "machinery", "https://lv.example/id/bad"),
        (":bad a mln:Document .", "machinery", "https://lv.example/id/bad"),
        (":bad rdf:subject <https://maillon.example/id/actor/avise> .", "machinery",
         "https://lv.example/id/bad"),
        (":gone rdfs:label 'x' .", "withdrawn", "https://lv.example/id/gone"),
    ],
)  # fmt: skip
def test_what_a_partner_may_not_say_is_left_out_and_named(
    said: str, rule: str, record: str
) -> None:
    whole = read(f":good rdfs:label 'good' . {said}")
    records = gather(whole, SLASH, {"https://lv.example/id/gone"})
    assert list(records.kept) == ["https://lv.example/id/good"]
    assert [(f.record, f.rule, f.severity) for f in records.findings] == [
        (record, rule, "violation")
    ]
    kept = {line for lines in records.left_out.values() for line in lines}
    # Nothing is dropped, but what was withdrawn is not kept at all.
    assert len(kept) == (0 if rule == "withdrawn" else len(whole) - 1)


def test_each_rule_is_told_in_both_languages() -> None:
    records = gather(read("<https://x.example/a> rdfs:label 'x' ."), SLASH, set())
    (finding,) = records.findings
    assert finding.message("en") == RECORD_RULES["foreign"]
    assert finding.message("fr").startswith("Cette adresse n'est sous aucun de vos préfixes.")


def test_words_for_identities_are_left_to_the_shapes() -> None:
    records = gather(read(":a owl:sameAs <https://maillon.example/id/actor/avise> ."), SLASH, set())
    assert not records.findings


def test_a_long_chain_of_nodes_without_address_takes_no_time() -> None:
    chain = "".join(f"_:n{n} rdfs:seeAlso _:n{n + 1} . " for n in range(900))
    records = gather(read(f":a rdfs:seeAlso _:n0 . {chain}"), SLASH, set())
    assert list(records.left_out) == ["https://lv.example/id/a"]
    assert len(records.left_out["https://lv.example/id/a"]) == 901


def test_lines_are_canonical() -> None:
    records = gather(read(":a rdfs:label 'ā\\n'@lv ."), SLASH, set())
    assert lines_of(records.kept["https://lv.example/id/a"]) == [
        '<https://lv.example/id/a> <http://www.w3.org/2000/01/rdf-schema#label> "ā\\n"@lv .'
    ]
