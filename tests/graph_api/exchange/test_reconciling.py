"""Names matched against names: what is equal, what is near, what is never certain."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.exchange.reconciling import Named, NameTable

TABLE = NameTable(
    [
        Named("actor/blue", "actor", ("Relais du Pays bleu", "RPBS", "Blue Country Relay")),
        Named("actor/blue-north", "actor", ("Relais du Pays bleu Nord",)),
        Named("actor/ninth", "actor", ("La 9e Rive",)),
        Named("programme/ladder", "programme", ("Échelle des rives", "Twin")),
        Named("law/twin", "law", ("Twin",)),
        Named("actor/glow", "actor", ("Lueurkomaj", "LK")),
        Named("actor/hill", "actor", ("Département de la Colline", "Saint-Flour Métropole")),
        Named("actor/town", "actor", ("Villeneuve Agglo",)),
        Named("territory/town", "territory", ("Villeneuve Agglo",)),
        Named("actor/north", "actor", ("Ville de Nantelle",)),
        Named("figure/relay", "figure", ("Relais financés par le Pays bleu",)),
    ]
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("relais du pays BLEU", "actor/blue"),
        ("Le Relais, Pays bleu", "actor/blue"),
        ("R.P.B.S.", "actor/blue"),
        ("blue country relay", "actor/blue"),
        ("9ème rive", "actor/ninth"),
        ("9e rive", "actor/ninth"),
        ("Echelle de rives", "programme/ladder"),
        ("Le Relais du Pays bleu (R.P.B.S.)", "actor/blue"),
        ("Lueur Komaj", "actor/glow"),
        ("Association Lueurkomaj", "actor/glow"),
        ("Lueurkomage", "actor/glow"),
        ("Conseil général de la Colline", "actor/hill"),
        ("St-Flour métropole", "actor/hill"),
        ("Lueurkomaj - LK", "actor/glow"),
        ("Villeneuve agglo", "actor/town"),
    ],
)
def test_messy_names(text: str, expected: str) -> None:
    first = TABLE.candidates(text)[0]
    assert (first.entity.id, first.match) == (expected, True)


@pytest.mark.parametrize(
    "text",
    [
        "Twin",
        "Relais",
        "Pays rouge",
        "10e rive",
        "Relais du Pays bleu Est",
        "Relais du Pays 2 bleu",
        "Relais du Pays bleu (La 9e Rive)",
        "Ville de Mantelle",  # no slip begins with another letter
        "Échelle des lueurs",
        "Association",
    ],
)
def test_what_is_not_certain(text: str) -> None:
    assert not any(each.match for each in TABLE.candidates(text))


def test_a_slip_of_the_pen_comes_first() -> None:
    first = TABLE.candidates("Echele des rivess")[0]
    assert (first.entity.id, first.match) == ("programme/ladder", True)
    assert first.score < 100
    assert not first.equal


def test_an_equal_name_is_certain_beside_a_longer_one() -> None:
    first, second, *_ = TABLE.candidates("Relais du Pays bleu")
    assert (first.entity.id, first.equal, second.entity.id) == (
        "actor/blue",
        True,
        "actor/blue-north",
    )
    assert first.score == 100 > second.score


def test_kinds_and_limit() -> None:
    assert [each.entity.id for each in TABLE.candidates("Twin", {"law"})] == ["law/twin"]
    assert TABLE.candidates("Twin", {"law"})[0].match
    assert TABLE.candidates("Twin", {"nothing"}) == []
    assert len(TABLE.candidates("Relais du Pays bleu", limit=1)) == 1


def test_a_place_comes_after_the_body_of_its_name() -> None:
    found = TABLE.candidates("Villeneuve Agglo")
    assert [each.entity.id for each in found][:2] == ["actor/town", "territory/town"]
    assert TABLE.candidates("Villeneuve Agglo", {"territory"})[0].match


def test_a_word_of_another_name_is_no_slip() -> None:
    table = NameTable(
        [Named(f"actor/{n}", "actor", (n,)) for n in ("Ville de Nantes", "Mairie de Nantel")]
    )
    assert not table.candidates("Ville de Nantel")[0].match
    assert table.candidates("Ville de Nantess")[0].match


def test_the_order_of_the_source_does_not_matter() -> None:
    """More names share as many trigrams than are compared: the same ones are taken."""
    entities = [Named(f"actor/{n}", "actor", (f"Association {n}",)) for n in range(300)]
    tables = NameTable(entities), NameTable(reversed(entities))
    first, second = (table.candidates("Association zz", limit=50) for table in tables)
    assert first == second


def test_beginnings() -> None:
    found = [(entity.id, name) for entity, name in TABLE.starting("PAYS")]
    assert ("actor/blue", "Relais du Pays bleu") in found
    assert TABLE.starting("ays") == []
    assert TABLE.starting("...") == []


@given(st.text(max_size=60))
def test_any_text_has_an_answer_in_order(text: str) -> None:
    found = TABLE.candidates(text, limit=50)
    assert [each.score for each in found] == sorted((each.score for each in found), reverse=True)
    assert len({each.entity.id for each in found}) == len(found)
    assert sum(each.match for each in found) <= 1
