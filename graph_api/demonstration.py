"""Two instances that exchange before one's eyes: France and Latvia, with small invented collections.

Each step is done by the commands that people use, and looked at over HTTP, where its effect must be seen.
"""

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self

from corpus import DEMO
from graph_api.errors import CannotRunError
from graph_api.serving import environment_of
from graph_api.settings import Settings

__all__ = ["Instance", "show_exchange"]

_LICENCE = "https://creativecommons.org/licenses/by/4.0/"
_MAIN = (sys.executable, "-P", "-c", "from graph_api.cli import main; main()")
_READY_SECONDS = 180.0

Tell = Callable[..., None]
"""Prints a sentence with its values."""


@dataclass(slots=True)
class Instance:
    """One country's instance: its id as a partner, name, language, port, data folder."""

    id: str
    name: str
    country: str
    language: str
    port: int
    data: Path
    process: subprocess.Popen[bytes] | None = None

    @property
    def base(self) -> str:
        """Its address, and the base of its IRIs."""
        return f"http://127.0.0.1:{self.port}"

    def iri(self, path: str) -> str:
        """The IRI of a thing of its own."""
        return f"{self.base}/id/{path}"

    def command(self, *words: str, fine: tuple[int, ...] = (0,)) -> str:
        """Run one of our commands on its folder and return what it printed.

        Raises:
            CannotRunError: it failed.
        """
        done = subprocess.run(  # noqa: S603 - our own command
            [*_MAIN, *words, "--data", str(self.data)],
            env=self._environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode not in fine:
            raise CannotRunError(f"maillon {' '.join(words)}: {done.stderr.strip()[-500:]}")
        return done.stdout

    def sheet(self, path: str) -> Path:
        """The file of a sheet."""
        return self.data / "sheets" / f"{path}.md"

    def get(self, path: str) -> tuple[int, str]:
        """Return status and text of a page."""
        try:
            with urllib.request.urlopen(self.base + path, timeout=30) as answer:  # noqa: S310 - ours
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def record(self, partner: str, iri: str) -> tuple[int, str]:
        """Return status and text of the page of a partner's record."""
        return self.get(self.record_path(partner, iri))

    def record_path(self, partner: str, iri: str) -> str:
        """The path of the page of a partner's record."""
        return f"/en/partners/{partner}/record?{urllib.parse.urlencode({'iri': iri})}"

    def __enter__(self) -> Self:
        self.command("init")
        shutil.copytree(DEMO / self.name.lower(), self.data / "sheets", dirs_exist_ok=True)
        self.command("build")
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [*_MAIN, "serve", "--port", str(self.port), "--data", str(self.data)],
            env=self._environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + _READY_SECONDS
        while not self._ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                self.__exit__(None, None, None)
                raise CannotRunError(f"the instance on port {self.port} did not start")
            time.sleep(0.3)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def _ready(self) -> bool:
        try:
            return self.get("/ready")[0] == 200
        except OSError:
            return False

    def _environment(self) -> dict[str, str]:
        settings = replace(
            Settings.from_env(data=self.data),
            base=self.base,
            shipped=False,
            fetch_allow="127.0.0.1",
        )
        return environment_of(settings)


@contextmanager
def _two(folder: Path, port: int):  # type: ignore[no-untyped-def]
    with ExitStack() as stack:
        france = stack.enter_context(Instance("fr", "France", "FR", "fr", port, folder / "france"))
        latvia = stack.enter_context(
            Instance("lv", "Latvia", "LV", "lv", port + 1, folder / "latvia")
        )
        yield france, latvia


def show_exchange(folder: Path, port: int, tell: Tell, stay: Callable[[], None]) -> None:
    """Start both instances in an empty folder, exchange, edit, delete, withdraw; then ``stay``.

    Raises:
        CannotRunError: something did not start, or a step had not the effect that it must have.
    """
    tell("Two instances are made, with small collections that were invented for this.")
    with _two(folder, port) as (france, latvia):
        for each in (france, latvia):
            tell("{name}: {address}", name=each.name, address=each.base)
        _exchange(france, latvia, tell)
        _find_the_same(france, latvia, tell)
        _edit(france, latvia, tell)
        _delete(france, latvia, tell)
        _withdraw(france, latvia, tell)
        tell("All was seen. To look at:")
        for path in ("/en/partners", "/en/partners/lv", "/en/programme/fonds-premiers-pas"):
            tell("  {address}", address=france.base + path)
        tell("  {address}", address=f"{latvia.base}/en/partners/fr")
        stay()


def _exchange(france: Instance, latvia: Instance, tell: Tell) -> None:
    for here, there in ((france, latvia), (latvia, france)):
        here.command(
            "partner", "add", there.id, "--name", there.name, "--country", there.country,
            "--language", there.language, "--licence", _LICENCE, "--prefix", f"{there.base}/id/",
            "--feed", f"{there.base}/feed", "--replace",
        )  # fmt: skip
        here.command("partner", "follow", there.id)
        tell("{here} follows {there}: {address}", here=here.name, there=there.name,
             address=f"{here.base}/en/partners/{there.id}")  # fmt: skip
    kitchen = latvia.iri("programme/kopiga-virtuve")
    _must(france.record("lv", kitchen), 200, "Shared Kitchen")
    _must(latvia.record("fr", france.iri("programme/fonds-premiers-pas")), 200, "First Steps Fund")
    tell("A tool of Latvia is read in France, under the name of Latvia: {address}",
         address=france.base + france.record_path("lv", kitchen))  # fmt: skip


def _find_the_same(france: Instance, latvia: Instance, tell: Tell) -> None:
    ours, theirs = (
        france.iri("programme/fonds-premiers-pas"),
        latvia.iri("programme/pirmo-solu-fonds"),
    )
    proposed = france.command("mapping", "propose")
    if ours not in proposed or theirs not in proposed:
        raise CannotRunError("the same fund of both countries was not proposed")
    tell("Proposed by names: {ours} and {theirs}.", ours=ours, theirs=theirs)
    france.command("mapping", "add", ours, theirs, "--why", "demonstration", "--who", "demo")
    page = "/en/programme/fonds-premiers-pas"
    _must(france.get(page), 200, "What partners say")
    tell(
        "A person confirms; the page shows what each says, apart: {address}",
        address=france.base + page,
    )


def _edit(france: Instance, latvia: Instance, tell: Tell) -> None:
    sheet = latvia.sheet("programme/kopiga-virtuve")
    text = sheet.read_text(encoding="utf-8")
    told = "A kitchen lent every evening to caterers who begin."
    changed = text.replace("A kitchen lent in the evening to small caterers who begin.", told)
    sheet.write_text(changed, encoding="utf-8")
    latvia.command("build")
    france.command("partner", "follow", "lv")
    _must(france.record("lv", latvia.iri("programme/kopiga-virtuve")), 200, told)
    tell("Latvia edits a sheet; France reads it anew.")


def _delete(france: Instance, latvia: Instance, tell: Tell) -> None:
    latvia.sheet("programme/riku-pune").unlink()
    latvia.command("build")
    france.command("partner", "follow", "lv")
    _must(france.record("lv", latvia.iri("programme/riku-pune")), 404)
    tell("Latvia deletes a sheet; in France it is gone too.")


def _withdraw(france: Instance, latvia: Instance, tell: Tell) -> None:
    kitchen = latvia.iri("programme/kopiga-virtuve")
    france.command("partner", "withdraw", "lv", kitchen, "--why", "demonstration")
    _must(france.record("lv", kitchen), 410)
    france.command("partner", "follow", "lv", fine=(0, 1))  # the gate names what it leaves out
    _must(france.record("lv", kitchen), 410)
    tell("France withdraws a record of Latvia: its page answers 410, and it is not taken in again.")


def _must(answer: tuple[int, str], status: int, words: str = "") -> None:
    if answer[0] != status or words not in answer[1]:
        raise CannotRunError(
            f"the demonstration failed: {status} and “{words}” were expected, {answer[0]} came"
        )
