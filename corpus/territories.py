"""The shipped territories: codes, containment and names.

Read from the CSV tables of ``corpus/territories``; ``corpus.territories_build`` rebuilds the large
one, the others are kept by hand.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from corpus import TERRITORIES
from corpus.names import without_repeated_spellings
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import Iri, LabelRole, Literal, Name, Quad
from ontology.vocabularies import (
    RDF_TYPE,
    SKOS_ALT_LABEL,
    SKOS_HIDDEN_LABEL,
    SKOS_NOTATION,
    SKOS_PREF_LABEL,
    XSD_DATE,
)

__all__ = ["Territories", "Territory", "TerritoryName", "load_territories"]

_CLASSES: Mapping[str, Iri] = {
    "Territory": mln.Territory,
    "Country": mln.Country,
    "Region": mln.Region,
    "Department": mln.Department,
    "Intercommunality": mln.Intercommunality,
    "Commune": mln.Commune,
    "Zoning": mln.Zoning,
    "StatisticalRegion": mln.StatisticalRegion,
}


@dataclass(frozen=True, slots=True)
class TerritoryName:
    """One name; ``lang`` is empty where it is the same in every language."""

    text: str
    lang: str
    role: LabelRole
    context: str


@dataclass(frozen=True, slots=True)
class Territory:
    """A place. ``within`` holds the slugs of what it lies in, ``valid_until`` a day or nothing.

    ``scheme`` says which list ``code`` belongs to: ``insee``, ``siren``, ``iso3166`` or ``nuts``;
    ``authority`` is the slug of the actor that governs it, empty where we have no page for it.
    """

    slug: str
    cls: str
    labels: Mapping[str, str]
    names: tuple[TerritoryName, ...]
    code: str
    scheme: str
    within: tuple[str, ...]
    valid_until: str
    authority: str = ""
    nuts: tuple[str, ...] = ()
    """Its codes in the European classification, one a level."""

    def quads(self, iris: Iris) -> Iterator[Quad]:
        """Yield the graph ``territories``' statements about this place."""
        graph = iris.graph("territories")
        place = iris.entity("territory", self.slug)
        yield Quad(place, RDF_TYPE, _CLASSES[self.cls], graph)
        for lang, text in self.labels.items():
            yield Quad(place, SKOS_PREF_LABEL, Literal(text, lang=lang), graph)
        for name in self.names:
            if name.role is LabelRole.PREFERRED:
                continue
            hidden = name.role is LabelRole.SPELLING
            label = SKOS_HIDDEN_LABEL if hidden else SKOS_ALT_LABEL
            yield Quad(place, label, Literal(name.text, lang=name.lang or None), graph)
        if self.code:
            yield Quad(place, SKOS_NOTATION, Literal(self.code), graph)
        for code in self.nuts:
            yield Quad(place, mln.nutsCode, Literal(code), graph)
        for slug in self.within:
            yield Quad(place, mln.partOf, iris.entity("territory", slug), graph)
        if self.authority:
            yield Quad(iris.entity("actor", self.authority), mln.governs, place, graph)
        if self.valid_until:
            yield Quad(place, mln.validUntil, Literal(self.valid_until, XSD_DATE), graph)


@dataclass(frozen=True, slots=True)
class Territories:
    """All shipped territories, by slug."""

    by_slug: Mapping[str, Territory]

    def quads(self, iris: Iris) -> Iterator[Quad]:
        """Yield the whole graph ``territories``, in the order of the table."""
        for territory in self.by_slug.values():
            yield from territory.quads(iris)

    def names(self, iris: Iris) -> Iterator[Name]:
        """Yield every name for the recogniser and the thesaurus."""
        for territory in self.by_slug.values():
            place = iris.entity("territory", territory.slug)
            yield from without_repeated_spellings(
                Name(n.text, n.lang, place, territory.cls, n.role, n.context)
                for n in territory.names
            )

    def classes(self) -> dict[str, str]:
        """Return the class of every path (``territory/fr-reg-11``), to check references with."""
        return {f"territory/{slug}": t.cls for slug, t in self.by_slug.items()}


def load_territories(folder: Path = TERRITORIES) -> Territories:
    """Read the tables of ``folder``. Raises ValueError where a table refers to an unknown slug."""
    nuts = list(_rows(folder / "nuts.csv"))
    rows = [
        *_rows(folder / "territories.csv"),
        *(_statistical(row) for row in nuts if row["name_fr"]),
    ]
    known = {row["slug"] for row in rows}
    contexts = {row["text"]: row["context"] for row in _rows(folder / "ambiguous.csv")}
    authorities = {row["slug"]: row["authority"] for row in _rows(folder / "authorities.csv")}
    for slug in authorities:
        _require(slug, known, "authorities.csv")
    extra: dict[str, list[dict[str, str]]] = {}
    for row in _rows(folder / "names.csv"):
        _require(row["slug"], known, "names.csv")
        extra.setdefault(row["slug"], []).append(row)
    codes: dict[str, list[str]] = {}
    for row in nuts:
        _require(row["slug"], known, "nuts.csv")
        codes.setdefault(row["slug"], []).append(row["code"])
    territories: dict[str, Territory] = {}
    for row in rows:
        for slug in row["within"].split():
            _require(slug, known, "territories.csv")
        if row["slug"] in territories:
            raise ValueError(f"territories.csv: “{row['slug']}” is there twice")
        territory = _territory(row, extra.get(row["slug"], []), contexts)
        territories[row["slug"]] = replace(
            territory,
            authority=authorities.get(row["slug"], ""),
            nuts=tuple(codes.get(row["slug"], ())),
        )
    return Territories(territories)


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _require(slug: str, known: set[str], table: str) -> None:
    if slug not in known:
        raise ValueError(f"{table}: the territory “{slug}” is not in territories.csv")


def _statistical(row: Mapping[str, str]) -> dict[str, str]:
    """Return a row of the table of territories for a level that is no territory of its own."""
    kept = {key: row[key] for key in ("slug", "name_fr", "name_en", "within")}
    fixed = {"class": "StatisticalRegion", "scheme": "nuts", "valid_to": ""}
    return {**kept, **fixed, "code": row["code"]}


def _territory(
    row: Mapping[str, str], extra: Iterable[Mapping[str, str]], contexts: Mapping[str, str]
) -> Territory:
    labels = {"fr": row["name_fr"], "en": row["name_en"]}
    others: list[TerritoryName] = []
    for line in extra:
        role = LabelRole(line["role"])
        if role is LabelRole.PREFERRED:
            labels[line["lang"]] = line["text"]
        context = line["context"] or contexts.get(line["text"], "")
        others.append(TerritoryName(line["text"], line["lang"], role, context))
    preferred = [
        TerritoryName(text, lang, LabelRole.PREFERRED, _context(row, text, contexts))
        for lang, text in _merged(labels)
    ]
    others = [name for name in others if name.role is not LabelRole.PREFERRED]
    return Territory(
        slug=row["slug"],
        cls=row["class"],
        labels=labels,
        names=(*preferred, *others),
        code=row["code"],
        scheme=row["scheme"],
        within=tuple(row["within"].split()),
        valid_until=row["valid_to"],
    )


def _merged(labels: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield the labels, one without language where both languages say the same."""
    if labels["fr"] == labels["en"]:
        yield "", labels["fr"]
    else:
        yield from labels.items()


def _context(row: Mapping[str, str], text: str, contexts: Mapping[str, str]) -> str:
    """Return when the name counts: that of an EPCI is first the name of the authority."""
    if row["class"] == "Intercommunality":
        return "cue"
    return "cue" if row["class"] == "StatisticalRegion" else contexts.get(text, "")
