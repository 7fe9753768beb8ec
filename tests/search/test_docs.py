"""docs/search.md names every weight, field, note and facet."""

import re
from dataclasses import fields

import pytest

from search.protocol import FACETS
from search.ranking import QUERY_FIELDS, Weights
from tests.conftest import ROOT

TEXT = (ROOT / "docs" / "search.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("weight", fields(Weights), ids=lambda f: str(f.name))
def test_weights_and_their_defaults(weight: object) -> None:
    name, default = getattr(weight, "name", ""), getattr(weight, "default", 0.0)
    assert re.search(rf"\| `{name}` \| {default:g}(\.0)? \|", TEXT)


@pytest.mark.parametrize("name", FACETS)
def test_facets(name: str) -> None:
    assert f"`{name}:" in TEXT


def test_every_field_name_is_a_documented_field_or_its_french_name() -> None:
    french = {"titre", "langue", "nature", "territoire", "pays", "annee", "année", "editeur",
              "éditeur", "thème", "etape", "étape", "soutien", "relecture"}  # fmt: skip
    assert set(QUERY_FIELDS) == {*FACETS, "title", *french}


def test_notes() -> None:
    code = "".join((ROOT / "search" / name).read_text() for name in ("query.py", "service.py"))
    for key in set(re.findall(r'"(query\.[a-z]+)"', code)):
        assert f"| `{key}` |" in TEXT
