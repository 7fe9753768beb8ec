"""A search as an address says it: one value that makes the request, the links and the JSON."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from graph_api.portal.labels import local_name
from search.service import FacetValue, Hit, SearchRequest, SearchResponse

__all__ = ["FILTERS", "SearchQuery", "hit_json", "response_json"]

FILTERS = ("type", "lang", "theme", "territory", "stage", "audience", "support", "year",
           "country", "publisher", "review")  # fmt: skip
"""Filters of an address, in the order in which pages show them. ``type`` holds kinds."""

_COUNTED_AS = {"type": "kind"}


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What was asked for: words, filters by name, page, size, language of the interface."""

    q: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    size: int = 20
    ui: str = "en"
    bridges: bool = True
    like: str = ""
    document: str = ""
    apart: bool = False
    """Each passage by itself; else a document is listed once, at its best passage."""

    def request(self) -> SearchRequest:
        """The request to the search service."""
        others = {
            name: values for name, values in self.filters.items() if name not in ("type", "lang")
        }
        languages = self.filters.get("lang", ())
        if len(languages) > 1:
            others["lang"] = languages
        return SearchRequest(
            q=self.q,
            lang=languages[0] if len(languages) == 1 else "",
            types=self.filters.get("type", ()),
            filters=others,
            page=self.page,
            size=self.size,
            ui=self.ui,
            bridges=self.bridges,
            like=self.like,
            document=self.document,
            group=not self.apart,
        )

    def parameters(self, page: int = 1) -> dict[str, Any]:
        """The parameters of an address that asks the same, at another page."""
        return {
            "q": self.q,
            **{name: self.filters.get(name, ()) for name in FILTERS},
            "exact": "" if self.bridges else 1,
            "like": self.like,
            "document": self.document,
            "apart": 1 if self.apart else "",
            "page": page if page > 1 else "",
        }

    def chosen(self) -> Iterator[tuple[str, str]]:
        """The filters that are on, as (name, value)."""
        for name in FILTERS:
            for value in self.filters.get(name, ()):
                yield name, value

    def has(self, name: str, value: str) -> bool:
        """Whether a facet's value is filtered by; a full IRI or its last segment is the same."""
        given = self.filters.get(name, ())
        return value in given or local_name(value) in given

    def without(self, name: str, value: str) -> "SearchQuery":
        """The same search with one filter less, from its first page."""
        left = tuple(each for each in self.filters.get(name, ()) if each != value)
        return replace(self, filters={**self.filters, name: left}, page=1)

    def facet(self, response: SearchResponse, name: str) -> tuple[FacetValue, ...]:
        """The counted values of a filter."""
        return tuple(response.facets.get(_COUNTED_AS.get(name, name), ()))


def response_json(response: SearchResponse, generation: int) -> dict[str, Any]:
    """The JSON of a search; lists, counts and facets come from the one response."""
    return {
        "total": response.total,
        "facets": {
            name: [{"value": each.value, "count": each.count} for each in values]
            for name, values in response.facets.items()
        },
        "generation": generation,
        "read_as": response.read_as,
        "did_you_mean": response.did_you_mean,
        "bridges": [
            {"said": b.said, "name": b.name, "lang": b.lang, "id": b.entity, "related": b.related}
            for b in response.bridges
        ],
        "notes": [{"key": note.key, "values": list(note.values)} for note in response.notes],
        "results": [hit_json(hit) for hit in response.results],
    }


def hit_json(hit: Hit) -> dict[str, Any]:
    """One result. ``snippet`` is plain text, ``marks`` the found slices of it."""
    text = ""
    marks = []
    for part, marked in hit.snippet:
        if marked:
            marks.append([len(text), len(text) + len(part)])
        text += part
    return {
        "id": hit.id,
        "type": hit.type,
        "kind": hit.kind,
        "label": hit.label,
        "lang": hit.lang,
        "document": hit.document,
        "start": hit.start,
        "end": hit.end,
        "page": hit.page,
        "section": hit.section,
        "snippet": text,
        "marks": marks,
        "matched": list(hit.matched),
        "year": hit.year,
        "publisher": hit.publisher,
        "passages": hit.passages,
    }
