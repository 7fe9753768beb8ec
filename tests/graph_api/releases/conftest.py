"""Data folders with two releases, made once; nobody changes them."""

import pytest

from graph_api.releases.making import make_release
from graph_api.settings import Settings
from tests.graph_api.published import Publisher
from tests.graph_api.releases.samples import BASE, Shelved, first, second


@pytest.fixture(scope="session")
def shelved(tmp_path_factory: pytest.TempPathFactory) -> Shelved:
    data = tmp_path_factory.mktemp("shelved")
    settings = Settings(data=data, base=BASE, disk_reserve=0, contact="data@example.org")
    publisher = Publisher(data, first())
    publisher.publish(snapshot=True)
    old = make_release(publisher.folder, settings, "The first")
    publisher.publish(added=set(second()) - set(first()), removed=set(first()) - set(second()))
    new = make_release(publisher.folder, settings)
    return Shelved(publisher.folder, settings, old, new)
