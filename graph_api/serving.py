"""``maillon serve``: one supervisor, the builder and the web process below it.

The supervisor holds the listening socket, so that the web process can be replaced without a refused
connection, and restarts what dies. The children get a SIGTERM from the kernel should it die itself:
nothing of it stays behind. The web process starts the query workers.
"""

import contextlib
import ctypes
import fcntl
import http.client
import logging
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path

from graph_api.cli.messages import tell
from graph_api.errors import CannotRunError
from graph_api.folder import DataFolder
from graph_api.logs import configure_logging
from graph_api.proxies import parse_networks
from graph_api.settings import Settings

__all__ = ["environment_of", "main", "open_listener", "serve"]

_PR_SET_PDEATHSIG = 1
_BACKLOG = 512
_POLL_SECONDS = 0.1
_FIRST_PAUSE, _LONGEST_PAUSE, _STEADY_SECONDS = 0.2, 30.0, 30.0
_STOP_SECONDS = {"web": 10.0, "builder": 60.0}
_LOG = logging.getLogger("maillon.supervisor")


def serve(settings: Settings) -> int:
    """Serve until SIGTERM or SIGINT; return the exit code.

    Raises:
        CannotRunError: the port is taken, or the data folder is being served already.
        SettingsError: the trusted proxies cannot be read.
    """
    parse_networks(settings.trusted_proxies)
    folder = DataFolder(settings.data)
    folder.check()
    with _lock(folder), open_listener(settings) as listener:
        configure_logging(settings)
        return _Supervisor(settings, listener).run()


def open_listener(settings: Settings) -> socket.socket:
    """Return the listening socket.

    Raises:
        CannotRunError: a sentence on what is in the way and what to do.
    """
    where = f"port {settings.port} of {settings.host}"
    try:
        found = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        family, kind, protocol, _, address = found[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise CannotRunError(f"{settings.host} is no address of this machine") from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # A client that stops reading: uvicorn would keep its connection until all is sent. Accepted
        # sockets inherit the option, and the kernel ends them when nothing moved for so long.
        idle = int(settings.write_seconds * 1000)
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, idle)
        listener.bind(address)
        listener.listen(_BACKLOG)
    except PermissionError as error:
        listener.close()
        raise CannotRunError(f"{where} needs rights; choose one above 1023 with --port") from error
    except OSError as error:
        listener.close()
        raise CannotRunError(f"{where} is in use; choose another with --port") from error
    return listener


def environment_of(settings: Settings) -> dict[str, str]:
    """Return the environment in which ``Settings.from_env`` reads these very settings."""
    given = {name: value for name, value in os.environ.items() if not name.startswith("MAILLON_")}
    for each in fields(settings):
        value = getattr(settings, each.name)
        given[f"MAILLON_{each.name.upper()}"] = (
            str(value).lower() if isinstance(value, bool) else str(value)
        )
    given["MAILLON_DATA"] = str(settings.data.absolute())
    return given


@contextlib.contextmanager
def _lock(folder: DataFolder) -> Iterator[None]:
    """Be the only ``serve`` of the folder. The lock ends with the process, however it ends."""
    path = folder.run / "serve.lock"
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise CannotRunError(
            f"the data folder {folder.root} cannot be written: {error.strerror}"
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    except BlockingIOError as error:
        other = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
        raise CannotRunError(
            f"the data folder {folder.root} is in use by `maillon serve` (process {other})"
        ) from error
    finally:
        os.close(descriptor)


@dataclass(eq=False, slots=True)
class _Child:
    """One role and, while it runs, its process."""

    role: str
    descriptors: tuple[int, ...] = ()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    not_before: float = 0.0
    pause: float = _FIRST_PAUSE

    def start(self, environment: dict[str, str]) -> None:
        command = [
            sys.executable, "-P", "-m", "graph_api.serving", self.role, str(os.getpid()),
            *map(str, self.descriptors),
        ]  # fmt: skip
        self.started = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            env=environment,
            pass_fds=self.descriptors,
            stdin=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the supervisor, which stops them in order
        )

    def collect(self) -> bool:
        """Return whether it has ended since the last look; then plan its next start."""
        if self.process is None or self.process.poll() is None:
            return False
        _LOG.warning("the %s process ended with %s", self.role, self.process.returncode)
        self.process = None
        now = time.monotonic()
        steady = now - self.started > _STEADY_SECONDS
        self.pause = _FIRST_PAUSE if steady else min(self.pause * 2, _LONGEST_PAUSE)
        self.not_before = now + self.pause
        return True

    def stop(self) -> None:
        """End it, kindly at first."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(_STOP_SECONDS[self.role])
        except subprocess.TimeoutExpired:
            _LOG.error("the %s process does not stop, killing it", self.role)
            self.process.kill()
            self.process.wait()


class _Supervisor:
    """Starts, watches, restarts and stops the children; one thread, woken by signals."""

    def __init__(self, settings: Settings, listener: socket.socket) -> None:
        self.environment = environment_of(settings)
        root = str(Path(__file__).parent.parent)
        path = [root, *filter(None, [self.environment.get("PYTHONPATH")])]
        self.environment["PYTHONPATH"] = os.pathsep.join(path)
        self.settings = settings
        self.port: int = listener.getsockname()[1]
        self.children = [_Child("builder"), _Child("web", (listener.fileno(),))]
        self.stopping = False
        self.announced = False
        self.wake_read, self.wake_write = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)

    def run(self) -> int:
        def stop(*_: object) -> None:
            self.stopping = True

        signal.set_wakeup_fd(self.wake_write)
        signal.signal(signal.SIGTERM, stop)
        signal.signal(signal.SIGINT, stop)
        signal.signal(signal.SIGCHLD, lambda *_: None)  # only so that it wakes the loop
        try:
            while not self.stopping:
                for child in self.children:
                    child.collect()
                    if child.process is None and time.monotonic() >= child.not_before:
                        child.start(self.environment)
                if not self.announced:
                    self._announce()
                self._sleep()
        finally:
            # The web process first: what it still hands over, the builder takes.
            for child in reversed(self.children):
                child.stop()
            signal.set_wakeup_fd(-1)
        return 0

    def _sleep(self) -> None:
        waiting = not self.announced or any(child.process is None for child in self.children)
        timeout = _POLL_SECONDS if waiting else None
        if select.select([self.wake_read], [], [], timeout)[0]:
            os.read(self.wake_read, 4096)

    def _announce(self) -> None:
        """Print the address once queries and search are answered."""
        host = self.settings.host
        reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared
        connection = http.client.HTTPConnection(reached, self.port, timeout=2)
        try:
            connection.request("GET", f"{self.settings.base_path.rstrip('/')}/ready")
            ready = connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return
        finally:
            connection.close()
        if ready:
            self.announced = True
            shown = f"[{reached}]" if ":" in reached else reached
            address = f"http://{shown}:{self.port}{self.settings.base_path.rstrip('/')}/"
            tell("The portal is at {address}; stop it with Ctrl-C.", address=address)
            sys.stdout.flush()


def main(argv: list[str]) -> int:
    """Be one of the children: ``builder`` or ``web``, as told by the supervisor ``argv[2]``."""
    role, supervisor = argv[1], int(argv[2])
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != supervisor:  # it died before the line above
        return 0
    settings = Settings.from_env()
    if role == "builder":
        from graph_api.builder import server

        return server.main(["--data", str(settings.data)])
    from graph_api.web import run_web

    run_web(settings, socket.socket(fileno=int(argv[3])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv))
