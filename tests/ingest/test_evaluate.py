"""Evaluation: counted by hand on a small annotation, and number for number against the scorer that
lies beside the real annotations."""

import json
import random
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest.evaluate import (
    HEADINGS,
    Gold,
    Predictions,
    Score,
    evaluate,
    format_report,
    load_gold,
)
from ingest.evaluate.gold import normalise_name
from ingest.evaluate.scores import CLASSES

Rows = list[dict[str, Any]]

FOLDER = {
    "entities": [
        "id\tclass\tpreferred_label_fr\tpreferred_label_en\taliases\ttwin",
        "A1\tActor\tAvise\t\tAvisé|l'Avise\t",
        "A2\tActor\tVille de Lille\tCity of Lille\tLille\tT1",
        "T1\tTerritory\tLille\tLille\t\tA2",
        "P1\tProgramme\tDLA\tLocal support scheme\t\t",
    ],
    "sections": [
        "section_id\tdoc\tlang\tchar_start\tchar_end\trelations_exhaustive\tsplit",
        "S1\t001_a.txt\tfr\t0\t100\tyes\tdev",
        "S2\t002_b.txt\ten\t0\t100\tno\tdev",
    ],
    "mentions": [
        "doc\tsection_id\tchar_start\tchar_end\tclass\talt_class\tentity_id\tkind\tsplit",
        "001_a.txt\tS1\t0\t5\tActor\t\tA1\tnamed\tdev",
        "001_a.txt\tS1\t10\t15\tActor\tTerritory\tA2\tnamed\tdev",
        "001_a.txt\tS1\t20\t40\tActor\t\t\toptional\tdev",
        "001_a.txt\tS1\t50\t55\tTerritory\t\tT1\tnested\tdev",
        "002_b.txt\tS2\t0\t3\tProgramme\t\tP1\tnamed\tdev",
    ],
    "relations": [
        "subject_id\tpredicate\tobject\tobject_type\tdoc\tsection_id\tsplit",
        "A1\toperates\tP1\tentity\t001_a.txt\tS1\tdev",
        "P1\tcreatedInYear\t2002\tliteral\t001_a.txt\tS1\tdev",
        "A2\tsupports\tP1\tentity\t002_b.txt\t\tdev",
    ],
    "figures": [
        "subject_id\tvalue\tunit\tdoc\tchar_start\tchar_end\tsplit",
        "P1\t6000\tstructures\t001_a.txt\t60\t65\tdev",
        "P1\t1.5\tM€\t002_b.txt\t60\t65\tdev",
    ],
    "structure": [
        "kind\tdoc\tchar_start\tchar_end\ttitle_start\tsplit",
        "section\t001_a.txt\t0\t1000\t0\tdev",
        "section\t001_a.txt\t1000\t2000\t1010\tdev",
    ],
}


@pytest.fixture
def small(tmp_path: Path) -> Gold:
    for name, lines in FOLDER.items():
        (tmp_path / f"{name}.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return load_gold(tmp_path)


def mention(start: int, end: int, cls: str, doc: str = "001_a.txt", **more: str) -> dict[str, Any]:
    return {"doc": doc, "start": start, "end": end, "class": cls, **more}


def test_mentions_by_hand(small: Gold) -> None:
    rows = [
        mention(0, 5, "Actor", label="L’Avise"),
        mention(0, 5, "Actor", label="said twice"),
        mention(9, 15, "Territory", label="Lille"),  # overlaps, second class, twin
        mention(22, 30, "Person"),  # inside an optional mention
        mention(50, 55, "Territory"),  # nested
        mention(70, 75, "Event"),  # wrong
        mention(90, 110, "Event"),  # not inside the section
    ]
    scores = evaluate(small, Predictions(mentions=rows)).mentions
    assert scores is not None
    assert scores.exact == {"Actor": Score(1, 0, 1), "Programme": Score(0, 0, 1)} | {
        "Territory": Score(0, 1, 0),
        "Event": Score(0, 1, 0),
    }
    assert scores.total(scores.overlap) == Score(2, 1, 1)
    assert (scores.linking.labelled, scores.linking.correct) == (2, 2)
    assert (scores.expected, scores.optional, scores.judged) == (3, 2, 5)


def test_strict_accepts_no_second_class(small: Gold) -> None:
    rows = [mention(10, 15, "Territory", label="Lille")]
    scores = evaluate(small, Predictions(mentions=rows), strict=True).mentions
    assert scores is not None
    assert scores.total(scores.exact).right == 0
    assert scores.untyped.right == 1


def test_relations_by_hand(small: Gold) -> None:
    rows: Rows = [
        {"subject": "avise", "predicate": "operates", "object": "Local Support Scheme"},
        {"subject": "DLA", "predicate": "createdInYear", "object": 2002, "doc": "001", "start": 3},
        {"subject": "T1", "predicate": "funds", "object": "DLA", "doc": "001", "start": 3},
        {"subject": "the T1", "predicate": "funds", "object": "DLA", "doc": "001", "start": 9},
        {"subject": "DLA", "predicate": "supports", "object": "Lille", "doc": "002", "start": 3},
    ]
    scores = evaluate(small, Predictions(relations=rows)).relations
    assert scores is not None
    assert (scores.facts, scores.found, scores.found_any_predicate) == (3, 2, 3)
    assert (scores.section_facts, scores.section_found) == (2, 2)
    assert (scores.judged, scores.judged_right) == (2, 1)  # the same fact twice counts once
    assert scores.per_predicate["supports"] == (1, 0)


def test_figures_by_hand(small: Gold) -> None:
    rows = [
        {"doc": "001_a.txt", "start": 58, "end": 61, "value": "6 000", "subject": "DLA"},
        {
            "doc": "002_b.txt",
            "start": 60,
            "end": 65,
            "value": "1,5",
            "subject": "DLA",
            "unit": "m€",
        },
        {"doc": "002_b.txt", "start": 65, "end": 70, "value": 1.5},
    ]
    scores = evaluate(small, Predictions(figures=rows)).figures
    assert scores is not None
    assert (scores.expected, scores.span, scores.value) == (2, 2, 2)
    assert (scores.subject, scores.unit) == (2, 1)


def test_structure_by_hand(small: Gold) -> None:
    rows = [
        {"doc": "001_a.txt", "start": 39, "end": 1000},
        {"doc": "001_a.txt", "start": 1014, "end": 1300},
    ]
    structure = evaluate(small, Predictions(structure=rows)).structure
    assert structure is not None
    assert (structure["section"].start, structure["section"].extent) == (2, 1)


def test_languages_divide_the_whole(small: Gold) -> None:
    rows = [mention(0, 5, "Actor"), mention(0, 3, "Programme", "002_b.txt")]
    figures = [{"doc": "002_b.txt", "start": 60, "end": 65, "value": 1.5}]
    results = evaluate(small, Predictions(mentions=rows, figures=figures))
    assert set(results.languages) == {"fr", "en"}
    french, english = (results.languages[lang] for lang in ("fr", "en"))
    assert french.mentions is not None
    assert english.mentions is not None
    assert french.mentions.total(french.mentions.exact) == Score(1, 0, 1)
    assert english.mentions.total(english.mentions.exact) == Score(1, 0, 0)
    assert english.figures is not None
    assert (english.figures.expected, english.figures.value) == (1, 1)


def test_languages_may_be_told(small: Gold) -> None:
    results = evaluate(small, Predictions(figures=[]), languages={"003_c.txt": "lv"})
    assert set(results.languages) == {"en", "fr", "lv"}


def test_nothing_predicted_scores_nothing(small: Gold) -> None:
    empty = evaluate(small, Predictions([], [], [], []))
    assert empty.mentions is not None
    assert empty.mentions.total(empty.mentions.exact) == Score(0, 0, 3)
    assert evaluate(small, Predictions()).as_json()["languages"] == {"en": {}, "fr": {}}


def test_a_folder_may_have_few_tables(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no table of annotations"):
        load_gold(tmp_path)
    (tmp_path / "figures.tsv").write_text("\n".join(FOLDER["figures"]) + "\n\n", encoding="utf-8")
    results = evaluate(load_gold(tmp_path), Predictions(mentions=[mention(0, 1, "Actor")]))
    assert results.mentions is not None
    assert results.mentions.judged == 0
    assert load_gold(tmp_path, "heldout").figures == []


def test_a_broken_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "figures.tsv").write_text("a\tb\n1\t2\n1\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"figures.tsv, line 3: 1 cells, not 2"):
        load_gold(tmp_path)


def test_a_row_without_its_fields_is_named(small: Gold) -> None:
    with pytest.raises(ValueError, match="mentions, row 2: no end, class"):
        evaluate(small, Predictions(mentions=[mention(0, 5, "Actor"), {"doc": "1", "start": 0}]))


def test_the_report_has_every_table(small: Gold) -> None:
    rows = [mention(0, 5, "Actor", label="Avise")]
    results = evaluate(small, Predictions(rows, [], [], []))
    report = format_report(results, lambda text: text.upper().replace("{LANG}", "{lang}"))
    assert "MENTIONS, EXACT SPAN" in report
    assert "== LANGUAGE: fr ==" in report
    for heading in HEADINGS:
        assert heading.upper().split(":")[0] in report
    line = next(x for x in report.splitlines() if x.startswith("Actor"))
    assert line.split() == ["Actor", "1.000", "0.500", "0.667", "1", "0", "1"]


@pytest.mark.parametrize(
    ("name", "normal"),
    [
        ("L'Économie sociale", "economie sociale"),
        ("The P’INS programme", "p ins programme"),
        ("la", "la"),
        ("Œuvres", "oeuvres"),
        ("FSE+", "fse+"),
        ("…", ""),
        (2002, "2002"),
    ],
)
def test_names_are_normalised(name: object, normal: str) -> None:
    assert normalise_name(name) == normal


# --- against the scorer beside the annotations -------------------------------------------------


def run_scorer(
    gold: Path, predictions: Mapping[str, Sequence[Mapping[str, Any]]], folder: Path, *options: str
) -> dict[str, Any]:
    command = [sys.executable, str(gold / "score.py"), "--json", *options]
    for kind, rows in predictions.items():
        path = folder / f"{kind}.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        command += [f"--{kind}", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    scores: dict[str, Any] = json.loads(done.stdout)
    return scores


def from_annotations(gold: Gold) -> dict[str, Rows]:
    """What a perfect pipeline would export."""

    def place(row: Mapping[str, str]) -> dict[str, Any]:
        return {"doc": row["doc"], "start": int(row["char_start"]), "end": int(row["char_end"])}

    return {
        "mentions": [
            {**place(r), "class": r["class"], "label": r["surface"]} for r in gold.mentions
        ],
        "relations": [
            {
                **place(r),
                "subject": r["subject_id"],
                "predicate": r["predicate"],
                "object": r["object"],
            }
            for r in gold.relations
        ],
        "figures": [
            {**place(r), "value": r["value"], "subject": r["subject_id"], "unit": r["unit"]}
            for r in gold.figures
        ],
        "structure": [place(r) for r in gold.structure],
    }


def degrade(rows: Rows, dice: random.Random) -> Rows:
    """Drop, double, shift, retype and rename rows, and leave fields out."""
    worse: Rows = []
    for row in rows:
        changed = dict(row)
        chance = dice.random()
        if chance < 0.15:
            continue
        if chance < 0.35:
            changed["start"] += dice.randint(-60, 60)
            changed["end"] = max(changed["start"], changed["end"] + dice.randint(-9, 9))
        for field, values in (
            ("class", [*CLASSES, "Theme"]),
            ("label", ["Avise", "", None, "l’Avisé", "nobody", "DLA"]),
            ("subject", ["Avise", "the DLA", None, "2002", ""]),
            ("predicate", ["operates", "funds", None, "hasStatus"]),
            ("object", ["Avise", "2014", None, 2002, ""]),
            ("value", ["6 000", "1,234", "6000.0", None, "", 12.5, "1_0", "nan", "x"]),
            ("unit", ["euros", None, "Personnes", ""]),
        ):
            if field in changed and dice.random() < 0.15:
                changed[field] = dice.choice(values)
        worse.append(changed)
        if dice.random() < 0.1:
            worse.append(dict(changed))
    dice.shuffle(worse)
    return worse


def agrees(
    folder: Path, predictions: Mapping[str, Rows], tmp: Path, *options: str, split: str = "all"
) -> None:
    gold = load_gold(folder, split)
    ours = evaluate(gold, Predictions(**predictions), strict="--strict" in options).as_json()
    ours.pop("languages", None)
    assert ours == run_scorer(folder, predictions, tmp, *options)


@pytest.mark.slow
@pytest.mark.gold
def test_the_annotations_score_full_marks(gold: Path, tmp_path: Path) -> None:
    annotations = load_gold(gold)
    perfect = from_annotations(annotations)
    agrees(gold, perfect, tmp_path)
    scores = evaluate(annotations, Predictions(**perfect))
    assert scores.mentions is not None
    assert scores.relations is not None
    assert scores.mentions.total(scores.mentions.exact).f1 == 1
    assert scores.relations.section_recall == 1
    # Each language is what the scorer says of its sections alone.
    for lang, narrowed in scores.languages.items():
        sections = ",".join(s["section_id"] for s in annotations.sections if s["lang"] == lang)
        theirs = run_scorer(
            gold, {"mentions": perfect["mentions"]}, tmp_path, "--sections", sections
        )
        assert narrowed.as_json()["mentions"] == theirs["mentions"]


@pytest.mark.gold
@pytest.mark.parametrize("options", [(), ("--strict",)])
def test_no_predictions_agree(gold: Path, tmp_path: Path, options: tuple[str, ...]) -> None:
    agrees(
        gold, {k: [] for k in ("mentions", "relations", "figures", "structure")}, tmp_path, *options
    )


@pytest.mark.slow
@pytest.mark.gold
def test_a_split_agrees(gold: Path, tmp_path: Path) -> None:
    perfect = from_annotations(load_gold(gold))
    agrees(gold, perfect, tmp_path, "--split", "dev", split="dev")
    agrees(gold, perfect, tmp_path, "--split", "heldout", split="heldout")


@pytest.mark.slow
@pytest.mark.gold
@pytest.mark.parametrize("options", [(), ("--strict",)])
@pytest.mark.parametrize("seed", range(5))
def test_degraded_predictions_agree(
    gold: Path, tmp_path: Path, options: tuple[str, ...], seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311 - the same cases in every run
    perfect = from_annotations(load_gold(gold))
    agrees(gold, {k: degrade(v, dice) for k, v in perfect.items()}, tmp_path, *options)
