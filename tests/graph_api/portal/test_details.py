from graph_api.portal.details import read_details
from graph_api.services import Row
from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.vocabularies import DCTERMS_TITLE, RDFS_LABEL, SKOS_PREF_LABEL


def test_labels_prefer_the_preferred_name_then_the_title() -> None:
    thing = Iri("https://x.example/a")
    rows: list[Row] = [
        {"s": thing, "p": RDFS_LABEL, "o": Literal("label", lang="fr")},
        {"s": thing, "p": DCTERMS_TITLE, "o": Literal("title", lang="fr")},
        {"s": thing, "p": SKOS_PREF_LABEL, "o": Literal("name", lang="en")},
    ]
    assert read_details(rows).label(thing, "fr").text == "name"
    assert read_details(rows[:2]).label(thing, "fr").text == "title"
    assert read_details([]).label(mln.operates, "en").text == "operates"


def test_rights_and_types_are_told_apart_from_labels() -> None:
    document = Iri("https://x.example/id/document/ab")
    found = read_details([{"s": document, "p": mln.rights, "o": Literal("metadata")}])
    assert found.refused == {"ab"}
    assert read_details([{"s": document, "p": mln.rights, "o": Literal("full")}]).refused == set()
