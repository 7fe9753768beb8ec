"""Writes that are whole or not there at all."""

import json
from pathlib import Path

import pytest

from graph_api import durable


def test_write_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    durable.write_json(path, {"b": 1})
    durable.write_json(path, {"b": 2})
    assert json.loads(path.read_text()) == {"b": 2}
    assert [p.name for p in tmp_path.iterdir()] == ["a.json"]


def test_mode_is_that_of_the_new_file(tmp_path: Path) -> None:
    durable.write_bytes(tmp_path / "secret", b"x", mode=0o600)
    assert (tmp_path / "secret").stat().st_mode & 0o777 == 0o600


def test_a_line_after_a_torn_one_stands_alone(tmp_path: Path) -> None:
    path = tmp_path / "log"
    path.write_bytes(b'{"whole": 1}\n{"torn')
    durable.append_line(path, '{"next": 2}')
    assert path.read_bytes() == b'{"whole": 1}\n{"torn\n{"next": 2}\n'


def test_a_folder_is_saved_once(tmp_path: Path) -> None:
    target = tmp_path / "doc"
    assert durable.save_folder(target, {"a": b"1"})
    assert not durable.save_folder(target, {"a": b"2"})
    assert (target / "a").read_bytes() == b"1"
    assert [p.name for p in tmp_path.iterdir()] == ["doc"]


def test_a_failed_save_leaves_no_part(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="File name too long"):
        durable.save_folder(tmp_path / "doc", {"a": b"1", "b" * 300: b"2"})
    assert list(tmp_path.iterdir()) == []
