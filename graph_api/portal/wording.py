"""Words of the interface that code chooses: kinds, outside properties, search remarks."""

from collections.abc import Callable

from ontology.vocabularies import (
    DCTERMS_CREATOR,
    DCTERMS_DESCRIPTION,
    DCTERMS_FORMAT,
    DCTERMS_IDENTIFIER,
    DCTERMS_ISSUED,
    DCTERMS_LANGUAGE,
    DCTERMS_LICENSE,
    DCTERMS_MODIFIED,
    DCTERMS_PUBLISHER,
    DCTERMS_SOURCE,
    DCTERMS_TITLE,
    FOAF_HOMEPAGE,
    GEO_SF_WITHIN,
    RDF_TYPE,
    RDFS_SEE_ALSO,
    SKOS_ALT_LABEL,
    SKOS_BROADER,
    SKOS_CLOSE_MATCH,
    SKOS_EXACT_MATCH,
    SKOS_IN_SCHEME,
    SKOS_NARROWER,
    SKOS_NOTATION,
    SKOS_PREF_LABEL,
    SKOS_RELATED,
)

__all__ = ["Wording"]


class Wording:
    """Texts by name, in the language of the translator that is given."""

    def __init__(self, translate: Callable[[str], str]) -> None:
        self._ = translate

    def kind(self, kind: str) -> str:
        """One thing of a kind: "Actor"."""
        _ = self._
        names = {
            "actor": _("Actor"),
            "person": _("Person"),
            "programme": _("Programme"),
            "law": _("Law or status"),
            "territory": _("Territory"),
            "publication": _("Publication"),
            "practice": _("Practice"),
            "figure": _("Key figure"),
            "event": _("Event"),
            "concept": _("Theme or category"),
            "document": _("Document"),
            "passage": _("Passage"),
            "entity": _("Entity"),
        }
        return names.get(kind, kind)

    def kinds(self, kind: str) -> str:
        """Several things of a kind: "Actors"."""
        _ = self._
        names = {
            "actor": _("Actors"),
            "person": _("People"),
            "programme": _("Programmes"),
            "law": _("Laws and statuses"),
            "territory": _("Territories"),
            "publication": _("Publications"),
            "practice": _("Practices"),
            "figure": _("Key figures"),
            "event": _("Events"),
            "concept": _("Themes and categories"),
            "document": _("Documents"),
            "passage": _("Passages"),
            "entity": _("Entities"),
        }
        return names.get(kind, kind)

    def bound(self, bound: str) -> str:
        """How near a number is; empty for an exact one."""
        _ = self._
        names = {"about": _("about"), "at-least": _("at least"), "at-most": _("at most")}
        return names.get(bound, "")

    def time(self, period: str, year: str) -> str:
        """The time of a figure: its period, else the year of its newest source."""
        if period:
            return period
        return self._("source of %(year)s") % {"year": year} if year else self._("no date")

    def guide_use(self, step: str) -> str:
        """A step of the guide, for the counts of usage."""
        return {"begun": self._("begun"), "results": self._("results seen")}.get(step, step)

    def page(self, name: str) -> str:
        """A type of page, for the counts of usage; the end of its address where it has no other name."""
        _ = self._
        names = {
            "home": _("Home"), "search": _("Search"), "guide": _("Guide"),
            "coverage": _("White zones"), "territories": _("Map"), "figures": _("Figures side by side"),
            "help": _("Help"), "partners": _("Partners"), "themes": _("Themes"), "ontology": _("Ontology"),
            "errata": _("Errata"), "usage": _("How this portal is used"),
        }  # fmt: skip
        return names.get(name) or self.listing(name)

    def listing(self, name: str) -> str:
        """The title of a list with filters."""
        _ = self._
        return {
            "directory": _("Directory of support structures"),
            "research": _("Research on social innovation"),
            "calls": _("Calls for projects"),
            "events": _("Events"),
            "laws": _("Laws, plans and statuses"),
            "recommendations": _("Recommendations"),
            "definitions": _("Definitions of social innovation and its words"),
            "practices": _("Good practices"),
            "indicators": _("Result indicators"),
        }.get(name, name)

    def about_kind(self, kind: str) -> str:
        """One line on what a kind holds."""
        _ = self._
        lines = {
            "actor": _("Organisations that support, fund, connect or study."),
            "person": _("People who hold a role that a report names."),
            "programme": _("Support schemes, calls, funds, labels, training."),
            "law": _("Acts, articles, plans and legal statuses."),
            "territory": _("Countries, regions, departments, communes."),
            "publication": _("Reports and guides that the facts come from."),
            "practice": _("Good practices, levers, recommendations, definitions."),
            "figure": _("Numbers with their unit, year and source."),
            "event": _("Conferences, meetings, deadlines."),
        }
        return lines.get(kind, "")

    def facet(self, name: str) -> str:
        """The title of a group of filters."""
        _ = self._
        names = {
            "type": _("Type"),
            "kind": _("Type"),
            "lang": _("Language"),
            "theme": _("Theme"),
            "territory": _("Territory"),
            "stage": _("Project stage"),
            "audience": _("Audience"),
            "support": _("Kind of support"),
            "year": _("Year"),
            "country": _("Country"),
            "publisher": _("Publisher"),
            "review": _("Review"),
        }
        return names.get(name, name)

    def review(self, state: str) -> str:
        """How far people have judged a fact."""
        _ = self._
        names = {
            "accepted": _("accepted by a person"),
            "corrected": _("corrected by a person"),
            "unreviewed": _("read by the program, not judged yet"),
        }
        return names.get(state, state)

    def outside_property(self, iri: str) -> str:
        """The label of a property that is not of our ontology, or ``""``."""
        _ = self._
        names: dict[str, str] = {
            SKOS_NOTATION: _("Code"),
            SKOS_BROADER: _("Broader"),
            SKOS_NARROWER: _("Narrower"),
            SKOS_RELATED: _("Related to"),
            SKOS_IN_SCHEME: _("In the list"),
            SKOS_EXACT_MATCH: _("Same elsewhere"),
            SKOS_CLOSE_MATCH: _("Close to, elsewhere"),
            DCTERMS_IDENTIFIER: _("Identifier"),
            DCTERMS_LANGUAGE: _("Language"),
            DCTERMS_FORMAT: _("Format"),
            DCTERMS_ISSUED: _("Published"),
            DCTERMS_LICENSE: _("Licence"),
            DCTERMS_CREATOR: _("Author"),
            DCTERMS_PUBLISHER: _("Publisher"),
            DCTERMS_TITLE: _("Title"),
            FOAF_HOMEPAGE: _("Website"),
            GEO_SF_WITHIN: _("Lies in"),
            RDFS_SEE_ALSO: _("See also"),
        }
        return names.get(iri, "")

    def record_property(self, name: str) -> str:
        """A property in a partner's record: a word of the ontology as it is, else by its IRI."""
        _ = self._
        if "://" not in name:
            return name
        names = {
            RDF_TYPE: _("Kind of thing"),
            SKOS_PREF_LABEL: _("Name"),
            SKOS_ALT_LABEL: _("Other name"),
            DCTERMS_DESCRIPTION: _("Description"),
            DCTERMS_SOURCE: _("Source"),
            DCTERMS_MODIFIED: _("Last changed"),
            "http://purl.org/dc/elements/1.1/creator": _("Author"),
        }
        local = name.rpartition("#")[2].rpartition("/")[2]
        return names.get(name) or self.outside_property(name) or local

    def language(self, tag: str) -> str:
        """A language by its tag, where the interface has a word for it."""
        _ = self._
        names = {
            "fr": _("French"),
            "en": _("English"),
            "es": _("Spanish"),
            "sv": _("Swedish"),
            "lv": _("Latvian"),
        }
        return names.get(tag.partition("-")[0], tag)

    def run_state(self, state: str) -> str:
        """What became of a file that a partner sent."""
        _ = self._
        return {"live": _("live"), "previewed": _("preview"), "refused": _("refused")}[state]

    def unit(self, key: str) -> str:
        """A unit of a figure; what has no word of ours, such as a currency, as it is."""
        _ = self._
        names = {
            "organisations": _("organisations"),
            "structures": _("structures"),
            "enterprises": _("enterprises"),
            "companies": _("companies"),
            "associations": _("associations"),
            "cooperatives": _("cooperatives"),
            "members": _("members"),
            "partners": _("partners"),
            "persons": _("persons"),
            "employees": _("employees"),
            "jobs": _("jobs"),
            "consultants": _("consultants"),
            "projects": _("projects"),
            "ideas": _("ideas"),
            "winners": _("winners"),
            "applications": _("applications"),
            "territories": _("territories"),
            "regions": _("regions"),
            "departments": _("departments"),
            "municipalities": _("municipalities"),
            "local governments": _("local governments"),
            "regional councils": _("regional councils"),
            "countries": _("countries"),
            "places": _("places"),
            "schemes": _("schemes"),
            "funds": _("funds"),
            "incubators": _("incubators"),
            "resources": _("resources"),
            "publications": _("publications"),
            "events": _("events"),
            "sessions": _("sessions"),
            "criteria": _("criteria"),
            "categories": _("categories"),
            "sectors": _("sectors"),
            "operators": _("operators"),
            "researchers": _("researchers"),
            "contracts": _("contracts"),
            "neighbourhoods": _("neighbourhoods"),
            "hubs": _("hubs"),
            "percent": _("percent"),
            "years": _("years"),
            "months": _("months"),
            "days": _("days"),
            "hours": _("hours"),
        }
        return names.get(key, {"EUR": "€", "USD": "$"}.get(key, key))

    def unit_of_structure(self, kind: str) -> str:
        """A part of a report, as the annotations call it."""
        _ = self._
        names = {
            "action-area": _("action area"),
            "action-existing": _("existing action"),
            "action-framework": _("framework for action"),
            "action-to-strengthen": _("action to strengthen"),
            "axis": _("axis"),
            "best-practice-sheet": _("good-practice sheet"),
            "box": _("box"),
            "chapter": _("chapter"),
            "focus": _("close-up"),
            "indicator": _("indicator"),
            "interview": _("interview"),
            "letter": _("letter"),
            "lever": _("lever"),
            "part": _("part"),
            "proposition": _("proposal"),
            "proposition-summary": _("summary of a proposal"),
            "questionnaire-section": _("answer to a question of a sheet"),
            "quote": _("quotation"),
            "reference": _("reference"),
            "section": _("section"),
            "subsection": _("subsection"),
            "summary": _("summary"),
            "thematic-focus-area": _("thematic priority"),
            "value": _("value"),
            "subject and unit": _("value, subject and unit"),
        }
        return names.get(kind, kind)

    def change(self, what: str) -> str:
        """What a person did to a statement or an entity."""
        _ = self._
        names = {
            "accepted": _("Accepted"),
            "corrected": _("Corrected"),
            "rejected": _("Rejected"),
            "voided": _("Voided"),
            "settled": _("A contradiction was settled"),
            "merged": _("Merged into another"),
            "parted": _("Back on its own"),
            "withdrawn": _("Withdrawn"),
        }
        return names.get(what, what)

    def rule(self, name: str) -> str:
        """What read a statement, in words: rules have technical names."""
        return name.replace("_", " ").replace("-", " ").replace(".", " › ").replace("/", " ")

    def ontology(self, name: str) -> str:
        """A word of the ontology's documentation: what a term is, how it relates, what it must."""
        _ = self._
        names = {
            "class": _("class"),
            "link": _("relation"),
            "attribute": _("attribute"),
            "individual": _("named value"),
            "datatype": _("datatype"),
            "parent": _("kind of"),
            "child": _("more precisely"),
            "disjoint": _("never at once"),
            "from": _("can have"),
            "to": _("reached by"),
            "domain": _("said of"),
            "range": _("leads to"),
            "inverse": _("the other way round"),
            "type": _("one of"),
            "exactMatch": _("the same elsewhere"),
            "closeMatch": _("much like"),
            "broadMatch": _("narrower than"),
            "narrowMatch": _("broader than"),
            "relatedMatch": _("related to"),
            "symmetric": _("holds both ways"),
            "transitive": _("holds along a chain"),
            "Violation": _("must"),
            "Warning": _("should"),
            "Info": _("may"),
            "partner": _("from a partner"),
            "publish": _("before publication"),
        }
        return names.get(name, "")

    def note(self, key: str, values: tuple[str, ...]) -> str:
        """A remark of the search on how a query was read."""
        _ = self._
        texts = {
            "query.nothing": _("Nothing in the question can be searched: it has no word."),
            "query.cut": _("The question was long: only its first %s characters were searched."),
            "query.terms": _("Only the first %s words were searched."),
            "query.field": _("“%s” is not a field that can be searched; it was read as a word."),
            "query.quote": _("A quotation mark was missing at the end."),
            "query.wildcard": _("“%s” cannot stand at the beginning of a word; it was left out."),
            "query.prefix": _("“%s” is too short before the star: %s letters are needed."),
            "query.bracket": _("A bracket was missing or left over."),
            "query.nesting": _("Brackets deeper than %s were ignored."),
            "query.like": _("What results should resemble is not in the index."),
            "query.operator": _("%s stood alone; it was left out."),
        }
        text = texts.get(key, "")
        for value in values:
            text = text.replace("%s", value, 1)
        return text
