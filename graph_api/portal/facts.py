"""The statement of a claim, in words."""

from collections.abc import Iterable
from dataclasses import dataclass

from graph_api.portal.details import Details, load_details
from graph_api.portal.display import literal_text
from graph_api.portal.labels import Text
from graph_api.services import Services
from ontology.model import Iri, Term
from ontology.vocabularies import RDF_OBJECT, RDF_PREDICATE, RDF_SUBJECT

__all__ = ["Fact", "facts_in_words"]


@dataclass(frozen=True, slots=True)
class Fact:
    """The statement that a report is about, in words."""

    subject: Text
    relation: Text
    value: Text


async def facts_in_words(services: Services, lang: str, claims: Iterable[str]) -> dict[str, Fact]:
    """Return the statements of claims that are in the graph, by the claim's name.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    nodes = {services.iris.claim(claim): claim for claim in claims if claim}
    if not nodes:
        return {}
    listed = " ".join(f"<{node}>" for node in nodes)
    rows = await services.queries.select(
        f"SELECT DISTINCT ?c ?s ?p ?o WHERE {{ VALUES ?c {{ {listed} }} GRAPH ?g {{ "
        f"?c <{RDF_SUBJECT}> ?s ; <{RDF_PREDICATE}> ?p ; <{RDF_OBJECT}> ?o }} }}"
    )
    wanted = {each for row in rows for name in "spo" if isinstance(each := row[name], Iri)}
    details = await load_details(services.queries, wanted)
    return {
        nodes[Iri(str(row["c"]))]: Fact(*(_words(row[name], details, lang) for name in "spo"))
        for row in rows
    }


def _words(term: Term, details: Details, lang: str) -> Text:
    return details.label(term, lang) if isinstance(term, Iri) else literal_text(term, lang)
