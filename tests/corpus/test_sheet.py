from dataclasses import replace

from corpus.sheet import Citation, Fact, Sheet, SheetName
from corpus.values import Reference
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Literal, Name
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    RDF_OBJECT,
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_HIDDEN_LABEL,
    SKOS_PREF_LABEL,
    XSD_G_YEAR,
)

IRIS = Iris("https://x.example")
DLA = Iri("https://x.example/id/programme/dla")
FIRST = Citation("roadmap", "5.2.1", "9-" + "0" * 64)
SECOND = Citation("study", "p. 4", "8-" + "1" * 64)
FACT = Fact(mln.createdBy, Reference("actor/avise"), (FIRST, SECOND))
SHEET = Sheet(
    kind="programme",
    slug="dla",
    cls="SupportScheme",
    labels={"fr": "Dispositif", "en": "Scheme"},
    alternatives=(
        SheetName("DLA", "", LabelRole.ACRONYM),
        SheetName("DLAA", "fr", LabelRole.SPELLING),
    ),
    facts=(FACT, Fact(mln.createdInYear, Literal("2002", XSD_G_YEAR), (FIRST,))),
    prose={"fr": "Texte.", "en": "Text."},
)


def test_quads_say_everything_in_the_corpus_graph() -> None:
    quads = list(SHEET.quads(IRIS))
    assert {quad.graph for quad in quads} == {"https://x.example/graph/corpus"}
    assert len(quads) == len(set(quads))
    about = {quad[1:3] for quad in quads if quad.subject == DLA}
    assert about == {
        (RDF_TYPE, mln.SupportScheme),
        (SKOS_PREF_LABEL, Literal("Dispositif", lang="fr")),
        (SKOS_PREF_LABEL, Literal("Scheme", lang="en")),
        (SKOS_ALT_LABEL, Literal("DLA")),
        (SKOS_HIDDEN_LABEL, Literal("DLAA", lang="fr")),
        (DCTERMS_DESCRIPTION, Literal("Texte.", lang="fr")),
        (DCTERMS_DESCRIPTION, Literal("Text.", lang="en")),
        (mln.createdBy, Iri("https://x.example/id/actor/avise")),
        (mln.createdInYear, Literal("2002", XSD_G_YEAR)),
    }


def test_each_fact_has_an_assertion_with_its_citations() -> None:
    (claim, fact), *_ = SHEET.claims(IRIS)
    assert fact == FACT
    quads = [quad for quad in SHEET.quads(IRIS) if quad.subject.startswith(claim)]
    said = {(quad.subject.removeprefix(claim), quad.predicate): quad.object for quad in quads}
    assert said["", RDF_OBJECT] == Iri("https://x.example/id/actor/avise")
    assert said["", mln.reviewState] == mln.accepted
    publication = said["#citation-2", mln.citedPublication]
    assert publication == Iri("https://x.example/id/publication/study")
    assert said["#citation-2", mln.place] == Literal("p. 4")
    assert said["#citation-2", mln.fingerprint] == Literal(SECOND.fingerprint)


def test_the_name_of_an_assertion_depends_on_what_it_says_only() -> None:
    def name(fact: Fact, sheet: Sheet = SHEET) -> Iri:
        return next(iter(replace(sheet, facts=(fact,)).claims(IRIS)))[0]

    usual = name(FACT)
    assert name(replace(FACT, citations=(SECOND,), line=99)) == usual
    assert name(FACT, replace(SHEET, prose={}, labels={})) == usual
    year = (mln.year, Literal("2018", XSD_G_YEAR))
    others = [
        name(replace(FACT, value=Reference("actor/other"))),
        name(replace(FACT, predicate=mln.operatedBy)),
        name(replace(FACT, qualifiers=(year,))),
        name(FACT, replace(SHEET, slug="other")),
        name(replace(FACT, value=Literal("a", lang="fr"))),
        name(replace(FACT, value=Literal("a", lang="en"))),
        name(replace(FACT, value=Literal("a"))),
    ]
    assert len({usual, *others}) == len(others) + 1


def test_names_carry_language_role_and_context() -> None:
    names = set(SHEET.names(IRIS))
    assert Name("Dispositif", "fr", DLA, "SupportScheme", LabelRole.PREFERRED) in names
    assert Name("DLA", "", DLA, "SupportScheme", LabelRole.ACRONYM, "capital") in names
    assert Name("DLAA", "fr", DLA, "SupportScheme", LabelRole.SPELLING) in names


def test_a_name_equal_in_both_languages_has_none() -> None:
    sheet = replace(SHEET, labels={"fr": "P'INS", "en": "P'INS"}, alternatives=(), context="cue")
    assert set(sheet.names(IRIS)) == {
        Name("P'INS", "", DLA, "SupportScheme", LabelRole.PREFERRED, "cue")
    }
