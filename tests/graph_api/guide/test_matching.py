"""How answers and what sources say go together: what is not said excludes nobody."""

from datetime import date
from decimal import Decimal

import pytest

from graph_api.guide.matching import Guidance, Match, guide, limits_of
from graph_api.guide.offers import Criterion, Knowledge, Offer, read_knowledge, read_offers
from graph_api.guide.profile import Profile
from graph_api.services import Row
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import RDF_TYPE, SKOS_BROADER, SKOS_NOTATION, SKOS_RELATED_MATCH

IRIS = Iris()
TODAY = date(2026, 11, 27)


def concept(path: str) -> Iri:
    scheme, slug = path.split("/")
    return IRIS.concept(scheme, slug)


def programme(slug: str) -> Iri:
    return IRIS.entity("programme", slug)


def territory(slug: str) -> Iri:
    return IRIS.entity("territory", slug)


HOLDERS, SSE, ASSOCIATIONS = (
    concept(f"audiences/{slug}")
    for slug in ("project-holders", "sse-organisations", "associations")
)
IDEA, SCALING = concept("stages/idea"), concept("stages/scaling")
MONEY, ADVICE = concept("support-types/financing"), concept("support-types/advisory")
KNOWLEDGE = Knowledge(
    broader={ASSOCIATIONS: frozenset({SSE})},
    related={HOLDERS: frozenset({SSE}), SSE: frozenset({HOLDERS})},
    matches={
        concept("needs/funding"): frozenset({MONEY}),
        ASSOCIATIONS: frozenset({concept("legal-statuses/association")}),
    },
    order={IDEA: 1, SCALING: 6},
    part_of={
        territory("town"): frozenset({territory("region")}),
        territory("region"): frozenset({territory("country")}),
    },
)


def offer(slug: str = "scheme", **said: object) -> Offer:
    return Offer(programme(slug), **said)  # type: ignore[arg-type]


def judge(profile: Profile, *offers: Offer) -> Guidance:
    return guide(profile, offers, KNOWLEDGE, IRIS)


def where(guidance: Guidance) -> str:
    return next(name for name in Guidance.__dataclass_fields__ if getattr(guidance, name))


def money(**more: object) -> Offer:
    return offer("scheme", answers=frozenset({MONEY}), help=frozenset({MONEY}), **more)


def test_a_source_that_is_silent_excludes_nobody() -> None:
    found = judge(Profile(who="funders", stage="idea", need="funding", place="town"), money())
    assert where(found) == "fitting"
    assert [r.match for r in found.fitting[0].reasons] == [
        Match.UNSAID, Match.UNSAID, Match.YES, Match.UNSAID,
    ]  # fmt: skip


def test_the_main_wish_must_be_mentioned() -> None:
    silent = offer(stages=frozenset({IDEA}))
    assert where(judge(Profile(stage="idea", need="funding"), silent)) == "possible"
    other = offer(answers=frozenset({ADVICE}), help=frozenset({ADVICE}), stages=frozenset({IDEA}))
    assert where(judge(Profile(stage="idea", need="funding"), other)) == "near"


def test_nothing_that_is_known_means_no_place_in_any_list() -> None:
    found = judge(Profile(need="funding"), offer())
    assert found == Guidance((), (), (), ())


def test_one_answer_against_it_is_near_two_exclude() -> None:
    scheme = money(stages=frozenset({SCALING}), places=frozenset({territory("region")}))
    near = judge(Profile(stage="idea", need="funding", place="town"), scheme)
    assert where(near) == "near"
    assert [r.question for r in near.near[0].against] == ["stage"]
    far = judge(Profile(stage="idea", need="funding", place="elsewhere"), scheme)
    assert where(far) == "excluded"
    assert [r.question for r in far.excluded[0].against] == ["stage", "place"]


@pytest.mark.parametrize(
    ("valid", "asked", "match"),
    [
        ("region", "town", Match.YES),
        ("country", "town", Match.YES),
        ("town", "region", Match.PARTLY),
        ("region", "elsewhere", Match.NO),
    ],
)
def test_validity_holds_below_and_partly_above(valid: str, asked: str, match: Match) -> None:
    found = judge(Profile(need="funding", place=asked), money(places=frozenset({territory(valid)})))
    judged = [*found.fitting, *found.near][0]
    assert next(r.match for r in judged.reasons if r.question == "place") is match


@pytest.mark.parametrize(
    ("who", "age", "headcount", "audience", "match"),
    [
        ("associations", None, None, SSE, Match.YES),
        ("sse-organisations", None, None, ASSOCIATIONS, Match.PARTLY),
        ("project-holders", None, None, SSE, Match.PARTLY),
        ("project-holders", 3, 2, ASSOCIATIONS, Match.PARTLY),
        ("project-holders", 0, 0, SSE, Match.NO),
        ("project-holders", 0, None, ASSOCIATIONS, Match.NO),
        ("associations", None, None, HOLDERS, Match.PARTLY),
        ("funders", None, None, SSE, Match.NO),
    ],
)
def test_who_counts_with_those_near(
    who: str, age: int | None, headcount: int | None, audience: Iri, match: Match
) -> None:
    profile = Profile(who=who, need="funding", age=age, headcount=headcount)
    found = judge(profile, money(audiences=frozenset({audience})))
    assert [*found.fitting, *found.near][0].reasons[0].match is match


@pytest.mark.parametrize(
    ("operator", "value", "given", "match"),
    [
        (mln.atLeast, 3, 3, Match.YES),
        (mln.atLeast, 3, 2, Match.NO),
        (mln.moreThan, 3, 3, Match.NO),
        (mln.moreThan, 3, 4, Match.YES),
        (mln.atMost, 10, 10, Match.YES),
        (mln.atMost, 10, 11, Match.NO),
        (mln.lessThan, 3, 3, Match.NO),
        (mln.equalTo, 3, 3, Match.YES),
        (mln.equalTo, 3, 4, Match.NO),
        (mln.atLeast, 3, None, Match.CHECK),
        (None, 3, 5, Match.CHECK),
    ],
)
@pytest.mark.parametrize("about", ["age", "headcount"])
def test_numbers_are_compared_only_where_they_were_given(
    about: str, operator: Iri | None, value: int, given: int | None, match: Match
) -> None:
    criterion = Criterion(
        programme("scheme#criterion-1"), concept(f"criterion-properties/{about}"), operator,
        Decimal(value),
    )  # fmt: skip
    profile = Profile.read({"need": "funding"} | ({about: str(given)} if given is not None else {}))
    found = judge(profile, money(criteria=(criterion,)))
    judged = [*found.fitting, *found.near][0]
    assert judged.reasons[-1].match is match


def test_a_condition_on_legal_form_answers_who() -> None:
    criterion = Criterion(
        programme("scheme#criterion-1"), concept("criterion-properties/legal-form"), mln.oneOf,
        concepts=frozenset({concept("legal-statuses/association")}),
    )  # fmt: skip
    scheme = money(criteria=(criterion,))
    assert where(judge(Profile(who="associations"), scheme)) == "fitting"
    assert where(judge(Profile(who="sse-organisations", need="funding"), scheme)) == "fitting"
    assert where(judge(Profile(who="funders", need="funding"), scheme)) == "near"


def test_what_is_excluded_by_name_is_excluded() -> None:
    criterion = Criterion(
        programme("scheme#criterion-1"), concept("criterion-properties/applicant"), mln.noneOf,
        concepts=frozenset({HOLDERS}),
    )  # fmt: skip
    assert (
        where(judge(Profile(who="project-holders", need="funding"), money(criteria=(criterion,))))
        == "near"
    )
    assert (
        where(judge(Profile(who="funders", need="funding"), money(criteria=(criterion,))))
        == "fitting"
    )


def test_what_is_closed_never_fits() -> None:
    assert where(judge(Profile(need="funding"), money(closed=True))) == "near"


def test_the_order_is_that_of_a_project_s_life() -> None:
    late = money(stages=frozenset({SCALING}))
    early = Offer(programme("z"), answers=frozenset({MONEY}), stages=frozenset({IDEA, SCALING}))
    unsaid = Offer(programme("a"), answers=frozenset({MONEY}))
    found = judge(Profile(need="funding"), late, unsaid, early)
    assert [each.offer.iri for each in found.fitting] == [early.iri, late.iri, unsaid.iri]


def test_the_wish_is_the_first_of_need_stage_who_place() -> None:
    def wanted(**answers: str) -> str:
        return limits_of(Profile.read(answers), KNOWLEDGE, IRIS).wanted

    assert wanted(need="funding", stage="idea", who="funders", place="town") == "need"
    assert wanted(need="any", stage="idea", who="funders") == "stage"
    assert wanted(who="funders", place="town") == "who"
    assert wanted(place="town") == "place"
    assert wanted() == ""


def row(subject: Iri, predicate: Iri, value: Iri | Literal) -> Row:
    return {"s": subject, "p": predicate, "o": value}


def test_offers_are_read_from_rows_and_close_with_their_deadline() -> None:
    past, future = programme("past"), programme("future")
    criterion = Iri(f"{future}#criterion-1")
    offers = read_offers(
        [
            row(past, mln.closesOn, Literal("2026-11-26")),
            row(future, mln.closesOn, Literal("2026-11-27")),
            row(future, mln.hasCriterion, criterion),
            row(programme("vague"), mln.closesOn, Literal("2020")),
            row(programme("project"), RDF_TYPE, mln.Project),
            row(programme("over"), mln.status, mln.closed),
        ],
        [
            row(criterion, mln.criterionProperty, concept("criterion-properties/age")),
            row(criterion, mln.criterionValue, Literal("3")),
            row(criterion, mln.criterionText, Literal("Exister depuis trois ans.", lang="fr")),
        ],
        TODAY,
    )
    assert {iri.rpartition("/")[2]: each.closed for iri, each in offers.items()} == {
        "past": True, "future": False, "vague": False, "over": True,
    }  # fmt: skip
    assert offers[future].criteria[0].value == 3


def test_relations_are_read_both_ways() -> None:
    knowledge = read_knowledge(
        [
            row(ASSOCIATIONS, SKOS_BROADER, SSE),
            row(concept("needs/funding"), SKOS_RELATED_MATCH, MONEY),
            row(IDEA, SKOS_NOTATION, Literal("1")),
            row(SCALING, SKOS_NOTATION, Literal("VI")),
        ]
    )
    assert knowledge.above(ASSOCIATIONS) == {ASSOCIATIONS, SSE}
    assert knowledge.matches[MONEY] == {concept("needs/funding")}
    assert knowledge.order == {IDEA: 1}


def test_territories_that_hold_each_other_end() -> None:
    ring = Knowledge(
        part_of={
            territory("a"): frozenset({territory("b")}),
            territory("b"): frozenset({territory("a")}),
        }
    )
    assert ring.around(territory("a")) == {territory("a"), territory("b")}
