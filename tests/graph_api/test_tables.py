"""Imported tables: live after a build, replaced and forgotten as a whole."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_api.builder.runner import Runner
from graph_api.builder.steps import Sources
from graph_api.cli import cli
from graph_api.errors import BadInputError, MissingError, TooLargeError
from graph_api.folder import DataFolder
from graph_api.store.base import View
from graph_api.tables import TableFolder, known_names, name_of, read_file
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri
from search.protocol import SearchRequest
from search.service import SearchService
from tests.graph_api.built import built, data, few_sheets, runner, settings

__all__ = ["built", "data", "few_sheets", "runner", "settings"]

pytestmark = pytest.mark.slow  # these build a whole folder

IRIS = Iris()


def table(rows: int = 129) -> bytes:
    """A table of ``rows`` structures, three of them wrong where there are enough."""
    lines = ["nom;ville;rôle;site"]
    lines += [f"Quai numéro {n};Toulouse;incubateur;quai{n}.example" for n in range(rows)]
    if rows > 100:
        lines[5] = "Quai du nulle part;Atlantis;;"
        lines[60] = ";Lille;;"
        lines[100] = "Quai sans site;Lille;;pas une adresse"
    return "\n".join(lines).encode()


def described(view: View) -> set[Iri]:
    """The actors that the table's graph names."""
    graph = IRIS.graph("table/quais")
    return {q.subject for q in view.quads(predicate=mln.locatedIn) if q.graph == graph}


def test_good_rows_are_live_in_graph_and_search_and_leave_no_trace_when_removed(
    runner: Runner, data: DataFolder
) -> None:
    builder = runner.builder
    builder.build()
    before = builder.hash()
    kept = TableFolder(data, IRIS)
    known = known_names(data, IRIS)
    reading = kept.check(table(), "structures", "quais", "Les quais", known)
    assert (len(reading.sheets) - 1, [p.line for p in reading.problems]) == (126, [6, 61, 101])
    kept.save(table(), "structures", "quais", "Les quais")
    builder.reload()
    outcome = builder.build()
    assert next(p for p in outcome.problems if "tables/quais.csv" in p).startswith(
        "tables/quais.csv, line 6: "
    )
    assert len(described(builder.view)) == 126
    live = builder.current()
    assert live is not None
    found = SearchService.open(data.root / live.index).search(SearchRequest("Quai numéro 77"))
    assert str(IRIS.entity("actor", "quai-numero-77")) in str(found)
    kept.save(table(2), "structures", "quais", "Les quais")
    builder.reload()
    builder.build()
    assert len(described(builder.view)) == 2
    kept.remove("quais")
    builder.reload()
    builder.build()
    assert builder.hash() == before
    assert described(builder.view) == set()


def test_a_row_about_something_that_a_sheet_describes_adds_facts_and_no_second_name(
    runner: Runner, data: DataFolder
) -> None:
    kept = TableFolder(data, IRIS)
    kept.save(b"nom;ville\nAvise;Toulouse\n", "structures", "quais", "Les quais")
    builder = runner.builder
    builder.reload()
    builder.build()
    avise = IRIS.entity("actor", "avise")
    assert described(builder.view) == {avise}
    graph = IRIS.graph("table/quais")
    said = {q.predicate for q in builder.view.quads(subject=avise) if q.graph == graph}
    assert said == {mln.locatedIn}


def test_the_commands_import_list_and_forget(data: DataFolder, tmp_path: Path) -> None:
    file = tmp_path / "Mes quais 2026.csv"
    file.write_bytes(table(3) + b"\n;Lille;;\n")
    run = CliRunner().invoke
    where = ["--data", str(data.root)]
    tried = run(cli, ["import", "structures", str(file), "--dry-run", *where])
    assert tried.exit_code == 1
    assert "good: 3" in tried.output
    assert "line 5" in tried.output
    assert list(TableFolder(data, IRIS).all()) == []
    done = run(cli, ["import", "structures", str(file), *where])
    assert done.exit_code == 1, done.output
    listed = run(cli, ["tables", *where])
    assert "mes-quais-2026: structures" in listed.output
    assert run(cli, ["tables", "--remove", "mes-quais-2026", *where]).exit_code == 0
    assert list(TableFolder(data, IRIS).all()) == []
    assert run(cli, ["tables", "--remove", "mes-quais-2026", *where]).exit_code != 0
    empty = run(cli, ["import", "calls", "--template", "en"])
    assert empty.exit_code == 0
    assert "deadline" not in empty.output.splitlines()[1:]
    assert run(cli, ["import", "calls"]).exit_code != 0


def test_what_cannot_be_used_is_refused(data: DataFolder, tmp_path: Path) -> None:
    kept = TableFolder(data, IRIS)
    known = known_names(data, IRIS)
    for form, name, content in (
        ("structures", "../evil", table(1)),
        ("nonsense", "quais", table(1)),
        ("structures", "quais", b"\x00\x01"),
    ):
        with pytest.raises(BadInputError):
            kept.check(content, form, name, "x", known)
    with pytest.raises(MissingError):
        kept.remove("../evil")
    with pytest.raises(BadInputError):
        read_file(tmp_path / "nowhere.csv", 10)
    big = tmp_path / "big.csv"
    big.write_bytes(b"x" * 11)
    with pytest.raises(TooLargeError):
        read_file(big, 10)
    assert name_of(Path("Été 2026 (v2).csv")) == "ete-2026-v2"
    (data.tables / "broken.json").write_text("{")
    assert list(kept.all()) == []


def test_a_table_is_made_again_when_it_changes_and_no_other_step_is(data: DataFolder) -> None:
    kept = TableFolder(data, IRIS)
    kept.save(table(3), "structures", "quais", "Les quais")
    kept.save(b"nom;ville\nRelais des Rives;Lille\n", "structures", "relais", "Les relais")
    before = {step.name: step.inputs for step in Sources(data, IRIS).steps}
    assert {"table/quais", "table/relais", "contributed", "corpus"} <= before.keys()
    kept.save(table(4), "structures", "quais", "Les quais")
    after = {step.name: step.inputs for step in Sources(data, IRIS).steps}
    assert {name for name in after if after[name] != before[name]} == {"table/quais"}
