"""White zones: for a territory, which stages meet which kinds of support, and where nothing is known.

A cell holds the programmes of which sources say all three: the stage, the kind of support, and that
they are valid there. Nothing known is not nothing there: it is what a reader of the sources cannot tell.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from graph_api.guide.offers import Knowledge, Offer
from ontology.model import Iri

__all__ = ["Cell", "Coverage", "cover"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One stage and kind of support: programmes valid in the territory, and those valid who knows where."""

    known: tuple[Iri, ...] = ()
    unplaced: tuple[Iri, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """The table of one territory: ``cells`` by kind of support and stage; the rest is unknown."""

    stages: tuple[Iri, ...]
    supports: tuple[Iri, ...]
    cells: Mapping[tuple[Iri, Iri], Cell]

    def cell(self, support: Iri, stage: Iri) -> Cell:
        """What is known of a kind of support at a stage."""
        return self.cells.get((support, stage), Cell())

    def programmes(self, stage: Iri) -> frozenset[Iri]:
        """The programmes known to be valid in the territory at a stage, whatever their kind of support."""
        return frozenset(
            iri for (_, at), cell in self.cells.items() if at == stage for iri in cell.known
        )

    @property
    def unknown(self) -> int:
        """How many cells nothing is known of."""
        known = sum(1 for cell in self.cells.values() if cell.known)
        return len(self.stages) * len(self.supports) - known


def cover(
    place: Iri,
    offers: Iterable[Offer],
    knowledge: Knowledge,
    stages: tuple[Iri, ...],
    supports: tuple[Iri, ...],
) -> Coverage:
    """Sort the programmes that are not closed by kind of support and stage, for a territory.

    A programme valid in a larger territory is valid in its parts.
    """
    around = knowledge.around(place)
    known: dict[tuple[Iri, Iri], list[Iri]] = defaultdict(list)
    unplaced: dict[tuple[Iri, Iri], list[Iri]] = defaultdict(list)
    for offer in offers:
        if offer.closed or (offer.places and not offer.places & around):
            continue
        found = known if offer.places else unplaced
        for support in offer.help & set(supports):
            for stage in offer.stages & set(stages):
                found[support, stage].append(offer.iri)
    cells = {
        pair: Cell(tuple(sorted(known[pair])), tuple(sorted(unplaced[pair])))
        for pair in {*known, *unplaced}
    }
    return Coverage(stages, supports, cells)
