"""What resembles a record: its rare words and the things it names."""

from dataclasses import replace
from pathlib import Path

import pytest

from search.build import IndexBuilder
from search.engines.base import Engine, MatchNone
from search.protocol import SearchRequest
from search.records import Rights
from search.service import SearchService
from search.similar import plan_similar
from search.thesaurus import Thesaurus
from tests.search.samples import AVISE, BASE, DLA, ENGLISH, FRENCH, NAMES, document, entity

THIRD = "3" * 64
ENERGY = "La coopérative produit une énergie partagée avec les habitants du village."
WIND = "Les habitants du bourg partagent une énergie produite par leur coopérative."
BREAD = "Le boulanger vend du pain."


@pytest.fixture
def found(tmp_path: Path, engine: Engine) -> SearchService:
    with IndexBuilder.create(tmp_path / "index", NAMES, engine) as builder:
        builder.replace_document(FRENCH, document(FRENCH, "fr", "Un", [ENERGY, BREAD]))
        builder.replace_document(ENGLISH, document(ENGLISH, "fr", "Deux", [WIND, "Rien."]))
        builder.replace_document(THIRD, document(THIRD, "fr", "Trois", ["Du pain, du sel."]))
        described = replace(entity(AVISE), summaries=(("Anime le dispositif DLA.", "fr"),))
        builder.replace_entities([described, entity(DLA)])
        builder.commit()
    return SearchService.open(tmp_path / "index")


def like(service: SearchService, iri: str, q: str = "", *, group: bool = False) -> list[str]:
    return [hit.id for hit in service.search(SearchRequest(q, like=iri, group=group)).results]


def passage(sha256: str, text: str) -> str:
    return f"{BASE}/document/{sha256}/p/0-{len(text)}"


def test_a_passage_finds_its_like_in_other_documents(found: SearchService) -> None:
    hits = like(found, passage(FRENCH, ENERGY))
    assert hits[0] == passage(ENGLISH, WIND)
    assert not any(FRENCH in hit for hit in hits)


def test_a_document_finds_others_by_all_its_passages(found: SearchService) -> None:
    hits = like(found, f"{BASE}/document/{FRENCH}", group=True)
    assert {hit.split("/document/")[1][:64] for hit in hits} == {ENGLISH, THIRD}


def test_an_entity_finds_what_its_description_names(found: SearchService) -> None:
    hits = like(found, AVISE)
    assert hits[0] == DLA
    assert AVISE not in hits


def test_words_beside_it_must_match_too(found: SearchService) -> None:
    assert like(found, passage(FRENCH, ENERGY), "bourg") == [passage(ENGLISH, WIND)]
    assert like(found, passage(FRENCH, ENERGY), "sel") == []


def test_what_was_found_is_explained_by_its_words(found: SearchService) -> None:
    first = found.search(SearchRequest(like=passage(FRENCH, ENERGY))).results[0]
    assert {"énergie", "coopérative"} <= set(first.matched)


def test_facets_and_filters_go_with_it(found: SearchService) -> None:
    response = found.search(SearchRequest(like=f"{BASE}/document/{FRENCH}", document=THIRD))
    assert response.total == 1
    assert {v.value: v.count for v in response.facets["type"]} == {"passage": 1}


def test_nothing_resembles_what_is_not_there(found: SearchService) -> None:
    response = found.search(SearchRequest(like="https://maillon.example/id/actor/nobody"))
    assert response.total == 0
    assert [note.key for note in response.notes] == ["query.like"]
    assert plan_similar([], Thesaurus(), _NoWords(), 0).query == MatchNone()


def test_a_text_that_may_not_be_shown_gives_no_words(tmp_path: Path, engine: Engine) -> None:
    hidden = document(FRENCH, "fr", "Un", [ENERGY], rights=Rights.METADATA)
    with IndexBuilder.create(tmp_path / "index", NAMES, engine) as builder:
        builder.replace_document(FRENCH, hidden)
        builder.replace_document(ENGLISH, document(ENGLISH, "fr", "Deux", [WIND]))
        builder.commit()
    service = SearchService.open(tmp_path / "index")
    assert like(service, f"{BASE}/document/{FRENCH}") == []


class _NoWords:
    def frequency(self, field: str, text: str) -> int:
        return 0

    def words(self, field: str, prefix: str, limit: int) -> list[str]:
        return []
