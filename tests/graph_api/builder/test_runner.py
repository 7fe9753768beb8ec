"""Jobs from start to report: ingestion with bad files, judgements, backup and restore."""

import io
import json
import os
import tarfile
import time
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.builder.backup import MANIFEST, is_empty, restore_archive, write_archive
from graph_api.builder.decisions import DecisionLog
from graph_api.builder.jobs import Job
from graph_api.builder.review import (
    Judge,
    claims_in,
    decide,
    find_claim,
    judged_claims,
    undo,
    undo_since,
)
from graph_api.builder.runner import Runner, open_runner
from graph_api.client import spool_file
from graph_api.errors import BadInputError, CannotRunError, MissingError
from graph_api.folder import DataFolder
from graph_api.settings import Settings
from graph_api.workbench import Choice
from ontology import terms as mln
from ontology.model import Iri, Literal, Term
from ontology.vocabularies import XSD_G_YEAR
from tests.graph_api.samples import write_texts

pytestmark = pytest.mark.slow  # each test builds a whole folder


def run(runner: Runner, kind: str, **arguments: object) -> Job:
    return runner.run([runner.jobs.add(kind, arguments)])[0]


def ingest(runner: Runner, *files: Path) -> Job:
    return run(runner, "ingest", files=[spool_file(runner.builder.folder, f) for f in files])


def hash_after(runner: Runner, job: Job) -> str:
    assert job.state == "done", job.report
    return runner.builder.hash()


def first_claim(runner: Runner) -> str:
    """The hash of a claim of a kept document."""
    kept = set(runner.builder.documents.kept())
    return min(c.hash for c in claims_in(runner.builder.view) if c.document in kept)


def test_a_bad_file_is_told_and_the_others_go_on(runner: Runner, tmp_path: Path) -> None:
    texts = tmp_path / "texts"
    files = write_texts(texts)
    bad = {"empty.txt": b"", "image.txt": bytes(range(256)) * 50, "cut.pdf": b"%PDF-1.7\n1 0 obj"}
    for name, content in bad.items():
        (texts / name).write_bytes(content)
    (texts / "old.txt").write_bytes("L'Avise a été créée en 2002.".encode("latin-1"))
    job = ingest(runner, *sorted(texts.iterdir()))
    assert job.state == "done"
    reports = {r["name"]: r for r in job.report["documents"]}
    assert {name for name, r in reports.items() if r["state"] == "failed"} == set(bad)
    for name in bad:
        assert reports[name]["problem"]
        assert reports[name]["detail"].endswith(".")
    assert reports["old.txt"]["warnings"]
    assert all(reports[f.name]["claims"] > 0 for f in files)
    assert len(runner.builder.documents.kept()) == 3
    assert list(runner.builder.folder.inbox.iterdir()) == []
    assert runner.jobs.get(job.id) == job


def test_each_file_of_an_archive_is_a_document(runner: Runner, tmp_path: Path) -> None:
    archive = tmp_path / "bundle.zip"
    first, second = write_texts(tmp_path / "texts")
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("2021/rapport.txt", first.read_bytes())
        opened.writestr("../../etc/report.md", second.read_bytes())
        opened.writestr("empty.txt", b"")
    job = ingest(runner, archive)
    assert job.state == "done"
    read, other, empty = job.report["documents"]
    assert (read["name"], read["archive"]) == ("rapport.txt", "bundle.zip")
    assert (read["inside"], read["state"]) == ("2021/rapport.txt", "added")
    assert read["claims"] > 0
    assert {"title", "language"} <= {proposal["field"] for proposal in read["proposed"]}
    assert (empty["name"], empty["problem"]) == ("empty.txt", "empty")
    documents = runner.builder.documents
    assert documents.meta(other["sha256"])["names"] == ["report.md"]
    assert documents.original(read["sha256"]).read_bytes() == first.read_bytes()
    assert len(documents.kept()) == 2
    # The files themselves are the same documents.
    again = ingest(runner, first, second)
    assert [r["state"] for r in again.report["documents"]] == ["present", "present"]
    assert again.generation == job.generation


def test_a_name_with_a_path_in_it_is_a_name(runner: Runner, tmp_path: Path) -> None:
    file = spool_file(runner.builder.folder, write_texts(tmp_path / "t")[0])
    job = run(runner, "ingest", files=[{**file, "name": "../../etc/report.txt"}])
    assert job.report["documents"][0]["name"] == "report.txt"


def test_an_upload_outside_the_inbox_is_refused(runner: Runner) -> None:
    job = run(runner, "ingest", files=[{"name": "a.txt", "spooled": "../../maillon.json"}])
    assert job.state == "failed"
    assert runner.builder.folder.version.exists()


def test_acknowledged_jobs_are_run_after_a_crash(
    data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    file, *_ = write_texts(tmp_path / "texts")
    with open_runner(data, settings, "test") as runner:
        job = runner.jobs.add("ingest", {"files": [spool_file(data, file)]})
        runner.jobs.save(replace(job, state="running", attempts=1))
    with open_runner(data, settings, "test") as runner:
        assert runner.jobs.get(job.id).state == "done"
        assert len(runner.builder.documents.kept()) == 1


def test_a_job_that_always_kills_is_given_up(data: DataFolder, settings: Settings) -> None:
    with open_runner(data, settings, "test") as runner:
        job = runner.jobs.add("build", {})
        runner.jobs.save(replace(job, state="running", attempts=3))
    with open_runner(data, settings, "test") as runner:
        assert runner.jobs.get(job.id).state == "failed"


def test_forgotten_uploads_are_removed_young_ones_stay(
    data: DataFolder, settings: Settings
) -> None:
    for name, age in (("old", 2 * 86_400), ("young", 60)):
        (data.inbox / name).mkdir()
        os.utime(data.inbox / name, (time.time() - age,) * 2)
    with open_runner(data, settings, "test"):
        assert [p.name for p in data.inbox.iterdir()] == ["young"]


@pytest.mark.slow
def test_rejected_stays_rejected_through_everything(
    data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    files = write_texts(tmp_path / "texts")
    with open_runner(data, settings, "test") as runner:
        full = hash_after(runner, ingest(runner, *files))
        claim = first_claim(runner)
        rejected = run(runner, "decide", action="reject", claim=claim, who="me", why="wrong")
        assert rejected.state == "done"
        wanted = hash_after(runner, rejected)
        assert wanted != full
        assertion = runner.builder.iris.claim(claim)
        assert not list(runner.builder.view.quads(subject=assertion))
        assert hash_after(runner, ingest(runner, *files)) == wanted
        assert run(runner, "build").report["hash"] == wanted
        archive = tmp_path / "saved.tar.gz"
        assert run(runner, "backup", file=str(archive)).report["files"] > 8
    restored = DataFolder(tmp_path / "restored")
    restored.init()
    assert restore_archive(restored, archive) == wanted
    with open_runner(restored, Settings(data=restored.root), "test") as runner:
        assert hash_after(runner, run(runner, "build")) == wanted
        undone = run(runner, "undo", who="me")
        assert undone.report["decision"]["undoes"] == rejected.id
        assert hash_after(runner, undone) == full


def test_an_accepted_claim_says_so(runner: Runner, tmp_path: Path) -> None:
    ingest(runner, *write_texts(tmp_path / "texts"))
    claim = first_claim(runner)
    assert run(runner, "decide", action="accept", claim=claim[:10], who="me").state == "done"
    assertion = runner.builder.iris.claim(claim)
    states = runner.builder.view.quads(subject=assertion, predicate=mln.reviewState)
    assert [quad.object for quad in states] == [mln.accepted]


def test_judgements_that_cannot_be(runner: Runner, tmp_path: Path) -> None:
    ingest(runner, *write_texts(tmp_path / "texts"))
    claim = first_claim(runner)
    builder = runner.builder
    log, claims = builder.decisions, builder.claims()
    me = Judge("me")
    with pytest.raises(BadInputError, match="can be accepted, rejected, corrected"):
        decide(log, claims, "merge", [claim], me)
    with pytest.raises(BadInputError, match="first digits"):
        decide(log, claims, "reject", ["ab"], me)
    with pytest.raises(BadInputError, match="first digits"):
        decide(log, claims, "reject", ["<script>"], me)
    with pytest.raises(MissingError, match="no document makes"):
        decide(log, claims, "reject", ["0" * 32], me)
    with pytest.raises(MissingError, match="no decision"):
        undo(log, None, me)
    with pytest.raises(MissingError, match="no decision"):
        undo_since(log, "20260101000000-00000000", me)
    decided = decide(log, claims, "reject", ["0" * 32, builder.iris.claim(claim)], me)
    assert [made.action for made in decided.made] == ["reject"]
    assert len(decided.refused) == 1
    with pytest.raises(BadInputError, match="rejected already"):
        decide(log, claims, "reject", [claim], me)
    assert [state for _, state in judged_claims(log)] == ["rejected"]
    assert find_claim(claims, {}, claim).hash == claim
    failed = run(runner, "decide", action="reject", claim="0" * 32, who="me")
    assert failed.state == "failed"
    assert failed.report["failure"]["exit_code"] == 1


def test_a_candidate_is_public_once_accepted(runner: Runner, tmp_path: Path) -> None:
    text = tmp_path / "union.txt"
    text.write_text(
        "L'Union des ateliers de Bretagne (UAB) accompagne des porteurs de projets. "
        "L'UAB conseille les communes. Avise finance l'Union des ateliers de Bretagne.",
        encoding="utf-8",
    )
    before = hash_after(runner, ingest(runner, text))
    builder = runner.builder
    workbench = builder.workbench
    (sha256,) = builder.documents.kept()
    (item,) = workbench.chosen(Choice(public=False, document=sha256), 10)
    assert item.quote == builder.documents.get(sha256).text[item.start : item.end]
    assertion = builder.iris.claim(item.hash)
    assert not list(builder.view.quads(subject=assertion))
    accepted = run(runner, "decide", action="accept", claims=[item.hash], who="me")
    assert accepted.state == "done"
    states = builder.view.quads(subject=assertion, predicate=mln.reviewState)
    assert [quad.object for quad in states] == [mln.accepted]
    assert list(builder.view.quads(subject=Iri(item.subject), predicate=Iri(item.predicate)))
    assert workbench.find(item.hash)[0].state == "accepted"
    assert hash_after(runner, run(runner, "undo", who="me")) == before
    assert run(runner, "decide", action="reject", claims=[item.hash], who="me").state == "done"
    assert workbench.count(Choice(public=False, document=sha256)) == 0
    assert hash_after(runner, run(runner, "build")) == before


def test_a_correction_takes_the_place_of_what_was_read(runner: Runner, tmp_path: Path) -> None:
    before = hash_after(runner, ingest(runner, *write_texts(tmp_path / "texts")))
    builder = runner.builder
    items = builder.workbench.chosen(Choice(), 500)
    item = next(i for i in items if i.predicate == mln.createdInYear and i.object != "1999")

    def correct(subject: str, value: str) -> Job:
        names = {"claims": [item.hash], "subject": subject, "object": value}
        return run(runner, "decide", action="correct", who="me", **names)

    def years() -> set[Term]:
        return {
            q.object
            for q in builder.view.quads(subject=Iri(item.subject), predicate=mln.createdInYear)
            if q.graph == builder.iris.graph(f"document/{item.document}")
        }

    for subject, value in (
        (item.subject, "last year"), (item.subject, item.object), ("http://e/none", "1999"),
        (builder.iris.document(item.document), "1999"),
    ):  # fmt: skip
        assert correct(subject, value).state == "failed"
    corrected = correct(item.subject, " 1999 ")
    assert corrected.state == "done", corrected.report
    assert years() == {Literal("1999", XSD_G_YEAR)}
    states = [q for q in builder.view.quads(predicate=mln.reviewState) if q.object == mln.corrected]
    assert len(states) == 1
    assert builder.workbench.find(item.hash)[0].state == "corrected"
    new = states[0].subject.rpartition("/")[2]
    assert run(runner, "decide", action="reject", claim=new, who="me").state == "done"
    assert years() == set()
    run(runner, "undo", who="me")
    assert correct(item.subject, "1998").state == "done"
    assert years() == {Literal("1998", XSD_G_YEAR)}
    for _ in range(2):
        undone = run(runner, "undo", who="me")
    assert hash_after(runner, undone) == before


def test_several_judgements_are_one_job_and_are_taken_back_together(
    runner: Runner, tmp_path: Path
) -> None:
    before = hash_after(runner, ingest(runner, *write_texts(tmp_path / "texts")))
    names = [item.hash for item in runner.builder.workbench.chosen(Choice(public=True), 3)]
    job = run(runner, "decide", action="reject", claims=names, who="me", why="of one form")
    made = job.report["decisions"]
    assert [each["claim"]["hash"] for each in made] == names
    assert hash_after(runner, job) != before
    assert run(runner, "undo", decision=made[1]["id"], who="you").state == "done"
    undone = run(runner, "undo", since=made[0]["id"], who="you")
    assert [each["undoes"] for each in undone.report["decisions"]] == [made[2]["id"], made[0]["id"]]
    assert hash_after(runner, undone) == before
    again = runner.run([replace(job, state="queued"), replace(undone, state="queued")])
    assert [j.state for j in again] == ["done", "done"]
    assert len(DecisionLog(runner.builder.folder.decisions).read()[0]) == 6


@pytest.mark.slow
def test_a_job_that_runs_twice_decides_once(runner: Runner, tmp_path: Path) -> None:
    ingest(runner, *write_texts(tmp_path / "texts"))
    job = run(runner, "decide", action="reject", claim=first_claim(runner), who="me")
    undo_job = run(runner, "undo", who="me")
    again = runner.run([replace(job, state="queued"), replace(undo_job, state="queued")])
    assert [j.state for j in again] == ["done", "done"]
    assert len(DecisionLog(runner.builder.folder.decisions).read()[0]) == 2


@pytest.fixture
def archive(runner: Runner, tmp_path: Path) -> Path:
    ingest(runner, *write_texts(tmp_path / "texts"))
    target = tmp_path / "saved.tar.gz"
    assert run(runner, "backup", file=str(target)).state == "done"
    return target


def test_a_backup_has_what_is_kept_and_nothing_else(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0
    with tarfile.open(archive) as opened:
        names = opened.getnames()
        manifest = json.load(opened.extractfile(MANIFEST))  # type: ignore[arg-type]
    assert set(names) == {MANIFEST, *manifest["files"]}
    assert {name.split("/")[0] for name in manifest["files"]} == {"changes", "documents"}


def test_restore_refuses_a_folder_that_keeps_something(runner: Runner, archive: Path) -> None:
    assert not is_empty(runner.builder.folder)
    with pytest.raises(CannotRunError, match="not empty"):
        restore_archive(runner.builder.folder, archive)


@pytest.mark.parametrize("damage", ["cut", "changed", "extra", "rubbish", "empty", "outside"])
def test_a_damaged_backup_restores_nothing(archive: Path, tmp_path: Path, damage: str) -> None:
    folder = DataFolder(tmp_path / "restored")
    folder.init()
    bad = tmp_path / "bad.tar.gz"
    if damage in ("changed", "extra", "outside"):
        with tarfile.open(archive) as old, tarfile.open(bad, "w:gz") as new:
            for member in old.getmembers():
                file = old.extractfile(member)
                if damage == "changed" and member.name.endswith("text.txt"):
                    new.addfile(member, io.BytesIO(b"x" * member.size))
                    continue
                new.addfile(member, file)
            if damage != "changed":
                name = "documents/more" if damage == "extra" else "../../escaped"
                new.addfile(tarfile.TarInfo(name))
    else:
        content = {"cut": archive.read_bytes()[:-200], "rubbish": b"no archive", "empty": b""}
        bad.write_bytes(content[damage])
    with pytest.raises(BadInputError, match=r"damaged|no backup"):
        restore_archive(folder, bad)
    assert is_empty(folder)
    assert not (tmp_path / "escaped").exists()


def test_backup_and_restore_name_what_is_missing(data: DataFolder, tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match="cannot be written"):
        write_archive(data, tmp_path / "no" / "where.tar.gz", None)
    empty = DataFolder(tmp_path / "empty")
    empty.init()
    with pytest.raises(CannotRunError, match="cannot be opened"):
        restore_archive(empty, tmp_path / "none.tar.gz")


@pytest.mark.slow
def test_a_look_keeps_nothing_but_the_upload(
    runner: Runner, data: DataFolder, tmp_path: Path
) -> None:
    report = tmp_path / "note.md"
    report.write_text("# Note\n\nAvise pilote le DLA depuis 2002.\n")
    spooled = spool_file(data, report)
    before = sorted(path.name for path in data.documents.iterdir())
    done = run(runner, "rehearse", files=[spooled], who="w")
    assert done.state == "done"
    (entry,) = done.report["documents"]
    assert (entry["name"], entry["state"]) == ("note.md", "read")
    assert entry["mentions"] > 0
    assert sorted(path.name for path in data.documents.iterdir()) == before
    assert (data.inbox / spooled["spooled"]).is_file()
    kept = run(runner, "ingest", files=[spooled], who="w")
    assert kept.report["documents"][0]["state"] == "added"
    assert not (data.inbox / spooled["spooled"]).exists()
