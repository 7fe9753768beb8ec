"""``portal``: the sample graph with its documents and index, built once; nobody changes it."""

import pytest

from tests.graph_api.local import Client, Sample, make_app, sample


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    return sample(tmp_path_factory.mktemp("portal"))


@pytest.fixture(scope="session")
def client(portal: Sample) -> Client:
    """Asks the whole application over the sample."""
    return Client(make_app(portal.services))
