"""The extraction survives its way to JSON and back."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.extraction import Extraction, Figure, Mention, MintedEntity
from ontology.model import Claim, Iri, Literal, Passage

_TEXT = st.text(max_size=12)
_IRI = st.builds(Iri, st.text(alphabet="abc:/#", min_size=1, max_size=8))
_LITERAL = st.builds(Literal, _TEXT, _IRI, st.none() | st.sampled_from(["fr", "en"]))
_TERM = _IRI | _LITERAL
_SPAN = st.integers(0, 99)
_CONFIDENCE = st.floats(0, 1)
_PASSAGE = st.builds(
    Passage, _TEXT, _SPAN, _SPAN, _TEXT, _TEXT, st.none() | _SPAN, st.none() | _TEXT
)
_CLAIM = st.builds(
    Claim, _IRI, _IRI, _TERM, _PASSAGE, _TEXT, _CONFIDENCE,
    st.lists(st.tuples(_IRI, _TERM), max_size=2).map(tuple),
)  # fmt: skip
_MENTION = st.builds(
    Mention, _SPAN, _SPAN, _TEXT, _TEXT, st.none() | _IRI, _TEXT, _TEXT, _CONFIDENCE, st.booleans()
)
_FIGURE = st.builds(
    Figure, _SPAN, _SPAN, _TEXT, st.none() | _TEXT, _TEXT, _TEXT, st.none() | _IRI, _TEXT
)
_MINTED = st.builds(
    MintedEntity, _IRI, _TEXT, st.lists(st.tuples(_TEXT, _TEXT), max_size=2).map(tuple)
)


def _some(strategy: st.SearchStrategy[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=2).map(tuple)


_EXTRACTION = st.builds(
    Extraction, _TEXT, _some(_MENTION), _some(_CLAIM), _some(_FIGURE), _some(_MINTED)
)


@given(_EXTRACTION)
def test_round_trip(extraction: Extraction) -> None:
    text = json.dumps(extraction.to_json())
    assert Extraction.from_json(json.loads(text)) == extraction


def test_other_data_is_refused() -> None:
    with pytest.raises(KeyError):
        Extraction.from_json({"document": "x"})
