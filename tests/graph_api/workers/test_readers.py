"""What is published, and the way to it by snapshot and deltas."""

from pathlib import Path

import pytest

from graph_api.workers.readers import Published, find_snapshot, read_published
from tests.graph_api.published import Publisher, quads


def test_published(tmp_path: Path) -> None:
    assert read_published(tmp_path) is None
    Publisher(tmp_path, quads(3)).publish()
    assert read_published(tmp_path) == Published(1, tmp_path / "generations/1", 3)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"generation": "x", "store": "", "quads": 1}'])
def test_rubbish_is_told(tmp_path: Path, text: str) -> None:
    (tmp_path / "generations").mkdir()
    (tmp_path / "generations" / "current.json").write_text(text)
    with pytest.raises(ValueError, match=r".+"):
        read_published(tmp_path)


@pytest.mark.parametrize(
    ("files", "generation", "loaded", "expected"),
    [
        ([], 3, 0, None),
        (["3.nq"], 3, 0, 3),
        (["1.nq", "2.delta", "3.delta"], 3, 0, 1),
        (["1.nq", "3.delta"], 3, 0, None),
        (["2.delta", "3.delta"], 3, 1, 0),
        (["3.nq"], 3, 3, 0),
        (["3.nq", "3.delta"], 3, 2, 3),
        (["1.nq", "2.delta", "3.nq", "4.delta"], 4, 1, 3),
    ],
)
def test_the_way_to_a_generation(
    tmp_path: Path, files: list[str], generation: int, loaded: int, expected: int | None
) -> None:
    for name in files:
        (tmp_path / name).touch()
    assert find_snapshot(tmp_path, generation, loaded) == expected
