"""Tokens: shown once, kept as hashes, good for what they are for."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from starlette.requests import Request

from graph_api.access import SCOPES, TokenFile, is_scope, require, require_partner
from graph_api.errors import BadInputError, ForbiddenError, MissingError, NotAllowedError
from graph_api.folder import DataFolder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    folder = DataFolder(tmp_path)
    folder.init()
    return folder


def test_a_token_opens_its_scope_and_no_other(folder: DataFolder) -> None:
    secret, token = TokenFile(folder).create("scanner", ("ingest",))
    assert TokenFile(folder).check(secret, "ingest") == token
    with pytest.raises(ForbiddenError, match="scope review"):
        TokenFile(folder).check(secret, "review")


def test_an_admin_may_do_everything(folder: DataFolder) -> None:
    secret, _ = TokenFile(folder).create("owner", ("admin",))
    for scope in SCOPES:
        assert TokenFile(folder).check(secret, scope).name == "owner"


def test_only_the_hash_is_kept(folder: DataFolder) -> None:
    secret, token = TokenFile(folder).create("scanner", ("ingest",))
    path = folder.access / "tokens.json"
    assert secret not in path.read_text()
    assert secret.startswith(token.begins)
    assert path.stat().st_mode & 0o077 == 0
    assert len(secret) > 40


def test_revoked_and_expired_tokens_are_worth_nothing(folder: DataFolder) -> None:
    tokens = TokenFile(folder)
    secret, token = tokens.create("scanner", ("ingest",), days=1)
    assert token.state(datetime.now(UTC) + timedelta(hours=23)) == "valid"
    assert token.state(datetime.now(UTC) + timedelta(hours=25)) == "expired"
    rows = json.loads((folder.access / "tokens.json").read_text())
    rows["tokens"][0]["expires"] = "2020-01-01T00:00:00+00:00"
    (folder.access / "tokens.json").write_text(json.dumps(rows))
    with pytest.raises(NotAllowedError, match="expired"):
        tokens.check(secret, "ingest")
    other, made = tokens.create("other", ("ingest",))
    assert tokens.revoke(made.id).state(datetime.now(UTC)) == "revoked"
    with pytest.raises(NotAllowedError, match="revoked"):
        tokens.check(other, "ingest")
    assert [t.name for t in tokens.all()] == ["scanner", "other"]


@pytest.mark.parametrize("secret", ["", "mln_", "x" * 10_000, "é\0\n", "mln_" + "A" * 43])
def test_what_is_no_token_is_refused(folder: DataFolder, secret: str) -> None:
    TokenFile(folder).create("scanner", ("ingest",))
    with pytest.raises(NotAllowedError, match="unknown"):
        TokenFile(folder).check(secret, "ingest")


def test_requests_that_make_no_sense(folder: DataFolder) -> None:
    tokens = TokenFile(folder)
    for scopes in ((), ("root",), ("ingest", "root")):
        with pytest.raises(BadInputError, match="scopes among"):
            tokens.create("x", scopes)
    with pytest.raises(BadInputError, match="one day"):
        tokens.create("x", ("ingest",), days=0)
    with pytest.raises(MissingError):
        tokens.revoke("none")
    assert tokens.all() == []


def test_a_token_of_a_partner_opens_that_partner_alone(folder: DataFolder) -> None:
    tokens = TokenFile(folder)
    secret, token = tokens.create("Riga", ("partner:lv",))
    assert tokens.check(secret, "partner:lv") == token
    for scope in ("partner:ee", "partner:lvx", "partner:", "ingest"):
        with pytest.raises(ForbiddenError):
            tokens.check(secret, scope)
    for scope in ("partner:", "partner:LV", "partner:a/b", "partner"):
        assert not is_scope(scope)
        with pytest.raises(BadInputError, match="scopes among"):
            tokens.create("x", (scope,))


def test_what_is_asked_of_a_request_is_the_scope_of_its_path() -> None:
    headers = [(b"authorization", b"Basic x")]
    request = Request({"type": "http", "headers": headers, "path_params": {"partner": "lv"}})
    with pytest.raises(NotAllowedError, match="scope partner:lv"):
        require_partner(request)
    with pytest.raises(NotAllowedError, match="scope ingest"):
        require("ingest")(request)
