"""The engine by its name, and the other one where it cannot be loaded."""

import sys

import pytest

from search.engines.choice import ENGINES, engine_named


@pytest.mark.parametrize("name", ENGINES)
def test_by_name(name: str) -> None:
    assert engine_named(name).name == name
    assert engine_named(name).version.split(".")[0].isdigit()


def test_no_such_engine() -> None:
    with pytest.raises(ValueError, match="tantivy, whoosh"):
        engine_named("solr")


def test_whoosh_where_tantivy_has_no_build(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(sys.modules, "tantivy", None)
    monkeypatch.delitem(sys.modules, "search.engines.tantivy", raising=False)
    assert engine_named().name == "whoosh"
    assert "whoosh searches instead" in caplog.text
