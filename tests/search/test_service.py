"""The service on a small bilingual index: what comes first, what is counted, what may be shown."""

import time
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.build import IndexBuilder
from search.engines.base import Engine
from search.protocol import FACETS
from search.records import RecordType, Rights
from search.service import (
    FacetValue,
    Hit,
    IndexUnusableError,
    SearchRequest,
    SearchResponse,
    SearchService,
)
from tests.search.samples import (
    ARTICLE_ACTOR,
    ARTICLE_LAW,
    AVISE,
    BASE,
    CLOSED,
    DLA,
    DOCUMENTS,
    ENGLISH,
    FRENCH,
    NAMES,
    SSE,
    build,
    document,
    entity,
)


def ids(response: SearchResponse) -> list[str]:
    return [hit.id for hit in response.results]


def shown(hit: Hit) -> str:
    return "".join(f"[{text}]" if marked else text for text, marked in hit.snippet)


def facet(response: SearchResponse, name: str) -> dict[str, int]:
    return {value.value: value.count for value in response.facets[name]}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize(
    "q",
    [
        "DLA",
        "dla",
        "dispositif local d'accompagnement",
        "Dispositif Local d’Accompagnement",
        "le dispositif local accompagnement",
        "local support scheme",
        "the Local Support Scheme",
        '"local support scheme"',
        "dispositiflocal",
        "local suport scheme",
    ],
)
def test_every_name_leads_to_the_entity_first(service: SearchService, q: str, lang: str) -> None:
    first = service.search(SearchRequest(q, ui=lang)).results[0]
    assert first.id == DLA
    expected = {"fr": "dispositif local d'accompagnement", "en": "local support scheme"}
    assert (first.label, first.lang) == (expected[lang], lang)


@pytest.mark.parametrize("q", ["DLA", "local support scheme", "dispositif local d'accompagnement"])
def test_passages_of_both_languages_are_found(service: SearchService, q: str) -> None:
    response = service.search(SearchRequest(q, types=("passage",)))
    assert {ENGLISH, FRENCH} == {hit.document for hit in response.results[:2]}
    assert response.bridges


def test_a_hit_leads_to_the_place_and_says_why(service: SearchService) -> None:
    hit = service.search(SearchRequest("DLA", types=("passage",), lang="fr")).results[0]
    text = DOCUMENTS[FRENCH][1].text
    assert (hit.document, hit.start, hit.end, hit.page) == (FRENCH, 0, len(text), 1)
    assert shown(hit).startswith("Le [dispositif local d’accompagnement] aide")
    assert hit.matched == ("DLA = dispositif local d'accompagnement",)


def test_bridges_can_be_switched_off(service: SearchService) -> None:
    response = service.search(SearchRequest("DLA", types=("passage",), bridges=False))
    assert [hit.document for hit in response.results] == [ENGLISH]
    assert response.bridges == ()


def test_a_proper_name_beats_the_common_word(service: SearchService) -> None:
    first, second = service.search(SearchRequest("avise")).results[:2]
    assert first.id == AVISE
    assert shown(second).startswith("L'[Avise] anime un réseau ; son avis")


def test_namesakes_are_listed_by_weight_and_told_apart(service: SearchService) -> None:
    first, second = service.search(SearchRequest("article 1")).results[:2]
    assert [(first.id, first.kind), (second.id, second.kind)] == [
        (ARTICLE_ACTOR, "actor"),
        (ARTICLE_LAW, "law"),
    ]
    assert first.named
    assert second.named


def test_a_typo_is_corrected_and_said(service: SearchService) -> None:
    response = service.search(SearchRequest("coopperative energie", lang="fr"))
    assert response.did_you_mean == "cooperative energie"
    assert response.results[0].document == FRENCH
    assert "coopperative → cooperative" in response.results[0].matched
    assert service.search(SearchRequest("cooperative")).did_you_mean == ""


def test_all_words_come_before_some(service: SearchService) -> None:
    response = service.search(SearchRequest("œuvre utile commune", types=("passage",)))
    assert "énergie partagée" in shown(response.results[0])


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("coopérative AND commune", 1),
        ("coopérative NOT commune", 2),
        ('"économie sociale"', 1),
        ('"sociale économie"', 0),
        ("solida*", 2),
        ("lang:en cooperative", 1),
        ("titre:rapport", 0),
        ("xyzzyx", 0),
    ],
)
def test_query_language(service: SearchService, q: str, found: int) -> None:
    assert service.search(SearchRequest(q, types=("passage",))).total == found


QUERIES = ("économie sociale", "L’œuvre utile", "énergie partagée", "coopératives d'économie")


@given(st.sampled_from(QUERIES), st.sampled_from(["NFC", "NFD", "NFKC", "NFKD"]), st.data())
def test_typography_never_changes_results(
    service: SearchService, q: str, form: str, data: st.DataObject
) -> None:
    changed = q.translate({ord("’"): data.draw(st.sampled_from("'’ʼ′`"))})
    if data.draw(st.booleans()):
        changed = unicodedata.normalize("NFD", changed)
        changed = "".join(c for c in changed if not unicodedata.combining(c))
    cases = (changed, changed.upper(), changed.lower(), changed.title())
    changed = data.draw(st.sampled_from(cases))
    changed = unicodedata.normalize(form, changed)  # type: ignore[arg-type]
    plain, other = (service.search(SearchRequest(text)) for text in (q, changed))
    assert ids(other) == ids(plain)
    assert other.facets == plain.facets
    assert [h.snippet for h in other.results] == [h.snippet for h in plain.results]


def test_empty_query_lists_everything_heaviest_first(service: SearchService) -> None:
    response = service.search(SearchRequest(size=100))
    assert response.total == len(response.results) == 5 + 3 + 7
    assert ids(response)[:2] == [ARTICLE_ACTOR, ARTICLE_LAW]
    assert response.read_as == ""


def test_signs_alone_find_nothing_and_say_so(service: SearchService) -> None:
    response = service.search(SearchRequest("?!"))
    assert response.total == 0
    assert [n.key for n in response.notes] == ["query.nothing"]


def test_facets_count_documents_and_entities(service: SearchService) -> None:
    response = service.search(SearchRequest())
    assert facet(response, "type") == {"document": 3, "passage": 3, "entity": 5}
    assert facet(response, "theme") == {f"{BASE}/concept/theme/support": 2}
    assert facet(response, "year") == {"2020": 2, "2023": 1}


def test_every_facet_counts_a_document_once(tmp_path: Path, engine: Engine) -> None:
    region, town = f"{BASE}/territory/region", f"{BASE}/territory/town"
    first = document(FRENCH, "fr", "Rapport", ["eau un", "eau deux"])
    first = [replace(r, territories=(town, region), countries=("FR",)) for r in first]
    first[1] = replace(first[1], reviews=("accepted", "unreviewed"))
    first[2] = replace(first[2], reviews=("unreviewed",))
    other = replace(
        entity(AVISE), territories=(region,), countries=("FR", "SE"), reviews=("accepted",),
        stages=("launch",), audiences=("all",), supports=("advice",), year=2020, publisher="P",
    )  # fmt: skip
    with IndexBuilder.create(tmp_path / "index", NAMES, engine) as builder:
        builder.replace_document(FRENCH, first)
        builder.replace_entities([other])
        builder.commit()
    service = SearchService.open(tmp_path / "index")
    response = service.search(SearchRequest())
    assert facet(response, "territory") == {region: 2, town: 1}
    assert facet(response, "country") == {"FR": 2, "SE": 1}
    assert facet(response, "review") == {"accepted": 2, "unreviewed": 1}
    assert set(response.facets) == set(FACETS)
    filled = {name for name, values in response.facets.items() if values}
    assert filled == set(FACETS) - {"theme"}
    lies = SearchRequest(filters={"territory": ("region",), "review": ("unreviewed",)}, group=True)
    assert ids(service.search(lies)) == [first[1].id]


@pytest.mark.parametrize("q", ["", "économie", "DLA", "support"])
@pytest.mark.parametrize("name", ["type", "kind", "lang", "theme", "year"])
def test_choosing_a_facet_value_lists_what_was_counted(
    service: SearchService, name: str, q: str
) -> None:
    for value in service.search(SearchRequest(q)).facets[name]:
        chosen = SearchRequest(q, filters={name: (value.value,)}, group=True, size=100)
        response = service.search(chosen)
        assert response.total == len(response.results) == value.count
        assert value in response.facets[name]


def test_a_filter_takes_a_last_segment_and_any_of_its_values(service: SearchService) -> None:
    by_slug = service.search(SearchRequest(filters={"theme": ("support",)}))
    whole = service.search(SearchRequest(filters={"theme": (f"{BASE}/concept/theme/support",)}))
    assert ids(by_slug) == ids(whole) != []
    years = service.search(SearchRequest(filters={"year": ("2020", "2023")}))
    assert facet(years, "year") == {"2020": 2, "2023": 1}
    assert service.search(SearchRequest(filters={"nothing": ("x",)})).total == 0


def test_types_are_types_or_kinds(service: SearchService) -> None:
    laws = service.search(SearchRequest(types=("law",)))
    assert ids(laws) == [ARTICLE_LAW]
    both = service.search(SearchRequest(types=("law", "document"), size=100))
    assert {hit.type for hit in both.results} == {RecordType.ENTITY, RecordType.DOCUMENT}
    assert facet(laws, "kind")["actor"] == 2


def test_lang_keeps_content_of_that_language(service: SearchService) -> None:
    response = service.search(SearchRequest("coopérative", lang="en", types=("passage",)))
    assert {hit.lang for hit in response.results} == {"en"}


def test_about_an_entity(service: SearchService) -> None:
    assert ids(service.search(SearchRequest(entity=DLA))) == [DLA]


def test_grouping_lists_each_document_once(service: SearchService) -> None:
    response = service.search(SearchRequest("coopérative énergie avise", group=True))
    units = [hit.document or hit.id for hit in response.results]
    assert len(units) == len(set(units)) == response.total
    french = next(hit for hit in response.results if hit.document == FRENCH)
    assert french.passages == 3


def test_pages_cover_the_results_once(service: SearchService) -> None:
    for group in (False, True):
        whole = service.search(SearchRequest(size=100, group=group))
        paged = [
            hit
            for page in range(1, 9)
            for hit in ids(service.search(SearchRequest(page=page, size=2, group=group)))
        ]
        assert sorted(paged) == sorted(ids(whole))
        assert len(set(paged)) == whole.total


@pytest.mark.parametrize(("page", "size"), [(-5, -5), (0, 0), (10**9, 10**9), (600, 20)])
def test_odd_pages_are_brought_into_bounds(service: SearchService, page: int, size: int) -> None:
    response = service.search(SearchRequest(page=page, size=size))
    assert response.total == 15
    assert len(response.results) <= 100


def test_metadata_documents_are_found_but_never_quoted(service: SearchService) -> None:
    hit = service.search(SearchRequest("xylophone")).results[0]
    assert hit.document == CLOSED
    assert hit.snippet == ()
    assert "xylophone" not in repr(hit)


@pytest.mark.parametrize(("rights", "most"), [(Rights.FULL, 300), (Rights.QUOTES, 240)])
def test_snippets_are_limited(tmp_path: Path, rights: Rights, most: int) -> None:
    with IndexBuilder.create(tmp_path / "index", ()) as builder:
        text = ("mot " * 50 + "licorne ") * 20
        builder.replace_document(FRENCH, document(FRENCH, "fr", "T", (text,), rights=rights))
        builder.commit()
    hit = SearchService.open(tmp_path / "index").search(SearchRequest("licorne")).results[0]
    assert most - 60 < len("".join(part for part, _ in hit.snippet)) <= most
    assert "[licorne]" in shown(hit)


def test_a_mentioned_entity_bridges_languages(tmp_path: Path) -> None:
    texts = ("Le soutien de proximité change tout.",)
    with IndexBuilder.create(tmp_path / "index", NAMES) as builder:
        builder.replace_document(FRENCH, document(FRENCH, "fr", "T", texts, mentions=(DLA,)))
        builder.commit()
    service = SearchService.open(tmp_path / "index")
    assert service.search(SearchRequest("local support scheme", types=("passage",))).total == 1
    assert service.search(SearchRequest(entity=DLA)).total == 1


def test_reload_shows_what_was_committed_since(tmp_path: Path) -> None:
    service = build(tmp_path / "index")
    with IndexBuilder.open_writer(tmp_path / "index") as builder:
        builder.replace_document(FRENCH, ())
        builder.replace_entities([replace(entity(SSE), labels=(("Renommée", "fr"),))], [AVISE])
        builder.replace_names([replace(NAMES[0], text="nouveau nom", entity=SSE)])
        builder.commit()
    assert service.search(SearchRequest("avise")).results[0].id == AVISE
    service.reload()
    assert AVISE not in ids(service.search(SearchRequest("avise", size=100)))
    assert FRENCH not in {hit.document for hit in service.search(SearchRequest(size=100)).results}
    assert service.search(SearchRequest("renommee")).results[0].id == SSE
    assert service.search(SearchRequest("nouveau nom")).results[0].id == SSE


def test_an_index_that_is_not_one(tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError):
        SearchService.open(tmp_path / "none")
    service = build(tmp_path / "index")
    (tmp_path / "index" / "thesaurus.json").write_text("{")
    with pytest.raises(IndexUnusableError):
        service.reload()
    (tmp_path / "index" / "meta.json").write_text('{"version": "older"}')
    with pytest.raises(IndexUnusableError, match="older"):
        SearchService.open(tmp_path / "index")


HOSTILE = [
    "(" * 20_000,
    "*e*",
    "a* OR b*",
    "é" * 10_000_000,
    "a OR " * 500,
    "\x00\x01\x1f\x7f\u202eabc\u2066",
    "\ud800",
    "'\"<script>alert(1)</script>",
    'theme:"x\x1fy" lang:=fr type=entity\x1f',
    "NOT " * 200 + "a",
    "' OR '1'='1",
    " ".join(f"zzq{n}xy" for n in range(60)),
    "l'" * 128,
]


@pytest.mark.parametrize("q", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_queries_end_at_once(service: SearchService, q: str) -> None:
    started = time.process_time()
    response = service.search(SearchRequest(q, filters={"theme": (q[:1000],)}, lang=q[:50]))
    service.search(SearchRequest(q, group=True))
    service.suggest(q)
    assert time.process_time() - started < 1.0
    assert len(response.read_as) <= 600


@given(st.text(max_size=80))
def test_any_query_is_answered(service: SearchService, q: str) -> None:
    response = service.search(SearchRequest(q))
    assert response.total >= len(response.results)
    assert all(
        isinstance(value, FacetValue) for values in response.facets.values() for value in values
    )
