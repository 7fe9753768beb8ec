"""Names that nothing is known by: proposed once each, and mentions as people judged them."""

from dataclasses import replace

from ingest.extraction import Correction, Extraction, Mention, MintedEntity, Named
from ingest.proposals import judged_mentions, proposed_names
from ingest.readers import read
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri

IRIS = Iris("http://e")
TEXT = "La Halle aux idées ouvre. Le jury de la Halle  aux idées siège. Un parc est là."
DOCUMENT = read(TEXT.encode(), "x.txt")
HALL = IRIS.entity("actor", "halle-aux-idees")


def mention(surface: str, at: int = 0, cls: str = "Actor", label: str = "Halle") -> Mention:
    start = DOCUMENT.text.index(surface, at)
    return Mention(
        start, start + len(surface), surface, cls, None, label, "head-noun", 0.4, asserted=False
    )


FIRST, SECOND = mention("Halle"), mention("Halle", 30)
NAMES = (FIRST, SECOND, mention("parc", cls="Concept", label="parc"))
PROPOSED = proposed_names(DOCUMENT, NAMES, IRIS)
EXTRACTION = Extraction(
    DOCUMENT.sha256, NAMES, (), (), (), tuple(c for c, _ in PROPOSED), tuple(e for _, e in PROPOSED)
)


def judged(state: str, correction: Correction | None = None) -> tuple[Mention, ...]:
    ((claim, _),) = PROPOSED
    corrections = {claim.hash: correction} if correction else {}
    return judged_mentions(DOCUMENT, EXTRACTION, IRIS, {claim.hash: state}, corrections)


def test_a_name_is_proposed_once_with_its_first_sentence() -> None:
    ((claim, entity),) = PROPOSED
    assert (claim.subject, claim.predicate) == (IRIS.document(DOCUMENT.sha256), mln.mentions)
    assert claim.passage.quote == "La Halle aux idées ouvre."
    local = IRIS.entity("actor", f"halle-{DOCUMENT.sha256[:8]}")
    assert entity == MintedEntity(local, "Actor", (("Halle", DOCUMENT.lang),))
    assert claim.object == local


def test_asserted_names_are_not_proposed() -> None:
    known = (replace(FIRST, entity=HALL, asserted=True),)
    assert proposed_names(DOCUMENT, known, IRIS) == []


def test_an_accepted_name_is_an_entity_wherever_it_is_printed() -> None:
    ((claim, _),) = PROPOSED
    first, second, park = judged("accepted")
    assert (first.entity, second.entity, first.asserted) == (claim.object, claim.object, True)
    assert park == NAMES[2]


def test_a_corrected_name_is_as_wide_as_the_text_prints_it() -> None:
    named = Named(HALL, "Programme", "Halle aux idées", "fr", new=True)
    correction = Correction(IRIS.document(DOCUMENT.sha256), HALL, None, named)
    first, second, _ = judged("corrected", correction)
    assert [m.surface for m in (first, second)] == ["Halle aux idées", "Halle  aux idées"]
    for each in (first, second):
        assert DOCUMENT.text[each.start : each.end] == each.surface
        assert (each.entity, each.cls, each.label) == (HALL, "Programme", "Halle aux idées")
    elsewhere = replace(named, label="Palais des idées")
    assert judged("corrected", replace(correction, named=elsewhere))[0].surface == "Halle"


def test_a_rejected_name_is_a_mention_of_nothing() -> None:
    assert [m.entity for m in judged("rejected")] == [None, None, None]
    assert not any(m.asserted for m in judged("rejected"))


def test_what_was_corrected_brings_its_entity_with_it() -> None:
    ((claim, entity),) = PROPOSED
    named = Named(Iri(HALL), "Programme", "Halle aux idées", "fr", new=True)
    corrections = {claim.hash: Correction(claim.subject, HALL, None, named)}
    made = EXTRACTION.judged({claim.hash: "corrected"}, corrections)
    assert [c.object for c in made.claims] == [HALL]
    assert MintedEntity(HALL, "Programme", (("Halle aux idées", "fr"),)) in made.minted
    same = replace(named, iri=entity.iri, label="Halle")
    retyped = EXTRACTION.judged(
        {claim.hash: "corrected"}, {claim.hash: Correction(claim.subject, entity.iri, None, same)}
    )
    assert [c.hash for c in retyped.claims] == [claim.hash]
    assert [e.cls for e in retyped.minted] == ["Programme"]
