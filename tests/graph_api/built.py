"""Data folders with the real corpus in them: built once a session, copied for each test."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_api.builder.runner import Runner, open_runner
from graph_api.folder import DataFolder
from graph_api.settings import Settings

__all__ = ["built", "data", "runner", "settings"]


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what ships and nothing else, built. Not to be changed."""
    # Several conftests import this fixture: for pytest these are different ones, the folder is one.
    folder = DataFolder(tmp_path_factory.getbasetemp() / "built")
    if not folder.current.exists():
        folder.init()
        with open_runner(folder, Settings(data=folder.root), "the tests") as runner:
            runner.builder.build()
    return folder.root


@pytest.fixture
def data(built: Path, tmp_path: Path) -> DataFolder:
    """A copy of the built folder for one test."""
    shutil.copytree(built, tmp_path / "var")
    return DataFolder(tmp_path / "var")


@pytest.fixture
def settings(data: DataFolder) -> Settings:
    """The settings of that folder."""
    return Settings(data=data.root)


@pytest.fixture
def runner(data: DataFolder, settings: Settings) -> Iterator[Runner]:
    """An open runner on the copy."""
    with open_runner(data, settings, "the tests") as opened:
        yield opened
