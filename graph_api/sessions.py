"""Sessions of curators: a token is shown once, then a signed cookie stands for it.

The cookie names the token and the time; nothing is kept but the key that signs. A token that is revoked
or has expired ends its sessions at once.
"""

import hashlib
import hmac
import os
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

from graph_api import durable
from graph_api.access import Token, TokenFile
from graph_api.errors import ForbiddenError, NotAllowedError
from graph_api.folder import DataFolder

__all__ = ["COOKIE", "Session", "Sessions"]

COOKIE = "maillon_session"

_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody who logged in. ``csrf`` stands in each form of the session, and only there."""

    token: Token
    csrf: str

    def check_form(self, given: str) -> None:
        """Make sure that a form was ours. Raises ForbiddenError."""
        if not hmac.compare_digest(self.csrf.encode(), given.encode()):
            raise ForbiddenError("this form is not of your session: load the page again")


class Sessions:
    """The sessions of one data folder; a session ends ``hours`` after it began."""

    def __init__(self, folder: DataFolder, hours: float) -> None:
        self._tokens = TokenFile(folder)
        self._path = folder.access / "session.key"
        self._seconds = hours * 3600

    @property
    def seconds(self) -> int:
        """How long a session lasts."""
        return int(self._seconds)

    def begin(self, secret: str, scope: str) -> str:
        """Return the cookie's value for the token that ``secret`` is.

        Raises:
            NotAllowedError, ForbiddenError: see :meth:`TokenFile.check`.
        """
        token = self._tokens.check(secret.strip(), scope)
        said = f"{token.id}.{int(time.time())}.{secrets.token_hex(8)}"
        return f"{said}.{self._sign('session', said)}"

    def read(self, cookie: str, scope: str) -> Session:
        """Return the session of a cookie.

        Raises:
            NotAllowedError: there is none, it is over, or it was not made here.
            ForbiddenError: its token may not do what ``scope`` says.
        """
        said, _, signature = cookie.rpartition(".")
        parts = said.split(".")
        own = hmac.compare_digest(signature.encode(), self._sign("session", said).encode())
        if len(parts) != 3 or not own:
            raise NotAllowedError("log in first")
        token_id, began, _ = parts
        if time.time() - int(began) > self._seconds:
            raise NotAllowedError("the session is over: log in again")
        return Session(self._tokens.valid(token_id, scope), self._sign("form", said))

    def _sign(self, purpose: str, said: str) -> str:
        message = f"{purpose}:{said}".encode()
        return hmac.new(self._key(), message, hashlib.sha256).hexdigest()

    def _key(self) -> bytes:
        try:
            return self._path.read_bytes()
        except FileNotFoundError:
            return _make_key(self._path)


def _make_key(path: Path) -> bytes:
    """Make the key, or read the one that another process made in this moment."""
    made = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    durable.write_bytes(made, secrets.token_bytes(_KEY_BYTES), mode=0o600)
    try:
        os.link(made, path)
    except FileExistsError:
        return path.read_bytes()
    finally:
        made.unlink()
    return path.read_bytes()
