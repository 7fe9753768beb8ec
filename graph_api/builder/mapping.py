"""Writing mappings into the log: made by a person, taken back, or refused as a proposal."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from graph_api.builder.review import Judge
from graph_api.errors import BadInputError, MissingError
from graph_api.folder import DataFolder
from graph_api.mappings import EVENTS, JUSTIFICATIONS, PREDICATES, Mapping, MappingLog
from graph_api.partners.registry import PartnerFolder
from ontology.iris import Iris

__all__ = ["write_mappings"]


def write_mappings(
    folder: DataFolder, iris: Iris, rows: Sequence[dict[str, str]], judge: Judge
) -> list[Mapping]:
    """Write rows, all or none; a row that says what holds already is not written again.

    Raises:
        BadInputError: a row is no mapping, or has no end that is ours or a partner's.
        MissingError: one that is to be taken back does not hold.
    """
    log = MappingLog(folder.decisions)
    if made := [each for each in log.records() if judge.job and each.job == judge.job]:
        return made
    prefixes = [f"{iris.base}/id/"]
    prefixes += (prefix for each in PartnerFolder(folder, iris).all() for prefix in each.prefixes)
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    held = {each.key: each for each in log.in_force()}
    found = []
    for row in rows:
        mapping = _mapping(row, now, judge)
        _check(mapping, tuple(prefixes))
        before = held.get(mapping.key)
        if mapping.event == "retract":
            if before is None:
                raise MissingError(f"no mapping from {mapping.subject} to {mapping.object} holds")
            mapping = replace(before, event="retract", at=now, who=judge.who, job=judge.job)
        elif before is not None and _same(before, mapping):
            continue
        found.append(mapping)
    for mapping in found:
        log.append(mapping)
    return found


def _mapping(row: dict[str, str], now: str, judge: Judge) -> Mapping:
    try:
        return Mapping(**{**row, "at": now, "who": row.get("who") or judge.who, "job": judge.job})  # type: ignore[arg-type]
    except TypeError as error:
        raise BadInputError(f"this is no mapping: {error}") from error


def _check(mapping: Mapping, prefixes: tuple[str, ...]) -> None:
    if mapping.event not in EVENTS:
        raise BadInputError(f"a mapping is made by {', '.join(EVENTS)}, not “{mapping.event}”")
    if mapping.predicate not in PREDICATES:
        raise BadInputError(f"“{mapping.predicate}” is none of {', '.join(PREDICATES)}")
    if mapping.justification not in JUSTIFICATIONS:
        raise BadInputError(f"“{mapping.justification}” is none of {', '.join(JUSTIFICATIONS)}")
    for end in (mapping.subject, mapping.object):
        if urlsplit(end).scheme not in ("http", "https") or set(end) & set(' <>"{}|\\^`\t\n'):
            raise BadInputError(f"“{end}” is no address of the web")
    if mapping.subject == mapping.object:
        raise BadInputError(f"{mapping.subject} is mapped to itself")
    if not (mapping.subject.startswith(prefixes) or mapping.object.startswith(prefixes)):
        raise BadInputError(
            f"neither {mapping.subject} nor {mapping.object} is an address of ours or of a partner"
        )


def _same(before: Mapping, mapping: Mapping) -> bool:
    return replace(mapping, at=before.at, who=before.who, job=before.job) == before
