"""Mentions: what is named, what is asserted, what waits as a candidate."""

import re
from pathlib import Path

import pytest

from ingest.extract.lexicon import Lexicon
from ingest.mentions import CONFIDENCE
from ontology.model import Iri, LabelRole, Name
from tests.ingest.lexicons import WORLD, extracted, name


def mentions(text: str, lexicon: Lexicon = WORLD) -> list[tuple[str, str, str, bool]]:
    return [(m.surface, m.cls, m.rule, m.asserted) for m in extracted(text, lexicon).mentions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'Arpège (ARP)", [("Arpège", "Association", "lexicon", True)]),
        ("The “Élan rural” programme grows in the south of the land.",
         [("“Élan rural” programme", "Programme", "lexicon", True)]),
        ("l'association Mille Mains",
         [("Mille Mains", "Association", "generic-head", True)]),
        ("On aime Arpège Brumeval.", [("Arpège Brumeval", "Association", "branch-of", False)]),
        ("On aime Arpège, Brumeval.",
         [("Arpège", "Association", "lexicon", True), ("Brumeval", "Commune", "lexicon", True)]),
        ("la loi Entraide", [("loi Entraide", "Law", "law-name", True)]),
        ("la loi de 1901", [("loi de 1901", "Law", "law-year", False)]),
        ("l'article 3 de la loi du 4 mars 2011",
         [("article 3", "Article", "law-article", True),
          ("loi du 4 mars 2011", "Law", "law-date", True)]),
        ("Lavoirs Unis Nord (LUN) lave. LUN rit.",
         [("Lavoirs Unis Nord", "Actor", "document-acronym", False),
          ("LUN", "Actor", "document-acronym", False),
          ("LUN", "Actor", "document-acronym", False)]),
    ],
)  # fmt: skip
def test_rules(text: str, expected: list[tuple[str, str, str, bool]]) -> None:
    assert mentions(text) == expected


def test_themes_are_no_mentions() -> None:
    theme = Name("vie rurale", "fr", Iri("https://example.test/t"), "Concept", LabelRole.PREFERRED)
    assert mentions("la vie rurale", WORLD.with_names([theme])) == []


def test_an_acronym_that_a_vocabulary_has_too_names_the_entity() -> None:
    def of(text: str, cls: str, role: LabelRole) -> Name:
        return Name(text, "", Iri(f"https://example.test/{cls}"), cls, role)

    both = [of("PRV", cls, LabelRole.ACRONYM) for cls in ("LegalStatus", "Concept")]
    assert mentions("Le PRV est un pôle, les PRVs aussi.", WORLD.with_names(both)) == [
        ("PRV", "LegalStatus", "lexicon", True),
        ("PRVs", "LegalStatus", "lexicon", True),
    ]
    word = [of("Pôle", cls, LabelRole.PREFERRED) for cls in ("LegalStatus", "Concept")]
    assert mentions("Un Pôle agit.", WORLD.with_names(word)) == []


def test_a_quoted_name_leaves_its_french_head_outside() -> None:
    lexicon = WORLD.with_names([name("plan Rives douces", "Plan", "rives")])
    rest = "avance depuis longtemps dans les villages de la vallée."
    quoted, bare = f'Le plan "Rives douces" {rest}', f"Le plan Rives douces {rest}"
    assert [m[0] for m in mentions(quoted, lexicon)] == ["Rives douces"]
    assert [m[0] for m in mentions(bare, lexicon)] == ["plan Rives douces"]


def test_a_reform_is_a_framework_by_its_year_once_it_was_told_in_full() -> None:
    text = "The May 2017 river care reform came. Since the 2017 reform, rivers are cared for."
    assert mentions(text) == [
        ("May 2017 river care reform", "LegalFramework", "law-name", True),
        ("2017 reform", "LegalFramework", "law-name", True),
    ]


def test_an_acronym_used_otherwise_is_a_candidate() -> None:
    text = "Les Rochers des Alpes provençales (RAP) sont hauts. Le RAP est haut."
    assert all(not m[3] for m in mentions(text))


def test_ambiguous_names_are_candidates() -> None:
    lexicon = WORLD.with_names([name("Arpège", "Label", "label-arpege")])
    assert mentions("on aime Arpège", lexicon) == [
        ("Arpège", "Association", "lexicon-ambiguous", False)
    ]


def test_labels_follow_the_language_of_the_block() -> None:
    (mention,) = extracted("This is what the RAP does for all of the people here.").mentions
    assert mention.label == "Project Hive"


def test_small_articles_stay_outside() -> None:
    lexicon = Lexicon([name("The Long Meadow"), name("Le Pré")])
    assert [m[0] for m in mentions("in the Long Meadow, Le Pré", lexicon)] == [
        "Long Meadow", "Le Pré"
    ]  # fmt: skip


def test_priors_are_probabilities() -> None:
    assert all(0 < value <= 1 for value in CONFIDENCE.values())


def test_every_rule_is_documented_with_its_prior() -> None:
    page = (Path(__file__).parents[2] / "docs" / "extraction.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `([a-z-]+)`[^|]*\| (\d\.\d+) \|", page, re.MULTILINE))
    assert {rule: float(prior) for rule, prior in rows.items()} == dict(CONFIDENCE)
