"""Suggestions: what goes on from what was typed, in which language."""

import pytest

from search.engines.base import Found, Query
from search.service import SearchService
from search.suggest import suggest
from tests.search.samples import ARTICLE_ACTOR, ARTICLE_LAW, DLA, FRENCH, SSE


@pytest.mark.parametrize(
    ("q", "lang", "label", "label_lang", "leads_to"),
    [
        ("disp", "", "dispositif local d'accompagnement", "fr", DLA),
        ("DISPOSITIF LOCAL D’ACC", "fr", "dispositif local d'accompagnement", "fr", DLA),
        ("accompag", "", "dispositif local d'accompagnement", "fr", DLA),
        ("dl", "en", "DLA", "", DLA),
        ("economie sociale et", "fr", "économie sociale et solidaire", "fr", SSE),
        ("soci", "en", "social and solidarity economy", "en", SSE),
        ("soci", "fr", "économie sociale et solidaire", "fr", SSE),
        ("rapport de d", "fr", "Rapport de démonstration", "fr", FRENCH),
    ],
)
def test_suggests(
    service: SearchService, q: str, lang: str, label: str, label_lang: str, leads_to: str
) -> None:
    first = service.suggest(q, lang)[0]
    assert (first.label, first.lang) == (label, label_lang)
    assert leads_to in first.id


def test_namesakes_are_both_suggested_with_their_kind(service: SearchService) -> None:
    found = [(s.id, s.kind) for s in service.suggest("artic")]
    assert found == [(ARTICLE_ACTOR, "actor"), (ARTICLE_LAW, "law")]


@pytest.mark.parametrize("q", ["", " ", "?", "zzz", "zzz disp", "*", "a" * 10_000])
def test_nothing_to_suggest(service: SearchService, q: str) -> None:
    assert service.suggest(q) == []


def test_limit(service: SearchService) -> None:
    assert len(service.suggest("d", limit=1)) == 1
    assert service.suggest("d", limit=0) == []


class NothingIndexed:
    """A reader of an empty index."""

    def frequency(self, field: str, text: str) -> int:
        return 0

    def words(self, field: str, prefix: str, limit: int) -> list[str]:
        return []

    def search(self, query: Query, limit: int, offset: int = 0, sort: str | None = None) -> Found:
        raise AssertionError("nothing to search for")

    def count_values(self, query: Query, field: str) -> dict[str, int]:
        return {}

    def refreshed(self) -> "NothingIndexed":
        return self


def test_an_unknown_beginning_is_not_searched_for() -> None:
    assert suggest(NothingIndexed(), "innov", "fr", 10) == []
