"""Reference pages: everything a user can set, call or ask for is in them, and they are fresh."""

from dataclasses import fields
from pathlib import Path

import click
import pytest

from graph_api import reference
from graph_api.cli import cli
from graph_api.reference import PAGES, http_page, main, routes, settings_page
from graph_api.settings import Settings
from tests.conftest import ROOT


def commands(group: click.Group, path: str) -> list[str]:
    found = []
    for name, command in group.commands.items():
        found.append(f"{path} {name}")
        if isinstance(command, click.Group):
            found += commands(command, f"{path} {name}")
    return found


def test_every_setting_is_documented() -> None:
    page = settings_page()
    missing = [f.name for f in fields(Settings) if f"`MAILLON_{f.name.upper()}`" not in page]
    assert not missing


def test_every_command_is_documented() -> None:
    page = PAGES["cli.md"]()
    assert len(commands(cli, "maillon")) >= 15
    assert not [command for command in commands(cli, "maillon") if f"## {command}\n" not in page]


def test_every_route_is_documented_and_says_what_it_is() -> None:
    page = http_page()
    assert len(list(routes())) >= 20
    assert not [route.path for route in routes() if f" {route.path}\n" not in page]
    assert not [route.path for route in routes() if not (route.endpoint.__doc__ or "").strip()]


def test_check_tells_a_stale_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(reference, "_FOLDER", tmp_path)
    assert main(["--check"]) == 1
    assert main([]) == 0
    assert main(["--check"]) == 0
    (tmp_path / "settings.md").write_text("old", encoding="utf-8")
    assert main(["--check"]) == 1
    assert "settings.md" in capsys.readouterr().err


def test_links_in_the_documentation_lead_somewhere() -> None:
    import re

    broken = []
    for page in [*(ROOT / "docs").rglob("*.md"), *ROOT.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not (page.parent / target).exists():
                broken.append(f"{page.relative_to(ROOT)}: {target}")
    assert not broken
