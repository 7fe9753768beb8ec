"""The table of outside terms: rebuilt from copies, other rows and the header kept."""

from pathlib import Path

import pytest

from ontology.outside_build import main, table, terms_of
from ontology.vocabularies import CPSV, OA

COPY = """
@prefix oa: <http://www.w3.org/ns/oa#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix other: <http://other.example/> .
oa:Annotation a owl:Class . oa:exact a owl:DatatypeProperty . oa:tagging a oa:Motivation .
other:Thing a owl:Class . oa: a owl:Ontology .
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    path = tmp_path / "oa.ttl"
    path.write_text(COPY, encoding="utf-8")
    return path


def test_declared_terms_are_found(copy: Path) -> None:
    assert terms_of(copy, OA) == {"Annotation", "exact", "tagging"}


def test_a_file_of_another_vocabulary_is_refused(copy: Path) -> None:
    with pytest.raises(ValueError, match="declares no term"):
        terms_of(copy, CPSV)


def test_other_rows_and_the_header_stay() -> None:
    before = "# where from\noa: old\ncv: PublicEvent\n"
    assert table(before, {"oa": {"b", "a"}}) == "# where from\ncv: PublicEvent\noa: a b\n"


def test_the_command_rewrites_the_table(
    copy: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "table.txt"
    path.write_text("# header\n", encoding="utf-8")
    assert main([f"oa={copy}", "--table", str(path)]) == 0
    assert path.read_text(encoding="utf-8") == "# header\noa: Annotation exact tagging\n"
    assert "oa: 3 terms" in capsys.readouterr().err


@pytest.mark.parametrize("argument", ["nonsense", "zz=file.ttl", "oa="])
def test_a_wrong_argument_is_a_usage_error(
    argument: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main([argument])
    assert "PREFIX=FILE" in capsys.readouterr().err
