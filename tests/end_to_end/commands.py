"""Runs ``maillon`` as its user would, in a process of its own."""

import csv
import io
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

__all__ = ["PREFIXES", "Maillon"]

PREFIXES = """
PREFIX mln: <https://w3id.org/maillon/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcterms: <http://purl.org/dc/terms/>
"""


@dataclass(frozen=True)
class Maillon:
    """The command on one data folder, with ``MAILLON_…`` settings."""

    data: Path
    settings: tuple[tuple[str, str], ...] = ()

    def run(self, *arguments: str | Path, code: int = 0, stdin: str | None = None) -> str:
        """Run a command, require its exit code, and return standard output."""
        done = self.attempt(*arguments, stdin=stdin)
        assert done.returncode == code, (
            f"{arguments}: {done.returncode}\n{done.stdout}\n{done.stderr}"
        )
        return done.stdout

    def attempt(
        self, *arguments: str | Path, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command and return all that came of it. Never a stack trace, whatever the input."""
        command = [str(Path(sys.executable).parent / "maillon"), *map(str, arguments)]
        env = {k: v for k, v in os.environ.items() if not k.startswith("MAILLON_")}
        done = subprocess.run(
            [*command, "--data", str(self.data)],
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
            env=env | {"LC_ALL": "C.UTF-8"} | dict(self.settings),
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr + done.stdout
        return done

    def select(self, query: str) -> list[dict[str, str]]:
        """Run a SPARQL query through the command and return its CSV rows."""
        out = self.run("query", "-", "--format", "csv", stdin=PREFIXES + query)
        return list(csv.DictReader(io.StringIO(out)))
