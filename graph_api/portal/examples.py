"""The examples of the SPARQL page, as data: queries of our own and the competency questions.

``sparql_examples/{name}.rq`` holds a query behind a header of comments: ``en`` and ``fr`` (titles),
``topic``, ``columns`` (in the order of the result; none for ASK, CONSTRUCT and DESCRIBE) and ``rows``
(how many there are at least, over what ships). Topics make groups, each a question that users ask.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from corpus.question import read_questions

__all__ = ["GROUPS", "Example", "examples_of", "load_examples"]

GROUPS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "who": ("actors", "europe", "research"),
        "help": ("support",),
        "where": ("territories", "events"),
        "law": ("law",),
        "money": ("money",),
        "result": ("figures", "indicators", "practices", "recommendations"),
        "words": ("vocabulary", "definitions"),
        "evidence": ("evidence", "publications"),
        "asking": ("asking",),
    }
)
"""Group to its topics, in the order of the page; any other topic belongs to the first group."""

_HEADER = re.compile(r"# (en|fr|topic|columns|rows): (.+)")


@dataclass(frozen=True, slots=True)
class Example:
    """A query that ships, with its title in each language and what its result is to look like.

    Its relative IRIs are below the base of the data. ``columns`` is empty for what is no SELECT.
    """

    name: str
    titles: Mapping[str, str]
    topic: str
    columns: tuple[str, ...]
    rows: int
    query: str

    @property
    def group(self) -> str:
        """The group of its topic."""
        found = (group for group, topics in GROUPS.items() if self.topic in topics)
        return next(found, next(iter(GROUPS)))


@cache
def load_examples() -> tuple[Example, ...]:
    """Return all examples by group, our own before the competency questions, each by its name.

    Raises:
        ValueError: a file's header lacks something; the message names it.
        QuestionError: a competency question cannot be used.
    """
    folder = files("graph_api.portal") / "sparql_examples"
    own = [
        _read(path.name.removesuffix(".rq"), path.read_text(encoding="utf-8"))
        for path in sorted(folder.iterdir(), key=lambda each: each.name)
        if path.name.endswith(".rq")
    ]
    taken = {example.name for example in own}
    asked = [
        Example(each.id, each.titles, each.topic, each.columns, 1, each.query)
        for each in read_questions()
        if each.id not in taken
    ]
    order = list(GROUPS)
    return tuple(sorted([*own, *asked], key=lambda each: order.index(each.group)))


def examples_of(base: str) -> tuple[Example, ...]:
    """Return the examples with the addresses of a site, so that they can be copied elsewhere."""
    return tuple(
        Example(
            each.name,
            each.titles,
            each.topic,
            each.columns,
            each.rows,
            re.sub(r"<((?:id|graph)/[^<>\s]*)>", rf"<{base}/\1>", each.query),
        )
        for each in load_examples()
    )


def _read(name: str, text: str) -> Example:
    lines = text.splitlines()
    said = {match[1]: match[2].strip() for line in lines if (match := _HEADER.fullmatch(line))}
    missing = [key for key in ("en", "fr", "topic", "rows") if key not in said]
    if missing:
        raise ValueError(f"the example {name} lacks {', '.join(missing)}")
    query = "\n".join(line for line in lines if not _HEADER.fullmatch(line)).strip()
    titles = {lang: said[lang] for lang in ("en", "fr")}
    columns = tuple(said.get("columns", "").split())
    return Example(name, titles, said["topic"], columns, int(said["rows"]), query)
