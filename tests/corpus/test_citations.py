"""Facts of sheets against the reports themselves: every citation opens the right sentence."""

import hashlib
import re
from collections import defaultdict
from decimal import Decimal
from pathlib import Path

import pytest

from corpus import SHEETS, register
from corpus.sheet import Citation
from corpus.sheets import Fact, Sheet, load_sheets
from corpus.territories import load_territories
from corpus.values import Part, Reference
from ingest.anchors import anchor
from ingest.readers import Limits, read
from ontology import terms as mln
from ontology.folding import fingerprint, fold
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.names import concept_names

IRIS = Iris()
NUMBERS = {
    "2": "two", "3": "three|trois", "4": "four|quatre", "5": "five|cinq", "6": "six",
    "8": "eight|huit", "9": "nine|neuf", "10": "ten|dix|dizaine", "20": "vingtaine", "24": "vingt-quatre",
    "30": "trentaine", "50": "fifty",
}  # fmt: skip
"""Values that a source prints in words."""
SCALES = {10**3: "K", 10**6: r"M|m\b|million", 10**9: "billion|milliard"}
"""Units behind a number that is printed in thousands, millions or thousands of millions."""


@pytest.fixture(scope="module")
def sheets() -> list[Sheet]:
    return load_sheets(SHEETS)


@pytest.fixture(scope="module")
def sentences(sheets: list[Sheet], seeds: Path) -> dict[tuple[str, str], str]:
    """The text behind each (publication, fingerprint) that was found."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for sheet in sheets:
        for fact in sheet.facts:
            for citation in fact.citations:
                wanted[citation.publication].add(citation.fingerprint)
    found: dict[tuple[str, str], str] = {}
    for file in sorted(seeds.glob("*.txt")):
        data = file.read_bytes()
        slug = register.match(hashlib.sha256(data).hexdigest(), file.name) or ""
        document = read(data, file.name, Limits())
        for cited, (start, end) in anchor(document, wanted[slug]).items():
            found[slug, cited] = document.text[start:end]
    return found


@pytest.fixture(scope="module")
def words_of(sheets: list[Sheet]) -> dict[Iri, set[str]]:
    """The words of four letters or more in the names of every entity, and its acronyms."""
    words: dict[Iri, set[str]] = defaultdict(set)
    names = [name for sheet in sheets for name in sheet.names(IRIS)]
    for name in [*names, *load_territories().names(IRIS), *concept_names(IRIS)]:
        parts = fold(name.text).split()
        words[name.entity] |= {w for w in parts if len(w) > 3} or set(parts)
        if name.text.isupper():
            words[name.entity].add(fold(name.text))
    return words


def test_ninety_five_in_a_hundred_citations_open_their_sentence(
    sheets: list[Sheet], sentences: dict[tuple[str, str], str]
) -> None:
    cited = [(c.publication, c.fingerprint) for s in sheets for f in s.facts for c in f.citations]
    assert len(cited) >= 400
    found = sum(key in sentences for key in cited)
    assert found >= 0.95 * len(cited)


def test_what_they_open_is_the_cited_sentence(sentences: dict[tuple[str, str], str]) -> None:
    for (_, cited), text in sentences.items():
        assert fingerprint(text) == cited


def test_the_sentence_holds_the_fact_s_key_words(
    sheets: list[Sheet],
    sentences: dict[tuple[str, str], str],
    words_of: dict[Iri, set[str]],
) -> None:
    wrong = [
        f"{sheet.path}, line {fact.line}: {' '.join(text.split())}"
        for sheet in sheets
        for fact in sheet.facts
        for citation in fact.citations
        for text in [sentences.get((citation.publication, citation.fingerprint), "")]
        if text and not holds(text, sheet, fact, words_of)
        if not is_where_described(fact, citation)
    ]
    assert wrong == []


def holds(text: str, sheet: Sheet, fact: Fact, words_of: dict[Iri, set[str]]) -> bool:
    """Tell whether the sentence names the value, or the subject where the value is a concept."""
    if isinstance(fact.value, Part):
        return part_holds(text, fact.value)
    if sheet.cls == "KeyFigure" or fact.predicate.endswith("#amount"):
        return has_number(text, sheet)
    words = set(fold(text).split())
    words |= {word.removesuffix("s") for word in words}
    value = fact.value
    if isinstance(value, Reference):
        named = bool(words & words_of[value.iri(IRIS)])
    else:
        year = str(getattr(value, "value", value))
        named = bool(words & {year, year[:4]} or fold(year) in fold(text))
    return (
        named or bool(words & words_of[IRIS.entity(sheet.kind, sheet.slug)]) or is_topic(fact, text)
    )


def part_holds(text: str, part: Part) -> bool:
    """Tell whether the sentence has the number of a criterion; an answer is in our own words."""
    said = dict(part.facts)
    number = said.get(mln.criterionValue)
    if not isinstance(number, Literal):
        return True
    one = number.value == "1" and re.search(r"(?i)\bemploy(?:er|euse)s?\b", text) is not None
    return one or has_value(text, number.value)


def is_where_described(fact: Fact, citation: Citation) -> bool:
    """Tell whether the fact only says that the publication cited speaks of the entity."""
    return isinstance(fact.value, Reference) and (
        fact.predicate.endswith("#describedIn")
        and fact.value.path == f"publication/{citation.publication}"
    )


def has_number(text: str, sheet: Sheet) -> bool:
    said = {f.predicate.rpartition("#")[2]: str(getattr(f.value, "value", "")) for f in sheet.facts}
    said.setdefault("value", said.get("amount", ""))
    if not said["value"]:
        return said["valueText"] in text
    return has_value(text, said["value"])


def has_value(text: str, value: str) -> bool:
    text = " ".join(text.replace("*", "").split())
    digits = re.sub(r"(?<=\d)[ .,\u00a0\u202f](?=\d{3}(?!\d))", "", text)
    if re.search(rf"(?<!\d){re.escape(value)}(?!\d)", digits.replace(",", ".")):
        return True
    if re.search(rf"(?i)\b({NUMBERS.get(value, '(?!)')})\b", text):
        return True
    return any(
        re.search(
            rf"(?<!\d){format(Decimal(value) / scale, 'f')} ?€? ?({unit})", text.replace(",", ".")
        )
        for scale, unit in SCALES.items()
        if value.replace(".", "").isdigit()
    )


def is_topic(fact: Fact, text: str) -> bool:
    """Tell whether a concept is stated in other words: a property of the scheme that is described."""
    if not isinstance(fact.value, Reference):
        return False
    if fact.value.path == "territory/eu-FR":
        return re.search(r"(?i)\bnational|\bState\b|l['’]État", text) is not None
    if not fact.value.path.startswith("concept/"):
        return False
    hints = {
        "funders": "(?i)financial|bank",
        "financing": "(?i)financ|loan|advance|invest",
        "scaling": "(?i)scale|échelle",
        "upscaling": "(?i)spin-off|scale",
        "launch": "(?i)emergence|émergence|start",
        "research-body": "R&D",
        "impact-assessment": "(?i)impact",
        "knowledge-skills": "(?i)transfer|formation",
        "advisory": "(?i)support|accompagne|incub",
        "meeting-networks": "(?i)network|working group|réseau|relation|pair-à-pair|exchange",
        "social-innovation": "(?i)innovation sociale|social innovation",
    }
    return bool(re.search(hints.get(fact.value.path.rpartition("/")[2], r"(?!)"), text))
