"""The five reports go in; what they say comes out, each fact with its sentence."""

import itertools
import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from corpus import SHEETS
from corpus.register import load_register
from corpus.sheets import load_sheets
from graph_api.search_index import GenerationIndex
from ontology.iris import Iris
from ontology.model import LabelRole
from search.service import SearchRequest
from tests.conftest import ROOT
from tests.end_to_end.commands import Maillon

pytestmark = [pytest.mark.slow, pytest.mark.seeds]

WITHOUT_CONCLUSIONS = (("MAILLON_INFERENCE", "false"),)
"""They are no part of the hash, and are drawn anew after each command."""
AVISE = "https://maillon.example/id/actor/avise"


@pytest.fixture(scope="module")
def ingested(seeds: Path, tmp_path_factory: pytest.TempPathFactory) -> Maillon:
    """A data folder with all five reports. Tests that change it work on a copy."""
    maillon = Maillon(tmp_path_factory.mktemp("ingested") / "var")
    maillon.run("init")
    maillon.run("ingest", seeds)
    return maillon


@pytest.fixture
def own_copy(ingested: Maillon, tmp_path: Path) -> Maillon:
    """A copy of the ingested folder that a test may change."""
    shutil.copytree(ingested.data, tmp_path / "copy", ignore=shutil.ignore_patterns("run"))
    return Maillon(tmp_path / "copy")


def graph_hash(maillon: Maillon) -> str:
    return str(json.loads((maillon.data / "generations" / "current.json").read_text())["hash"])


def operated_by_avise(maillon: Maillon) -> list[dict[str, str]]:
    return maillon.select(
        f"""
        SELECT DISTINCT ?programme ?file ?document ?start ?end ?quote ?claim WHERE {{
          GRAPH ?graph {{
            <{AVISE}> mln:operates ?programme .
            ?claim rdf:subject <{AVISE}> ; rdf:predicate mln:operates ; rdf:object ?programme ;
                   mln:passage ?passage .
            ?passage oa:hasSource ?document ; oa:hasSelector ?position, ?text .
            ?position oa:start ?start ; oa:end ?end .
            ?text oa:exact ?quote .
            ?document mln:fileName ?file .
          }}
          FILTER(CONTAINS(STR(?graph), "/graph/document/"))
        }}"""
    )


def test_what_avise_operates_with_sentence_and_place(ingested: Maillon, seeds: Path) -> None:
    rows = [r for r in operated_by_avise(ingested) if (seeds / r["file"]).is_file()]
    programmes = {r["programme"] for r in rows}
    assert len(programmes) >= 5, programmes
    for row in rows:
        with (seeds / row["file"]).open(encoding="utf-8", newline="") as file:
            text = file.read()
        assert text[int(row["start"]) : int(row["end"])] == row["quote"]


def test_every_quote_is_its_slice(ingested: Maillon) -> None:
    texts = {
        folder.name: (folder / "text.txt").read_bytes().decode("utf-8")
        for kept in ("documents", "shipped")
        for folder in (ingested.data / kept).iterdir()
    }
    rows = ingested.select(
        """SELECT ?document ?start ?end ?quote WHERE { GRAPH ?g {
             ?p oa:hasSource ?document ; oa:hasSelector ?position, ?text .
             ?position oa:start ?start ; oa:end ?end . ?text oa:exact ?quote } }"""
    )
    assert len(rows) > 300
    wrong = [
        r
        for r in rows
        if texts[r["document"].rsplit("/", 1)[1]][int(r["start"]) : int(r["end"])] != r["quote"]
    ]
    assert not wrong


def test_cited_facts_open_their_sentence(ingested: Maillon) -> None:
    cited = ingested.select(
        """SELECT ?claim (COUNT(?passage) AS ?anchored) WHERE {
             ?claim mln:citation ?citation . ?citation mln:citedPublication ?publication .
             FILTER NOT EXISTS { ?publication mln:shipped true }
             OPTIONAL { ?claim mln:passage ?passage } } GROUP BY ?claim"""
    )
    assert len(cited) >= 60
    anchored = sum(int(r["anchored"]) > 0 for r in cited)
    assert anchored / len(cited) >= 0.95, f"{anchored} of {len(cited)}"


def test_competency_questions_are_answered_as_a_reader_did(ingested: Maillon, gold: Path) -> None:
    answered = json.loads(ingested.run("evaluate", gold, "--questions", "--json"))
    assert len(answered) >= 31
    for measure in ("precision", "recall"):
        assert sum(each[measure] for each in answered) / len(answered) >= 0.90, measure


def test_each_acronym_of_the_reports_finds_its_entity_first(ingested: Maillon, seeds: Path) -> None:
    service = GenerationIndex(ingested.data).current()
    text = "\n".join(path.read_text(encoding="utf-8") for path in seeds.glob("*.txt"))
    entities: dict[str, set[str]] = {}
    for name in service.names():
        if name.role is LabelRole.ACRONYM and re.search(rf"\b{re.escape(name.text)}(?!\w)", text):
            entities.setdefault(name.text, set()).add(name.entity)
    assert len(entities) > 60
    for acronym, ui, small in itertools.product(entities, ("fr", "en"), (False, True)):
        typed = acronym.lower() if small else acronym
        found = service.search(SearchRequest(q=typed, ui=ui, size=1)).results
        assert found, acronym
        assert found[0].entity in entities[acronym], (acronym, ui, found[0].label)


def judged(maillon: Maillon) -> dict[str, list[float]]:
    """nDCG@10 and MRR of each group of judged queries."""
    text = maillon.run("evaluate", ROOT / "tests" / "search" / "judged", "--search")
    table = text.partition("\n\n")[0].splitlines()[1:]
    return {line[:22].strip(): [float(cell) for cell in line[22:].split()[1:3]] for line in table}


def test_search_finds_what_people_judged_relevant(ingested: Maillon) -> None:
    """The targets of search, on the half of the judged queries that nothing was tuned to."""
    means = judged(ingested)
    assert means["all"][0] >= 0.70
    assert means["report"][0] >= 0.70
    assert means["mono"][0] >= 0.75
    assert means["cross"][0] >= 0.60
    assert min(means["all"][1], means["report"][1]) >= 0.88


def test_whoosh_finds_as_well(ingested: Maillon, own_copy: Maillon) -> None:
    other = Maillon(own_copy.data, (("MAILLON_SEARCH", "whoosh"),))
    other.run("build")
    assert [path.name.partition("-")[0] for path in (other.data / "index").iterdir()] == ["whoosh"]
    means = judged(other)
    for group, expected in judged(ingested).items():
        assert means[group] == pytest.approx(expected, abs=0.04), group


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Maillon]:
    """Makes folders with what ships, built: copies of one."""
    first = Maillon(tmp_path_factory.mktemp("shipped") / "var", WITHOUT_CONCLUSIONS)
    first.run("init")
    first.run("build")

    def copy(place: Path) -> Maillon:
        shutil.copytree(first.data, place, ignore=shutil.ignore_patterns("run"))
        return Maillon(place, WITHOUT_CONCLUSIONS)

    return copy


def test_any_order_gives_the_same_hash(
    ingested: Maillon, shipped: Callable[[Path], Maillon], seeds: Path, tmp_path: Path
) -> None:
    """One by one and turned about, against all at once."""
    files = sorted(seeds.glob("*.txt"), reverse=True)
    other = shipped(tmp_path / "other")
    for file in files[2:] + files[:2]:
        other.run("ingest", file)
    assert graph_hash(other) == graph_hash(ingested)


def test_ingesting_again_changes_nothing(own_copy: Maillon, seeds: Path) -> None:
    before = (own_copy.data / "generations" / "current.json").read_text()
    own_copy.run("ingest", seeds)
    assert (own_copy.data / "generations" / "current.json").read_text() == before


def test_a_rejected_claim_stays_rejected(own_copy: Maillon, seeds: Path, tmp_path: Path) -> None:
    own_copy = Maillon(own_copy.data, WITHOUT_CONCLUSIONS)
    untouched = graph_hash(own_copy)
    claim = operated_by_avise(own_copy)[0]["claim"].rsplit("/", 1)[1]
    own_copy.run("review", "reject", claim, "--why", "a test says so")
    rejected = graph_hash(own_copy)
    assert rejected != untouched

    def gone(maillon: Maillon) -> bool:
        ask = f"SELECT ?p WHERE {{ <https://maillon.example/id/claim/{claim}> ?p ?o }}"
        return maillon.select(ask) == []

    assert gone(own_copy)
    own_copy.run("ingest", seeds)
    own_copy.run("build")
    assert gone(own_copy)
    assert graph_hash(own_copy) == rejected
    own_copy.run("backup", tmp_path / "backup.tar.gz")
    shutil.rmtree(own_copy.data)
    own_copy.run("restore", tmp_path / "backup.tar.gz")
    assert gone(own_copy)
    assert graph_hash(own_copy) == rejected
    own_copy.run("review", "undo")
    assert graph_hash(own_copy) == untouched


def test_evaluate_agrees_with_the_scorer(ingested: Maillon, gold: Path, tmp_path: Path) -> None:
    printed = ingested.run("evaluate", gold)
    mentions = tmp_path / "mentions.jsonl"
    mentions.write_text(ingested.run("export", "mentions"), encoding="utf-8")
    scored = subprocess.run(
        [sys.executable, str(gold / "score.py"), "--split", "all", "--mentions", str(mentions), "--json"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    exact = json.loads(scored.stdout)["mentions"]["exact"]["ALL"]
    for figure in ("P", "R", "F1"):
        assert re.search(rf"\b{exact[figure]:.3f}\b", printed), (figure, exact, printed)


def test_names_lead_to_one_page(ingested: Maillon) -> None:
    for name in ("DLA", "Dispositif local d'accompagnement", "Local support scheme"):
        rows = ingested.select(
            "SELECT DISTINCT ?e WHERE { ?e skos:prefLabel|skos:altLabel ?l "
            f'FILTER(LCASE(STR(?l)) = "{name.lower()}") }}'
        )
        assert [r["e"] for r in rows] == ["https://maillon.example/id/programme/dla"], name


def test_no_sentence_of_a_report_is_in_the_project(seeds: Path) -> None:
    run = 14
    grams: set[tuple[str, ...]] = set()
    for file in seeds.glob("*.txt"):
        grams |= runs_of_words(file.read_text(encoding="utf-8"), run)
    # The title of a law or of a publication is its name, not a sentence of the report.
    for sheet in load_sheets(SHEETS):
        if sheet.kind in ("law", "publication"):
            for title in sheet.names(Iris()):
                grams -= runs_of_words(title.text, run)
    for publication in load_register().values():
        grams -= runs_of_words(publication.title, run)
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    texts = {".md", ".py", ".ttl", ".csv", ".yaml", ".html", ".po", ".txt", ".tsv", ".rq", ".json"}
    copied = []
    for name in tracked.stdout.splitlines():
        path = ROOT / name
        if path.suffix in texts and path.is_file():
            shared = runs_of_words(path.read_text(encoding="utf-8"), run) & grams
            copied += [f"{name}: {' '.join(words)}" for words in shared]
    assert not copied


def runs_of_words(text: str, length: int) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[i : i + length]) for i in range(len(words) - length + 1)}


def test_permutations_of_three_small_documents(
    shipped: Callable[[Path], Maillon], tmp_path: Path
) -> None:
    """All six orders of three texts that define each other's names."""
    texts = {
        "a.txt": "The Rural Links Agency (RLA) was created in 2011.\n\nRLA operates Open Barns.\n",
        "b.txt": "Avise supports the Rural Links Agency.\n\nRLA is a member of RTES.\n",
        "c.txt": "Fédération des liens ruraux (FLR)\n\nLa FLR soutient Avise depuis 2015.\n",
    }
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    hashes = set()
    for order in itertools.permutations(texts):
        maillon = shipped(tmp_path / "-".join(order))
        maillon.run("ingest", *(tmp_path / name for name in order))
        hashes.add(graph_hash(maillon))
    assert len(hashes) == 1
