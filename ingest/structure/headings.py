"""Which groups of lines are headings, and how deep, where the text itself does not mark them."""

import re
from collections import Counter
from collections.abc import Sequence

from ingest.document import BlockKind, clean_heading
from ingest.structure.contents import Contents, title_key
from ingest.structure.groups import Group
from ingest.structure.lines import LineKind, is_all_caps, is_continuation, is_finished

__all__ = ["find_headings"]

_LONGEST = 110
_MOST_WORDS = 18
_LONGEST_ANNOUNCED = 250
_FORM_TITLE = 3  # a short line that comes back so often is a title of a form
_LONGEST_RUN = 3  # more short lines in a row are a list or an address
_LABEL = re.compile(r"[^\W\d_][\w' ]{1,24}\s?:\s")
_ADDRESS = re.compile(r"(?:^|:\s)(?:<?https?://|www\.)|(?:https?://|www\.)\S+$|\S@\S")
_BOLD = re.compile(r"(?:\*\*|__|<b>)(?P<inside>(?:(?!\*\*|__|</?b>).)+)(?:\*\*|__|</b>)$")
_QUESTION_LEVEL = 3
_FEW_MARKS = 3
_TITLE_PAGE = 3  # groups before which the first short line is the document's title
_DATE = re.compile(r"\d.*\d{4}$")


def find_headings(groups: Sequence[Group], contents: Contents, *, typeset: bool) -> None:
    """Set the kind and level of the groups that are headings.

    ``typeset`` says that the source told its headings itself (by font size): then short lines that
    nothing marks are left alone. So they are in a text whose headings have Markdown marks.
    """
    marked = sum(g.first.kind is LineKind.MARKED_HEADING for g in groups)
    plain = not typeset and marked < _FEW_MARKS
    numbered = sum(_is_numbered_title(g, contents) for g in groups)
    _take_marked(groups, contents, capitals=not plain or numbered >= _FEW_MARKS)
    if plain:
        _take_short_lines(groups)
    elif not typeset:
        _take_bold_lines(groups)


def _set(group: Group, level: int) -> None:
    group.kind, group.level = BlockKind.HEADING, max(1, min(level, 9))


def _take_marked(groups: Sequence[Group], contents: Contents, *, capitals: bool) -> None:
    """Markdown marks, section numbers, titles that the table of contents announces, capitals."""
    depth = 0
    for position, group in enumerate(groups):
        if group.kind in (BlockKind.FURNITURE, BlockKind.CONTENTS, BlockKind.FOOTNOTE):
            continue
        if group.kind is BlockKind.HEADING:  # the source said so
            depth = group.level
        elif group.first.kind is LineKind.MARKED_HEADING or _is_numbered_title(group, contents):
            depth = group.first.level
            _set(group, depth)
        elif len(group.text) <= _LONGEST_ANNOUNCED and _announced(group, contents):
            depth = contents.depths[title_key(group.text)] or depth or 1
            _set(group, depth)
        elif capitals and _is_capital_title(groups, position):
            _set(group, depth + 1 if depth else 1)


def _announced(group: Group, contents: Contents) -> bool:
    return group.kind is BlockKind.PARAGRAPH and title_key(group.text) in contents.depths


def _is_numbered_title(group: Group, contents: Contents) -> bool:
    if group.first.kind is not LineKind.NUMBERED or group.kind is not BlockKind.ITEM:
        return False
    if len(group.text) > _LONGEST_ANNOUNCED:
        return False
    if title_key(group.text) in contents.depths:
        return True
    words = clean_heading(group.text).split()
    if group.first.level < 2 or len(group.lines) > 2 or not 2 <= len(words) <= 2 * _MOST_WORDS:
        return False
    title = words[1]
    return len(title) > 2 and title[0].isupper() and not is_finished(group.text)


def _is_capital_title(groups: Sequence[Group], position: int) -> bool:
    group = groups[position]
    bare = clean_heading(group.text)
    return (
        group.kind is BlockKind.PARAGRAPH
        and len(group.lines) <= 2
        and len(bare) <= _LONGEST
        and is_all_caps(bare)
        and not is_finished(bare)
        and not _ADDRESS.search(bare)
        and not _LABEL.match(bare)
        and not (bare.startswith(("«", "“", '"')) and len(bare.split()) < 3)
        and position + 1 < len(groups)
    )


def _is_short_title(groups: Sequence[Group], position: int) -> bool:
    group = groups[position]
    if group.kind is not BlockKind.PARAGRAPH or len(group.lines) > 1 or position + 1 == len(groups):
        return False
    bare = clean_heading(group.text)
    ends_well = bare.endswith("?") or (bare[-1:] not in ",…" and not is_finished(bare))
    if len(bare) > _LONGEST or len(bare.split()) > _MOST_WORDS or not ends_well:
        return False
    if is_continuation(bare) or (not bare[:1].isalnum() and bare[:1] not in "«“\"'("):
        return False
    if (
        _DATE.match(bare)
        or _LABEL.match(bare)
        or _ADDRESS.search(bare)
        or sum(c.isalpha() for c in bare) < 4
    ):
        return False
    return not is_continuation(groups[position + 1].text)


def _take_short_lines(groups: Sequence[Group]) -> None:
    """Short lines alone before a paragraph, in a text without any mark of headings."""
    form = _Form(groups)
    position, depth, first = 0, 0, True
    while position < len(groups):
        if groups[position].kind is BlockKind.HEADING:
            depth = groups[position].level
        stop = position
        while stop < len(groups) and _is_short_title(groups, stop):
            stop += 1
        if stop == position:
            position += 1
            continue
        first = first and position <= _TITLE_PAGE
        first = first and not any(is_finished(g.text) for g in groups[:position])
        run = form.titles_in(groups[position:stop], first=first)
        for index, group in enumerate(run):
            if depth:  # a numbered text goes on below its numbers
                _set(group, depth + 1)
            elif form.sheets:
                _set(group, form.level(run, index))
            else:
                _set(group, 1 if first and index == 0 else 2)
        first = first and not run
        position = stop


class _Form:
    """Titles that come back: a sheet's (1), with its subject below (2), and its questions (3)."""

    def __init__(self, groups: Sequence[Group]) -> None:
        self.returns: Counter[str] = Counter()
        followed: Counter[str] = Counter()
        for position, group in enumerate(groups):
            if _is_short_title(groups, position):
                key = title_key(group.text)
                self.returns[key] += 1
                followed[key] += _is_short_title(groups, position + 1)
        self.sheets = frozenset(
            key
            for key, count in self.returns.items()
            if count >= _FORM_TITLE and followed[key] * 2 > count
        )

    def _comes_back(self, group: Group) -> bool:
        return self.returns[title_key(group.text)] >= _FORM_TITLE

    def _is_sheet(self, group: Group) -> bool:
        key = title_key(group.text)
        return key in self.sheets or any(key.startswith(f"{sheet} ") for sheet in self.sheets)

    def titles_in(self, run: Sequence[Group], *, first: bool) -> list[Group]:
        """Return the titles of a run of short lines; the others are a list, an address, an answer."""
        if len(run) > _LONGEST_RUN:
            return [
                g
                for index, g in enumerate(run)
                if self._comes_back(g)
                or (index == 0 and first)
                or (index and self._is_sheet(run[index - 1]))
            ]
        return [
            g
            for index, g in enumerate(run)
            if index == 0
            or self._comes_back(g)
            or self._is_sheet(run[index - 1])
            or not self._comes_back(run[index - 1])  # else: a question and its short answer
        ]

    def level(self, run: Sequence[Group], index: int) -> int:
        """Return the level of a title in a text of sheets."""
        if self._is_sheet(run[index]):
            return 1
        return 2 if index and self._is_sheet(run[index - 1]) else _QUESTION_LEVEL


def _take_bold_lines(groups: Sequence[Group]) -> None:
    """A bold line alone before a paragraph, in a text with Markdown marks: below the last one."""
    depth = 1
    for position, group in enumerate(groups):
        if group.kind is BlockKind.HEADING:
            depth = group.level
            continue
        bold = _BOLD.match(group.text) if len(group.lines) == 1 else None
        if (
            bold
            and _is_short_title(groups, position)
            and groups[position + 1].kind
            in (
                BlockKind.PARAGRAPH,
                BlockKind.ITEM,
            )
        ):
            group.kind, group.level = BlockKind.HEADING, min(depth + 1, 9)
