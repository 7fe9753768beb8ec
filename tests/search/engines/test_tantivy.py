"""The tantivy engine keeps the contract."""

import pytest

from search.engines.base import Engine
from search.engines.tantivy import TantivyEngine
from tests.search.engine_contract import EngineContract


class TestTantivy(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return TantivyEngine()


def test_version_is_the_installed_release() -> None:
    assert TantivyEngine().version.split(".")[0].isdigit()
