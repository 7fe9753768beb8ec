"""How much is exchanged between countries: counts with the SPARQL that makes each."""

from dataclasses import dataclass

from graph_api.services import QueryService
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import RDFS

__all__ = ["Indicator", "count_exchange", "foreign_query", "shared_query"]

_TOOLS = (mln.Programme, mln.Practice)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A count; ``id`` is ``shared`` (tools of this site that partners can follow) or ``foreign`` (tools of partners
    that are shown here), ``query`` makes ``value``, ``by_graph`` has the share of each graph where there are
    several.
    """

    id: str
    value: int
    query: str
    by_graph: dict[str, int]


async def count_exchange(queries: QueryService, iris: Iris) -> list[Indicator]:
    """Count what is shared and what is shown.

    Raises:
        EngineDownError, DeadlineError, BusyError
    """
    shared, foreign = shared_query(iris), foreign_query(iris)
    (row,) = await queries.select(shared)
    by_graph = {
        str(each["partner"]): _number(each["tools"])
        for each in await queries.select(foreign)
        if isinstance(each["partner"], Iri)
    }
    return [
        Indicator("shared", _number(row["tools"]), shared, {}),
        Indicator("foreign", sum(by_graph.values()), foreign, by_graph),
    ]


def shared_query(iris: Iris) -> str:
    """SELECT (tools): programmes and practices that this site describes, all of which are in its feed."""
    return f"""SELECT (COUNT(DISTINCT ?tool) AS ?tools) WHERE {{
  {_classes(iris)}
  GRAPH ?graph {{ ?tool a ?class }}
  FILTER(STRSTARTS(STR(?tool), "{iris.base}/id/"))
  FILTER(!STRSTARTS(STR(?graph), "{iris.graph("partner/")}"))
}}"""


def foreign_query(iris: Iris) -> str:
    """SELECT (partner, tools): programmes and practices in the graph of each partner."""
    return f"""SELECT ?partner (COUNT(DISTINCT ?tool) AS ?tools) WHERE {{
  {_classes(iris)}
  GRAPH ?partner {{ ?tool a ?class }}
  FILTER(STRSTARTS(STR(?partner), "{iris.graph("partner/")}"))
}}
GROUP BY ?partner ORDER BY ?partner"""


def _classes(iris: Iris) -> str:
    above = " ".join(f"<{each}>" for each in _TOOLS)
    return (
        f"VALUES ?above {{ {above} }}\n  "
        f"GRAPH <{iris.graph('ontology')}> {{ ?class <{RDFS}subClassOf>* ?above }}"
    )


def _number(value: object) -> int:
    return int(value.value) if isinstance(value, Literal) else 0
