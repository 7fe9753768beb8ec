"""Maps: areas shaded by how much is counted in each. Outlines are those of :mod:`corpus.outlines`."""

from dataclasses import dataclass

from corpus.outlines import load_outlines
from graph_api.portal.labels import Text

__all__ = ["STEPS", "Area", "Legend", "box_of", "legend", "step_of"]

STEPS = (1, 3, 10, 30)
"""From how many things on an area is drawn darker."""

Legend = tuple[tuple[int, int], ...]
"""The lowest and highest count of each shade; -1 where it is open above."""


@dataclass(frozen=True, slots=True)
class Area:
    """One area: its outline (SVG path data), what is counted in it, where its link leads."""

    label: Text
    path: str
    count: int
    href: str

    @property
    def step(self) -> int:
        """The shade of the area."""
        return step_of(self.count)


def step_of(count: int) -> int:
    """Return the shade of an area, from 0 to the length of :data:`STEPS`."""
    return sum(count >= each for each in STEPS)


def legend() -> Legend:
    """What each shade stands for, the lightest first."""
    return tuple((low, high - 1) for low, high in zip((0, *STEPS), (*STEPS, 0), strict=True))


def box_of(area: str) -> str:
    """The ``viewBox`` of a map, with room for the lines around its areas."""
    outlines = load_outlines(area)
    return f"-2 -2 {outlines.width + 4} {outlines.height + 4}"
