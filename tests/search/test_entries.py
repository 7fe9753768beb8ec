"""Records as entries: what is indexed, what comes back, how documents are counted."""

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engines.base import Entry
from search.entries import (
    SCHEMA,
    count_units,
    facet_key,
    facet_keys,
    make_document_entries,
    make_entry,
    read_payload,
)
from search.records import Record, RecordType, Rights
from tests.search.samples import AVISE, DOCUMENTS, ENTITIES, FRENCH

PASSAGE = replace(
    DOCUMENTS[FRENCH][1], section="Aides", mentions=(AVISE,), themes=("https://x/theme/Mobilité",)
)


def test_every_field_is_in_the_schema() -> None:
    for record in (PASSAGE, *ENTITIES, DOCUMENTS[FRENCH][0]):
        entry = make_entry(record)
        assert {*entry.texts, *entry.words, *entry.values, *entry.numbers} <= set(SCHEMA)


def test_a_passage() -> None:
    entry = make_entry(PASSAGE)
    assert entry.values["document"] == (FRENCH,)
    assert entry.values["about"] == (AVISE,)
    assert {"theme=mobilité", "theme=https://x/theme/mobilité", "lang=fr", "year=2020"} <= set(
        entry.values["facet"]
    )
    assert [t.text for t in entry.texts["heading"]] == ["aid"]
    assert {"structures", "aides"} <= set(entry.words["words"])
    assert "name" not in entry.values


def test_an_entity_has_whole_names_and_is_counted_as_itself() -> None:
    entry = make_entry(ENTITIES[0])
    assert set(entry.values["name"]) == {
        "dispositif local accompagnement",
        "local support scheme",
        "dla",
    }
    assert "tally" in entry.values
    assert "share" not in entry.values
    assert {"lang=en", "lang=fr"} <= set(entry.values["facet"])


def test_a_name_of_no_language_is_of_all() -> None:
    record = Record("https://x/a", RecordType.ENTITY, "actor", (("Avise", ""),))
    assert {"lang=en", "lang=fr"} <= set(make_entry(record).values["facet"])


def test_no_phrase_spans_two_labels() -> None:
    tokens = make_entry(ENTITIES[0]).texts["label"]
    gaps = {b.position - a.position for a, b in pairwise(tokens)}
    assert gaps >= {1, 10}


@pytest.mark.parametrize("rights", list(Rights))
def test_payload_keeps_the_text_unless_it_may_not_be_shown(rights: Rights) -> None:
    entry = make_entry(replace(PASSAGE, rights=rights))
    back = read_payload(entry.payload)
    assert back.text == ("" if rights is Rights.METADATA else PASSAGE.text)
    assert (back.id, back.start, back.end, back.page) == (
        PASSAGE.id,
        PASSAGE.start,
        PASSAGE.end,
        PASSAGE.page,
    )
    assert entry.texts["body"]


@given(st.builds(Record, id=st.text(), type=st.sampled_from(RecordType), kind=st.text()))
def test_any_record_makes_an_entry(record: Record) -> None:
    assert read_payload(make_entry(record).payload).id == record.id


def shares(entries: Iterable[Entry]) -> set[str]:
    return {value for entry in entries for value in entry.values["share"]}


def test_documents_are_counted_once() -> None:
    apart = [make_entry(r) for records in DOCUMENTS.values() for r in records]
    bundled = [e for records in DOCUMENTS.values() for e in make_document_entries(records)]
    tally = {"kind=actor": 2, "lang=fr": 2}
    documents, facets = count_units(tally, shares(bundled))
    assert (documents, facets) == count_units(tally, shares(apart))
    assert len(shares(bundled)) < len(shares(apart))
    assert documents == 3
    assert facets["lang"] == {"fr": 2 + 2, "en": 1}
    assert facets["type"] == {"document": 3, "passage": 3}
    assert facets["kind"]["actor"] == 2


def test_facet_keys_fold_case() -> None:
    assert facet_key("country", "FR") == facet_key("country", "fr")


@pytest.mark.parametrize(
    ("value", "years"),
    [
        ("2019", ["2019"]),
        ("2019..2021", ["2019", "2020", "2021"]),
        ("2021..2019", ["2019", "2020", "2021"]),
        ("2098..", ["2098", "2099"]),
        ("..1801", ["1800", "1801"]),
        ("..", [".."]),
        ("20..22", ["20..22"]),
    ],
)
def test_years_from_to(value: str, years: list[str]) -> None:
    assert facet_keys("year", value) == tuple(f"year={year}" for year in years)
    assert facet_keys("theme", "2019..2021") == ("theme=2019..2021",)
