"""Generations: complete before they are named, swept when nobody needs them."""

from pathlib import Path

import pytest

from graph_api.builder.generations import Generations, open_current
from graph_api.errors import CannotRunError
from graph_api.folder import DataFolder
from graph_api.store.base import Delta
from graph_api.store.oxigraph import OxigraphStore
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad

G = Iris().graph("corpus")


def quad(n: int) -> Quad:
    return Quad(Iri(f"https://example.org/{n}"), Iri("https://example.org/p"), Literal("é\n"), G)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path / "var")
    folder.init()
    return folder


@pytest.fixture
def store(folder: DataFolder) -> OxigraphStore:
    return OxigraphStore(folder.store / "quads")


def write(store: OxigraphStore, *numbers: int) -> Delta:
    with store.writer() as writer:
        return writer.replace(G, [quad(n) for n in numbers])


def numbers(folder: DataFolder, suffix: str = "") -> list[int]:
    return sorted(
        int(p.name.partition(".")[0]) for p in folder.generations.iterdir() if p.suffix == suffix
    )


def test_there_is_none_before_the_first(folder: DataFolder) -> None:
    assert Generations(folder).current() is None
    with pytest.raises(CannotRunError, match="maillon build"):
        open_current(folder)


def test_the_first_of_a_run_has_a_snapshot_the_next_a_delta(
    folder: DataFolder, store: OxigraphStore
) -> None:
    generations = Generations(folder)
    first = generations.publish(store, write(store, *range(20)), "index/a", "hash")
    assert (first.generation, first.quads, first.index, first.hash) == (1, 20, "index/a", "hash")
    assert (first.snapshot, first.delta) == ("generations/1.nq", None)
    assert len((folder.root / "generations/1.nq").read_text().splitlines()) == 20
    second = generations.publish(store, write(store, *range(1, 21)), "index/a", None)
    assert (second.snapshot, second.delta) == (None, "generations/2.delta")
    lines = (folder.root / "generations/2.delta").read_text().split("\n")[:-1]
    assert [line[:2] for line in lines] == ["D ", "A "]
    assert lines[1].endswith(f"<{G}> .")
    assert generations.current() == second
    third = Generations(folder).publish(store, write(store, 1), "index/a", None)
    assert third.snapshot == "generations/3.nq"


def test_long_deltas_are_followed_by_a_snapshot(folder: DataFolder, store: OxigraphStore) -> None:
    generations = Generations(folder)
    generations.publish(store, write(store, *range(4)), "i", None)
    second = generations.publish(store, write(store, *range(100)), "i", None)
    assert second.delta is not None
    assert second.snapshot is not None


def test_a_graph_too_large_for_memory_readers_has_neither(
    folder: DataFolder, store: OxigraphStore
) -> None:
    generations = Generations(folder, reader_memory=420)
    generation = generations.publish(store, write(store, 1, 2), "i", None)
    assert (generation.snapshot, generation.delta) == (None, None)


def test_three_checkpoints_stay_and_the_way_from_the_last_snapshot(
    folder: DataFolder, store: OxigraphStore
) -> None:
    generations = Generations(folder, grace=0)
    for n in range(6):
        generations.publish(store, write(store, *range(100), 1000 + n), "i", None)
    assert numbers(folder) == [4, 5, 6]
    assert numbers(folder, ".nq") == [1]
    assert numbers(folder, ".delta") == [2, 3, 4, 5, 6]
    late = Generations(folder, grace=0)
    for n in range(4):
        late.publish(store, write(store, *range(100), 2000 + n), "i", None)
    assert numbers(folder, ".nq") == [7]
    assert numbers(folder, ".delta") == [8, 9, 10]


def test_a_checkpoint_within_its_grace_stays(folder: DataFolder, store: OxigraphStore) -> None:
    generations = Generations(folder, grace=60)
    for n in range(6):
        generations.publish(store, write(store, n), "i", None)
    assert numbers(folder) == [1, 2, 3, 4, 5, 6]


def test_what_a_crash_left_is_removed_and_overwritten(
    folder: DataFolder, store: OxigraphStore
) -> None:
    write(store, 1)
    store.checkpoint(folder.generations / "1")
    (folder.generations / "1.nq").write_text("half")
    generations = Generations(folder)
    generations.sweep()
    assert list(folder.generations.iterdir()) == []
    store.checkpoint(folder.generations / "1")
    assert generations.publish(store, Delta(), "i", None).generation == 1
    assert len(open_current(folder)) == 1


def test_a_current_file_that_is_rubbish_is_none(folder: DataFolder) -> None:
    folder.current.write_text("{")
    assert Generations(folder).current() is None
    assert Generations(folder).next_number() == 1


def test_a_checkpoint_that_vanished_is_told(folder: DataFolder, store: OxigraphStore) -> None:
    Generations(folder).publish(store, write(store, 1), "i", None)
    folder.current.write_text(folder.current.read_text().replace("generations/1", "generations/9"))
    with pytest.raises(CannotRunError, match="maillon build"):
        open_current(folder)
