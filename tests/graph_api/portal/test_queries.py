import pyoxigraph as ox
import pytest

from graph_api.portal import queries
from ontology.iris import KINDS, Iris
from ontology.model import Iri

IRIS = Iris()
THING = IRIS.entity("actor", "avise")


@pytest.mark.parametrize(
    "text",
    [
        queries.exists_query(THING),
        queries.entity_query(THING, IRIS),
        queries.construct_query(THING, IRIS),
        queries.see_query(THING),
        queries.details_query([THING, IRIS.entity("law", "x")]),
        queries.publication_query(THING),
        queries.document_query(IRIS.document("0" * 64), None),
        queries.document_query(IRIS.document("0" * 64), IRIS.passage("0" * 64, 1, 2)),
        queries.documents_query(),
        queries.figures_query(),
        queries.count_query(IRIS),
        *(queries.kind_query(IRIS, kind) for kind in KINDS),
    ],
)
def test_every_query_is_sparql(text: str) -> None:
    ox.Store().query(text, use_default_graph_as_union=True)


@pytest.mark.parametrize("bad", ["", "a b", "a>b", 'a"b', "a\nb", "a\\b", "a{b", "a`b", "\x00"])
def test_nothing_can_end_an_iri_early(bad: str) -> None:
    with pytest.raises(ValueError, match="not an IRI"):
        queries.reference(bad)
    with pytest.raises(ValueError, match="not an IRI"):
        queries.entity_query(Iri(bad), IRIS)


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind"):
        queries.kind_query(IRIS, 'x") }')


def test_a_base_with_a_quote_stays_a_string() -> None:
    ox.Store().query(queries.count_query(Iris('https://x.example/a"b')))


def test_details_ask_in_one_query_whatever_the_order() -> None:
    one, two = IRIS.entity("actor", "a"), IRIS.entity("actor", "b")
    assert queries.details_query([one, two, one]) == queries.details_query([two, one])
