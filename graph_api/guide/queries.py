"""The SPARQL behind the guide, and the one that a visitor can take along: the same programmes."""

from collections.abc import Iterable
from datetime import date

from graph_api.guide.matching import Limits
from graph_api.portal.queries import reference, references
from ontology import terms as mln
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri
from ontology.vocabularies import (
    OA_HAS_SOURCE,
    RDF_OBJECT,
    RDF_PREDICATE,
    RDF_SUBJECT,
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_BROADER,
    SKOS_DEFINITION,
    SKOS_IN_SCHEME,
    SKOS_NOTATION,
    SKOS_PREF_LABEL,
    SKOS_RELATED,
    SKOS_RELATED_MATCH,
)

__all__ = [
    "contacts_query",
    "coverage_query",
    "criteria_query",
    "evidence_query",
    "fitting_query",
    "knowledge_query",
    "offers_query",
    "options_query",
    "places_query",
]

FEATURES = (
    mln.stage, mln.audience, mln.need, mln.offersSupportType, mln.supportType, mln.instrument,
    mln.theme, mln.appliesIn, mln.operatedBy, mln.status, mln.closesOn, mln.hasCriterion,
)  # fmt: skip
"""What the guide reads of a programme."""


def offers_query(iris: Iris) -> str:
    """SELECT (s, p, o): what is said of every programme, as far as the guide asks."""
    return f"""SELECT DISTINCT ?s ?p ?o WHERE {{
  GRAPH ?g {{ ?s ?p ?o }}
  FILTER(?p IN ({references((*FEATURES, RDF_TYPE))}))
  FILTER(STRSTARTS(STR(?s), "{iris.base}/id/programme/") && !CONTAINS(STR(?s), "#"))
}}"""


def criteria_query() -> str:
    """SELECT (s, p, o): the conditions of access, part by part."""
    return f"""SELECT DISTINCT ?s ?p ?o WHERE {{
  GRAPH ?g {{ ?programme <{mln.hasCriterion}> ?s }}
  GRAPH ?h {{ ?s ?p ?o }}
}}"""


def knowledge_query() -> str:
    """SELECT (s, p, o): relations between concepts, order of stages, containment of territories."""
    relations = references(
        (SKOS_BROADER, SKOS_RELATED, SKOS_RELATED_MATCH, SKOS_NOTATION, mln.partOf)
    )
    return (
        f"SELECT DISTINCT ?s ?p ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({relations})) }}"
    )


def options_query(iris: Iris, scheme: str) -> str:
    """SELECT (s, p, o): labels, definitions and notations of a vocabulary's concepts."""
    shown = references((SKOS_PREF_LABEL, SKOS_DEFINITION, SKOS_NOTATION))
    return f"""SELECT DISTINCT ?s ?p ?o WHERE {{
  GRAPH ?g {{ ?s <{SKOS_IN_SCHEME}> {reference(iris.scheme(scheme))} ; ?p ?o }}
  FILTER(?p IN ({shown}))
}}"""


def places_query(iris: Iris) -> str:
    """SELECT (s, label, until): names of territories; ``until`` where one is of the past."""
    return f"""SELECT DISTINCT ?s ?label ?until WHERE {{
  GRAPH ?g {{ ?s <{SKOS_PREF_LABEL}>|<{SKOS_ALT_LABEL}> ?label }}
  FILTER(STRSTARTS(STR(?s), "{iris.base}/id/territory/"))
  OPTIONAL {{ GRAPH ?h {{ ?s <{mln.validUntil}> ?until }} }}
}}"""


def evidence_query(subjects: Iterable[Iri]) -> str:
    """SELECT (s, p, o, passage, publication, place, year, rule): where the features were read."""
    wanted = " ".join(sorted(reference(iri) for iri in set(subjects)))
    return f"""SELECT DISTINCT ?s ?p ?o ?passage ?publication ?place ?year ?rule WHERE {{
  VALUES ?s {{ {wanted} }}
  GRAPH ?g {{ ?claim <{RDF_SUBJECT}> ?s ; <{RDF_PREDICATE}> ?p ; <{RDF_OBJECT}> ?o }}
  FILTER(?p IN ({references(FEATURES)}))
  OPTIONAL {{ GRAPH ?h {{ ?claim <{mln.passage}> ?passage }}
             GRAPH ?j {{ ?passage <{OA_HAS_SOURCE}> ?document }}
             OPTIONAL {{ GRAPH ?k {{ ?document <{mln.fileOf}> ?source }} }} }}
  OPTIONAL {{ GRAPH ?r {{ ?claim <{mln.rule}> ?rule }} }}
  OPTIONAL {{ GRAPH ?i {{ ?claim <{mln.citation}> ?citation .
    ?citation <{mln.citedPublication}> ?cited . OPTIONAL {{ ?citation <{mln.place}> ?place }} }} }}
  BIND(COALESCE(?source, ?cited) AS ?publication)
  OPTIONAL {{ GRAPH ?l {{ ?about <{mln.publishedInYear}> ?year }} FILTER(?about = ?publication) }}
}} LIMIT 5000"""


def contacts_query(iris: Iris) -> str:
    """SELECT (s, role, place): actors whose role is to answer people, and where they are."""
    roles = ("resource-centre", "incubator", "network-head", "operator", "research-chair",
             "research-body", "local-network")  # fmt: skip
    wanted = references(iris.concept("actor-roles", role) for role in roles)
    return f"""SELECT DISTINCT ?s ?role ?place WHERE {{
  GRAPH ?g {{ ?s <{mln.actorRole}> ?role }} FILTER(?role IN ({wanted}))
  OPTIONAL {{ GRAPH ?h {{ ?s <{mln.locatedIn}> ?place }} }}
}}"""


def fitting_query(limits: Limits, iris: Iris, today: date) -> str:
    """The query that a visitor can take along: SELECT (programme), those that fit the answers."""
    parts = [*_said(limits, iris), *_conditions(limits, iris)]
    body = "\n".join(f"  {part}" for part in parts)
    return f"""{_PREFIXES}
SELECT DISTINCT ?programme WHERE {{
{_offered(today)}
{body}
}}
ORDER BY ?programme"""


def coverage_query(place: Iri, iris: Iris, today: date) -> str:
    """White zones as SPARQL: SELECT (support, stage, programmes), cells of which something is known."""
    return f"""{_PREFIXES}
SELECT ?support ?stage (COUNT(DISTINCT ?programme) AS ?programmes) WHERE {{
  ?support skos:inScheme {reference(iris.scheme("support-types"))} .
  ?stage skos:inScheme {reference(iris.scheme("stages"))} .
{_offered(today)}
  ?programme mln:offersSupportType|mln:supportType ?support ; mln:stage ?stage ;
    mln:appliesIn ?territory .
  {reference(place)} mln:partOf* ?territory .
}}
GROUP BY ?support ?stage
ORDER BY ?support ?stage"""


_PREFIXES = f"""PREFIX mln: <{ONTOLOGY}#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""


def _offered(today: date) -> str:
    """A programme that helps others, and that no source and no deadline has closed."""
    return f"""  ?programme a/rdfs:subClassOf* mln:Programme .
  FILTER NOT EXISTS {{ ?programme a mln:Project }}
  FILTER NOT EXISTS {{ ?programme mln:status mln:closed }}
  FILTER NOT EXISTS {{ ?programme mln:closesOn ?day FILTER(?day < "{today}"^^xsd:date) }}"""


def _said(limits: Limits, iris: Iris) -> list[str]:
    """What is wanted must be said; of the other answers, nothing may be said against them."""
    needs = "mln:need|mln:offersSupportType|mln:supportType|mln:instrument"
    met: dict[str, str] = {}
    silent: dict[str, str] = {}
    if limits.need is not None:
        met["need"] = (
            f"?programme {needs}|mln:theme|mln:stage ?met FILTER(?met IN ({references(limits.need)}))"
        )
        silent["need"] = f"?programme {needs} ?help"
    if limits.stage is not None:
        met["stage"] = f"?programme mln:stage {reference(limits.stage)}"
        silent["stage"] = "?programme mln:stage ?stage"
    if limits.who is not None:
        met["who"] = f"?programme mln:audience ?who FILTER(?who IN ({references(limits.who)}))"
        silent["who"] = "?programme mln:audience ?audience"
    if limits.place is not None:
        met["place"] = f"?programme mln:appliesIn ?where . {_near('?where', limits.place)}"
        silent["place"] = "?programme mln:appliesIn ?place"
    if limits.wanted == "who":
        condition = _condition_met(iris, ("applicant", "legal-form"), limits.who_exactly)
        met["who"] = f"{{ {met['who']} }} UNION {{ {condition} }}"
    if limits.wanted == "stage" and limits.stage is not None:
        condition = _condition_met(iris, ("project-stage",), frozenset({limits.stage}))
        met["stage"] = f"{{ {met['stage']} }} UNION {{ {condition} }}"
    return [
        f"FILTER EXISTS {{ {met[name]} }}"
        if name == limits.wanted
        else f"FILTER(EXISTS {{ {met[name]} }} || NOT EXISTS {{ {silent[name]} }})"
        for name in met
    ]


def _condition_met(iris: Iris, names: Iterable[str], admitted: frozenset[Iri]) -> str:
    """A condition of access that says the same as an answer."""
    about = references(iris.concept("criterion-properties", name) for name in names)
    return (
        "?programme mln:hasCriterion ?condition . ?condition mln:criterionProperty ?about ;"
        " mln:criterionOperator ?is ; mln:criterionConcept ?admitted"
        f" FILTER(?about IN ({about}) && ?is IN (mln:oneOf, mln:equalTo) &&"
        f" ?admitted IN ({references(admitted)}))"
    )


def _conditions(limits: Limits, iris: Iris) -> list[str]:
    """Conditions of access that the answers fail."""
    found = []
    for name, given in (("age", limits.age), ("headcount", limits.headcount)):
        if given is not None:
            tests = " || ".join(
                f"(?is = mln:{operator} && {given} {sign} ?value)"
                for operator, sign in (
                    ("atLeast", "<"), ("atMost", ">"), ("moreThan", "<="), ("lessThan", ">="),
                    ("equalTo", "!="),
                )
            )  # fmt: skip
            found.append(
                f"FILTER NOT EXISTS {{ {_criterion(iris, name)} ; mln:criterionOperator ?is ;"
                f" mln:criterionValue ?value FILTER({tests}) }}"
            )
    if limits.who is not None:
        for name in ("applicant", "legal-form"):
            found += _concept_tests(iris, name, limits.who, limits.who_exactly)
    if limits.stage is not None:
        stage = frozenset({limits.stage})
        found += _concept_tests(iris, "project-stage", stage, stage)
    if limits.place is not None:
        found.append(
            f"FILTER NOT EXISTS {{ {_criterion(iris, 'territory')} ; mln:criterionEntity ?any ."
            f" FILTER NOT EXISTS {{ ?criterion mln:criterionOperator mln:noneOf }}"
            f" FILTER NOT EXISTS {{ ?criterion mln:criterionEntity ?asked ."
            f" {_near('?asked', limits.place)} }} }}"
        )
    return found


def _concept_tests(
    iris: Iris, name: str, admitted: frozenset[Iri], exactly: frozenset[Iri]
) -> list[str]:
    criterion = _criterion(iris, name)
    return [
        f"FILTER NOT EXISTS {{ {criterion} ; mln:criterionOperator ?is ; mln:criterionConcept ?any ."
        f" FILTER(?is IN (mln:oneOf, mln:equalTo))"
        f" FILTER NOT EXISTS {{ ?criterion mln:criterionConcept ?asked"
        f" FILTER(?asked IN ({references(admitted)})) }} }}",
        f"FILTER NOT EXISTS {{ {criterion} ; mln:criterionOperator mln:noneOf ;"
        f" mln:criterionConcept ?asked FILTER(?asked IN ({references(exactly)})) }}",
    ]


def _criterion(iris: Iris, name: str) -> str:
    about = reference(iris.concept("criterion-properties", name))
    return f"?programme mln:hasCriterion ?criterion . ?criterion mln:criterionProperty {about}"


def _near(variable: str, place: Iri) -> str:
    """The place is in the territory that the variable stands for, or holds it."""
    here = reference(place)
    return f"{{ {here} mln:partOf* {variable} }} UNION {{ {variable} mln:partOf* {here} }}"
