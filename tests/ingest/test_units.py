"""Units that people cite are found by their label and number, or below a heading that names them."""

import pytest

from ingest.readers import read
from ingest.units import Unit, find_units


def units(text: str) -> list[tuple[str, str, str]]:
    return [(unit.kind, unit.number, unit.title) for unit in found(text)]


def found(text: str) -> tuple[Unit, ...]:
    return find_units(read(text.encode(), "report.md"))


@pytest.mark.parametrize(
    ("line", "kind", "number", "title"),
    [
        ("**Proposition n°5** : ouvrir le guichet aux îles.", "proposition", "5", "ouvrir le guichet aux îles"),
        ("Recommandation n° 12 – simplifier les dossiers", "proposition", "12", "simplifier les dossiers"),
        ("Recommendation 3: one desk for all. More follows.", "proposition", "3", "one desk for all"),
        ("Proposal #4 – A fund of the ports", "proposition", "4", "A fund of the ports"),
        ("LEVIER 2 : Former les élus", "lever", "2", "Former les élus"),
        ("Mesure IV. Un fonds d'amorçage", "measure", "IV", "Un fonds d'amorçage"),
        ("Action 2.1 : Tenir une permanence", "action", "2.1", "Tenir une permanence"),
    ],
)  # fmt: skip
def test_a_label_and_a_number_open_a_unit(line: str, kind: str, number: str, title: str) -> None:
    assert units(f"# Rapport\n\nUn texte.\n\n{line}\n\nUn autre texte.\n") == [
        (kind, number, title)
    ]


@pytest.mark.parametrize(
    "line",
    [
        "La proposition de 2019 a été rejetée.",
        "Proposition 5 avait été adoptée par les élus.",
        "Les recommandations sont nombreuses.",
        "Action Tank : un club",
        "Propositional logic 3: a course",
    ],
)
def test_a_sentence_that_speaks_of_one_opens_none(line: str) -> None:
    assert units(f"# Rapport\n\n{line}\n") == []


def test_a_numbered_unit_takes_its_items_and_nothing_else() -> None:
    text = (
        "# Rapport\n\nProposition 1 : ouvrir un guichet :\n\n- dans les ports ;\n- dans les îles.\n\n"
        "Le texte continue.\n\n- Ceci n'en fait pas partie.\n"
    )
    (unit,) = found(text)
    whole = read(text.encode(), "report.md").text[unit.start : unit.end]
    assert whole.startswith("Proposition 1")
    assert whole.endswith("dans les îles.")


def test_items_below_a_heading_that_names_them_are_units_with_their_own_items() -> None:
    text = (
        "# Plan\n\n## Indicateurs de résultat\n\n- Nombre de visites.\n- Nombre d'outils :\n"
        "  - par secteur ;\n  - par public.\n- Part des îles.\n\n"
        "## Suite\n\n- Rien à compter ici.\n- Ni là.\n"
    )
    assert [(u.kind, u.number) for u in found(text)] == [("indicator", str(n)) for n in (1, 2, 3)]
    whole = read(text.encode(), "report.md").text
    assert whole[found(text)[1].start : found(text)[1].end].endswith("par public.")


def test_a_paragraph_with_a_colon_names_them_too_but_only_the_first_list() -> None:
    text = (
        "# Key findings\n\nFour levers for small ports:\n\n- Train the crews.\n- Share the boats.\n\n"
        "Some more text.\n\n- An item of something else.\n- Another one.\n"
    )
    assert units(text) == [("lever", "1", "Train the crews"), ("lever", "2", "Share the boats")]


def test_one_item_is_no_list() -> None:
    assert units("# Plan\n\n## Indicators\n\n- Only one.\n\nText.\n") == []


def test_tables_of_contents_and_footnotes_open_nothing() -> None:
    lines = [f"Proposition {n} : ouvrir ..... {n + 4}" for n in (1, 2, 3)]
    assert units("# Contents\n\n" + "\n\n".join(lines) + "\n") == []


def test_a_text_without_units_has_none() -> None:
    assert units("# Titre\n\nUn texte.\n") == []
