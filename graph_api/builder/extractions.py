"""Reads documents, or recalls what was read: the cache is asked first."""

from collections.abc import Callable, Iterable
from pathlib import Path

from graph_api.builder.inputs import hash_package
from graph_api.builder.ledger import hash_of
from graph_api.documents import DocumentFolder
from graph_api.extraction_cache import ExtractionCache
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Extraction
from ingest.names import DocumentNames, collect_names
from ingest.pipeline import VERSION, extract
from ontology.iris import Iris

__all__ = ["Extractions"]


class Extractions:
    """Runs the passes of the pipeline over one document at a time, or recalls what they gave."""

    def __init__(self, folder: Path, documents: DocumentFolder, iris: Iris) -> None:
        self._cache = ExtractionCache(folder)
        self._documents = documents
        self._iris = iris
        self._code = hash_of(VERSION, hash_package("ingest"), hash_package("ontology"))
        self._used: set[str] = set()
        self._content: dict[str, str] = {}  # documents never change, so neither does this

    def content(self, sha256: str) -> str:
        """Return the hash of all that a document itself gives to the passes."""
        if sha256 not in self._content:
            layout = self._documents.layout_bytes(sha256).decode()
            text = self._documents.text_hash(sha256)
            self._content[sha256] = hash_of(self._code, sha256, text, layout)
        return self._content[sha256]

    def names(self, sha256: str) -> DocumentNames:
        """Return the names that a document introduces."""
        key = f"names-{self.content(sha256)}"
        self._used.add(key)
        found = self._cache.load(key)
        if found is not None:
            return DocumentNames.from_json(found)
        names = collect_names(self._documents.get(sha256))
        self._cache.save(key, names.to_json())
        return names

    def relevant(self, sha256: str, lexicon: Lexicon) -> Lexicon:
        """Return the names of the Lexicon that matter to a document."""
        return lexicon.relevant_to(self._documents.get(sha256).text)

    def key(self, sha256: str, relevant_hash: str) -> str:
        """Return the name of a document's extraction: it changes when the result may."""
        return hash_of(self.content(sha256), self._iris.base, relevant_hash)

    def extract(self, sha256: str, key: str, relevant: Callable[[], Lexicon]) -> Extraction:
        """Return what the document says, read with the names that matter to it."""
        found = self.recall(key)
        if found is not None:
            return found
        extraction = extract(self._documents.get(sha256), relevant(), self._iris)
        self._cache.save(key, extraction.to_json())
        return extraction

    def recall(self, key: str) -> Extraction | None:
        """Return the extraction of that key if it is in the cache."""
        self._used.add(key)
        return self._cache.extraction(key)

    def sweep(self, keep: Iterable[str]) -> None:
        """Remove what neither ``keep`` names nor this object was asked for."""
        self._cache.sweep({*keep, *self._used})
