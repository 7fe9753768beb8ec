"""What the styles and lists of a DOCX file say of its paragraphs."""

import re
from dataclasses import dataclass

from ingest.readers.markup import Element, attribute, children, local
from ingest.readers.numbering import Counters, LevelFormat

__all__ = ["Numbering", "Styles"]

_HEADING = re.compile(r"(?:heading|titre|überschrift|título|titolo|rubrik|kop)\s*([1-9])$")
_TITLES = frozenset({"title", "titre", "document title"})
_QUOTES = frozenset({"quote", "intense quote", "citation", "citation intense", "block text"})
_DEEPEST_STYLE = 20  # styles based on styles; a longer chain is a circle
_DEEPEST_OUTLINE = 9
_FORMATS = {
    "bullet": "bullet",
    "none": "none",
    "lowerLetter": "lower-letter",
    "upperLetter": "upper-letter",
    "lowerRoman": "lower-roman",
    "upperRoman": "upper-roman",
}


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    based_on: str
    outline: int | None
    number: str | None
    depth: int | None


class Styles:
    """The paragraph styles by their identifiers."""

    def __init__(self, root: Element | None) -> None:
        self._styles: dict[str, _Style] = {}
        for style in children(root, "style"):
            properties = next(children(style, "pPr"), None)
            number, depth = _number_of(properties)
            self._styles[attribute(style, "styleId") or ""] = _Style(
                name=(_first(style, "name") or "").lower(),
                based_on=_first(style, "basedOn") or "",
                outline=_integer(_first(properties, "outlineLvl")),
                number=number,
                depth=depth,
            )

    def heading_level(self, style: str, properties: Element | None) -> int:
        """Return the level of a heading, 0 for any other paragraph."""
        own = _integer(_first(properties, "outlineLvl"))
        if own is not None:
            return own + 1 if 0 <= own < _DEEPEST_OUTLINE else 0
        for each in self._line(style):
            if each.outline is not None:
                return each.outline + 1 if 0 <= each.outline < _DEEPEST_OUTLINE else 0
            if named := _HEADING.match(each.name):
                return int(named[1])
            if each.name in _TITLES:
                return 1
        return 0

    def is_quote(self, style: str) -> bool:
        """Tell whether the style is one of quotations."""
        return any(each.name in _QUOTES for each in self._line(style))

    def numbering(self, style: str, properties: Element | None) -> tuple[str, int] | None:
        """Return the list that a paragraph belongs to and its depth there, 0 the outermost."""
        number, depth = _number_of(properties)
        for each in self._line(style):
            number = each.number if number is None else number
            depth = each.depth if depth is None else depth
        return None if number in (None, "0") else (str(number), max(0, depth or 0))

    def _line(self, style: str) -> list[_Style]:
        """Return a style and those it is based on."""
        line: list[_Style] = []
        while style in self._styles and len(line) < _DEEPEST_STYLE:
            line.append(self._styles[style])
            style = line[-1].based_on
        return line


class Numbering:
    """The lists of the file, and where their counting stands."""

    def __init__(self, root: Element | None) -> None:
        abstract = {
            attribute(each, "abstractNumId"): _levels(each)
            for each in children(root, "abstractNum")
        }
        self._lists: dict[str, tuple[str, dict[int, LevelFormat]]] = {}
        for number in children(root, "num"):
            key = _first(number, "abstractNumId") or ""
            levels = dict(abstract.get(key, {}))
            restarted = False
            for override in children(number, "lvlOverride"):
                levels |= _levels(override)
                restarted |= next(children(override, "startOverride"), None) is not None
            own = attribute(number, "numId") or ""
            # Lists of the same definition go on counting, unless one says that it restarts.
            self._lists[own] = (f"num {own}" if restarted else f"abstract {key}", levels)
        self._counters = Counters()

    def label(self, reference: tuple[str, int] | None) -> tuple[str, int]:
        """Count a paragraph of a list; return its number (``""`` for a bullet) and its depth, 1 the
        outermost and 0 for a paragraph that is in no list."""
        if reference is None or reference[0] not in self._lists:
            return "", 0
        key, levels = self._lists[reference[0]]
        level = reference[1]
        label = self._counters.next(key, level, levels)
        form = levels.get(level)
        return label, 0 if form is not None and form.style == "none" else level + 1


def _first(parent: Element | None, name: str) -> str | None:
    return attribute(next(children(parent, name), None), "val")


def _integer(raw: str | None) -> int | None:
    return int(raw) if raw is not None and re.fullmatch(r"\d{1,6}", raw, re.ASCII) else None


def _number_of(properties: Element | None) -> tuple[str | None, int | None]:
    for each in children(properties, "numPr"):
        return _first(each, "numId"), _integer(_first(each, "ilvl"))
    return None, None


def _levels(parent: Element) -> dict[int, LevelFormat]:
    levels: dict[int, LevelFormat] = {}
    for each in parent:
        if local(each) != "lvl":
            continue
        style = _first(each, "numFmt") or "decimal"
        start = _integer(_first(each, "start"))
        levels[_integer(attribute(each, "ilvl")) or 0] = LevelFormat(
            style=_FORMATS.get(style, "decimal"),
            pattern=_first(each, "lvlText") or "",
            start=1 if start is None else start,
        )
    return levels
