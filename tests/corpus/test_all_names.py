"""One list of names for reading texts and tables."""

import pytest

from corpus import SHEETS
from corpus.all_names import names_with
from corpus.sheets import read_sheets
from corpus.territories import load_territories
from ontology.iris import Iris
from ontology.names import concept_names

IRIS = Iris()


@pytest.mark.slow
def test_concepts_and_territories_are_always_there_sheets_where_they_are_given() -> None:
    sheet = read_sheets(SHEETS)[0][0]
    without, with_one = names_with([], IRIS), names_with([sheet], IRIS)
    assert {*concept_names(IRIS), *load_territories().names(IRIS)} == set(without)
    assert with_one[: len(without)] == without
    assert with_one[len(without) :] == list(sheet.names(IRIS)) != []
