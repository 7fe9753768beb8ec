"""Where every IRI of the project is made. Paths follow ``{base}/id/{kind}/{slug}``."""

from dataclasses import dataclass

from ontology.model import Iri

__all__ = ["KINDS", "ONTOLOGY", "Iris"]

ONTOLOGY = "https://w3id.org/maillon/ontology"
KINDS = (
    "actor", "person", "programme", "law", "territory", "publication", "practice",
    "figure", "event",
)  # fmt: skip
"""The kinds that have an entity page, in the order the portal lists them."""


@dataclass(frozen=True, slots=True)
class Iris:
    """Mints IRIs below one base (``MAILLON_BASE``, no slash at its end)."""

    base: str = "https://maillon.example"

    def entity(self, kind: str, slug: str) -> Iri:
        """``kind`` is one of :data:`KINDS`."""
        return Iri(f"{self.base}/id/{kind}/{slug}")

    def concept(self, scheme: str, slug: str) -> Iri:
        """A concept of one of our SKOS schemes."""
        return Iri(f"{self.base}/id/concept/{scheme}/{slug}")

    def scheme(self, scheme: str) -> Iri:
        """A SKOS concept scheme."""
        return Iri(f"{self.base}/id/concept/{scheme}")

    def claim(self, claim_hash: str) -> Iri:
        """An assertion, named by :attr:`ontology.model.Claim.hash`."""
        return Iri(f"{self.base}/id/claim/{claim_hash}")

    def document(self, sha256: str) -> Iri:
        """A file of a publication, named by its content."""
        return Iri(f"{self.base}/id/document/{sha256}")

    def passage(self, sha256: str, start: int, end: int) -> Iri:
        """A slice of a document's stored text."""
        return Iri(f"{self.base}/id/document/{sha256}/p/{start}-{end}")

    def graph(self, path: str) -> Iri:
        """A named graph: ``ontology``, ``vocabulary/themes``, ``corpus``, ``document/{sha256}`` …"""
        return Iri(f"{self.base}/graph/{path}")

    def split(self, iri: str) -> tuple[str, str] | None:
        """Return (kind, slug) of an entity IRI of ours, or None: parts (``…#criterion-1``) are none."""
        prefix = f"{self.base}/id/"
        if not iri.startswith(prefix) or "#" in iri:
            return None
        kind, _, slug = iri[len(prefix) :].partition("/")
        return (kind, slug) if slug else None
