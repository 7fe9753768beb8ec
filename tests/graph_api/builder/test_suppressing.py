"""A suppression reaches every channel, holds through a rebuild, and can be taken back."""

import gzip
from pathlib import Path

import pytest

from graph_api.builder.runner import Runner
from graph_api.folder import DataFolder
from graph_api.masking import Masks
from graph_api.releases.clearing import clear_channels
from graph_api.releases.making import make_release
from graph_api.releases.shelf import Shelf
from graph_api.search_index import GenerationIndex
from graph_api.settings import Settings
from search.protocol import SearchRequest
from tests.graph_api.builder.test_correcting import run
from tests.graph_api.builder.test_runner import ingest

pytestmark = pytest.mark.slow  # a folder is built

NAME = "Réseau des Essais Partagés"
TEXT = f"""# Le {NAME} en bref

Le {NAME} (REP) a été créé en 2011 par l'Avise. L'Avise finance le {NAME.upper()} depuis 2012.
Le REP soutient la Fabrique à initiatives, et le réseau des  essais partagés grandit.
"""


def test_nothing_is_left_on_any_channel(
    runner: Runner, data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    report = tmp_path / "rapport.md"
    report.write_text(TEXT, encoding="utf-8")
    builder = runner.builder
    assert ingest(runner, report).state == "done"
    before = builder.hash()
    release = make_release(data, Settings(data=data.root, disk_reserve=0))
    own = Masks([NAME])
    entity = builder.iris.entity("actor", "reseau-des-essai-partage")

    def named() -> dict[str, int]:
        """How many lines of each channel name it: counted here, not by the code under test."""
        dump = Shelf(data).place(release.id) / Shelf(data).get(release.id).whole("nq").name
        hits = (
            GenerationIndex(data.root).current().search(SearchRequest(q="Essais Partagés")).results
        )
        said = [line for p in builder.changes.pages() for c in builder.changes.page(p.page)
                for line in c.ntriples.decode().splitlines()]  # fmt: skip
        return {
            "graph": sum(own.found(line) or f"<{entity}>" in line for line in builder.view.lines()),
            "texts": sum(own.found(builder.documents.get(s).text) for s in builder.documents.all()),
            "hits": sum(own.found(h.label + "".join(text for text, _ in h.snippet)) for h in hits),
            "changes": sum(own.found(line) or f"<{entity}>" in line for line in said),
            "release": sum(
                map(own.found, gzip.decompress(dump.read_bytes()).decode().splitlines())
            ),
        }

    assert all(named().values()), named()
    refused = run(runner, "suppress", name="actor/nobody", who="ana")
    assert refused.state == "failed"
    gone = run(runner, "suppress", name=entity, also=["REP"], who="ana", why="asked by letter")
    assert gone.state == "done", gone.report
    assert NAME not in str(gone.report)
    assert run(runner, "suppress", name=entity, who="ana").state == "failed"  # whose names?
    found = builder.suppressions.find(gone.report["suppression"])
    receipt = clear_channels(data, settings, found)
    assert receipt.clean, receipt
    assert {c.name: c.cleaned for c in receipt.channels}["releases"] == 1
    assert {c.name: c.cleaned for c in receipt.channels}["documents"] == 1
    assert NAME not in str(receipt)
    assert set(named().values()) == {0}, named()
    (sha256,) = builder.documents.kept()
    shown = builder.documents.get(sha256)
    assert len(shown.text) == len(TEXT)
    assert "REP" not in shown.text
    assert shown.text.count("Avise") == 2
    fate = builder.identities.find(entity)
    assert fate is not None
    assert fate.why == ""
    assert run(runner, "build").state == "done"
    assert set(named().values()) == {0}, named()
    assert run(runner, "lift", name=found.id, who="ana").state == "done"
    assert builder.hash() == before
