"""Citations of laws in all the forms that reports use."""

import pytest

from ingest.extract.laws import LawReference, find_laws, law_slug


def cited(text: str) -> list[tuple[str, str | None]]:
    return [(text[law.start : law.end], law_slug(law)) for law in find_laws(text)]


@pytest.mark.parametrize(
    ("text", "surface", "slug"),
    [
        ("la loi n° 2011-123 du 4 mars 2011 relative à l'entraide sociale crée un droit",
         "loi n° 2011-123 du 4 mars 2011 relative à l'entraide sociale", "loi-2011-123"),
        ("la loi du 4 mars 2011, dite", "loi du 4 mars 2011", "loi-2011-03-04"),
        ("le décret n°2015-858 du 13 juillet 2015", "décret n°2015-858 du 13 juillet 2015",
         "decret-2015-858"),
        ("the law of March 4, 2011", "law of March 4, 2011", "loi-2011-03-04"),
        ("the Act of 4 March 2011", "Act of 4 March 2011", "loi-2011-03-04"),
        ("the 4 March, 2011 VALMO law", "4 March, 2011 VALMO law", "loi-2011-03-04"),
        ("Law No. 2011-123 of 4 March 2011", "Law No. 2011-123 of 4 March 2011", "loi-2011-123"),
        ("la loi Hêtre de 2011", "loi Hêtre de 2011", "loi-hetre"),
        ("la loi Eau et rivières", "loi Eau et rivières", "loi-eau-et-rivieres"),
        ("the River and Hedge Act (2021)", "River and Hedge Act", "loi-river-and-hedge"),
        ("the VALMO law", "VALMO law", "loi-valmo"),
        ("la directive 2014/24/UE", "directive 2014/24/UE", "directive-2014-24"),
        ("the 2018/2001 Directive", "2018/2001 Directive", "directive-2018-2001"),
        ("Regulation (EU) 2021/1057", "Regulation (EU) 2021/1057", "reglement-2021-1057"),
        ("le code de la commande publique prévoit", "code de la commande publique",
         "code-de-la-commande-publique"),
        ("the Public Procurement Code", "Public Procurement Code", "public-procurement-code"),
        ("the May 2017 Labour Code", "May 2017 Labour Code", "labour-code"),
        ("the May 2017 river care reform came", "May 2017 river care reform",
         "reforme-river-care-2017"),
        ("la réforme de la formation sociale de juin 2017", "réforme de la formation sociale de juin 2017",
         "reforme-formation-sociale-2017"),
    ],
)  # fmt: skip
def test_forms(text: str, surface: str, slug: str) -> None:
    assert cited(text) == [(surface, slug)]


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("the 2014 law", None),
        ("law of 1901", None),
        ("loi de 2014", None),
        ("the 2014 reform", None),
        ("la réforme de 2014", None),
    ],
)
def test_a_year_alone_names_no_law(text: str, slug: str | None) -> None:
    (law,) = find_laws(text)
    assert law.year
    assert law_slug(law) is slug


def test_articles_come_with_their_law() -> None:
    text = "Les articles 9 et 15 de la loi n° 2011-123 s'appliquent."
    assert cited(text) == [
        ("articles 9", "loi-2011-123-article-9"),
        ("15", "loi-2011-123-article-15"),
        ("loi n° 2011-123", "loi-2011-123"),
    ]


def test_an_article_alone_needs_a_letter() -> None:
    assert cited("Article 1 supports pupils") == []
    (law,) = find_laws("see Article L2113-15 there")
    assert (law.article, law.kind) == ("L2113-15", "code")


@pytest.mark.parametrize(
    "text", ["Open Source Code", "la loi", "this act", "in-law 12", "acting", "a reform in 2014"]
)
def test_what_cites_nothing(text: str) -> None:
    assert cited(text) == []


def test_slug_needs_something_said() -> None:
    assert law_slug(LawReference(0, 1, "loi")) is None
