"""/feed: the search tree, pages that stay and the one that grows, changes, and what is gone."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox
import pytest

from graph_api.exchange.event_stream import AS, LDES, TREE
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import OA_START, RDF_TYPE, XSD, XSD_INTEGER
from tests.graph_api.changing import CORPUS, IRIS, Site, say
from tests.graph_api.local import Client, Sample, make_app

PAGE = 3


class Said(NamedTuple):
    """A quad as plain texts; ``graph`` is empty for the default graph."""

    subject: str
    predicate: str
    object: str
    graph: str


def read(body: bytes, syntax: ox.RdfFormat) -> set[Said]:
    return {
        Said(
            *(
                str(getattr(term, "value", ""))
                for term in (q.subject, q.predicate, q.object, q.graph_name)
            )
        )
        for q in ox.parse(body, format=syntax)
    }


@dataclass
class Feed:
    site: Site
    client: Client

    def quads(self, path: str) -> set[Said]:
        """Return what an address of the feed says."""
        answer = self.client.get(path, accept="application/trig")
        assert answer.status_code == 200, answer.text
        return read(answer.content, ox.RdfFormat.TRIG)

    def values(self, path: str, term: str) -> list[str]:
        found = (q.object for q in self.quads(path) if q.predicate == term)
        return sorted(found)


@pytest.fixture
def feed(portal: Sample, tmp_path: Path) -> Feed:
    """Seven entities on pages of three."""
    site = Site(tmp_path, page_changes=PAGE)
    site.write(corpus=[say(f"actor/a{n}", "first") for n in range(7)])
    settings = replace(portal.services.settings, data=tmp_path)
    return Feed(site, Client(make_app(replace(portal.services, settings=settings))))


def test_the_root_names_every_page_with_its_bounds(feed: Feed) -> None:
    root = feed.quads("/feed")
    said = {(q.predicate, q.object) for q in root}
    assert (RDF_TYPE, f"{LDES}EventStream") in said
    assert (f"{LDES}versionOfPath", f"{AS}object") in said
    assert (f"{LDES}timestampPath", f"{AS}published") in said
    assert (f"{LDES}versionDeleteObject", f"{AS}Delete") in said
    assert (f"{LDES}versionAmount", "1") in said
    pages = [f"http://portal.test/feed/page/{n}" for n in (1, 2, 3)]
    below = [p for p in pages for _ in range(2)][:-1]  # the one that grows has no upper bound
    assert feed.values("/feed", f"{TREE}node") == below
    for page in pages:
        path = page.removeprefix("http://portal.test")
        moments = feed.values(path, f"{AS}published")
        bounds = {
            q.object
            for q in root
            if q.predicate == f"{TREE}value"
            and any(
                r.subject == q.subject and r.object == page
                for r in root
                if r.predicate == f"{TREE}node"
            )
        }
        assert bounds == ({moments[0]} if page == pages[-1] else {moments[0], moments[-1]})


def test_members_hold_what_is_said_in_a_graph_of_their_own(feed: Feed) -> None:
    quads = feed.quads("/feed/page/1")
    members = {q.object for q in quads if q.predicate == f"{TREE}member"}
    assert len(members) == PAGE
    for member in members:
        types = [q.object for q in quads if q.subject == member and q.predicate == RDF_TYPE]
        assert types == [f"{AS}Create"]
        (about,) = {q.object for q in quads if q.subject == member and q.predicate == f"{AS}object"}
        payload = [q for q in quads if q.graph == member]
        assert {q.subject for q in payload} == {about}
        assert feed.quads(f"/feed/change/{member.rpartition('/')[2]}") > set(payload)


def test_json_ld_and_n_quads_say_the_same(feed: Feed) -> None:
    expected = feed.quads("/feed/page/1")
    for media_type, syntax in (
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
    ):
        answer = feed.client.get("/feed/page/1", accept=media_type)
        assert answer.headers["content-type"].startswith(media_type)
        assert read(answer.content, syntax) == expected
    assert feed.client.get("/feed", accept="image/png").status_code == 406


def test_literals_have_their_declared_types(feed: Feed) -> None:
    place = IRIS.entity("actor", "a0")
    feed.site.write(corpus=[Quad(place, Iri(OA_START), Literal("7", XSD_INTEGER), CORPUS)])
    pages = [
        each.removeprefix("http://portal.test") for each in feed.values("/feed", f"{TREE}node")
    ]
    text = "".join(feed.client.get(page, "application/n-quads").text for page in pages)
    assert f'<{OA_START}> "7"^^<{XSD}nonNegativeInteger>' in text


def test_full_pages_may_be_kept_the_others_are_asked_for_again(feed: Feed) -> None:
    full, growing, root = (
        feed.client.get(path, accept="*/*") for path in ("/feed/page/1", "/feed/page/3", "/feed")
    )
    assert full.headers["cache-control"] == "public, max-age=604800, immutable"
    assert {growing.headers["cache-control"], root.headers["cache-control"]} == {"no-cache"}

    def again(path: str, tag: str) -> int:
        return feed.client.get(path, "*/*", **{"If-None-Match": tag}).status_code

    tags = {p: a.headers["etag"] for p, a in (("/feed", root), ("/feed/page/3", growing))}
    assert {again(path, tag) for path, tag in tags.items()} == {304}
    everything = [say(f"actor/a{n}", "first") for n in range(7)]
    feed.site.write(corpus=[*everything, say("law/new", "x")])
    assert {again(path, tag) for path, tag in tags.items()} == {200}
    assert again("/feed/page/1", full.headers["etag"]) == 304


def test_what_is_deleted_has_a_tombstone_and_is_on_no_page(feed: Feed) -> None:
    feed.site.write(corpus=[say(f"actor/a{n}", "first") for n in range(1, 7)])
    root = feed.values("/feed", f"{TREE}node")
    pages = sorted({each.removeprefix("http://portal.test") for each in root})
    quads = {quad for page in pages for quad in feed.quads(page)}
    gone = IRIS.entity("actor", "a0")
    (tombstone,) = {q.subject for q in quads if q.object == gone}
    assert {q.object for q in quads if q.subject == tombstone and q.predicate == RDF_TYPE} == {
        f"{AS}Delete"
    }
    assert not [q for q in quads if q.graph == tombstone or q.subject == gone]


def test_what_is_not_there_any_more_and_not_yet(feed: Feed) -> None:
    feed.site.write(corpus=[say(f"actor/a{n}", "first") for n in range(3, 7)])

    def status(path: str) -> int:
        return feed.client.get(path, accept="application/trig").status_code

    assert [status(f"/feed/page/{n}") for n in (1, 2, 9, 0)] == [410, 200, 404, 404]
    assert [status(f"/feed/change/{n}") for n in (1, 4, 99, 0)] == [410, 200, 404, 404]
    assert "http://portal.test/feed/page/1" not in feed.values("/feed", f"{TREE}node")
    for rubbish in ("-1", "x", "9" * 30):
        assert status(f"/feed/page/{rubbish}") == 422
        assert status(f"/feed/change/{rubbish}") == 422


def test_an_empty_feed(portal: Sample, tmp_path: Path) -> None:
    settings = replace(portal.services.settings, data=tmp_path)
    client = Client(make_app(replace(portal.services, settings=settings)))
    assert client.get("/feed", accept="*/*").status_code == 200
    assert client.get("/feed/page/1", accept="*/*").status_code == 404
