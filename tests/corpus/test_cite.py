from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.cite import find_sentences, main, split_sentences
from ontology.folding import fingerprint, fold_letters

TEXT = """# A heading

First sentence of M. Martin, i.e. his best. Second one<sup>[2]</sup>. Third runs
over a line.

- an item without a stop
  that goes on
- **another** item, cut by a page

in two; end.¹²

Article L. 2111-3 of the code.
"""


def test_sentences_begin_with_a_word_and_end_before_a_note() -> None:
    assert [" ".join(s.text.split()) for s in split_sentences(TEXT)] == [
        "A heading",
        "First sentence of M. Martin, i.e. his best.",
        "Second one<sup>[2]</sup>.",
        "Third runs over a line.",
        "an item without a stop that goes on",
        "**another** item, cut by a page in two; end.",
        "Article L. 2111-3 of the code.",
    ]


@given(st.text(alphabet="ab .!?\n-é<sup>[1]"))
def test_slices_are_exact_sorted_and_lose_no_letter(text: str) -> None:
    found = list(split_sentences(text))
    assert all(text[s.start : s.end] == s.text for s in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_words_are_found_whatever_their_accents() -> None:
    assert [s.text for s in find_sentences("L'Avisé agit. Rien ici.", "l’AVISE")] == [
        "L'Avisé agit."
    ]


def test_the_tool_prints_fingerprints(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.txt"
    report.write_text("Une phrase. Une autre.\n", encoding="utf-8")
    assert main([str(report), "autre"]) == 0
    out = capsys.readouterr().out
    assert fingerprint("Une autre.") in out
    assert "12-22" in out
    assert len(fold_letters("Une autre.")) == int(out.split("-")[0])


def test_misuse_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = tmp_path / "report.txt"
    report.write_bytes(b"\xff\xfe")
    assert main([]) == 2
    assert main([str(tmp_path / "none.txt"), "x"]) == 2
    assert main([str(report), "x"]) == 2
    report.write_text("Une phrase.", encoding="utf-8")
    assert main([str(report), "absent"]) == 1
    assert "usage" in capsys.readouterr().err
