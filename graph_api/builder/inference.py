"""What follows from what is said: the ontology's rules, run to a fixpoint off the write path.

A process of its own reads the checkpoint of a generation and writes ``store/inferred.nq``; the next
build puts that into the graphs ``inferred/{rule}``, so that the graph of a conclusion names the rule
it comes from, and ``inferred`` says what each rule means. ``current.json`` tells from which generation
they were computed. Conclusions are a function of the facts; they are never facts for the next run.

``python -m graph_api.builder.inference CHECKPOINT TARGET BASE``
"""

import contextlib
import hashlib
import json
import logging
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from graph_api import durable
from graph_api.builder.generations import Generation
from graph_api.builder.ledger import Entry, hash_of
from graph_api.builder.steps import Step
from graph_api.folder import DataFolder
from graph_api.releases.shelf import link_folder
from graph_api.settings import Settings
from graph_api.store.base import Delta
from graph_api.store.oxigraph import from_ox, quad_line
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad, Term, Triple
from ontology.rules import NoFixpoint, conclude, inferred_quads, load_rules
from ontology.vocabularies import DCTERMS_DESCRIPTION, DCTERMS_TITLE, RDF_TYPE, VOID

__all__ = ["STEP", "InferenceChild", "Inferred", "infer", "is_inferred", "main", "stated"]

STEP = "inferred"
"""The name of the step that puts conclusions into the graph."""

_NOT_FACTS = ("catalogue", "mappings")  # graphs that rules do not read, beside conclusions
# What partners say is never a reason: a conclusion would repeat it without their name.
_PARTNERS = "partner/"
_NICE = 10
_log = logging.getLogger(__name__)


def is_inferred(graph: str, iris: Iris) -> bool:
    """Whether a graph holds conclusions."""
    root = iris.graph(STEP)
    return graph == root or graph.startswith(f"{root}/")


def stated(delta: Delta, iris: Iris) -> Delta:
    """Return what of a change is about facts, not conclusions."""
    return Delta(
        tuple(quad for quad in delta.added if not is_inferred(quad.graph, iris)),
        tuple(quad for quad in delta.removed if not is_inferred(quad.graph, iris)),
    )


@dataclass(frozen=True, slots=True)
class _Note:
    """Beside the conclusions: from which facts and which generation they were computed."""

    facts: str
    generation: int


class Inferred:
    """The conclusions on the disk, as the step that makes their graphs."""

    def __init__(self, folder: DataFolder, iris: Iris) -> None:
        self._iris = iris
        self.path = folder.store / "inferred.nq"
        self._note_path = folder.store / "inferred.json"

    def step(self) -> Step | None:
        """Return the step for what was concluded last, None before the first time."""
        try:
            data = self.path.read_bytes()
        except FileNotFoundError:
            return None
        return Step(STEP, hashlib.sha256(data).hexdigest(), lambda: _parse(data))

    def source(self) -> int | None:
        """Return the generation that the conclusions were computed from."""
        note = self._note()
        return note.generation if note else None

    def stale(self, entries: dict[str, Entry]) -> str | None:
        """Return the name of the facts that conclusions are missing for, None where they are there."""
        facts = hash_of(
            {
                name: each.inputs
                for name, each in entries.items()
                if name != STEP and not name.startswith(_PARTNERS)
            }
        )
        note = self._note()
        return None if note is not None and note.facts == facts else facts

    def keep(self, made: Path, facts: str, generation: int) -> None:
        """Take over what was concluded from ``facts``."""
        made.replace(self.path)
        durable.write_json(self._note_path, {"facts": facts, "generation": generation})

    def _note(self) -> _Note | None:
        try:
            note = _Note(**json.loads(self._note_path.read_bytes()))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return note if self.path.exists() else None


def infer(checkpoint: Path, target: Path, base: str) -> int:
    """Draw all conclusions from a generation, write them to ``target``, return how many.

    Raises:
        NoFixpoint: the rules do not come to an end.
    """
    iris = Iris(base)
    facts = ox.Store.read_only(str(checkpoint))
    hidden = {iris.graph(name) for name in _NOT_FACTS}
    known = ox.Store()
    for node in facts.named_graphs():
        if isinstance(node, ox.NamedNode) and not (
            node.value in hidden
            or is_inferred(node.value, iris)
            or node.value.startswith(iris.graph(_PARTNERS))
        ):
            quads = facts.quads_for_pattern(None, None, None, node)
            known.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)
    rules = load_rules()

    def construct(query: str) -> Iterator[Triple]:
        result = known.query(query)
        assert isinstance(result, ox.QueryTriples)  # noqa: S101 - rules are CONSTRUCT queries
        for triple in result:
            if isinstance(triple.subject, ox.NamedNode):
                quad = from_ox(ox.Quad(triple.subject, triple.predicate, triple.object, _ANY))
                yield Triple(quad.subject, quad.predicate, quad.object)

    def add(triples: Iterable[Triple]) -> None:
        known.extend(
            ox.Quad(_node(t.subject), _node(t.predicate), _term(t.object)) for t in triples
        )

    conclusions = conclude(rules, construct, add)
    lines = {quad_line(quad) for quad in inferred_quads(conclusions, iris)}
    used = {conclusion.rule for conclusion in conclusions}
    for rule in rules:
        if rule.name in used:
            lines |= {quad_line(quad) for quad in _about_rule(rule.name, rule.texts.items(), iris)}
    durable.write_bytes(target, "".join(f"{line}\n" for line in sorted(lines)).encode())
    return len(conclusions)


class InferenceChild:
    """Runs :func:`infer` in a process of low priority, one at a time, for the builder's server.

    ``wake`` is called, from another thread, when there are new conclusions to build in.
    """

    def __init__(
        self, folder: DataFolder, settings: Settings, inferred: Inferred, wake: Callable[[], None]
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._inferred = inferred
        self._wake = wake
        self._process: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._given_up = ""
        self._ready = threading.Event()
        self._closed = False

    @property
    def ready(self) -> bool:
        """Whether conclusions wait to be built in."""
        return self._ready.is_set()

    def take(self) -> None:
        """Say that they are being built in."""
        self._ready.clear()

    def consider(self, facts: str | None, current: Generation | None) -> None:
        """Start, if conclusions are missing for ``facts`` and nothing is under way."""
        busy = self._thread is not None and self._thread.is_alive()
        if facts is None or current is None or facts == self._given_up or busy or self._closed:
            return
        work = self._folder.run / "inference"
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir()
        link_folder(self._folder.root / current.store, work / "store")
        arguments = (work, facts, current.generation)
        self._thread = threading.Thread(target=self._run, args=arguments, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End what is under way."""
        self._closed = True
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
        if self._thread is not None:
            self._thread.join()

    def _run(self, work: Path, facts: str, generation: int) -> None:
        target = work / "inferred.nq"
        command = [sys.executable, "-m", "graph_api.builder.inference"]
        self._process = subprocess.Popen(  # noqa: S603 - our own module
            [*command, str(work / "store"), str(target), self._settings.base]
        )
        with contextlib.suppress(ProcessLookupError):
            os.setpriority(os.PRIO_PROCESS, self._process.pid, _NICE)
        try:
            code = self._process.wait(self._settings.inference_seconds)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        if code == 0 and target.exists():
            self._inferred.keep(target, facts, generation)
            self._ready.set()
            self._wake()
        elif not self._closed:
            self._given_up = facts
            _log.error("nothing was concluded from generation %s: exit code %s", generation, code)
        shutil.rmtree(work, ignore_errors=True)


def main(argv: list[str]) -> int:
    """Draw the conclusions; 1 where the rules come to no end."""
    try:
        infer(Path(argv[1]), Path(argv[2]), argv[3])
    except NoFixpoint as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _about_rule(name: str, texts: Iterable[tuple[str, str]], iris: Iris) -> Iterator[Quad]:
    """Say in the graph ``inferred`` what the graph of a rule is."""
    root, graph = iris.graph(STEP), iris.graph(f"{STEP}/{name}")
    yield Quad(graph, RDF_TYPE, Iri(VOID + "Dataset"), root)
    yield Quad(graph, DCTERMS_TITLE, Literal(name), root)
    for lang, text in texts:
        yield Quad(graph, DCTERMS_DESCRIPTION, Literal(text, lang=lang), root)


def _parse(data: bytes) -> Iterator[Quad]:
    return (from_ox(quad) for quad in ox.parse(data, format=ox.RdfFormat.N_QUADS))


_ANY = ox.NamedNode("urn:any")


def _node(iri: Iri) -> ox.NamedNode:
    return ox.NamedNode(iri)


def _term(term: Term) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term)
    if term.lang:
        return ox.Literal(term.value, language=term.lang)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


if __name__ == "__main__":
    sys.exit(main(sys.argv))
