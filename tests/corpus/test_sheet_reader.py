from pathlib import Path

import pytest

from corpus.sheet import Citation, Fact, Sheet, SheetError, SheetName
from corpus.sheet_reader import read_sheet
from corpus.values import Reference
from ontology import terms as mln
from ontology.model import LabelRole, Literal
from ontology.schema import Schema
from ontology.vocabularies import XSD_DECIMAL, XSD_G_YEAR

SCHEMA = Schema.load()
HASH = "a" * 64
HEAD = """---
type: SupportScheme
labels: {fr: Dispositif, en: scheme}
"""
CITED = f"""
    cite:
      - publication: roadmap
        place: "5.2.1"
        fingerprint: 12-{HASH}
"""
BODY = "---\n\n# fr\n\nTexte.\n\n# en\n\nText.\n"


def read(text: str, kind: str = "programme", name: str = "dla.md") -> Sheet:
    return read_sheet(text, kind, name, SCHEMA)


def test_a_whole_sheet() -> None:
    sheet = read(
        HEAD
        + "names:\n  - {text: DLA, role: acronym, context: capital}\n  - {text: LSS, lang: en}\n"
        + "facts:\n  - createdBy: actor/avise\n    since: 2004\n    amount: 70.0"
        + CITED
        + BODY
    )
    assert sheet.path == "programme/dla"
    assert sheet.cls == "SupportScheme"
    assert sheet.labels == {"fr": "Dispositif", "en": "scheme"}
    assert sheet.prose == {"fr": "Texte.", "en": "Text."}
    assert sheet.alternatives == (
        SheetName("DLA", "", LabelRole.ACRONYM, "capital"),
        SheetName("LSS", "en", LabelRole.ALTERNATIVE),
    )
    qualifiers = (
        (mln.since, Literal("2004", XSD_G_YEAR)),
        (mln.amount, Literal("70", XSD_DECIMAL)),
    )
    citation = Citation("roadmap", "5.2.1", f"12-{HASH}")
    assert sheet.facts == (Fact(mln.createdBy, Reference("actor/avise"), (citation,), qualifiers),)
    assert sheet.facts[0].line == 5 + 3


def test_facts_without_citation_take_the_sheet_s() -> None:
    cite = f"cite:\n  - {{publication: roadmap, place: p. 3, fingerprint: 12-{HASH}}}\n"
    sheet = read(
        HEAD + cite + "facts:\n  - createdInYear: 2002\n  - appliesIn: territory/eu-FR\n" + BODY
    )
    assert {fact.citations[0].place for fact in sheet.facts} == {"p. 3"}


@pytest.mark.parametrize(
    ("middle", "line", "words"),
    [
        ("colour: red\n", 4, "“colour” is unknown"),
        ("facts: none\n", 4, "must be a list"),
        ("facts:\n  - createdInYear: 2002\n", 5, "has no citation"),
        ("facts:\n  -\n", 5, "property: value"),
        ("facts:\n  - creates: actor/avise" + CITED, 5, "no property of the ontology"),
        ("facts:\n  - createdInYear: soon" + CITED, 5, "a year of four digits"),
        ("facts:\n  - createdInYear:" + CITED, 5, "needs one value"),
        ("facts:\n  - publishedInYear: 2002" + CITED, 5, "has no “publishedInYear”"),
        ("facts:\n  - createdInYear: 2002\n    unit: EUR" + CITED, 6, "does not qualify"),
        ("facts:\n  - createdInYear: 2002\n    cite: roadmap\n", 6, "“cite” must be a list"),
        (
            "facts:\n  - createdInYear: 2002\n    cite:\n      - place: x\n",
            7,
            "“publication” is missing",
        ),
        (
            "facts:\n  - createdInYear: 2002\n    cite:\n"
            "      - {publication: a, place: b, fingerprint: 12}\n",
            7,
            "hexadecimal",
        ),
        (
            "facts:\n  - createdInYear: 2002" + CITED + "  - createdInYear: 2002" + CITED,
            10,
            "already on line 5",
        ),
        ("names: [DLA]\n", 4, "“text” is missing"),
        ("names:\n  - {text: DLA, role: nickname}\n", 5, "no role"),
        ("names:\n  - {text: DLA, colour: red}\n", 5, "unknown in a name"),
        ("context: never\n", 2, "no context"),
    ],
)
def test_an_error_says_file_line_and_what(middle: str, line: int, words: str) -> None:
    with pytest.raises(SheetError) as caught:
        read(HEAD + middle + BODY)
    assert caught.value.file == "programme/dla.md"
    assert caught.value.line == line
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"programme/dla.md, line {line}: ")


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("---\nlabels: {fr: a, en: b}\n", "“type” is missing"),
        ("---\ntype: Gadget\nlabels: {fr: a, en: b}\n", "no class of entities"),
        ("---\ntype: Assertion\nlabels: {fr: a, en: b}\n", "no class of entities"),
        ("---\ntype: Law\nlabels: {fr: a, en: b}\n", "belongs into the folder “law”"),
        ("---\ntype: Programme\n", "“labels” needs"),
        ("---\ntype: Programme\nlabels: {fr: a}\n", "“labels” needs"),
        ("---\ntype: Programme\nlabels: {fr: a, en: ''}\n", "“labels” needs"),
        ("---\ntype: Programme\nlabels: {fr: a, en: b, de: c}\n", "“labels” needs"),
    ],
)
def test_class_and_labels_are_needed(head: str, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        read(head + BODY)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("---\n# fr\nTexte.\n", "no text below “# en”"),
        ("---\n# fr\n# en\nText.\n", "no text below “# fr”"),
        ("---\nLost.\n# fr\nTexte.\n# en\nText.\n", "must stand below"),
        ("---\n# fr\nTexte.\n# en\nText.\n# fr\nEncore.\n", "given twice"),
    ],
)
def test_both_languages_have_a_text(body: str, words: str) -> None:
    with pytest.raises(SheetError, match=words):
        read(HEAD + body)


def test_kind_and_file_name_are_checked() -> None:
    with pytest.raises(SheetError, match="no kind of entity"):
        read(HEAD + BODY, kind="gadget")
    with pytest.raises(SheetError, match="small letters"):
        read(HEAD + BODY, name="Le DLA.md")


def test_the_documented_example_is_a_sheet() -> None:
    text = (Path(__file__).parents[2] / "docs" / "sheets.md").read_text(encoding="utf-8")
    example = text.split("```markdown\n", 1)[1].split("```", 1)[0]
    sheet = read(example, name="fabrique-a-initiatives.md")
    assert [SCHEMA.properties[fact.predicate].name for fact in sheet.facts] == [
        "createdInYear",
        "createdBy",
    ]
