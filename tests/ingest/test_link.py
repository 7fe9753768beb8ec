"""Linking by exact names, definitions, language, context and citation; never by likeness."""

import pytest

from ingest.extract.acronyms import find_pairs
from ingest.extract.laws import find_laws
from ingest.extract.lexicon import Lexicon
from ingest.link import LawIndex, choose_name, definitions_of, link_laws
from ontology.model import LabelRole
from tests.ingest.lexicons import IRIS, WORLD, entity, name

TWINS = Lexicon(
    [
        name("Valbrune", "Commune"),
        name("Valbrune", "PublicBody", "ville-de-valbrune"),
        name("Copeau", "Association"),
        name("Copeau", "Label", "label-copeau"),
        name("ODR", "PublicBody", "office-des-rives", role=LabelRole.ACRONYM),
        name("Office des rives", "PublicBody", "office-des-rives", "fr"),
        name("ODR", "Programme", "open-data-river", role=LabelRole.ACRONYM),
        name("Open Data River", "Programme", "open-data-river", "en"),
    ]
)


def linked(text: str, lang: str = "fr") -> str | None:
    pairs = find_pairs(text, 0, len(text), lang)
    match = TWINS.find(text)[-1]
    found = choose_name(text, match, lang, definitions_of(pairs, TWINS))
    return found.entity.rpartition("/")[2] if found else None


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("une école à Valbrune", "valbrune"),
        ("un prix remis par Valbrune", "ville-de-valbrune"),
        ("on aime Valbrune", None),
        ("le label Copeau", "label-copeau"),
        ("l'association Copeau", "copeau"),
        ("on aime Copeau", None),
        ("l'Office des rives (ODR) agit, l'ODR", "office-des-rives"),
        ("l'Open Data River (ODR) agit, l'ODR", "open-data-river"),
        ("on aime l'ODR", None),
    ],
)
def test_ambiguous_names(text: str, slug: str | None) -> None:
    assert linked(text) == slug


def slugs(text: str, lexicon: Lexicon = WORLD) -> list[str | None]:
    found = link_laws(text, find_laws(text), LawIndex(lexicon), IRIS)
    return [law.entity.rpartition("/")[2] if law.entity else None for law in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("la loi n° 2011-123", ["loi-entraide"]),
        ("la loi du 4 mars 2011", ["loi-entraide"]),
        ("the Act of 4 March 2011", ["loi-entraide"]),
        ("la loi Entraide", ["loi-entraide"]),
        ("la loi de 2011", ["loi-entraide"]),
        ("la loi de 1999", [None]),
        ("la loi n° 1999-1", ["loi-1999-1"]),
        ("la loi du 5 mai 1999, puis la loi de 1999", ["loi-1999-05-05", "loi-1999-05-05"]),
        ("la loi n° 1999-1, dite « loi Hêtre », puis la loi Hêtre",
         ["loi-1999-1", "loi-1999-1", "loi-1999-1"]),
        ("l'article 3 de la loi Entraide", ["loi-entraide-article-3", "loi-entraide"]),
        ("l'article L12-3 existe", [None]),
    ],
)  # fmt: skip
def test_laws(text: str, expected: list[str | None]) -> None:
    assert slugs(text) == expected


def test_known_articles() -> None:
    lexicon = WORLD.with_names(
        [name("Article 3 de la loi n° 2011-123", "Article", "loi-entraide-a3", "fr")]
    )
    assert slugs("l'article 3 de la loi du 4 mars 2011", lexicon)[0] == "loi-entraide-a3"


def test_two_laws_of_one_date_stay_open() -> None:
    lexicon = WORLD.with_names([name("Loi du 4 mars 2011 relative au sel", "Law", "loi-sel", "fr")])
    assert slugs("la loi du 4 mars 2011", lexicon) == [None]
    assert LawIndex(lexicon).of_year("loi", "2011") == {
        entity("Law", "loi-entraide"),
        entity("Law", "loi-sel"),
    }
