"""Rules: what each concludes, the fixpoint, independence of order, agreement with HermiT."""

import itertools
import shutil
from pathlib import Path

import pytest
import reasonable
from rdflib import Graph, URIRef

from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal, Triple
from ontology.reason import property_conclusions
from ontology.rules import Conclusion, NoFixpoint, Rule, conclude, inferred_quads, load_rules
from ontology.schema import Schema
from ontology.vocabularies import DCTERMS_IDENTIFIER, DCTERMS_SPATIAL, DCTERMS_TITLE
from tests.ontology.reasoning import Known, axioms, graph, ontology, small_world

E = "https://maillon.example/id/x/"
COMPETENT = Iri("http://data.europa.eu/m8g/hasCompetentAuthority")

CHAINS = ("award-funds", "located-in-whole")

# What is said, what must follow, and from which rule.
EXAMPLES = {
    "inverse": ("e:a mln:operates e:p .", ("p", mln.operatedBy, "a")),
    "symmetric": ("e:a mln:partnerOf e:b .", ("b", mln.partnerOf, "a")),
    "transitive": ("e:a mln:partOf e:b . e:b mln:partOf e:c .", ("a", mln.partOf, "c")),
    "sub-property": ("e:a mln:appliesIn e:t .", ("a", DCTERMS_SPATIAL, "t")),
    "located-in-whole": (
        "e:a mln:locatedIn e:t . e:t mln:partOf e:u .",
        ("a", mln.locatedIn, "u"),
    ),
    "award-funds": ("e:f mln:awardedBy e:a ; mln:awardedTo e:b .", ("a", mln.funds, "b")),
    "tenure-role": (
        "e:n a mln:Person . e:r mln:tenureOf e:n ; mln:tenureAt e:a .",
        ("n", mln.holdsRoleAt, "a"),
    ),
    "public-service": (
        "e:p a mln:PublicProgramme ; mln:operatedBy e:a . e:a a mln:PublicBody .",
        ("p", COMPETENT, "a"),
    ),
}


def run(text: str | Graph, rules: tuple[Rule, ...] | None = None) -> tuple[Conclusion, ...]:
    data = graph(text) if isinstance(text, str) else text
    known = Known(axioms() + data)
    return conclude(rules or load_rules(), known.construct, known.add)


def said(subject: str, predicate: Iri, value: str) -> Triple:
    return Triple(Iri(E + subject), predicate, Iri(E + value))


def of_data(conclusions: tuple[Conclusion, ...]) -> set[Triple]:
    return {c.triple for c in conclusions if c.triple.subject.startswith(E)}


def test_each_rule_speaks_both_languages_and_has_an_example() -> None:
    rules = load_rules()
    assert {rule.name for rule in rules} == set(EXAMPLES)
    for rule in rules:
        assert set(rule.texts) == {"fr", "en"}, rule.name


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_what_a_rule_concludes_and_who_says_so(name: str) -> None:
    text, expected = EXAMPLES[name]
    found = {c.triple: c.rule for c in run(text)}
    assert found[said(*expected)] == name


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("e:p mln:appliesIn e:t . e:t mln:partOf e:u .", ("p", mln.appliesIn, "u")),
        ("e:a mln:operates e:p . e:a mln:locatedIn e:t .", ("p", mln.appliesIn, "t")),
        ("e:a mln:partOf e:b . e:b mln:partOf e:a .", ("a", mln.partOf, "a")),
        (
            'e:n a mln:Person . e:r mln:tenureOf e:n ; mln:tenureAt e:a ; mln:tenureUntil "2020"^^xsd:gYear .',
            ("n", mln.holdsRoleAt, "a"),
        ),
        ("e:a mln:passage e:p .", ("p", mln.passageOf, "a")),
        (
            "e:p a mln:PublicProgramme ; mln:operatedBy e:a . e:a a mln:Association .",
            ("p", COMPETENT, "a"),
        ),
    ],
    ids=["validity", "operator's place", "ring", "past office", "evidence", "not public"],
)
def test_what_must_not_be_concluded(text: str, wrong: tuple[str, Iri, str]) -> None:
    assert said(*wrong) not in of_data(run(text))


def test_a_public_service_has_one_title_a_language_and_one_identifier() -> None:
    """What is already said is kept: a service has one identifier at most."""
    text = """
    e:p a mln:PublicProgramme ; mln:operatedBy e:a ; skos:prefLabel "P"@fr , "Q"@en , "R" .
    e:a a mln:PublicBody ; skos:prefLabel "A"@fr ; dcterms:identifier "7" .
    """
    found = {(c.triple.subject, c.triple.predicate, c.triple.object) for c in run(text)}
    plain = {(s, p, o) for s, p, o in found if p in (DCTERMS_TITLE, DCTERMS_IDENTIFIER)}
    assert plain == {
        (f"{E}p", DCTERMS_TITLE, Literal("P", lang="fr")),
        (f"{E}p", DCTERMS_TITLE, Literal("Q", lang="en")),
        (f"{E}p", DCTERMS_IDENTIFIER, Literal(f"{E}p")),
        (f"{E}a", DCTERMS_TITLE, Literal("A", lang="fr")),
    }


def test_conclusions_feed_conclusions() -> None:
    """An inverse gives a part, the parts a whole, the whole a place, in that many rounds."""
    text = "e:a mln:locatedIn e:t . e:u mln:hasPart e:t . e:v mln:hasPart e:u ."
    found = {c.triple: c for c in run(text)}
    assert said("a", mln.locatedIn, "v") in found
    assert said("v", mln.locationOf, "a") in found
    assert found[said("v", mln.locationOf, "a")].round > 1


def test_nothing_said_is_concluded_and_nothing_twice() -> None:
    data = small_world(40)
    before = {Triple(Iri(str(s)), Iri(str(p)), Iri(str(o))) for s, p, o in data}
    found = [c.triple for c in run(data)]
    assert len(found) == len(set(found))
    assert not before & set(found)


@pytest.mark.slow
def test_the_order_of_rules_does_not_matter() -> None:
    text = (
        "e:a mln:locatedIn e:t . e:u mln:hasPart e:t . e:f mln:awardedBy e:a ; mln:awardedTo e:b ."
    )
    rules = load_rules()
    answers = {
        frozenset(of_data(run(text, order)))
        for order in itertools.islice(itertools.permutations(rules), 0, 5040, 1260)
    }
    assert len(answers) == 1


def test_rules_without_end_are_stopped() -> None:
    numbers = itertools.count()

    def grow(_: str) -> list[Triple]:
        return [said("a", mln.partOf, f"b{next(numbers)}")]

    with pytest.raises(NoFixpoint, match="3 rounds"):
        conclude(load_rules()[:1], grow, lambda _: None, max_rounds=3)


def test_each_conclusion_lies_in_the_graph_of_its_rule() -> None:
    (conclusion, *_) = run("e:a mln:operates e:p .")
    iris = Iris("https://graph.example")
    assert [q.graph for q in inferred_quads([conclusion], iris)] == [
        iris.graph(f"inferred/{conclusion.rule}")
    ]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("java") is None, reason="no Java here: HermiT was not run")
def test_the_rules_conclude_what_hermit_concludes() -> None:
    """On 500 individuals, for each of our properties between entities; evidence has no inverse."""
    data = small_world(500)
    links = {URIRef(prop.iri) for prop in Schema.load().properties.values() if not prop.has_literal}
    ours = {t for t in of_data(run(data)) if URIRef(t.predicate) in links}
    asserted = {Triple(Iri(str(s)), Iri(str(p)), Iri(str(o))) for s, p, o in data}
    theirs = {
        t
        for t in property_conclusions(ontology() + data)
        if t.subject.startswith(E) and URIRef(t.predicate) in links
    }
    assert len(ours) > 1000
    assert theirs - asserted == ours


@pytest.mark.slow
def test_a_third_reasoner_concludes_the_same_where_it_has_the_same_rules(tmp_path: Path) -> None:
    """``reasonable`` knows OWL 2 RL without chains of properties, which two of our rules are."""
    data = small_world(250)
    links = {prop.iri for prop in Schema.load().properties.values() if not prop.has_literal}
    rules = tuple(rule for rule in load_rules() if rule.name not in CHAINS)
    ours = {t for t in of_data(run(data, rules)) if t.predicate in links}
    everything = tmp_path / "world.ttl"
    (ontology() + data).serialize(everything, format="turtle")
    reasoner = reasonable.PyReasoner()
    reasoner.load_file(str(everything))
    asserted = {Triple(Iri(str(s)), Iri(str(p)), Iri(str(o))) for s, p, o in data}
    theirs = {
        Triple(Iri(str(s)), Iri(str(p)), Iri(str(o)))
        for s, p, o in reasoner.reason()
        if str(s).startswith(E) and str(p) in links
    }
    assert len(ours) > 500
    assert theirs - asserted == ours
