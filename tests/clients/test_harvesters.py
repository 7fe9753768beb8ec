"""Two harvesters of others, unchanged, over ``/oai`` of a running server: sickle and oaipmh-scythe."""

from collections.abc import Iterator
from typing import Any, Protocol

import pyoxigraph as ox
import pytest
import sickle
from oaipmh_scythe import Scythe
from oaipmh_scythe import exceptions as scythe_errors
from oaipmh_scythe.config import HTTPConfig
from oaipmh_scythe.models import MetadataFormat, Set
from sickle import oaiexceptions as sickle_errors
from sickle.iterator import OAIResponseIterator

from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from ontology.iris import Iris
from ontology.vocabularies import SKOS_PREF_LABEL
from tests.graph_api.published import Publisher
from tests.graph_api.served import serving

pytestmark = pytest.mark.service

IRIS = Iris()
LIVE = {
    **{IRIS.entity("actor", f"maison-{number:02}"): f"Maison n° {number}" for number in range(11)},
    IRIS.entity("law", "loi-bleue"): "Loi & <bleue> « du 3 mai »",
}
WITHDRAWN = IRIS.entity("actor", "closed-house")
MERGED = IRIS.entity("programme", "old-relay")
PAGE = 4
OAI = "{http://www.openarchives.org/OAI/2.0/}"
DC = "{http://purl.org/dc/elements/1.1/}"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Twelve entities and two that are gone, four records a page."""
    data = tmp_path_factory.mktemp("harvested")
    label = ox.NamedNode(SKOS_PREF_LABEL)
    graph = ox.NamedNode(IRIS.graph("corpus"))
    Publisher(
        data,
        [
            ox.Quad(ox.NamedNode(iri), label, ox.Literal(name, language="fr"), graph)
            for iri, name in LIVE.items()
        ],
    ).publish()
    decisions = DataFolder(data).decisions
    decisions.mkdir(parents=True, exist_ok=True)
    log = IdentityLog(decisions)
    log.append(new_fate(WITHDRAWN, "withdrawn", who="a curator"))
    log.append(new_fate(MERGED, "merged", who="a curator", to=min(LIVE)))
    with serving(data, oai_page_size=PAGE) as web:
        yield f"{web.origin}/oai"


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("empty")
    Publisher(data, []).publish()
    with serving(data) as web:
        yield f"{web.origin}/oai"


class Harvester(Protocol):
    """What the two clients have in common, once their methods go by the same names."""

    requests: int

    def records(self, **given: str | bool) -> Iterator[Any]:
        """ListRecords, with the arguments of the protocol; a date in ``since``."""


class BySickle:
    def __init__(self, address: str, method: str) -> None:
        self.requests = 0
        self._client = sickle.Sickle(address, http_method=method)
        self._send, self._client.harvest = self._client.harvest, self._count

    def _count(self, **given: str) -> Any:
        self.requests += 1
        return self._send(**given)

    def records(self, **given: str | bool) -> Iterator[Any]:
        if "since" in given:
            given["from"] = given.pop("since")
        yield from self._client.ListRecords(**{"metadataPrefix": "oai_dc", **given})


class ByScythe:
    def __init__(self, client: Scythe) -> None:
        self.requests = 0
        self._client = client
        self._send, client.harvest = client.harvest, self._count  # type: ignore[method-assign]

    def _count(self, query: dict[str, str]) -> Any:
        self.requests += 1
        return self._send(query)

    def records(self, **given: str | bool) -> Iterator[Any]:
        names = {"metadataPrefix": "metadata_prefix", "set": "set_", "since": "from_"}
        named: dict[str, Any] = {names.get(key, key): value for key, value in given.items()}
        yield from self._client.list_records(**named)


@pytest.fixture(params=["GET", "POST"])
def method(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["sickle", "oaipmh-scythe"])
def harvester(request: pytest.FixtureRequest, address: str, method: str) -> Iterator[Harvester]:
    if request.param == "sickle":
        yield BySickle(address, method)
        return
    with Scythe(address, http_config=HTTPConfig(http_method=method)) as client:
        yield ByScythe(client)


@pytest.mark.parametrize("prefix", ["oai_dc", "rdf"])
def test_a_whole_harvest(harvester: Harvester, prefix: str) -> None:
    """Every page is asked for; each record comes once, those that are gone are marked."""
    found = list(harvester.records(metadataPrefix=prefix))
    assert harvester.requests == -(-(len(LIVE) + 2) // PAGE)
    identifiers = [each.header.identifier for each in found]
    assert sorted(identifiers) == sorted([*LIVE, WITHDRAWN, MERGED])
    assert {r.header.identifier for r in found if r.header.deleted} == {WITHDRAWN, MERGED}
    for record in found:
        assert (record.xml.find(f"{OAI}metadata") is None) is record.header.deleted


def test_what_the_records_say(harvester: Harvester) -> None:
    """Names with marks, quotes and angle brackets arrive as they are."""
    titles = {}
    for record in harvester.records():
        if not record.header.deleted:
            named = record.xml.iterfind(f".//{DC}title")
            titles[record.header.identifier] = [each.text for each in named]
    assert titles == {iri: [label] for iri, label in LIVE.items()}


def test_deleted_records_can_be_left_out(harvester: Harvester) -> None:
    found = harvester.records(ignore_deleted=True)
    assert {each.header.identifier for each in found} == set(LIVE)


def test_a_part_by_set_and_by_date(harvester: Harvester) -> None:
    (law,) = harvester.records(set="law")
    assert law.header.identifier == IRIS.entity("law", "loi-bleue")
    assert law.header.setSpecs == ["law"]
    assert len(list(harvester.records(since="2020-01-01"))) == len(LIVE) + 2


def test_what_a_repository_says_of_itself(address: str) -> None:
    one = sickle.Sickle(address)
    with Scythe(address) as other:
        assert one.Identify().protocolVersion == other.identify().protocolVersion == "2.0"
        assert one.Identify().deletedRecord == "persistent"
        sets = [each.setSpec for each in one.ListSets()]
        assert sets == [each.setSpec for each in other.list_sets() if isinstance(each, Set)]
        formats = {each.metadataPrefix for each in one.ListMetadataFormats()}
        listed = [f for f in other.list_metadata_formats() if isinstance(f, MetadataFormat)]
        assert formats == {each.metadataPrefix for each in listed}
    assert sorted(sets) == ["actor", "law", "programme"]
    assert formats == {"oai_dc", "rdf"}
    identifiers = {each.identifier for each in one.ListIdentifiers(metadataPrefix="rdf")}
    assert identifiers == {*LIVE, WITHDRAWN, MERGED}
    assert one.GetRecord(metadataPrefix="oai_dc", identifier=WITHDRAWN).header.deleted


# The eight error codes of the protocol, each with a request that has it.
ERRORS: dict[str, dict[str, str]] = {
    "badVerb": {"verb": "Steal"},
    "badArgument": {"verb": "ListRecords"},
    "badResumptionToken": {"verb": "ListRecords", "resumptionToken": "rubbish"},
    "cannotDisseminateFormat": {"verb": "ListRecords", "metadataPrefix": "marc"},
    "idDoesNotExist": {"verb": "GetRecord", "metadataPrefix": "rdf", "identifier": "urn:nothing"},
    "noRecordsMatch": {"verb": "ListRecords", "metadataPrefix": "rdf", "until": "1999-01-01"},
    "noMetadataFormats": {"verb": "ListMetadataFormats", "identifier": WITHDRAWN},
    "noSetHierarchy": {"verb": "ListSets"},
}


def class_name(code: str) -> str:
    return code[0].upper() + code[1:]


@pytest.mark.parametrize("code", ERRORS)
def test_every_error_code_is_an_error_of_its_own(address: str, empty: str, code: str) -> None:
    where = empty if code == "noSetHierarchy" else address
    # sickle has no class for noMetadataFormats: it raises its common one.
    known = getattr(sickle_errors, class_name(code), sickle_errors.OAIError)
    with pytest.raises(known) as caught:
        OAIResponseIterator(sickle.Sickle(where), ERRORS[code])
    assert type(caught.value) is known
    with Scythe(where) as client, pytest.raises(getattr(scythe_errors, class_name(code))):
        client.harvest(ERRORS[code])


def test_a_list_that_vanished_between_two_pages_is_an_error(address: str, empty: str) -> None:
    """Nothing is silently cut short: the next page of a list that is gone is no empty page."""
    first = sickle.Sickle(address).ListRecords(metadataPrefix="oai_dc", set="actor")
    token = first.resumption_token.token
    with pytest.raises(sickle_errors.BadResumptionToken):
        sickle.Sickle(empty).ListRecords(resumptionToken=token)
