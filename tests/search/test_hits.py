"""Results: label and summary in the visitor's language, reasons in words that stand there."""

from dataclasses import replace

import pytest

from search.hits import SNIPPET_LENGTH, make_hit
from search.protocol import SearchRequest
from search.query import parse_query
from search.ranking import Plan, make_plan
from search.records import Record, RecordType, Rights
from search.thesaurus import Thesaurus
from tests.search.samples import DLA, DOCUMENTS, ENGLISH, ENTITIES, NAMES, SSE, entity


class AllKnown:
    """A vocabulary in which nothing needs correction."""

    def frequency(self, field: str, text: str) -> int:
        return 1

    def words(self, field: str, prefix: str, limit: int) -> list[str]:
        return [prefix]


def planned(q: str) -> Plan:
    return make_plan(parse_query(q), Thesaurus.of(NAMES), AllKnown())


@pytest.mark.parametrize(
    ("ui", "label", "summary"),
    [
        ("fr", "dispositif local d'accompagnement", "Un résumé en français."),
        ("en", "local support scheme", "A summary in English."),
        ("de", "DLA", "A summary in English."),
    ],
)
def test_entities_speak_the_visitors_language(ui: str, label: str, summary: str) -> None:
    hit = make_hit(entity(DLA), planned("DLA"), SearchRequest(ui=ui), 1.0)
    assert hit.label == label
    assert "".join(text for text, _ in hit.snippet) == summary
    assert hit.matched == ("DLA",)
    assert hit.named


def test_a_match_in_another_label_is_quoted() -> None:
    hit = make_hit(entity(SSE), planned("solidaire"), SearchRequest(ui="en"), 1.0)
    assert hit.label == "social and solidarity economy"
    assert hit.matched == ("solidaire",)
    assert not hit.named


def test_reasons_are_not_repeated_in_another_case() -> None:
    passage = replace(DOCUMENTS[ENGLISH][1], section="Support", text="Support for support.")
    hit = make_hit(passage, planned("support"), SearchRequest(), 1.0)
    assert hit.matched == ("Support",)
    assert hit.label == "Support"


def test_a_passage_is_not_its_documents_title() -> None:
    title = DOCUMENTS[ENGLISH][0].labels
    passage = replace(DOCUMENTS[ENGLISH][1], labels=title)
    hit = make_hit(passage, planned("Demonstration report"), SearchRequest(), 1.0)
    assert hit.label == "Demonstration report"
    assert not hit.named
    assert hit.matched == ()


def test_corrections_are_told_only_where_something_matched() -> None:
    plan = replace(planned("energy"), corrections=(("enrgy", "energy"),))
    with_energy = make_hit(DOCUMENTS[ENGLISH][2], plan, SearchRequest(), 1.0)
    assert with_energy.matched == ("energy", "enrgy → energy")
    assert make_hit(ENTITIES[1], plan, SearchRequest(), 1.0).matched == ()


def test_a_bare_record_is_a_hit() -> None:
    hit = make_hit(Record("x", RecordType.PASSAGE, "passage"), planned("a"), SearchRequest(), 0.0)
    assert (hit.label, hit.snippet, hit.matched) == ("", (), ())


def test_quoted_documents_show_at_most_three_hundred_characters() -> None:
    assert SNIPPET_LENGTH[Rights.METADATA] == 0
    assert SNIPPET_LENGTH[Rights.QUOTES] <= 300
