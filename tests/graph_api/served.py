"""``maillon serve``, or its web process alone, as real processes over a data folder."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import create_server
from typing import Any

import httpx

from graph_api.serving import environment_of, open_listener
from graph_api.settings import Settings
from tests.conftest import ROOT
from tests.graph_api.published import descendants

__all__ = ["Running", "Web", "free_port", "gone", "serving", "start", "wait"]

_CODE = """
import sys
from graph_api.errors import MaillonError
from graph_api.serving import serve
from graph_api.settings import Settings
try: sys.exit(serve(Settings.from_env()))
except MaillonError as error: print(error.detail); sys.exit(error.exit_code)
"""


def free_port() -> int:
    """Return a port that nobody listens on."""
    with create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def start(data: Path, port: int, **changed: Any) -> subprocess.Popen[str]:
    """Start the supervisor; its own errors come as lines, as the command line prints them."""
    settings = Settings(data=data, port=port, log_format="text", locale="en", **changed)
    environment = environment_of(settings) | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", _CODE],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )


@dataclass
class Running:
    """A supervisor that serves."""

    process: subprocess.Popen[str]
    data: Path
    port: int

    def answers(self, path: str = "/sparql?query=ASK%7B%7D") -> bool:
        """Whether a GET is answered by 200."""
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=30).status_code == 200
        except httpx.TransportError:
            return False

    def child(self, role: str) -> int:
        """Return the process that plays ``role``, or 0."""
        for pid in descendants(self.process.pid):
            try:
                words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            except (FileNotFoundError, ProcessLookupError):
                continue  # it ended meanwhile
            if b"graph_api.serving" in words and role.encode() in words:
                return pid
        return 0


@dataclass
class Web:
    """A web process that serves, with its zygote and workers, without a builder."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def origin(self) -> str:
        """Its address."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def endpoint(self) -> str:
        """The address of its SPARQL service."""
        return f"{self.origin}/sparql"

    def is_ready(self) -> bool:
        """Whether queries are answered."""
        return httpx.get(f"{self.endpoint}?query=ASK%7B%7D", timeout=30).status_code == 200


@contextmanager
def serving(data: Path, **changed: Any) -> Iterator[Web]:
    """The web process that the supervisor would start, over generations that a test published.

    No builder: it would bring the graph in step with the sources, which these folders do not have.
    All its processes are gone after.
    """
    settings = Settings(data=data, port=0, log_format="text", locale="en", **changed)
    with open_listener(settings) as listener:
        role = ["-m", "graph_api.serving", "web", str(os.getpid()), str(listener.fileno())]
        process = subprocess.Popen(
            [sys.executable, "-P", *role],
            env=environment_of(settings) | {"PYTHONPATH": str(ROOT)},
            pass_fds=[listener.fileno()],
            stderr=subprocess.DEVNULL,
        )
        web = Web(process, listener.getsockname()[1])
    try:
        wait(web.is_ready)
        yield web
    finally:
        below = descendants(process.pid)
        process.kill()
        process.wait()
        wait(lambda: gone(below), seconds=60)


def wait(condition: Callable[[], object], seconds: float = 20) -> None:
    """Wait until ``condition()`` holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def gone(pids: set[int]) -> bool:
    """Whether all have ended."""
    return not any(_alive(pid) for pid in pids)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
