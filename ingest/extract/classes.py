"""What extraction needs to know of the ontology's classes: their kind in IRIs and their family."""

from types import MappingProxyType
from typing import Final

__all__ = ["FAMILIES", "family_of", "kind_of"]

_FAMILY_OF: Final = MappingProxyType({
    cls: family
    for family, classes in {
        "Actor": ("Actor", "PublicBody", "Association", "Cooperative", "Company", "Foundation",
                  "Network", "ResearchBody", "CompetenceCentre"),
        "Person": ("Person",),
        "Programme": ("Programme", "SupportScheme", "CallForProjects", "Fund", "Label", "Award",
                      "Training", "Community", "Project", "PublicProgramme"),
        "LegalFramework": ("LegalFramework", "Law", "Article", "Plan", "LegalStatus", "Definition"),
        "Territory": ("Territory", "Country", "Region", "Department", "Intercommunality",
                      "Commune", "Zoning", "StatisticalRegion"),
        "Publication": ("Publication", "Report", "Guide", "Study", "WebPage"),
        "Event": ("Event",),
    }.items()
    for cls in classes
})  # fmt: skip

FAMILIES: Final = (
    "Actor", "Programme", "LegalFramework", "Territory", "Publication", "Event", "Person",
)  # fmt: skip
"""The seven families that mentions are scored by."""

_KIND_OF_FAMILY: Final = MappingProxyType({
    "Actor": "actor", "Person": "person", "Programme": "programme", "LegalFramework": "law",
    "Territory": "territory", "Publication": "publication", "Event": "event",
})  # fmt: skip


def family_of(cls: str) -> str | None:
    """Return the one of :data:`FAMILIES` that class ``cls`` belongs to, None for themes and such."""
    return _FAMILY_OF.get(cls)


def kind_of(cls: str) -> str:
    """Return the kind (``"actor"``) under which entities of class ``cls`` get their IRI.

    Raises ``KeyError`` for a class whose entities extraction never mints.
    """
    return "practice" if cls == "Definition" else _KIND_OF_FAMILY[_FAMILY_OF[cls]]
