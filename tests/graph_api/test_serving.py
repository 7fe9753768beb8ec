"""``maillon serve`` as real processes: start, refusals, what dies comes back, nothing stays behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from graph_api.errors import CannotRunError
from graph_api.serving import environment_of, open_listener
from graph_api.settings import Settings
from tests.graph_api.published import Publisher, descendants, quads

pytestmark = pytest.mark.service

START = "from graph_api.settings import Settings; from graph_api.serving import serve; import sys; "
ROOT = Path(__file__).parent.parent.parent


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


def start(data: Path, port: int) -> subprocess.Popen[str]:
    """Start the supervisor; its own errors come as lines, as the command line prints them."""
    code = START + (
        "from graph_api.errors import MaillonError\n"
        "try: sys.exit(serve(Settings.from_env()))\n"
        "except MaillonError as error: print(error.detail); sys.exit(error.exit_code)\n"
    )
    settings = Settings(data=data, port=port, log_format="text", locale="en")
    environment = environment_of(settings) | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", code],
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
        try:
            return httpx.get(f"http://127.0.0.1:{self.port}{path}", timeout=30).status_code == 200
        except httpx.TransportError:
            return False

    def child(self, role: str) -> int:
        for pid in descendants(self.process.pid):
            words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
            if b"graph_api.serving" in words and role.encode() in words:
                return pid
        return 0


def wait(condition: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]  # a function without parameters
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    data = tmp_path_factory.mktemp("data")
    publisher = Publisher(data, quads(30))
    publisher.publish()
    del publisher  # the builder opens the store itself
    running = Running(start(data, port := free_port()), data, port)
    wait(running.answers)
    yield running
    running.process.kill()
    running.process.communicate()


def gone(pids: set[int]) -> bool:
    return not any(_alive(pid) for pid in pids)


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_a_second_serve_is_refused(running: Running) -> None:
    second = start(running.data, free_port())
    out, _ = second.communicate(timeout=20)
    assert second.returncode == 3
    assert f"is in use by `maillon serve` (process {running.process.pid})" in out
    assert running.answers()


def test_a_busy_port_is_refused(running: Running, tmp_path: Path) -> None:
    Publisher(tmp_path, [])
    second = start(tmp_path, running.port)
    out, _ = second.communicate(timeout=20)
    assert second.returncode == 3
    assert "choose another with --port" in out


def test_a_web_process_that_dies_is_replaced(running: Running) -> None:
    victim = running.child("web")
    below = descendants(victim)
    os.kill(victim, signal.SIGKILL)
    # The port stays open: a request waits for the next web process, it is not refused.
    assert running.answers()
    assert running.child("web") not in (0, victim)
    wait(lambda: gone(below))


def test_a_builder_that_dies_is_replaced(running: Running) -> None:
    wait(lambda: running.child("builder"))
    victim = running.child("builder")
    os.kill(victim, signal.SIGKILL)
    wait(lambda: running.child("builder") not in (0, victim))
    assert running.answers()


def test_nothing_outlives_a_killed_supervisor(running: Running) -> None:
    below = descendants(running.process.pid)
    assert len(below) >= 3
    running.process.kill()
    running.process.wait()
    wait(lambda: gone(below), seconds=60)


@pytest.mark.slow  # the builder finishes what it has begun
def test_sigterm_ends_everything(tmp_path: Path) -> None:
    publisher = Publisher(tmp_path, quads(30))
    publisher.publish()
    del publisher
    running = Running(start(tmp_path, port := free_port()), tmp_path, port)
    wait(running.answers)
    below = descendants(running.process.pid)
    running.process.terminate()
    running.process.communicate(timeout=60)
    assert running.process.returncode == 0
    assert gone(below)


def test_a_port_in_use_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CannotRunError, match=f"port {port} of 127.0.0.1 is in use"):
            open_listener(Settings(port=port))


def test_an_address_of_another_machine_is_a_sentence() -> None:
    with pytest.raises(CannotRunError, match="no address of this machine"):
        open_listener(Settings(host="name.invalid", port=0))


def test_settings_survive_the_way_to_the_children(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, port=1, union_default_graph=False, fast_seconds=0.25)
    assert Settings.from_env(environment_of(settings)) == settings
