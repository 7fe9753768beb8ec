"""The data folder: made once, locked by one, reachable at any depth."""

import json
import threading
from pathlib import Path

import pytest

from graph_api.errors import CannotRunError
from graph_api.folder import KEPT, DataFolder


def test_init_makes_everything_and_a_second_time_nothing(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / "deep" / "var")
    assert folder.init()
    assert all((folder.root / name).is_dir() for name in KEPT)
    before = {p: p.stat().st_mtime_ns for p in folder.root.rglob("*")}
    assert not folder.init()
    assert {p: p.stat().st_mtime_ns for p in folder.root.rglob("*")} == before


def test_init_refuses_a_folder_of_others(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(CannotRunError, match="is not empty and is not a data folder"):
        DataFolder(tmp_path).init()
    assert [p.name for p in tmp_path.iterdir()] == ["holiday.jpg"]


def test_init_says_that_a_place_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CannotRunError, match="cannot be written"):
        DataFolder(tmp_path / "file" / "var").init()


def test_check_names_the_command_that_helps(tmp_path: Path) -> None:
    with pytest.raises(CannotRunError, match="maillon init"):
        DataFolder(tmp_path).check()


@pytest.mark.parametrize("version", ['{"format": 99}', '{"format": "1"}', "[]", "{", "null"])
def test_check_refuses_what_it_does_not_know(tmp_path: Path, version: str) -> None:
    folder = DataFolder(tmp_path)
    folder.init()
    folder.version.write_text(version)
    with pytest.raises(CannotRunError):
        folder.check()


def test_the_second_holder_is_told_who_is_first(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.init()
    with (
        folder.lock("maillon serve"),
        pytest.raises(CannotRunError, match=r"in use by `maillon serve` \(process \d+\)"),
        folder.lock("maillon build"),
    ):
        pytest.fail("two holders")
    with folder.lock("maillon build"):
        pass


def test_the_socket_works_below_a_long_path(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path / ("long" * 30) / "var")
    folder.init()
    assert folder.connect() is None
    with folder.listen() as listener:
        got: list[bytes] = []

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                got.append(connection.recv(10))

        thread = threading.Thread(target=serve)
        thread.start()
        connection = folder.connect()
        assert connection is not None
        with connection:
            connection.sendall(b"hello")
        thread.join()
    assert got == [b"hello"]
    assert folder.connect() is None  # the file is there, nobody listens


def test_the_version_is_kept_as_json(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.init()
    assert json.loads(folder.version.read_text()) == {"format": 1}
