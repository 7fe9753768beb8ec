"""The measures of matching, and what they are over the judged names against all that ships."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import SHEETS
from corpus.sheets import read_sheets
from corpus.territories import load_territories
from graph_api.exchange.judged import (
    JudgedName,
    Matched,
    format_matches,
    load_judged_names,
    match_judged,
    precision,
    recall,
)
from graph_api.exchange.names import make_table
from graph_api.exchange.reconciling import Named, NameTable
from ontology.iris import Iris
from ontology.model import Term
from ontology.vocabularies import SKOS_ALT_LABEL, SKOS_PREF_LABEL

JUDGED = Path(__file__).parent / "judged"
TABLE = NameTable([Named("actor/a", "actor", ("Relais",)), Named("law/b", "law", ("Échelle",))])


def judged(name: str, meant: str, half: str = "reported") -> JudgedName:
    return JudgedName(half, "sort", name, meant)


def test_what_is_measured() -> None:
    names = [judged("relais", "actor/a"), judged("relais", ""), judged("qq", "law/b", "tuning")]
    matches = match_judged(TABLE, names)
    assert precision(matches) == 0.5  # what means nothing of ours is matched wrongly
    assert recall(matches) == 0.5
    told = format_matches(matches)
    assert "tuning    sort         qq → law/b: nothing" in told
    assert "reported  sort         relais → nothing: actor/a 100.0 match" in told


def test_nothing_to_measure() -> None:
    assert precision([Matched(judged("qq", ""), None)]) is None
    assert recall([]) is None
    assert "–" in format_matches([])


@pytest.mark.parametrize(
    "text",
    [
        "name\tmeant\n",
        "half\tsort\tname\tmeant\nall\ts\tn\tm\n",
        "half\tsort\tname\tmeant\ntuning\ts\n",
    ],
)
def test_rubbish(tmp_path: Path, text: str) -> None:
    (tmp_path / "names.tsv").write_text(text)
    with pytest.raises(ValueError, match=r"names\.tsv"):
        load_judged_names(tmp_path)


@pytest.mark.slow
def test_the_judged_names_against_all_that_ships() -> None:
    """The aim: precision@1 of .95 at a recall of .80, on names that no rule was made for."""
    iris = Iris()
    names = load_judged_names(JUDGED)
    table = make_table(_shipped(iris), iris)
    matches = match_judged(table, names)
    reported = [each for each in matches if each.judged.half == "reported"]
    assert (len(names), len(reported)) == (150, 50)
    for part in (matches, reported):
        assert (precision(part) or 0) >= 0.95
        assert (recall(part) or 0) >= 0.80


def _shipped(iris: Iris) -> Iterator[tuple[Term, Term, Term]]:
    sheets, problems = read_sheets(SHEETS)
    assert not problems
    for quads in (*(s.quads(iris) for s in sheets), load_territories().quads(iris)):
        for quad in quads:
            if quad.predicate in (SKOS_PREF_LABEL, SKOS_ALT_LABEL):
                yield quad.subject, quad.predicate, quad.object
