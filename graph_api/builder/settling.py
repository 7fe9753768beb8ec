"""Settling what sources contradict each other about: checks it, and writes it into the log."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime

from graph_api.builder.review import Judge
from graph_api.errors import BadInputError, MissingError
from graph_api.settlements import VERDICTS, Settlement, SettlementLog

__all__ = ["settle", "unsettle"]


def settle(
    log: SettlementLog,
    verdict: str,
    subject: str,
    measure: str,
    values: Sequence[str],
    value: str,
    judge: Judge,
) -> Settlement:
    """Write how a comparison of ``values`` is settled; ``value`` is the preferred or wrong one.

    Raises:
        BadInputError: no such verdict, or it does not say which of the values it means.
    """
    if made := _made(log, judge.job):
        return made
    if verdict not in VERDICTS:
        raise BadInputError(f"a comparison is settled by {', '.join(VERDICTS)}, not {verdict!r}")
    if not subject or not measure or not values:
        raise BadInputError("say which values of which thing are settled")
    if verdict == "both" and (value or len(values) < 2):
        raise BadInputError("several values can stand together, not one")
    if verdict != "both" and value not in values:
        raise BadInputError("say which of the values is meant")
    record = Settlement(*_head(judge), verdict, subject, measure, tuple(sorted(set(values))), value)
    log.append(record)
    return record


def unsettle(log: SettlementLog, settlement_id: str, judge: Judge) -> Settlement:
    """Take a settlement back.

    Raises:
        MissingError: there is none of that id in force.
    """
    if made := _made(log, judge.job):
        return made
    target = next((each for each in log.in_force() if each.id == settlement_id), None)
    if target is None:
        raise MissingError(f"there is no settlement {settlement_id[:80]} to take back")
    record = Settlement(*_head(judge), "undo", undoes=target.id)
    log.append(record)
    return record


def _made(log: SettlementLog, job: str) -> Settlement | None:
    return next((each for each in log.records() if job and each.id == job), None)


def _head(judge: Judge) -> tuple[str, str, str, str]:
    now = datetime.now(UTC).replace(microsecond=0).isoformat()
    return judge.job or f"{now}-{secrets.token_hex(4)}", now, judge.who, judge.why
