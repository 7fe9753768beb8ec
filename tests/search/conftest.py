"""``service`` searches the sample index (read only, shared by a module's tests)."""

from pathlib import Path

import pytest

from search.service import SearchService
from tests.search.samples import build


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> SearchService:
    folder: Path = tmp_path_factory.mktemp("search") / "index"
    return build(folder)
