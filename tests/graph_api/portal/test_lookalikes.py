"""Entities that may be one: what they share, and what says nothing."""

from graph_api.portal.lookalikes import Pair, find_pairs, named_query
from graph_api.services import Row
from graph_api.sparql.tokens import check_query
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import SKOS_ALT_LABEL, SKOS_EXACT_MATCH, SKOS_PREF_LABEL

IRIS = Iris()


def actor(slug: str) -> Iri:
    return IRIS.entity("actor", slug)


def named(entity: Iri, *names: str) -> list[Row]:
    predicates = (SKOS_PREF_LABEL, *[SKOS_ALT_LABEL] * len(names))
    return [
        {"e": entity, "p": predicate, "v": Literal(name, lang="fr")}
        for predicate, name in zip(predicates, names, strict=False)
    ]


def pairs(*rows: list[Row]) -> list[tuple[str, str, tuple[str, ...]]]:
    given = [row for each in rows for row in each]
    found = find_pairs(given, IRIS)
    assert find_pairs(given[::-1], IRIS) == found, "the order does not matter"
    return [(p.first.rpartition("/")[2], p.second.rpartition("/")[2], p.shared) for p in found]


def test_names_that_are_equal_but_for_accents_case_and_punctuation() -> None:
    assert pairs(named(actor("a"), "L'Écho des Prés"), named(actor("b"), "l’écho-des prés")) == [
        ("a", "b", ("name",))
    ]


def test_names_one_letter_apart() -> None:
    assert pairs(named(actor("a"), "Valérie Pégresse"), named(actor("b"), "Valérie Pécresse")) == [
        ("a", "b", ("spelling",))
    ]
    assert pairs(named(actor("a"), "Solilab un"), named(actor("b"), "Sollilab un")) != []
    assert pairs(named(actor("a"), "Avise"), named(actor("b"), "Avisa")) == [], "too short to tell"
    assert pairs(named(actor("a"), "Fondation Arpège"), named(actor("b"), "Fondation Ormeau")) == []


def test_acronyms_places_and_identifiers() -> None:
    place = IRIS.entity("territory", "fr-dep-31")
    rows = named(actor("a"), "Union des ateliers", "UAB")
    rows += named(actor("b"), "Ateliers unis de Bretagne", "UAB")
    for slug in "ab":
        rows.append({"e": actor(slug), "p": mln.locatedIn, "v": place})
    for slug in "ac":
        rows.append({"e": actor(slug), "p": SKOS_EXACT_MATCH, "v": Iri("http://e/1")})
    assert pairs(rows) == [("a", "c", ("identifier",)), ("a", "b", ("acronym", "place"))]


def test_kinds_are_not_mixed_and_crowds_say_nothing() -> None:
    programme = IRIS.entity("programme", "a")
    assert pairs(named(actor("a"), "Tremplin local"), named(programme, "Tremplin local")) == []
    crowd = [named(actor(f"a{n}"), "Comité de pilotage") for n in range(9)]
    assert pairs(*crowd) == []


def test_what_speaks_most_for_it_comes_first() -> None:
    assert (
        Pair(actor("a"), actor("b"), ("identifier",)).weight
        > Pair(actor("a"), actor("b"), ("name", "acronym", "place")).weight
    )


def test_the_query_is_one() -> None:
    assert check_query(named_query(IRIS), max_bytes=10_000, max_nesting=10).form.name == "SELECT"
