"""iCalendar (RFC 5545): calls and events as days of a calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

__all__ = ["Day", "calendar_text", "read_day"]

_LINE = 75  # octets; a longer line is folded


@dataclass(frozen=True, slots=True)
class Day:
    """One entry: from ``start`` to ``end``, both included; ``iri`` names it for ever."""

    iri: str
    title: str
    start: date
    end: date
    url: str
    text: str = ""


def read_day(text: str) -> date | None:
    """A date of the precision of a day; None for a month or a year, which are no day."""
    try:
        return date.fromisoformat(text[:10]) if len(text) >= 10 else None
    except ValueError:
        return None


def calendar_text(name: str, days: Iterable[Day], stamp: datetime) -> str:
    """Return a calendar; ``stamp`` is when the data was last changed."""
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//maillon//maillon//EN",
        f"NAME:{_escape(name)}", f"X-WR-CALNAME:{_escape(name)}",
    ]  # fmt: skip
    for each in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{_escape(each.iri)}",
            f"DTSTAMP:{stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{each.start:%Y%m%d}",
            f"DTEND;VALUE=DATE:{each.end + timedelta(days=1):%Y%m%d}",  # the first day after it
            f"SUMMARY:{_escape(each.title)}",
            *([f"DESCRIPTION:{_escape(each.text)}"] if each.text else []),
            f"URL:{each.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(_fold(line) + "\r\n" for line in [*lines, "END:VCALENDAR"])


def _escape(text: str) -> str:
    for sign in ("\\", ";", ","):
        text = text.replace(sign, f"\\{sign}")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")
    return "".join(c for c in text if c >= " ")


def _fold(line: str) -> str:
    """Cut a line at 75 octets, never inside a character."""
    parts, part, size = [], "", 0
    for char in line:
        width = len(char.encode(errors="replace"))
        if size + width > _LINE:
            parts.append(part)
            part, size = " ", 1
        part, size = part + char, size + width
    return "\r\n".join([*parts, part])
