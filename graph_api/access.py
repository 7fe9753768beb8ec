"""Tokens: who may write, and what. Only their hashes are kept.

``access/tokens.json`` is replaced as a whole under a lock of its own; the web only reads it.
"""

import fcntl
import hashlib
import json
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from starlette.requests import Request

from graph_api import durable
from graph_api.errors import BadInputError, ForbiddenError, MissingError, NotAllowedError
from graph_api.folder import DataFolder

__all__ = ["SCOPES", "Token", "TokenFile", "is_scope", "require", "require_partner"]

SCOPES = ("ingest", "review", "admin")
"""What a token can be for, beside ``partner:{id}``: that partner's data. ``admin`` includes the others."""

_PARTNER = re.compile(r"partner:[a-z0-9-]{1,40}")
_PREFIX = "mln_"
_SHOWN = 8  # letters of a token that lists show, so that its owner can tell it from others


@dataclass(frozen=True, slots=True)
class Token:
    """What is kept of a token. Times are UTC, ISO 8601; ``expires`` None means never."""

    id: str
    name: str
    hash: str
    begins: str
    scopes: tuple[str, ...]
    created: str
    expires: str | None = None
    revoked: str | None = None

    def state(self, now: datetime) -> str:
        """Return ``valid``, ``expired`` or ``revoked``."""
        if self.revoked is not None:
            return "revoked"
        expired = self.expires is not None and datetime.fromisoformat(self.expires) <= now
        return "expired" if expired else "valid"


class TokenFile:
    """The tokens of one data folder."""

    def __init__(self, folder: DataFolder) -> None:
        self._folder = folder.access
        self._path = folder.access / "tokens.json"

    def create(
        self, name: str, scopes: tuple[str, ...], days: int | None = None
    ) -> tuple[str, Token]:
        """Make a token; return its secret, which is shown once and never kept, and its record.

        Raises:
            BadInputError: no such scope, no scope, or a lifetime that is none.
        """
        if not scopes or not all(is_scope(scope) for scope in scopes):
            raise BadInputError(f"a token needs scopes among {', '.join(SCOPES)}, partner:ID")
        if days is not None and days < 1:
            raise BadInputError("a token lives at least one day")
        secret = _PREFIX + secrets.token_urlsafe(32)
        now = datetime.now(UTC)
        token = Token(
            id=secrets.token_hex(4),
            name=name,
            hash=_hash(secret),
            begins=secret[: len(_PREFIX) + _SHOWN],
            scopes=tuple(sorted(set(scopes))),
            created=_iso(now),
            expires=None if days is None else _iso(now + timedelta(days=days)),
        )
        with self._locked():
            self._write([*self.all(), token])
        return secret, token

    def revoke(self, token_id: str) -> Token:
        """Make a token worthless from now on. Raises MissingError."""
        with self._locked():
            tokens = self.all()
            for place, token in enumerate(tokens):
                if token.id == token_id:
                    tokens[place] = replace(token, revoked=token.revoked or _iso(datetime.now(UTC)))
                    self._write(tokens)
                    return tokens[place]
        raise MissingError(f"there is no token {token_id}")

    def all(self) -> list[Token]:
        """Return the tokens in the order they were made, revoked ones included."""
        try:
            rows = json.loads(self._path.read_bytes())["tokens"]
        except FileNotFoundError:
            return []
        return [Token(**{**row, "scopes": tuple(row["scopes"])}) for row in rows]

    def check(self, secret: str, scope: str) -> Token:
        """Return the token that ``secret`` is, if it may do what ``scope`` says.

        Raises:
            NotAllowedError: it is unknown, expired or revoked.
            ForbiddenError: it is valid for other things.
        """
        digest = _hash(secret)
        # Comparing hashes of random secrets leaks nothing that helps to guess one.
        token = next((t for t in self.all() if secrets.compare_digest(t.hash, digest)), None)
        if token is None:
            raise NotAllowedError("the token is unknown")
        return _usable(token, scope)

    def valid(self, token_id: str, scope: str) -> Token:
        """Return the token of that id, if it may do what ``scope`` says; raises as :meth:`check`."""
        token = next((t for t in self.all() if t.id == token_id), None)
        if token is None:
            raise NotAllowedError("the token is unknown")
        return _usable(token, scope)

    def _write(self, tokens: list[Token]) -> None:
        durable.write_json(self._path, {"tokens": [asdict(t) for t in tokens]}, mode=0o600)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self._folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def is_scope(scope: str) -> bool:
    """Whether a token can be for this."""
    return scope in SCOPES or _PARTNER.fullmatch(scope) is not None


def require_partner(request: Request) -> Token:
    """Let only bearers of a token for the partner in the path pass: a FastAPI dependency."""
    return require(f"partner:{request.path_params['partner']}")(request)


def require(scope: str) -> Callable[[Request], Token]:
    """Return a FastAPI dependency that lets only bearers of a token with ``scope`` pass, and so often."""

    def check(request: Request) -> Token:
        scheme, _, secret = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer" or not secret.strip():
            raise NotAllowedError(f"this needs a token with the scope {scope}")
        data: Path = request.app.state.services.settings.data
        token = TokenFile(DataFolder(data)).check(secret.strip(), scope)
        request.app.state.change_budget.spend(token.id)
        return token

    return check


def _usable(token: Token, scope: str) -> Token:
    state = token.state(datetime.now(UTC))
    if state != "valid":
        raise NotAllowedError(f"the token is {state}")
    if scope not in token.scopes and "admin" not in token.scopes:
        raise ForbiddenError(f"the token has not the scope {scope}")
    return token


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _iso(time: datetime) -> str:
    return time.isoformat(timespec="seconds")
