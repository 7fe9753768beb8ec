"""DOCX and ODT: what office programs know beyond the words."""

import io
from typing import Any

import docx
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from ingest.document import BlockKind, Document
from ingest.readers import Limits, ReadError, read
from ingest.readers.numbering import Counters, LevelFormat, format_number
from tests.ingest.report_files import STARTS, Part, write_docx, write_odt, write_zip

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def word(body: str, **parts: str) -> bytes:
    """A DOCX file with this body and, by name, these other parts."""
    files = {
        "[Content_Types].xml": "<Types/>",
        "word/document.xml": f'<w:document xmlns:w="{WORD}" xmlns:r="urn:r" xmlns:mc="urn:mc">'
        f"<w:body>{body}</w:body></w:document>",
    }
    for name, content in parts.items():
        files[f"word/{name}.xml"] = f'<w:{name} xmlns:w="{WORD}">{content}</w:{name}>'
    return write_zip(files)


def p(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def kinds(document: Document) -> list[tuple[str, str]]:
    return [(b.kind.value, document.text[b.start : b.end]) for b in document.blocks]


def test_a_word_file_says_what_it_is() -> None:
    document = read(
        write_docx([Part("heading", "Un titre"), Part("paragraph", "Du texte.")], "T"), "a"
    )
    assert document.reader == "docx/1"
    assert document.media_type.endswith("wordprocessingml.document")
    assert document.title == "T"
    assert document.pages == ()


def test_notes_stand_behind_the_block_that_refers_to_them() -> None:
    note = '<w:r><w:footnoteReference w:id="7"/></w:r>'
    document = read(
        word(
            f"<w:p><w:r><w:t>Les initiatives</w:t></w:r>{note}<w:r><w:t> sont là.</w:t></w:r></w:p>"
            + p("Une suite."),
            footnotes=f'<w:footnote w:id="7">{p("Voir le rapport de 2019.")}</w:footnote>',
        ),
        "a.docx",
    )
    assert document.text == "Les initiatives¹ sont là.\n\n¹ Voir le rapport de 2019.\n\nUne suite."
    assert document.blocks[1].kind is BlockKind.FOOTNOTE


NUMBERS = """
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="5"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2."/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="2">
<w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/><w:lvlText w:val="o"/></w:lvl>
<w:lvl w:ilvl="1"><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>"""
STYLES = """
<w:style w:type="paragraph" w:styleId="H1"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/>
</w:numPr><w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="H2"><w:name w:val="Mine"/><w:basedOn w:val="H1"/><w:pPr><w:numPr>
<w:ilvl w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Q"><w:name w:val="Quote"/></w:style>"""


def style(name: str) -> str:
    return f'<w:pStyle w:val="{name}"/>'


def in_list(number: int, depth: int) -> str:
    return f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'


def test_computed_numbers_are_text() -> None:
    body = (
        p("Vision", style("H1"))
        + p("Actions", style("H2"))
        + p("Suite", style("H2"))
        + p("Un point.", in_list(2, 0))
        + p("Dessous.", in_list(2, 1))
        + p("Encore dessous.", in_list(2, 1))
        + p("Une citation assez longue pour en être une.", style("Q"))
    )
    document = read(word(body, numbering=NUMBERS, styles=STYLES), "a.docx")
    assert document.text.split("\n\n") == [
        "5. Vision",
        "5.1. Actions",
        "5.2. Suite",
        "• Un point.\n  a) Dessous.\n  b) Encore dessous.",
        "> Une citation assez longue pour en être une.",
    ]
    assert [(b.kind.value, b.level) for b in document.blocks] == [
        ("heading", 1),
        ("heading", 2),
        ("heading", 2),
        ("item", 1),
        ("item", 2),
        ("item", 2),
        ("quote", 0),
    ]


def test_what_is_not_seen_is_not_read_and_what_is_in_boxes_is() -> None:
    body = (
        "<w:p><w:del><w:r><w:delText>Effacé. </w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>Ajouté. </w:t></w:r></w:ins>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Caché.</w:t></w:r>"
        "<w:r><w:instrText>PAGE</w:instrText></w:r>"
        "<mc:AlternateContent><mc:Choice><w:txbxContent>" + p("Dans la boîte.") + "</w:txbxContent>"
        "</mc:Choice><mc:Fallback><w:txbxContent>" + p("Dans la boîte.") + "</w:txbxContent>"
        "</mc:Fallback></mc:AlternateContent></w:p>"
        "<w:sdt><w:sdtContent>" + p("Dans un contrôle.") + "</w:sdtContent></w:sdt>"
    )
    document = read(word(body), "a.docx")
    assert document.text == "Ajouté.\n\nDans la boîte.\n\nDans un contrôle."


def test_page_breaks_begin_pages() -> None:
    body = (
        p("Page une.")
        + '<w:p><w:r><w:t>Suite</w:t><w:br w:type="page"/><w:t>page deux.</w:t></w:r></w:p>'
        + "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Page trois.</w:t></w:r></w:p>"
    )
    document = read(word(body), "a.docx")
    assert document.text == "Page une.\n\nSuitepage deux.\n\nPage trois."
    assert [document.text[s:][:5] for s in document.pages] == ["Page ", "page ", "Page "]
    assert document.page_at(len(document.text) - 1) == 3


def test_tables_that_only_place_text_are_read_cell_by_cell() -> None:
    long = "Une phrase de la colonne. " * 60
    row = "".join(f"<w:tc>{p(text)}</w:tc>" for text in (long, "À droite."))
    document = read(word(f"<w:tbl><w:tr>{row}</w:tr></w:tbl>"), "a.docx")
    assert [kind for kind, _ in kinds(document)] == ["paragraph", "paragraph"]


def test_properties_are_proposed() -> None:
    new = docx.Document()
    new.add_paragraph("Du texte.")
    new.core_properties.author = "Anne Un; Paul Deux"
    new.core_properties.title = "Le titre du fichier"
    out = io.BytesIO()
    new.save(out)
    document = read(out.getvalue(), "a.docx")
    found = [(m.field, m.value, m.evidence) for m in document.metadata]
    assert ("title", "Le titre du fichier", "file property dc:title") in found
    assert [v for f, v, _ in found if f == "authors"] == ["Anne Un", "Paul Deux"]


def test_links_show_where_they_lead() -> None:
    text = "Voir [le site](https://example.org/a) et [example.org](https://www.example.org/) aussi."
    for data, name in (
        (write_docx([Part("paragraph", text)]), "a.docx"),
        (write_odt([Part("paragraph", text)]), "a.odt"),
    ):
        assert read(data, name).text == (
            "Voir le site (https://example.org/a) et example.org aussi."
        )


def odt(body: str, styles: str = "", **parts: str) -> bytes:
    return write_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<o:document-content {STARTS}><o:automatic-styles>{styles}"
            f"</o:automatic-styles><o:body><o:text>{body}</o:text></o:body></o:document-content>",
            **{f"{name}.xml": content for name, content in parts.items()},
        }
    )


def test_an_odt_file_is_read_with_all_it_has() -> None:
    styles = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1"'
        ' style:num-format="1" style:num-suffix="."/><text:list-level-style-bullet text:level="2"/>'
        '</text:list-style><style:style style:name="P1" style:parent-style-name="Title"/>'
        '<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/>'
        "</style:style>"
    )
    body = (
        "<text:tracked-changes><text:p>Effacé.</text:p></text:tracked-changes>"
        '<text:p text:style-name="P1">Le titre</text:p>'
        "<text:p>Un<text:s text:c='3'/>mot<text:note><text:note-citation>4</text:note-citation>"
        "<text:note-body><text:p>La note.</text:p></text:note-body></text:note> et"
        '<text:span text:style-name="T1">12</text:span>.</text:p>'
        '<text:list text:style-name="L"><text:list-item><text:p>Premier.</text:p><text:list>'
        "<text:list-item><text:p>Dessous.</text:p></text:list-item></text:list></text:list-item>"
        "<text:list-item><text:p>Second.</text:p></text:list-item></text:list>"
        "<text:soft-page-break/><text:p>Page deux.</text:p>"
        '<table:table><table:table-row table:number-rows-repeated="1000000"><table:table-cell>'
        "<text:p>a</text:p></table:table-cell><table:table-cell><text:p>b</text:p>"
        "</table:table-cell></table:table-row></table:table>"
    )
    document = read(odt(body, styles), "a.odt")
    assert document.text.split("\n\n") == [
        "Le titre",
        "Un mot⁴ et¹².",
        "⁴ La note.",
        "1. Premier.\n  • Dessous.\n2. Second.",
        "Page deux.",
        "a\tb",
    ]
    assert document.blocks[0].kind is BlockKind.HEADING
    assert document.pages == (0, document.text.index("Page deux"))


@pytest.mark.parametrize(
    ("data", "name", "problem"),
    [
        (write_docx([Part("paragraph", "x")])[:-30], "a.docx", "truncated"),
        (b"no archive at all", "a.docx", "truncated"),
        (write_zip({"word/document.xml": "<a><b></a>"}), "a.docx", "damaged"),
        (write_zip({"[Content_Types].xml": "<a/>"}), "a.docx", "damaged"),
        (word(""), "a.docx", "empty"),
        (word(p("&x;").replace("&", "&amp;") * 3), "a.docx", ""),
        (word("<w:sdt>" * 10_000 + "</w:sdt>" * 10_000), "a.docx", "hostile"),
        (
            write_zip({"word/document.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'}),
            "a.docx",
            "hostile",
        ),
        (
            write_zip(
                {"word/document.xml": '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'.encode("utf-16")}
            ),
            "a.docx",
            "hostile",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "a.docx",
            "encrypted",
        ),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx", "unsupported"),
        (odt("", **{"META-INF/manifest": "<m><encryption-data/></m>"}), "a.odt", "encrypted"),
        (write_zip({"mimetype": "application/vnd.oasis.opendocument.text"}), "a.odt", "damaged"),
        (odt("<text:list><text:list-item>" * 10_000), "a.odt", "hostile"),
        (
            write_zip({"[Content_Types].xml": "<a/>", "xl/workbook.xml": "<a/>"}),
            "a.xlsx",
            "unsupported",
        ),
    ],
)
def test_bad_office_files_are_refused(data: bytes, name: str, problem: str) -> None:
    if not problem:
        assert read(data, name).text
        return
    with pytest.raises(ReadError) as raised:
        read(data, name)
    assert raised.value.problem == problem
    assert raised.value.advice


def test_long_texts_and_many_pages_are_refused_while_reading() -> None:
    breaks = '<w:p><w:r><w:t>x</w:t><w:br w:type="page"/></w:r></w:p>' * 60
    with pytest.raises(ReadError, match="pages"):
        read(word(breaks), "a.docx", Limits(pages=50))
    with pytest.raises(ReadError, match="more than 100 bytes"):
        read(word(p("Une phrase.") * 60), "a.docx", Limits(text_bytes=100))


@pytest.mark.parametrize(
    ("number", "form", "text"),
    [
        (4, "lower-roman", "iv"),
        (1999, "upper-roman", "MCMXCIX"),
        (28, "lower-letter", "bb"),
        (3, "upper-letter", "C"),
        (0, "lower-roman", "0"),
        (10**7, "upper-letter", "10000000"),
    ],
)
def test_numbers_are_printed_in_all_forms(number: int, form: str, text: str) -> None:
    assert format_number(number, form) == text


def test_deeper_levels_start_again() -> None:
    formats = {0: LevelFormat("upper-roman", "%1"), 1: LevelFormat("decimal", "%1-%2")}
    counters = Counters()
    levels = (0, 1, 1, 0, 1)
    assert [counters.next("a", level, formats) for level in levels] == [
        "I", "I-1", "I-2", "II", "II-1",
    ]  # fmt: skip


def test_word_s_own_markup_is_understood_from_an_independent_writer() -> None:
    new = docx.Document()
    new.add_heading("Grand titre", 0)
    new.add_paragraph("Un point", style="List Number")
    new.add_paragraph("Une citation d'un livre que personne n'a lu.", style="Intense Quote")
    break_: Any = parse_xml(f"<w:br {nsdecls('w')} w:type='page'/>")
    new.add_paragraph("Fin").add_run()._r.append(break_)
    new.add_paragraph("Après.")
    out = io.BytesIO()
    new.save(out)
    document = read(out.getvalue(), "a.docx")
    assert document.text.split("\n\n") == [
        "Grand titre",
        "1. Un point",
        "> Une citation d'un livre que personne n'a lu.",
        "Fin",
        "Après.",
    ]
    assert len(document.pages) == 2
