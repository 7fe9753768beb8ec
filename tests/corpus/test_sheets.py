from collections import Counter
from pathlib import Path

import pytest

from corpus import SHEETS, register
from corpus.sheets import Sheet, SheetError, load_sheets, read_sheets, reference_errors
from corpus.territories import load_territories
from ontology.folding import fold
from ontology.iris import Iris
from ontology.names import concept_names

IRIS = Iris()
GOOD = """---
type: Law
labels: {fr: Loi, en: Law}
facts:
  - definedBy: %s
    cite: [{publication: x, place: "1", fingerprint: 9-%s}]
---
# fr
Texte.
# en
Text.
"""


@pytest.fixture(scope="module")
def shipped() -> list[Sheet]:
    return load_sheets(SHEETS)


def write(folder: Path, path: str, text: str) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")


def test_every_shipped_sheet_is_right_and_refers_to_what_exists(shipped: list[Sheet]) -> None:
    concepts = {
        name.entity.removeprefix(f"{IRIS.base}/id/"): "Concept" for name in concept_names(IRIS)
    }
    known = {**load_territories().classes(), **concepts}
    assert reference_errors(shipped, known) == []


def test_the_corpus_has_what_matters_most(shipped: list[Sheet]) -> None:
    paths = {sheet.path for sheet in shipped}
    assert paths >= {
        "actor/avise", "actor/banque-des-territoires", "actor/ccis-france", "actor/fair",
        "programme/dla", "programme/fabrique-a-initiatives", "programme/pins", "programme/fonds-i",
        "programme/cap-impact", "programme/fse-plus", "programme/buicasus", "law/loi-ess",
        "law/loi-ess-article-9", "law/loi-ess-article-15", "law/ptce", "law/scic", "law/esus",
        "law/spaser",
    }  # fmt: skip
    assert len(paths) >= 40
    kinds = Counter(sheet.kind for sheet in shipped)
    assert set(kinds) >= {"actor", "programme", "law", "practice", "figure", "event", "publication"}


def test_the_register_s_publications_have_sheets(shipped: list[Sheet]) -> None:
    paths = {sheet.path for sheet in shipped}
    for publication in register.load_register().values():
        assert f"publication/{publication.slug}" in paths
        assert not publication.publisher or publication.publisher in paths


def test_the_local_support_scheme_has_one_page_under_all_its_names(shipped: list[Sheet]) -> None:
    names = {fold(name.text): name.entity for sheet in shipped for name in sheet.names(IRIS)}
    found = {
        names[fold(n)] for n in ("DLA", "dispositif local d'accompagnement", "local support scheme")
    }
    assert found == {IRIS.entity("programme", "dla")}


def test_disagreeing_sources_are_both_there(shipped: list[Sheet]) -> None:
    dla = next(sheet for sheet in shipped if sheet.path == "programme/dla")
    years = {
        str(getattr(fact.value, "value", "")): {c.place for c in fact.citations}
        for fact in dla.facts
        if fact.predicate.endswith("#createdInYear")
    }
    assert set(years) == {"2002", "2022"}
    assert years["2022"] == {"5.2.1"}


def test_no_two_sheets_share_an_assertion_or_a_preferred_name(shipped: list[Sheet]) -> None:
    claims = Counter(claim for sheet in shipped for claim, _ in sheet.claims(IRIS))
    assert max(claims.values()) == 1
    labels = Counter((lang, fold(text)) for s in shipped for lang, text in s.labels.items())
    assert [label for label, count in labels.items() if count > 1] == []


def test_bad_sheets_do_not_hide_good_ones(tmp_path: Path) -> None:
    write(tmp_path, "law/good.md", GOOD % ("actor/avise", "0" * 64))
    write(tmp_path, "law/bad.md", "no front matter")
    write(tmp_path, "gadget/x.md", GOOD % ("actor/avise", "0" * 64))
    write(tmp_path, "law/notes.txt", "not a sheet")
    (tmp_path / "law" / "latin.md").write_bytes(b"---\n\xe9\n---\n")
    sheets, errors = read_sheets(tmp_path)
    assert [sheet.path for sheet in sheets] == ["law/good"]
    assert {Path(error.file).name for error in errors} == {"bad.md", "latin.md", "x.md"}
    with pytest.raises(SheetError):
        load_sheets(tmp_path)


def test_an_empty_folder_has_no_sheets(tmp_path: Path) -> None:
    assert load_sheets(tmp_path) == []


def test_dangling_and_misfitting_references_are_reported(tmp_path: Path) -> None:
    write(tmp_path, "law/a.md", GOOD % ("actor/nobody", "0" * 64))
    write(tmp_path, "law/b.md", GOOD % ("programme/dla", "0" * 64))
    write(tmp_path, "law/c.md", GOOD % ("concept/stages/idea", "0" * 64))
    sheets = load_sheets(tmp_path)
    known = {
        "programme/dla": "Programme",
        "concept/stages/idea": "Concept",
        "publication/x": "Report",
    }
    problems = {Path(e.file).name: e.problem for e in reference_errors(sheets, known)}
    assert "does not exist" in problems["a.md"]
    assert "cannot point to programme/dla" in problems["b.md"]
    assert "cannot point to concept/stages/idea" in problems["c.md"]
    without = reference_errors(sheets[:1], {"actor/nobody": "Actor"})
    assert ["“x” has no sheet" in error.problem for error in without] == [True]
