"""Reads what the guide needs from the graph, once per generation, and answers with its sources."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from fastapi import Request

from graph_api.guide.matching import Guidance, Judgement, Limits, guide, limits_of
from graph_api.guide.offers import Knowledge, Offer, read_knowledge, read_offers
from graph_api.guide.profile import Profile
from graph_api.guide.queries import (
    contacts_query,
    criteria_query,
    evidence_query,
    fitting_query,
    knowledge_query,
    offers_query,
    options_query,
    places_query,
)
from graph_api.portal.evidence import PassageName, read_passage_name
from graph_api.portal.labels import Text, choose_label, choose_text, local_name, text_of
from graph_api.portal.page_cache import GenerationCache, cache_of
from graph_api.portal.rendering import services_of
from graph_api.services import QueryService, Row
from ontology.folding import fold
from ontology.iris import Iris
from ontology.model import Iri, Literal
from ontology.vocabularies import SKOS_DEFINITION, SKOS_NOTATION, SKOS_PREF_LABEL

__all__ = ["Contact", "Evidence", "GuideReader", "Option", "Place", "Sources", "guide_of"]

MOST_CONTACTS = 6

SCHEMES = {"who": "audiences", "stage": "stages", "need": "needs"}
"""Question to the vocabulary that its answers are taken from."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where one feature of a programme is written. ``rule`` is set where no person noted it."""

    passage: PassageName | None
    publication: Iri | None
    place: str
    year: str
    rule: str


Sources = Mapping[tuple[Iri, Iri], tuple[Evidence, ...]]
"""(programme, value) to where that is said, the newest publication first."""


@dataclass(frozen=True, slots=True)
class Place:
    """A territory that a name may mean; ``past`` for one that is no more."""

    iri: Iri
    past: bool


@dataclass(frozen=True, slots=True)
class Contact:
    """An actor that answers people; ``near`` says that it is where the project is."""

    iri: Iri
    roles: tuple[Iri, ...]
    near: bool


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that a visitor can choose."""

    iri: Iri
    label: Text
    definition: Text | None

    @property
    def slug(self) -> str:
        """How an address names it."""
        return local_name(self.iri)


class GuideReader:
    """The guide over the graph of one generation."""

    def __init__(self, queries: QueryService, iris: Iris, cache: GenerationCache) -> None:
        self._queries = queries
        self._iris = iris
        self._cache = cache

    async def guide(self, profile: Profile, today: date) -> Guidance:
        """Judge every programme against the profile.

        Raises:
            EngineDownError, DeadlineError, BusyError
        """
        offers = await self.offers(today)
        return guide(profile, offers.values(), await self.knowledge(), self._iris)

    async def query(self, profile: Profile, today: date) -> str:
        """The SPARQL that gives the same fitting programmes."""
        return fitting_query(await self.limits(profile), self._iris, today)

    async def limits(self, profile: Profile) -> Limits:
        """What the answers admit."""
        return limits_of(profile, await self.knowledge(), self._iris)

    async def offers(self, today: date) -> dict[Iri, Offer]:
        """All programmes, as of a day."""

        async def load() -> dict[Iri, Offer]:
            features = await self._queries.select(offers_query(self._iris))
            return read_offers(features, await self._queries.select(criteria_query()), today)

        return await self._cache.get(self._queries.generation, f"guide/{today}", load)

    async def knowledge(self) -> Knowledge:
        """How concepts and territories relate."""

        async def load() -> Knowledge:
            return read_knowledge(await self._queries.select(knowledge_query()))

        return await self._cache.get(self._queries.generation, "guide/knowledge", load)

    async def options(self, scheme: str, lang: str) -> tuple[Option, ...]:
        """The concepts of a vocabulary that can be chosen, in its order."""

        async def load() -> list[Row]:
            return await self._queries.select(options_query(self._iris, scheme))

        generation = self._queries.generation
        rows = await self._cache.get(generation, f"guide/options/{scheme}", load)
        texts: dict[Iri, dict[str, list[Literal]]] = defaultdict(lambda: defaultdict(list))
        for row in rows:
            if isinstance(row["s"], Iri) and isinstance(row["o"], Literal):
                texts[row["s"]][str(row["p"])].append(row["o"])
        found = []
        for iri, said in texts.items():
            order = text_of(next(iter(said[SKOS_NOTATION]), None))
            label = choose_label(iri, said[SKOS_PREF_LABEL], lang)
            option = Option(iri, label, choose_text(said[SKOS_DEFINITION], lang))
            found.append((int(order) if order.isdigit() else 99, label.text, option))
        return tuple(option for *_, option in sorted(found, key=lambda each: each[:2]))

    async def places(self, text: str) -> tuple[Place, ...]:
        """Return the territories that a name or a slug means, those of today first.

        Accents, case and punctuation do not count; a name that begins so is taken where none is
        the same.
        """
        names = await self._place_names()
        wanted = fold(text)
        if not wanted:
            return ()
        slug = self._iris.entity("territory", text.strip())
        known = {place for places in names.values() for place in places}
        found = {place for place in known if place.iri == slug} or set(names.get(wanted, ()))
        if not found:
            found = {p for name, ps in names.items() if name.startswith(wanted) for p in ps}
        return tuple(sorted(found, key=lambda place: (place.past, place.iri)))

    async def meant(self, text: str) -> tuple[Place, ...]:
        """Return the one territory of today that a name means, else all that it may mean."""
        found = await self.places(text)
        today = tuple(place for place in found if not place.past)
        return today if len(today) == 1 else found

    async def sources(self, programmes: Iterable[Iri]) -> Sources:
        """Where the features of programmes are written."""
        shown = list(programmes)
        if not shown:
            return {}
        rows = await self._queries.select(evidence_query(shown))
        found: dict[tuple[Iri, Iri], set[Evidence]] = defaultdict(set)
        for row in rows:
            subject, value, publication = row["s"], row["o"], row.get("publication")
            if not isinstance(subject, Iri) or not isinstance(value, Iri):
                continue
            passage = read_passage_name(text_of(row.get("passage")), self._iris)
            found[subject, value].add(
                Evidence(
                    passage=passage,
                    publication=publication if isinstance(publication, Iri) else None,
                    place=text_of(row.get("place")),
                    year=text_of(row.get("year")),
                    rule=text_of(row.get("rule")),
                )
            )
        return {key: _best(several) for key, several in found.items()}

    async def contacts(self, profile: Profile, judged: Iterable[Judgement]) -> tuple[Contact, ...]:
        """Whom to ask: those whose role it is, near the project first; then who runs what fits."""

        async def load() -> dict[Iri, tuple[set[Iri], set[Iri]]]:
            found: dict[Iri, tuple[set[Iri], set[Iri]]] = defaultdict(lambda: (set(), set()))
            for row in await self._queries.select(contacts_query(self._iris)):
                subject, role, place = row["s"], row["role"], row.get("place")
                if isinstance(subject, Iri) and isinstance(role, Iri):
                    found[subject][0].add(role)
                    if isinstance(place, Iri):
                        found[subject][1].add(place)
            return dict(found)

        answering = await self._cache.get(self._queries.generation, "guide/contacts", load)
        knowledge = await self.knowledge()
        place = profile.answer("place")
        around = knowledge.around(self._iris.entity("territory", place)) if place else frozenset()
        research = {
            self._iris.concept("actor-roles", r) for r in ("research-chair", "research-body")
        }
        first = self._iris.concept("actor-roles", "resource-centre")
        runs = [operator for each in judged for operator in each.offer.operators]
        ranked: list[tuple[int, Iri, Contact]] = []
        for iri, (roles, places) in answering.items():
            scientific = bool(roles & research)
            if scientific != (profile.need == "research") and first not in roles:
                continue
            near = bool((places & around) - _countries(places, self._iris))
            if place and places and not near and first not in roles:
                continue
            rank = 0 if near else 1 if scientific or iri in runs else 2 if first in roles else 9
            if rank < 9:
                ranked.append((rank, iri, Contact(iri, tuple(sorted(roles)), near)))
        return tuple(contact for *_, contact in sorted(ranked)[:MOST_CONTACTS])

    async def _place_names(self) -> dict[str, tuple[Place, ...]]:
        async def load() -> dict[str, tuple[Place, ...]]:
            found: dict[str, set[Place]] = defaultdict(set)
            for row in await self._queries.select(places_query(self._iris)):
                if isinstance(row["s"], Iri):
                    found[fold(text_of(row["label"]))].add(Place(row["s"], "until" in row))
            return {name: tuple(places) for name, places in found.items()}

        return await self._cache.get(self._queries.generation, "guide/places", load)


def guide_of(request: Request) -> GuideReader:
    """The guide of the app that serves this request."""
    services = services_of(request)
    return GuideReader(services.queries, services.iris, cache_of(request))


def _countries(places: Iterable[Iri], iris: Iris) -> frozenset[Iri]:
    """Those of the places that are a whole country: being there is not being near."""
    prefix = iris.entity("territory", "eu-")
    return frozenset(place for place in places if place.startswith(prefix))


def _best(several: Iterable[Evidence]) -> tuple[Evidence, ...]:
    """One a publication, that which opens a sentence; the newest first."""
    chosen: dict[Iri | None, Evidence] = {}
    for each in sorted(several, key=lambda e: (e.passage is None, bool(e.rule), e.place)):
        chosen.setdefault(each.publication, each)
    return tuple(sorted(chosen.values(), key=lambda e: (e.year, e.publication or ""), reverse=True))
