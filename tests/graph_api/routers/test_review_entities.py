"""Curators and entities: what is proposed, what is asked of the builder, who may."""

from collections.abc import Iterator

import pytest

from graph_api.builder.merging import tell_apart
from graph_api.builder.review import Judge
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from graph_api.portal import lookalikes
from graph_api.portal.i18n import LANGUAGES
from graph_api.portal.lookalikes import Pair
from ontology.iris import Iris
from tests.graph_api.local import Sample
from tests.graph_api.routers.test_review import Person
from tests.graph_api.workbenches import lay_out

RELAIS, TREMPLIN = "actor/relais", "programme/tremplin"
PLACE = "/en/review/entities"


@pytest.fixture(scope="module")
def somebody(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Person:
    return Person(lay_out(portal, tmp_path_factory.mktemp("bench")))


@pytest.fixture
def person(somebody: Person) -> Iterator[Person]:
    somebody.bench.keeper.jobs.clear()
    somebody.log_in()
    yield somebody
    somebody.cookie = ""


def log_of(person: Person) -> IdentityLog:
    return IdentityLog(DataFolder(person.bench.services.settings.data).decisions)


@pytest.fixture
def alike(monkeypatch: pytest.MonkeyPatch, person: Person) -> Pair:
    iris = person.bench.services.iris
    first, second = sorted((iris.entity("actor", "avise"), iris.entity("actor", "avisa")))
    pair = Pair(first, second, ("spelling",))
    monkeypatch.setattr(lookalikes, "find_pairs", lambda rows, iris: [pair] if list(rows) else [])
    return pair


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page(person: Person, alike: Pair, lang: str) -> None:
    answer = person.get(f"/{lang}/review/entities")
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store, private"
    assert answer.text.count("<h1") == 1
    assert 'name="name"' in answer.text


def test_a_pair_asks_for_one_decision(person: Person, alike: Pair) -> None:
    text = person.get(PLACE).text
    assert f'value="{alike.first}"' in text
    log = log_of(person)
    tell_apart(log, Iris(), alike.first, alike.second, Judge("w", "", ""))
    assert f'value="{alike.first}"' not in person.get(PLACE).text


def test_decisions_go_to_the_builder(person: Person) -> None:
    csrf = person.csrf()
    for action, wanted in (
        ("merge", ("merge", "actor/a", "actor/b")),
        ("turned", ("merge", "actor/b", "actor/a")),
        ("distinct", ("distinct", "actor/a", "actor/b")),
        ("part", ("part", "actor/a", "actor/b")),
    ):
        fields = {
            "csrf": csrf,
            "action": action,
            "name": "actor/a",
            "into": " actor/b ",
            "why": "so",
        }
        answer = person.post(PLACE, fields)
        assert answer.status_code == 303
        assert "job=job-" in answer.headers["location"]
        job = person.bench.keeper.jobs[-1]
        arguments = job["arguments"]
        assert isinstance(arguments, dict)
        assert (job["kind"], arguments["name"], arguments["into"]) == wanted
        assert (arguments["who"], arguments["why"]) == ("Camille <b>", "so")


@pytest.mark.parametrize(
    "fields",
    [
        {"action": "merge", "name": "actor/a"},
        {"action": "merge", "into": "actor/a"},
        {"action": "burn", "name": "actor/a", "into": "actor/b"},
        {"name": "actor/a", "into": "actor/b"},
        {"action": "merge", "name": "actor/a", "into": "x" * 100_000},
    ],
)
def test_what_is_asked_wrongly_is_refused(person: Person, fields: dict[str, str]) -> None:
    answer = person.post(PLACE, {"csrf": person.csrf(), **fields})
    assert answer.status_code == 422
    assert person.bench.keeper.jobs == []


def test_only_curators_and_only_our_form(person: Person) -> None:
    fields = {"action": "merge", "name": "actor/a", "into": "actor/b"}
    assert person.post(PLACE, fields).status_code == 403
    assert person.post(PLACE, {**fields, "csrf": "0" * 64}).status_code == 403
    person.cookie = ""
    assert person.get(PLACE).status_code == 303
    assert person.post(PLACE, fields).status_code in (401, 403)
    assert person.bench.keeper.jobs == []


def test_what_was_merged_is_listed_with_who_and_why(person: Person) -> None:
    log, iris = log_of(person), person.bench.services.iris
    old, new = iris.entity("actor", "old-one"), iris.entity("actor", "new-one")
    log.append(new_fate(old, "merged", who="Sacha", why="<b>twice</b>", to=new))
    text = person.get(PLACE).text
    assert "actor/old-one" in text
    assert "Sacha" in text
    assert "&lt;b&gt;twice&lt;/b&gt;" in text
    log.append(new_fate(old, "restored", who="Sacha"))
    assert "actor/old-one" not in person.get(PLACE).text
