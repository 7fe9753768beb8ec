"""The engine by its name, and the other one where it cannot be loaded."""

import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from search.engines.choice import ENGINES, engine_named
from tests.conftest import ROOT


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
    assert [engine_named().name for _ in range(3)] == ["whoosh"] * 3
    assert caplog.text.count("whoosh searches instead") == 1


def test_tantivy_is_asked_for_only_where_it_has_a_build() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        wanted = [Requirement(r) for r in tomllib.load(file)["project"]["dependencies"]]
    marker = next(r.marker for r in wanted if r.name == "tantivy")
    assert marker is not None
    machines = ("x86_64", "aarch64", "arm64", "AMD64", "ppc64le", "riscv64", "armv7l", "s390x")
    built = [m for m in machines if marker.evaluate({"platform_machine": m})]
    assert built == ["x86_64", "aarch64", "arm64", "AMD64"]
    assert all(r.marker is None for r in wanted if r.name == "whoosh3")
