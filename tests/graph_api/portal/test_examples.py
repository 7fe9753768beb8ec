"""The examples of the SPARQL page: as data, and run over what ships."""

import asyncio
from pathlib import Path

import pyoxigraph as ox
import pytest

from corpus.question import read_questions
from graph_api.builder.generations import open_current
from graph_api.builder.runner import open_runner
from graph_api.folder import DataFolder
from graph_api.portal.examples import GROUPS, Example, examples_of, load_examples
from graph_api.search_index import GenerationIndex
from graph_api.services import QueryRequest, Services
from graph_api.settings import Settings
from graph_api.sparql.text_search import prepare_query
from ontology.iris import Iris
from tests.graph_api.local import LocalDocuments, LocalQueries, NoBuilder


def test_there_are_enough_and_all_are_told_apart() -> None:
    examples = load_examples()
    own = [each for each in examples if each.name not in {q.id for q in read_questions()}]
    assert len(own) >= 30
    assert len({each.name for each in examples}) == len(examples)
    for lang in ("fr", "en"):
        assert len({each.titles[lang] for each in examples}) == len(examples)
    assert {each.group for each in examples} == set(GROUPS)
    topics = {topic for group in GROUPS.values() for topic in group}
    assert {each.topic for each in examples} <= topics


def test_addresses_are_those_of_the_site() -> None:
    for example in examples_of("https://data.example"):
        assert "<id/" not in example.query
        assert "https://maillon.example" not in example.query


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """Everything that ships, built with its conclusions and its index."""
    folder = DataFolder(tmp_path_factory.mktemp("shipped"))
    folder.init()
    settings = Settings(data=folder.root)
    with open_runner(folder, settings, "the tests") as runner:
        runner.builder.build()
        assert runner.builder.conclude() is not None
    queries = LocalQueries(open_current(folder).engine)
    index = GenerationIndex(folder.root)
    return Services(settings, Iris(), queries, index, LocalDocuments(), NoBuilder())


@pytest.mark.slow
def test_expected_columns_and_rows(shipped: Services, tmp_path: Path) -> None:
    """Every example answers with the columns it says, in their order, and as many rows at least."""
    assert isinstance(shipped.queries, LocalQueries)
    examples = examples_of(shipped.iris.base)
    wrong = [told for each in examples if (told := _fault(each, shipped, shipped.queries.store))]
    assert wrong == []
    assert len(examples) >= 90


def _fault(example: Example, services: Services, store: ox.Store) -> str:
    asked, _ = asyncio.run(prepare_query(services, QueryRequest(example.query)))
    found = store.query(asked.evaluated or asked.query, use_default_graph_as_union=True)
    columns: tuple[str, ...] = ()
    if isinstance(found, ox.QuerySolutions):
        columns = tuple(variable.value for variable in found.variables)
    rows = int(bool(found)) if isinstance(found, ox.QueryBoolean) else len(list(found))
    if columns == example.columns and rows >= example.rows:
        return ""
    return f"{example.name}: {columns}, {rows} rows"
