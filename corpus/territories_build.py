"""Rebuilds the table of territories from the npm package ``@etalab/decoupage-administratif``.

Run ``python -m corpus.territories_build FOLDER``, FOLDER being the unpacked package (``npm pack
@etalab/decoupage-administratif@6.0.0``, then ``tar xzf``). What is not in the package (countries,
former régions, other names) is kept by hand in the tables beside the one that is written.
"""

import csv
import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Row", "build_rows", "main", "write_rows"]

FOLDER = Path(__file__).parent / "territories"
COMMUNE_INHABITANTS = 20_000
"""From this population on a commune is in the table whether or not a report cites it."""

_PREFIXES = {"CA": "Communauté d'agglomération", "CU": "Communauté urbaine"}
_PREFIXES["CC"] = "Communauté de communes"
_METROPOLES = ("METRO", "MET69")
_FRANCE = "eu-FR"
_ZONES = ("metro", "drom")  # without the overseas collectivities, which lie in no région

Record = Mapping[str, Any]


class Row(NamedTuple):
    """One line of ``territories.csv``. ``within`` holds slugs separated by spaces."""

    slug: str
    cls: str
    name_fr: str
    name_en: str
    code: str
    scheme: str
    within: str
    valid_to: str


HEADER = ("slug", "class", *Row._fields[2:])


def build_rows(package: Path, cited: Iterable[str], other: Iterable[Row]) -> list[Row]:
    """Return every territory we ship, in the order of levels and codes.

    ``package`` is the unpacked folder, ``cited`` the slugs of smaller places to include. Raises
    OSError when a file of the package is missing and KeyError when a cited slug is not in it.
    """
    wanted = set(cited)
    communes = [c for c in _read(package, "communes") if _is_current(c)]
    groups = [*_read(package, "epci"), *_read(package, "ept")]
    kept_groups = [g for g in groups if _is_kept(g, wanted)]
    kept = [*_regions(package), *_departments(package), *_groups(kept_groups, communes)]
    kept += _communes(communes, wanted, kept_groups)
    missing = wanted - {row.slug for row in kept}
    if missing:
        raise KeyError(f"not in the package: {', '.join(sorted(missing))}")
    return [*other, *kept]


def _read(package: Path, name: str) -> list[Record]:
    rows: list[Record] = json.loads((package / "data" / f"{name}.json").read_text("utf-8"))
    return rows


def _is_current(commune: Record) -> bool:
    return commune["type"] == "commune-actuelle" and commune["zone"] in _ZONES


def _regions(package: Path) -> Iterator[Row]:
    for region in _read(package, "regions"):
        if region["zone"] in _ZONES:
            code, name = region["code"], region["nom"]
            yield Row(f"fr-reg-{code}", "Region", name, name, code, "insee", _FRANCE, "")


def _departments(package: Path) -> Iterator[Row]:
    for department in _read(package, "departements"):
        if department["zone"] in _ZONES:
            code, name = department["code"], department["nom"]
            within = f"fr-reg-{department['region']}"
            yield Row(f"fr-dep-{code}", "Department", name, name, code, "insee", within, "")


def _is_kept(group: Record, wanted: set[str]) -> bool:
    kinds = (*_METROPOLES, "EPT")
    return group["type"] in kinds or f"fr-epci-{group['code']}" in wanted


def _groups(groups: Iterable[Record], communes: Sequence[Record]) -> Iterator[Row]:
    by_code = {c["code"]: c for c in communes}
    for group in sorted(groups, key=lambda g: str(g["code"])):
        members = [by_code[m["code"]] for m in group["membres"] if m["code"] in by_code]
        name = full_name(group["nom"])
        slug = f"fr-epci-{group['code']}"
        within = _smallest_holding(members)
        yield Row(slug, "Intercommunality", name, name, group["code"], "siren", within, "")


def full_name(printed: str) -> str:
    """Write out the package's abbreviated kind: "CA du Pays de Grasse", but "Redon Agglomération".

    The kind is only kept where the rest is not a name by itself.
    """
    kind, _, rest = printed.partition(" ")
    rest = re.sub(r"\s*\([A-Z]+\)$", "", rest)
    if kind not in _PREFIXES:
        return printed
    return f"{_PREFIXES[kind]} {rest}" if re.match(r"d[eu'] ?|des ", rest) else rest


def _smallest_holding(communes: Sequence[Record]) -> str:
    """Return the département all communes lie in, else their région, else France."""
    for field, prefix in (("departement", "fr-dep-"), ("region", "fr-reg-")):
        places = {c[field] for c in communes}
        if len(places) == 1:
            return prefix + str(places.pop())
    return _FRANCE


def _communes(communes: Iterable[Record], wanted: set[str], groups: list[Record]) -> Iterator[Row]:
    group_of: dict[str, list[str]] = {}
    for group in groups:
        for member in group["membres"]:
            group_of.setdefault(member["code"], []).append(f"fr-epci-{group['code']}")
    for commune in communes:
        code, name = commune["code"], commune["nom"]
        slug = f"fr-com-{code}"
        if commune.get("population", 0) < COMMUNE_INHABITANTS and slug not in wanted:
            continue
        within = " ".join([f"fr-dep-{commune['departement']}", *sorted(group_of.get(code, []))])
        yield Row(slug, "Commune", name, name, code, "insee", within, "")


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Write the table with its header, one territory a line, in UTF-8."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows)


def main(arguments: Sequence[str]) -> int:
    """Rewrite ``corpus/territories/territories.csv`` from the package in ``arguments[0]``."""
    if len(arguments) != 1:
        sys.stderr.write("usage: python -m corpus.territories_build FOLDER\n")
        return 2
    with (FOLDER / "cited.csv").open(encoding="utf-8", newline="") as file:
        cited = [line["slug"] for line in csv.DictReader(file)]
    with (FOLDER / "other.csv").open(encoding="utf-8", newline="") as file:
        other = [Row(*line) for line in list(csv.reader(file))[1:]]
    rows = build_rows(Path(arguments[0]), cited, other)
    write_rows(rows, FOLDER / "territories.csv")
    sys.stdout.write(f"{len(rows)} territories\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
