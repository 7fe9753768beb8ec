"""Matches for a query language: what matched of each record, within its rights."""

from search.lookup import Said
from search.records import RecordType
from search.service import SearchRequest, SearchService
from tests.search.samples import CLOSED, DLA


def test_names(service: SearchService) -> None:
    """A name that holds the words comes with its language, and whether it is the preferred one."""
    found = service.lookup(SearchRequest(q="DLA", types=(RecordType.ENTITY,)), 5)
    best = found.found[0]
    assert best.id == DLA
    assert best.score > 0
    assert "DLA" in {said.text for said in best.said}
    assert best.label.preferred
    assert Said(best.label.text, best.label.lang, True) == best.label


def test_most_and_total(service: SearchService) -> None:
    everything = service.lookup(SearchRequest(q="", types=(RecordType.PASSAGE,)), 100)
    one = service.lookup(SearchRequest(q="", types=(RecordType.PASSAGE,)), 1)
    assert (len(one.found), one.total) == (1, everything.total)
    assert everything.total == len(everything.found) > 1


def test_rights(service: SearchService) -> None:
    """A passage's text comes only where it may be shown."""
    found = service.lookup(SearchRequest(q="", types=(RecordType.PASSAGE,)), 100)
    closed = [match for match in found.found if match.document == CLOSED]
    assert closed
    assert not any(match.said for match in closed)
    assert any(match.said for match in found.found)
