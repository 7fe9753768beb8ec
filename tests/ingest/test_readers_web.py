"""HTML and EPUB: content told from chrome, notes, and what harms."""

import pytest

from ingest.document import BlockKind
from ingest.readers import Limits, ReadError, read
from tests.ingest.report_files import Part, write_epub, write_html, write_zip

BODY = [
    Part("heading", "Un rapport"),
    *[
        Part("paragraph", f"La phrase numéro {n} du rapport dit une chose utile.")
        for n in range(40)
    ],
]


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head>{head}</head><body>{body}</body></html>".encode()


def book(body: str, **more: str) -> bytes:
    """An EPUB file with one chapter, or more by name."""
    files = {"mimetype": "application/epub+zip"}
    files["META-INF/container.xml"] = '<c><rootfile full-path="content.opf"/></c>'
    chapters = {"one": body, **more}
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>'
        for name in chapters
    )
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    files["content.opf"] = (
        '<package xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:opf="urn:opf">'
        "<dc:title>Le livre</dc:title><dc:creator>Anne Un</dc:creator>"
        "<dc:publisher>L'éditeur</dc:publisher><dc:date>2021-06-15T00:00:00Z</dc:date>"
        '<dc:date opf:event="modification">2024</dc:date><dc:rights>CC BY 4.0</dc:rights>'
        f"<manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    for name, content in chapters.items():
        files[f"{name}.xhtml"] = (
            '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops">'
            f"<body>{content}</body></html>"
        )
    return write_zip(files)


def problem(data: bytes, name: str, limits: Limits | None = None) -> str:
    with pytest.raises(ReadError) as raised:
        read(data, name, limits)
    assert raised.value.advice
    return raised.value.problem


def test_menus_and_scripts_are_no_text() -> None:
    for chrome in (False, True):
        document = read(write_html(BODY, "Un rapport en ligne", chrome=chrome), "a.html")
        assert document.reader == "html/1"
        assert "Menu entry" not in document.text
        assert "Not text" not in document.text
        assert document.text.count("La phrase numéro") == 40
        assert document.title == "Un rapport en ligne"


def test_a_page_under_another_name_is_known_by_its_beginning() -> None:
    assert read(page("<p>Du texte.</p>"), "page.php").reader == "html/1"
    assert read(page("<p>Du texte.</p>"), "page.txt").reader == "text/1"


@pytest.mark.parametrize(
    "data",
    [
        page("<p>Été à 5 €</p>"),
        "<html><head><meta charset='windows-1252'></head><p>Été à 5 €</p>".encode("cp1252"),
        "<html><meta http-equiv='x' content='text/html; charset=ISO-8859-1'><p>Été à 5 €".encode(
            "cp1252"
        ),
        "<html><p>Été à 5 €</p></html>".encode("utf-16"),
        "<?xml version='1.0' encoding='utf-8'?><html><p>Été &agrave; 5&#160;€</p></html>".encode(),
    ],
)
def test_pages_are_decoded_by_their_own_word(data: bytes) -> None:
    assert " ".join(read(data, "a.html").text.split()) == "Été à 5 €"


def test_blocks_of_html_become_blocks() -> None:
    document = read(
        page(
            "Du texte nu<br>sur deux lignes<h2>Un <em>titre</em></h2><ol start='3'><li>trois<ul>"
            "<li>dessous</li></ul></li><li><p>quatre</p><p>suite</p></li></ol>"
            "<blockquote>Une citation.</blockquote><p>m<sup>2</sup> et XX<sup>e</sup></p>"
            "<div>avant <span>dans <div>un bloc</div></span> après</div>"
            "<p hidden>Caché</p><p style='display: none'>Caché</p>"
            "<table><caption>Titre</caption><tr><th>a</th><th>b</th></tr>"
            "<tr><td>1<br>2</td><td>3</td></tr></table>"
        ),
        "a.html",
    )
    assert document.text.split("\n\n") == [
        "Du texte nu\nsur deux lignes",
        "Un titre",
        "3. trois\n  • dessous\n4. quatre",
        "suite",
        "> Une citation.",
        "m² et XXe",
        "avant dans",
        "un bloc",
        "après",
        "Titre",
        "a\tb\n1 2\t3",
    ]


def test_a_page_of_very_many_elements_is_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.readers.web._MOST_ELEMENTS", 50)
    document = read(write_html(BODY, chrome=True), "a.html")
    assert "Menu entry" in document.text
    assert "too large" in document.warnings[0]


def test_notes_are_told_from_lists() -> None:
    document = read(
        page(
            "<p>Les initiatives<sup><a href='#n1'>[1]</a></sup> sont"
            "<a class='footnote-ref' href='#n2'>2</a> là.</p><h1>Notes</h1><ol>"
            "<li id='n1'><p>La première. <a href='#r1'>↩</a></p><p>Sa suite.</p></li>"
            "<li id='n2'>2. La seconde.</li></ol>"
        ),
        "a.html",
    )
    assert document.text.split("\n\n") == [
        "Les initiatives¹ sont² là.",
        "Notes",
        "¹ La première.",
        "Sa suite.",
        "² La seconde.",
    ]
    assert [b.kind for b in document.blocks].count(BlockKind.FOOTNOTE) == 2


def test_what_a_page_says_of_itself_is_proposed() -> None:
    document = read(
        page(
            "<h1>Un rapport</h1><p>Du texte.</p><a rel='license' href='https://creativecommons.org/x'>"
            "licence</a>",
            "<title>Titre de la page</title><meta name='citation_author' content='Anne Un'>"
            "<meta property='article:published_time' content='2021-06-15T10:00'>",
        ),
        "a.html",
    )
    found = {(m.field, m.value, m.evidence) for m in document.metadata}
    assert ("title", "Titre de la page", "file property title") in found
    assert ("title", "Un rapport", "first title in the text") in found
    assert ("authors", "Anne Un", "file property citation_author") in found
    assert ("date", "2021-06-15", "file property article:published_time") in found
    assert ("rights", "https://creativecommons.org/x", "file property rel=license") in found


def test_a_book_has_its_chapters_in_reading_order() -> None:
    data = book(
        "<h1>Un</h1><p>Texte<sup><a href='notes.xhtml#n'>7</a></sup>&nbsp;!</p>"
        "<span epub:type='pagebreak'/><p>Page deux.</p>",
        two="<h1>Deux</h1><p>Fin.<br/></p>",
        notes="<aside id='n' epub:type='footnote'><p>7 La note.</p></aside>",
    )
    document = read(data, "a.epub")
    assert document.reader == "epub/1"
    assert document.text.split("\n\n") == [
        "Un", "Texte⁷\u00a0!", "Page deux.", "Deux", "Fin.", "⁷ La note.",
    ]  # fmt: skip
    assert document.pages == (0, document.text.index("Page deux"))
    assert {(m.field, m.value) for m in document.metadata} >= {
        ("title", "Le livre"),
        ("authors", "Anne Un"),
        ("publisher", "L'éditeur"),
        ("date", "2021-06-15"),
        ("rights", "CC BY 4.0"),
    }
    assert not any(m.value == "2024" for m in document.metadata)


def test_a_chapter_that_is_no_xml_is_read_as_html() -> None:
    document = read(book("<p>Du texte <br> et un <b>reste.</p>"), "a.epub")
    assert document.text == "Du texte\net un reste."
    assert "not sound XHTML" in document.warnings[0]


def test_missing_chapters_are_named() -> None:
    data = write_epub([Part("heading", "Un"), Part("paragraph", "Du texte.")])
    broken = data.replace(b"chapter 1.xhtml", b"chapter 9.xhtml")
    assert problem(broken, "a.epub") == "empty"


NESTED = "<ul><li>x" * 10_000


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (page(NESTED), "a.html", "hostile"),
        (page("<div>" * 100_000), "a.html", "hostile"),
        (page("<b>" * 5_000 + "texte"), "a.html", "hostile"),
        (page(""), "a.html", "empty"),
        (b"<html>\x00\x00\x00", "a.html", "binary"),
        (book(NESTED + "</li></ul>" * 10_000), "a.epub", "hostile"),
        (write_zip({"mimetype": "application/epub+zip"}), "a.epub", "damaged"),
        (
            write_zip({"mimetype": "application/epub+zip", "META-INF/container.xml": "<c/>"}),
            "a.epub",
            "damaged",
        ),
        (
            write_zip(
                {
                    "mimetype": "application/epub+zip",
                    "META-INF/container.xml": '<!DOCTYPE c [<!ENTITY a "b">]><c/>',
                }
            ),
            "a.epub",
            "hostile",
        ),
    ],
)
def test_bad_pages_and_books_are_refused(data: bytes, name: str, expected: str) -> None:
    assert problem(data, name) == expected


def test_protected_books_are_refused_but_not_those_with_protected_fonts() -> None:
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": '<c><rootfile full-path="content.opf"/></c>',
        "content.opf": '<p><manifest><item id="a" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '</manifest><spine><itemref idref="a"/></spine></p>',
        "a.xhtml": "<html><body><p>Du texte.</p></body></html>",
    }
    for reference in ("font.otf", "a.xhtml"):
        files["META-INF/encryption.xml"] = f'<e><CipherReference URI="{reference}"/></e>'
        data = write_zip(files)
        if reference == "a.xhtml":
            assert problem(data, "a.epub") == "encrypted"
        else:
            assert read(data, "a.epub").text == "Du texte."
