"""Segmentation into blocks."""

import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.document import Block, BlockKind
from ingest.evaluate import Predictions, evaluate, load_gold
from ingest.readers import read
from ingest.structure import segment

LONG = "Une phrase assez longue pour être celle d'un vrai paragraphe de rapport, avec un point."


def kinds(text: str, pages: tuple[int, ...] = ()) -> list[tuple[str, int, str]]:
    return [
        (block.kind.value, block.level, text[block.start : block.end])
        for block in segment(text, pages).blocks
    ]


def check_blocks(text: str, blocks: tuple[Block, ...]) -> None:
    """Sorted, disjoint, in range, not blank around; every visible character is in one."""
    position = 0
    for block in blocks:
        assert position <= block.start < block.end <= len(text)
        assert not text[position : block.start].strip()
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        position = block.end
    assert not text[position:].strip()


def test_markdown_headings_items_and_paragraphs() -> None:
    text = "# Un\n\nTexte.\n## Deux\nTexte\nqui suit.\n\n- a\n  - b\n1. c\n2. d\n"
    assert kinds(text) == [
        ("heading", 1, "# Un"),
        ("paragraph", 0, "Texte."),
        ("heading", 2, "## Deux"),
        ("paragraph", 0, "Texte\nqui suit."),
        ("item", 1, "- a"),
        ("item", 2, "- b"),
        ("item", 1, "1. c"),
        ("item", 1, "2. d"),
    ]


def test_numbered_headings_are_known_from_the_table_of_contents() -> None:
    text = (
        "Table des matières\n\n1. Préambule\t6\n2. Méthode de travail\t8\n2.1. Vision.......9\n\n"
        f"1. Préambule\n\n{LONG}\n\n2. Méthode de travail\n\n1. Un élément ;\n2. Un autre.\n\n"
        f"2.1. Vision\n\n{LONG}\n\n3. Pas un titre mais un élément\n"
    )
    found = kinds(text)
    assert [(level, t) for kind, level, t in found if kind == "heading"][1:] == [
        (1, "1. Préambule"),
        (1, "2. Méthode de travail"),
        (2, "2.1. Vision"),
    ]
    assert [kind for kind, *_ in found].count("contents") == 1
    assert ("item", 1, "3. Pas un titre mais un élément") in found


def test_the_table_with_tags_and_page_marks() -> None:
    text = (
        "# SOMMAIRE\n\n<b>INTRODUCTION</b>\t<b>P. 5</b>\n<b>PROPOSITIONS</b>\t<b>P. 7</b>\n\n"
        f"# INTRODUCTION\n\n{LONG}"
    )
    assert [kind for kind, *_ in kinds(text)] == ["heading", "contents", "heading", "paragraph"]


def test_the_table_with_numbers_on_their_own_lines() -> None:
    text = (
        "# GUIDE\n\n# 05\n\n## INTRODUCTION\n\n# 13\n\n## LEVERS\n\n# 68\n\n## CONCLUSION\n\n"
        f"# Introduction\n\n{LONG}\n\nLEVERS\n\n{LONG}\n"
    )
    assert [kind for kind, *_ in kinds(text)] == [
        "heading",
        "contents",
        "heading",
        "paragraph",
        "heading",
        "paragraph",
    ]


def test_a_table_of_figures_is_not_a_table_of_contents() -> None:
    text = f"{LONG}\n\nLille\t230\nParis\t12\nLyon\t99\nNice\t3\n\n{LONG}"
    assert [kind for kind, *_ in kinds(text)] == ["paragraph", "table", "paragraph"]


def test_legal_numbering_is_not_a_heading() -> None:
    text = (
        f"# Loi\n\n{LONG}\n\nI. - Est considéré le projet\n\n1° Soit répondre\n\nII. - Pour être\n"
    )
    assert [kind for kind, *_ in kinds(text)][2:] == ["item", "item", "item"]


def test_short_lines_before_paragraphs_are_headings() -> None:
    text = (
        f"What is it?\n\n{LONG}\n\nContact: A. Name, role\n\nNeed for support\n\n{LONG}\n\nYes.\n"
    )
    assert [t for kind, _, t in kinds(text) if kind == "heading"] == [
        "What is it?",
        "Need for support",
    ]


def test_a_form_has_sheets_subjects_and_questions() -> None:
    sheet = "Best Practice\n\n{}\n\nA summary\n\n" + LONG + "\n\nNeed\n\n" + LONG + "\n\n"
    text = "".join(sheet.format(name) for name in ("Avise", "FAIR", "Cap Impact"))
    levels = [(level, t) for kind, level, t in kinds(text) if kind == "heading"]
    assert levels[:4] == [(1, "Best Practice"), (2, "Avise"), (3, "A summary"), (3, "Need")]
    assert (2, "FAIR") in levels


def test_a_list_without_bullets_is_not_a_run_of_headings() -> None:
    text = f"{LONG}\n\nAdvice\n\nTraining\n\nMeetings\n\nMoney for all\n\n{LONG}"
    assert not [t for kind, _, t in kinds(text) if kind == "heading"]


def test_footnotes_quotes_and_tables() -> None:
    text = (
        f"# T\n\n{LONG}\n\n¹ Une note.\n² Une autre.\n\n[3] A note here.\n\n<sup>4</sup> Ibid.\n\n"
        "« Une citation assez longue pour être un bloc à elle seule. »\n\n> Citée\n> ainsi\n\n"
        "| a | b |\n|---|---|\n| 1 | 2 |\n"
    )
    assert Counter(kind for kind, *_ in kinds(text)) == {
        "heading": 1,
        "paragraph": 1,
        "footnote": 4,
        "quote": 2,
        "table": 1,
    }


def test_a_sentence_cut_by_a_page_break_is_one_block() -> None:
    cut = "Les appels à manifestation d'intérêt que lance la banque, comme"
    text = f"{cut}\n\ncelui sur la transition, sont ouverts.\n\n{LONG}"
    assert [kind for kind, *_ in kinds(text)] == ["paragraph", "paragraph"]


def test_running_lines_that_cut_sentences_are_furniture() -> None:
    part = "Une phrase assez longue que la page coupe en son milieu sans égard pour"
    text = "\n\n".join([part, "Rapport 2023 - page 4", "le lecteur et son plaisir de lire"] * 4)
    assert [kind for kind, *_ in kinds(text)].count("furniture") == 4


def test_titles_that_come_back_are_not_furniture() -> None:
    text = f"Need for support\n\n{LONG}\n\n" * 5
    assert "furniture" not in [kind for kind, *_ in kinds(text)]


def test_furniture_at_the_edges_of_pages() -> None:
    pages, text = [], ""
    for number in range(1, 6):
        pages.append(len(text))
        text += f"Rapport annuel\n{'abcde'[number - 1]} {LONG}\n{LONG} Fin {number}.\n{number}\n\n"
    blocks = segment(text, tuple(pages)).blocks
    furniture = [text[b.start : b.end] for b in blocks if b.kind is BlockKind.FURNITURE]
    assert furniture.count("Rapport annuel") == 5
    assert [b.page for b in blocks if b.kind is BlockKind.PARAGRAPH] == [1, 2, 3, 4, 5]


def test_languages_of_blocks() -> None:
    text = f"{LONG}\n\n{LONG}\n\nThis is a paragraph of the report that is in English.\n\nhttps://a.b/c"
    structure = segment(text)
    assert structure.lang == "fr"
    assert [b.lang for b in structure.blocks] == ["fr", "fr", "en", "fr"]


@pytest.mark.parametrize("newline", ["\r\n", "\r", "\n"])
def test_line_ends_of_every_system(newline: str) -> None:
    text = newline.join(["# Un", "", LONG, "", "- a", "- b"])
    assert [kind for kind, *_ in kinds(text)] == ["heading", "paragraph", "item", "item"]


@given(
    st.lists(
        st.sampled_from(
            [
                "# T",
                "## 05",
                "1. a",
                "5.2. Titre ici",
                "- x",
                "",
                "",
                "A\tB",
                "a....5",
                "¹ n",
                "TITRE",
                "« q »",
                "> q",
                "| a |",
                "---",
                "12",
                "phrase sans fin",
                "Fin de phrase.",
                "Court",
            ]
        )
        | st.text(max_size=30),
        max_size=40,
    )
)
def test_any_text_is_covered_by_blocks(lines: list[str]) -> None:
    text = "\n".join(lines)
    check_blocks(text, segment(text).blocks)
    check_blocks(text, segment(text, (0, len(text) // 2), [(0, min(5, len(text)), 1)]).blocks)


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        "\n".join("  " * depth + "- point" for depth in range(2_000)) * 5,
        "- a\n" * 10_000,
        "Une ligne courte\n\n" * 20_000,
        "x" * 1_000_000,
        "# " * 300_000,
        "Titre......12\n" * 20_000,
        "\t" * 300_000 + "a",
        "«" * 300_000,
        "a\tb\n" * 50_000,
        "1. A\n\n" * 30_000,
    ],
    ids=lambda text: repr(text[:12]),
)
def test_hostile_shapes_take_linear_time(text: str) -> None:
    started = time.process_time()
    structure = segment(text)
    assert time.process_time() - started < 6
    check_blocks(text, structure.blocks)


@pytest.mark.seeds
@pytest.mark.gold
def test_units_of_the_reports_are_found(
    seeds: Path, gold: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = []
    for path in sorted(seeds.glob("*.txt")):
        document = read(path.read_bytes(), path.name)
        check_blocks(document.text, document.blocks)
        rows += [{"doc": path.name, "start": s.start, "end": s.end} for s in document.sections]
        rows += [
            {"doc": path.name, "start": b.start, "end": b.end}
            for b in document.blocks
            if b.kind is not BlockKind.HEADING
        ]
    structure = evaluate(load_gold(gold), Predictions(structure=rows)).structure
    assert structure is not None
    expected = sum(s.expected for s in structure.values())
    found = sum(s.start for s in structure.values())
    extent = sum(s.extent for s in structure.values())
    with capsys.disabled():
        print(f"\nunits that start with a block: {found} of {expected}, same extent: {extent}")  # noqa: T201
    assert found / expected > 0.9
    assert extent / expected > 0.7
