"""Which form of a thing a client asks for: a page for people, or one of four RDF syntaxes."""

from graph_api.sparql.negotiation import choose

__all__ = ["MEDIA_TYPES", "choose_representation"]

MEDIA_TYPES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
"""Extension of a data twin to its media type, the preferred one first."""


def choose_representation(accept: str) -> str | None:
    """Return ``html`` or an extension of :data:`MEDIA_TYPES` for an Accept header.

    Without a header, or when anything goes, the page; None where nothing fits (RFC 9110, 12.5.1).
    """
    offered = {"text/html": "html", **{media: name for name, media in MEDIA_TYPES.items()}}
    chosen = choose(accept, tuple(offered))
    return offered[chosen] if chosen else None
