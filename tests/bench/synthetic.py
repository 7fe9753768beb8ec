"""A synthetic graph of a wanted size, in the shape of ours: documents with claims and passages.

A document stands for 5,000 words: about 2,400 quads, the density that ``maillon ingest`` has on real
reports (25 quads a claim with its passage and selectors, 20 claims per 1,000 words). Each has a graph
of its own; ontology, territories, themes and organisations lie in graphs of reference. The same size
always gives the same bytes.
"""

import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

__all__ = ["BASE", "QUADS_PER_DOCUMENT", "THEMES", "Territories", "document_count", "write_graph"]

BASE = "https://maillon.example"
QUADS_PER_DOCUMENT = 2_400
THEMES = 200
CLASSES = ("SupportScheme", "CallForProjects", "Fund", "Label", "Award", "Training", "Community")
REGIONS, DEPARTMENTS = 13, 100
_CLAIMS = 92
_ACTORS = 20
_PROGRAMMES = 12
_MLN = "https://w3id.org/maillon/ontology#"
_RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_OA = "http://www.w3.org/ns/oa#"
_XSD = "http://www.w3.org/2001/XMLSchema#"
_WORDS = re.findall(
    r"\w+",
    "aide atelier commune coopérative emploi énergie ferme forêt fonds habitat insertion jeunes "
    "logement mobilité numérique partage quartier réseau santé territoire transition village",
)
TYPE = f"<{_RDF}type>"
LABEL = f"<{_SKOS}prefLabel>"


class Territories:
    """A tree: country, regions, departments, communes."""

    def __init__(self, quads: int) -> None:
        self.communes = max(100, quads // 300)

    def commune(self, number: int) -> str:
        return f"com-{number % self.communes}"

    def quads(self) -> Iterator[tuple[str, str, str]]:
        yield from _territory("fr", "France", "")
        for number in range(REGIONS):
            yield from _territory(f"reg-{number}", f"Région {number}", "fr")
        for number in range(DEPARTMENTS):
            yield from _territory(f"dep-{number}", f"Dép {number}", f"reg-{number % REGIONS}")
        for number in range(self.communes):
            yield from _territory(
                f"com-{number}", f"Commune {number}", f"dep-{number % DEPARTMENTS}"
            )


def document_count(quads: int) -> int:
    """Return how many documents a graph of so many quads has."""
    return max(1, quads // QUADS_PER_DOCUMENT)


def write_graph(path: Path, quads: int) -> int:
    """Write the graph as N-Quads and return how many quads it has: ``quads`` within some percent."""
    draw = random.Random(7)  # noqa: S311 - not for secrets
    territories = Territories(quads)
    written = 0
    with path.open("w", encoding="utf-8") as out:
        for name, triples in (
            ("ontology", _ontology()),
            ("territories", territories.quads()),
            ("vocabulary/themes", _themes()),
        ):
            written += _write(out.write, name, triples)
        number = 0
        while written < quads:
            sha = f"{number:064x}"
            written += _write(
                out.write, f"document/{sha}", _document(sha, number, draw, territories)
            )
            number += 1
    return written


def _write(write: object, graph: str, triples: Iterable[tuple[str, str, str]]) -> int:
    assert callable(write)
    lines = [f"{s} {p} {o} <{BASE}/graph/{graph}> .\n" for s, p, o in triples]
    write("".join(lines))
    return len(lines)


def iri(kind: str, slug: object) -> str:
    return f"<{BASE}/id/{kind}/{slug}>"


def term(name: str) -> str:
    return f"<{_MLN}{name}>"


def typed(value: object, datatype: str) -> str:
    return f'"{value}"^^<{_XSD}{datatype}>'


def _ontology() -> Iterator[tuple[str, str, str]]:
    above = f"<{_RDFS}subClassOf>"
    for name in CLASSES:
        yield term(name), above, term("Programme")
    yield term("Programme"), above, term("Resource")
    yield term("Association"), above, term("Actor")
    yield term("Actor"), above, term("Resource")


def _territory(slug: str, name: str, whole: str) -> Iterator[tuple[str, str, str]]:
    node = iri("territory", slug)
    yield node, TYPE, term("Territory")
    yield node, LABEL, f'"{name}"@fr'
    if whole:
        yield node, term("partOf"), iri("territory", whole)


def _themes() -> Iterator[tuple[str, str, str]]:
    for number in range(THEMES):
        node = iri("concept/theme", number)
        yield node, TYPE, f"<{_SKOS}Concept>"
        yield node, LABEL, f'"thème {number}"@fr'
        yield node, LABEL, f'"theme {number}"@en'
        if number:
            yield node, f"<{_SKOS}broader>", iri("concept/theme", (number - 1) // 6)


def _document(
    sha: str, number: int, draw: random.Random, territories: Territories
) -> Iterator[tuple[str, str, str]]:
    document = iri("document", sha)
    yield document, TYPE, term("Document")
    yield document, "<http://purl.org/dc/terms/title>", f'"{_words(draw, 6)}"@fr'
    yield document, "<http://purl.org/dc/terms/issued>", typed(2005 + number % 20, "gYear")
    actors = [f"a{number * _ACTORS + n}" for n in range(_ACTORS)]
    programmes = [f"p{number * _PROGRAMMES + n}" for n in range(_PROGRAMMES)]
    for slug in actors:
        yield from _actor(slug, draw, territories)
    for slug in programmes:
        yield from _programme(slug, draw.choice(actors), draw, territories)
    pairs = draw.sample(
        [(programme, actor) for programme in programmes for actor in actors], _CLAIMS
    )
    for each, (programme, actor) in enumerate(pairs):
        subject = iri("programme", programme)
        yield from _claim(sha, number * _CLAIMS + each, subject, draw, actor)


def _named(node: str, draw: random.Random) -> Iterator[tuple[str, str, str]]:
    name = _words(draw, 3)
    yield node, LABEL, f'"{name}"@fr'
    yield node, LABEL, f'"{name} (en)"@en'


def _actor(
    slug: str, draw: random.Random, territories: Territories
) -> Iterator[tuple[str, str, str]]:
    node = iri("actor", slug)
    yield node, TYPE, term("Association")
    yield from _named(node, draw)
    place = territories.commune(draw.randrange(10**6))
    yield node, term("locatedIn"), iri("territory", place)
    yield node, term("theme"), iri("concept/theme", draw.randrange(THEMES))


def _programme(
    slug: str, provider: str, draw: random.Random, territories: Territories
) -> Iterator[tuple[str, str, str]]:
    node = iri("programme", slug)
    day = f"20{draw.randrange(10, 26)}-{draw.randrange(1, 13):02}-{draw.randrange(1, 29):02}"
    place = territories.commune(draw.randrange(10**6))
    yield node, TYPE, term(draw.choice(CLASSES))
    yield from _named(node, draw)
    yield node, term("providedBy"), iri("actor", provider)
    yield node, term("validIn"), iri("territory", place)
    yield node, term("theme"), iri("concept/theme", draw.randrange(THEMES))
    yield node, term("startDate"), typed(day, "date")
    yield node, term("budget"), typed(draw.randrange(1, 5_000) * 1_000, "integer")


def _claim(
    sha: str, number: int, subject: str, draw: random.Random, actor: str
) -> Iterator[tuple[str, str, str]]:
    claim = iri("claim", f"{number:032x}")
    start = draw.randrange(30_000)
    place = f"{sha}/p/{start}-{start + 150}-{number}"
    passage = iri("document", place)
    position, quote = (iri("document", f"{place}#{part}") for part in ("position", "quote"))
    mentions, target = term("mentions"), iri("actor", actor)
    yield subject, mentions, target
    yield claim, TYPE, term("Assertion")
    yield claim, f"<{_RDF}subject>", subject
    yield claim, f"<{_RDF}predicate>", mentions
    yield claim, f"<{_RDF}object>", target
    yield claim, term("passage"), passage
    yield claim, term("confidence"), typed(f"0.{draw.randrange(50, 99)}", "decimal")
    yield claim, term("rule"), f'"rule {number % 12}"'
    yield claim, term("reviewState"), term("unreviewed")
    yield claim, "<http://www.w3.org/ns/prov#wasGeneratedBy>", iri("document", f"{sha}/extraction")
    yield passage, TYPE, term("Passage")
    yield passage, TYPE, f"<{_OA}SpecificResource>"
    yield passage, f"<{_OA}hasSource>", iri("document", sha)
    yield passage, "<http://purl.org/dc/terms/language>", '"fr"'
    yield passage, term("section"), f'"section {number % 30}"'
    yield passage, f"<{_OA}hasSelector>", position
    yield passage, f"<{_OA}hasSelector>", quote
    yield position, TYPE, f"<{_OA}TextPositionSelector>"
    yield position, f"<{_OA}start>", typed(start, "integer")
    yield position, f"<{_OA}end>", typed(start + 150, "integer")
    yield quote, TYPE, f"<{_OA}TextQuoteSelector>"
    yield quote, f"<{_OA}exact>", f'"{_words(draw, 22)}"@fr'
    yield quote, f"<{_OA}prefix>", f'"{_words(draw, 4)}"@fr'
    yield quote, f"<{_OA}suffix>", f'"{_words(draw, 4)}"@fr'


def _words(draw: random.Random, count: int) -> str:
    return " ".join(draw.choices(_WORDS, k=count))
