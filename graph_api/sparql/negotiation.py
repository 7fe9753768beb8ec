"""Content negotiation: the most specific media range decides a type's q, the best q wins.

https://www.rfc-editor.org/rfc/rfc9110#name-accept. Between equals our own order decides.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from graph_api.errors import NotOfferedError
from graph_api.sparql.tokens import Form

__all__ = ["GRAPH_TYPES", "RESULT_TYPES", "MediaRange", "choose", "choose_for", "parse_accept"]

RESULT_TYPES = (
    "application/sparql-results+json",
    "application/sparql-results+xml",
    "text/csv",
    "text/tab-separated-values",
)
"""Of SELECT and ASK, in our order of preference."""

GRAPH_TYPES = ("text/turtle", "application/n-triples", "application/ld+json", "application/rdf+xml")
"""Of CONSTRUCT, DESCRIBE and the service description, in our order of preference."""

# Names that clients use for the same thing.
_ALIASES = {
    "application/sparql-results+json": ("application/json",),
    "application/sparql-results+xml": ("application/xml", "text/xml"),
    "text/turtle": ("application/x-turtle",),
    "application/n-triples": ("text/plain",),
    "application/ld+json": ("application/json",),
    "application/rdf+xml": ("application/xml", "text/xml"),
}
_RANGE = re.compile(r"\s*([^\s;,/]+)/([^\s;,/]+)\s*((?:;[^,]*)?)$")
_QUALITY = re.compile(r";\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*(?:;|$)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept header."""

    main: str
    sub: str
    quality: float

    def specificity(self, main: str, sub: str) -> int:
        """Return 2 for an exact match, 1 for ``main/*``, 0 for ``*/*``, -1 for none."""
        if (self.main, self.sub) == (main, sub):
            return 2
        if (self.main, self.sub) == (main, "*"):
            return 1
        return 0 if (self.main, self.sub) == ("*", "*") else -1


def parse_accept(header: str) -> list[MediaRange]:
    """Return the ranges of an Accept header; elements that are none are left out."""
    ranges = []
    for element in header.split(","):
        if match := _RANGE.match(element):
            quality = _QUALITY.search(match[3])
            value = min(float(quality[1]), 1.0) if quality else 1.0
            ranges.append(MediaRange(match[1].lower(), match[2].lower(), value))
    return ranges


def choose(header: str, offered: Sequence[str]) -> str | None:
    """Return the offered type that the header likes best, or None.

    An empty header takes the first. A type is also found under the names clients have for it.
    """
    ranges = parse_accept(header)
    if not ranges:
        return offered[0] if not header.strip() else None
    best: tuple[float, int, int] | None = None
    chosen = None
    for order, media_type in enumerate(offered):
        score = _score(ranges, media_type)
        if score is None or score[0] <= 0:
            continue
        rank = (score[0], score[1], -order)
        if best is None or rank > best:
            best, chosen = rank, media_type
    return chosen


def choose_for(form: Form, header: str) -> str:
    """Return the media type for a query's form.

    Raises:
        NotOfferedError: the client takes none of the types offered for it.
    """
    graph = form in (Form.CONSTRUCT, Form.DESCRIBE)
    offered = GRAPH_TYPES if graph else RESULT_TYPES
    media_type = choose(header, offered)
    if media_type is None:
        raise NotOfferedError(
            f"The result of {form.value} is offered as {', '.join(offered)}.", offered=list(offered)
        )
    return media_type


def _score(ranges: Sequence[MediaRange], media_type: str) -> tuple[float, int] | None:
    """Return (q, specificity) by the most specific range that matches the type or an alias."""
    best: tuple[int, float] | None = None
    for name in (media_type, *_ALIASES.get(media_type, ())):
        main, _, sub = name.partition("/")
        for media_range in ranges:
            specificity = media_range.specificity(main, sub)
            if specificity < 0:
                continue
            # The own name counts before an alias of the same specificity.
            weight = specificity * 2 + (name == media_type)
            if best is None or weight > best[0]:
                best = (weight, media_range.quality)
    return None if best is None else (best[1], best[0])
