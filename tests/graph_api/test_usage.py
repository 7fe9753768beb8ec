"""Counts of usage: what counts, for whom, and what is never written."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph_api.portal.i18n import LANGUAGES
from graph_api.usage import UsageLog, is_robot, page_of
from tests.graph_api.local import Client, Sample, make_app

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1"
ADDRESS = "198.51.100.23"


def log_of(folder: Path, days: Iterator[date] | None = None, most: int = 10) -> UsageLog:
    if days is None:
        return UsageLog(folder, most, lambda: date(2026, 11, 28))
    return UsageLog(folder, most, lambda: next(days))


def test_a_browser_counts_once_a_day_and_each_of_its_views_does(tmp_path: Path) -> None:
    today = [date(2026, 11, 27)] * 3 + [date(2026, 11, 28)]
    log = log_of(tmp_path, iter(today))
    for agent in (FIREFOX, FIREFOX, SAFARI, FIREFOX):
        log.add(ADDRESS, agent, [("page", "home")])
    first, second = log.days()
    assert (first.day, first.visitors, first.views) == ("2026-11-27", 2, 3)
    assert (second.day, second.visitors, second.views) == ("2026-11-28", 1, 1)
    assert first.counts["page"] == {"home": 3}
    assert [day.day for day in log.days(last=1)] == ["2026-11-28"]


def test_robots_are_counted_apart(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.add(ADDRESS, "Googlebot/2.1 (+http://www.google.com/bot.html)", [("page", "home")])
    log.add(ADDRESS, "", [("page", "home")])
    (day,) = log.days()
    assert (day.visitors, day.views, day.robots, dict(day.counts["page"])) == (0, 0, 2, {})


@pytest.mark.parametrize(
    ("agent", "robot"),
    [
        (FIREFOX, False), (SAFARI, False), ("curl/8.5.0", True), ("python-requests/2.32", True),
        ("Mozilla/5.0 (compatible; bingbot/2.0)", True), ("-", True), ("HeadlessChrome/140", True),
        ("Lynx/2.9.2", False),
    ],
)  # fmt: skip
def test_who_is_a_robot(agent: str, robot: bool) -> None:
    assert is_robot(agent) is robot


def test_what_is_written_are_numbers_and_a_restart_adds_to_them(tmp_path: Path) -> None:
    log = log_of(tmp_path)
    log.add(ADDRESS, FIREFOX, [("page", "programme"), ("theme", "habitat")])
    log.save()
    log.save()
    (path,) = tmp_path.iterdir()
    assert path.name == "2026-11-28.json"
    text = path.read_text()
    assert ADDRESS not in text
    assert "Firefox" not in text
    again = log_of(tmp_path)
    again.add(ADDRESS, FIREFOX, [("page", "programme")])
    (day,) = again.days()
    assert (day.visitors, day.views) == (2, 2)
    assert day.counts["page"] == {"programme": 2}
    assert day.counts["theme"] == {"habitat": 1}


def test_memory_is_bounded_and_the_count_says_so(tmp_path: Path) -> None:
    log = log_of(tmp_path, most=3)
    for number in range(6):
        log.add(f"198.51.100.{number}", FIREFOX, [])
    (day,) = log.days()
    assert (day.visitors, day.views, day.cut) == (3, 6, True)


def test_a_file_that_cannot_be_read_is_left_out_and_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "2026-11-01.json").write_text("{oops")
    assert log_of(tmp_path).days() == ()
    assert "2026-11-01.json" in caplog.text


@pytest.mark.parametrize(
    ("path", "page"),
    [
        ("/fr/", "home"), ("/fr", "home"), ("/en/programme/dla", "programme"), ("/fr/search", "search"),
        ("/fr/usage.csv", ""), ("/fr/review/log", ""), ("/api/search", ""), ("/id/actor/a", ""),
        ("/static/x/portal.css", ""), ("/", ""),
    ],
)  # fmt: skip
def test_which_addresses_are_pages(path: str, page: str) -> None:
    assert page_of(path) == page


@pytest.fixture(scope="module")
def used(portal: Sample, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """An application of its own, after a few visits."""
    folder = tmp_path_factory.mktemp("used")
    settings = replace(portal.services.settings, data=folder, usage_seconds=0.0)
    (folder / "usage").mkdir()
    client = Client(make_app(replace(portal.services, settings=settings)))
    person = {"user-agent": FIREFOX}
    for path in ("/fr/", "/fr/programme/tremplin-local", "/en/guide",
                 "/fr/concept/themes/social-economy", "/fr/nowhere/at/all",
                 "/fr/guide/results?stage=idea&need=funding", "/api/usage", "/fr/usage.csv",
                 "/fr/guide/results?stage=%3Cscript%3E"):  # fmt: skip
        client.get(path, **person)
    client.get("/fr/", **{"user-agent": "Googlebot/2.1"})
    client.folder = folder  # type: ignore[attr-defined]
    return client


def counted(client: Client) -> dict[str, Any]:
    (day,) = json.loads(client.get("/api/usage").content)["days"]
    found: dict[str, Any] = day
    return found


def test_pages_are_counted_and_nothing_that_visitors_typed(used: Client) -> None:
    day = counted(used)
    assert day["counts"]["page"] == {"concept": 1, "guide": 3, "home": 1, "programme": 1}
    assert day["counts"]["guide"] == {"begun": 1, "results": 2}
    assert day["counts"]["stage"] == {"idea": 1}
    assert day["counts"]["theme"] == {"social-economy": 1}
    assert day["counts"]["need"] == {"funding": 1}
    assert (day["visitors"], day["views"], day["robots"]) == (1, 6, 1)
    assert "script" not in json.dumps(day)


def test_what_is_on_the_disk_names_nobody(used: Client) -> None:
    files = list((used.folder / "usage").iterdir())  # type: ignore[attr-defined]
    assert files
    for path in files:
        said = json.loads(path.read_text())
        assert set(said) == {"day", "visitors", "views", "robots", "counts", "cut"}
        assert "127.0.0.1" not in path.read_text()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_says_visitor_days_and_sets_no_cookie(used: Client, lang: str) -> None:
    answer = used.get(f"/{lang}/usage", **{"user-agent": "curl/8"})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert {"fr": "Jours-visiteurs", "en": "Visitor-days"}[lang] in answer.text
    assert {"fr": "Par besoin", "en": "By need"}[lang] in answer.text
    assert "google" not in answer.text.lower()
    table = used.get(f"/{lang}/usage.csv", **{"user-agent": "curl/8"}).text
    assert {"fr": ";need;funding;1", "en": ",need,funding,1"}[lang] in table


def test_counts_that_cannot_be_written_stay_in_memory(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    log = log_of(tmp_path / "missing")
    log.add(ADDRESS, FIREFOX, [])
    log.save()
    assert "cannot be written" in caplog.text
    assert [day.views for day in log.days()] == [1]


def test_before_anybody_came_the_page_says_so(portal: Sample, tmp_path: Path) -> None:
    settings = replace(portal.services.settings, data=tmp_path)
    client = Client(make_app(replace(portal.services, settings=settings)))
    assert "Nothing has been counted so far." in client.get("/en/usage").text
