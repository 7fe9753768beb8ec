from graph_api.portal.searching import SearchQuery, hit_json, response_json
from search.service import FacetValue, Hit, SearchResponse

QUERY = SearchQuery(
    "habitat", {"type": ("actor",), "lang": ("fr",), "theme": ("housing", "x")}, page=3, ui="fr"
)
HIT = Hit(
    "https://x.example/id/document/ab/p/1-9", "passage", "passage", "Report", "fr", "ab", 1, 9, 2,
    "Section", "", (("a ", False), ("word", True), (" <b>", False)), ("word",),
)  # fmt: skip


def test_one_query_makes_the_request() -> None:
    request = QUERY.request()
    assert (request.q, request.lang, request.types, request.page) == (
        "habitat",
        "fr",
        ("actor",),
        3,
    )
    assert dict(request.filters) == {"theme": ("housing", "x")}
    two = SearchQuery("", {"lang": ("fr", "en")}).request()
    assert (two.lang, dict(two.filters)) == ("", {"lang": ("fr", "en")})


def test_the_address_asks_the_same_again() -> None:
    parameters = QUERY.parameters(page=2)
    assert parameters["q"] == "habitat"
    assert parameters["theme"] == ("housing", "x")
    assert parameters["page"] == 2
    assert QUERY.parameters()["page"] == ""


def test_taking_one_filter_away_keeps_the_others_and_starts_again() -> None:
    left = QUERY.without("theme", "x")
    assert left.filters["theme"] == ("housing",)
    assert left.page == 1
    assert list(QUERY.chosen()) == [
        ("type", "actor"), ("lang", "fr"), ("theme", "housing"), ("theme", "x"),
    ]  # fmt: skip


def test_a_filter_is_on_by_its_last_segment_too() -> None:
    assert QUERY.has("theme", "https://x.example/id/concept/themes/housing")
    assert not QUERY.has("theme", "https://x.example/id/concept/themes/health")


def test_a_snippet_is_text_with_the_places_of_its_marks() -> None:
    found = hit_json(HIT)
    assert found["snippet"] == "a word <b>"
    assert [found["snippet"][start:end] for start, end in found["marks"]] == ["word"]
    assert {"id", "kind", "label", "lang", "document", "start", "end", "page", "matched"} <= set(
        found
    )


def test_the_wire_shape_of_a_search() -> None:
    response = SearchResponse(1, {"kind": (FacetValue("actor", 4),)}, (HIT,), "habitat")
    found = response_json(response, 12)
    assert found["total"] == 1
    assert found["generation"] == 12
    assert found["facets"] == {"kind": [{"value": "actor", "count": 4}]}
    assert [hit["id"] for hit in found["results"]] == [HIT.id]
    assert SearchQuery().facet(response, "type") == (FacetValue("actor", 4),)
