"""Units of a document that people cite: numbered propositions, levers, actions, indicators.

Their forms are data (``ingest/templates/units.yaml``). A unit is the block that opens it with the
items that belong to it; which names stand in it is no matter here.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.document import Block, BlockKind, Document
from ingest.sentences import skip_marker
from ingest.templates import Units, load_templates

__all__ = ["Unit", "find_units"]

_SKIPPED = (BlockKind.CONTENTS, BlockKind.FURNITURE, BlockKind.FOOTNOTE)
_TITLE_END = re.compile(r"\n|(?<=[^\d\W])[.;:](?=\s|\Z)|[*_]+[.;:]|[.;:][*_]+")
_LONGEST_TITLE = 200
_FEWEST_ITEMS = 2


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: ``kind`` is its template's, ``number`` as printed or counted, ``title`` its first words.

    ``text[start:end]`` is the whole of it, from its first block to the end of its last item.
    """

    kind: str
    number: str
    title: str
    start: int
    end: int


def find_units(document: Document) -> tuple[Unit, ...]:
    """Return the units of ``document`` in the order of the text; a block opens one unit at most."""
    blocks = [block for block in document.blocks if block.kind not in _SKIPPED]
    templates = [each for each in load_templates() if isinstance(each, Units)]
    found: dict[int, Unit] = {}
    for unit in _numbered(document, blocks, templates):
        found.setdefault(unit.start, unit)
    for unit in _listed(document, blocks, templates):
        found.setdefault(unit.start, unit)
    return tuple(found[start] for start in sorted(found))


def _numbered(
    document: Document, blocks: Sequence[Block], templates: Sequence[Units]
) -> Iterator[Unit]:
    for index, block in enumerate(blocks):
        begin = skip_marker(document.text, block.start, block.end)
        for template in templates:
            match = template.label and template.label.match(document.text, begin, block.end)
            if match:
                yield _unit(document, blocks, index, template.unit, match["number"], match.end())
                break


def _listed(
    document: Document, blocks: Sequence[Block], templates: Sequence[Units]
) -> Iterator[Unit]:
    """Yield the outermost items of the lists below a heading, or behind a colon, that names units."""
    template: Units | None = None
    items: list[int] = []
    for index, block in enumerate([*blocks, None]):
        if block is not None and block.kind is BlockKind.ITEM:
            items.append(index)
            continue
        if template is not None:
            yield from _items(document, blocks, items, template.unit)
            template = None if items else template
        items = []
        if block is None:
            return
        said = document.text[block.start : block.end]
        if block.kind is BlockKind.HEADING or said.rstrip("*_ \n").endswith(":"):
            template = next((t for t in templates if t.under and t.under.search(said)), None)


def _items(
    document: Document, blocks: Sequence[Block], items: Sequence[int], kind: str
) -> Iterator[Unit]:
    outermost = min((blocks[i].level for i in items), default=0)
    tops = [i for i in items if blocks[i].level == outermost]
    if len(tops) < _FEWEST_ITEMS:
        return
    for number, index in enumerate(tops, start=1):
        start = skip_marker(document.text, blocks[index].start, blocks[index].end)
        yield _unit(document, blocks, index, kind, str(number), start)


def _unit(
    document: Document, blocks: Sequence[Block], index: int, kind: str, number: str, title: int
) -> Unit:
    """The unit that a block opens, with the items behind it that are its own."""
    first = last = blocks[index]
    for block in blocks[index + 1 :]:
        deeper = first.kind is not BlockKind.ITEM or block.level > first.level
        if block.kind is not BlockKind.ITEM or not deeper:
            break
        last = block
    text = document.text[title : min(first.end, title + _LONGEST_TITLE)].lstrip("*_ :–—-")
    end = _TITLE_END.search(text)
    words = " ".join(text[: end.start() if end else len(text)].replace("*", "").split())
    return Unit(kind, number, words, first.start, last.end)
