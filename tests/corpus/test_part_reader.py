"""Parts: criteria, dated roles and answers become nodes with lasting addresses."""

import pytest

from corpus.frontmatter import Entry
from corpus.part_reader import PartReader
from corpus.sheet import Sheet, SheetError
from corpus.sheet_reader import read_sheet
from corpus.sheets import reference_errors
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.schema import Schema
from ontology.validate import Severity, Validator
from ontology.vocabularies import RDF_OBJECT, RDF_TYPE, XSD_DECIMAL, XSD_INTEGER

IRIS = Iris()
SCHEMA = Schema.load()
CITE = f"cite:\n  - {{publication: roadmap, place: p. 3, fingerprint: 12-{'a' * 64}}}\n"
BODY = "---\n\n# fr\n\nTexte.\n\n# en\n\nText.\n"
CRITERION = """
  - hasCriterion:
      criterionProperty: concept/criterion-properties/age
      criterionOperator: lessThan
      criterionValue: 3
      criterionUnit: years
      criterionText: {fr: "Avoir moins de trois ans.", en: "To be less than three years old."}
"""
FORMS = """
  - hasCriterion:
      criterionProperty: concept/criterion-properties/legal-form
      criterionOperator: oneOf
      criterionConcept: [concept/legal-statuses/association, concept/legal-statuses/scic]
"""
ANSWER = """
  - hasPracticePart:
      question: concept/practice-questions/need
      answer: {fr: Un besoin., en: A need.}
"""


def sheet(facts: str, kind: str = "programme", cls: str = "SupportScheme") -> Sheet:
    head = f"---\ntype: {cls}\nlabels: {{fr: Un, en: One}}\n{CITE}facts:"
    return read_sheet(head + facts.rstrip() + "\n" + BODY, kind, "one.md", SCHEMA)


def said(of: Sheet) -> dict[tuple[Iri, Iri], set[object]]:
    found: dict[tuple[Iri, Iri], set[object]] = {}
    for quad in of.quads(IRIS):
        found.setdefault((quad.subject, quad.predicate), set()).add(quad.object)
    return found


def test_criteria_are_nodes_below_their_programme() -> None:
    read = sheet(CRITERION + FORMS)
    programme = IRIS.entity("programme", "one")
    first, second = Iri(f"{programme}#criterion-1"), Iri(f"{programme}#criterion-2")
    found = said(read)
    assert found[programme, mln.hasCriterion] == {first, second}
    assert found[first, RDF_TYPE] == {mln.Criterion}
    assert found[first, mln.criterionValue] == {Literal("3", XSD_DECIMAL)}
    assert found[first, mln.criterionOperator] == {mln.lessThan}
    assert {value.lang for value in found[first, mln.criterionText]} == {"fr", "en"}  # type: ignore[attr-defined]
    assert found[second, mln.criterionConcept] == {
        IRIS.concept("legal-statuses", "association"),
        IRIS.concept("legal-statuses", "scic"),
    }
    asserted = {o for (_, p), values in found.items() if p == RDF_OBJECT for o in values}
    assert {first, second} <= asserted
    findings = Validator("core", "parts", "ranges").validate(list(read.quads(IRIS)))
    assert [f.shape for f in findings if f.severity is Severity.VIOLATION] == []


def test_thresholds_roles_and_answers_have_addresses_of_their_own() -> None:
    law = sheet(CRITERION.replace("      criterionP", "      type: Threshold\n      criterionP", 1),
                "law", "Law")  # fmt: skip
    assert said(law)[IRIS.entity("law", "one"), mln.hasCriterion] == {
        Iri(f"{IRIS.entity('law', 'one')}#threshold-1")
    }
    role = "\n  - hasTenure:\n      tenureAt: actor/avise\n      tenureFrom: 2018\n"
    person = sheet(role, "person", "Person")
    assert said(person)[IRIS.entity("person", "one"), mln.hasTenure] == {
        Iri(f"{IRIS.entity('person', 'one')}#role-1")
    }
    practice = IRIS.entity("practice", "one")
    answers = said(sheet(ANSWER + ANSWER.replace("/need", "/barriers"), "practice", "GoodPractice"))
    assert answers[practice, mln.hasPracticePart] == {
        Iri(f"{practice}#need"),
        Iri(f"{practice}#barriers"),
    }
    assert answers[Iri(f"{practice}#barriers"), mln.position] == {Literal("2", XSD_INTEGER)}


def test_texts_in_two_languages_are_no_part() -> None:
    reader = PartReader("one.md", SCHEMA)
    lines = Entry({"fr": Entry("a", 1), "en": Entry("b", 1)}, 1)
    assert not reader.takes(lines, SCHEMA.property_named("role"))
    assert not reader.takes(Entry("a", 1), SCHEMA.property_named("hasCriterion"))
    assert reader.takes(lines, SCHEMA.property_named("hasCriterion"))


def test_what_parts_refer_to_must_exist() -> None:
    errors = reference_errors([sheet(FORMS)], {"publication/roadmap": "Report"})
    assert [e.problem for e in errors] == [
        "“concept/criterion-properties/legal-form” does not exist",
        "“concept/legal-statuses/association” does not exist",
        "“concept/legal-statuses/scic” does not exist",
    ]


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        (CRITERION.replace("criterionValue", "colour"), "“colour” is no property"),
        (CRITERION.replace("criterionUnit: years", "tenureFrom: 2018"), "a Criterion has no"),
        (CRITERION.replace("criterionValue: 3", "criterionValue: three"), "is no value of"),
        ("\n  - hasCriterion:\n      type: Fund\n      criterionUnit: years\n", "no lines of its own"),
        ("\n  - hasCriterion:\n      type: RoleTenure\n      tenureFrom: 2018\n", "takes no RoleTenure"),
        ("\n  - createdBy:\n      criterionUnit: years\n", "takes no lines of its own"),
        ("\n  - hasCriterion: {}\n", "at least one property"),
    ],
)  # fmt: skip
def test_a_bad_part_is_told_by_line(facts: str, words: str) -> None:
    with pytest.raises(SheetError, match=words) as caught:
        sheet(facts)
    assert caught.value.line is not None


def test_a_question_is_answered_once() -> None:
    again = ANSWER.replace("Un besoin.", "Un autre.")
    with pytest.raises(SheetError, match="answered twice"):
        sheet(ANSWER + again, "practice", "GoodPractice")
