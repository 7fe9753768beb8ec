import json
import os
from pathlib import Path

import pytest

from graph_api.errors import EngineDownError
from graph_api.search_index import GenerationIndex
from search.build import IndexBuilder
from search.records import Record, RecordType
from search.service import SearchRequest


def publish(data: Path, folder: str, name: str) -> None:
    path = data / "index" / folder
    opening = IndexBuilder.open_writer(path) if path.exists() else IndexBuilder.create(path, ())
    with opening as builder:
        iri = f"https://x.example/id/actor/{name}"
        builder.replace_entities(
            [Record(iri, RecordType.ENTITY, "actor", ((name, "fr"),), text=name, entity=iri)]
        )
        builder.commit()
    point(data, f"index/{folder}")


def point(data: Path, index: str) -> None:
    current = data / "generations" / "current.json"
    current.parent.mkdir(exist_ok=True)
    made = current.with_suffix(".new")
    made.write_text(json.dumps({"generation": 1, "index": index}))
    made.replace(current)
    later = current.stat().st_mtime_ns + 10_000_000
    os.utime(current, ns=(later, later))


def total(source: GenerationIndex) -> int:
    return source.current().search(SearchRequest()).total


def test_without_a_generation_the_engine_is_down_not_empty(tmp_path: Path) -> None:
    source = GenerationIndex(tmp_path)
    with pytest.raises(EngineDownError):
        source.current()
    publish(tmp_path, "one", "a")
    assert total(source) == 1


def test_a_newer_generation_of_the_same_folder_is_seen(tmp_path: Path) -> None:
    publish(tmp_path, "one", "a")
    source = GenerationIndex(tmp_path)
    service = source.current()
    assert source.current() is service
    publish(tmp_path, "one", "b")
    assert total(source) == 2
    assert source.current() is service


def test_another_folder_is_opened_and_a_broken_one_leaves_the_old(tmp_path: Path) -> None:
    publish(tmp_path, "one", "a")
    source = GenerationIndex(tmp_path)
    assert total(source) == 1
    point(tmp_path, "index/missing")
    assert total(source) == 1
    publish(tmp_path, "two", "b")
    publish(tmp_path, "two", "c")
    assert total(source) == 2


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"index": "../../etc"}'])
def test_rubbish_in_the_file_is_an_engine_that_is_down(tmp_path: Path, text: str) -> None:
    (tmp_path / "generations").mkdir()
    (tmp_path / "generations" / "current.json").write_text(text)
    with pytest.raises(EngineDownError):
        GenerationIndex(tmp_path).current()
