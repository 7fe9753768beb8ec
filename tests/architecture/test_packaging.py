"""The package: names that nothing else supplies, a wheel from the sdist that works in a bare environment."""

import importlib.metadata
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = {"ontology", "corpus", "ingest", "search", "graph_api"}


def test_no_installed_distribution_supplies_our_package_names() -> None:
    suppliers = importlib.metadata.packages_distributions()
    others = {p: [d for d in suppliers.get(p, []) if d != "maillon"] for p in PACKAGES}
    assert not any(others.values()), others


def test_versions_of_code_and_package_agree() -> None:
    declared = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert f'version = "{importlib.metadata.version("maillon")}"' in declared


def test_requirements_are_hashed_and_name_no_host() -> None:
    for name in ("run.txt", "dev.txt", "build.txt", "bench.txt"):
        text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
        pins = [
            line for line in text.splitlines() if "==" in line and not line.lstrip().startswith("#")
        ]
        assert pins, name
        assert all(line.endswith("\\") for line in pins), f"{name}: a pin without a hash"
        assert "://" not in text, f"{name} names a host"


@pytest.mark.slow
def test_wheel_from_sdist_holds_the_data_and_runs_bare(tmp_path: Path) -> None:
    build = [
        sys.executable,
        "-m",
        "build",
        "--no-isolation",
        "--outdir",
        str(tmp_path / "dist"),
        str(ROOT),
    ]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    sdist = next((tmp_path / "dist").glob("*.tar.gz"))
    wheel = next((tmp_path / "dist").glob("*.whl"))
    with tarfile.open(sdist) as archive:
        assert any(n.endswith("/Makefile") for n in archive.getnames())
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    tops = {n.split("/")[0] for n in names if not n.startswith("maillon-")}
    assert tops == PACKAGES
    for wanted in ("ontology/core.ttl", "corpus/register.ttl", "graph_api/portal/static/", "corpus/reports/",
                   "corpus/sheets/programme/dla.md", "graph_api/portal/templates/", "ontology/py.typed"):  # fmt: skip
        assert any(n.startswith(wanted) for n in names), wanted
    # A bare environment: only the wheel's files on the path, and the pinned libraries.
    target = tmp_path / "bare"
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "-q", "--no-deps", "--no-index", "--disable-pip-version-check",
         "--target", str(target), str(wheel)],
        check=True,
    )  # fmt: skip
    code = (
        "import sys; sys.path = [p for p in sys.path if p not in ('', sys.argv[2])]; sys.path.insert(0, sys.argv[1]);"
        "import graph_api.cli as c; assert c.__file__.startswith(sys.argv[1]), c.__file__;"
        "sys.argv = ['maillon', *sys.argv[3:]]; c.main()"
    )
    data = str(tmp_path / "data")
    for command in ("init", "build"):
        run = subprocess.run(
            [sys.executable, "-c", code, str(target), str(ROOT), command, "--data", data],
            capture_output=True, text=True, cwd=tmp_path, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stdout + run.stderr
    assert (tmp_path / "data" / "generations" / "current.json").is_file()
