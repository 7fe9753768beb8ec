import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus import REPORTS, SHEETS
from corpus.sheets import load_sheets
from ontology.folding import fold
from ontology.iris import Iris

RUN = 14
"""From this many words in a row on, a text is a copy."""


def runs(text: str) -> Iterator[tuple[str, ...]]:
    words = fold(text).split()
    return (tuple(words[i : i + RUN]) for i in range(len(words) - RUN + 1))


@pytest.fixture(scope="module")
def reports() -> dict[str, str]:
    return {file.name: file.read_text(encoding="utf-8") for file in sorted(REPORTS.glob("*.md"))}


def test_there_is_one_report_in_each_language(reports: dict[str, str]) -> None:
    assert len(reports) == 2
    for text in reports.values():
        assert 900 <= len(text.split()) <= 1300


def test_reports_show_what_a_document_can_hold(reports: dict[str, str]) -> None:
    for text in reports.values():
        assert len(re.findall(r"^#{1,3} ", text, re.MULTILINE)) >= 8
        assert re.search(r"^- ", text, re.MULTILINE)
        assert re.search(r"^1\. ", text, re.MULTILINE)
        assert re.search(r"^\[\^1\]: ", text, re.MULTILINE)
        assert set(re.findall(r"\[\^\d\](?!:)", text)) == {
            mark.removesuffix(":") for mark in re.findall(r"\[\^\d\]:", text)
        }
        assert "(DLA)" in text
        assert "CC-BY-4.0" in text


def test_reports_name_what_the_sheets_describe(reports: dict[str, str]) -> None:
    sheets = load_sheets(SHEETS)
    for text in reports.values():
        folded = f" {fold(text)} "
        named = {
            sheet.path
            for sheet in sheets
            for name in sheet.names(Iris())
            if f" {fold(name.text)} " in folded
        }
        assert len(named) >= 30


def test_five_programmes_that_avise_runs_are_stated(reports: dict[str, str]) -> None:
    stated = set()
    for text in reports.values():
        for sentence in re.split(r"(?<=\.)\s+", text):
            match = re.match(
                r"(?:L'Avise|Avise) (?:anime|coordonne|pilote|operates|coordinates|runs|leads) ",
                sentence,
            )
            if match:
                stated |= {
                    name
                    for name in (
                        "DLA",
                        "Fabrique à initiatives",
                        "P'INS",
                        "Cap Impact",
                        "Communauté",
                    )
                    if name in sentence
                }
    assert len(stated) == 5


@pytest.mark.slow
def test_no_sentence_of_a_source_is_copied(seeds: Path, reports: dict[str, str]) -> None:
    sources = {run for file in seeds.glob("*.txt") for run in runs(file.read_text("utf-8"))}
    ours = {f"{s.path} {lang}": text for s in load_sheets(SHEETS) for lang, text in s.prose.items()}
    for sheet in load_sheets(SHEETS):
        values = " ".join(str(getattr(fact.value, "value", "")) for fact in sheet.facts)
        ours[f"{sheet.path} values"] = values
    copied = {
        name: [" ".join(run) for run in runs(text) if run in sources]
        for name, text in {**ours, **reports}.items()
    }
    assert {name: found for name, found in copied.items() if found} == {}
