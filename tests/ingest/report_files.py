"""One report as a list of parts, and writers that make a file of each format from it."""

import io
import re
import textwrap
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from itertools import groupby

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph

from ingest.document import BlockKind, Document, clean_heading
from ingest.sentences import skip_marker
from tests.ingest.pdf_files import PrintedLine, Rule, write_pdf

__all__ = ["STARTS", "WRITERS", "Part", "parts_of", "write_zip"]


@dataclass(frozen=True)
class Part:
    """``kind`` is heading, paragraph, item, table or note; a table's ``text`` has tabs and lines,
    a paragraph's ``[text](address)`` is a link."""

    kind: str
    text: str
    level: int = 1


STARTS = " ".join(
    f'xmlns:{prefix}="{address}"'
    for prefix, address in {
        "o": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
        "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
        "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
        "xlink": "http://www.w3.org/1999/xlink",
        "dc": "http://purl.org/dc/elements/1.1/",
    }.items()
)
"""The namespaces of an ODT file, with ``o`` for its office ones."""

LINK = re.compile(r"\[([^\]\n]*)\]\((https?://[^)\s]*)\)")
_KINDS = {
    BlockKind.HEADING: "heading",
    BlockKind.ITEM: "item",
    BlockKind.TABLE: "table",
    BlockKind.FOOTNOTE: "note",
}


def parts_of(document: Document) -> list[Part]:
    """The parts of a report as it was read from text, without its furniture."""
    parts = []
    for block in document.blocks:
        if block.kind is BlockKind.FURNITURE:
            continue
        kind = _KINDS.get(block.kind, "paragraph")
        start = block.start
        if kind in ("item", "heading"):
            start = skip_marker(document.text, block.start, block.end)
        raw = re.sub(r"</?(?:b|sup|i|u)>|\*\*", "", document.text[start : block.end])
        text = clean_heading(raw) if kind == "heading" else raw
        if kind != "table" and block.kind is not BlockKind.CONTENTS:
            text = " ".join(text.split())
        if kind == "table":
            text = "\n".join(line for line in text.split("\n") if re.search(r"\w", line))
            text = re.sub(r"\s*\|\s*", "\t", text) if "|" in text else text
        if text.strip():
            parts.append(Part(kind, text.strip(), max(1, block.level)))
    return parts


def write_txt(parts: Sequence[Part], title: str = "") -> bytes:
    lines = []
    for part in parts:
        mark = {"heading": "#" * min(part.level, 6) + " ", "item": "- ", "note": ""}
        lines.append(mark.get(part.kind, "") + LINK.sub(r"\1 (\2)", part.text))
    return "\n\n".join(lines).encode()


def write_html(parts: Sequence[Part], title: str = "", *, chrome: bool = False) -> bytes:
    before = after = ""
    if chrome:
        links = "".join(f'<li><a href="/{n}">Menu entry {n}</a></li>' for n in range(12))
        before = f"<header><div class='navbar'><ul>{links}</ul></div></header><main><article>"
        after = f"</article></main><footer><p>Contact us</p><ul>{links}</ul></footer>"
    return (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>p {{ color: red }}</style></head><body>{before}{_markup(parts)}{after}"
        "<script>var menu = 'Not text.';</script></body></html>"
    ).encode()


def write_epub(parts: Sequence[Part], title: str = "") -> bytes:
    """A book with a chapter for each heading of the first level."""
    chapters: list[list[Part]] = [[]]
    for part in parts:
        if part.kind == "heading" and part.level == 1:
            chapters.append([])
        chapters[-1].append(part)
    files = {"mimetype": "application/epub+zip"}
    files["META-INF/container.xml"] = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/content.opf"/></rootfiles></container>'
    )
    names = [f"chapter {n}.xhtml" for n in range(len(chapters))]
    items = "".join(
        f'<item id="c{n}" href="{name.replace(" ", "%20")}" media-type="application/xhtml+xml"/>'
        for n, name in enumerate(names)
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(names)))
    files["OEBPS/content.opf"] = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<metadata><dc:title>{escape(title)}</dc:title></metadata>"
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    for name, chapter in zip(names, chapters, strict=True):
        files[f"OEBPS/{name}"] = (
            '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n'
            '<html xmlns="http://www.w3.org/1999/xhtml"><head><title/></head>'
            f"<body>{_markup(chapter)}<p>&nbsp;</p></body></html>"
        )
    return write_zip(files)


def write_odt(parts: Sequence[Part], title: str = "") -> bytes:
    body = []
    for kind, group in groupby(parts, key=lambda part: part.kind):
        members = list(group)
        if kind == "item":
            body.append("<text:list>" + "".join(map(_odt_item, members)) + "</text:list>")
        else:
            body.extend(_odt_block(part) for part in members)
    return write_zip(
        {
            "mimetype": "application/vnd.oasis.opendocument.text",
            "content.xml": f"<o:document-content {STARTS}><o:body><o:text>"
            f"{''.join(body)}</o:text></o:body></o:document-content>",
            "meta.xml": f"<o:document-meta {STARTS}><o:meta>"
            f"<dc:title>{escape(title)}</dc:title></o:meta></o:document-meta>",
        }
    )


def write_docx(parts: Sequence[Part], title: str = "") -> bytes:
    document = docx.Document()
    document.core_properties.title = title
    document.core_properties.author = ""
    for part in parts:
        if part.kind == "heading":
            document.add_heading(part.text, min(part.level, 9))
        elif part.kind == "table" and "\t" in part.text:
            rows = [line.split("\t") for line in part.text.split("\n")]
            table = document.add_table(len(rows), max(map(len, rows)))
            for row, cells in zip(table.rows, rows, strict=True):
                for cell, text in zip(row.cells, cells, strict=False):
                    cell.text = text
        else:
            style = "List Bullet" if part.kind == "item" else None
            paragraph = document.add_paragraph(style=style)
            position = 0
            for match in LINK.finditer(part.text):
                paragraph.add_run(part.text[position : match.start()])
                _docx_link(paragraph, match[1], match[2])
                position = match.end()
            paragraph.add_run(part.text[position:])
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def write_report_pdf(parts: Sequence[Part], title: str = "") -> bytes:
    """Pages of 46 lines with a running header and page numbers; tables are ruled where they fit."""
    lines: list[tuple[list[str], float]] = []  # cells, size
    for part in parts:
        rows = [row.split("\t") for row in part.text.split("\n")]
        room = 88 // max(map(len, rows))
        if part.kind == "table" and max(len(c) for row in rows for c in row) < room:
            columns = max(map(len, rows))
            lines.extend((row + [""] * (columns - len(row)), 11.0) for row in rows)
        else:
            size = max(13.0, 24.0 - 3 * part.level) if part.kind == "heading" else 11.0
            lines.extend(([line], size) for line in _wrapped(part, int(88 * 11 / size)))
        lines.append(([""], 11.0))
    pages, rules = [], []
    for first in range(0, len(lines), 46):
        page = [PrintedLine("Running header of the report", y=800, size=8)]
        ruled: list[Rule] = []
        for row, (cells, size) in enumerate(lines[first : first + 46]):
            y, wide = 770 - 15.5 * row, 500 / len(cells)
            for column, text in enumerate(cells):
                if text:
                    page.append(PrintedLine(text, 53 + wide * column, y, size))
                if len(cells) > 1:
                    ruled.extend(_box(50 + wide * column, y - 4, wide, 15.5))
        page.append(PrintedLine(str(first // 46 + 1), 300, 30, 8))
        pages.append(page)
        rules.append(ruled)
    return write_pdf(pages, title=title, rules=rules)


def _wrapped(part: Part, width: int) -> list[str]:
    bullet = "• " if part.kind == "item" else ""
    text = bullet + LINK.sub(r"\1 (\2)", part.text).replace("\t", "   ")
    return [
        line
        for each in text.split("\n")
        for line in textwrap.wrap(each, width, break_long_words=False, break_on_hyphens=False)
    ]


def _box(x: float, y: float, wide: float, high: float) -> list[Rule]:
    return [
        (x, y, x + wide, y),
        (x, y + high, x + wide, y + high),
        (x, y, x, y + high),
        (x + wide, y, x + wide, y + high),
    ]


def write_zip(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files in their order, the first one stored, as books want it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, (name, content) in enumerate(files.items()):
            packing = zipfile.ZIP_DEFLATED if number else zipfile.ZIP_STORED
            archive.writestr(name, content, compress_type=packing)
    return out.getvalue()


WRITERS: Mapping[str, Callable[[Sequence[Part], str], bytes]] = {
    "md": write_txt,
    "pdf": write_report_pdf,
    "docx": write_docx,
    "odt": write_odt,
    "html": write_html,
    "epub": write_epub,
}


def _markup(parts: Sequence[Part]) -> str:
    pieces = []
    for kind, group in groupby(parts, key=lambda part: part.kind):
        members = list(group)
        if kind == "item":
            entries = "".join(f"<li>{_html_links(part.text)}</li>\n" for part in members)
            pieces.append(f"<ul>\n{entries}</ul>")
            continue
        for part in members:
            if kind == "heading":
                pieces.append(f"<h{min(part.level, 6)}>{escape(part.text)}</h{min(part.level, 6)}>")
            elif kind == "table" and "\t" in part.text:
                rows = (
                    "".join(f"<td>{escape(cell)}</td>" for cell in line.split("\t"))
                    for line in part.text.split("\n")
                )
                pieces.append("<table>" + "".join(f"<tr>{r}</tr>" for r in rows) + "</table>")
            else:
                pieces.append(f"<p>{_html_links(part.text)}</p>")
    return "\n".join(pieces)


def _html_links(text: str) -> str:
    return _linked(text, lambda shown, address: f'<a href="{address}">{shown}</a>')


def _linked(text: str, write: Callable[[str, str], str]) -> str:
    pieces = []
    position = 0
    for match in LINK.finditer(text):
        pieces.append(escape(text[position : match.start()]))
        pieces.append(write(escape(match[1]), escape(match[2])))
        position = match.end()
    return "".join([*pieces, escape(text[position:])])


def _odt_text(text: str) -> str:
    linked = _linked(
        text, lambda shown, address: f'<text:a xlink:href="{address}">{shown}</text:a>'
    )
    return linked.replace("\t", "<text:tab/>").replace("\n", "<text:line-break/>")


def _odt_item(part: Part) -> str:
    return f"<text:list-item><text:p>{_odt_text(part.text)}</text:p></text:list-item>"


def _odt_block(part: Part) -> str:
    if part.kind == "heading":
        return f'<text:h text:outline-level="{part.level}">{escape(part.text)}</text:h>'
    if part.kind == "table" and "\t" in part.text:
        rows = []
        for line in part.text.split("\n"):
            cells = "".join(
                f"<table:table-cell><text:p>{escape(cell)}</text:p></table:table-cell>"
                for cell in line.split("\t")
            )
            rows.append(f"<table:table-row>{cells}</table:table-row>")
        return f"<table:table>{''.join(rows)}</table:table>"
    return f"<text:p>{_odt_text(part.text)}</text:p>"


def _docx_link(paragraph: Paragraph, text: str, address: str) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    element = OxmlElement("w:hyperlink")
    element.set(qn("r:id"), paragraph.part.relate_to(address, kind, is_external=True))
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = text
    run.append(shown)
    element.append(run)
    paragraph._p.append(element)
