"""What a page says to search engines: its entity in schema.org's words, as JSON-LD.

A part of what the page shows, nothing more. https://schema.org/docs/data-and-datasets.html
"""

import json
from types import MappingProxyType
from typing import Any

from graph_api.portal.views import EntityView

__all__ = ["structured_data"]

_TYPES = MappingProxyType(
    {
        "actor": "Organization",
        "person": "Person",
        "programme": "Service",
        "law": "Legislation",
        "territory": "AdministrativeArea",
        "publication": "Report",
        "practice": "CreativeWork",
        "figure": "QuantitativeValue",
        "event": "Event",
        "concept": "DefinedTerm",
    }
)


def structured_data(view: EntityView, page: str) -> str:
    """Return the JSON-LD of an entity, safe to stand in a script element. ``page`` is its address."""
    said: dict[str, Any] = {
        "@context": "https://schema.org/",
        "@id": view.iri,
        "@type": _TYPES.get(view.kind, "Thing"),
        "name": view.label.text,
        "url": page,
        "mainEntityOfPage": page,
    }
    if view.names:
        said["alternateName"] = [name.text for name in view.names]
    if about := view.summary or view.definition:
        said["description"] = about.text
    if view.homepage:
        said["sameAs"] = view.homepage
    return json.dumps(said, ensure_ascii=False).replace("<", "\\u003c")
