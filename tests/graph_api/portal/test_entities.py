import asyncio

from graph_api.portal.details import Details
from graph_api.portal.entities import EntityDraft, EntityReader, quads_of
from graph_api.portal.evidence import Description
from graph_api.portal.labels import Text
from graph_api.portal.views import EntityView, Fact
from graph_api.portal.wording import Wording
from graph_api.services import Row
from ontology import terms as mln
from ontology.model import Iri, Literal, Quad, Term
from ontology.vocabularies import RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT, SKOS_PREF_LABEL
from tests.graph_api.local import (
    EVIL,
    FIGURE,
    FONDS,
    INJECTED,
    IRIS,
    RELAIS,
    THEME,
    TREMPLIN,
    LocalQueries,
    Sample,
)


def read(portal: Sample, iri: Iri, lang: str = "fr") -> EntityView:
    reader = EntityReader(portal.queries, IRIS, Wording(str))
    view = asyncio.run(reader.read(iri, lang))
    assert view is not None
    return view


def fact(view: EntityView, predicate: Iri) -> Fact:
    return next(each for each in (*view.facts, *view.relations) if each.property == predicate)


def test_a_page_costs_two_queries(portal: Sample) -> None:
    queries = LocalQueries(portal.queries.store)
    reader = EntityReader(queries, IRIS, Wording(str))
    asyncio.run(reader.read(TREMPLIN, "fr"))
    assert len(queries.asked) == 2


def test_nothing_known_is_none(portal: Sample) -> None:
    reader = EntityReader(portal.queries, IRIS, Wording(str))
    assert asyncio.run(reader.read(IRIS.entity("actor", "nobody"), "fr")) is None


def test_names_and_type_in_the_language_of_the_page(portal: Sample) -> None:
    french, english = read(portal, TREMPLIN), read(portal, TREMPLIN, "en")
    assert french.label == Text("Tremplin local", "fr")
    assert english.label == Text("Local Springboard", "en")
    assert french.types == ("dispositif d'accompagnement",)
    assert english.types == ("support scheme",)
    assert {name.text for name in french.names} == {"TL", "Local Springboard"}
    assert english.summary is not None
    assert english.summary.fallback


def test_disagreeing_values_stand_side_by_side_with_their_sources(portal: Sample) -> None:
    created = fact(read(portal, TREMPLIN), mln.createdInYear)
    assert created.disputed
    assert [value.text.text for value in created.values] == ["2002", "2003", "2022"]
    assert all(value.sources for value in created.values)


def test_a_relation_is_read_from_either_end_under_its_own_label(portal: Sample) -> None:
    assert fact(read(portal, RELAIS, "en"), mln.operates).label.text == "Operates"
    inverse = fact(read(portal, TREMPLIN, "en"), mln.operatedBy)
    assert inverse.label.text == "Operated by"
    assert not inverse.disputed
    relay = next(v for v in inverse.values if v.reference and v.reference.iri == RELAIS)
    assert len(relay.sources) == 2  # the sheet and the report


def test_evidence_from_a_document_tells_sentence_rule_and_review(portal: Sample) -> None:
    view = read(portal, TREMPLIN)
    source = next(s for s in view.sources if s.quote and "pilote" in s.quote.text)
    assert source.quote == Text(
        "Le Relais du Pays bleu pilote le Tremplin local depuis 2002.", "fr"
    )
    assert portal.french.text[source.start : source.end] == source.quote.text
    assert source.section == "Le dispositif local d'accompagnement"
    assert source.title == Text("Accompagner les projets du territoire", "fr")
    assert {support.rule for support in source.supports} == {"relation/test"}
    assert sorted(support.reviewed for support in source.supports) == [False, True]
    assert {support.confidence for support in source.supports} == {0.92}


def test_a_passage_that_backs_two_facts_is_one_source(portal: Sample) -> None:
    view = read(portal, TREMPLIN)
    places = [(s.document, s.start, s.end) for s in view.sources if s.document]
    assert len(places) == len(set(places))
    assert [source.number for source in view.sources] == list(range(1, len(view.sources) + 1))


def test_a_value_with_many_assertions_shows_the_best_and_counts_the_rest() -> None:
    quads = [Quad(RELAIS, mln.operates, TREMPLIN, IRIS.graph("corpus"))]
    for number in range(20):
        node = IRIS.claim(f"c{number:02}")
        pairs: list[tuple[Iri, Term]] = [
            (RDF_SUBJECT, RELAIS), (RDF_PREDICATE, mln.operates), (RDF_OBJECT, TREMPLIN),
            (mln.passage, IRIS.passage("ab" * 32, number, number + 9)),
            (mln.confidence, Literal(f"0.{number:02}")),
        ]  # fmt: skip
        quads += [Quad(node, predicate, value, IRIS.graph("x")) for predicate, value in pairs]
    draft = EntityDraft(RELAIS, Description(quads), IRIS, Wording(str), "fr")
    view = draft.view(Details())
    value = view.relations[0].values[0]
    assert (len(value.sources), value.unshown) == (8, 12)
    assert {source.supports[0].confidence for source in view.sources} == {
        0.12, 0.13, 0.14, 0.15, 0.16, 0.17, 0.18, 0.19,
    }  # fmt: skip


def test_a_sheet_shows_publication_and_place_until_its_report_is_in(portal: Sample) -> None:
    sources = read(portal, TREMPLIN).sources
    again = next(source for source in sources if source.reanchored)
    assert again.quote is not None
    assert again.publication is not None
    assert (again.place, again.publication.label.text) == ("2.1", "Bilan régional")
    plain = next(s for s in sources if not s.document and s.place == "2.1")
    assert plain.publication is not None
    assert not plain.reanchored


def test_a_document_whose_rights_refuse_is_never_quoted(portal: Sample) -> None:
    source = next(s for s in read(portal, EVIL).sources if s.withheld)
    assert source.document == portal.secret.sha256
    assert source.quote is None


def test_qualifiers_are_worded_and_amounts_have_their_currency(portal: Sample) -> None:
    funded = fact(read(portal, TREMPLIN), mln.fundedBy)
    value = funded.values[0]
    assert value.reference is not None
    assert value.reference.iri == FONDS
    assert [(q.label.text, q.value.text) for q in value.qualifiers] == [
        ("année", "2016"),
        ("montant", "40\u202f000\u202f000"),
    ]


def test_units_and_numbers_are_words_of_the_page(portal: Sample) -> None:
    view = read(portal, FIGURE, "en")
    assert fact(view, mln.value).values[0].text.text == "6,000"


def test_a_part_is_a_fact_in_its_own_words_and_no_link(portal: Sample) -> None:
    for lang, words in (("fr", "Avoir moins de trois ans."), ("en", "Less than three years old.")):
        view = read(portal, TREMPLIN, lang)
        (value,) = next(f for f in view.facts if f.property == mln.hasCriterion).values
        assert (value.text.text, value.reference, value.url) == (words, None, "")
        assert value.sources


def test_documents_that_mention_it(portal: Sample) -> None:
    (mention,) = read(portal, RELAIS).mentions
    assert mention.document == portal.french.sha256
    assert portal.french.text[mention.start : mention.end].startswith("Le Relais du Pays bleu")
    assert all("mention" not in fact.property for fact in read(portal, RELAIS).relations)


def test_markup_in_names_is_only_text(portal: Sample) -> None:
    assert read(portal, EVIL).label.text == INJECTED


def test_rows_without_a_graph_are_quads_too() -> None:
    row: Row = {"s": Iri("a:s"), "p": Iri("a:p"), "o": Literal("x")}
    assert quads_of([row])[0].object == Literal("x")


def test_conclusions_are_marked_and_never_repeat_the_page() -> None:
    """What a rule concludes names it; what the page says more exactly is left out."""
    said = [
        Quad(RELAIS, SKOS_PREF_LABEL, Literal("Relais", lang="fr"), IRIS.graph("corpus")),
        Quad(RELAIS, mln.locatedIn, Iri(f"{IRIS.base}/id/territory/town"), IRIS.graph("corpus")),
        Quad(RELAIS, mln.offersSupportType, THEME, IRIS.graph("corpus")),
    ]
    state = Iri(f"{IRIS.base}/id/territory/state")
    rules = IRIS.graph("inferred")
    concluded = [
        Quad(RELAIS, mln.locatedIn, state, Iri(f"{rules}/located-in-whole")),
        Quad(RELAIS, mln.supportType, THEME, Iri(f"{rules}/sub-property")),
        Quad(RELAIS, mln.offersSupportType, THEME, Iri(f"{rules}/inverse")),
        Quad(RELAIS, Iri("http://purl.org/dc/terms/spatial"), state, Iri(f"{rules}/sub-property")),
    ]
    draft = EntityDraft(RELAIS, Description(said), IRIS, Wording(str), "fr")
    draft.conclude([*said, *concluded])
    view = draft.view(Details())
    values = [value for fact in (*view.facts, *view.relations) for value in fact.values]
    assert [(v.reference.iri, v.inferred) for v in values if v.reference and v.inferred] == [
        (state, ("located-in-whole",))
    ]
    assert [rule.name for rule in view.rules] == ["located-in-whole"]
    assert "territoire" in view.rules[0].text.text
