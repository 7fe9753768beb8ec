"""The whoosh engine keeps the contract."""

from pathlib import Path

import pytest

from search.engines.base import Engine, IndexUnusableError, PhraseQuery, Should, Term
from search.engines.tantivy import TantivyEngine
from search.engines.whoosh import WhooshEngine
from tests.search.engine_contract import ENTRIES, SCHEMA, EngineContract


class TestWhoosh(EngineContract):
    @pytest.fixture
    def engine(self) -> Engine:
        return WhooshEngine()


def made(folder: Path) -> WhooshEngine:
    engine = WhooshEngine()
    engine.create(folder, SCHEMA)
    return engine


def test_an_index_that_it_did_not_write_is_refused_before_its_pickles_are_read(
    tmp_path: Path,
) -> None:
    folder = tmp_path / "index"
    engine = made(folder)
    (folder / "maillon.json").unlink()
    for toc in folder.glob("*.toc"):
        toc.write_bytes(b"cposix\nsystem\n(S'touch owned'\ntR.")
    with pytest.raises(IndexUnusableError, match="no index of this engine"):
        engine.reader(folder, SCHEMA)
    (folder / "maillon.json").write_text('{"engine": "whoosh", "version": "2.7.4"}')
    with pytest.raises(IndexUnusableError, match=r"2\.7\.4"):
        engine.writer(folder, SCHEMA)


def test_a_folder_that_others_may_write_to_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    engine = made(folder)
    folder.chmod(0o777)
    with pytest.raises(IndexUnusableError, match="others may write"):
        engine.reader(folder, SCHEMA)


# whoosh leaves a file that it cannot read to the garbage collector
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_damaged_index_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    engine = made(folder)
    for toc in folder.glob("*.toc"):
        toc.write_bytes(bytes(40))
    with pytest.raises(IndexUnusableError):
        engine.reader(folder, SCHEMA)


def test_scores_are_those_of_tantivy(tmp_path: Path) -> None:
    """The weights of the ranking mean the same in both."""
    query = Should((Term("body", "red"), PhraseQuery("body", ((0, "red"), (1, "green")))))
    scores = []
    for engine in (WhooshEngine(), TantivyEngine()):
        folder = tmp_path / engine.name
        engine.create(folder, SCHEMA)
        with engine.writer(folder, SCHEMA) as writer:
            writer.add(ENTRIES)
            writer.commit()
        found = engine.reader(folder, SCHEMA).search(query, 10).entries
        scores.append({payload: score for score, payload in found})
    assert scores[0] == pytest.approx(scores[1], rel=0.01)
