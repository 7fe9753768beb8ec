"""Index folders: made once, changed in place, refused when another version wrote them."""

import json
import os
import random
import signal
import subprocess
import sys
import textwrap
import time
from dataclasses import replace
from pathlib import Path

import pytest

from search.build import IndexBuilder, IndexBusyError, IndexUnusableError, index_version
from search.service import SearchRequest, SearchService
from tests.conftest import ROOT
from tests.search.samples import DLA, DOCUMENTS, ENTITIES, FRENCH, NAMES, entity


def total(folder: Path) -> int:
    return SearchService.open(folder).search(SearchRequest()).total


def test_create_makes_a_whole_folder(tmp_path: Path) -> None:
    folder = tmp_path / "index" / "v1"
    with IndexBuilder.create(folder, NAMES):
        pass
    assert json.loads((folder / "meta.json").read_text())["version"] == index_version()
    assert sorted(p.name for p in folder.iterdir()) == ["engine", "meta.json", "thesaurus.json"]
    assert total(folder) == 0
    with pytest.raises(FileExistsError):
        IndexBuilder.create(folder, NAMES)


def test_replacing_twice_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with IndexBuilder.create(folder, NAMES) as builder:
        for _ in range(3):
            builder.replace_document(FRENCH, DOCUMENTS[FRENCH])
            builder.replace_entities((*ENTITIES, replace(entity(DLA), weight=9.0)))
            builder.commit()
    assert total(folder) == len(DOCUMENTS[FRENCH]) + len(ENTITIES)


def test_records_of_another_document_are_refused_before_anything_changes(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with IndexBuilder.create(folder, NAMES) as builder:
        builder.replace_document(FRENCH, DOCUMENTS[FRENCH])
        with pytest.raises(ValueError, match="is not of document"):
            builder.replace_document("d" * 64, DOCUMENTS[FRENCH])
        builder.commit()
    assert total(folder) == len(DOCUMENTS[FRENCH])


def test_one_writer(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    with IndexBuilder.create(folder, NAMES), pytest.raises(IndexBusyError):
        IndexBuilder.open_writer(folder)
    IndexBuilder.open_writer(folder).close()


def test_another_version_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "index"
    IndexBuilder.create(folder, NAMES).close()
    (folder / "meta.json").write_text('{"version": "tantivy-0-s0-a0"}')
    with pytest.raises(IndexUnusableError):
        IndexBuilder.open_writer(folder)


@pytest.mark.parametrize("meta", ["", "[]", "{}", "3", None])
def test_half_made_folders_are_no_index(tmp_path: Path, meta: str | None) -> None:
    folder = tmp_path / "index"
    IndexBuilder.create(folder, NAMES).close()
    (folder / "meta.json").unlink()
    if meta is not None:
        (folder / "meta.json").write_text(meta)
    with pytest.raises(IndexUnusableError):
        IndexBuilder.open_writer(folder)


WRITER = """
    import sys
    from dataclasses import replace
    from pathlib import Path
    from search.build import IndexBuilder
    from tests.search.samples import ENTITIES
    with IndexBuilder.open_writer(Path(sys.argv[1])) as builder:
        for n in range(10_000):
            builder.replace_entities([replace(ENTITIES[0], id=f"https://x/{n}")])
            builder.commit()
            print(n + 1, flush=True)
"""


@pytest.mark.service
def test_a_killed_writer_loses_nothing_acknowledged(tmp_path: Path, soak: int) -> None:
    folder = tmp_path / "index"
    IndexBuilder.create(folder, NAMES).close()
    chance = random.Random(5)  # noqa: S311 - moments to kill at
    reader = SearchService.open(folder)
    for kill in range(max(10, 2 * soak)):
        before = total(folder)
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(folder)]
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        ) as writer:
            assert writer.stdout is not None
            acknowledged = 0
            for line in writer.stdout:
                acknowledged = int(line)
                if acknowledged == 1 + kill % 3:
                    break
            time.sleep(chance.uniform(0, 0.15))  # somewhere in the next commits
            writer.send_signal(signal.SIGKILL)
            acknowledged = max([acknowledged, *map(int, writer.stdout.read().split())])
        assert reader.search(SearchRequest()).total == before
        reader.reload()
        assert reader.search(SearchRequest()).total >= max(before, acknowledged)
        assert total(folder) == reader.search(SearchRequest()).total
    IndexBuilder.open_writer(folder).close()
