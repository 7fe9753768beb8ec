"""Sessions: a signed cookie that stands for a token, as long as the token is good."""

import time
from pathlib import Path

import pytest

from graph_api.access import TokenFile
from graph_api.errors import ForbiddenError, NotAllowedError
from graph_api.folder import DataFolder
from graph_api.sessions import Sessions


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path)
    folder.init()
    return folder


def test_a_session_stands_for_its_token_and_ends_with_it(folder: DataFolder) -> None:
    tokens = TokenFile(folder)
    secret, token = tokens.create("camille", ("review",))
    cookie = Sessions(folder, 1).begin(f" {secret}\n", "review")
    assert secret not in cookie
    assert Sessions(folder, 1).read(cookie, "review").token == token
    with pytest.raises(ForbiddenError):
        Sessions(folder, 1).read(cookie, "ingest")
    tokens.revoke(token.id)
    with pytest.raises(NotAllowedError, match="revoked"):
        Sessions(folder, 1).read(cookie, "review")


def test_a_session_is_over_after_its_hours(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret, _ = TokenFile(folder).create("camille", ("review",))
    cookie = Sessions(folder, 1).begin(secret, "review")
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 3_700)
    with pytest.raises(NotAllowedError, match="over"):
        Sessions(folder, 1).read(cookie, "review")
    assert Sessions(folder, 2).read(cookie, "review")


def test_what_was_not_signed_here_is_no_session(folder: DataFolder, tmp_path: Path) -> None:
    secret, token = TokenFile(folder).create("camille", ("review",))
    sessions = Sessions(folder, 1)
    cookie = sessions.begin(secret, "review")
    said, _, signature = cookie.rpartition(".")
    csrf = sessions.read(cookie, "review").csrf
    forged = [
        "", "...", "a.b.c.d", f"{said}.", f"{said}.{csrf}", f"{said}0.{signature}",
        f"{token.id}.9999999999.00.{signature}", f"é.{signature}", cookie[:-1],
    ]  # fmt: skip
    for each in forged:
        with pytest.raises(NotAllowedError):
            sessions.read(each, "review")
    assert (folder.access / "session.key").stat().st_mode & 0o777 == 0o600
    with pytest.raises(NotAllowedError):
        sessions.begin("mln_wrong", "review")


def test_a_form_of_another_session_is_refused(folder: DataFolder) -> None:
    secret, _ = TokenFile(folder).create("camille", ("review",))
    sessions = Sessions(folder, 1)
    mine = sessions.read(sessions.begin(secret, "review"), "review")
    other = sessions.read(sessions.begin(secret, "review"), "review")
    mine.check_form(mine.csrf)
    for given in ("", "é", other.csrf):
        with pytest.raises(ForbiddenError):
            mine.check_form(given)
