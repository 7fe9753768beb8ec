"""ldes-client, a follower of event streams in JavaScript, unchanged, over ``/feed`` of a running server.

Its packages are pinned in ``ldes/package-lock.json``: see :mod:`tests.clients.node`.
"""

import re
import subprocess
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
import pytest

from graph_api.exchange.event_stream import AS
from ontology.model import Quad
from ontology.vocabularies import RDF_TYPE
from tests.clients.node import installed
from tests.graph_api.changing import CORPUS, IRIS, P, Site, say
from tests.graph_api.published import Publisher
from tests.graph_api.served import serving, wait

pytestmark = pytest.mark.service

FIRST = [say(f"actor/a{n:02}", f"Première {n}, « la {n}e »") for n in range(11)]
SECOND = [
    *FIRST[2:],  # two are gone
    say("actor/a05", "said besides"),
    say("law/new", "two lines\nand a \\ backslash"),
    Quad(IRIS.entity("law", "new"), P, IRIS.entity("actor", "a05"), CORPUS),
]


@dataclass
class Followed:
    """A site that changes, the address of its feed, and the client's command."""

    site: Site
    address: str
    command: list[str]

    def run(self, *options: str) -> list[ox.Quad]:
        """Let the client read to the end; return what it prints."""
        done = subprocess.run(
            [*self.command, *options, self.address],
            capture_output=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr.decode()
        return list(ox.parse(done.stdout, format=ox.RdfFormat.N_QUADS))


@pytest.fixture
def followed(tmp_path: Path) -> Iterator[Followed]:
    """Eleven entities on pages of four, served."""
    modules = installed(Path(__file__).parent / "ldes")
    command = ["node", str(modules / "ldes-client" / "dist" / "bin" / "cli.js")]
    Publisher(tmp_path, []).publish()
    site = Site(tmp_path, page_changes=4)
    site.write(corpus=FIRST)
    with serving(tmp_path) as web:
        yield Followed(site, f"{web.origin}/feed", command)


def replay(
    quads: Iterable[ox.Quad], known: dict[str, set[str]] | None = None
) -> dict[str, set[str]]:
    """Apply activities in the order of their moments: what is said, by object."""
    activities: dict[str, dict[str, str]] = {}
    said: dict[str, set[str]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, ox.DefaultGraph):
            terms = activities.setdefault(str(quad.subject), {})
            terms[quad.predicate.value] = str(getattr(quad.object, "value", ""))
        else:
            said.setdefault(str(quad.graph_name), set()).add(f"{quad.triple} .")
    state = dict(known or {})
    for activity, terms in sorted(activities.items(), key=lambda a: a[1][f"{AS}published"]):
        about = terms[f"{AS}object"]
        if terms[RDF_TYPE] == f"{AS}Delete":
            assert activity not in said
            state.pop(about, None)
        else:
            state[about] = said[activity]
    return state


def lines(state: dict[str, set[str]]) -> set[str]:
    return {line for said in state.values() for line in said}


def test_replay_and_resume_with_deletes(followed: Followed, tmp_path: Path) -> None:
    """A first harvest, one that goes on from its saved state, and one from the beginning."""
    saved = str(tmp_path / "state")
    state = replay(followed.run("--ordered", "ascending", "--save", saved))
    assert lines(state) == followed.site.said_by_store()
    followed.site.write(corpus=SECOND)
    more = followed.run("--ordered", "ascending", "--save", saved)
    kinds = sorted(str(q.object).strip("<>").rpartition("#")[2] for q in more if _is_type(q))
    assert kinds == ["Create", "Delete", "Delete", "Update"]
    assert lines(replay(more, state)) == followed.site.said_by_store()
    assert lines(replay(followed.run())) == followed.site.said_by_store()


def test_the_last_version_only(followed: Followed) -> None:
    """The client's own view of what holds: one version of each, tombstones among them."""
    followed.site.write(corpus=SECOND)
    found = followed.run("--last-version-only")
    about = [str(q.object) for q in found if q.predicate.value == f"{AS}object"]
    assert len(about) == len(set(about)) == 12
    assert lines(replay(found)) == followed.site.said_by_store()


def test_following_while_it_changes(followed: Followed, tmp_path: Path) -> None:
    """A client that stays sees a change and a deletion without being started again.

    Activities are counted once: where polls are answered slower than they follow each other, the
    client prints a page that it asked for twice two times.
    """
    printed = tmp_path / "printed.nq"
    activity = re.compile(rf"^<(\S+)> <{RDF_TYPE}> <{AS}(\w+)> \.$", re.MULTILINE)

    def seen() -> Counter[str]:
        return Counter(event for _, event in set(activity.findall(printed.read_text())))

    with printed.open("wb") as target:
        process = subprocess.Popen(
            [*followed.command, "--follow", "--poll-interval", "200", followed.address],
            stdout=target,
            stderr=subprocess.DEVNULL,
        )
        try:
            wait(lambda: seen() == {"Create": 11}, seconds=60)
            followed.site.write(corpus=SECOND)
            wait(lambda: seen() == {"Create": 12, "Update": 1, "Delete": 2}, seconds=60)
        finally:
            process.kill()
            process.wait()
    whole = printed.read_bytes().rpartition(b"\n")[0] + b"\n"
    found = replay(ox.parse(whole, format=ox.RdfFormat.N_QUADS))
    assert lines(found) == followed.site.said_by_store()


def _is_type(quad: ox.Quad) -> bool:
    return isinstance(quad.graph_name, ox.DefaultGraph) and quad.predicate.value == RDF_TYPE
