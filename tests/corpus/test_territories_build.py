import csv
import json
from pathlib import Path

import pytest

from corpus import TERRITORIES
from corpus.territories_build import HEADER, Row, build_rows, full_name, main, write_rows

FRANCE = Row("eu-FR", "Country", "France", "France", "FR", "iso3166", "", "")


def commune(code: str, name: str, population: int, **other: str) -> dict[str, object]:
    return {
        "code": code, "nom": name, "type": "commune-actuelle", "zone": "metro",
        "departement": "93", "region": "11", "population": population, **other,
    }  # fmt: skip


@pytest.fixture
def package(tmp_path: Path) -> Path:
    data = {
        "regions": [
            {"code": "11", "nom": "Île-de-France", "zone": "metro"},
            {"code": "975", "nom": "Saint-Pierre-et-Miquelon", "zone": "com"},
        ],
        "departements": [
            {"code": "93", "nom": "Seine-Saint-Denis", "region": "11", "zone": "metro"}
        ],
        "communes": [
            commune("93072", "Stains", 41388),
            commune("93001", "Petite", 900),
            commune("93002", "Toute Petite", 90),
            commune("97801", "Saint-Martin", 31000, zone="com"),
            commune("93003", "Ancienne", 50000, type="commune-associée"),
        ],
        "epci": [
            {"code": "2", "nom": "CC de Rien", "type": "CC", "membres": [{"code": "93001"}]},
            {"code": "3", "nom": "CA du Lieu", "type": "CA", "membres": [{"code": "93001"}]},
        ],
        "ept": [{"code": "1", "nom": "Plaine", "type": "EPT", "membres": [{"code": "93072"}]}],
    }
    (tmp_path / "data").mkdir()
    for name, rows in data.items():
        (tmp_path / "data" / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
    return tmp_path


def test_large_and_cited_places_are_kept(package: Path) -> None:
    rows = {row.slug: row for row in build_rows(package, ["fr-com-93001", "fr-epci-3"], [FRANCE])}
    assert list(rows) == [
        "eu-FR", "fr-reg-11", "fr-dep-93", "fr-epci-1", "fr-epci-3", "fr-com-93072", "fr-com-93001",
    ]  # fmt: skip
    assert rows["fr-com-93072"].within == "fr-dep-93 fr-epci-1"
    assert rows["fr-com-93001"].within == "fr-dep-93 fr-epci-3"
    assert rows["fr-epci-1"].within == "fr-dep-93"
    assert rows["fr-epci-3"].name_fr == "Communauté d'agglomération du Lieu"


def test_a_cited_place_that_is_not_in_the_package_is_told(package: Path) -> None:
    with pytest.raises(KeyError, match="fr-com-00000"):
        build_rows(package, ["fr-com-00000"], [])


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("CA du Pays de Grasse", "Communauté d'agglomération du Pays de Grasse"),
        ("CU d'Alençon", "Communauté urbaine d'Alençon"),
        ("CC du Pays de Limours (CCPL)", "Communauté de communes du Pays de Limours"),
        ("CA Redon Agglomération", "Redon Agglomération"),
        ("Métropole de Lyon", "Métropole de Lyon"),
    ],
)
def test_abbreviated_kinds_are_written_out(printed: str, expected: str) -> None:
    assert full_name(printed) == expected


def test_the_table_reads_back(tmp_path: Path) -> None:
    write_rows([FRANCE], tmp_path / "t.csv")
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [list(HEADER), list(FRANCE)]


def test_every_cited_place_is_in_the_shipped_table() -> None:
    with (TERRITORIES / "territories.csv").open(encoding="utf-8", newline="") as file:
        slugs = {row["slug"] for row in csv.DictReader(file)}
    with (TERRITORIES / "cited.csv").open(encoding="utf-8", newline="") as file:
        assert {row["slug"] for row in csv.DictReader(file)} <= slugs


def test_misuse_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert "usage" in capsys.readouterr().err
