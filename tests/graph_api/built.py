"""Data folders built once a session and copied for each test.

They hold the real ontology, territories and shipped reports, but only a handful of the sheets: a build
from nothing then takes a second instead of six. Tests of the shipped corpus itself are in tests/corpus
and tests/end_to_end. Processes that a test starts read all sheets, as they do for their users.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import SHEETS
from graph_api.builder import steps
from graph_api.builder.runner import Runner, open_runner
from graph_api.folder import DataFolder
from graph_api.settings import Settings

__all__ = ["built", "data", "few_sheets", "runner", "settings"]

_FEW = (
    "actor/avise",
    "actor/banque-des-territoires",
    "actor/caisse-des-depots",
    "law/loi-ess",
    "programme/cap-impact",
    "programme/dla",
    "programme/fabrique-a-initiatives",
)


@pytest.fixture(autouse=True)
def few_sheets(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with some of the shipped sheets, which in-process builds take for all of them."""
    return _use_few(tmp_path_factory, monkeypatch)


def _use_few(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path_factory.getbasetemp() / "sheets"
    if not folder.is_dir():
        for name in (
            *_FEW,
            *(f"publication/{p.name[:-3]}" for p in (SHEETS / "publication").iterdir()),
        ):
            target = folder / f"{name}.md"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((SHEETS / f"{name}.md").read_bytes())
    monkeypatch.setattr(steps, "SHEETS", folder)
    return folder


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what ships and nothing else, built. Not to be changed."""
    # Several conftests import this fixture: for pytest these are different ones, the folder is one.
    folder = DataFolder(tmp_path_factory.getbasetemp() / "built")
    if not folder.current.exists():
        folder.init()
        with pytest.MonkeyPatch.context() as monkeypatch:
            _use_few(tmp_path_factory, monkeypatch)
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
    """The settings of that folder; conclusions, which come later by themselves, are switched off."""
    return Settings(data=data.root, inference=False)


@pytest.fixture
def runner(data: DataFolder, settings: Settings) -> Iterator[Runner]:
    """An open runner on the copy."""
    with open_runner(data, settings, "the tests") as opened:
        yield opened
