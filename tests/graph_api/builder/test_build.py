"""The build: a function of its sources, whatever the order, and whatever kills it."""

import itertools
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph_api.builder import build as build_module
from graph_api.builder import readings
from graph_api.builder.build import Builder
from graph_api.builder.fresh import remove_rebuilt
from graph_api.builder.generations import Generations
from graph_api.builder.review import claims_in
from graph_api.builder.runner import Runner, open_runner
from graph_api.client import spool_file
from graph_api.errors import CannotRunError
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from graph_api.store.base import StoreError
from ingest.document import Document
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Extraction
from ingest.pipeline import extract
from ontology.iris import Iris
from search.protocol import SearchRequest
from search.service import SearchService
from tests.graph_api.samples import write_texts

pytestmark = pytest.mark.slow  # each test builds a whole folder


@dataclass(frozen=True)
class Result:
    """What the tests compare."""

    generation: int
    quads: int
    hash: str


def build(builder: Builder) -> Result:
    outcome = builder.build()
    return Result(outcome.generation, outcome.quads, builder.hash())


def ingest(runner: Runner, *files: Path) -> Result:
    folder = runner.builder.folder
    arguments = {"files": [spool_file(folder, file) for file in files]}
    job = runner.run([runner.jobs.add("ingest", arguments)])[0]
    assert job.state == "done", job.report
    assert all(r["state"] != "failed" for r in job.report["documents"]), job.report
    return Result(job.generation, job.report["quads"], runner.builder.hash())


def test_a_second_build_changes_nothing(runner: Runner) -> None:
    first = runner.builder.build()
    assert first.generation == 1
    assert first.ran == ()
    assert runner.builder.build() == first


@pytest.mark.slow
def test_the_order_of_documents_does_not_matter(
    data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    files = write_texts(tmp_path / "texts")
    hashes = set()
    for number, order in enumerate(itertools.permutations(files)):
        folder = DataFolder(tmp_path / f"copy{number}")
        shutil.copytree(data.root, folder.root)
        with open_runner(folder, Settings(data=folder.root), "test") as runner:
            for file in order:
                last = ingest(runner, file)
            hashes.add(last.hash)
            assert last.generation == 1 + len(files)
    assert len(hashes) == 1
    with open_runner(data, settings, "test") as runner:
        at_once = ingest(runner, *files)
    assert {at_once.hash} == hashes
    assert at_once.generation == 2


def test_reading_again_changes_nothing(runner: Runner, tmp_path: Path) -> None:
    files = write_texts(tmp_path / "texts")
    first = ingest(runner, *files)
    assert ingest(runner, *reversed(files)) == first


@pytest.mark.slow
def test_a_copy_under_another_name_is_the_same_document(data: DataFolder, tmp_path: Path) -> None:
    file, *_ = write_texts(tmp_path / "texts")
    copy = file.with_name("a-copy" + file.suffix)
    shutil.copyfile(file, copy)
    hashes = []
    for number, order in enumerate(((file, copy), (copy, file))):
        folder = DataFolder(tmp_path / f"copy{number}")
        shutil.copytree(data.root, folder.root)
        with open_runner(folder, Settings(data=folder.root), "test") as runner:
            for each in order:
                last = ingest(runner, each)
            hashes.append(last.hash)
            assert len(runner.builder.documents.kept()) == 1
    assert hashes[0] == hashes[1]


@pytest.mark.slow
def test_only_documents_with_a_changed_name_are_extracted_again(
    runner: Runner, tmp_path: Path
) -> None:
    texts = tmp_path / "texts"
    texts.mkdir()
    (texts / "far.txt").write_text("Rien ici ne parle de cela. La page est vide de noms.\n")
    (texts / "near.txt").write_text("Le RECI soutient des projets depuis longtemps.\n")
    ingest(runner, texts / "far.txt", texts / "near.txt")
    documents = runner.builder.documents
    near = next(s for s in documents.kept() if documents.name(s) == "near.txt")
    (texts / "new.txt").write_text(
        "Le Réseau des Essais Citoyens Innovants (RECI) a été créé en 2011.\n"
    )
    arguments = {"files": [spool_file(runner.builder.folder, texts / "new.txt")]}
    job = runner.run([runner.jobs.add("ingest", arguments)])[0]
    new = job.report["documents"][0]["sha256"]
    assert set(job.report["ran"]) == {f"document/{new}", f"document/{near}"}


def test_a_document_that_is_gone_leaves_graph_and_index(runner: Runner, tmp_path: Path) -> None:
    before = build(runner.builder)
    _, file = write_texts(tmp_path / "texts")
    after = ingest(runner, file)
    assert after.hash != before.hash
    folder = runner.builder.folder
    assert _found(folder, "Avise was created in 2002")
    shutil.rmtree(folder.documents / runner.builder.documents.kept()[0])
    gone = build(runner.builder)
    assert gone.hash == before.hash
    assert gone.generation == after.generation + 1
    assert not _found(folder, "Avise was created in 2002")


def _found(folder: DataFolder, phrase: str) -> bool:
    current = Generations(folder).current()
    assert current is not None
    request = SearchRequest(q=f'"{phrase}"', types=("passage",), bridges=False)
    return SearchService.open(folder.root / current.index).search(request).total > 0


def test_a_document_that_the_pipeline_cannot_read_costs_itself_only(
    data: DataFolder, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(document: Document, lexicon: Lexicon, iris: Iris) -> Extraction:
        if document.name == "report.md":
            raise RuntimeError("a rule stumbled")
        return extract(document, lexicon, iris)

    monkeypatch.setattr("graph_api.builder.extractions.extract", stumble)
    files = write_texts(tmp_path / "texts")
    with open_runner(data, settings, "test") as runner:
        arguments = {"files": [spool_file(data, file) for file in files]}
        job = runner.run([runner.jobs.add("ingest", arguments)])[0]
        states = {r["name"]: r["state"] for r in job.report["documents"]}
        assert states == {"report.md": "failed", "rapport.txt": "added"}
        broken = runner.builder.build()
        monkeypatch.undo()
        mended = runner.builder.build()
        result = build(runner.builder)
    assert len(broken.failed) == 1
    assert not mended.failed
    assert len(mended.ran) == 1
    with open_runner(data, settings, "test") as runner:
        assert ingest(runner, *files) == result


@pytest.mark.slow
@pytest.mark.parametrize("point", ["write", "index", "publish"])
def test_killed_at_any_step_the_next_build_is_right(
    data: DataFolder, settings: Settings, tmp_path: Path, point: str
) -> None:
    files = write_texts(tmp_path / "texts")
    reference = DataFolder(tmp_path / "reference")
    shutil.copytree(data.root, reference.root)
    with open_runner(reference, Settings(data=reference.root), "test") as runner:
        expected = ingest(runner, *files).hash

    class KilledError(BaseException):
        """As sudden as a signal: nothing of ours handles it."""

    def kill(event: dict[str, object]) -> None:
        if event["event"] == point and event.get("done", 2) == 2:
            raise KilledError

    with open_runner(data, settings, "test") as runner:
        arguments = {"files": [spool_file(data, file) for file in files]}
        with pytest.raises(KilledError):
            runner.run([runner.jobs.add("ingest", arguments)], kill)
        current = Generations(data).current()
        assert current is not None
        assert current.generation == 1  # nothing half done is seen
    with open_runner(data, settings, "test") as runner:
        outcome = build(runner.builder)
    assert outcome.hash == expected
    published = Generations(data).current()
    assert published is not None
    assert published.hash == expected
    assert published.snapshot is not None
    assert _found(data, "Avise was created in 2002")


def test_strays_in_the_store_are_removed_after_a_crash(runner: Runner, tmp_path: Path) -> None:
    file, *_ = write_texts(tmp_path / "texts")
    before = build(runner.builder)
    ingest(runner, file)
    ledger = runner.builder.folder.store / "ledger.json"
    data = json.loads(ledger.read_text())
    data["published"] = 0
    data["entries"] = {k: v for k, v in data["entries"].items() if not k.startswith("document/")}
    ledger.write_text(json.dumps(data))
    folder = runner.builder.folder
    shutil.rmtree(folder.documents / runner.builder.documents.kept()[0])
    settings = runner.builder.settings
    runner.builder.close()
    with Builder(folder, settings) as builder:
        assert build(builder).hash == before.hash


@pytest.mark.slow
def test_everything_rebuilt_is_the_same(
    data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    with open_runner(data, settings, "test") as runner:
        before = ingest(runner, *write_texts(tmp_path / "texts"))
    remove_rebuilt(data)
    with open_runner(data, settings, "test") as runner:
        after = build(runner.builder)
    assert after.hash == before.hash
    assert after.generation == before.generation + 1


def test_a_sheet_of_the_operator_counts_and_a_bad_one_is_told(runner: Runner) -> None:
    folder = runner.builder.folder
    before = build(runner.builder)
    (folder.sheets / "actor").mkdir()
    (folder.sheets / "actor" / "bad.md").write_text("no front matter")
    runner.builder.reload()
    outcome = runner.builder.build()
    assert runner.builder.hash() == before.hash
    assert "bad.md" in outcome.problems[0]


def test_a_damaged_store_is_told_with_its_remedy(data: DataFolder, settings: Settings) -> None:
    for path in (data.store / "quads").glob("MANIFEST*"):
        path.write_bytes(b"rubbish")
    with (
        pytest.raises(CannotRunError, match="maillon build"),
        open_runner(data, settings, "test"),
    ):
        pytest.fail("opened")


def test_an_outcome_of_a_store_that_fails_is_a_failed_job(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise StoreError("no space left")

    monkeypatch.setattr(runner.builder, "build", broken)
    job = runner.run([runner.jobs.add("build", {})])[0]
    assert job.state == "failed"
    assert "no space left" in job.report["failure"]["detail"]


def test_a_judgement_does_not_wait_for_what_did_not_change(
    runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither names nor the hash of the whole graph are made anew; the hash is there when asked for."""
    runner.run([runner.jobs.add("build", {})])
    before = runner.builder.hash()

    def refuse(*_: object) -> None:
        raise AssertionError("this takes time that a curator waits")

    monkeypatch.setattr(readings, "resolve_names", refuse)
    monkeypatch.setattr(build_module, "canonical_hash", refuse)
    claim = next(claims_in(runner.builder.view)).hash
    job = runner.run(
        [runner.jobs.add("decide", {"action": "reject", "claim": claim})], hashed=False
    )[0]
    assert job.state == "done", job.report
    undone = runner.run([runner.jobs.add("undo", {})], hashed=False)[0]
    assert undone.state == "done", undone.report
    monkeypatch.undo()
    assert runner.builder.hash() == before
