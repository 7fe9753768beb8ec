"""White zones: what is known of a territory, and what is not."""

import csv
import io
import json

import pytest

from graph_api.guide.coverage import Cell, cover
from graph_api.portal.i18n import LANGUAGES
from ontology import terms as mln
from ontology.model import Iri, Literal, Quad, Term
from ontology.vocabularies import RDF_TYPE, SKOS_PREF_LABEL
from tests.graph_api.guide.test_matching import (
    ADVICE,
    IDEA,
    KNOWLEDGE,
    MONEY,
    SCALING,
    offer,
    programme,
    territory,
)
from tests.graph_api.local import IRIS, TREMPLIN, Client, add_quads, make_app, sample

COUNTRY, TOWN = territory("eu-FR"), territory("town")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """The sample, with a country, a town in it, and a programme of which all three are said."""
    found, graph = sample(tmp_path_factory.mktemp("covered")), IRIS.graph("corpus")
    said: list[tuple[Iri, Iri, Term]] = [
        (COUNTRY, RDF_TYPE, mln.Country),
        (COUNTRY, SKOS_PREF_LABEL, Literal("Pays bleu", lang="fr")),
        (TOWN, RDF_TYPE, mln.Commune),
        (TOWN, SKOS_PREF_LABEL, Literal("Rivebourg", lang="fr")),
        (TOWN, mln.partOf, COUNTRY),
        (TREMPLIN, mln.stage, IDEA),
        (TREMPLIN, mln.offersSupportType, MONEY),
        (TREMPLIN, mln.appliesIn, COUNTRY),
    ]
    add_quads(found.queries.store, (Quad(s, p, o, graph) for s, p, o in said))
    return Client(make_app(found.services))


def test_larger_territories_count_closed_programmes_do_not() -> None:
    region, town, elsewhere = (frozenset({territory(n)}) for n in ("region", "town", "elsewhere"))
    said = {"stages": frozenset({IDEA}), "help": frozenset({MONEY})}
    offers = [
        offer("regional", places=region, **said),
        offer("of-the-town", places=town, **said),
        offer("elsewhere", places=elsewhere, **said),
        offer("who-knows-where", **said),
        offer("closed", places=region, closed=True, **said),
        offer("no-stage", places=region, help=frozenset({ADVICE})),
    ]
    table = cover(territory("region"), offers, KNOWLEDGE, (IDEA, SCALING), (MONEY, ADVICE))
    expected = Cell((programme("regional"),), (programme("who-knows-where"),))
    assert table.cells == {(MONEY, IDEA): expected}
    assert table.programmes(IDEA) == {programme("regional")}
    assert table.programmes(SCALING) == frozenset()
    assert table.cell(ADVICE, SCALING) == Cell()
    assert table.unknown == 3
    smaller = cover(territory("town"), offers, KNOWLEDGE, (IDEA,), (MONEY,))
    assert set(smaller.cell(MONEY, IDEA).known) == {programme("regional"), programme("of-the-town")}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_asks_where_and_shows_every_cell(client: Client, lang: str) -> None:
    asked = client.get(f"/{lang}/coverage").text
    assert asked.count("<h1") == 1
    assert "<table" not in asked
    shown = client.get(f"/{lang}/coverage?place=Rivebourg").text
    assert shown.count("<h1") == 1
    assert 'content="noindex' in shown
    data = json.loads(client.get("/api/coverage?place=town", accept="*/*").content)
    assert shown.count("<td class=") == len(data["cells"]) == 77
    known = [cell for cell in data["cells"] if cell["state"] == "known"]
    assert [(c["support"], c["stage"], c["known"]) for c in known] == [(MONEY, IDEA, [TREMPLIN])]
    assert shown.count('<td class="known"') == 1
    table = client.get(f"/{lang}/coverage.csv?place=town").text[1:]
    rows = list(csv.DictReader(io.StringIO(table), delimiter={"fr": ";", "en": ","}[lang]))
    assert len(rows) == 77
    assert [row["iris"] for row in rows if row["state"] == "known"] == [TREMPLIN]


def test_a_cell_opens_its_programmes(client: Client) -> None:
    page = "/fr/coverage?place=town&support=financing&stage="
    assert f"/fr/programme/{TREMPLIN.rpartition('/')[2]}" in client.get(page + "idea").text
    assert "Rien n'est connu comme valable ici" in client.get(page + "scaling").text.replace(
        "&#39;", "'"
    )


def test_rubbish_is_told(client: Client) -> None:
    assert "“Atlantis”" in client.get("/en/coverage?place=Atlantis").text
    assert client.get("/api/coverage?place=Atlantis", accept="*/*").status_code == 404
    assert client.get("/api/coverage", accept="*/*").status_code == 422
    assert client.get("/en/coverage?place=town&support=x&stage=y").status_code == 404
    assert client.get("/en/coverage?place=%00%22%3Cscript%3E").status_code == 200
