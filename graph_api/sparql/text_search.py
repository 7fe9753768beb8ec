"""What ``text:query`` asks, answered by the search index of the newest generation."""

import asyncio
from dataclasses import dataclass, replace

from graph_api.errors import BadQueryError
from graph_api.services import QueryRequest, Services
from graph_api.sparql.text_query import (
    PROPERTY,
    Found,
    TextCall,
    TextHit,
    TextNote,
    rewrite_text_queries,
)
from graph_api.sparql.tokens import check_query
from ontology.iris import Iris
from ontology.vocabularies import SKOS_ALT_LABEL, SKOS_PREF_LABEL
from search.lookup import Match, Said
from search.protocol import SearchRequest
from search.service import SearchService

__all__ = ["HITS_HEADER", "ReleaseTextQueryError", "prepare_query", "tell_notes"]

HITS_HEADER = "Maillon-Text-Hits"
_NAMESPACE = PROPERTY.removesuffix("query")


class ReleaseTextQueryError(BadQueryError):
    """``text:query`` with an old release: the index knows the newest generation only."""

    problem = "text-query-with-release"


@dataclass(frozen=True, slots=True)
class _IndexLookUp:
    """Finds the hits of a call in an open index."""

    index: SearchService
    iris: Iris

    def __call__(self, call: TextCall, most: int) -> Found:
        kinds = ("passage",) if call.passages else ("entity",)
        asked = SearchRequest(
            q=call.words,
            lang=call.lang if call.passages else "",
            types=kinds,
            ui="" if call.passages else call.lang,
        )
        matches = self.index.lookup(asked, max(1, most))
        hits = (self._hit(match, call) for match in matches.found[:most])
        return Found(matches.total, tuple(hit for hit in hits if hit is not None))

    def _hit(self, match: Match, call: TextCall) -> TextHit | None:
        if call.passages:
            said = next(iter(match.said), None)
            subject = str(self.iris.document(match.document))
        else:
            wanted = [each for each in match.said if _asked(each, call)]
            said = next(iter(wanted), None if call.properties else match.label)
            subject = match.id
            if said is None or (call.lang and not said.text):
                return None
        if said is None or not said.text:
            return TextHit(subject, match.score)
        return TextHit(subject, match.score, said.text, said.lang)


async def prepare_query(
    services: Services, asked: QueryRequest
) -> tuple[QueryRequest, tuple[TextNote, ...]]:
    """Return the request with its ``text:query`` rewritten, and what is to be told about it.

    Raises:
        BadQueryError: a use of the property that cannot be read, or with an old release.
        EngineDownError: there is no index.
    """
    if _NAMESPACE not in asked.query:
        return asked, ()
    settings = services.settings
    # The limits hold for what was asked, not for the list of hits that comes in its place.
    check_query(asked.query, max_bytes=settings.query_bytes, max_nesting=settings.query_nesting)
    if asked.store:
        raise ReleaseTextQueryError(
            "text:query searches the newest generation only. Leave out release, or use "
            "CONTAINS or REGEX on the labels."
        )
    look_up = _IndexLookUp(services.index.current(), services.iris)
    text, notes = await asyncio.to_thread(
        rewrite_text_queries, asked.query, look_up, settings.text_hits
    )
    return (replace(asked, evaluated=text) if notes else asked), notes


def tell_notes(notes: tuple[TextNote, ...]) -> str:
    """Return the header that says how many hits of each ``text:query`` took part: ``1000/5321``."""
    return ", ".join(
        f"{note.hits}/{note.total}{';capped' if note.capped else ''}" for note in notes
    )


def _asked(said: Said, call: TextCall) -> bool:
    """Whether a name is a value of one of the properties that the call names."""
    if not call.properties:
        return True
    return str(SKOS_PREF_LABEL if said.preferred else SKOS_ALT_LABEL) in call.properties
