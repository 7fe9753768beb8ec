"""``service`` searches the sample index (read only, shared by a module's tests), in each engine."""

from pathlib import Path

import pytest

from search.engines.base import Engine
from search.engines.choice import ENGINES, engine_named
from search.service import SearchService
from tests.search.samples import build


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    return engine_named(request.param)


@pytest.fixture(scope="module", params=ENGINES)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> SearchService:
    folder: Path = tmp_path_factory.mktemp("search") / "index"
    return build(folder, engine_named(request.param))
