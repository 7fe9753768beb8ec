"""The demonstration of exchange: each step must have been seen, and its sheets pass the other's gate."""

from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from corpus import DEMO
from corpus.sheets import read_sheets
from graph_api import demonstration
from graph_api.cli import cli
from graph_api.demonstration import Instance, show_exchange
from graph_api.errors import CannotRunError
from graph_api.partners.following import Member, statements_of
from graph_api.partners.gate import Asked, pass_gate
from graph_api.store.oxigraph import to_ox
from ontology.iris import Iris

COUNTRIES = ("france", "latvia")


@pytest.mark.parametrize("country", COUNTRIES)
def test_the_sheets_can_be_read(country: str) -> None:
    sheets, problems = read_sheets(DEMO / country)
    assert problems == []
    assert {sheet.kind for sheet in sheets} == {"actor", "programme", "publication"}


@pytest.mark.slow
@pytest.mark.parametrize("country", COUNTRIES)
def test_what_a_country_sends_passes_the_gate(country: str, tmp_path: Path) -> None:
    iris = Iris("https://there.example")
    members: dict[str, list[str]] = {}
    for sheet in read_sheets(DEMO / country)[0]:
        for quad in sheet.quads(iris):
            lines = members.setdefault(iris.entity(sheet.kind, sheet.slug), [])
            lines.append(f"{to_ox(quad).triple} .")
    day = "2026-01-01T00:00:00+00:00"
    said = (Member(iri, day, "\n".join(lines)) for iri, lines in members.items())
    lines, kinds = statements_of(said, ("https://there.example/id/",), Iris())
    (tmp_path / "file").write_text("\n".join(lines) + "\n")
    place = str(tmp_path / "none")
    base, prefixes = "https://maillon.example", ("https://there.example/id/",)
    passed = pass_gate(
        Asked(str(tmp_path / "file"), "nt", prefixes, (), place, place, 1_000, 1_000, ("en",), base)
    )
    assert passed.kept == passed.records == kinds["taken"] == len(members)


class Pretended(Instance):
    """An instance that runs nothing, and answers what its steps must lead to, but for ``broken``."""

    def __init__(self, *said: Any, broken: str = "") -> None:
        super().__init__(*said)
        self.done: list[tuple[str, ...]] = []
        self.broken = broken
        self.sheet("programme/kopiga-virtuve").parent.mkdir(parents=True, exist_ok=True)
        for name in ("kopiga-virtuve", "riku-pune"):
            source = DEMO / "latvia" / "programme" / f"{name}.md"
            self.sheet(f"programme/{name}").write_text(source.read_text())

    def command(self, *words: str, fine: tuple[int, ...] = (0,)) -> str:
        self.done.append(words)
        if words == ("mapping", "propose") and self.broken != "propose":
            return f"{self.iri('programme/fonds-premiers-pas')} http://127.0.0.1:2/id/programme/pirmo-solu-fonds"
        return ""

    def get(self, path: str) -> tuple[int, str]:
        said = "Shared Kitchen First Steps Fund What partners say A kitchen lent every evening"
        said += " to caterers who begin."
        if "riku-pune" in path and self.broken != "delete":
            return 404, ""
        if any("withdraw" in words for words in self.done) and self.broken != "withdraw":
            return 410, ""
        return 200, said.replace("every evening", "") if self.broken == "edit" else said


def show(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str = "") -> list[str]:
    france = Pretended("fr", "France", "FR", "fr", 1, tmp_path / "f", broken=broken)
    latvia = Pretended("lv", "Latvia", "LV", "lv", 2, tmp_path / "l")

    @contextmanager
    def two(*_: Any) -> Any:
        yield france, latvia

    monkeypatch.setattr(demonstration, "_two", two)
    told: list[str] = []
    show_exchange(tmp_path, 1, lambda text, **_: told.append(text), lambda: told.append("stays"))
    assert not latvia.sheet("programme/riku-pune").exists()
    assert "every evening" in latvia.sheet("programme/kopiga-virtuve").read_text()
    return told


def test_all_steps_are_shown_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = show(tmp_path, monkeypatch)
    order = [
        "is read in France",
        "A person confirms",
        "edits",
        "deletes",
        "withdraws",
        "All was seen",
    ]
    places = [next(n for n, text in enumerate(told) if words in text) for words in order]
    assert places == sorted(places)
    assert told[-1] == "stays"


@pytest.mark.parametrize("broken", ["propose", "edit", "delete", "withdraw"])
def test_a_step_without_effect_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    with pytest.raises(CannotRunError):
        show(tmp_path, monkeypatch, broken)


@pytest.mark.service
def test_a_command_that_fails_ends_it(tmp_path: Path) -> None:
    here = Instance("fr", "France", "FR", "fr", 1, tmp_path / "none")
    with pytest.raises(CannotRunError, match="maillon nonsense"):
        here.command("nonsense")


def test_only_an_empty_folder_is_used(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x")
    done = CliRunner().invoke(cli, ["demo-partners", str(tmp_path)])
    assert (done.exit_code, "is not empty" in done.output) == (1, True)
