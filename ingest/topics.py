"""What a pronoun, "we" or "this scheme" refers to: the sentence before, else the heading above."""

from bisect import bisect_right
from collections.abc import Sequence

from ingest.clauses import Argument, Clause
from ingest.document import SKIPPED, Block, BlockKind, Document, Section
from ingest.templates.filling import Sheet
from ontology.folding import fold_letters

__all__ = ["NEAR_HEADINGS", "Topics"]

_FAMILIES = {
    "actor": frozenset(("Actor", "Programme")),
    "programme": frozenset(("Programme",)),
    "any": frozenset(("Actor", "Programme", "Event")),
}
NEAR_HEADINGS = 2
"""How many headings above a passage say what it is: its own, and the one that holds that."""
_NAME_SHARE = 0.5
"""A heading names its topic when the name has at least this share of its letters."""


class Topics:
    """Resolves references within one document; None rather than a guess between two things."""

    def __init__(
        self, document: Document, arguments: Sequence[Argument], sheets: Sequence[Sheet] = ()
    ) -> None:
        self._document = document
        self._sheets = tuple(sheets)
        self._arguments = tuple(arguments)
        self._starts = [argument.start for argument in arguments]
        self._sentences = [
            (span, block)
            for block in document.blocks
            if block.kind not in SKIPPED and block.kind is not BlockKind.HEADING
            for span in document.sentences(block)
        ]
        self._sentence_starts = [span[0] for span, _ in self._sentences]

    def sections_at(self, offset: int) -> list[Section]:
        """Return the sections that hold ``offset``, innermost first."""
        holding = [s for s in self._document.sections if s.start <= offset < s.end]
        return sorted(holding, key=lambda section: -section.start)

    def resolve(self, kind: str, clause: Clause) -> Argument | None:
        """Return what a reference of ``kind`` in ``clause`` means, None where that is open.

        "We" and "our association" mean what the heading names. "It" means the subject of the
        sentence before, "this scheme" the one programme named there, else the heading's.
        """
        families = _FAMILIES[kind]
        if kind == "actor":
            return self._heading(clause.start, families)
        before = self._sentence_before(clause)
        if before is not None:
            inside = self._inside(*before)
            fitting = [a for a in inside if a.family in families and a.entity]
            if kind == "any":
                fitting = fitting[:1] if fitting and fitting[0] == inside[0] else []
            if len({a.entity for a in fitting}) == 1:
                return fitting[0]
            if fitting:
                return None
        return self._heading(clause.start, families)

    def _sentence_before(self, clause: Clause) -> tuple[int, int] | None:
        """Return the sentence before in the same block, or the last of the paragraph before."""
        index = bisect_right(self._sentence_starts, clause.start) - 1
        if index < 1:
            return None
        (span, block), (_, here) = self._sentences[index - 1], self._sentences[index]
        same = block == here or self._adjacent(block, here)
        return span if same else None

    def _adjacent(self, before: Block, here: Block) -> bool:
        if here.kind is not BlockKind.PARAGRAPH or before.kind is not BlockKind.PARAGRAPH:
            return False
        section = self._document.section_at(here.start)
        return section is None or section.start <= before.start

    def _heading(
        self, offset: int, families: frozenset[str], within: int | None = None
    ) -> Argument | None:
        for section in self.sections_at(offset)[:within]:
            block = self._document.block_at(section.start)
            if block is None:
                continue
            for argument in self._inside(block.start, block.end):
                printed = self._document.text[argument.start : argument.end]
                share = len(fold_letters(printed)) / max(1, len(fold_letters(section.title)))
                if argument.family in families and argument.entity and share >= _NAME_SHARE:
                    return argument
        sheet = self.sheet_at(offset)
        return sheet if sheet and sheet.family in families else None

    def sheet_at(self, offset: int) -> Argument | None:
        """Return what the title of the sheet around ``offset`` names.

        A programme in the title goes before the body that runs it ("Body (its programme)").
        """
        sheet = next((s for s in self._sheets if s.start <= offset < s.end), None)
        if sheet is None:
            return None
        inside = [a for a in self._inside(*sheet.title) if a.entity]
        programmes = [a for a in inside if a.family == "Programme"]
        fitting = [a for a in inside if a.family in ("Actor", "LegalFramework")]
        return next(iter(programmes or fitting), None)

    def of_list(
        self, offset: int, lead: tuple[int, int] | None, families: frozenset[str], *, loose: bool
    ) -> Argument | None:
        """Return what a list is about: the one thing its ``lead`` names, else the heading's.

        ``loose`` also takes the only body that a heading above names, however long the heading.
        """
        if lead is not None:
            inside = [a for a in self._inside(*lead) if a.entity and a.family in families]
            programmes = [a for a in inside if a.family == "Programme"]
            for fitting in (programmes, inside):
                if len({a.entity for a in fitting}) == 1:
                    return fitting[0]
            if inside:
                return None
        if loose:
            for section in self.sections_at(offset)[1:]:
                block = self._document.block_at(section.start)
                named = self._inside(block.start, block.end) if block else ()
                fitting = [a for a in named if a.entity and a.family in families]
                if len({a.entity for a in fitting}) == 1:
                    return fitting[0]
        return self._heading(offset, families, within=NEAR_HEADINGS)

    def _inside(self, start: int, end: int) -> tuple[Argument, ...]:
        first = bisect_right(self._starts, start - 1)
        last = bisect_right(self._starts, end - 1)
        return self._arguments[first:last]
