"""Uploads that wait in the inbox: found by their place there, and by nothing else."""

from pathlib import Path

import pytest

from graph_api.client import new_upload
from graph_api.errors import BadInputError, MissingError
from graph_api.folder import DataFolder
from graph_api.uploads import staged_file


def test_what_was_spooled_is_found_again(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.init()
    place, spooled = new_upload(folder, "../a report.md")
    assert spooled["name"] == "a report.md"
    with pytest.raises(MissingError):
        staged_file(folder, spooled["spooled"])
    place.write_bytes(b"x")
    assert staged_file(folder, spooled["spooled"]) == place


@pytest.mark.parametrize(
    "name", ["", "file", "../../etc/passwd", "0123456789abcdef/../x", "/etc/passwd", "0" * 16]
)
def test_no_other_path_is_reached(tmp_path: Path, name: str) -> None:
    folder = DataFolder(tmp_path)
    folder.init()
    with pytest.raises(BadInputError):
        staged_file(folder, name)
