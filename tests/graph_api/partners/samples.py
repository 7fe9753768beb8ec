"""Files that a partner could send: fine ones, faulty ones, hostile ones."""

from collections.abc import Iterable

__all__ = ["HOSTILE", "KITCHEN", "KITCHENS", "actor", "turtle"]

_PREFIXES = """@prefix mln: <https://w3id.org/maillon/ontology#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


def actor(number: int, *, label: str = "", at: str = "https://lv.example/id/") -> str:
    """Return a record that passes; with a ``label`` in Turtle instead of its own."""
    said = label or f'"Kooperatīvs {number}"@lv , "Cooperative {number}"@en'
    return f"""<{at}actor-{number}> a mln:Actor ; skos:prefLabel {said} ;
  mln:locatedIn <https://maillon.example/id/territory/fr-reg-11> ;
  dcterms:description "Sociāls uzņēmums {number}."@lv ;
  dcterms:source <https://lv.example/page/{number}> ; dcterms:modified "2026-01-01"^^xsd:date .
"""


def turtle(records: Iterable[str]) -> bytes:
    """Return a file in Turtle."""
    return (_PREFIXES + "\n".join(records)).encode()


def _bomb() -> bytes:
    lines = ['<!ENTITY a0 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa">']
    lines += [f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)]
    return (
        f'<?xml version="1.0"?><!DOCTYPE r [{"".join(lines)}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="https://p.example/">'
        '<rdf:Description rdf:about="https://lv.example/id/a"><p:q>&a11;</p:q></rdf:Description></rdf:RDF>'
    ).encode()


_FILE = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="https://p.example/">'
    b'<rdf:Description rdf:about="https://lv.example/id/a"><p:q>&x;</p:q></rdf:Description></rdf:RDF>'
)
_DEEP = b'{"@id":"https://lv.example/id/a","https://p.example/q":' * 200_000
_DEEP_TURTLE = (
    b"<https://lv.example/id/a> <https://p.example/q> " + b"[ <https://p.example/q> " * 300_000
)

HOSTILE = {
    "bomb.rdf": (_bomb(), {"syntax", "crashed"}),
    "file.rdf": (_FILE, {"syntax"}),
    "deep.jsonld": (_DEEP, {"syntax", "crashed"}),
    "deep.ttl": (_DEEP_TURTLE, {"syntax", "crashed", "too-many"}),
    "context.jsonld": (
        b'{"@context":"http://127.0.0.1:1/c","@id":"https://lv.example/id/a"}',
        {"remote-context"},
    ),
    "import.jsonld": (
        b'{"@context":{"@version":1.1,"@import":"file:///etc/passwd"},"@id":"https://lv.example/id/a"}',
        {"remote-context", "syntax"},
    ),
    "foreign.ttl": (
        turtle(actor(n, at="https://maillon.example/id/actor/") for n in range(5)),
        {"too-bad"},
    ),
    "many.nt": (
        b"".join(b"<https://lv.example/id/%d> <https://p.example/q> '1' .\n" % n for n in range(9)),
        {"syntax"},
    ),
    "binary.ttl": (bytes(range(256)) * 1_000, {"syntax"}),
    "empty.ttl": (b"", {"empty"}),
    "picture.png": (b"\x89PNG", {"format"}),
}
"""Files that must be refused as a whole, by name, and the rules that may say so."""

KITCHEN = """# Kopienas virtuve

Nosaukums angļu valodā: A shared kitchen
Nosaukums franču valodā:
Organizācija: Biedrība “Kopgalds”
Avots: https://lv.example/virtuve
Datums: 12.03.2026

## 1. Īsumā: kāds atbalsts tiek sniegts?

Virtuve, kurā gatavo kopā.

## 2. Vajadzība

Trūkst telpu.

**Kas saņem šo atbalstu?**

- Jaunie uzņēmēji
- Bezdarbnieki

## Kas vēl?

Citas lietas.

| Rezultāti | 12 uzņēmumi |
|---|---|
| Šķēršļi | Nomas maksa |
"""
"""A practice sheet in Latvian, in Markdown."""

KITCHENS = "Nom;Besoin;Bénéficiaires;Exemple;Résultats;Date\n" + "".join(
    f"Cuisine {n};Des locaux, ligne {n};Des jeunes;La cuisine {n};{n} repas;2026-01-{n + 10}\n"
    for n in range(10)
)
"""Ten practice sheets in French, one a row."""
