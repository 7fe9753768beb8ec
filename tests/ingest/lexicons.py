"""A small invented world: names, a Lexicon and documents made of a few sentences."""

from ingest.document import Document
from ingest.extract.classes import kind_of
from ingest.extract.lexicon import Lexicon
from ingest.pipeline import Extraction, collect_names, extract, resolve_names
from ingest.readers import read
from ontology.folding import slugify
from ontology.iris import Iris
from ontology.model import Claim, Iri, LabelRole, Literal, Name

IRIS = Iris("https://example.test")


def name(
    text: str,
    cls: str = "Actor",
    slug: str = "",
    lang: str = "",
    role: LabelRole = LabelRole.PREFERRED,
    context: str = "",
) -> Name:
    return Name(text, lang, entity(cls, slug or slugify(text)), cls, role, context)


def entity(cls: str, slug: str) -> Iri:
    return IRIS.entity(kind_of(cls), slug)


WORLD = Lexicon(
    [
        name("Arpège", "Association"),
        name("Fondation Tilleul", "Foundation"),
        name("Banque des Rives", "PublicBody"),
        name("Réseau Galet", "Network"),
        name("Ruche aux projets", "SupportScheme", lang="fr"),
        name("Project Hive", "SupportScheme", "ruche-aux-projets", "en"),
        name("RAP", "SupportScheme", "ruche-aux-projets", role=LabelRole.ACRONYM),
        name("Fonds Brindille", "Fund"),
        name("Élan rural", "Programme"),
        name("Prix Méandre", "Award"),
        name("Schéma local d'achats partagés", "Plan", "slap", "fr"),
        name("SLAP", "Plan", "slap", role=LabelRole.ACRONYM),
        name("Brumeval", "Commune"),
        name("Loire", "Department"),
        name("Haute-Loire", "Department"),
        name("Loi n° 2011-123 du 4 mars 2011 relative à l'entraide", "Law", "loi-entraide", "fr"),
        name("loi Entraide", "Law", "loi-entraide", "fr", LabelRole.SHORT),
    ]
)


def document(text: str, file_name: str = "note.md") -> Document:
    """Read ``text`` as Markdown, as the pipeline gets it."""
    return read(text.encode(), file_name)


def extracted(text: str, lexicon: Lexicon = WORLD, file_name: str = "note.md") -> Extraction:
    """Run both passes over one text."""
    read_text = document(text, file_name)
    resolved = resolve_names({read_text.sha256: collect_names(read_text)}, lexicon, IRIS)
    names = resolved.everywhere | resolved.in_document[read_text.sha256]
    return extract(read_text, lexicon.with_names(names), IRIS)


def facts(text: str, lexicon: Lexicon = WORLD) -> set[tuple[str, str, str]]:
    """Return what a text asserts but mentions, as (subject slug, predicate, object slug or value)."""
    return {
        said for claim in extracted(text, lexicon).claims if (said := fact(claim))[1] != "mentions"
    }


def fact(claim: Claim) -> tuple[str, str, str]:
    value = claim.object
    shown = value.value if isinstance(value, Literal) else value.rpartition("/")[2]
    return claim.subject.rpartition("/")[2], claim.predicate.rpartition("#")[2], shown
