"""The command line: what it says, where, and with which exit code."""

import gzip
import json
import os
import re
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner, Result

from graph_api import exports
from graph_api.cli import cli, messages
from graph_api.cli.framework import Group
from graph_api.cli.reference import cli_page
from graph_api.cli.reference import main as write_reference
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from tests.graph_api.samples import FRENCH, write_texts

pytestmark = pytest.mark.slow  # each test builds a whole folder

Maillon = Callable[..., Result]


@pytest.fixture
def maillon(data: DataFolder, monkeypatch: pytest.MonkeyPatch) -> Maillon:
    """Runs a command on the copy of the built folder, in English, without conclusions."""
    monkeypatch.setenv("MAILLON_LOCALE", "en")
    monkeypatch.setenv("MAILLON_INFERENCE", "false")

    def run(*arguments: object, code: int = 0, stdin: bytes = b"") -> Result:
        parts = [str(argument) for argument in arguments]
        result = CliRunner().invoke(cli, [*parts, "--data", str(data.root)], input=stdin)
        assert "Traceback" not in result.output
        assert result.exit_code == code, result.output
        return result

    return run


def test_init_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLON_LOCALE", "en")
    for said in ("is ready.", "was ready already."):
        result = CliRunner().invoke(cli, ["init", "--data", str(tmp_path / "var")])
        assert result.exit_code == 0
        assert said in result.stdout


def test_a_folder_that_is_none_is_exit_3(tmp_path: Path) -> None:
    for command in (["build"], ["query", "-"], ["token", "list"], ["ingest", "x"]):
        result = CliRunner().invoke(cli, [*command, "--data", str(tmp_path)], input="ASK {}")
        assert result.exit_code == 3, command
        assert "maillon init" in result.stderr


def test_ingest_tells_each_file_and_goes_on(
    maillon: Maillon, data: DataFolder, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    write_texts(texts)
    (texts / "empty.txt").touch()
    (texts / "image.txt").write_bytes(bytes(range(256)))
    (texts / "cut.pdf").write_bytes(b"%PDF-1.7\n1 0 obj")
    (texts / "latin.txt").write_bytes("Créée à Besançon en 1999.".encode("latin-1"))
    (texts / "notes.xyz").write_text("not asked for")
    result = maillon("ingest", texts, tmp_path / "none.txt", code=1)
    assert "rapport.txt: read, " in result.stdout
    assert re.search(r"latin.txt: read.*\n +warning: The file is not UTF-8", result.stdout)
    assert "Files: 7; new: 3; failed: 4. Generation 2." in result.stdout
    for name in ("empty.txt", "image.txt", "cut.pdf", "none.txt"):
        assert f"{name}: not read. " in result.stderr
    assert "notes.xyz" not in result.output
    again = maillon("ingest", texts / "rapport.txt")
    assert "was here already" in again.stdout
    assert "Generation 2." in again.stdout
    assert len(list(data.documents.iterdir())) == 3


def test_ingest_opens_archives(maillon: Maillon, data: DataFolder, tmp_path: Path) -> None:
    first, second = write_texts(tmp_path / "texts")
    with zipfile.ZipFile(tmp_path / "texts" / "bundle.zip", "w") as archive:
        archive.write(first, "2021/rapport.txt")
        archive.writestr("../notes.txt", "L'Avise a été créée en 2002.")
        archive.writestr("cut.pdf", "%PDF-1.7\n1 0 obj")
    second.unlink()
    for arguments in (["--dry-run"], []):
        result = maillon("ingest", tmp_path / "texts", *arguments, code=1)
        assert re.search(r"^bundle.zip/2021/rapport.txt: (read|was here)", result.stdout, re.M)
        assert "bundle.zip/../notes.txt: read, " in result.stdout
        assert "bundle.zip/cut.pdf: not read. The file ends after" in result.stderr
        assert "reading bundle.zip/cut.pdf (1/2)" in result.stderr
    assert "Files: 4; new: 2; failed: 1." in result.stdout
    names = {json.loads(p.read_bytes())["names"][0] for p in data.documents.glob("*/meta.json")}
    assert names == {"rapport.txt", "notes.txt"}


def test_an_archive_over_the_limit_is_told(
    maillon: Maillon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "two.zip", "w") as archive:
        archive.writestr("a.txt", "Un.")
        archive.writestr("b.txt", "Deux.")
    monkeypatch.setenv("MAILLON_ARCHIVE_MEMBERS", "1")
    assert "the limit is 1." in maillon("ingest", tmp_path / "two.zip", code=1).stderr


def test_what_a_file_proposes_is_told(maillon: Maillon, tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    names = "Ann Example, Bob Sample"
    file.write_text(f"# A title\n\nAuthors: {names}\n\nJune 2021\n\nMay 2020\n\nSome text.\n")
    for arguments in (["--dry-run"], []):
        said = maillon("ingest", file, *arguments).stdout
        assert "  proposed title: A title (first title in the text)\n" in said
        assert said.count("  proposed authors: ") == 2
        assert "  proposed date: 2021-06 (a date on its own line)\n" in said
        assert "2020" not in said
    assert "proposed" not in maillon("ingest", file).stdout


def test_all_files_may_be_bad(maillon: Maillon, tmp_path: Path) -> None:
    result = maillon("ingest", tmp_path / "none.txt", "/dev/null", code=1)
    assert "There is no such file.\n" in result.stderr  # and nothing after it: there is no advice
    assert "This is no ordinary file.\n" in result.stderr


def test_programs_in_the_folder_one_is_in_are_not_run(
    maillon: Maillon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, *_ = write_texts(tmp_path / "texts")
    (tmp_path / "texts" / "json.py").write_text("raise SystemExit('I was run')")
    monkeypatch.chdir(tmp_path / "texts")
    assert f"{file.name}: read" in maillon("ingest", file).stdout


def test_a_file_that_one_may_not_read(
    maillon: Maillon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, open_one = write_texts(tmp_path / "texts")
    really_open = Path.open

    def refuse(path: Path, *arguments: Any, **named: Any) -> IO[Any]:
        # Permissions stop nobody who runs the tests as root.
        if path == secret:
            raise PermissionError(13, "Permission denied")
        opened: IO[Any] = really_open(path, *arguments, **named)
        return opened

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(os, "access", lambda path, *_: Path(path) != secret)
    result = maillon("ingest", secret, open_one, code=1)
    assert f"{secret}: not read. You may not read this file." in result.stderr
    assert f"{open_one.name}: read" in result.stdout


def test_a_folder_that_one_may_not_read(
    maillon: Maillon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, *_ = write_texts(tmp_path / "texts")
    closed = tmp_path / "texts" / "closed"
    closed.mkdir()
    really_list = os.scandir

    def refuse(path: Any) -> Any:
        if str(path) == str(closed):
            raise PermissionError(13, "Permission denied", str(closed))
        return really_list(path)

    monkeypatch.setattr(os, "scandir", refuse)
    result = maillon("ingest", tmp_path / "texts", code=1)
    assert f"{closed}: not read. You may not read this folder. Ask its owner" in result.stderr
    assert f"{file.name}: read" in result.stdout


def test_what_one_may_not_use_is_exit_3(maillon: Maillon, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(folder: DataFolder) -> None:
        raise PermissionError(13, "Permission denied", str(folder.root))

    monkeypatch.setattr(DataFolder, "check", refuse)
    assert re.match("Error: you may not use /.+; ask its owner", maillon("build", code=3).stderr)


def test_a_file_over_the_limit_is_told(
    maillon: Maillon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, *_ = write_texts(tmp_path / "texts")
    monkeypatch.setenv("MAILLON_TEXT_BYTES", "100")
    assert "the limit is 100" in maillon("ingest", file, code=1).stderr
    monkeypatch.setenv("MAILLON_FILE_BYTES", "100")
    assert "more than 100 bytes" in maillon("ingest", file, code=1).stderr


def test_a_dry_run_keeps_nothing(maillon: Maillon, data: DataFolder, tmp_path: Path) -> None:
    write_texts(tmp_path / "texts")
    result = maillon("ingest", tmp_path / "texts", "--dry-run")
    assert "Nothing was kept. Files that would be read: 2." in result.stdout
    assert list(data.documents.iterdir()) == []


@pytest.mark.slow
def test_build_prints_the_hash_and_fresh_gives_the_same(maillon: Maillon) -> None:
    first = maillon("build").stdout
    again = maillon("build", "--fresh").stdout
    assert first.split("hash")[1] == again.split("hash")[1]
    assert first.startswith("Generation 1:")
    assert again.startswith("Generation 2:")


def test_query_answers_in_each_format(maillon: Maillon, tmp_path: Path) -> None:
    file = tmp_path / "q.rq"
    file.write_text(
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#>"
        'SELECT ?s { ?s skos:prefLabel "Avise"@fr } ORDER BY ?s'
    )
    iri = "https://maillon.example/id/actor/avise"
    assert maillon("query", file, "--format", "csv").stdout.split() == ["s", iri]
    found = json.loads(maillon("query", file, "--format", "json").stdout)
    assert [row["s"]["value"] for row in found["results"]["bindings"]] == [iri]
    assert iri in maillon("query", file).stdout
    long = b"SELECT * { BIND('" + b"x" * 300 + b"y' AS ?a) BIND(?a AS ?b) }"
    assert maillon("query", "-", stdin=long).stdout.count("xy") == 2
    assert maillon("query", "-", stdin=b"ASK {}").stdout == "true\n"
    triples = maillon("query", "-", stdin=f"DESCRIBE <{iri}>".encode()).stdout
    assert triples.count(f"<{iri}> <") > 3


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (b"SELECT * {\n ?s ?p", "line 2, column 7"),
        (b"SELECT", "line 1"),
        (b"", "line 1"),
        (b"\xff", "not UTF-8"),
        (b"DELETE WHERE { ?s ?p ?o }", "read-only|update|Update"),
        (b"SELECT * { SERVICE <http://localhost/> { ?s ?p ?o } }", "SERVICE"),
        (b"SELECT * " + b"{" * 200, "nested"),
    ],
)
def test_a_query_that_is_none_is_exit_2(maillon: Maillon, query: bytes, said: str) -> None:
    assert re.search(said, maillon("query", "-", code=2, stdin=query).stderr)


def test_usage_is_exit_2(maillon: Maillon, tmp_path: Path) -> None:
    maillon("query", tmp_path / "none.rq", code=2)
    maillon("export", "everything", code=2)
    maillon("ingest", code=2)
    maillon("token", "create", "x", code=2)
    maillon("token", "create", "x", "--scope", "root", code=2)
    maillon("serve", "--port", "99999", code=2)


def test_a_wrong_setting_is_exit_2(maillon: Maillon, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLON_PORT", "many")
    assert "MAILLON_PORT" in maillon("build", code=2).stderr


def test_a_locked_folder_is_exit_3(
    maillon: Maillon, data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLON_LOCK_SECONDS", "0.2")
    with data.lock("maillon build"):
        for command in (("build",), ("build", "--fresh"), ("ingest", "/etc/hostname")):
            assert "in use by `maillon build`" in maillon(*command, code=3).stderr


def test_export_is_what_documents_say(maillon: Maillon, data: DataFolder, tmp_path: Path) -> None:
    maillon("ingest", *write_texts(tmp_path / "texts"))
    for kind in exports.KINDS:
        rows = [json.loads(line) for line in maillon("export", kind).stdout.splitlines()]
        assert rows, kind
        assert {row["doc"] for row in rows} <= {"rapport.txt", "report.md"}
    for row in map(json.loads, maillon("export", "mentions").stdout.splitlines()):
        if row["doc"] == "rapport.txt":
            assert FRENCH[row["start"] : row["end"]] == row["surface"]
    rows = list(exports.export_rows(data, Settings(data=data.root), "relations"))
    assert {"subject", "predicate", "object", "doc", "start"} <= set(rows[0])
    assert "status" in maillon("export", "mentions", "--candidates").stdout


def test_export_before_a_build_is_told(maillon: Maillon, data: DataFolder) -> None:
    data.current.unlink()
    assert "maillon build" in maillon("export", "mentions", code=3).stderr


@pytest.mark.slow
def test_evaluate_scores_what_was_read(maillon: Maillon, tmp_path: Path, gold: Path) -> None:
    maillon("ingest", *write_texts(tmp_path / "texts"))
    result = maillon("evaluate", gold)
    assert re.search(r"^all +.*0$", result.stdout, re.MULTILINE)
    maillon("evaluate", tmp_path / "none", code=2)
    assert "cannot be read" in maillon("evaluate", tmp_path, code=1).stderr


@pytest.mark.slow
def test_review_from_list_to_undo(maillon: Maillon, tmp_path: Path) -> None:
    maillon("ingest", *write_texts(tmp_path / "texts"))
    full = maillon("build").stdout.split("hash ")[1]
    rows = [json.loads(s) for s in maillon("review", "list", "--json").stdout.splitlines()]
    claim = rows[0]["hash"]
    listed = maillon("review", "list").stdout
    assert claim in listed
    assert "«" in listed
    said = maillon("review", "reject", claim[:12], "--why", "wrong", "--who", "ana").stdout
    assert claim in said
    assert maillon("build").stdout.split("hash ")[1] != full
    rejected = maillon("review", "list", "--state", "rejected").stdout
    assert rejected.count(claim) == 1
    assert "already" in maillon("review", "reject", claim, "--who", "ana", code=1).stderr
    maillon("review", "undo", "--why", "a mistake")
    assert maillon("build").stdout.split("hash ")[1] == full
    maillon("review", "accept", claim)
    assert claim in maillon("review", "list", "--state", "accepted").stdout
    maillon("review", "undo")
    assert "no decision to undo" in maillon("review", "undo", code=1).stderr
    maillon("review", "reject", "0" * 32, code=1)
    first, second = rows[0]["hash"], rows[1]["hash"]
    said = maillon("review", "reject", first, second).stdout
    number = re.findall(r"decision ([0-9a-f-]+)\)", said)[0]
    assert maillon("review", "undo", "--since", number).stdout.count("Undone") == 2
    assert maillon("build").stdout.split("hash ")[1] == full
    year = next(r for r in rows if r["predicate"].endswith("createdInYear"))["hash"]
    assert "is no value" in maillon("review", "correct", year, "--object", "soon", code=1).stderr
    assert year in maillon("review", "correct", year, "--object", "1998").stdout
    assert maillon("review", "list", "--state", "corrected").stdout.startswith(year)
    maillon("review", "undo")
    assert maillon("build").stdout.split("hash ")[1] == full
    assert "not both" in maillon("review", "undo", number, "--since", number, code=2).stderr


@pytest.mark.slow
def test_what_waits_is_listed_apart(maillon: Maillon, tmp_path: Path) -> None:
    text = tmp_path / "union.txt"
    text.write_text("L'Union des ateliers de Bretagne (UAB) conseille les communes.", "utf-8")
    maillon("ingest", text)
    (row,) = [
        json.loads(line)
        for line in maillon("review", "list", "--waiting", "--json").stdout.splitlines()
        if "ateliers" in line
    ]
    assert row["predicate"].endswith("locatedIn")
    assert row["hash"] not in maillon("review", "list").stdout
    maillon("review", "accept", row["hash"])
    assert row["hash"] in maillon("review", "list", "--state", "accepted").stdout


@pytest.mark.slow
def test_backup_and_restore(maillon: Maillon, tmp_path: Path) -> None:
    maillon("ingest", *write_texts(tmp_path / "texts"))
    archive = tmp_path / "saved.tar.gz"
    digest = maillon("backup", archive).stdout.split()[-1].rstrip(".")
    new = ["--data", str(tmp_path / "new")]
    result = CliRunner().invoke(cli, ["restore", str(archive), *new])
    assert result.exit_code == 0, result.output
    assert digest in result.stdout
    assert "is the one that was saved" in result.stdout
    again = CliRunner().invoke(cli, ["restore", str(archive), *new])
    assert again.exit_code == 3
    assert "not empty" in again.stderr
    maillon("backup", tmp_path / "no" / "where.tar.gz", code=3)
    fresh = ["--data", str(tmp_path / "other")]
    bad = CliRunner().invoke(cli, ["restore", str(tmp_path / "texts" / "report.md"), *fresh])
    assert bad.exit_code == 1


def test_tokens(maillon: Maillon) -> None:
    made = maillon("token", "create", "scanner", "--scope", "ingest", "--days", "30")
    secret = made.stdout.strip()
    assert secret.startswith("mln_")
    listed = maillon("token", "list").stdout
    assert "scanner" in listed
    assert secret not in listed
    number = listed.split()[0]
    assert "scanner" in maillon("token", "revoke", number).stdout
    assert "revoked" in maillon("token", "list").stdout
    maillon("token", "revoke", "none", code=1)


def test_french_where_it_is_asked_for(
    data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLON_LOCALE", "fr")
    runner, where = CliRunner(), ["--data", str(data.root)]
    assert "Crée le dossier" in runner.invoke(cli, ["init", "--help"]).stdout
    (tmp_path / "vide.txt").touch()
    result = runner.invoke(cli, ["ingest", str(tmp_path / "vide.txt"), *where])
    assert "non lu. Le fichier est vide. Vérifiez" in result.stderr
    result = runner.invoke(cli, ["query", "-", *where], input="SELECT")
    assert result.stderr.startswith("Erreur : Erreur de syntaxe à la ligne 1")
    with data.lock("maillon serve"):
        result = runner.invoke(cli, ["build", *where])
    assert re.search(r"est utilisé par `maillon serve` \(processus \d+\)", result.stderr)


@pytest.mark.parametrize(
    ("locale", "language"),
    [("fr", "fr"), ("fr_BE.UTF-8", "fr"), ("fr-CA", "fr"), ("de", "en"), ("en_GB", "en")],
)
def test_the_language_is_one_that_there_is(
    locale: str, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLON_LOCALE", locale)
    assert messages.language() == language


def test_the_systems_locale_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAILLON_LOCALE", raising=False)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "fr_FR.UTF-8")
    assert messages.language() == "fr"
    monkeypatch.setenv("LANG", "C.UTF-8")
    assert messages.language() == "en"


def test_something_unforeseen_is_a_sentence_and_kept(
    maillon: Maillon, data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("never thought of")

    monkeypatch.setattr("graph_api.cli.folder_commands.run_job", fail)
    result = maillon("build", code=3)
    assert "something unforeseen went wrong: never thought of" in result.stderr


def test_every_text_has_a_french_translation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLON_LOCALE", "fr")

    def untranslated(command: object) -> list[str]:
        found = [p.help for p in getattr(command, "params", ()) if getattr(p, "help", None)]
        found = [text for text in found if messages.translate(text) == text]
        if isinstance(command, Group):
            found += [text for each in command.commands.values() for text in untranslated(each)]
        return found

    assert untranslated(cli) == []


def test_the_reference_is_up_to_date(tmp_path: Path) -> None:
    assert write_reference(["--check"]) == 0, "run make docs"
    page = cli_page()
    for command in ("maillon ingest", "maillon review undo", "maillon token create"):
        assert f"## {command}\n" in page


def test_dump_and_release(
    maillon: Maillon, data: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A release with its conclusions; dumps of it, of now, of one graph; a backup keeps it."""
    monkeypatch.setenv("MAILLON_DISK_RESERVE", "0")
    monkeypatch.setenv("MAILLON_INFERENCE", "true")
    maillon("build")
    made = maillon("release", "make", "--note", "A first one").stdout
    assert "Cite it as https://maillon.example/id/release/" in made
    name, quads, _, state = maillon("release", "list").stdout.split()
    assert state == "live"
    assert f"Release {name}: {quads} quads" in made
    assert "nothing changed" in maillon("release", "make", code=1).stderr
    target = tmp_path / "all.nq.gz"
    maillon("dump", "--release", name, "--output", target)
    lines = gzip.decompress(target.read_bytes()).splitlines()
    assert len(lines) == int(quads)
    assert sum(b"/graph/inferred/" in line for line in lines) > 1_000
    assert "no release" in maillon("dump", "--release", "2001-01-01", code=1).stderr
    assert "no graph" in maillon("dump", "--graph", "none", code=1).stderr
    for form in ("ttl", "trig", "jsonld", "nq"):
        maillon("dump", "--format", form, "--graph", "vocabulary/stages", "--output", target)
        assert b"concept/stages" in gzip.decompress(target.read_bytes())
    assert "cannot be written" in maillon("dump", "--output", tmp_path / "no/x", code=3).stderr
    saved = tmp_path / "backup.tar.gz"
    maillon("backup", saved)
    elsewhere = ("--data", str(tmp_path / "elsewhere"))
    restored = CliRunner().invoke(cli, ["restore", str(saved), *elsewhere])
    assert "The graph is the one that was saved." in restored.stdout
    listed = CliRunner().invoke(cli, ["release", "list", *elsewhere])
    assert listed.stdout.split()[0::3] == [name, "live"]
