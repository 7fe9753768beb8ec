"""The child that reads: limits, archives, and what happens when a file stops it."""

import sys
import zipfile
from pathlib import Path

import pytest

from graph_api.builder import children
from graph_api.builder.children import ReaderChild, limits_of
from graph_api.builder.read_files import ReadFile, Unreadable
from graph_api.settings import Settings
from tests.graph_api.samples import write_texts

pytestmark = pytest.mark.slow  # each test builds a whole folder

STUMBLING = """
import os, sys, time
from graph_api.builder import reader_process
really_read = reader_process.read
def read(data, name, limits):
    if name.startswith("kill"):
        os.kill(os.getpid(), 9)
    if name.startswith("slow"):
        time.sleep(60)
    if name.startswith("fault"):
        raise ZeroDivisionError
    return really_read(data, name, limits)
reader_process.read = read
sys.exit(reader_process.main(sys.argv[1:]))
"""


def write_archive(path: Path, files: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w") as opened:
        for name, text in files.items():
            opened.writestr(name, text)
    return path


def problem(file: ReadFile) -> str:
    return file.outcome.problem if isinstance(file.outcome, Unreadable) else ""


def problems(settings: Settings, path: Path, name: str = "") -> list[str]:
    with ReaderChild(settings) as child:
        return [problem(file) for file in child.read(path, name or path.name)]


@pytest.fixture
def stumbling(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Has a child that some file names kill, stop or confuse."""
    script = tmp_path / "stumbling.py"
    script.write_text(STUMBLING)
    monkeypatch.setenv("PYTHONPATH", str(Path.cwd()))
    monkeypatch.setattr(children, "_COMMAND", (sys.executable, str(script)))


def test_a_reader_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    file, *_ = write_texts(tmp_path / "texts")
    assert problems(Settings(reader_seconds=0.0), file) == ["too-slow"]


def test_a_reader_without_memory_is_told_and_replaced(tmp_path: Path) -> None:
    file = tmp_path / "long.txt"
    file.write_text("A sentence of a very long text. " * 200_000)
    with ReaderChild(Settings(reader_bytes=1_000_000)) as child:
        for _ in range(2):
            assert [problem(f) for f in child.read(file, file.name)] == ["crashed"]


def test_limits_are_those_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "long.txt").write_text("word " * 1000)
    settings = Settings(text_bytes=100, archive_members=1, archive_bytes=10)
    limits = limits_of(settings)
    assert (limits.text_bytes, limits.members, limits.unpacked_bytes) == (100, 1, 10)
    assert problems(settings, tmp_path / "long.txt") == ["too-large"]
    assert problems(settings, tmp_path / "gone.txt") == ["not-readable"]
    two = write_archive(tmp_path / "two.zip", {"a.txt": "Un.", "b.txt": "Deux."})
    large = write_archive(tmp_path / "large.zip", {"a.txt": "Un texte plus long."})
    for archive, said in ((two, "holds 2 files"), (large, "unpacks to 19 bytes")):
        with ReaderChild(settings) as child:
            (refused,) = child.read(archive, archive.name)
        assert isinstance(refused.outcome, Unreadable)
        assert refused.outcome.problem == "too-large"
        assert said in refused.outcome.detail
        assert (refused.name, refused.inside) == (archive.name, "")
    assert problems(Settings(file_bytes=50), two) == ["too-large"]


def test_archives_are_read_file_by_file_by_several_children(tmp_path: Path) -> None:
    texts = {f"folder/{n}.txt": f"Texte numéro {n}." for n in range(45)}
    archive = write_archive(tmp_path / "many.zip", texts)
    with ReaderChild(Settings()) as child:
        files = list(child.read(archive, "many.zip"))
        after = list(child.read(write_texts(tmp_path / "texts")[0], "after.txt"))
    assert [(f.inside, f.data.decode()) for f in files] == list(texts.items())
    assert {f.file for f in files} == {"many.zip"}
    assert files[7].name == "7.txt"
    assert [f.name for f in after] == ["after.txt"]


def test_what_an_archive_holds_is_judged_by_itself(tmp_path: Path) -> None:
    inner = write_archive(tmp_path / "inner.zip", {"a.txt": "Un."})
    archive = tmp_path / "mixed.zip"
    with zipfile.ZipFile(archive, "w") as opened:
        opened.writestr("cut.pdf", "%PDF-1.7\n1 0 obj")
        opened.write(inner, "inner.zip")
        opened.writestr("picture.png", bytes(range(256)))
        opened.writestr("a\\b\\windows.txt", "Un texte.")
    with ReaderChild(Settings()) as child:
        files = list(child.read(archive, "mixed.zip"))
    assert [problem(f) for f in files[:2]] == ["truncated", "archive"]
    assert problem(files[2]) in ("binary", "unsupported")
    assert files[3].name == "windows.txt"
    assert problem(files[3]) == ""


@pytest.mark.parametrize("content", [b"PK\x05\x06" + b"\0" * 18, b"PK\x03\x04 cut", b"no archive"])
def test_an_archive_that_is_none_is_one_failure(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "bad.zip").write_bytes(content)
    assert len(problems(Settings(), tmp_path / "bad.zip")) == 1


@pytest.mark.usefixtures("stumbling")
def test_a_member_that_stops_the_reader_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    names = ("a.txt", "kill.txt", "b.txt", "slow.txt", "fault.txt", "c.txt")
    archive = write_archive(tmp_path / "a.zip", {name: f"Texte {name}." for name in names})
    with ReaderChild(Settings(reader_seconds=3)) as child:
        files = list(child.read(archive, "a.zip"))
    assert [f.name for f in files] == list(names)
    assert [problem(f) for f in files] == ["", "crashed", "", "too-slow", "crashed", ""]


@pytest.mark.usefixtures("stumbling")
def test_an_archive_that_always_stops_the_reader_is_given_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(children, "_MOST_STOPS", 2)
    archive = write_archive(tmp_path / "a.zip", {f"kill{n}.txt": "Un texte." for n in range(9)})
    with ReaderChild(Settings()) as child:
        files = list(child.read(archive, "a.zip"))
    assert [f.name for f in files] == ["kill0.txt", "kill1.txt", "a.zip"]
    assert isinstance(files[2].outcome, Unreadable)
    assert "stopped the reader 2 times" in files[2].outcome.detail


def test_answers_that_nobody_took_do_not_come_up_later(tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "a.zip", {f"{n}.txt": f"Texte {n}." for n in range(5)})
    single = write_texts(tmp_path / "texts")[0]
    with ReaderChild(Settings()) as child:
        left = child.read(archive, "a.zip")
        assert next(left).name == "0.txt"
        assert [f.name for f in child.read(single, "one.txt")] == ["one.txt"]
