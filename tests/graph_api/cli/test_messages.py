"""Messages in French: what the readers say of files, and what the command line says, all of it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from graph_api.cli import messages
from ingest.readers import read
from tests.conftest import ROOT

READERS = sorted((ROOT / "ingest" / "readers").glob("*.py"))
BUILDER = [
    ROOT / "graph_api" / "builder" / "children.py",
    ROOT / "graph_api" / "builder" / "reader_process.py",
    ROOT / "graph_api" / "cli" / "document_commands.py",
]
COMMANDS = [*(ROOT / "graph_api" / "cli").glob("*.py"), ROOT / "graph_api" / "serving.py"]
FIELD = re.compile(r"\{[^}]*\}")


def template(node: ast.expr, named: bool = False) -> str | None:
    """A text of the code with ``{}`` for each of its values; ``named`` ones may keep their names."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value if named else FIELD.sub("{}", node.value)
    if isinstance(node, ast.JoinedStr):
        parts = node.values
        return "".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in parts)
    return None


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def sentences(path: Path) -> Iterator[str]:
    """Every text that reads like a sentence, docstrings left out, wherever the code has it."""
    tree = parse(path)
    aside = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
    for whole in ast.walk(tree):
        if isinstance(whole, ast.JoinedStr):
            aside |= {id(part) for part in whole.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.expr) and id(node) not in aside:
            text = template(node)
            if text and re.match(r"[A-Z][a-z]+ .*(\.|\{\})$", text):
                yield text


def calls(path: Path) -> Iterator[tuple[str, list[ast.expr]]]:
    """Every call: the name of what is called, and the arguments."""
    for node in ast.walk(parse(path)):
        if isinstance(node, ast.Call):
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            yield name, [*node.args, *(k.value for k in node.keywords)]


def reasons(path: Path) -> Iterator[str]:
    """Texts given to what makes the error: they become part of its sentence."""
    makers = {
        node.name
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef) and ast.unparse(node.returns or node) == "ReadError"
    }
    for name, arguments in calls(path):
        if name in makers:
            yield from filter(None, map(template, arguments))


def collect() -> set[str]:
    said = {text for path in [*READERS, *BUILDER] for text in sentences(path)}
    return said | {text for path in READERS for text in reasons(path)}


def french() -> dict[str, tuple[str, str]]:
    """The catalogue by template with ``{}`` for each value."""
    with (ROOT / "graph_api" / "locales" / "fr" / "cli.po").open("rb") as file:
        entries = [m for m in read_po(file) if isinstance(m.id, str) and m.id and m.string]
    return {FIELD.sub("{}", str(m.id)): (str(m.id), str(m.string)) for m in entries}


@pytest.fixture(autouse=True)
def in_french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLON_LOCALE", "fr")


def test_the_collection_finds_what_readers_say() -> None:
    said = collect()
    assert len(said) > 60
    for known in (
        "The file is empty.",
        "Save it as DOCX.",
        "The archive holds a file that swells from {} to {} bytes, as only bombs do.",
        "The chapter {} is missing.",
        "the part {} cannot be unpacked",
        "Reading took longer than {} seconds and was stopped.",
        "There is no such file.",
    ):
        assert known in said


@pytest.mark.parametrize("said", sorted(collect()))
def test_what_readers_say_is_said_in_french(said: str) -> None:
    source, translation = french()[said]
    fields = re.findall(r"\{(\w+)", source)
    values = {field: f"‹{number}›" for number, field in enumerate(fields)}
    sentence = said
    for value in values.values():
        sentence = sentence.replace("{}", value, 1)
    # No wider template may take the sentence away from its own.
    assert messages.translate_sentence(sentence) == translation.format(**values)


def test_what_commands_tell_is_told_in_french() -> None:
    told = {
        text
        for path in COMMANDS
        for name, arguments in calls(path)
        if name in ("tell", "translate", "warn")
        and arguments
        and (text := template(arguments[0], named=True))
    }
    assert len(told) >= 15
    assert sorted(text for text in told if messages.translate(text) == text) == []


def test_the_english_catalogue_has_the_same_messages() -> None:
    ids = []
    for lang in ("fr", "en"):
        with (ROOT / "graph_api" / "locales" / lang / "cli.po").open("rb") as file:
            ids.append([m.id for m in read_po(file)])
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("sentence", "translation"),
    [
        (
            "port 80 of 127.0.0.1 needs rights; choose one above 1023 with --port",
            "le port 80 de 127.0.0.1 demande des droits ; "
            "choisissez-en un au-dessus de 1023 avec --port",
        ),
        (
            "port 8000 of ::1 is in use; choose another with --port",
            "le port 8000 de ::1 est déjà pris ; choisissez-en un autre avec --port",
        ),
        ("a.example is no address of this machine", "a.example n'est pas une adresse de ce poste"),
        (
            "the data folder /srv/x is in use by `maillon serve` (process 12)",
            "le dossier de données /srv/x est utilisé par `maillon serve` (processus 12)",
        ),
        (
            "The file has 5,001 pages; the limit is 5,000.",
            "Le fichier a 5\N{NARROW NO-BREAK SPACE}001 pages ; la limite est 5\N{NARROW NO-BREAK SPACE}000.",
        ),
        (
            "The text has 1,000,001 lines; the limit is 1,000,000.",
            "Trop grand (texte : 1\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}001 lignes) ; "
            "la limite est 1\N{NARROW NO-BREAK SPACE}000\N{NARROW NO-BREAK SPACE}000.",
        ),
        ("file property dc:creator", "propriété dc:creator du fichier"),
    ],
)
def test_sentences_with_values(sentence: str, translation: str) -> None:
    assert messages.translate_sentence(sentence) == translation


def test_the_evidence_of_every_rule_is_told_in_french() -> None:
    text = (
        "# Rapport annuel\n\nAuteurs : Jeanne Essai et Paul Test\n\nÉditeur : Maison Fictive\n\n"
        "Juin 2021\n\nPublié en mars 2020\n\n© 2021 Maison Fictive\n\nTous droits réservés\n\n"
        "Le texte est dans la langue de tous ceux qui sont ici pour une fois avec nous.\n"
    )
    document = read(text.encode(), "a.md")
    evidence = {proposal.evidence for proposal in document.metadata}
    assert len(evidence) >= 7
    assert [e for e in evidence if messages.translate_sentence(e) == e] == []
    fields = {proposal.field for proposal in document.metadata}
    assert fields == {"title", "authors", "publisher", "date", "language", "rights"}
    same = [f for f in sorted(fields) if messages.translate_sentence(f) == f]
    assert same == ["date"]  # as it is in French


def test_a_language_is_kept_where_there_is_no_translation() -> None:
    assert messages.translate_sentence("a sentence of nobody") == "a sentence of nobody"
