"""From bare text to blocks: which lines are headings, items, tables, notes, contents, furniture;
and what the text says of itself."""

from ingest.structure.blocks import Structure, segment
from ingest.structure.metadata import propose_metadata

__all__ = ["Structure", "propose_metadata", "segment"]
