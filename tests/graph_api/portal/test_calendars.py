"""Calendars that calendar programs read: dates, escapes, folds."""

from datetime import UTC, date, datetime

from graph_api.portal.calendars import Day, calendar_text, read_day

STAMP = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def test_a_day_is_a_day_and_a_month_is_none() -> None:
    assert read_day("2024-02-29") == date(2024, 2, 29)
    assert [read_day(text) for text in ("", "2024", "2024-02", "2024-02-30", "x" * 12)] == [
        None
    ] * 5


def test_the_day_after_the_last_ends_an_event_and_signs_are_escaped() -> None:
    day = Day(
        "urn:x", "A, b; c\\d\nEND:VEVENT", date(2024, 12, 30), date(2024, 12, 31), "http://x/"
    )
    lines = calendar_text("Events", [day], STAMP).split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "DTSTART;VALUE=DATE:20241230" in lines
    assert "DTEND;VALUE=DATE:20250101" in lines
    assert "DTSTAMP:20260102T030405Z" in lines
    assert "SUMMARY:A\\, b\\; c\\\\d\\nEND:VEVENT" in lines
    assert lines.count("END:VEVENT") == 1


def test_long_lines_are_folded_inside_no_character() -> None:
    title = "é" * 200
    text = calendar_text("x", [Day("urn:x", title, STAMP.date(), STAMP.date(), "u")], STAMP)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert f"SUMMARY:{title}" in text.replace("\r\n ", "")
