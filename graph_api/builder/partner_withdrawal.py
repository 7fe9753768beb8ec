"""Withdrawing one record of a partner, or all that it sent, and taking that back.

What is withdrawn leaves the disk, too; it comes back once that is taken back and it is sent again.
"""

from graph_api.builder.review import Judge
from graph_api.errors import BadInputError, MissingError
from graph_api.folder import DataFolder
from graph_api.identities import Fate, IdentityLog, new_fate
from graph_api.partners.erasing import erase_all, erase_record, subjects_of
from graph_api.partners.following import forget_feeds
from graph_api.partners.records import record_of
from graph_api.partners.registry import PartnerFolder
from ontology.iris import Iris

__all__ = ["let_back", "take_out"]


def take_out(
    folder: DataFolder, log: IdentityLog, iris: Iris, partner: str, entity: str, judge: Judge
) -> Fate:
    """Withdraw an entity of a partner, or all of it where ``entity`` is empty.

    First it is written down, then erased: killed between, doing it again ends it.

    Raises:
        MissingError: there is no such partner, or it never described that.
        BadInputError: the address is none of the partner's.
    """
    partners = PartnerFolder(folder, iris)
    known = partners.get(partner)
    place = partners.place(known.id)
    iri = entity or iris.graph(f"partner/{known.id}")
    if entity and not known.owns(entity):
        raise BadInputError(f"{entity} lies under none of the partner's prefixes")
    record = record_of(entity, known.prefixes) if entity else None
    fate = log.fates().get(record or iri)
    if fate is None or fate.event != "withdrawn":
        also = subjects_of(place, known.prefixes, record)
        if entity and not also:
            raise MissingError(f"nothing is known about {iri}")
        iri = record or iri
        fate = new_fate(iri, "withdrawn", who=judge.who, why=judge.why, also=sorted(also - {iri}))
        log.append(fate)
    forget_feeds(folder, known.id)
    if record is None:
        erase_all(place)
    else:
        erase_record(place, known.prefixes, record)
    return fate


def let_back(
    folder: DataFolder, log: IdentityLog, iris: Iris, partner: str, entity: str, judge: Judge
) -> Fate:
    """Take a withdrawal back: it may be sent again.

    Raises:
        MissingError: there is no such partner.
        BadInputError: it is not withdrawn.
    """
    known = PartnerFolder(folder, iris).get(partner)
    iri = record_of(entity, known.prefixes) if entity else str(iris.graph(f"partner/{known.id}"))
    fate = log.fates().get(iri)
    if fate is None or fate.event != "withdrawn":
        raise BadInputError(f"{iri} is not withdrawn")
    back = new_fate(fate.iri, "restored", who=judge.who, why=judge.why, also=fate.also)
    log.append(back)
    forget_feeds(folder, known.id)  # the next run reads what it left out meanwhile
    return back
