"""Themes: what is about each of them and about narrower ones, as a tree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from graph_api.guide.offers import Knowledge
from graph_api.portal.queries import reference, things_filter
from graph_api.services import Row
from ontology import terms as mln
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri

__all__ = [
    "ABOUT",
    "SCHEME",
    "About",
    "Branch",
    "about_query",
    "about_theme",
    "read_about",
    "see_theme",
    "see_themes",
    "theme_tree",
]

SCHEME = "themes"

ABOUT = ("programme", "practice", "actor", "law", "publication", "event")
"""Kinds of things that have themes, in the order of a theme's page."""

About = Mapping[Iri, frozenset[Iri]]
"""Things to their themes, as sources say."""


@dataclass(frozen=True, slots=True)
class Branch:
    """A theme in the tree: things that are about it, about it or narrower ones, and what is below."""

    iri: Iri
    own: int
    total: int
    below: tuple["Branch", ...] = field(default=())


def about_query(iris: Iris) -> str:
    """SELECT (thing, theme): what things are about."""
    return f"""SELECT DISTINCT ?thing ?theme WHERE {{
  GRAPH ?g {{ ?thing <{mln.theme}> ?theme }}
  {things_filter(iris, ABOUT)}
}}"""


def see_theme(theme: Iri, iris: Iris) -> str:
    """The query that a visitor can take along: SELECT (thing, theme), the same as a theme's page."""
    return f"""{_PREFIXES}
SELECT DISTINCT ?thing ?theme WHERE {{
  ?theme skos:broader* {reference(theme)} .
  ?thing mln:theme ?theme .
  {things_filter(iris, ABOUT)}
}}
ORDER BY ?theme ?thing"""


def see_themes(iris: Iris) -> str:
    """The query behind the list: SELECT (theme, things), things about it or about narrower ones."""
    return f"""{_PREFIXES}
SELECT ?theme (COUNT(DISTINCT ?thing) AS ?things) WHERE {{
  ?theme skos:inScheme {reference(iris.scheme(SCHEME))} .
  OPTIONAL {{
    ?narrower skos:broader* ?theme .
    ?thing mln:theme ?narrower .
    {things_filter(iris, ABOUT)}
  }}
}}
GROUP BY ?theme
ORDER BY ?theme"""


def read_about(rows: Iterable[Row], iris: Iris) -> About:
    """Make a map of the rows of :func:`about_query`."""
    found: dict[Iri, set[Iri]] = {}
    for row in rows:
        thing, theme = row["thing"], row["theme"]
        if isinstance(thing, Iri) and isinstance(theme, Iri) and iris.split(thing):
            found.setdefault(thing, set()).add(theme)
    return {thing: frozenset(themes) for thing, themes in found.items()}


def about_theme(theme: Iri, about: About, knowledge: Knowledge) -> dict[Iri, frozenset[Iri]]:
    """Things that are about a theme or a narrower one, with those of their themes that are so."""
    found = {
        thing: frozenset(each for each in themes if theme in knowledge.above(each))
        for thing, themes in about.items()
    }
    return {thing: themes for thing, themes in found.items() if themes}


def theme_tree(themes: Iterable[Iri], about: About, knowledge: Knowledge) -> tuple[Branch, ...]:
    """The themes below one another in the order given; one of several broader ones stands below each."""
    known = list(themes)

    def branch(theme: Iri, path: frozenset[Iri]) -> Branch:
        below = [
            each for each in known if theme in knowledge.broader.get(each, ()) and each not in path
        ]
        things = about_theme(theme, about, knowledge)
        return Branch(
            theme,
            sum(theme in several for several in things.values()),
            len(things),
            tuple(branch(each, path | {each}) for each in below),
        )

    tops = [each for each in known if not knowledge.broader.get(each, frozenset()) & set(known)]
    return tuple(branch(each, frozenset({each})) for each in tops)


_PREFIXES = f"""PREFIX mln: <{ONTOLOGY}#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""
