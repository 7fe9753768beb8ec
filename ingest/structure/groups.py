"""Lines that belong together: what later becomes one block."""

from dataclasses import dataclass

from ingest.document import BlockKind
from ingest.structure.contents import Contents
from ingest.structure.lines import Line, LineKind, is_finished

__all__ = ["Group", "group_lines"]

_KIND = {
    LineKind.ITEM: BlockKind.ITEM,
    LineKind.NUMBERED: BlockKind.ITEM,
    LineKind.ROW: BlockKind.TABLE,
    LineKind.FOOTNOTE: BlockKind.FOOTNOTE,
    LineKind.QUOTE: BlockKind.QUOTE,
}
_FULL_LINE = 60  # characters: a line that long was broken because the page ended, not the thought
_QUOTES = {"«": "»", "“": "”", '"': '"'}


@dataclass(slots=True)
class Group:
    """Neighbouring lines of one kind. ``kind`` and ``level`` may still change."""

    lines: list[Line]
    kind: BlockKind
    level: int = 0

    @property
    def first(self) -> Line:
        """The line that decides on the kind."""
        return self.lines[0]

    @property
    def text(self) -> str:
        """The lines, with one line break between two."""
        return self.first.text if len(self.lines) == 1 else "\n".join(x.text for x in self.lines)


def group_lines(
    lines: list[Line],
    furniture: frozenset[int],
    contents: Contents,
    typeset: dict[int, int],
) -> list[Group]:
    """Return the lines in groups: one heading, item, note, table or paragraph each.

    ``typeset`` maps the start of a line that its source prints as a heading to its level.
    """
    groups: list[Group] = []
    for position, line in enumerate(lines):
        level = 0
        if position in furniture:
            kind = BlockKind.FURNITURE
        elif position in contents.lines:
            kind = BlockKind.CONTENTS
        elif line.start in typeset:
            kind, level = BlockKind.HEADING, typeset[line.start]
        else:
            kind = _KIND.get(line.kind, BlockKind.PARAGRAPH)
            level = line.level if kind is BlockKind.ITEM else 0
        if groups and _goes_on(groups[-1], line, kind, level):
            groups[-1].lines.append(line)
        else:
            groups.append(Group([line], kind, level))
    for group in groups:
        if group.kind is BlockKind.PARAGRAPH and _is_quotation(group):
            group.kind = BlockKind.QUOTE
    return groups


def _goes_on(group: Group, line: Line, kind: BlockKind, level: int) -> bool:
    last = group.lines[-1]
    if kind is BlockKind.CONTENTS:
        return group.kind is kind
    if line.gap:
        return False
    if kind is BlockKind.HEADING:
        return group.kind is kind and group.level == level
    if kind in (BlockKind.TABLE, BlockKind.QUOTE, BlockKind.FURNITURE):
        return group.kind is kind
    if line.kind is LineKind.PLAIN or line.kind is LineKind.RULE:
        open_ = group.kind in (
            BlockKind.PARAGRAPH,
            BlockKind.ITEM,
            BlockKind.FOOTNOTE,
            BlockKind.QUOTE,
        )
        return open_ and last.kind is not LineKind.MARKED_HEADING
    # A mark in the middle of a paragraph counts unless the line before was simply broken there.
    broken = group.kind is BlockKind.PARAGRAPH and last.kind is LineKind.PLAIN
    dash_or_number = line.kind is LineKind.NUMBERED or line.text[0] in "-–—"
    return broken and dash_or_number and len(last.text) > _FULL_LINE and not is_finished(last.text)


def _is_quotation(group: Group) -> bool:
    text = group.text.strip("*_ ")
    closing = _QUOTES.get(text[:1])
    if closing is None or len(text.split()) < 6:
        return False
    return (
        text.rstrip(". ").endswith(closing) and text.find(closing, 1) >= len(text.rstrip(". ")) - 1
    )
