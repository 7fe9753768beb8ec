"""IRIs: one pattern, and the way back."""

import pytest

from ontology.iris import KINDS, Iris
from ontology.model import Iri

IRIS = Iris("https://graph.example")


@pytest.mark.parametrize("kind", KINDS)
def test_entity_and_back(kind: str) -> None:
    assert IRIS.split(IRIS.entity(kind, "some-slug")) == (kind, "some-slug")


@pytest.mark.parametrize(
    "iri", ["https://other.example/id/actor/x", "https://graph.example/id/actor", ""]
)
def test_what_is_not_ours_is_not_split(iri: str) -> None:
    assert IRIS.split(iri) is None


def test_paths() -> None:
    assert IRIS.passage("ab", 3, 9) == Iri("https://graph.example/id/document/ab/p/3-9")
    assert IRIS.graph("document/ab") == Iri("https://graph.example/graph/document/ab")
    assert IRIS.concept("themes", "health").startswith(IRIS.scheme("themes"))
    assert IRIS.claim("00").endswith("/id/claim/00")
    assert IRIS.document("ab").endswith("/id/document/ab")
