"""Practice sheets in DOCX, Markdown and CSV become statements of the partner that sent them."""

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from corpus.practice_sheet import load_practice_form
from graph_api.cli import cli
from graph_api.partners.practice_entries import entries_of
from graph_api.partners.practice_sheets import SheetOrigin, read_practices
from graph_api.partners.rules import REFUSALS, Finding, Refusal, in_words
from ontology import terms as mln
from ontology.vocabularies import DCTERMS_MODIFIED, DCTERMS_SOURCE, SKOS_PREF_LABEL
from tests.graph_api.partners.samples import KITCHEN, KITCHENS
from tests.ingest.report_files import Part, write_docx

ORIGIN = SheetOrigin(("https://lv.example/id/",), ("lv", "en"), "https://maillon.example")
RECORD = "https://lv.example/id/practice/kopienas-virtuve"


def read(
    data: bytes | str, syntax: str = "md", origin: SheetOrigin = ORIGIN
) -> tuple[dict[tuple[str, str], set[str]], list[Finding]]:
    triples, notes = read_practices(
        data.encode() if isinstance(data, str) else data, syntax, origin, 1_000_000
    )
    said: dict[tuple[str, str], set[str]] = {}
    for triple in triples:
        assert isinstance(triple.subject, ox.NamedNode)
        key = triple.subject.value, triple.predicate.value
        said.setdefault(key, set()).add(str(triple.object))
    return said, notes


def test_a_sheet_in_markdown_says_who_what_and_when() -> None:
    said, notes = read(KITCHEN)
    assert said[RECORD, SKOS_PREF_LABEL] == {'"Kopienas virtuve"@lv', '"A shared kitchen"@en'}
    assert said[RECORD, DCTERMS_SOURCE] == {"<https://lv.example/virtuve>"}
    assert "2026-03-12" in said[RECORD, DCTERMS_MODIFIED].pop()
    assert len(said[RECORD, mln.hasPracticePart]) == 5
    question = "<https://maillon.example/id/concept/practice-questions/recipients>"
    assert said[f"{RECORD}#recipients", mln.question] == {question}
    assert said[f"{RECORD}#recipients", mln.answer] == {'"- Jaunie uzņēmēji\\n- Bezdarbnieki"@lv'}
    assert said[f"{RECORD}#outcomes", mln.answer] == {'"12 uzņēmumi"@lv'}  # from a table
    (unread, unanswered) = notes
    assert (unread.rule, unread.severity) == ("unread", "warning")
    assert "line 22" in unread.message("en")
    assert unanswered.message("fr") == "Questions sans réponse\u00a0: 4, 5, 6, 7, 8, 10, 11."


def test_a_sheet_in_docx_says_the_same() -> None:
    rows = [
        Part("heading", "Kopienas virtuve", 1),
        Part("paragraph", "Nosaukums angļu valodā: A shared kitchen"),
        Part("paragraph", "Avots: https://lv.example/virtuve"),
        Part("paragraph", "Datums: 2026-03-12"),
        Part("paragraph", "Organizācija: Biedrība “Kopgalds”"),
        Part("table", "Īsumā\tVirtuve, kurā gatavo kopā.\nVajadzība\tTrūkst telpu."),
        Part("heading", "3. Kas saņem šo atbalstu?", 2),
        Part("item", "Jaunie uzņēmēji"),
        Part("item", "Bezdarbnieki"),
        Part("paragraph", "Rezultāti"),
        Part("paragraph", "12 uzņēmumi"),
        Part("heading", "Šķēršļi", 2),
        Part("paragraph", "Nomas maksa"),
    ]
    said, notes = read(write_docx(rows), "docx")
    expected, _ = read(KITCHEN)
    answers = {key: value for key, value in expected.items() if key[1] == mln.answer}
    same = {key: value for key, value in said.items() if key[1] == mln.answer}
    assert same.keys() == answers.keys()
    assert same[f"{RECORD}#outcomes", mln.answer] == answers[f"{RECORD}#outcomes", mln.answer]
    for predicate in (SKOS_PREF_LABEL, DCTERMS_SOURCE, DCTERMS_MODIFIED):
        assert said[RECORD, predicate] == expected[RECORD, predicate]
    assert [note.rule for note in notes] == ["unanswered"]


def test_a_table_has_a_practice_in_each_row() -> None:
    said, _ = read(KITCHENS, "csv")
    names = {subject for subject, predicate in said if predicate == SKOS_PREF_LABEL}
    assert len(names) == 10
    first = "https://lv.example/id/practice/cuisine-0"
    assert said[f"{first}#need", mln.answer] == {'"Des locaux, ligne 0"@fr'}
    assert said[first, DCTERMS_SOURCE].pop().startswith("<ni:///sha-256;")


def test_a_table_may_have_a_question_in_each_row() -> None:
    rows = "Naam;Deelkeuken\nIn het kort;Samen koken\nBehoefte;Ruimte\nOntvangers;Starters\nResultaten;Tien"
    said, _ = read(rows, "csv")
    record = "https://lv.example/id/practice/deelkeuken"
    assert said[record, SKOS_PREF_LABEL] == {'"Deelkeuken"@nl'}
    assert said[f"{record}#recipients", mln.answer] == {'"Starters"@nl'}


def test_names_in_other_scripts_and_prefixes_with_a_hash_have_addresses() -> None:
    greek = "Όνομα,Κοινή κουζίνα\nΑνάγκη,Χώρος\nΑποδέκτες,Νέοι\nΠαράδειγμα,Ένα\nΑποτελέσματα,Δέκα"
    origin = SheetOrigin(("https://el.example/data#",), ("el",), "https://maillon.example")
    said, _ = read(greek, "csv", origin)
    (record,) = {subject for subject, predicate in said if predicate == SKOS_PREF_LABEL}
    assert record.startswith("https://el.example/data#practice-")
    assert len(record.rpartition("-")[2]) == 16
    assert said[f"{record}-need", mln.answer] == {'"Χώρος"@el'}


@pytest.mark.parametrize(
    ("data", "syntax", "rule", "words"),
    [
        ("# Ein Bericht\n\nNur Text.", "md", "no-sheet", "0 of the twelve questions"),
        ("Behov,a\nEksempel,b\nModtagere,c\nFinansiering,d", "csv", "no-sheet", "has no name"),
        (KITCHEN + "\n## Vajadzība\n\nVēl viena.", "md", "no-sheet", "answered twice"),
        (KITCHENS + KITCHENS.splitlines()[1], "csv", "no-sheet", "have the same name"),
        ("", "csv", "empty", "says nothing"),
        ("", "md", "syntax", "cannot be read"),
        (b"PK\x03\x04 no archive", "docx", "syntax", "cannot be read"),
        (b"\x00\x01\x02", "csv", "syntax", "cannot be read"),
    ],
)
def test_what_is_no_sheet_is_refused_with_its_reason(
    data: bytes | str, syntax: str, rule: str, words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        read(data, syntax)
    assert refused.value.rule == rule in REFUSALS
    assert words in refused.value.detail
    assert in_words(refused.value.detail)["fr"] != refused.value.detail


def test_what_cannot_be_read_in_a_sheet_is_told_and_not_quoted() -> None:
    sheet = KITCHEN.replace("12.03.2026", "pavasarī").replace("https://lv", "lv")
    said, notes = read(sheet)
    assert [note.rule for note in notes] == ["unread", "no-date", "no-source", "unanswered"]
    assert said[RECORD, DCTERMS_SOURCE].pop().startswith("<ni:///sha-256;")
    told = "".join(note.message(lang) for note in notes for lang in ("fr", "en"))
    assert not any(word in told for word in ("pavasarī", "Kas vēl", "lv.example"))
    assert all(note.message("fr") != note.message("en") for note in notes)


def test_text_before_any_heading_is_told() -> None:
    entries = entries_of(b"Just a word.\n\n# Title\n", "md", load_practice_form(), 1_000)
    assert [(entry.heading, entry.text) for entry in entries[0]] == [
        ("", "Just a word."),
        ("Title", ""),
    ]


def test_an_empty_sheet_is_printed_in_any_language() -> None:
    done = CliRunner().invoke(cli, ["partner", "sheet", "el"])
    assert (done.exit_code, done.output.count("\n## ")) == (0, 12)
    assert CliRunner().invoke(cli, ["partner", "sheet", "xx"]).exit_code == 1
