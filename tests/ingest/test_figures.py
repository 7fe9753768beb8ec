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
