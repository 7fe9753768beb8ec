"""The build: brings store, index and generation in step with the sources.

The graph is a function of its sources. Each step names the hash of its inputs; a step runs again
when that hash changed, and what readers see is replaced as a whole, once all steps are done.
Killed at any point, the next build comes to the same result.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import TracebackType
from typing import Self

from graph_api.builder.changes import ChangeRecorder
from graph_api.builder.decisions import DecisionLog, State, corrections, replay
from graph_api.builder.extractions import Extractions
from graph_api.builder.generations import Generation, Generations
from graph_api.builder.index import SearchIndex
from graph_api.builder.inference import Inferred, infer, stated
from graph_api.builder.jobs import Progress, silent
from graph_api.builder.ledger import Entry, Ledger, hash_of
from graph_api.builder.merging import Merges
from graph_api.builder.placing import are_moved
from graph_api.builder.readings import Reading, Readings
from graph_api.builder.records import document_records
from graph_api.builder.review import Claims
from graph_api.builder.shipping import ship_reports
from graph_api.builder.steps import Sources, Step
from graph_api.builder.suppressing import masked
from graph_api.builder.withdrawing import without
from graph_api.change_log import ChangeLog
from graph_api.documents import DocumentFolder
from graph_api.errors import BadInputError, CannotRunError
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog
from graph_api.quality import FORM, GRAPH, load_measure, quality_quads
from graph_api.settings import Settings
from graph_api.settlements import SettlementLog
from graph_api.store.base import Delta, StoreError, View
from graph_api.store.canonical import canonical_hash
from graph_api.store.oxigraph import OxigraphStore
from graph_api.suppressions import SuppressionLog
from graph_api.workbench import Item, Workbench, items_of
from ingest.extraction import Correction, Extraction
from ingest.proposals import judged_mentions
from ontology.iris import Iris
from ontology.model import Iri, Name, Quad
from search.build import IndexUnusableError
from search.records import Record

__all__ = ["Builder", "Outcome"]

_HASHED = 200_000  # quads up to which every generation carries its hash

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What a build came to.

    ``ran`` names the steps that ran again; ``problems`` are sentences about sources that could not
    be used and were left out, ``failed`` those about documents, by SHA-256.
    """

    generation: int
    quads: int
    ran: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    failed: dict[str, str] = field(default_factory=dict)


class Builder:
    """The open store with all that writes it. Only for the holder of the data folder's lock."""

    def __init__(self, folder: DataFolder, settings: Settings) -> None:
        """Raises CannotRunError when the store cannot be opened."""
        self.folder = folder
        self.settings = settings
        self.iris = Iris(settings.base)
        self.documents = DocumentFolder(folder, settings.rights)
        self.decisions = DecisionLog(folder.decisions)
        self.identities = IdentityLog(folder.decisions)
        self.settlements = SettlementLog(folder.decisions)
        self.suppressions = SuppressionLog(folder.access)
        self.workbench = Workbench(folder)
        self.changes = ChangeLog(folder)
        self._recorder = ChangeRecorder(
            self.changes, self.iris, settings.feed_page_changes, settings.feed_page_quads
        )
        self.readings: dict[str, Reading] = {}
        try:
            self._store = OxigraphStore(folder.store / "quads")
        except StoreError as error:
            raise CannotRunError(
                f"{error}; remove {folder.store} and run `maillon build` to make it again"
            ) from error
        self._merges = Merges(self.identities.merged(), self.view)
        self._ledger = Ledger(folder.store / "ledger.json")
        self._generations = Generations(folder, settings.reader_memory)
        self._index = SearchIndex(folder, self.iris, settings.search)
        self._extractions = Extractions(folder.extractions, self.documents, self.iris)
        self._reader = Readings(
            folder.store, self.documents, self.iris, self._extractions, settings
        )
        self.inferred = Inferred(folder, self.iris)
        self._sources: Sources | None = None
        self._hashed: tuple[int, str] | None = None  # generation and its hash
        self._indexed: tuple[Name, ...] | None = None  # what this process gave the thesaurus
        self._judged: tuple[Mapping[str, State], Mapping[str, Correction]] = ({}, {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let the store go. The engine gives up its lock when the last reference is dropped."""
        self.__dict__.pop("_store", None)

    @property
    def view(self) -> View:
        """What the store holds now: the last build's result."""
        return self._store.view()

    def extraction(self, sha256: str) -> Extraction:
        """Return what was read out of a document, before any human judgement."""
        return self._reader.extraction(self.readings[sha256])

    def forget_changes(self) -> None:
        """Drop what the change log said before the last change of each thing."""
        with self.changes.writer() as log:
            log.compact()

    def claims(self) -> Claims:
        """Where the claims that people judge are looked for."""
        return Claims(
            self.view, self.workbench, self.iris, lambda sha: self.documents.get(sha).text
        )

    def unconcluded(self) -> str | None:
        """Return a name of the facts whose conclusions are missing; None where they are there."""
        return self.inferred.stale(self._ledger.entries) if self.settings.inference else None

    def current(self) -> Generation | None:
        """Return the published generation."""
        return self._generations.current()

    def conclude(self, progress: Progress = silent) -> Outcome | None:
        """Draw the conclusions that are missing and build them in; None where none is.

        For a command that works alone: beside a portal a process of its own does it.

        Raises:
            NoFixpoint: the rules do not come to an end.
        """
        facts, current = self.unconcluded(), self.current()
        if facts is None or current is None:
            return None
        progress({"event": "infer"})
        made = self.folder.run / "inferred.nq"
        infer(self.folder.root / current.store, made, self.iris.base)
        self.inferred.keep(made, facts, current.generation)
        return self.build()

    def reload(self) -> None:
        """Read the sheets and the shipped reports again at the next build."""
        self._sources = None

    def hash(self) -> str:
        """Return the canonical hash of what the last build made.

        Part of each generation only of a small graph: it takes a second for some 300,000 quads.
        """
        generation = self._ledger.published
        current = self._generations.current()
        if current is not None and current.hash and current.generation == generation:
            return current.hash
        if self._hashed is None or self._hashed[0] != generation:
            self._hashed = (generation, canonical_hash(self.view, self.iris))
        return self._hashed[1]

    def build(self, progress: Progress = silent, *, hashed: bool = True) -> Outcome:
        """Bring everything in step; publish a generation if anything changed.

        ``hashed`` false leaves the hash out of the generation: whoever waits for one fact to follow
        need not wait for all to be read. :meth:`hash` gives it all the same.
        A document that the pipeline cannot read is left out and reported; the others go on.
        """
        sources = self._load_sources()
        self._merges = Merges(self.identities.merged(), self.view)
        decisions, warnings = self.decisions.read()
        self._judged = replay(decisions), corrections(decisions)
        progress({"event": "names"})
        plans, failed = self._reader.plan(sources.names, sources.citations, decisions)
        stale = [r for r in plans.values() if not self._is_done(r.step)]
        failed |= self._extract(stale, progress)
        self.readings = {sha256: r for sha256, r in plans.items() if sha256 not in failed}
        steps = [*sources.steps, *(r.step for r in self.readings.values())]
        unmeasured = ""
        try:
            steps.append(self._quality())
        except BadInputError as error:
            unmeasured = error.detail
        if (concluded := self.inferred.step()) is not None:
            steps.append(concluded)
        todo = [step for step in steps if not self._is_done(step)]
        gone = sorted(set(self._ledger.entries) - {step.name for step in steps})
        if todo or gone or not self._is_published():
            self._bring_up(todo, gone, progress, hashed=hashed)
        self._record(None)
        self._lay_out(replay(decisions))
        return Outcome(
            generation=self._ledger.published,
            quads=len(self.view),
            ran=tuple(step.name for step in todo),
            problems=(*sources.problems, *warnings, *filter(None, [unmeasured])),
            failed=failed,
        )

    def _quality(self) -> Step:
        measure = load_measure(self.folder)
        inputs = hash_of(self.iris.base, FORM, measure.to_json())
        return Step(GRAPH, inputs, lambda: quality_quads(measure, self.iris))

    def _load_sources(self) -> Sources:
        if self._sources is None:
            ship_reports(self.documents, self.settings)
            self._unship_withdrawn()
            self._sources = Sources(self.folder, self.iris, shipped=self.settings.shipped)
            self._sources.save()
        return self._sources

    def _unship_withdrawn(self) -> None:
        hidden = self.identities.withdrawn()
        for sha256 in self.documents.all():
            if self.iris.document(sha256) in hidden:
                self.documents.remove(sha256)

    def _inputs(self, step: Step, merged: Mapping[str, str]) -> str:
        """What a step's graphs depend on: its own inputs, what is withdrawn, and what goes by another
        address there."""
        hidden, masks = sorted(self.identities.withdrawn()), self.suppressions.masks().key
        if masks:
            return hash_of(step.inputs, hidden, merged, masks)
        return hash_of(step.inputs, hidden, merged) if hidden or merged else step.inputs

    def _is_done(self, step: Step) -> bool:
        entry = self._ledger.entries.get(step.name)
        if entry is None:
            return False
        return entry.inputs == self._inputs(step, self._merges.met(entry.graphs, entry.merged))

    def _is_published(self) -> bool:
        """Whether readers see what the ledger says: false after a crash and before the first."""
        current = self._generations.current()
        return (
            current is not None
            and current.generation == self._ledger.published
            and (self.folder.root / current.store).is_dir()
            and self._index.is_current(current.index)
        )

    def _extract(self, readings: list[Reading], progress: Progress) -> dict[str, str]:
        """Fill the cache before anything is written, so that a crash loses no finished work."""
        failed: dict[str, str] = {}
        for number, reading in enumerate(readings, start=1):
            progress({"event": "extract", "done": number, "total": len(readings)})
            try:
                self._reader.extraction(reading)
            except Exception as error:
                # Whatever a rule stumbles over must cost this document only; it is tried again
                # at every build until the rule is mended.
                _log.exception("the document %s cannot be extracted", reading.sha256)
                failed[reading.sha256] = f"the pipeline stopped on it: {error}"
        return failed

    def _bring_up(
        self, todo: list[Step], gone: list[str], progress: Progress, *, hashed: bool
    ) -> None:
        clean = self._is_published()
        delta = self._write(todo, gone, tidy=not clean, progress=progress)
        current = self._generations.current()
        changed = [
            name.removeprefix("document/")
            for name in (*(step.name for step in todo), *gone)
            if name.startswith("document/")
        ]
        if current is not None and clean and not delta:
            # Other inputs, same quads: readers have nothing to gain from a new generation.
            self._ledger.publish(current.generation)
            return
        progress({"event": "index"})
        names = self._names_shown()
        index = current.index if current is not None and clean else None
        said = stated(delta, self.iris)
        if are_moved((*said.added, *said.removed), self.iris):
            index = None
        if index is not None:
            try:
                changed_names = None if names == self._indexed else names
                self._index.update(index, said, changed, changed_names, self._records, self.view)
            except IndexUnusableError as error:
                _log.warning("the index is made again: %s", error)
                index = None
        if index is None:
            everything = sorted(self.readings)
            index = self._index.rebuild(names, everything, self._records, self.view)
        self._indexed = names
        progress({"event": "publish"})
        small = hashed and len(self.view) <= _HASHED
        digest = canonical_hash(self.view, self.iris) if small else None
        source = self.inferred.source()
        generation = self._generations.publish(self._store, delta, index, digest, source)
        self._ledger.publish(generation.generation)
        in_step = clean and self.changes.generation() == generation.generation - 1
        self._record(delta if in_step else None)
        self._index.sweep({generation.index})
        self._extractions.sweep(reading.key for reading in self.readings.values())

    def _record(self, delta: Delta | None) -> None:
        """Bring the change log in step; without a delta everything is compared with it."""
        published = self._ledger.published
        if self.changes.generation() != published:
            self._recorder.record(self.view, published, delta)

    def _lay_out(self, states: Mapping[str, str]) -> None:
        """Bring the workbench in step: what was read, without what is withdrawn."""
        hidden = self.identities.withdrawn()

        def load(sha256: str) -> Iterable[Item]:
            items = items_of(self.extraction(sha256))
            return (self._renamed(i) for i in items if not {i.subject, i.object} & hidden)

        shared = (sorted(hidden), self.identities.merged(), self._reader.verdicts)
        keys = {sha: hash_of(r.key, *shared) for sha, r in self.readings.items()}
        self.workbench.bring_up(keys, load, states)

    def _renamed(self, item: Item) -> Item:
        subject, value = self._merges.of(Iri(item.subject)), item.object
        if not item.literal:
            value = self._merges.of(Iri(value))
        return replace(item, subject=subject, object=value)

    def _write(self, todo: list[Step], gone: list[str], *, tidy: bool, progress: Progress) -> Delta:
        """Replace the graphs of steps; ``tidy`` drops graphs that no step is known to have made."""
        before = {name: self._ledger.entries.get(name) for name in (*(s.name for s in todo), *gone)}
        self._ledger.strike(before)
        entries: dict[str, Entry] = {}
        deltas: list[Delta] = []
        hidden, masks = self.identities.withdrawn(), self.suppressions.masks()
        with self._store.writer() as writer:
            for number, step in enumerate(todo, start=1):
                progress({"event": "write", "done": number, "total": len(todo)})
                met: set[Iri] = set()
                quads = self._merges.rewrite(without(step.make(), hidden), met)
                if masks:
                    quads = masked(quads, masks)
                graphs = _by_graph(quads)
                inputs = self._inputs(step, self._merges.met((), met))
                entries[step.name] = Entry(inputs, tuple(sorted(graphs)), tuple(sorted(met)))
                old = before[step.name]
                dropped = set(old.graphs if old else ()) - set(graphs)
                deltas += [writer.replace(Iri(graph), ()) for graph in sorted(dropped)]
                deltas += [writer.replace(graph, quads) for graph, quads in graphs.items()]
            for name in gone:
                entry = before[name]
                deltas += [writer.replace(Iri(g), ()) for g in (entry.graphs if entry else ())]
            if tidy:
                known = {
                    g for e in (*self._ledger.entries.values(), *entries.values()) for g in e.graphs
                }
                strays = sorted(g for g in self.view.graphs() if g not in known)
                deltas += [writer.replace(graph, ()) for graph in strays]
        self._ledger.enter(entries)
        return _sum(deltas)

    def _names_shown(self) -> tuple[Name, ...]:
        """The names that search knows things by: not those of what is withdrawn or suppressed."""
        hidden, masks = self.identities.withdrawn(), self.suppressions.masks()
        return tuple(
            replace(name, entity=self._merges.of(name.entity))
            for name in self._reader.names
            if name.entity not in hidden and not masks.found(name.text)
        )

    def _records(self, sha256: str) -> Iterable[Record]:
        reading = self.readings.get(sha256)
        if reading is None:
            return ()
        document = self.documents.get(sha256)
        extraction = self._reader.extraction(reading)
        mentions = judged_mentions(document, extraction, self.iris, *self._judged)
        extraction = replace(extraction, mentions=mentions)
        if self._merges:
            named = (
                replace(m, entity=m.entity and self._merges.of(m.entity))
                for m in extraction.mentions
            )
            extraction = replace(extraction, mentions=tuple(named))
        rights = self.documents.rights(sha256)
        return document_records(document, extraction, self.view, self.iris, rights)


def _by_graph(quads: Iterable[Quad]) -> dict[Iri, list[Quad]]:
    graphs: dict[Iri, list[Quad]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph, []).append(quad)
    return graphs


def _sum(deltas: list[Delta]) -> Delta:
    return Delta(
        tuple(quad for delta in deltas for quad in delta.added),
        tuple(quad for delta in deltas for quad in delta.removed),
    )
