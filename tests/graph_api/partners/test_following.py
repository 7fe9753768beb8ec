"""What a partner's event stream says becomes a file for the gate; what all share is not taken in."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from graph_api.cli import cli, partner_commands
from graph_api.errors import BadInputError, CannotRunError
from graph_api.folder import DataFolder
from graph_api.identities import IdentityLog, new_fate
from graph_api.partners import following
from graph_api.partners.following import (
    Member,
    feed_place,
    follow,
    forget_feeds,
    statements_of,
)
from graph_api.partners.registry import PartnerFolder
from graph_api.partners.rules import in_words
from graph_api.partners.runs import RunLog
from graph_api.settings import Settings
from ontology.iris import Iris
from tests.graph_api.exchange.test_mirror import HOME, Pages
from tests.graph_api.partners.test_registry import LATVIA
from tests.graph_api.partners.test_runs import RUN

AT = "2026-02-03T04:05:06.000000+00:00"
ID = "https://lv.example/id"
PARTNER = replace(LATVIA, feeds=(HOME,))


def member(path: str, *lines: str) -> Member:
    return Member(f"{ID}/{path}", AT, "\n".join(f"{line} ." for line in lines))


def test_shared_things_become_ours_and_evidence_stays_there() -> None:
    a, p = f"<{ID}/actor/a>", "<https://p.example/p>"
    lines, kinds = statements_of(
        [
            member(
                "actor/a",
                f"{a} {p} <{ID}/territory/eu-LV>",
                f"{a} {p} <{ID}/concept/themes/food>",
                f"<{ID}/actor/a#role-1> {p} {a}",
                f"<{ID}/claim/1> {p} {a}",
            ),
            member("territory/eu-LV", f"<{ID}/territory/eu-LV> {p} 'x'"),
            member("concept/themes/food", f"<{ID}/concept/themes/food> {p} 'x'"),
            member("document/1", f"<{ID}/document/1> {p} 'x'"),
        ],
        LATVIA.prefixes,
        Iris(),
    )
    assert lines == [
        f"<{ID}/actor/a#role-1> {p} {a} .",
        f'{a} <http://purl.org/dc/terms/modified> "2026-02-03"^^<http://www.w3.org/2001/XMLSchema#date> .',
        f"{a} <http://purl.org/dc/terms/source> {a} .",
        f"{a} {p} <https://maillon.example/id/concept/themes/food> .",
        f"{a} {p} <https://maillon.example/id/territory/eu-LV> .",
    ]
    assert kinds == {"taken": 1, "shared": 2, "evidence": 1, "statements": 1}


def test_source_and_day_of_a_record_are_its_own_where_it_has_them() -> None:
    a = f"<{ID}/a>"
    said = [
        f"{a} <http://purl.org/dc/terms/source> <https://lv.example/page>",
        f'{a} <http://purl.org/dc/terms/modified> "2020"',
    ]
    lines, _ = statements_of([member("a", *said)], ("https://lv.example/id/",), Iris())
    assert sorted(lines) == sorted(f"{line} ." for line in said)


def test_under_other_prefixes_nothing_is_taken_for_ours() -> None:
    for prefix in ("https://lv.example/id#", "https://lv.example/id/territory/"):
        _, kinds = statements_of([member("territory/x")], (prefix,), Iris())
        assert kinds == {"taken": 1}
    _, kinds = statements_of([member("territory/x")], ("https://lv.example/",), Iris())
    assert kinds == {"shared": 1}


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "var")
    made.init()
    PartnerFolder(made, Iris()).add(PARTNER)
    return made


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Pages:
    site = Pages(feed=said(1, "Create", "a", "one") + said(2, "Create", "b", "two"))
    monkeypatch.setattr(following, "Fetcher", lambda *_: site)
    return site


def said(number: int, kind: str, name: str, text: str = "") -> str:
    graph = f"e:c{number} {{ <{ID}/{name}> e:says '{text}' }}" if text else ""
    moment = f'"2026-01-01T00:00:{number:02}Z"'
    return f"e:c{number} a as:{kind} ; as:object <{ID}/{name}> ; as:published {moment} . {graph}\n"


def names(folder: DataFolder, withdrawn: Iterator[str] | tuple[str, ...] = ()) -> list[str]:
    found = follow(folder, Settings(), PARTNER, HOME, set(withdrawn), lambda _: None)
    lines = found.data.decode().splitlines()
    return [line.split('"')[1] for line in lines if "/says>" in line]


def test_what_changed_and_was_deleted_there_changes_here(folder: DataFolder, pages: Pages) -> None:
    assert names(folder) == ["one", "two"]
    pages.pages["feed"] = said(3, "Update", "a", "new") + said(4, "Delete", "b")
    assert names(folder) == ["new"]


def test_what_is_withdrawn_leaves_what_was_read(folder: DataFolder, pages: Pages) -> None:
    assert names(folder) == ["one", "two"]
    assert names(folder, (f"{ID}/a",)) == ["two"]
    place = feed_place(folder, "lv")
    (kept,) = place.glob("*/mirror.sqlite")
    assert b"one" not in kept.read_bytes()
    forget_feeds(folder, "lv")
    assert names(folder) == ["one", "two"]


def test_only_registered_feeds_are_followed(folder: DataFolder) -> None:
    with pytest.raises(BadInputError, match="none of the feeds") as refused:
        follow(folder, Settings(), PARTNER, "https://else.example/", (), lambda _: None)
    assert in_words(refused.value.detail)["fr"] != refused.value.detail


def test_no_feed_in_a_private_network_is_followed(folder: DataFolder) -> None:
    inside = replace(PARTNER, feeds=("http://127.0.0.1:9/feed",))
    with pytest.raises(BadInputError, match="private network"):
        follow(folder, Settings(), inside, inside.feeds[0], (), lambda _: None)
    allowed = Settings(fetch_allow="a.example, 127.0.0.1")
    with pytest.raises(CannotRunError, match="cannot be read"):  # asked, and nobody there
        follow(folder, allowed, inside, inside.feeds[0], (), lambda _: None)


def test_the_command_sends_what_is_new_to_the_gate(
    folder: DataFolder, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs: list[dict[str, Any]] = []

    def run_job(_f: Any, _s: Any, kind: str, arguments: dict[str, Any], _p: Any) -> dict[str, Any]:
        (file,) = arguments["files"]
        data = (folder.inbox / file["spooled"]).read_bytes()
        jobs.append({"kind": kind, "data": data, **arguments})
        digest = hashlib.sha256(data).hexdigest()
        RunLog(folder.partners / "lv").save(replace(RUN, sha256=digest, findings=(), records=9))
        return {"state": "done", "report": {"run": {"id": RUN.id}}}

    monkeypatch.setattr(partner_commands, "run_job", run_job)
    words = ["partner", "follow", "lv", "--data", str(folder.root)]
    first = CliRunner().invoke(cli, words)
    assert first.exit_code == 0, first.output
    assert (jobs[0]["kind"], jobs[0]["data"].count(b"/says>")) == ("partner", 2)
    again = CliRunner().invoke(cli, words)
    assert (again.exit_code, len(jobs)) == (0, 1)
    assert f"Nothing new since the run {RUN.id}." in again.output
    IdentityLog(folder.decisions).append(new_fate(f"{ID}/a", "withdrawn", who="x", why="y"))
    assert CliRunner().invoke(cli, words).exit_code == 0
    assert jobs[1]["data"].count(b"/says>") == 1


def test_a_partner_without_feed_cannot_be_followed(folder: DataFolder) -> None:
    PartnerFolder(folder, Iris()).add(replace(LATVIA, feeds=()), replace=True)
    done = CliRunner().invoke(cli, ["partner", "follow", "lv", "--data", str(folder.root)])
    assert (done.exit_code, "register it with --feed" in done.output) == (1, True)
