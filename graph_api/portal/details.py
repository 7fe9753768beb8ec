"""What a page needs to know of the things that it refers to: label, type, summary, rights."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_api.portal.display import load_schema
from graph_api.portal.labels import Text, choose_label, choose_text, local_name
from graph_api.portal.queries import PART_TEXTS, can_be_asked, details_query
from graph_api.services import QueryService, Row
from ontology import terms as mln
from ontology.model import Iri, Literal
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    DCTERMS_TITLE,
    RDFS_LABEL,
    SKOS_PREF_LABEL,
)

__all__ = ["Details", "load_details", "read_details"]


@dataclass(frozen=True)
class Details:
    """Labels, types, summaries and rights of the things that a page refers to."""

    labels: Mapping[Iri, tuple[Literal, ...]] = field(default_factory=dict)
    types: Mapping[Iri, tuple[Iri, ...]] = field(default_factory=dict)
    summaries: Mapping[Iri, tuple[Literal, ...]] = field(default_factory=dict)
    refused: frozenset[str] = frozenset()

    def label(self, iri: Iri, lang: str) -> Text:
        """The label of something outside or inside the ontology."""
        found = choose_text(self.labels.get(iri, ()), lang)
        if found is not None:
            return found
        word = load_schema().label(iri, lang)
        return Text(word, lang) if word else choose_label(iri, (), lang)

    def summary(self, iri: Iri, lang: str) -> Text | None:
        """The short description, if there is one."""
        return choose_text(self.summaries.get(iri, ()), lang)


async def load_details(queries: QueryService, iris: Iterable[Iri]) -> Details:
    """Ask for the details of several IRIs at once; nothing is asked where there are none.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    wanted = {iri for iri in iris if can_be_asked(iri)}
    if not wanted:
        return Details()
    return read_details(await queries.select(details_query(wanted)))


def read_details(rows: Iterable[Row]) -> Details:
    """Make :class:`Details` of the rows of ``details_query``, whatever their order.

    A preferred label wins over a title, a title over an ``rdfs:label``; a part has its text.
    """
    order = (SKOS_PREF_LABEL, DCTERMS_TITLE, RDFS_LABEL, *PART_TEXTS)
    names: dict[Iri, dict[str, list[Literal]]] = {}
    types: dict[Iri, list[Iri]] = {}
    summaries: dict[Iri, list[Literal]] = {}
    refused: set[str] = set()
    for row in rows:
        subject, predicate, value = row["s"], row["p"], row["o"]
        if not isinstance(subject, Iri):
            continue
        if isinstance(value, Iri):
            types.setdefault(subject, []).append(value)
        elif predicate == DCTERMS_DESCRIPTION:
            summaries.setdefault(subject, []).append(value)
        elif predicate == mln.rights:
            if value.value == "metadata":
                refused.add(local_name(subject))
        else:
            names.setdefault(subject, {}).setdefault(str(predicate), []).append(value)
    labels = {
        subject: tuple(next(found[p] for p in order if p in found))
        for subject, found in names.items()
    }
    return Details(
        labels,
        {subject: tuple(sorted(found)) for subject, found in types.items()},
        {subject: tuple(found) for subject, found in summaries.items()},
        frozenset(refused),
    )
