"""A curator reads, accepts and rejects the errors that visitors reported."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from graph_api.cli import cli
from graph_api.error_reports import ReportLog
from graph_api.folder import DataFolder


def run(folder: DataFolder, *arguments: str) -> Result:
    return CliRunner().invoke(cli, ["reports", *arguments, "--data", str(folder.root)])


def test_reports_are_listed_and_judged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLON_LOCALE", "fr")
    folder = DataFolder(tmp_path / "var")
    folder.init()
    first = ReportLog(folder.decisions).add("about", "abc", "Wrong\nyear", most_new=9)
    second = ReportLog(folder.decisions).add("legal", "", "Spam", most_new=9)
    listed = run(folder, "list").stdout
    assert f"{first.id}  nouvelle  /about  abc\n    Wrong year\n" in listed
    assert run(folder, "accept", first.id, "--note", "Mended").exit_code == 0
    assert run(folder, "reject", second.id).stdout == f"Rejetée\u00a0: {second.id}.\n"
    chosen = run(folder, "list", "--state", "accepted", "--json").stdout
    assert [json.loads(line)["note"] for line in chosen.splitlines()] == ["Mended"]
    missing = run(folder, "accept", "none")
    assert missing.exit_code == 1
    assert "pas de signalement none" in missing.stderr
