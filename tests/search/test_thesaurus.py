"""The thesaurus: which names a query holds, and which other names they bring."""

import pytest

from ontology.model import Iri, LabelRole, Name
from search.thesaurus import Thesaurus
from tests.search.samples import ARTICLE_ACTOR, ARTICLE_LAW, AVISE, DLA, NAMES, SSE

THESAURUS = Thesaurus.of(NAMES)


def found(text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    return [(m.first, m.last, m.entities) for m in THESAURUS.match(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dla", [(0, 1, (DLA,))]),
        ("le financement du DLA", [(3, 4, (DLA,))]),
        ("Local Support Schemes for all", [(0, 3, (DLA,))]),
        ("dispositifs locaux d’accompagnement", [(0, 3, (DLA,))]),
        ("les dispositifs local d’accompagnements ruraux", [(1, 4, (DLA,))]),
        ("economie sociale et solidaire", [(0, 4, (SSE,))]),
        ("DLA et ESS", [(0, 1, (DLA,)), (2, 3, (SSE,))]),
        ("solidarity", []),
        ("", []),
        ("le la les", []),
    ],
)
def test_match(text: str, expected: list[tuple[int, int, tuple[str, ...]]]) -> None:
    assert found(text) == expected


def test_other_names_come_preferred_first_without_the_one_said() -> None:
    match = THESAURUS.match("DLA")[0]
    assert [n.text for n in match.others] == [
        "dispositif local d'accompagnement",
        "local support scheme",
    ]


def test_a_misprint_finds_but_is_never_offered() -> None:
    assert THESAURUS.entities_named("dispositiflocal") == (DLA,)
    others = THESAURUS.match("local support scheme")[0].others
    assert "dispositiflocal" not in {n.text for n in others}


def test_a_name_that_is_a_common_word_counts_as_the_whole_query_only() -> None:
    whole = THESAURUS.match("avise")[0]
    assert (whole.entities, whole.homograph) == ((AVISE,), True)
    part = THESAURUS.match("avise financement")[0]
    assert (part.entities, part.others, part.homograph) == ((), (), True)


def test_namesakes_are_all_found() -> None:
    assert set(THESAURUS.entities_named("Article 1")) == {ARTICLE_LAW, ARTICLE_ACTOR}


def test_json_round_trip_does_not_depend_on_order() -> None:
    again = Thesaurus.from_json(THESAURUS.to_json())
    assert again == THESAURUS == Thesaurus.of(reversed(NAMES))
    assert again.hash == THESAURUS.hash
    assert again.match("DLA") == THESAURUS.match("DLA")
    more = Thesaurus.of((*NAMES, Name("x", "", Iri("https://x"), "Actor", LabelRole.SHORT)))
    assert more.hash != THESAURUS.hash


@pytest.mark.parametrize("text", ["", "{", "[1]", '[["a"]]', "null", '[["a","","b","c","no",""]]'])
def test_rubbish_is_refused(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any message will do
        Thesaurus.from_json(text)


def test_names_of() -> None:
    assert THESAURUS.names_of(DLA)[0].role is LabelRole.PREFERRED
    assert THESAURUS.names_of("https://nowhere") == ()


def test_an_acronym_is_found_by_its_english_plural() -> None:
    assert THESAURUS.entities_named("DLAs") == THESAURUS.entities_named("DLA") != ()


def test_related_concepts_bring_their_names_along_apart_from_other_names() -> None:
    related = Thesaurus.of(NAMES, [(DLA, SSE)])
    found = related.match("financement du DLA")[0]
    assert [name.text for name in found.related] == [
        "social and solidarity economy", "économie sociale et solidaire", "ESS", "SSE"
    ]  # fmt: skip
    assert {name.entity for name in found.others} == {DLA}
    assert related.match("financement de l'ESS")[0].related == ()
    assert Thesaurus.from_json(related.to_json()) == related
