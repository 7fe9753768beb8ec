"""What partners say of the same thing, under the name of each: statements told apart, never mixed with ours."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from graph_api.mappings import Mapping, clusters, near
from graph_api.partners.registry import Partner
from graph_api.portal.partner_records import RecordPart, load_record
from graph_api.services import QueryService
from ontology.iris import Iris
from ontology.model import Iri

__all__ = ["Elsewhere", "load_elsewhere", "same_here"]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A record of a partner that is the same thing; ``same`` is false where it is only much like it."""

    partner: Partner
    iri: str
    parts: tuple[RecordPart, ...]
    same: bool = True


async def load_elsewhere(
    queries: QueryService,
    iris: Iris,
    partners: Iterable[Partner],
    mappings: Collection[Mapping],
    iri: str,
    lang: str,
) -> list[Elsewhere]:
    """Return what partners say of a thing of ours, or of a record of another partner.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    same = clusters(mappings).get(iri, frozenset()) - {iri}
    wanted = [(each, True) for each in sorted(same)]
    wanted += [(each, False) for each in near(mappings, iri) if each not in same]
    if not wanted:
        return []
    known = list(partners)
    found = []
    for address, is_same in wanted:
        partner = next((each for each in known if each.owns(address)), None)
        if partner is None:
            continue
        graph = iris.graph(f"partner/{partner.id}")
        parts = await load_record(queries, graph, partner, address, lang)
        if parts:
            found.append(Elsewhere(partner, address, tuple(parts), is_same))
    return found


def same_here(mappings: Collection[Mapping], iris: Iris, iri: str) -> list[Iri]:
    """Return the entities of this site that a record is the same as."""
    same = clusters(mappings).get(iri, frozenset())
    return [Iri(each) for each in sorted(same) if iris.split(Iri(each))]
