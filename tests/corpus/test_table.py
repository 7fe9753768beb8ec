"""Tables as spreadsheets save them: good rows become sheets, bad ones are named by their line."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.sheet import Sheet
from corpus.table import KnownNames, TableError, TableReading, read_table, slug_of
from corpus.table_form import form_names, load_form
from corpus.values import Reference
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Literal, Name
from ontology.schema import Schema
from ontology.vocabularies import FOAF_HOMEPAGE, XSD_DATE, XSD_DECIMAL

IRIS = Iris()
PLACES = ("Toulouse", "Lille", "Saint-Denis")


def names() -> Iterator[Name]:
    def named(text: str, path: str, cls: str) -> Name:
        kind, _, rest = path.partition("/")
        scheme, _, slug = rest.partition("/")
        iri = IRIS.concept(scheme, slug) if kind == "concept" else IRIS.entity(kind, rest)
        return Name(text, "fr", iri, cls, LabelRole.PREFERRED)

    for place in PLACES:
        yield named(place, f"territory/{slug_of(place)}", "Commune")
    yield named("Saint-Denis", "territory/saint-denis-974", "Commune")
    yield named("conseil et accompagnement", "concept/support-types/advisory", "Concept")
    yield named("financement", "concept/support-types/financing", "Concept")
    yield named("incubateur", "concept/actor-roles/incubator", "Concept")
    yield named("Le Phare", "actor/le-phare", "Actor")


KNOWN = KnownNames(names(), IRIS)


def read(text: str | bytes, form: str = "structures") -> TableReading:
    data = text if isinstance(text, bytes) else text.encode()
    return read_table(data, load_form(form), "essai", "Essai", KNOWN)


def values(sheet: Sheet, predicate: Iri) -> list[object]:
    return [fact.value for fact in sheet.facts if fact.predicate == predicate]


@pytest.mark.parametrize("form", form_names())
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_header_of_a_template_is_understood(form: str, lang: str) -> None:
    headers = load_form(form).template(lang)
    assert len(headers) == len(set(headers))
    keys = [column.key for header in headers if (column := load_form(form).column_of(header))]
    assert keys == [column.key for column in load_form(form).columns]


@pytest.mark.parametrize("form", form_names())
def test_forms_name_classes_properties_and_schemes_that_exist(form: str) -> None:
    schema = Schema.load()
    found = load_form(form)
    assert schema.class_named(found.cls).kind == found.kind
    for column in found.columns:
        for cls in (column.classes or {}).values():
            assert schema.is_a(cls, found.cls)
        if column.predicate is not None and column.predicate != FOAF_HOMEPAGE:
            assert schema.accepts(column.predicate, found.cls, side="domain"), column.key


def test_a_row_becomes_a_sheet_whose_facts_cite_the_row() -> None:
    reading = read("nom;ville;appuis\nLe Port;Toulouse;conseil et accompagnement | financement\n")
    source, sheet = reading.sheets
    assert (source.path, source.labels["fr"]) == ("publication/table-essai", "Essai")
    assert (sheet.path, sheet.cls, sheet.labels["en"]) == ("actor/le-port", "Actor", "Le Port")
    assert values(sheet, mln.locatedIn) == [Reference("territory/toulouse")]
    assert values(sheet, mln.offersSupportType) == [
        Reference("concept/support-types/advisory"),
        Reference("concept/support-types/financing"),
    ]
    for fact in sheet.facts:
        (citation,) = fact.citations
        assert (citation.publication, citation.place) == ("table-essai", "2")


@pytest.mark.parametrize(
    "data",
    [
        b"nom;ville\nLe Port;Toulouse\n",
        "\ufeffnom;ville\r\nLe Port;Toulouse\r\n".encode(),
        b"nom,ville\nLe Port,Toulouse\n",
        b"nom\tville\nLe Port\tToulouse\n",
        b'nom;ville\n"Le Port";"Toulouse"\n',
        b"Nom de la structure;VILLE\n  Le  Port ; toulouse \n",
        "nom;ville\nLe Port;Toulouse\n".encode("utf-16"),
        b"\nnom;ville\n\nLe Port;Toulouse\n;\n\n",
    ],
)
def test_quirks_of_spreadsheets_make_no_difference(data: bytes) -> None:
    reading = read(data)
    assert [sheet.path for sheet in reading.sheets[1:]] == ["actor/le-port"]
    assert values(reading.sheets[1], mln.locatedIn) == [Reference("territory/toulouse")]
    assert reading.problems == ()


def test_latin_1_is_read_and_told() -> None:
    reading = read("nom;description\nLe Phare bleuté;Été comme hiver\n".encode("cp1252"))
    assert reading.sheets[1].labels["fr"] == "Le Phare bleuté"
    assert "Latin-1" in reading.notes[0].sentence


def test_a_cell_over_several_lines_keeps_the_line_numbers() -> None:
    reading = read('nom;description\n"Un";"a\nb"\n;x\nDeux;y\n')
    assert [problem.line for problem in reading.problems] == [4]
    assert [sheet.slug for sheet in reading.sheets[1:]] == ["un", "deux"]


def test_bad_rows_are_named_and_cost_no_other() -> None:
    lines = ["nom;ville;site;annee de creation;type"]
    lines += [f"Structure {n};Toulouse;s{n}.example;2010;association" for n in range(129)]
    lines[5] = "Structure 4;Atlantis;;;"
    lines[60] = ";Lille;;;"
    lines[100] = "Structure 99;Lille;pas une adresse;;"
    reading = read("\n".join(lines))
    assert (reading.rows, len(reading.sheets) - 1) == (129, 126)
    assert [(p.line, p.sentence) for p in reading.problems] == [
        (6, "“Atlantis” (territoire) is not known"),
        (61, "“nom” is empty"),
        (101, "“pas une adresse” is no web address"),
    ]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("A;Saint-Denis;;;", "could be territory/saint-denis, territory/saint-denis-974"),
        ("A;;javascript:alert(1);;", "no web address"),
        ("A;;http://[;;", "no web address"),
        ("A;;;88;", "no year"),
        ("A;;;;zorg", "the type “zorg” is unknown"),
        ("???;;;;", "is no name"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(line: str, said: str) -> None:
    (problem,) = read(f"nom;ville;site;annee de creation;type\n{line}\n").problems
    assert said in problem.sentence


def test_a_name_that_stands_twice_is_told() -> None:
    reading = read("nom\nLe Port\nLe port\n")
    assert [p.line for p in reading.problems] == [3]
    assert "line 2" in reading.problems[0].sentence


@pytest.mark.parametrize(
    "data",
    [b"", b"\n\n", b"nom\n", b"\x00\x01\x02PK", b"ville\nToulouse\n", b"nom;name\na;b\n"],
)
def test_a_table_that_cannot_be_used_is_refused(data: bytes) -> None:
    with pytest.raises(TableError):
        read(data)


def test_a_column_that_nobody_reads_is_told() -> None:
    assert "“Zorg”" in read("nom;Zorg\nA;b\n").notes[0].sentence


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("20/05/2026", "2026-05-20"), ("2026-05-20", "2026-05-20"), ("1.2.2026", "2026-02-01"),
        ("2026-05", "2026-05"), ("2026", "2026"),
    ],
)  # fmt: skip
def test_dates_as_french_and_english_sheets_write_them(text: str, value: str) -> None:
    reading = read(f"nom;date limite\nUn appel;{text}\n", "calls")
    (closes,) = values(reading.sheets[1], mln.closesOn)
    assert isinstance(closes, Literal)
    assert closes.value == value


@pytest.mark.parametrize("text", ["31/02/2026", "soon", "2026-13-01", "20-05-2026"])
def test_what_is_no_date_is_told(text: str) -> None:
    (problem,) = read(f"nom;date limite\nUn appel;{text}\n", "calls").problems
    assert "is no date" in problem.sentence


def test_a_call_that_closes_before_it_opens_is_wrong() -> None:
    (problem,) = read("nom;ouverture;clôture\nA;2026-06-01;2026-05-01\n", "calls").problems
    assert "comes after" in problem.sentence
    assert read("nom;ouverture;clôture\nA;2026-06;2026-06-30\n", "calls").problems == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 234,5", "1234.5"), ("1.234,5", "1234.5"), ("1234.5", "1234.5"), ("12", "12"),
        ("10 000 €", "10000"), ("1,234,567", "1234567"), ("0,5", "0.5"),
    ],
)  # fmt: skip
def test_numbers_with_a_decimal_comma(text: str, value: str) -> None:
    reading = read(f'nom;montant\nUn appel;"{text}"\n', "calls")
    assert values(reading.sheets[1], mln.maximumAmount) == [Literal(value, XSD_DECIMAL)]


@pytest.mark.parametrize("text", ["1,234", "many", "1e5", "--1"])
def test_numbers_that_may_mean_two_things_are_asked_back(text: str) -> None:
    assert len(read(f'nom;montant\nUn appel;"{text}"\n', "calls").problems) == 1


def test_events_and_organisers() -> None:
    reading = read("titre;date;organisateur\nLa Rencontre;20/05/2026;Le Phare\n", "events")
    sheet = reading.sheets[1]
    assert (sheet.kind, sheet.cls) == ("event", "Event")
    assert values(sheet, mln.organisedBy) == [Reference("actor/le-phare")]
    assert values(sheet, mln.startsOn) == [Literal("2026-05-20", XSD_DATE)]


def test_the_same_table_says_the_same_twice_and_in_any_place() -> None:
    text = "nom;ville\nLe Port;Toulouse\nLe Quai;Lille\n"
    assert read(text) == read(text)
    quads = [set(sheet.quads(IRIS)) for sheet in read(text).sheets[1:]]
    assert all(quads)


@given(st.binary(max_size=400))
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    try:
        reading = read(data)
    except TableError:
        return
    assert len(reading.sheets) - 1 + len(reading.problems) == reading.rows


@given(st.text(alphabet="ab;,\t\n\"'é|/", max_size=80))
def test_no_cells_raise_anything_else(text: str) -> None:
    try:
        reading = read("nom;ville;site\n" + text)
    except TableError:
        return
    assert len(reading.sheets) - 1 + len(reading.problems) == reading.rows
