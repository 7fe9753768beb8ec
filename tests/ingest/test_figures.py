"""Figures and what they are said of."""

from ingest.figures import find_figures
from ingest.mentions import find_mentions
from tests.ingest.lexicons import IRIS, WORLD, document, extracted

REPORT = """# Bilan

L'Arpège a été créée en 1999. La Ruche aux projets dispose de 28 M€. La Ruche aux projets et le
Fonds Brindille aident 6 500 structures, dont 62 00 associations, depuis la loi du 4 mars 2011.
"""


def test_values_units_and_subjects() -> None:
    found = {f.surface: f for f in extracted(REPORT).figures}
    assert found["28 M€"].value == "28000000"
    assert (found["28 M€"].currency, found["28 M€"].label) == ("EUR", "Ruche aux projets")
    assert found["62 00 associations"].value is None
    assert found["6 500 structures"].subject is None, "the sentence names two programmes"
    assert (found["1999"].unit, found["1999"].label) == ("year", "Arpège")


def test_figures_are_slices_in_order() -> None:
    read = document(REPORT)
    figures = find_figures(read, find_mentions(read, WORLD, IRIS), [], WORLD, [], IRIS)
    assert [f.start for f in figures] == sorted(f.start for f in figures)
    assert all(REPORT[f.start : f.end] == f.surface for f in figures)


LISTS = """# Fonds Brindille

## Résultats

Le Fonds Brindille aide 40 projets. Selon la Ruche aux projets, 30 structures sont venues.
La Ruche aux projets indique que 25 structures sont parties.

Après un an, la Ruche aux projets, c'est :

- 12 emplois ;
- 80 participants pour le Fonds Brindille ;
- 7 sessions.
"""


def test_the_subject_of_a_list_is_what_its_lead_names() -> None:
    found = {f.surface: f for f in extracted(LISTS).figures}
    assert (found["12 emplois"].label, found["12 emplois"].rule) == (
        "Ruche aux projets",
        "figure-list",
    )
    assert found["7 sessions"].label == "Ruche aux projets"
    assert found["40 projets"].label == "Fonds Brindille"
    assert found["40 projets"].rule == "figure-opening"


def test_who_merely_says_a_figure_is_not_its_subject() -> None:
    found = {f.surface: f for f in extracted(LISTS).figures}
    assert found["30 structures"].subject is None
    assert found["25 structures"].subject is None


def test_areas_of_work_are_no_places() -> None:
    text = (
        "The Brindille Fund covers four areas of cooperation and 12 areas. It has two main areas."
    )
    units = {f.surface: f.unit for f in extracted(text).figures}
    assert units == {"four areas": "themes", "12 areas": "territories", "two main areas": "themes"}
