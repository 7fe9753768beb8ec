"""Names are blacked out however they are printed, and every offset holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.masking import BLACK, Masks

MASKS = Masks(["Valérie Durandelle", "Jean-Marc de la Tour"])


@pytest.mark.parametrize(
    "text",
    [
        "Valérie Durandelle", "VALERIE DURANDELLE", "Vale\u0301rie\n  Durandelle", "DURANDELLE, Valérie",
        "valérie-durandelle", "Jean Marc de La Tour", "Jean-Marc DE LA TOUR", "Tour (Jean-Marc de la",
    ],
)  # fmt: skip
def test_a_name_is_found_however_it_is_printed(text: str) -> None:
    said = f"Selon {text}, rien."
    hidden = MASKS.hide(said)
    assert MASKS.found(said)
    assert len(hidden) == len(said)
    assert hidden.startswith("Selon ")
    assert hidden.endswith(" rien.")
    assert not MASKS.found(hidden)
    assert not set(hidden) & set("Dudeltxyz") - set("Selon rien.")
    assert [c.isspace() for c in hidden] == [c.isspace() for c in said]


@pytest.mark.parametrize(
    "text", ["", "Valérie", "Durandelle a dit à Valérie", "Valérie Durandellet", "Marc de la Tour"]
)
def test_what_is_no_name_stays(text: str) -> None:
    assert MASKS.hide(text) == text
    assert not MASKS.found(text)


def test_no_names_hide_nothing() -> None:
    none = Masks(["", "…"])
    assert not none
    assert none.key == ""
    assert none.hide("Valérie") == "Valérie"
    assert Masks(["A B"]).key != Masks(["A C"]).key
    assert Masks(["A B", "C D"]).key == Masks(["C D", "A B"]).key


@given(st.text(max_size=80), st.lists(st.text(max_size=12), max_size=3))
def test_length_and_white_space_never_change(text: str, names: list[str]) -> None:
    masks = Masks(names)
    hidden = masks.hide(text)
    assert len(hidden) == len(text)
    assert all(a == b or b == BLACK for a, b in zip(text, hidden, strict=True))
    assert not masks.found(hidden)
