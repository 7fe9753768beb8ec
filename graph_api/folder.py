"""The data folder: where everything lies, who may write in it, and how to reach the builder."""

import fcntl
import json
import os
import re
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from graph_api import durable
from graph_api.errors import CannotRunError, FolderInUseError

__all__ = ["FORMAT", "KEPT", "SPOOLED", "DataFolder"]

FORMAT = 1
"""Version of the folder's layout; a folder with a higher one is refused."""

KEPT = (
    "documents", "sheets", "tables", "decisions", "partners", "releases", "access", "usage",
    "quality", "changes",
)  # fmt: skip
"""What a backup saves. Everything else is rebuilt from it."""

SPOOLED = re.compile(r"[0-9a-f]{16}/file")
"""How a file in the inbox is named: its place below ``run/inbox``."""

_REBUILT = (
    "store",
    "generations",
    "index",
    "extractions",
    "shipped",
    "live",
    "run",
    "run/jobs",
    "run/inbox",
)


class DataFolder:
    """Paths below one root. Making the object touches nothing; :meth:`init` makes the folders."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self.documents = self.root / "documents"
        self.sheets = self.root / "sheets"
        self.tables = self.root / "tables"
        self.decisions = self.root / "decisions"
        self.partners = self.root / "partners"
        self.releases = self.root / "releases"
        self.quality = self.root / "quality"
        self.usage = self.root / "usage"
        self.changes = self.root / "changes"
        self.live = self.root / "live"
        self.access = self.root / "access"
        self.shipped = self.root / "shipped"
        self.extractions = self.root / "extractions"
        self.store = self.root / "store"
        self.generations = self.root / "generations"
        self.current = self.generations / "current.json"
        self.index = self.root / "index"
        self.run = self.root / "run"
        self.jobs = self.run / "jobs"
        self.inbox = self.run / "inbox"
        self.version = self.root / "maillon.json"

    def init(self) -> bool:
        """Make the folders; return False if they were all there.

        Raises:
            CannotRunError: the place is taken by other files, cannot be written, or holds a newer
                layout.
        """
        fresh = not self.version.exists()
        try:
            if fresh and self.root.is_dir() and not _only_ours(self.root):
                raise CannotRunError(
                    f"{self.root} is not empty and is not a data folder of maillon; "
                    "choose another with --data"
                )
            for name in (*KEPT, *_REBUILT):
                (self.root / name).mkdir(parents=True, exist_ok=True)
            self.access.chmod(0o700)
            if fresh:
                durable.write_json(self.version, {"format": FORMAT})
        except OSError as error:
            raise CannotRunError(
                f"the data folder {self.root} cannot be written: {error.strerror}"
            ) from error
        self.check()
        return fresh

    def check(self) -> None:
        """Make sure that this is a data folder this version can work with.

        Raises:
            CannotRunError: it is not, and the message says what to do.
        """
        try:
            found = json.loads(self.version.read_bytes())["format"]
        except FileNotFoundError:
            raise CannotRunError(
                f"{self.root} is not a data folder; make one with `maillon init --data {self.root}`"
            ) from None
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise CannotRunError(f"{self.version} cannot be read: {error}") from error
        if not isinstance(found, int) or found > FORMAT:
            raise CannotRunError(
                f"{self.root} was written by a newer maillon (layout {found}, "
                f"this version reads up to {FORMAT})"
            )

    @contextmanager
    def lock(self, holder: str) -> Iterator[None]:
        """Be the only writer. ``holder`` says for what, in words for the one who is refused.

        The lock ends with the process, however it ends.

        Raises:
            FolderInUseError: another process writes; the message names it.
            CannotRunError: the folder cannot be written.
        """
        self.check()
        try:
            # A copy of the kept folders alone is a data folder too: what is rebuilt may be absent.
            for name in (*KEPT, *_REBUILT):
                (self.root / name).mkdir(exist_ok=True)
            descriptor = os.open(self.run / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        except OSError as error:
            raise CannotRunError(
                f"the data folder {self.root} cannot be written: {error.strerror}"
            ) from error
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                said = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
                by = said or "another process"
                raise FolderInUseError(f"the data folder {self.root} is in use by {by}") from None
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"`{holder}` (process {os.getpid()})\n".encode(), 0)
            yield
            os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    @contextmanager
    def lock_releases(self) -> Iterator[None]:
        """Be the only one who makes or changes releases; the builder goes on meanwhile.

        Raises:
            CannotRunError: another process does.
        """
        self.releases.mkdir(exist_ok=True)
        descriptor = os.open(self.releases / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise CannotRunError("another process is making a release") from None
        finally:
            os.close(descriptor)

    @contextmanager
    def socket_path(self) -> Iterator[str]:
        """Yield the path of the builder's socket, short enough for bind and connect.

        A socket's path may have 107 bytes; through an open descriptor of its folder it always does.
        """
        descriptor = os.open(self.run, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            yield f"/proc/self/fd/{descriptor}/builder.sock"
        finally:
            os.close(descriptor)

    def listen(self) -> socket.socket:
        """Open the builder's socket; only for the holder of the lock, who may remove an old one."""
        (self.run / "builder.sock").unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with self.socket_path() as path:
            listener.bind(path)
        (self.run / "builder.sock").chmod(0o600)
        listener.listen(64)
        return listener

    def connect(self) -> socket.socket | None:
        """Return a connection to the running builder, or None if there is none."""
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            with self.socket_path() as path:
                connection.connect(path)
        except (FileNotFoundError, ConnectionRefusedError):
            connection.close()
            return None
        except PermissionError as error:
            connection.close()
            raise PermissionError(error.errno, error.strerror, str(self.root)) from None
        except OSError:
            connection.close()
            raise
        return connection


def _only_ours(root: Path) -> bool:
    return all(entry.name in (*KEPT, *_REBUILT) for entry in root.iterdir())
