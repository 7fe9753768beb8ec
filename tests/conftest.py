"""Fixtures of all tests.

* ``seeds``: the folder of the five reports; ``gold``: the folder of annotations. Both lie beside the
  checkout; a test that asks for one is skipped, loudly, where it is absent.
* ``soak``: how many times a hazard is repeated: small in the test run, large with ``--soak``.
* Stores, data folders and servers are made afresh in ``tmp_path``; nothing is shared between tests
  but what a fixture of wider scope builds and nobody changes.

What builds a data folder (``built``) is marked ``slow`` by that alone.

With ``CI=true`` a skipped test fails the run: CI must be able to run everything.
"""

import os
from pathlib import Path

import hypothesis
import pytest

# A machine that others use as well is slow at times; that says nothing about the example.
hypothesis.settings.register_profile(
    "maillon", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("maillon")

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="repeat hazards and crashes many times")


@pytest.fixture(scope="session")
def soak(request: pytest.FixtureRequest) -> int:
    """The factor by which hazard tests multiply their repetitions."""
    return 25 if request.config.getoption("--soak") else 1


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The five reports."""
    return _beside("seeds")


@pytest.fixture(scope="session")
def gold() -> Path:
    """The annotations of parts of the reports, and their scorer."""
    return _beside("gold")


@pytest.fixture(scope="session")
def conformance() -> Path:
    """Shapes and test suites of others."""
    return _beside("conformance")


def _beside(name: str) -> Path:
    folder = SHARED / name
    if not folder.is_dir():
        pytest.skip(f"../shared/{name} is not beside this checkout")
    return folder


class SkipWatch:
    """Counts what was skipped, names it at the end, and fails the run where CI=true."""

    def __init__(self) -> None:
        self.skipped: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.skipped:
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
            self.skipped.append(f"{report.nodeid}: {reason}")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.skipped:
            terminalreporter.section(f"{len(self.skipped)} SKIPPED, NOT TESTED", yellow=True)
            for line in self.skipped:
                terminalreporter.line(line)
            if _in_ci():
                terminalreporter.line("CI=true: a skip is a failure", red=True)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.skipped and _in_ci() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


def _in_ci() -> bool:
    return os.environ.get("CI", "").lower() == "true"


@pytest.hookimpl(tryfirst=True)  # before -m is applied
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "built" in getattr(item, "fixturenames", ()) and not item.get_closest_marker("service"):
            item.add_marker("slow")


def pytest_configure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(SkipWatch(), "skip-watch")
