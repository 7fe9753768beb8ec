"""Lists of things of one sort with what tells them apart: directory, calls, events, laws …

A list is data (:data:`LISTINGS`): which things, which of their properties are columns and filters, which
date orders them. One query reads it, once per generation; filters are applied to what was read, so
that counts, rows and downloads are always of the same set.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from graph_api.guide.offers import Knowledge
from graph_api.portal.display import load_schema
from graph_api.portal.labels import Text, choose_label, choose_text, local_name
from graph_api.portal.queries import reference, references
from graph_api.services import Row
from ontology import terms as mln
from ontology.iris import ONTOLOGY, Iris
from ontology.model import Iri, Literal, Term
from ontology.vocabularies import (
    DCTERMS_DESCRIPTION,
    OA_HAS_SOURCE,
    RDF_SUBJECT,
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_PREF_LABEL,
)

__all__ = [
    "LISTINGS",
    "Entry",
    "Listing",
    "choices",
    "entries_query",
    "filter_entries",
    "group_by_date",
    "read_entries",
    "see_listing",
    "seen_query",
]

PLACES = (mln.locatedIn, mln.appliesIn)
"""Properties whose filter counts what is inside a territory too."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: things of ``cls`` (or below) that have one of the properties ``having``.

    ``filters`` maps the name of a parameter to a property; ``only`` narrows to those with one of
    these values. ``starts`` and ``ends`` are the dates by which it is ordered and cut in two.
    """

    name: str
    cls: str
    columns: tuple[Iri, ...]
    filters: Mapping[str, Iri] = field(default_factory=dict)
    having: tuple[Iri, ...] = ()
    only: tuple[str, ...] = ()
    starts: Iri | None = None
    ends: Iri | None = None
    deadline: bool = False
    """Whether its last day is what counts for those who use it."""
    drawn: str = ""
    """The filter whose counts are drawn as bars."""
    mapped: str = ""
    """The filter whose counts in the régions are drawn on a map."""


LISTINGS: Mapping[str, Listing] = {
    each.name: each
    for each in (
        Listing(
            "directory",
            "Actor",
            (mln.actorRole, mln.locatedIn, mln.offersSupportType, mln.audience, mln.theme),
            {
                "role": mln.actorRole, "place": mln.locatedIn, "support": mln.offersSupportType,
                "audience": mln.audience, "theme": mln.theme,
            },
            having=(mln.actorRole, mln.offersSupportType),
            drawn="role",
            mapped="place",
        ),
        Listing(
            "research",
            "Actor",
            (mln.actorRole, mln.locatedIn, mln.theme, mln.memberOf),
            {"role": mln.actorRole, "place": mln.locatedIn, "theme": mln.theme},
            having=(mln.actorRole,),
            only=("actor-roles/research-chair", "actor-roles/research-body"),
        ),
        Listing(
            "calls",
            "CallForProjects",
            (mln.operatedBy, mln.fundedBy, mln.appliesIn, mln.theme, mln.opensOn, mln.closesOn),
            {
                "place": mln.appliesIn, "theme": mln.theme, "stage": mln.stage,
                "audience": mln.audience,
            },
            starts=mln.opensOn,
            ends=mln.closesOn,
            deadline=True,
        ),
        Listing(
            "events",
            "Event",
            (mln.startsOn, mln.endsOn, mln.locatedIn, mln.organisedBy, mln.theme),
            {"place": mln.locatedIn, "theme": mln.theme},
            starts=mln.startsOn,
            ends=mln.endsOn,
        ),
        Listing(
            "laws",
            "LegalFramework",
            (
                mln.adoptedOn, mln.adoptedInYear, mln.inForceFrom, mln.adoptedBy, mln.appliesIn,
                mln.basedOn, mln.binds, mln.hasCriterion,
            ),
            {"place": mln.appliesIn, "theme": mln.theme, "binds": mln.binds},
            starts=mln.adoptedOn,
        ),
        Listing(
            "recommendations",
            "Recommendation",
            (mln.number, mln.addressedTo, mln.partOf, mln.theme, mln.describedIn),
            {
                "addressee": mln.addressedTo, "axis": mln.partOf, "theme": mln.theme,
                "source": mln.describedIn,
            },
            drawn="addressee",
        ),
        Listing(
            "definitions",
            "Definition",
            (mln.definitionOf, mln.definedBy, mln.definitionText, mln.describedIn),
            {"of": mln.definitionOf, "by": mln.definedBy},
        ),
        Listing(
            "indicators",
            "Indicator",
            (
                mln.indicatorState, mln.indicatorConcept, mln.indicatorOf, mln.hasObservation,
                mln.computation, mln.partOf, mln.describedIn,
            ),
            {"state": mln.indicatorState, "axis": mln.partOf, "of": mln.indicatorOf},
            drawn="state",
        ),
        Listing(
            "practices",
            "GoodPractice",
            (mln.implementedBy, mln.offersSupportType, mln.theme, mln.describedIn),
            {
                "support": mln.offersSupportType, "by": mln.implementedBy, "theme": mln.theme,
            },
            drawn="support",
        ),
    )
}  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One thing of a list. ``seen`` is the year of the newest source, ``checked`` a person's last look."""

    iri: Iri
    labels: tuple[Literal, ...]
    others: tuple[Literal, ...]
    summaries: tuple[Literal, ...]
    types: tuple[Iri, ...]
    values: Mapping[Iri, tuple[Term, ...]]
    seen: str = ""
    checked: str = ""

    def label(self, lang: str) -> Text:
        """Its name."""
        return choose_label(self.iri, self.labels, lang)

    def summary(self, lang: str) -> Text | None:
        """What it is, in a few words."""
        return choose_text(self.summaries, lang)

    def when(self, prop: Iri | None) -> str:
        """The first date that a property gives, as ISO 8601 of any precision; ``""`` without one."""
        found = self.values.get(prop, ()) if prop is not None else ()
        return min((v.value for v in found if isinstance(v, Literal)), default="")


def classes_of(listing: Listing) -> tuple[Iri, ...]:
    """The class of a listing and those below it."""
    return tuple(term.iri for term in load_schema().subclasses(listing.cls))


def entries_query(listing: Listing) -> str:
    """SELECT (s, p, o, g): the things of a list with all that is shown of them."""
    shown = {
        *listing.columns, *listing.filters.values(), SKOS_PREF_LABEL, SKOS_ALT_LABEL,
        DCTERMS_DESCRIPTION, RDF_TYPE, mln.lastChecked,
    }  # fmt: skip
    return f"""SELECT DISTINCT ?s ?p ?o ?g WHERE {{
  GRAPH ?i {{ ?s a ?class }} FILTER(?class IN ({references(classes_of(listing))}))
  GRAPH ?g {{ ?s ?p ?o }} FILTER(?p IN ({references(shown)}))
}}"""


def seen_query(listing: Listing) -> str:
    """SELECT (s, year): the years of the publications that speak of the things of a list."""
    return f"""SELECT DISTINCT ?s ?year WHERE {{
  GRAPH ?i {{ ?s a ?class }} FILTER(?class IN ({references(classes_of(listing))}))
  GRAPH ?g {{ ?claim <{RDF_SUBJECT}> ?s }}
  {{ GRAPH ?h {{ ?claim <{mln.citation}> ?citation . ?citation <{mln.citedPublication}> ?source }} }}
  UNION
  {{ GRAPH ?j {{ ?claim <{mln.passage}> ?passage }}
     GRAPH ?k {{ ?passage <{OA_HAS_SOURCE}> ?file }}
     GRAPH ?l {{ ?file <{mln.fileOf}> ?source }} }}
  GRAPH ?m {{ ?source <{mln.publishedInYear}> ?year }}
}}"""


def see_listing(listing: Listing, chosen: Mapping[str, str], iris: Iris) -> str:
    """The query that a visitor can take along: SELECT (thing, label), the same set as the page."""
    lines = [f"?thing a/rdfs:subClassOf* mln:{listing.cls} ."]
    if listing.having:
        path = "|".join(_short(prop) for prop in listing.having)
        lines.append(f"FILTER EXISTS {{ ?thing {path} ?any }}")
    if listing.only:
        wanted = ", ".join(reference(iris.concept(*path.split("/"))) for path in listing.only)
        lines.append(
            f"FILTER EXISTS {{ ?thing {_short(listing.having[0])} ?kind FILTER(?kind IN ({wanted})) }}"
        )
    for name, value in sorted(chosen.items()):
        prop = listing.filters[name]
        within = "/mln:partOf*" if prop in PLACES else ""
        lines.append(f"FILTER EXISTS {{ ?thing {_short(prop)}{within} {reference(value)} }}")
    lines.append(f'FILTER(STRSTARTS(STR(?thing), "{iris.base}/id/"))')
    body = "\n  ".join(lines)
    return f"""PREFIX mln: <{ONTOLOGY}#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>

SELECT DISTINCT ?thing WHERE {{
  {body}
  ?thing skos:prefLabel ?label .
}}
ORDER BY ?thing"""


def read_entries(
    listing: Listing, rows: Iterable[Row], seen: Iterable[Row], iris: Iris
) -> tuple[Entry, ...]:
    """Make entries of the rows of both queries, in the order of the list."""
    said: dict[Iri, dict[Iri, set[Term]]] = defaultdict(lambda: defaultdict(set))
    inferred = iris.graph("inferred")
    for row in rows:
        subject, predicate = row["s"], row["p"]
        if not isinstance(subject, Iri) or not isinstance(predicate, Iri):
            continue
        if not subject.startswith(f"{iris.base}/id/"):
            continue  # a partner's
        # What follows for the whole of a place is no address; other conclusions read a link backwards.
        if predicate not in PLACES or not str(row["g"]).startswith(inferred):
            said[subject][predicate].add(row["o"])
    years: dict[Iri, str] = {}
    for row in seen:
        subject, year = row["s"], row["year"]
        if isinstance(subject, Iri) and isinstance(year, Literal):
            years[subject] = max(years.get(subject, ""), year.value)
    only = {iris.concept(*path.split("/")) for path in listing.only}
    found = [
        _entry(iri, facts, years.get(iri, ""))
        for iri, facts in said.items()
        if facts[SKOS_PREF_LABEL]
        and (not listing.having or any(facts[prop] for prop in listing.having))
        and (not only or any(only & facts[prop] for prop in listing.having))
    ]
    return tuple(sorted(found, key=lambda entry: _order(listing, entry)))


def filter_entries(
    listing: Listing, entries: Iterable[Entry], chosen: Mapping[str, str], knowledge: Knowledge
) -> tuple[Entry, ...]:
    """Return the entries that have every chosen value; a territory counts for what is inside it."""
    return tuple(
        entry
        for entry in entries
        if all(
            value in _reach(listing.filters[name], entry, knowledge)
            for name, value in chosen.items()
        )
    )


def choices(
    listing: Listing, entries: Sequence[Entry], knowledge: Knowledge
) -> dict[str, list[tuple[Iri, int]]]:
    """The values of each filter among ``entries``, with how many have them, the most common first."""
    found = {}
    for name, prop in listing.filters.items():
        counts = Counter(value for e in entries for value in _reach(prop, e, knowledge))
        found[name] = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return {name: values for name, values in found.items() if values}


def group_by_date(
    listing: Listing, entries: Iterable[Entry], today: date
) -> dict[str, tuple[Entry, ...]]:
    """Cut a dated list in what is to come, what has no date, and what is past.

    A year or a month is past when it is over; a thing that has begun and has no end is past the day
    after it began.
    """
    groups: dict[str, list[Entry]] = {"coming": [], "undated": [], "past": []}
    for entry in entries:
        last = entry.when(listing.ends) or (entry.when(listing.starts) if listing.ends else "")
        if not last:
            groups["undated"].append(entry)
        else:
            over = last < today.isoformat()[: len(last)]
            groups["past" if over else "coming"].append(entry)
    groups["coming"].reverse()  # the next first; what is past stays newest first
    return {name: tuple(found) for name, found in groups.items() if found}


def _reach(prop: Iri, entry: Entry, knowledge: Knowledge) -> set[Iri]:
    direct = {value for value in entry.values.get(prop, ()) if isinstance(value, Iri)}
    if prop not in PLACES:
        return direct
    return direct.union(*(knowledge.around(place) for place in direct)) if direct else direct


def _entry(iri: Iri, facts: Mapping[Iri, set[Term]], seen: str) -> Entry:
    def literals(prop: Iri) -> tuple[Literal, ...]:
        found = [value for value in facts[prop] if isinstance(value, Literal)]
        return tuple(sorted(found, key=lambda v: (v.lang or "", v.value)))

    meta = (SKOS_PREF_LABEL, SKOS_ALT_LABEL, DCTERMS_DESCRIPTION, RDF_TYPE)
    return Entry(
        iri=iri,
        labels=literals(SKOS_PREF_LABEL),
        others=literals(SKOS_ALT_LABEL),
        summaries=literals(DCTERMS_DESCRIPTION),
        types=tuple(sorted(value for value in facts[RDF_TYPE] if isinstance(value, Iri))),
        values={
            prop: tuple(sorted(values, key=_term_key))
            for prop, values in facts.items()
            if prop not in meta
        },
        seen=seen,
        checked=max((v.value for v in literals(mln.lastChecked)), default=""),
    )


def _order(listing: Listing, entry: Entry) -> tuple[object, ...]:
    number = entry.when(mln.number) if mln.number in listing.columns else ""
    if number.isdigit():
        source = min((str(v) for v in entry.values.get(mln.describedIn, ())), default="")
        return (0, source, int(number), entry.iri)
    day = entry.when(listing.ends) or entry.when(listing.starts)
    day = day or (entry.when(mln.adoptedInYear) if listing.starts else "")
    backwards = tuple(-ord(char) for char in day)  # the newest first
    return (1, backwards or (1,), local_name(entry.iri), entry.iri)


def _term_key(term: Term) -> tuple[str, str]:
    return (str(term), "") if isinstance(term, Iri) else (term.value, term.lang or "")


def _short(prop: Iri) -> str:
    return f"mln:{local_name(prop)}" if prop.startswith(f"{ONTOLOGY}#") else reference(prop)
