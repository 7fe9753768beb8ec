"""Rows as the scorer reads them."""

from ingest.export import TABLES, figure_rows, mention_rows, relation_rows
from ontology.model import Iri
from tests.ingest.lexicons import WORLD, document, extracted

TEXT = (
    "En 2012, la Banque des Rives a adopté son SLAP. L'association Mille Mains aide 62 00 structures. "
    "L'Arpège est financé par la Banque des Rives avec 12 M€."
)


def label(entity: Iri) -> str | None:
    return WORLD.label(entity, "fr")


def test_mentions() -> None:
    rows = list(mention_rows(document(TEXT), extracted(TEXT)))
    assert {"Actor", "LegalFramework"} == {row["class"] for row in rows}
    for row in rows:
        assert TEXT[row["start"] : row["end"]] == row["surface"]
        assert row["doc"] == "note.md"
        assert "status" not in row
    (plan,) = (row for row in rows if row["surface"] == "SLAP")
    assert plan["label"] == "Schéma local d'achats partagés"


def test_candidates_come_with_a_status() -> None:
    rows = list(mention_rows(document(TEXT), extracted(TEXT), candidates=True))
    assert [row["status"] for row in rows if row["surface"] == "Mille Mains"] == ["candidate"]


def test_relations() -> None:
    rows = list(relation_rows(document(TEXT), extracted(TEXT), label))
    assert [(r["subject"], r["predicate"], r["object"]) for r in rows] == [
        ("Banque des Rives", "adoptedIn", "Schéma local d'achats partagés"),
        ("Banque des Rives", "funds", "Arpège"),
    ]
    assert rows[0]["qualifiers"] == {"year": "2012"}
    assert rows[1]["qualifiers"] == {"amount": "12000000", "currency": "EUR"}


def test_an_unlabelled_entity_keeps_its_iri() -> None:
    rows = list(relation_rows(document(TEXT), extracted(TEXT), lambda entity: None))
    assert all(row["subject"].startswith("https://") for row in rows)


def test_figures() -> None:
    rows = {row["surface"]: row for row in figure_rows(document(TEXT), extracted(TEXT))}
    assert rows["62 00 structures"]["value"] == ""
    assert rows["12 M€"]["value"] == "12000000"
    assert rows["12 M€"]["unit"] == "EUR"


def test_tables_are_named() -> None:
    assert TABLES == ("mentions", "relations", "figures")
