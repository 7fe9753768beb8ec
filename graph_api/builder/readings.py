"""Documents as steps of the build: names pass over all, then one extraction and one graph each."""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus import register
from graph_api.builder.decisions import Decision, State, corrections, replay
from graph_api.builder.extractions import Extractions
from graph_api.builder.ledger import hash_of
from graph_api.builder.lexicon import Relevance
from graph_api.builder.steps import Citations, Step
from graph_api.documents import DocumentFolder
from graph_api.extraction_cache import keep_reading_keys
from graph_api.publishing import bar_of
from graph_api.settings import Settings
from ingest import emit
from ingest.anchors import anchor
from ingest.document import Document
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Correction, Extraction
from ingest.names import DocumentNames, ResolvedNames, resolve_names
from ontology.iris import Iris
from ontology.model import Iri, Name, Passage, Quad

__all__ = ["Reading", "Readings"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """How one document will be read: the step that makes its graph, and its extraction's key."""

    sha256: str
    key: str
    own: frozenset[Name]
    step: Step


class Readings:
    """Plans the readings of all documents; the result does not depend on their order."""

    def __init__(
        self,
        folder: Path,
        documents: DocumentFolder,
        iris: Iris,
        extractions: Extractions,
        settings: Settings,
    ) -> None:
        self._folder = folder
        self._settings = settings
        self._bar = bar_of(settings, ())
        self._documents = documents
        self._iris = iris
        self._extractions = extractions
        self._relevance: Relevance | None = None
        self._resolved: tuple[object, ResolvedNames] | None = None
        self.names: tuple[Name, ...] = ()
        """All names that count in every document, of the last plan."""

    def plan(
        self, base: Lexicon, cited: Citations, decisions: list[Decision]
    ) -> tuple[dict[str, Reading], dict[str, str]]:
        """Return a reading for each document, and a sentence for each that cannot be read."""
        failed: dict[str, str] = {}
        collected = self._collect(failed)
        resolved = self._resolve(collected, base)
        lexicon = base.with_names(resolved.everywhere)
        self.names = lexicon.names
        path = self._folder / "relevance.json"
        relevance = Relevance(path, self._extractions, lexicon, collected)
        self._relevance = relevance
        self._bar = bar_of(self._settings, decisions)
        states = _states_by_document(decisions)
        corrected = corrections(decisions)
        plans: dict[str, Reading] = {}
        for sha256 in sorted(collected):
            own = frozenset(resolved.in_document.get(sha256, ()))
            key = self._extractions.key(sha256, relevance.hash(sha256, own))
            plans[sha256] = self._reading(
                sha256, key, own, cited, states.get(sha256, {}), corrected
            )
        relevance.save()
        keep_reading_keys(self._folder, {sha: plans[sha].key for sha in plans})
        return plans, failed

    @property
    def verdicts(self) -> str:
        """Names what the publishing bar of the last plan lets through."""
        return self._bar.key

    def extraction(self, reading: Reading) -> Extraction:
        """Return what the document says, before any human judgement."""
        return self._extract(reading.sha256, reading.key, reading.own)

    def _resolve(self, collected: dict[str, DocumentNames], base: Lexicon) -> ResolvedNames:
        """Resolve names anew only where a document or a list of names changed since the last plan."""
        inputs = (base.names, collected)
        if self._resolved is None or self._resolved[0] != inputs:
            self._resolved = (inputs, resolve_names(collected, base, self._iris))
        return self._resolved[1]

    def _collect(self, failed: dict[str, str]) -> dict[str, DocumentNames]:
        collected: dict[str, DocumentNames] = {}
        for sha256 in self._documents.all():
            try:
                collected[sha256] = self._extractions.names(sha256)
            except (ValueError, KeyError, OSError) as error:
                _log.exception("the document %s cannot be used", sha256)
                failed[sha256] = f"the stored document cannot be used: {error}"
        return collected

    def _reading(
        self,
        sha256: str,
        key: str,
        own: frozenset[Name],
        cited: Citations,
        states: Mapping[str, State],
        corrected: Mapping[str, Correction],
    ) -> Reading:
        name = self._documents.name(sha256)
        slug = register.match(sha256, name)
        publication = self._iris.entity("publication", slug) if slug else None
        rights = self._documents.rights(sha256)
        sentences = cited.get(publication, {}) if publication else {}
        own_corrections = {claim: corrected[claim] for claim in states if claim in corrected}
        said = [repr(each) for each in sorted(own_corrections.items())]
        inputs = hash_of(key, name, rights, publication, states, sentences, said, self._bar.key)

        def make() -> Iterable[Quad]:
            document = self._documents.get(sha256)
            extraction = self._extract(sha256, key, own)
            return emit.quads(
                document,
                extraction,
                self._iris,
                rights=rights,
                publication=publication,
                reviewed=states,
                corrections=own_corrections,
                anchors=_anchors(document, sentences),
            )

        return Reading(sha256, key, own, Step(f"document/{sha256}", inputs, make))

    def _extract(self, sha256: str, key: str, own: frozenset[Name]) -> Extraction:
        relevance = self._relevance
        assert relevance is not None  # noqa: S101 - a reading comes from a plan
        read = self._extractions.extract(sha256, key, lambda: relevance.lexicon(sha256, own))
        return self._bar.apply(read)


def _anchors(document: Document, sentences: Mapping[str, list[Iri]]) -> dict[Iri, list[Passage]]:
    """Find the cited sentences in the document: assertion of a sheet to all its passages here."""
    found = anchor(document, sorted(sentences))
    passages: dict[Iri, list[Passage]] = {}
    for fingerprint in sorted(found):
        for assertion in sentences[fingerprint]:
            passages.setdefault(assertion, []).append(document.passage(*found[fingerprint]))
    return passages


def _states_by_document(decisions: list[Decision]) -> dict[str, dict[str, State]]:
    documents = {d.claim.hash: d.claim.document for d in decisions if d.claim}
    found: dict[str, dict[str, State]] = {}
    for claim, state in replay(decisions).items():
        found.setdefault(documents[claim], {})[claim] = state
    return found
