"""Markdown with a YAML block on top, read so that every value still knows its line.

Scalars stay strings as written: what a value means is said by the ontology, not by YAML, so that
``no``, ``2002`` or ``1e3`` are never turned into something else.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import yaml

__all__ = ["Entry", "FrontMatterError", "parse_front_matter"]

_FENCE = "---"


@dataclass(frozen=True, slots=True)
class Entry:
    """One YAML value and the 1-based line it starts at: a string, a list or a mapping of entries."""

    value: "str | list[Entry] | dict[str, Entry]"
    line: int

    def items(self) -> Iterator[tuple[str, "Entry"]]:
        """Yield the pairs of a mapping; nothing for any other value."""
        if isinstance(self.value, dict):
            yield from self.value.items()

    def get(self, key: str) -> "Entry | None":
        """Return the entry under ``key`` of a mapping, None where there is none."""
        return self.value.get(key) if isinstance(self.value, dict) else None


class FrontMatterError(Exception):
    """The front matter cannot be read. ``line`` is 1-based, ``problem`` a plain sentence."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem


def parse_front_matter(text: str) -> tuple[Entry, str, int]:
    """Return the YAML block as a mapping, the Markdown below it, and the line that starts at.

    Raises :class:`FrontMatterError` when there is no block, it is not YAML, is no mapping, or says
    one key twice.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != _FENCE:
        raise FrontMatterError(1, "the file must start with a line of three hyphens")
    fences = (n for n, line in enumerate(lines) if n and line.rstrip() == _FENCE)
    number = next(fences, None)
    if number is None:
        raise FrontMatterError(len(lines), "the front matter has no closing line of three hyphens")
    head = _compose("\n".join(lines[1:number]))
    if not isinstance(head.value, dict):
        raise FrontMatterError(2, "the front matter must be a list of “key: value” lines")
    return head, "\n".join(lines[number + 1 :]), number + 2


def _compose(block: str) -> Entry:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(block, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 2 if mark else 2
        raise FrontMatterError(line, f"not valid YAML: {error.problem or error.context}") from error
    except yaml.YAMLError as error:
        raise FrontMatterError(2, f"not valid YAML: {error}") from error
    return _convert(node, frozenset()) if node is not None else Entry({}, 2)


def _convert(node: yaml.Node, above: frozenset[int]) -> Entry:
    line = node.start_mark.line + 2  # the fence is line 1, marks count from 0
    if id(node) in above:
        raise FrontMatterError(line, "an alias refers to the value it stands in")
    inside = above | {id(node)}
    if isinstance(node, yaml.MappingNode):
        pairs: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            if key in pairs:
                raise FrontMatterError(
                    key_node.start_mark.line + 2, f"“{key}” is given twice in one place"
                )
            pairs[key] = _convert(value_node, inside)
        return Entry(pairs, line)
    if isinstance(node, yaml.SequenceNode):
        return Entry([_convert(item, inside) for item in node.value], line)
    return Entry(str(node.value), line)
