"""A small country for tests of territories: a region, a town, what is there; and two things with themes."""

from ontology import terms as mln
from ontology.model import Iri, Literal, Quad, Term
from ontology.vocabularies import RDF_TYPE, SKOS_PREF_LABEL
from tests.graph_api.local import IRIS, RELAIS, TREMPLIN, year

__all__ = ["placed_quads", "territory"]


def territory(slug: str) -> Iri:
    """The IRI of a territory of these tests."""
    return IRIS.entity("territory", slug)


def placed_quads() -> list[Quad]:
    """Country ⊃ region ⊃ town and hamlet; a region of another country, of which nothing is known."""
    found: list[tuple[Iri, Iri, Term, str]] = []
    for slug, cls, name, whole in (
        ("country", mln.Country, "Pays bleu", ""),
        ("region", mln.Region, "Les Rives", "country"),
        ("town", mln.Commune, "Rivebourg", "region"),
        ("hamlet", mln.Commune, "Petit-Quai", "region"),
        ("elsewhere", mln.Country, "Pays vert", ""),
    ):
        here = territory(slug)
        found += [(here, RDF_TYPE, cls, "corpus"), _named(here, name)]
        if whole:
            found.append((here, mln.partOf, territory(whole), "corpus"))
    found.append((territory("town"), mln.partOf, territory("country"), "inferred/transitive"))
    for kind, slug, cls, name, prop, place in (
        ("law", "plan", mln.Law, "Plan régional", mln.appliesIn, "region"),
        ("programme", "bourse", mln.CallForProjects, "Bourse de la ville", mln.appliesIn, "town"),
        ("actor", "mairie", mln.PublicBody, "Mairie de Rivebourg", mln.governs, "town"),
        ("figure", "habitants", mln.KeyFigure, "Habitants", mln.figureOf, "town"),
    ):
        iri = IRIS.entity(kind, slug)
        found += [(iri, RDF_TYPE, cls, "corpus"), _named(iri, name)]
        found.append((iri, prop, territory(place), "corpus"))
    bourse = IRIS.entity("programme", "bourse")
    practice = IRIS.entity("practice", "guichet-unique")
    found += [
        (TREMPLIN, mln.appliesIn, territory("country"), "corpus"),
        (RELAIS, mln.locatedIn, territory("town"), "corpus"),
        (RELAIS, mln.locatedIn, territory("region"), "inferred/located-in-whole"),
        (practice, mln.implementedBy, IRIS.entity("actor", "mairie"), "corpus"),
        (IRIS.entity("figure", "tremplin-projects"), mln.figureOf, RELAIS, "corpus"),
        (TREMPLIN, mln.theme, IRIS.concept("themes", "social-entrepreneurship"), "corpus"),
        (RELAIS, mln.theme, IRIS.concept("themes", "social-economy"), "corpus"),
        (bourse, mln.status, mln.closed, "corpus"),
        (bourse, mln.createdInYear, year("2009"), "corpus"),
    ]
    return [Quad(s, p, o, IRIS.graph(g)) for s, p, o, g in found]


def _named(iri: Iri, name: str) -> tuple[Iri, Iri, Term, str]:
    return iri, SKOS_PREF_LABEL, Literal(name, lang="fr"), "corpus"
