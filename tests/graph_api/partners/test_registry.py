"""Who our partners are: what is kept, what is refused and why."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from graph_api.cli import cli
from graph_api.errors import BadInputError, MissingError
from graph_api.folder import DataFolder
from graph_api.partners.registry import Partner, PartnerFolder
from graph_api.portal.sentences import translate_sentence
from ontology.iris import Iris

LATVIA = Partner(
    id="lv",
    name="Sociālās inovācijas centrs",
    country="LV",
    languages=("lv", "en"),
    licence="https://creativecommons.org/licenses/by/4.0/",
    prefixes=("https://lv.example/id/",),
    feeds=("https://lv.example/feed",),
    contact="data@lv.example",
)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "var")
    made.init()
    return made


@pytest.fixture
def partners(folder: DataFolder) -> PartnerFolder:
    return PartnerFolder(folder, Iris())


def test_a_partner_is_kept_with_the_day(partners: PartnerFolder) -> None:
    kept = partners.add(LATVIA)
    assert kept.added
    assert replace(kept, added="") == LATVIA
    assert list(partners.all()) == [kept] == [partners.get("lv")]
    assert kept.owns("https://lv.example/id/a")
    assert not kept.owns("https://lv.example/other")


def test_a_record_is_only_replaced_when_asked(partners: PartnerFolder) -> None:
    partners.add(LATVIA)
    renamed = replace(LATVIA, name="Centrs")
    with pytest.raises(BadInputError, match="already"):
        partners.add(renamed)
    assert partners.add(renamed, replace=True).name == "Centrs"
    assert [each.name for each in partners.all()] == ["Centrs"]


def test_an_unreadable_record_hides_no_other(partners: PartnerFolder, folder: DataFolder) -> None:
    partners.add(LATVIA)
    for name, text in (("broken", "{"), ("list", "[]"), ("old", '{"id": "old"}')):
        (folder.partners / name).mkdir()
        (folder.partners / name / "partner.json").write_text(text)
    assert [each.id for each in partners.all()] == ["lv"]


@pytest.mark.parametrize("name", ["nobody", "../lv", "LV", "", "a" * 41])
def test_a_partner_that_is_none_is_missing(partners: PartnerFolder, name: str) -> None:
    with pytest.raises(MissingError):
        partners.get(name)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"id": "L V"}, "small letters"),
        ({"id": "../x"}, "small letters"),
        ({"name": " "}, "a name of at most"),
        ({"country": "ZZ"}, "no country"),
        ({"country": "EU"}, "no country"),
        ({"country": "Latvia"}, "no country"),
        ({"country": "001"}, "no country"),
        ({"languages": ()}, "at least one language"),
        ({"languages": ("latvian",)}, "no language"),
        ({"languages": ("qzz",)}, "no language"),
        ({"licence": "CC-BY"}, "web address"),
        ({"licence": "javascript:alert(1)"}, "web address"),
        ({"prefixes": ()}, "at least one prefix"),
        ({"prefixes": ("https://lv.example/id",)}, "must end in / or #"),
        ({"prefixes": ("ftp://lv.example/",)}, "no address of the web"),
        ({"prefixes": ("https:///",)}, "no address of the web"),
        ({"prefixes": ("urn:x/",)}, "no address of the web"),
        ({"prefixes": ("https://lv.example/?q=/",)}, "no address of the web"),
        ({"prefixes": ("https://a@lv.example/",)}, "no address of the web"),
        ({"prefixes": ("https://lv.example/a b/",)}, "no address of the web"),
        ({"prefixes": ("https://maillon.example/id/",)}, "overlaps"),
        ({"prefixes": ("https://maillon.example/",)}, "overlaps"),
        ({"prefixes": ("http://www.w3.org/",)}, "overlaps"),
        ({"prefixes": ("https://w3id.org/maillon/",)}, "overlaps"),
        ({"feeds": ("file:///etc/passwd",)}, "no address of the web"),
        ({"contact": "somebody"}, "no mail address"),
    ],
)
def test_what_cannot_be_is_said(
    partners: PartnerFolder, changed: dict[str, object], said: str
) -> None:
    with pytest.raises(BadInputError, match=said) as refused:
        partners.add(replace(LATVIA, **changed))  # type: ignore[arg-type]
    assert list(partners.all()) == []
    assert translate_sentence(refused.value.detail, "fr") != refused.value.detail


@pytest.mark.parametrize(
    "prefix", ["https://lv.example/id/", "https://lv.example/id/x/", "https://lv.example/"]
)
def test_prefixes_of_two_partners_never_overlap(partners: PartnerFolder, prefix: str) -> None:
    partners.add(LATVIA)
    with pytest.raises(
        BadInputError, match=r"overlaps with https://lv\.example/id/ of the partner"
    ):
        partners.add(replace(LATVIA, id="ee", country="EE", prefixes=(prefix,)))


def test_the_commands_register_and_list(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAILLON_LOCALE", "fr")
    words = ["partner", "add", "lv", "--name", "Centrs", "--country", "lv", "--language", "lv"]
    words += ["--licence", "https://creativecommons.org/licenses/by/4.0/"]
    words += ["--prefix", "https://lv.example/id/", "--data", str(folder.root)]
    done = CliRunner().invoke(cli, words)
    assert (done.exit_code, done.output) == (0, "Inscrit : Centrs (lv).\n")
    again = CliRunner().invoke(cli, words)
    assert again.exit_code == 1
    assert "il y a déjà un partenaire « lv »" in again.output
    listed = CliRunner().invoke(cli, ["partner", "list", "--data", str(folder.root)])
    assert listed.output == "lv  LV  Centrs  https://lv.example/id/\n"
    record = json.loads((folder.partners / "lv" / "partner.json").read_bytes())
    assert record["country"] == "LV"
