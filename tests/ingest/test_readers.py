"""Readers: what they accept, what they refuse and why, and that nothing else is ever raised."""

import hashlib
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.document import BlockKind, Document
from ingest.readers import Limits, Problem, ReadError, read, readers
from ingest.readers.pdf_layout import PdfLine, assemble
from tests.ingest.pdf_files import PrintedLine, lay_out, write_pdf

BODY = [
    "Les centres de res-",
    "sources aident l'inno-",
    "vation sociale dans les villes et dans les territoires de",
    "France depuis longtemps. Voir www.example.org pour la suite.",
    "",
    "Un autre paragraphe, qui ne finit pas et qui va jusque sur la",
]


def report(pages: int = 2) -> bytes:
    first: list[str | PrintedLine] = [PrintedLine("Rapport sur les villes", size=20), "", *BODY]
    more: list[list[str | PrintedLine]] = [
        [
            "page suivante avec des mots, et il finit ici.",
            "",
            PrintedLine("Partie", size=15),
            "Fin.",
        ]
        for _ in range(pages - 1)
    ]
    return write_pdf([lay_out(page) for page in [first, *more]], title="Un rapport de test")


def refusal(data: bytes, name: str = "a.txt", limits: Limits | None = None) -> str:
    with pytest.raises(ReadError) as raised:
        read(data, name, limits)
    assert raised.value.detail.endswith(".") or raised.value.detail.endswith(")")
    assert raised.value.advice
    assert str(raised.value) == f"{raised.value.detail} {raised.value.advice}"
    return raised.value.problem


# --- text -------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["été\r\nhiver\rfin\n", "a\tb\u00a0c\u202fd\u2028e", "𝔸 < 𝔹 œ\n"])
def test_a_utf8_file_is_its_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "é.txt"
    path.write_bytes(text.encode())
    document = read(path.read_bytes(), path.name)
    with path.open(encoding="utf-8", newline="") as file:
        assert document.text == file.read()
    assert document.name == "é.txt"
    assert document.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert document.reader == "text/1"
    assert document.media_type == "text/plain"
    assert document.pages == ()
    assert document.warnings == ()


def test_the_byte_order_mark_is_not_text() -> None:
    document = read(b"\xef\xbb\xbfBonjour", "a.txt")
    assert document.text == "Bonjour"
    assert document.warnings == ()


def test_a_latin1_file_is_read_with_a_warning() -> None:
    document = read("Le réseau d’été à 5 €".encode("cp1252"), "a.txt")
    assert document.text == "Le réseau d’été à 5 €"
    assert "Windows-1252" in document.warnings[0]


def test_holes_of_windows_1252_are_latin1() -> None:
    assert read(b"caf\xe9 \x81", "a.txt").text == "café \x81"


def test_utf16_with_a_mark_is_read_with_a_warning() -> None:
    document = read("Été".encode("utf-16"), "a.txt")
    assert document.text == "Été"
    assert document.warnings


def test_markdown_has_its_own_media_type() -> None:
    document = read(b"# Titre\n\nTexte.", "a.MD")
    assert document.media_type == "text/markdown"
    assert document.title == "Titre"


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"", "empty"),
        (b" \n\t\r\n", "empty"),
        (b"\xef\xbb\xbf \n", "empty"),
        (b"abc\x00def" * 20, "binary"),
        (bytes(range(256)) * 10, "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"rest" * 20, "binary"),
        (b"PK\x03\x04 word/document.xml", "binary"),
        (b"\x01\x02\x03 text \x04\x05", "binary"),
        (b"\xff\xfe\x00", "damaged"),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, problem: str) -> None:
    assert refusal(data) == problem


def test_unknown_binary_files_are_unsupported() -> None:
    assert refusal(b"\x00\x01\x02", "a.xyz") == "unsupported"


def test_text_without_a_known_extension_is_read() -> None:
    assert read(b"Some words.", "LICENCE").reader == "text/1"
    assert read(b"Some words.", "notes.xyz").reader == "text/1"


def test_limits_say_what_was_reached() -> None:
    with pytest.raises(ReadError, match=r"text has 2,000 bytes; the limit is 1,999"):
        read(b"a" * 2000, "a.txt", Limits(text_bytes=1999))
    assert refusal(b"a" * 2000, limits=Limits(file_bytes=1999)) == "too-large"
    assert refusal(b"a\n" * 20, limits=Limits(lines=19)) == "too-large"
    assert refusal(report(3), "a.pdf", Limits(pages=2)) == "too-large"
    assert refusal(report(3), "a.pdf", Limits(text_bytes=100)) == "too-large"


# --- PDF --------------------------------------------------------------------------------------


def test_a_pdf_becomes_paragraphs_with_pages() -> None:
    document = read(report(), "rapport.pdf")
    assert document.media_type == "application/pdf"
    assert document.reader == "pdf/2"
    assert document.title == "Un rapport de test"
    assert document.lang == "fr"
    assert "centres de ressources aident l'innovation sociale" in document.text
    assert "\r" not in document.text
    assert "\ufffe" not in document.text
    assert document.text[document.pages[1] :].startswith("page suivante")
    kinds = [(b.kind, b.level, b.page) for b in document.blocks]
    assert kinds[0] == (BlockKind.HEADING, 1, 1)
    assert (BlockKind.HEADING, 2, 2) in kinds
    # The paragraph that goes on over the page is one block, and one sentence.
    sentences = [document.text[a:b] for a, b in document.sentences()]
    assert any("jusque sur la\n\npage suivante" in sentence for sentence in sentences)


def test_passages_of_a_pdf_know_their_page() -> None:
    document = read(report(), "rapport.pdf")
    start = document.text.index("Fin.")
    passage = document.passage(start, start + 4)
    assert (passage.page, passage.section) == (2, "Partie")


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (write_pdf([[], []]), "no-text-layer"),
        (write_pdf([lay_out(["x y z"])], encrypted=True), "encrypted"),
        (report()[:900], "truncated"),
        (report()[:-40], "truncated"),
        (b"%PDF-1.4\nnothing\n%%EOF", "damaged"),
        (b"not a pdf at all", "damaged"),
    ],
)
def test_bad_pdf_files_are_refused(data: bytes, problem: str) -> None:
    assert refusal(data, "a.pdf") == problem


def test_a_pdf_named_txt_is_read_as_what_it_is() -> None:
    assert read(report(), "a.txt").reader == "pdf/2"


def test_pages_without_text_are_named() -> None:
    pages = [lay_out(["Une page qui a du texte, et assez."]), []]
    assert read(write_pdf(pages), "a.pdf").warnings == ("Pages without text: 2.",)


def test_a_title_left_by_a_program_is_not_used() -> None:
    pages = [lay_out([PrintedLine("Le vrai titre", size=20), "", "Du texte courant ici."])]
    assert (
        read(write_pdf(pages, title="Microsoft Word - doc1.docx"), "a.pdf").title == "Le vrai titre"
    )


def test_note_marks_become_superscripts() -> None:
    line = PrintedLine("Les initiatives", y=700)
    mark = PrintedLine("19", x=72 + 66.5, y=704, size=6)
    rest = PrintedLine("sont 120 dans les villes.", x=72 + 80, y=700)
    note = [PrintedLine("19", y=104, size=6), PrintedLine("Voir le rapport.", x=80, y=100, size=9)]
    document = read(write_pdf([[line, mark, rest, *note]]), "a.pdf")
    assert "initiatives¹⁹ sont 120" in document.text
    assert document.blocks[-1].kind is BlockKind.FOOTNOTE


GRID = [
    *((72.0, y, 400.0, y) for y in (690.0, 660.0, 630.0, 600.0)),
    *((x, 600.0, x, 690.0) for x in (72.0, 200.0, 400.0)),
]
CELLS = [
    PrintedLine("Avant le tableau il y a une phrase entière.", y=740),
    PrintedLine("Sigle", x=76, y=670),
    PrintedLine("Nom complet", x=204, y=670),
    PrintedLine("DLA", x=76, y=646),
    PrintedLine("Dispositif local", x=204, y=646),
    PrintedLine("d'accompagnement", x=204, y=634),
    PrintedLine("PTCE", x=76, y=612),
    PrintedLine("Pôle territorial", x=204, y=612),
    PrintedLine("Après le tableau il y a une autre phrase.", y=560),
]


def test_ruled_tables_of_a_pdf_become_rows() -> None:
    document = read(write_pdf([CELLS, CELLS], rules=[GRID, GRID]), "a.pdf")
    tables = [b for b in document.blocks if b.kind is BlockKind.TABLE]
    assert [(document.text[b.start : b.end], b.page) for b in tables] == [
        ("Sigle\tNom complet\nDLA\tDispositif local d'accompagnement\nPTCE\tPôle territorial", n)
        for n in (1, 2)
    ]
    assert document.warnings == ()


def test_lines_that_rule_no_whole_table_change_nothing() -> None:
    across = PrintedLine(
        "Une ligne qui commence dans le tableau et sort à sa droite.", x=210, y=618
    )
    document = read(write_pdf([[*CELLS, across]], rules=[GRID]), "a.pdf")
    assert "\t" not in document.text
    assert "qui commence dans le tableau" in document.text


def line(text: str, y: float, **changes: float) -> PdfLine:
    size = changes.get("size", 10.0)
    left = changes.get("left", 72.0)
    return PdfLine(text, size, False, left, changes.get("right", 500.0), y, y)


def test_hyphens_at_line_ends_follow_the_rest_of_the_text() -> None:
    page = [
        line("Le porte-parole et l'inno\ufffevation.", 700),
        line("Un porte\ufffeparole en Île\ufffeDe France.", 688),
    ]
    text, _, _ = assemble([page])
    assert text == "Le porte-parole et l'innovation.\nUn porte-parole en Île-De France."


def test_levels_follow_sizes() -> None:
    page = [
        line("Grand titre", 700, size=24),
        line("Sous-titre", 670, size=16),
        line("Texte courant du rapport.", 650),
        line("Encore du texte courant.", 638),
        line("Autre sous-titre", 610, size=15.8),
        line("Fin du texte courant.", 590),
        line("7", 40, size=30),
    ]
    text, pages, headings = assemble([page, []])
    assert [(text[a:b], level) for a, b, level in headings] == [
        ("Grand titre", 1),
        ("Sous-titre", 2),
        ("Autre sous-titre", 2),
    ]
    assert pages == (0, len(text))


def test_paragraphs_are_told_by_distance_and_indent() -> None:
    page = [
        line("Une phrase qui continue sur la", 700),
        line("ligne suivante.", 688, right=300),
        line("Un nouveau paragraphe.", 676),
        line("Un autre, en retrait.", 664, left=90),
        line("Plus loin.", 630),
    ]
    assert assemble([page])[0].split("\n\n") == [
        "Une phrase qui continue sur la\nligne suivante.",
        "Un nouveau paragraphe.",
        "Un autre, en retrait.",
        "Plus loin.",
    ]


# --- whatever bytes ---------------------------------------------------------------------------


def check(document: Document) -> None:
    """What holds for every document, whatever was read."""
    position = 0
    for block in document.blocks:
        assert position <= block.start < block.end <= len(document.text)
        position = block.end
        inside = block.start
        for start, end in document.sentences(block):
            assert inside <= start < end <= block.end
            assert document.text[start:end].strip()
            inside = end
    assert list(document.pages) == sorted(document.pages)
    assert Document.from_layout(document.text, document.layout()) == document
    document.text.encode()  # may be stored
    assert document.lang
    assert document.display_title


def read_or_refuse(data: bytes, name: str) -> None:
    try:
        document = read(data, name, Limits(text_bytes=1_000_000))
    except ReadError as error:
        why: tuple[str, str] = error.problem, error.detail
    else:
        why = "", ""
        check(document)
    assert all(why) or not any(why)


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.md", "a.pdf", "a", "a.bin"]))
def test_any_bytes_are_read_or_refused(data: bytes, name: str) -> None:
    read_or_refuse(data, name)


@given(st.text(max_size=300))
def test_any_text_is_read_or_refused(text: str) -> None:
    read_or_refuse(text.encode("utf-8", "replace"), "a.txt")


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=20))
def test_any_broken_pdf_is_read_or_refused(changes: list[tuple[int, int]]) -> None:
    data = bytearray(report())
    for place, value in changes:
        data[place % len(data)] = value
    read_or_refuse(bytes(data), "a.pdf")


@settings(max_examples=30)
@given(st.lists(st.text(alphabet="aé. 1-#•\t«»(", min_size=1, max_size=40), max_size=30))
def test_any_printed_lines_are_read_or_refused(lines: list[str]) -> None:
    read_or_refuse(write_pdf([lay_out(lines), lay_out(lines)]), "a.pdf")


@pytest.mark.seeds
def test_the_reports_are_read_verbatim(seeds: Path) -> None:
    paths = sorted(seeds.glob("*.txt"))
    assert len(paths) == 5
    for path in paths:
        document = read(path.read_bytes(), path.name)
        with path.open(encoding="utf-8", newline="") as file:
            assert document.text == file.read()
        check(document)
        assert document.warnings == ()
        assert document.lang == {"002": "fr", "004": "fr"}.get(path.name[:3], "en")


def test_every_problem_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "ingestion.md").read_text(encoding="utf-8")
    for problem in get_args(Problem):
        assert f"| `{problem}` |" in page
    for reader in readers():
        assert f"| `{reader.name}` |" in page
    for kind in BlockKind:
        assert f"| `{kind.value}` |" in page
