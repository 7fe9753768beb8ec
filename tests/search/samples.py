"""A small index in two languages: names, entities, three documents. All texts are our own."""

from collections.abc import Iterable
from pathlib import Path

from ontology.model import Iri, LabelRole, Name
from search.build import IndexBuilder
from search.engines.base import Engine
from search.records import Record, RecordType, Rights
from search.service import SearchService

BASE = "https://maillon.example/id"
DLA = Iri(f"{BASE}/programme/dla")
AVISE = Iri(f"{BASE}/actor/avise")
SSE = Iri(f"{BASE}/concept/theme/sse")
ARTICLE_LAW = Iri(f"{BASE}/law/article-1")
ARTICLE_ACTOR = Iri(f"{BASE}/actor/article-1")
FRENCH, ENGLISH, CLOSED = "a1" * 32, "b2" * 32, "c3" * 32

NAMES = (
    Name("dispositif local d'accompagnement", "fr", DLA, "SupportScheme", LabelRole.PREFERRED),
    Name("local support scheme", "en", DLA, "SupportScheme", LabelRole.PREFERRED),
    Name("DLA", "", DLA, "SupportScheme", LabelRole.ACRONYM),
    Name("dispositiflocal", "fr", DLA, "SupportScheme", LabelRole.SPELLING),
    Name("Avise", "", AVISE, "Actor", LabelRole.PREFERRED, "capital"),
    Name("Agence de démonstration", "fr", AVISE, "Actor", LabelRole.ALTERNATIVE),
    Name("économie sociale et solidaire", "fr", SSE, "Concept", LabelRole.PREFERRED),
    Name("social and solidarity economy", "en", SSE, "Concept", LabelRole.PREFERRED),
    Name("ESS", "fr", SSE, "Concept", LabelRole.ACRONYM),
    Name("SSE", "en", SSE, "Concept", LabelRole.ACRONYM),
    Name("article 1", "fr", ARTICLE_LAW, "Article", LabelRole.PREFERRED),
    Name("Article 1", "fr", ARTICLE_ACTOR, "Association", LabelRole.PREFERRED),
)


def entity(iri: Iri, *, weight: float = 1.0, themes: tuple[str, ...] = ()) -> Record:
    labels = tuple((n.text, n.lang) for n in NAMES if n.entity == iri and n.role != "spelling")
    return Record(
        iri,
        RecordType.ENTITY,
        iri.removeprefix(f"{BASE}/").partition("/")[0],
        labels,
        summaries=(("Un résumé en français.", "fr"), ("A summary in English.", "en")),
        entity=iri,
        weight=weight,
        themes=themes,
    )


ENTITIES = (
    entity(DLA, themes=(f"{BASE}/concept/theme/support",)),
    entity(AVISE),
    entity(SSE),
    entity(ARTICLE_LAW, weight=2.0),
    entity(ARTICLE_ACTOR, weight=5.0),
)


def document(
    sha256: str,
    lang: str,
    title: str,
    texts: Iterable[str],
    *,
    rights: Rights = Rights.QUOTES,
    year: int = 2020,
    section: str = "",
    mentions: tuple[str, ...] = (),
    themes: tuple[str, ...] = (),
) -> list[Record]:
    iri = f"{BASE}/document/{sha256}"
    records = [
        Record(
            iri,
            RecordType.DOCUMENT,
            "document",
            ((title, lang),),
            lang=lang,
            document=sha256,
            year=year,
            rights=rights,
        )
    ]
    start = 0
    for number, text in enumerate(texts, 1):
        end = start + len(text)
        records.append(
            Record(
                f"{iri}/p/{start}-{end}",
                RecordType.PASSAGE,
                "passage",
                text=text,
                lang=lang,
                document=sha256,
                start=start,
                end=end,
                page=number,
                section=section,
                year=year,
                rights=rights,
                mentions=mentions,
                themes=themes,
            )
        )
        start = end + 2
    return records


DOCUMENTS = {
    FRENCH: document(
        FRENCH,
        "fr",
        "Rapport de démonstration",
        (
            "Le dispositif local d’accompagnement aide les structures à se consolider.",
            "L'Avise anime un réseau ; son avis compte auprès des collectivités.",
            "L’économie sociale et solidaire réunit associations et coopératives.",
            "Une coopérative éclaire la commune : œuvre utile, énergie partagée.",
        ),
        themes=(f"{BASE}/concept/theme/support",),
    ),
    ENGLISH: document(
        ENGLISH,
        "en",
        "Demonstration report",
        (
            "The local support scheme (DLA) advises small organisations every year.",
            "Cooperatives of the social and solidarity economy share their energy.",
        ),
        year=2023,
        section="Support",
    ),
    CLOSED: document(
        CLOSED, "fr", "Étude réservée", ("Un mot introuvable : xylophone.",), rights=Rights.METADATA
    ),
}


def build(folder: Path, engine: Engine | None = None) -> SearchService:
    """Build the sample index in a new folder and open it."""
    with IndexBuilder.create(folder, NAMES, engine) as builder:
        builder.replace_entities(ENTITIES)
        for sha256, records in DOCUMENTS.items():
            builder.replace_document(sha256, records)
        builder.commit()
    return SearchService.open(folder, engine)
