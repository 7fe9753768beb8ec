"""Merging entities: one address, all statements; taken back, the former graph byte for byte."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from graph_api.builder.merging import Merges, merge, part, tell_apart
from graph_api.builder.review import Judge
from graph_api.builder.runner import Runner, open_runner
from graph_api.builder.withdrawing import without
from graph_api.errors import BadInputError, MissingError
from graph_api.folder import KEPT, DataFolder
from graph_api.identities import IdentityLog, new_fate
from graph_api.settings import Settings
from graph_api.store.oxigraph import OxigraphStore
from ontology.iris import Iris
from ontology.model import Iri, Literal, Quad
from ontology.vocabularies import SKOS_ALT_LABEL, SKOS_PREF_LABEL
from tests.graph_api.builder.test_runner import ingest, run

IRIS = Iris()
A, B, C = (IRIS.entity("actor", slug) for slug in ("ruche", "la-ruche", "ruche-asso"))
P, G, H = Iri("http://e/p"), Iri("http://e/g"), Iri("http://e/h")
JUDGE = Judge("w", "the same", "job")
TEXT = (
    "# Rapport\n\nLa Fondation Brindille finance le DLA. La Fondation Brindille a été créée en 2012.\n\n"
    "La Fondation Brindyle finance la Fabrique à initiatives.\n"
)


@pytest.fixture
def store(tmp_path: Path) -> OxigraphStore:
    made = OxigraphStore(tmp_path / "quads")
    with made.writer() as writer:
        writer.replace(G, [Quad(A, SKOS_PREF_LABEL, Literal("Ruche"), G), Quad(C, P, A, G)])
        writer.replace(H, [Quad(B, SKOS_PREF_LABEL, Literal("La Ruche"), H), Quad(B, P, A, H)])
    return made


@pytest.fixture
def log(tmp_path: Path) -> IdentityLog:
    (tmp_path / "decisions").mkdir()
    return IdentityLog(tmp_path / "decisions")


def test_statements_come_together_and_names_become_further_names(store: OxigraphStore) -> None:
    merges = Merges({A: B}, store.view())
    met: set[Iri] = set()
    written = list(merges.rewrite(store.view().quads(), met))
    assert met == {A}
    assert set(written) == {
        Quad(B, SKOS_ALT_LABEL, Literal("Ruche"), G), Quad(C, P, B, G),
        Quad(B, SKOS_PREF_LABEL, Literal("La Ruche"), H),
    }  # fmt: skip
    assert merges.met([G], ()) == {A: B}
    assert merges.met(["http://e/other"], ()) == {}
    assert merges.met((), [A]) == {A: B}


def test_without_merges_nothing_changes(store: OxigraphStore) -> None:
    merges = Merges({}, store.view())
    assert not merges
    met: set[Iri] = set()
    quads = list(store.view().quads())
    assert list(merges.rewrite(quads, met)) == quads
    assert met == set()


def test_ways_are_followed_to_their_end(log: IdentityLog, store: OxigraphStore) -> None:
    view = store.view()
    merge(log, view, IRIS, A, B, JUDGE)
    with store.writer() as writer:
        writer.replace(G, [Quad(C, P, B, G)])
    merge(log, store.view(), IRIS, "actor/la-ruche", "actor/ruche-asso", JUDGE)
    assert log.merged() == {A: C, B: C}
    part(log, IRIS, B, JUDGE)
    assert log.merged() == {A: B}


@pytest.mark.parametrize(
    ("name", "into", "error"),
    [
        (A, A, BadInputError),
        (A, "actor/nobody", MissingError),
        (A, "programme/ruche", MissingError),
        (A, "document/" + "a" * 64, BadInputError),
        ("nonsense", B, BadInputError),
    ],
)
def test_refusals(
    log: IdentityLog, store: OxigraphStore, name: str, into: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        merge(log, store.view(), IRIS, name, into, JUDGE)
    assert log.fates() == {}


def test_what_was_merged_or_never_was(log: IdentityLog, store: OxigraphStore) -> None:
    with pytest.raises(BadInputError, match="not merged"):
        part(log, IRIS, A, JUDGE)
    merge(log, store.view(), IRIS, A, B, JUDGE)
    for pair in ((A, C), (C, A)):
        with pytest.raises(BadInputError, match="merged into"):
            merge(log, store.view(), IRIS, *pair, JUDGE)


def test_what_was_merged_into_something_withdrawn_is_withdrawn_with_it(
    log: IdentityLog, store: OxigraphStore
) -> None:
    merge(log, store.view(), IRIS, A, B, JUDGE)
    log.append(new_fate(B, "withdrawn", who="w", why="asked"))
    assert log.withdrawn() == {A, B}
    merges, met = Merges(log.merged(), store.view()), set[Iri]()
    written = list(merges.rewrite(without(store.view().quads(), log.withdrawn()), met))
    assert not [q for q in written if {q.subject, q.object} & {A, B}]
    log.append(new_fate(B, "restored", who="w"))
    assert log.withdrawn() == frozenset()
    assert log.merged() == {A: B}


def test_different_ones_are_remembered_and_keep_their_addresses(log: IdentityLog) -> None:
    tell_apart(log, IRIS, B, A, JUDGE)
    assert log.distinct() == {tuple(sorted((A, B)))}
    assert log.fates() == {}
    with pytest.raises(BadInputError):
        tell_apart(log, IRIS, A, A, JUDGE)


@pytest.mark.slow
def test_a_merge_holds_and_can_be_taken_back(
    runner: Runner, data: DataFolder, settings: Settings, tmp_path: Path
) -> None:
    report = tmp_path / "rapport.md"
    report.write_text(TEXT)
    assert ingest(runner, report).state == "done"
    builder = runner.builder
    before = builder.hash()
    names = {
        str(q.object.value): q.subject
        for q in builder.view.quads(predicate=SKOS_PREF_LABEL)
        if isinstance(q.object, Literal) and "Fondation Brind" in q.object.value
    }
    one, other = names["Fondation Brindyle"], names["Fondation Brindille"]
    done = run(runner, "merge", name=one, into=other, who="w", why="a misprint")
    assert done.state == "done"
    assert done.report["fate"]["to"] == other
    assert not any(builder.view.quads(subject=one))
    assert not any(builder.view.quads(object=one))
    said = {q.object.value for q in builder.view.quads(subject=other, predicate=SKOS_ALT_LABEL)}  # type: ignore[union-attr]
    assert "Fondation Brindyle" in said
    merged = builder.hash()
    assert merged != before
    ran = builder.build()
    assert ran.ran == (), "nothing is left to do"
    builder.reload()
    builder.build()
    assert builder.hash() == merged
    assert run(runner, "part", name=one, who="w").state == "done"
    assert builder.hash() == before
    assert run(runner, "merge", name=one, into=other, who="w").state == "done"
    assert builder.hash() == merged
    copy = DataFolder(tmp_path / "copy")
    for name in KEPT:
        shutil.copytree(data.root / name, copy.root / name)
    copy.init()
    with open_runner(copy, replace(settings, data=copy.root), "the tests") as again:
        again.builder.build()
        assert again.builder.hash() == merged, "as after a restore: made from what is kept"
