"""What came of a file: names that are no paths, and what a report says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_api.builder.read_files import ReadFile, Unreadable, base_name, printable
from ingest.readers import read


@pytest.mark.parametrize(
    ("inside", "name"),
    [
        ("a/b/report.pdf", "report.pdf"),
        ("../../etc/passwd", "passwd"),
        ("a\\b\\report.pdf", "report.pdf"),
        ("C:\\report.pdf", "report.pdf"),
        ("/report.pdf", "report.pdf"),
        ("a/..", "document"),
        ("//", "document"),
        ("", "document"),
        ("é\x1b[31m.txt", "é\ufffd[31m.txt"),
    ],
)
def test_a_name_is_never_a_path(inside: str, name: str) -> None:
    assert base_name(inside) == name


@given(st.text(max_size=400))
def test_names_are_short_and_plain(inside: str) -> None:
    name = base_name(inside)
    assert 0 < len(name) <= 255
    assert not set(name) & set("/\\\0\n\x1b")
    assert name not in (".", "..")
    assert printable(name) == name


def test_a_report_has_what_the_file_proposes() -> None:
    document = read(b"# A title\n\nAuthors: Ann Example, Bob Sample\n\nSome text.\n", "a.md")
    report = ReadFile("b.zip", "x/a.md", document, b"").as_report()
    assert (report["name"], report["archive"], report["inside"]) == ("a.md", "b.zip", "x/a.md")
    proposed = [(p["field"], p["value"]) for p in report["proposed"]]
    assert ("title", "A title") in proposed
    assert ("authors", "Bob Sample") in proposed
    for proposal in report["proposed"]:
        if proposal["start"] is not None:
            assert proposal["value"] in document.text[proposal["start"] : proposal["end"]]


def test_a_report_of_a_failure() -> None:
    report = ReadFile("a.txt", "", Unreadable("empty", "Nothing.", "Look.")).as_report()
    assert report == {
        "name": "a.txt",
        "state": "failed",
        "problem": "empty",
        "detail": "Nothing.",
        "advice": "Look.",
    }
