"""Corrections: what a person says a claim is instead, checked against ontology, graph and document."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from graph_api.builder.decisions import ClaimRef, Ends
from graph_api.errors import BadInputError
from graph_api.store.base import View
from graph_api.workbench import Workbench
from ingest.extract.classes import family_of
from ingest.extraction import Named
from ingest.spotted import minted_iri, name_key
from ontology import terms as mln
from ontology.datatypes import DATATYPES
from ontology.iris import KINDS, ONTOLOGY, Iris
from ontology.model import Iri, Literal
from ontology.schema import PropertyTerm, Schema
from ontology.vocabularies import RDF_TYPE, SKOS_PREF_LABEL

__all__ = ["AROUND", "Corrector", "Wish"]

AROUND = 400
"""Characters on either side of a sentence in which the name of a thing may stand."""

_SIDES = ("subject", "object")
_LONGEST = 200  # characters of a name


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person asks for; what is empty stays as it is.

    ``side`` is the end that is something else: the entity at ``address``, or else one that the document
    calls ``name``, of the class ``cls``. ``everywhere`` says the same of all that was read of that end
    in the document.
    """

    subject: str = ""
    object: str = ""
    predicate: str = ""
    side: str = ""
    address: str = ""
    name: str = ""
    cls: str = ""
    everywhere: bool = False


class Corrector:
    """Turns wishes into ends that a claim can have."""

    def __init__(
        self, view: View, workbench: Workbench, iris: Iris, text_of: Callable[[str], str]
    ) -> None:
        self._view = view
        self._workbench = workbench
        self._iris = iris
        self._text_of = text_of
        self._schema = Schema.load()

    def correct(self, claim: ClaimRef, wish: Wish) -> Ends:
        """Return what a claim says instead, the value as the relation's datatype writes it.

        Raises:
            BadInputError: the relation cannot have these ends, the name is not in the document, or
                nothing would change.
        """
        ends = self._relation(claim, wish)
        named = self._named(claim, wish)
        if named is not None:
            ends = replace(ends, named=named)
            if wish.side == "subject":
                ends = replace(ends, subject=str(named.iri))
            else:
                ends = replace(ends, object=str(named.iri))
        elif wish.subject or wish.object:
            ends = replace(ends, named=self._link(claim, ends))
        for side, iri in (("subject", ends.subject), ("object", ends.object)):
            if side == "subject" or not ends.datatype:
                self._check(claim, ends.predicate or claim.predicate, iri, side, named)
        if ends.subject == ends.object:
            raise BadInputError("a claim relates two things")
        same = (ends.subject, ends.object, ends.predicate) == (claim.subject, claim.object, "")
        retyped = named is not None and named.cls != self._end(claim, str(named.iri)).cls
        if same and not retyped:
            raise BadInputError("this is what the claim says already")
        return ends

    def carry(self, claim: ClaimRef, old: str, named: Named) -> Ends | None:
        """Return another claim with ``old`` exchanged; None where its relation cannot have that."""
        subject, value = (
            named.iri if each == old else each for each in (claim.subject, claim.object)
        )
        try:
            self._relation(claim, Wish())
            for side, iri in (("subject", subject), ("object", value)):
                if iri == named.iri:
                    self._check(claim, claim.predicate, iri, side, named)
        except BadInputError:
            return None
        if subject == value:
            return None
        prop = self._schema.term(claim.predicate)
        literal = isinstance(prop, PropertyTerm) and prop.has_literal
        return Ends(subject, value, self._datatype(prop) if literal else "", named=named)

    def _relation(self, claim: ClaimRef, wish: Wish) -> Ends:
        """The ends and the relation of a wish, before an end is named otherwise."""
        present = self._schema.term(claim.predicate)
        prop = self._schema.term(wish.predicate) if wish.predicate else present
        if not isinstance(present, PropertyTerm) or not isinstance(prop, PropertyTerm):
            raise BadInputError("a claim of this kind is accepted or rejected, not corrected")
        if mln.mentions in (present.iri, prop.iri) and prop != present:
            raise BadInputError("that a document names something is no relation between things")
        if present.has_literal != prop.has_literal or (
            present.has_literal and present.range != prop.range
        ):
            raise BadInputError("that relation takes another kind of value")
        subject, value = wish.subject or claim.subject, wish.object or claim.object
        predicate = "" if prop.iri == present.iri else str(prop.iri)
        if not prop.has_literal:
            return Ends(subject, value, "", predicate)
        datatype = self._datatype(prop)
        try:
            return Ends(subject, DATATYPES[Iri(datatype)](value.strip()), datatype, predicate)
        except ValueError as error:
            raise BadInputError(f"{value[:80]!r} is no value of this relation: {error}") from error

    def _datatype(self, prop: object) -> str:
        datatype = prop.range[0] if isinstance(prop, PropertyTerm) and prop.has_literal else ""
        if datatype not in DATATYPES:
            raise BadInputError("the value of this relation cannot be corrected")
        return str(datatype)

    def _named(self, claim: ClaimRef, wish: Wish) -> Named | None:
        """What the end is that a wish exchanges, None where it exchanges none."""
        if not wish.address and not wish.name and not wish.cls:
            return None
        if wish.side not in _SIDES or (wish.side == "object" and "://" not in claim.object):
            raise BadInputError("say which end of the claim is something else")
        if wish.address:
            return self._known(self._address(wish.address))
        present = self._end(claim, claim.subject if wish.side == "subject" else claim.object)
        name = self._slice(claim, wish.name) if wish.name else present.label
        cls = wish.cls or present.cls
        if family_of(cls) is None or self._schema.kind(cls) not in KINDS:
            raise BadInputError("say of which class of the ontology it is")
        key = name_key(name, cls)
        if not key:
            raise BadInputError("say how the document calls it")
        # What a document means by a name that others use otherwise stays its own.
        local = claim.document if present.iri.endswith(f"-{claim.document[:8]}") else ""
        iri = minted_iri(self._iris, cls, key, local)
        if any("/document/" not in graph for graph in self._graphs(iri)):
            if cls != self._known(iri).cls and wish.cls:
                raise BadInputError(f"a sheet or a list says what {iri} is: it is corrected there")
            return self._known(iri)
        return Named(iri, cls, name, present.lang, new=True)

    def _link(self, claim: ClaimRef, ends: Ends) -> Named | None:
        """What the end is that was exchanged for a known one."""
        changed = [
            new
            for old, new in ((claim.subject, ends.subject), (claim.object, ends.object))
            if old != new and not (ends.datatype and new == ends.object)
        ]
        return self._known(Iri(changed[0])) if len(changed) == 1 else None

    def _known(self, iri: Iri) -> Named:
        """Describe an entity of the graph. Raises BadInputError where it has none of that address."""
        names = [each.rpartition("#")[2] for each in self._classes(iri)]
        known = [name for name in names if family_of(name) is not None]
        if not known:
            raise BadInputError(f"the graph has nothing called {iri[:200]}")
        narrowest = max(known, key=lambda n: (len(self._schema.class_named(n).ancestors), n))
        labels = sorted(
            (q.object.lang or "", q.object.value)
            for q in self._view.quads(subject=iri, predicate=SKOS_PREF_LABEL)
            if isinstance(q.object, Literal)
        )
        lang, label = labels[0] if labels else ("", "")
        return Named(iri, narrowest, label, lang)

    def _end(self, claim: ClaimRef, iri: str) -> Named:
        """Describe an end of a claim: as its document reads it, else as the graph has it."""
        item = next(iter(self._workbench.find(claim.hash)), None)
        if item is not None and iri == item.subject and item.subject_class:
            return Named(Iri(iri), item.subject_class, item.subject_label, item.lang)
        if item is not None and iri == item.object and item.object_class:
            return Named(Iri(iri), item.object_class, item.object_label, item.lang)
        return self._known(Iri(iri)) if self._classes(iri) else Named(Iri(iri), "", "")

    def _address(self, address: str) -> Iri:
        """Return the entity that an address means: of a page, of the graph, or kind/slug."""
        found = re.search(rf"(?:^|/)({'|'.join(KINDS)})/([^/?#\s]+)/?(?:[?#].*)?$", address.strip())
        if found is None:
            raise BadInputError(f"{address[:200]!r} is no address of an entity")
        return self._iris.entity(found[1], found[2])

    def _slice(self, claim: ClaimRef, name: str) -> str:
        """Return a name as the document prints it in or around the sentence of a claim."""
        words = [re.escape(word) for word in name.split()]
        if not words or len(name) > _LONGEST:
            raise BadInputError(f"a name has between 1 and {_LONGEST} characters")
        text = self._text_of(claim.document)
        at = max(0, text.find(claim.quote))
        near = text[max(0, at - AROUND) : at + len(claim.quote) + AROUND]
        # Whole words: what is cut inside one is no name that the text has.
        printed = r"\s+".join(words)
        found = re.search(rf"(?<!\w){printed}(?!\w)", near)
        if found is None:
            raise BadInputError(
                f"the document does not say {name[:80]!r} in or around the sentence"
            )
        return " ".join(found[0].split())

    def _check(self, claim: ClaimRef, prop: str, iri: str, side: str, named: Named | None) -> None:
        """Raise BadInputError where the relation cannot have that end."""
        types = self._classes(iri)
        if named is not None and named.iri == iri:
            types = [f"{ONTOLOGY}#{named.cls}"]
        elif not types and iri in (claim.subject, claim.object):
            types = [f"{ONTOLOGY}#{self._end(claim, iri).cls}"]  # what waits is in no graph
        if not types:
            raise BadInputError(f"the graph has nothing called {iri[:200]}")
        end = "domain" if side == "subject" else "range"
        if not any(self._schema.accepts(prop, each, side=end) for each in types):
            raise BadInputError(
                f"{iri[:200]} is of a kind that cannot stand on this side of the relation"
            )

    def _classes(self, iri: str) -> list[str]:
        return [str(q.object) for q in self._view.quads(subject=Iri(iri), predicate=RDF_TYPE)]

    def _graphs(self, iri: Iri) -> set[str]:
        return {str(q.graph) for q in self._view.quads(subject=iri, predicate=RDF_TYPE)}
