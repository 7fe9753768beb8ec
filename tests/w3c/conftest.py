"""``suite``: the folder of the W3C's SPARQL 1.1 suite; ``service``: our server over all its data.

Each file of data is published as the named graph of its own IRI in one store, so that a case has its
dataset by ``default-graph-uri`` and ``named-graph-uri``: the same server, started once, answers all.
"""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from tests.graph_api.published import Publisher
from tests.graph_api.served import serving
from tests.w3c.manifests import BASE, read_cases

PROTOCOL_DATA = "http://kasei.us/2009/09/sparql/data/"


@pytest.fixture(scope="session")
def suite(conformance: Path) -> Path:
    return conformance / "sparql11"


@pytest.fixture(scope="package")  # others count the processes below this one
def service(suite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A client whose base address is the server, with the plain default graph of the standard."""
    data = tmp_path_factory.mktemp("w3c")
    Publisher(data, _quads(suite)).publish()
    with (
        serving(data, union_default_graph=False) as web,
        httpx.Client(base_url=web.origin, timeout=30) as client,
    ):
        yield client


def _quads(suite: Path) -> Iterator[ox.Quad]:
    files = {
        file
        for manifest in ("manifest-sparql11-query.ttl", "manifest-sparql11-results.ttl")
        for case in read_cases(suite, manifest)
        for file in (*case.data, *case.named)
    }
    for file in sorted(files):
        yield from _parsed(suite / file, BASE + file)
    for path in sorted((suite / "protocol").glob("*.nt")):
        yield from _parsed(path, f"{PROTOCOL_DATA}{path.stem}.rdf")


def _parsed(file: Path, graph: str) -> Iterator[ox.Quad]:
    name = ox.NamedNode(graph)
    kinds = {".ttl": ox.RdfFormat.TURTLE, ".rdf": ox.RdfFormat.RDF_XML}
    for quad in ox.parse(
        path=str(file),
        format=kinds.get(file.suffix, ox.RdfFormat.N_TRIPLES),
        base_iri=graph,
        rename_blank_nodes=True,
    ):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, name)
