"""Planning: a parsed query becomes a query tree, without any engine."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from search.engines.base import (
    Boost,
    Constant,
    DisMax,
    Exclude,
    MatchAll,
    MatchNone,
    PhraseQuery,
    Query,
    Term,
    TermSet,
)
from search.query import parse_query
from search.ranking import QUERY_FIELDS, Plan, Weights, make_plan
from search.thesaurus import Thesaurus
from tests.search.samples import AVISE, DLA, NAMES, SSE

WEIGHTS = Weights()


class Words:
    """A vocabulary of a few words."""

    known = frozenset({"incubateur", "incub", "local", "financ", "financement", "avis", "avise"})

    def frequency(self, field: str, text: str) -> int:
        return int(text in self.known)

    def words(self, field: str, prefix: str, limit: int) -> list[str]:
        return sorted(w for w in self.known if w.startswith(prefix))[:limit]


def plan(text: str, *, bridges: bool = True) -> Plan:
    thesaurus = Thesaurus.of(NAMES) if bridges else Thesaurus()
    return make_plan(parse_query(text, QUERY_FIELDS), thesaurus, Words(), WEIGHTS)


def parts(query: Query) -> Iterator[Query]:
    """Yield a tree's nodes."""
    yield query
    for name in ("queries", "query", "excluded"):
        inner = getattr(query, name, ())
        for child in inner if isinstance(inner, tuple) else (inner,):
            yield from parts(child)


def has(planned: Plan, *wanted: Query) -> bool:
    nodes = set(parts(planned.query))
    return all(node in nodes for node in wanted)


def test_a_word_is_read_in_both_languages() -> None:
    assert has(plan("organisations"), Term("body", "organis"), Term("label", "organis"))
    assert has(plan("policies"), Term("body", "polici"), Term("body", "polic"))


def test_headings_count_half() -> None:
    assert has(plan("fonds"), Boost(Term("heading", "fond"), WEIGHTS.heading))


def test_stop_words_of_either_language_are_left_out_unless_there_is_nothing_else() -> None:
    assert not has(plan("the financement"), Term("body", "the"))
    assert has(plan("the"), Term("body", "the"))


def test_bridges_count_less_and_are_told() -> None:
    planned = plan("financement du DLA")
    assert [str(b) for b in planned.bridges] == [
        "DLA = dispositif local d'accompagnement",
        "DLA = local support scheme",
    ]
    boosted = [p for p in parts(planned.query) if isinstance(p, Boost)]
    assert any(b.weight == WEIGHTS.bridge and Term("about", DLA) in parts(b) for b in boosted)
    assert plan("financement du DLA", bridges=False).bridges == ()


def test_a_short_acronym_is_itself_in_a_longer_query_in_small_letters_too() -> None:
    """Its capitals matter where running text is read, not to those who type."""
    capital = [replace(name, context="capital") for name in NAMES if name.entity == DLA]
    planned = make_plan(parse_query("qui finance le dla"), Thesaurus.of(capital), Words(), WEIGHTS)
    assert [b.name for b in planned.bridges][-1] == "local support scheme"


def test_a_section_titled_after_the_thing_counts_with_its_bridges() -> None:
    boost = Boost(Term("topic", DLA), WEIGHTS.topic)
    assert has(plan("financement du DLA"), boost)
    assert not has(plan("financement du DLA", bridges=False), boost)


def test_related_concepts_count_less_than_other_names_and_are_told_apart() -> None:
    thesaurus = Thesaurus.of(NAMES, [(DLA, SSE)])
    planned = make_plan(parse_query("budget du DLA"), thesaurus, Words(), WEIGHTS)
    assert str(planned.bridges[-1]) == "DLA ~ SSE"
    boosted = [p for p in parts(planned.query) if isinstance(p, Boost)]
    assert any(b.weight == WEIGHTS.related and Term("words", "sse") in parts(b) for b in boosted)


def test_a_name_and_its_other_names_are_one_unit() -> None:
    """Text in another language has none of the typed words; it does not fall behind for that."""
    unit = next(
        p
        for p in parts(plan("local support scheme budget").query)
        if isinstance(p, DisMax)
        and any(isinstance(q, Boost) and Term("about", DLA) in parts(q) for q in p.queries)
    )
    phrase = PhraseQuery("body", ((0, "local"), (1, "support"), (2, "scheme")))
    assert phrase in unit.queries
    loose = [q for q in unit.queries if isinstance(q, Boost) and q.weight == WEIGHTS.loose]
    assert len(loose) == 1
    assert Term("body", "scheme") in parts(loose[0])


def test_words_that_ask_are_left_out_unless_there_is_nothing_else() -> None:
    planned = plan("qui peut financer quand")
    assert not has(planned, Term("body", "peut"))
    assert has(planned, Term("body", "financ"))
    assert has(plan("what can"), Term("body", "what"), Term("body", "can"))
    assert has(plan('"peut financer"'), PhraseQuery("body", ((0, "peut"), (1, "financ"))))


def test_a_proper_name_that_is_a_common_word_counts_as_written() -> None:
    planned = plan("avise financement")
    assert has(planned, Term("words", "avise"))
    assert any(isinstance(p, Boost) and p.weight == WEIGHTS.homograph for p in parts(planned.query))
    assert planned.bridges == ()


def test_a_whole_name_lifts_its_entity() -> None:
    planned = plan("l'Avise")
    assert planned.name == "avise"
    assert has(planned, Term("name", "avise"), TermSet("id", (AVISE,)))
    assert plan("Avise AND DLA").name == ""
    assert plan("lang:fr Avise").name == ""


def test_unknown_words_are_corrected_by_the_index() -> None:
    planned = plan("incubatuer local")
    assert planned.corrections == (("incubatuer", "incubateur"),)
    assert has(planned, Term("body", "incub"), Term("name", "incubateur local"))
    assert plan("local").corrections == ()
    assert plan("xyzxyz").corrections == ()


def test_prefixes_become_known_words() -> None:
    assert has(plan("financ*"), Term("words", "financement"), Term("words", "financ"))
    assert has(plan("zzz*"), MatchNone())
    assert has(plan("l'incub*"), Term("words", "incubateur"))


def test_facets_filter_beside_words_and_do_not_score() -> None:
    planned = plan("lang:fr DLA")
    assert has(planned, Constant(TermSet("facet", ("lang=fr",))))
    title = PhraseQuery("label", ((0, "local"),))
    assert has(plan("titre:local"), title)


def test_negation() -> None:
    alone = plan("NOT avise").query
    assert isinstance(alone, Exclude)
    assert alone.query == MatchAll()
    planned = plan("DLA NOT avise")
    assert any(isinstance(p, Exclude) for p in parts(planned.query))
    assert "avis" not in planned.marks.stems
    assert plan("NOT incubatuer").corrections == ()


@pytest.mark.parametrize(
    ("text", "query"), [("", MatchAll()), ("  ", MatchAll()), ("?!", MatchNone())]
)
def test_nothing_typed_shows_all_and_signs_find_nothing(text: str, query: Query) -> None:
    planned = plan(text)
    assert planned.query == query
    assert not planned.scored


def test_phrases_are_read_in_both_languages_and_bridged_as_a_whole() -> None:
    planned = plan('"local support scheme"')
    assert planned.bridges
    assert plan('"the local support scheme of all"').bridges == ()
