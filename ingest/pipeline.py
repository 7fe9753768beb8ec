"""The way of one document: names pass, mentions, relations, claims. Every step is pure.

``extract`` depends on the document, the Lexicon and the base of the IRIs alone, so its result can
be kept and the graph does not depend on the order in which documents came.
"""

from ingest.appositions import relate_neighbours
from ingest.claims import mention_claims, relation_claims
from ingest.document import Document
from ingest.extract.lexicon import Lexicon
from ingest.extraction import Extraction, Figure, Mention, MintedEntity
from ingest.figures import figure_claims, find_figures
from ingest.mentions import find_mentions
from ingest.minting import minted_entities
from ingest.names import DocumentNames, ResolvedNames, collect_names, resolve_names
from ingest.proposals import proposed_names
from ingest.relations import find_relations
from ingest.structured import state_relations
from ingest.templates.filling import fill_templates
from ontology.iris import Iris

__all__ = [
    "VERSION",
    "DocumentNames",
    "Extraction",
    "Figure",
    "Mention",
    "MintedEntity",
    "ResolvedNames",
    "collect_names",
    "extract",
    "resolve_names",
]

VERSION = "rules/4"
"""Names what extracted; it changes when the same input would give another result."""


def extract(document: Document, lexicon: Lexicon, iris: Iris) -> Extraction:
    """Return what ``document`` names and asserts, read with the names of ``lexicon``."""
    names = collect_names(document)
    mentions = find_mentions(document, lexicon, iris, names)
    filled = fill_templates(document)
    relations = [
        *find_relations(document, mentions, filled.sheets),
        *state_relations(document, mentions, filled, iris),
        *relate_neighbours(document, mentions, lexicon),
    ]
    figures = find_figures(document, mentions, relations, lexicon, filled.sheets, iris)
    claims = [
        *mention_claims(document, mentions, iris),
        *relation_claims(document, [r for r in relations if r.asserted]),
        *figure_claims(document, figures),
    ]
    asserted = {claim.hash for claim in claims}
    proposed = relation_claims(document, [r for r in relations if not r.asserted])
    names_alone = proposed_names(document, mentions, iris)
    return Extraction(
        document=document.sha256,
        mentions=tuple(mentions),
        claims=tuple(claims),
        figures=tuple(figures),
        candidates=(
            *(claim for claim in proposed if claim.hash not in asserted),
            *(claim for claim, _ in names_alone),
        ),
        minted=tuple(minted_entities(document, names, mentions, lexicon, iris)),
        proposed=tuple(entity for _, entity in names_alone),
    )
