"""The portal's services in one process, over a small graph of our own: real engine, real index.

``sample(folder)`` builds everything, ``make_app(services)`` is the whole application over it, so that
these tests need no worker, no builder and no network.
"""

import asyncio
import hashlib
import json
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import pyoxigraph as ox
from fastapi import FastAPI

from graph_api.app import create_app
from graph_api.errors import BadQueryError, EngineDownError, MaillonError, MissingError
from graph_api.search_index import GenerationIndex
from graph_api.services import Answer, QueryRequest, Row, Services
from graph_api.settings import Settings
from graph_api.sparql.negotiation import choose
from ingest.document import Document
from ingest.emit import quads as emit
from ingest.extraction import Extraction
from ingest.readers import read
from ontology import load
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Claim, Iri, LabelRole, Literal, Name, Quad, Term, Triple
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    FOAF_HOMEPAGE,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_PREF_LABEL,
    XSD_DECIMAL,
    XSD_G_YEAR,
)
from search.build import IndexBuilder
from search.records import Record, RecordType, Rights

LONG_NAME = "Urban regions, social and solidarity economy and social innovation in the Blue Country"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
INJECTED = '<script>alert("x")</script> & <b>bold</b>'

FRENCH = """# Accompagner les projets du territoire

## Le dispositif local d'accompagnement

Le Relais du Pays bleu pilote le Tremplin local depuis 2002. Ce dispositif aide les
associations employeuses à consolider leur modèle économique.

- Un diagnostic partagé, puis un appui collectif ou individuel.
- Le Tremplin local a été créé en 2003, selon le bilan régional.

> « Nous avons gagné deux ans », dit une présidente d'association.

## Le cadre légal

La loi du 31 juillet 2014 reconnaît l'innovation sociale. Le Fonds des rives soutient le
Tremplin local à hauteur de 40 millions d'euros en 2016.
"""

ENGLISH = """# Social innovation in the Blue Country

The Blue Country Relay operates the Local Springboard. The scheme has helped 6,000 projects
since it was created in 2022.

## What could be better

Small towns wait too long for an answer. A single desk would help.
"""


class LocalAnswer:
    """A whole result, in two pieces."""

    def __init__(self, media_type: str, body: bytes, generation: int) -> None:
        self.media_type = media_type
        self.generation = generation
        self.encoding = ""
        self._body = body

    def whole(self) -> bytes | None:
        return None

    async def chunks(self) -> AsyncIterator[bytes]:
        middle = len(self._body) // 2
        yield self._body[:middle]
        yield self._body[middle:]


class LocalQueries:
    """A QueryService over one store; ``fail`` is raised instead of an answer where it is set."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store
        self.fail: MaillonError | None = None
        self.asked: list[str] = []

    @property
    def generation(self) -> int:
        return 7

    @property
    def ready(self) -> bool:
        return self.fail is None

    async def select(self, query: str) -> list[Row]:
        found = self._evaluate(query)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [
            {name: _own(value) for name in names if (value := solution[name]) is not None}
            for solution in found
        ]

    async def ask(self, query: str) -> bool:
        return bool(self._evaluate(query))

    async def run(self, request: QueryRequest) -> Answer:
        found = self._evaluate(request.query)
        if isinstance(found, ox.QueryTriples):
            media_type = choose(request.accept, list(_RDF)) or "text/turtle"
            body = ox.serialize(found, format=_RDF[media_type])
        else:
            media_type = choose(request.accept, list(_RESULTS)) or "text/csv"
            body = found.serialize(format=_RESULTS[media_type])
        assert body is not None
        return LocalAnswer(media_type, body, self.generation)

    def _evaluate(self, query: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        self.asked.append(query)
        if self.fail is not None:
            raise self.fail
        try:
            return self.store.query(query, use_default_graph_as_union=True)
        except SyntaxError as error:
            found = re.search(r"at (\d+):(\d+)", str(error))
            line, column = (int(found[1]), int(found[2])) if found else (1, 1)
            raise BadQueryError(str(error), line=line, column=column) from None


_RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}


class LocalDocuments:
    """Documents in memory, with their rights."""

    def __init__(self) -> None:
        self.held: dict[str, tuple[Document, str]] = {}

    def get(self, sha256: str) -> Document:
        if sha256 not in self.held:
            raise MissingError(f"there is no document {sha256}")
        return self.held[sha256][0]

    def rights(self, sha256: str) -> str:
        self.get(sha256)
        return self.held[sha256][1]

    def original(self, sha256: str) -> Path:
        raise MissingError(sha256)


class NoBuilder:
    """A builder that is down."""

    async def submit(self, job: dict[str, object]) -> str:
        raise EngineDownError("no builder")

    async def status(self, job_id: str) -> dict[str, object]:
        raise MissingError(job_id)


@dataclass
class Sample:
    """What tests refer to by name."""

    services: Services
    queries: LocalQueries
    documents: LocalDocuments
    french: Document
    english: Document
    paged: Document
    secret: Document


IRIS = Iris()
TREMPLIN = IRIS.entity("programme", "tremplin-local")
CRITERION = Iri(f"{TREMPLIN}#criterion-1")
RELAIS = IRIS.entity("actor", "relais-pays-bleu")
FONDS = IRIS.entity("actor", "fonds-des-rives")
LOI = IRIS.entity("law", "loi-2014-07-31")
BILAN = IRIS.entity("publication", "bilan-regional")
ETUDE = IRIS.entity("publication", "blue-country-study")
EVIL = IRIS.entity("actor", "evil")
FIGURE = IRIS.entity("figure", "tremplin-projects")
PRACTICE = IRIS.entity("practice", "guichet-unique")
THEME = IRIS.concept("themes", "habitat")


def year(value: str) -> Literal:
    return Literal(value, XSD_G_YEAR)


def sample(folder: Path, base_path: str = "", public_url: str = "") -> Sample:
    """Build the sample graph, its documents and its index in an empty folder."""
    held = LocalDocuments()
    french = read(FRENCH.encode(), "bilan.md")
    english = read(ENGLISH.encode(), "study.md")
    paged = _paged(english)
    secret = read(b"# Hidden\n\nNobody may read the Local Springboard secret here.\n", "secret.md")
    for document, rights in ((french, "full"), (english, "quotes"), (paged, "full"),
                             (secret, "metadata")):  # fmt: skip
        held.held[document.sha256] = (document, rights)
    store = ox.Store()
    add_quads(store, load.quads(IRIS))
    add_quads(store, _sheets())
    add_quads(store, _documents(french, english, paged, secret))
    queries = LocalQueries(store)
    _index(folder, french, english)
    services = Services(
        # All tests are one client; what a client may ask for is tested on an application of its own.
        settings=Settings(
            data=folder, base_path=base_path, public_url=public_url, facet_burst=10_000
        ),
        iris=IRIS,
        queries=queries,
        index=GenerationIndex(folder),
        documents=held,
        builder=NoBuilder(),
    )
    return Sample(services, queries, held, french, english, paged, secret)


def make_app(services: Services) -> FastAPI:
    """The whole application over the sample's services."""
    return create_app(services.settings, services)


class Client:
    """Asks an app without a server. Redirects are not followed; browsers' Accept by default."""

    def __init__(self, app: FastAPI, host: str = "portal.test") -> None:
        self.app = app
        self.host = host

    def get(self, path: str, accept: str = BROWSER, **headers: str) -> httpx.Response:
        return asyncio.run(self._get(path, {"accept": accept, **headers}))

    async def _get(self, path: str, headers: dict[str, str]) -> httpx.Response:
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(
            transport=transport, base_url=f"http://{self.host}", timeout=30
        ) as client:
            return await client.get(path, headers=headers)


def _own(value: object) -> Term:
    if isinstance(value, ox.NamedNode):
        return Iri(value.value)
    if isinstance(value, ox.Literal):
        return Literal(value.value, Iri(value.datatype.value), value.language)
    raise TypeError(f"no blank nodes in data graphs: {value}")


def add_quads(store: ox.Store, quads: Iterable[Quad]) -> None:
    store.bulk_extend(
        ox.Quad(
            ox.NamedNode(quad.subject),
            ox.NamedNode(quad.predicate),
            _engine_term(quad.object),
            ox.NamedNode(quad.graph),
        )
        for quad in quads
    )


def _engine_term(term: Term) -> ox.NamedNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term)
    if term.lang:
        return ox.Literal(term.value, language=term.lang)
    return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))


def _paged(document: Document) -> Document:
    """The same text as if printed on two pages."""
    cut = document.text.index("## What")
    blocks = tuple(replace(b, page=2 if b.start >= cut else 1) for b in document.blocks)
    sha256 = hashlib.sha256(b"paged").hexdigest()
    return replace(document, sha256=sha256, name="study.pdf", blocks=blocks, pages=(0, cut))


def _names(entity: Iri, cls: Iri, *labels: tuple[str, str], summary: str = "") -> list[Triple]:
    found = [Triple(entity, RDF_TYPE, cls)]
    seen: set[str] = set()
    for text, lang in labels:
        role = SKOS_ALT_LABEL if lang in seen else SKOS_PREF_LABEL
        seen.add(lang)
        found.append(Triple(entity, role, Literal(text, lang=lang)))
    if summary:
        found.append(Triple(entity, DCTERMS_DESCRIPTION, Literal(summary, lang="fr")))
    return found


def _sheets() -> list[Quad]:
    graph = IRIS.graph("corpus")
    triples = [
        *_names(TREMPLIN, mln.SupportScheme, ("Tremplin local", "fr"), ("TL", "fr"),
                ("Local Springboard", "en"), summary="Un appui aux associations employeuses."),
        *_names(RELAIS, mln.Association, ("Relais du Pays bleu", "fr"),
                ("Blue Country Relay", "en")),
        *_names(FONDS, mln.Foundation, ("Fonds des rives", "fr")),
        *_names(LOI, mln.Law, ("Loi du 31 juillet 2014", "fr"), ("Act of 31 July 2014", "en")),
        *_names(BILAN, mln.Report, ("Bilan régional", "fr")),
        *_names(ETUDE, mln.Study, (LONG_NAME, "en")),
        *_names(EVIL, mln.Company, (INJECTED, "fr"), summary=INJECTED),
        *_names(FIGURE, mln.KeyFigure, ("Projets aidés", "fr"), ("Projects helped", "en")),
        *_names(PRACTICE, mln.GoodPractice, ("Guichet unique", "fr"), ("Single desk", "en")),
        Triple(RELAIS, FOAF_HOMEPAGE, Iri("https://relais.example.org/")),
        Triple(BILAN, mln.publishedInYear, year("2021")),
        Triple(FIGURE, mln.figureOf, TREMPLIN),
        Triple(FIGURE, mln.unit, Literal("projets")),
        Triple(CRITERION, RDF_TYPE, mln.Criterion),
        Triple(CRITERION, mln.criterionText, Literal("Avoir moins de trois ans.", lang="fr")),
        Triple(CRITERION, mln.criterionText, Literal("Less than three years old.", lang="en")),
    ]  # fmt: skip
    quads = [Quad(*triple, graph) for triple in triples]
    cited: list[tuple[Iri, Iri, Term, str]] = [
        (RELAIS, mln.operates, TREMPLIN, "2.1"),
        (TREMPLIN, mln.createdInYear, year("2003"), "2.1"),
        (FIGURE, mln.value, Literal("6000", XSD_DECIMAL), "1"),
        (EVIL, mln.supports, TREMPLIN, INJECTED),
        (TREMPLIN, mln.hasCriterion, CRITERION, "2.2"),
    ]
    for number, (subject, predicate, value, place) in enumerate(cited):
        quads += _cited(f"sheet{number}", subject, predicate, value, place)
    return quads


def _cited(name: str, subject: Iri, predicate: Iri, value: Term, place: str) -> list[Quad]:
    graph, claim = IRIS.graph("corpus"), IRIS.claim(name)
    citation = Iri(f"{claim}#citation-1")
    return [
        Quad(subject, predicate, value, graph),
        Quad(claim, RDF_TYPE, mln.Assertion, graph),
        Quad(claim, RDF_SUBJECT, subject, graph),
        Quad(claim, RDF_PREDICATE, predicate, graph),
        Quad(claim, RDF_OBJECT, value, graph),
        Quad(claim, mln.citation, citation, graph),
        Quad(citation, RDF_TYPE, mln.Citation, graph),
        Quad(citation, mln.citedPublication, BILAN, graph),
        Quad(citation, mln.place, Literal(place), graph),
    ]


def _claim(
    document: Document, quote: str, subject: Iri, predicate: Iri, value: Term,
    qualifiers: tuple[tuple[Iri, Term], ...] = (),
) -> Claim:  # fmt: skip
    start = document.text.index(quote)
    passage = document.passage(start, start + len(quote))
    return Claim(subject, predicate, value, passage, "relation/test", 0.92, qualifiers)


def _documents(
    french: Document, english: Document, paged: Document, secret: Document
) -> list[Quad]:
    first = "Le Relais du Pays bleu pilote le Tremplin local depuis 2002."
    second = "Le Tremplin local a été créé en 2003, selon le bilan régional."
    third = "The scheme has helped 6,000 projects\nsince it was created in 2022."
    fourth = (
        "Le Fonds des rives soutient le\nTremplin local à hauteur de 40 millions d'euros en 2016."
    )
    law = "La loi du 31 juillet 2014 reconnaît l'innovation sociale."
    amount = ((mln.year, year("2016")), (mln.amount, Literal("40000000", XSD_DECIMAL)))
    claims = {
        french.sha256: (
            _claim(french, first, RELAIS, mln.operates, TREMPLIN),
            _claim(french, first, IRIS.document(french.sha256), mln.mentions, RELAIS),
            _claim(french, law, IRIS.document(french.sha256), mln.mentions, LOI),
            _claim(french, first, TREMPLIN, mln.createdInYear, year("2002")),
            _claim(french, fourth, FONDS, mln.funds, TREMPLIN, amount),
        ),
        english.sha256: (_claim(english, third, TREMPLIN, mln.createdInYear, year("2022")),),
        paged.sha256: (),
        secret.sha256: (
            _claim(secret, "Nobody may read", EVIL, mln.operates, TREMPLIN),
        ),
    }  # fmt: skip
    start = french.text.index(second)
    anchors = {IRIS.claim("sheet1"): [french.passage(start, start + len(second))]}
    found: list[Quad] = []
    for document, rights, publication in (
        (french, "full", BILAN), (english, "quotes", ETUDE), (paged, "full", ETUDE),
        (secret, "metadata", None),
    ):  # fmt: skip
        extraction = Extraction(document.sha256, (), claims[document.sha256], (), ())
        found += emit(
            document, extraction, IRIS, rights=rights, publication=publication,
            reviewed={claims[french.sha256][0].hash: "accepted"},
            anchors=anchors if document is french else {},
        )  # fmt: skip
        graph = IRIS.graph(f"document/{document.sha256}")
        for entity in (TREMPLIN, RELAIS, LOI) if document is french else (TREMPLIN,):
            found.append(Quad(IRIS.document(document.sha256), mln.mentions, entity, graph))
    return found


def _index(folder: Path, *documents: Document) -> None:
    names = [
        Name("Tremplin local", "fr", TREMPLIN, "SupportScheme", LabelRole.PREFERRED),
        Name("Local Springboard", "en", TREMPLIN, "SupportScheme", LabelRole.PREFERRED),
        Name("TL", "fr", TREMPLIN, "SupportScheme", LabelRole.ACRONYM),
    ]
    with IndexBuilder.create(folder / "index" / "v1", names) as builder:
        builder.replace_entities(
            [
                _entity(
                    TREMPLIN, "programme", ("Tremplin local", "fr"), ("Local Springboard", "en")
                ),
                replace(
                    _entity(RELAIS, "actor", ("Relais du Pays bleu", "fr")),
                    territories=tuple(
                        IRIS.entity("territory", slug) for slug in ("town", "region", "country")
                    ),
                    countries=("FR",),
                    reviews=("accepted",),
                ),
                _entity(FONDS, "actor", ("Fonds des rives", "fr")),
                _entity(EVIL, "actor", (INJECTED, "fr")),
            ]
        )
        for document in documents:
            builder.replace_document(document.sha256, _records(document))
        builder.commit()
    (folder / "generations").mkdir()
    current = {"generation": 7, "store": "generations/7", "index": "index/v1", "quads": 1}
    (folder / "generations" / "current.json").write_text(json.dumps(current))


def _entity(iri: Iri, kind: str, *labels: tuple[str, str]) -> Record:
    return Record(
        iri, RecordType.ENTITY, kind, labels, text=labels[0][0], lang=labels[0][1], entity=iri,
        themes=(THEME,),
    )  # fmt: skip


def _records(document: Document) -> list[Record]:
    label = ((document.title, document.lang),)
    sha256 = document.sha256
    found = [
        Record(
            IRIS.document(sha256), RecordType.DOCUMENT, "document", label, lang=document.lang,
            document=sha256, year=2021, publisher="Pays bleu",
        )
    ]  # fmt: skip
    for start, end in document.sentences():
        passage = document.passage(start, end)
        found.append(
            Record(
                IRIS.passage(sha256, start, end), RecordType.PASSAGE, "passage", label,
                text=passage.quote, lang=passage.lang, document=sha256, start=start, end=end,
                page=passage.page, section=passage.section or "", year=2021, rights=Rights.FULL,
            )
        )  # fmt: skip
    return found
