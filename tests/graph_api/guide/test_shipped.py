"""The guide over what ships: profiles that a careful reader of the reports judged, and its SPARQL.

``profiles.tsv``: answers, programmes that must be offered, programmes that must not be. They were
judged from the five reports.
"""

import asyncio
import csv
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyoxigraph as ox
import pytest

from corpus import SHEETS
from corpus.sheets import read_sheets
from corpus.territories import load_territories
from graph_api.guide.coverage import cover
from graph_api.guide.matching import Guidance
from graph_api.guide.profile import ANY, QUESTIONS, Profile
from graph_api.guide.queries import coverage_query
from graph_api.guide.reader import SCHEMES, GuideReader
from graph_api.portal.page_cache import GenerationCache
from ontology import load
from ontology.iris import Iris
from ontology.model import Iri, Literal
from tests.graph_api.local import LocalQueries, add_quads

pytestmark = pytest.mark.slow  # the whole of what ships is loaded

IRIS = Iris()
TODAY = date(2026, 11, 27)
PROFILES = Path(__file__).with_name("profiles.tsv")


@dataclass(frozen=True)
class Judged:
    profile: Profile
    offered: frozenset[str]
    refused: frozenset[str]


def judged_profiles() -> list[Judged]:
    with PROFILES.open(encoding="utf-8", newline="") as file:
        return [
            Judged(
                Profile.read({key: value or "" for key, value in row.items()}),
                frozenset(filter(None, row["offered"].split(","))),
                frozenset(filter(None, row["refused"].split(","))),
            )
            for row in csv.DictReader(file, delimiter="\t")
        ]


@pytest.fixture(scope="module")
def queries() -> LocalQueries:
    store = ox.Store()
    sheets, errors = read_sheets(SHEETS)
    assert errors == []
    add_quads(store, load.quads(IRIS))
    add_quads(store, load_territories().quads(IRIS))
    for sheet in sheets:
        add_quads(store, sheet.quads(IRIS))
    return LocalQueries(store)


@pytest.fixture(scope="module")
def reader(queries: LocalQueries) -> GuideReader:
    return GuideReader(queries, IRIS, GenerationCache())


def guidance(reader: GuideReader, profile: Profile) -> Guidance:
    return asyncio.run(reader.guide(profile, TODAY))


def slugs(found: Guidance, name: str) -> set[str]:
    return {each.offer.iri.rpartition("/")[2] for each in getattr(found, name)}


def test_judged_profiles_name_programmes_that_exist(reader: GuideReader) -> None:
    known = {iri.rpartition("/")[2] for iri in asyncio.run(reader.offers(TODAY))}
    profiles = judged_profiles()
    assert len(profiles) >= 40
    assert {each.profile.who for each in profiles} >= {
        "project-holders", "support-bodies", "funders", "local-authorities",
    }  # fmt: skip
    for each in profiles:
        assert each.offered | each.refused <= known
        assert each.offered | each.refused


def test_what_a_careful_reader_names_is_offered_and_nothing_ineligible(reader: GuideReader) -> None:
    wanted = found = 0
    for each in judged_profiles():
        answer = guidance(reader, each.profile)
        offered = slugs(answer, "fitting")
        wanted += len(each.offered)
        found += len(each.offered & offered)
        ineligible = each.refused & (offered | slugs(answer, "possible"))
        assert ineligible == set(), each.profile
    assert found >= 0.9 * wanted, f"{found} of {wanted}"


def test_whatever_is_not_offered_says_why(reader: GuideReader) -> None:
    for each in judged_profiles():
        answer = guidance(reader, each.profile)
        for judged in (*answer.near, *answer.excluded):
            assert judged.against
        for judged in (*answer.fitting, *answer.possible):
            assert not judged.against


def test_white_zones_are_the_same_in_sparql(reader: GuideReader, queries: LocalQueries) -> None:
    stages, supports = (
        tuple(IRIS.concept(scheme, o.slug) for o in asyncio.run(reader.options(scheme, "en")))
        for scheme in ("stages", "support-types")
    )
    assert (len(stages), len(supports)) == (7, 11)
    offers = asyncio.run(reader.offers(TODAY)).values()
    for slug in ("eu-FR", "fr-dep-35", "fr-com-31555", "fr-reg-84", "eu-LV"):
        place = IRIS.entity("territory", slug)
        table = cover(place, offers, asyncio.run(reader.knowledge()), stages, supports)
        rows = asyncio.run(queries.select(coverage_query(place, IRIS, TODAY)))
        counted = {
            (row["support"], row["stage"]): int(row["programmes"].value)
            for row in rows
            if isinstance(row["programmes"], Literal)
        }
        assert counted == {p: len(cell.known) for p, cell in table.cells.items() if cell.known}
        if slug == "eu-FR":
            assert counted


def random_profiles(reader: GuideReader, count: int) -> Iterator[Profile]:
    pick = random.Random(20261127)  # noqa: S311 — the same profiles in every run
    options = {
        question: [ANY, *(o.slug for o in asyncio.run(reader.options(SCHEMES[question], "en")))]
        for question in SCHEMES
    }
    options["place"] = [
        ANY,
        "fr-com-31555",
        "fr-dep-35",
        "fr-reg-11",
        "eu-FR",
        "eu-LV",
        "fr-reg-84",
    ]
    numbers = ["", "0", "1", "3", "5", "10", "11"]
    for _ in range(count):
        said = {question: pick.choice(options[question]) for question in QUESTIONS}
        yield Profile.read(said | {n: pick.choice(numbers) for n in ("age", "headcount")})


def test_the_query_that_is_taken_along_gives_the_same_set(
    reader: GuideReader, queries: LocalQueries
) -> None:
    profiles = [each.profile for each in judged_profiles()]
    for profile in (*profiles, *random_profiles(reader, 80)):
        if not any(profile.answer(question) for question in QUESTIONS):
            continue
        query = asyncio.run(reader.query(profile, TODAY))
        rows = asyncio.run(queries.select(query))
        fitting = {each.offer.iri for each in guidance(reader, profile).fitting}
        assert {row["programme"] for row in rows} == fitting, profile


def test_every_reason_that_speaks_has_its_source(reader: GuideReader) -> None:
    answer = guidance(reader, Profile(who="sse-organisations", stage="scaling", need="funding"))
    sources = asyncio.run(reader.sources(each.offer.iri for each in answer.fitting))
    pairs = [
        (each.offer.iri, value)
        for each in answer.fitting
        for reason in each.reasons
        for value in ((reason.criterion,) if reason.criterion else reason.values)
    ]
    assert len(pairs) > 20
    for programme, value in pairs:
        assert sources[programme, value], (programme, value)
        assert all(evidence.publication for evidence in sources[programme, value])


@pytest.mark.parametrize(
    ("text", "slugs_meant"),
    [
        ("Toulouse", ["fr-com-31555"]),
        ("  toulouse ", ["fr-com-31555"]),
        ("haute garonne", ["fr-dep-31"]),
        ("fr-dep-31", ["fr-dep-31"]),
        ("Latvia", ["eu-LV"]),
        ("Lettonie", ["eu-LV"]),
        ("", []),
        ("Nowhere-upon-Nothing", []),
        ("<script>", []),
    ],
)
def test_a_place_is_found_by_its_name(
    reader: GuideReader, text: str, slugs_meant: list[str]
) -> None:
    found = asyncio.run(reader.places(text))
    assert [place.iri.rpartition("/")[2] for place in found] == slugs_meant


def test_a_name_that_several_territories_have_is_asked_back(reader: GuideReader) -> None:
    found = asyncio.run(reader.places("Paris"))
    assert len(found) > 1


def test_options_stand_in_their_order(reader: GuideReader) -> None:
    stages = [option.slug for option in asyncio.run(reader.options("stages", "fr"))]
    assert stages == [
        "idea", "design", "experiment", "launch", "consolidation", "scaling", "dissemination",
    ]  # fmt: skip


def test_contacts_are_near_the_project_and_no_country_is_near(reader: GuideReader) -> None:
    profile = Profile(who="project-holders", stage="launch", need="support", place="fr-com-31555")
    fitting = guidance(reader, profile).fitting
    contacts = asyncio.run(reader.contacts(profile, fitting))
    assert contacts
    near = {c.iri for c in contacts if c.near}
    region = Iri(IRIS.entity("territory", "fr-reg-76"))
    here = asyncio.run(reader.knowledge()).around(IRIS.entity("territory", "fr-com-31555"))
    assert region in here
    assert IRIS.entity("actor", "ronalpia") not in near
