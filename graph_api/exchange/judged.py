"""How well names are matched: precision and recall over names whose meaning people judged.

A judged set is a file ``names.tsv`` with the columns ``half`` (``tuning`` or ``reported``: rules may
be made for the first, never for the second), ``sort`` (what is odd about the name), ``name`` and
``meant`` (kind/slug, or nothing where none of our entities is meant).
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph_api.exchange.reconciling import Candidate, NameTable

__all__ = [
    "JudgedName",
    "Matched",
    "format_matches",
    "load_judged_names",
    "match_judged",
    "precision",
    "recall",
]

HALVES = ("tuning", "reported")
_COLUMNS = ("half", "sort", "name", "meant")


@dataclass(frozen=True, slots=True)
class JudgedName:
    """A name as others write it, and the entity that is meant (kind/slug; empty for none)."""

    half: str
    sort: str
    name: str
    meant: str


@dataclass(frozen=True, slots=True)
class Matched:
    """What came of a judged name: the first candidate, None where there is none."""

    judged: JudgedName
    first: Candidate | None

    @property
    def decided(self) -> bool:
        """Whether the first candidate is offered as a match."""
        return self.first is not None and self.first.match

    @property
    def right(self) -> bool:
        """Whether the first candidate is what was meant."""
        return self.first is not None and self.first.entity.id == self.judged.meant


def load_judged_names(folder: Path) -> tuple[JudgedName, ...]:
    """Read ``names.tsv`` of a folder.

    Raises:
        FileNotFoundError: there is none.
        ValueError: a row is wrong; the message names the line.
    """
    with (folder / "names.tsv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise ValueError(f"names.tsv needs the columns {', '.join(_COLUMNS)}")
        found = []
        for row in reader:
            if None in row.values() or None in row or row["half"] not in HALVES:
                raise ValueError(f"names.tsv, line {reader.line_num}: not a judged name")
            found.append(JudgedName(*(row[column] for column in _COLUMNS)))
        return tuple(found)


def match_judged(table: NameTable, names: Iterable[JudgedName]) -> tuple[Matched, ...]:
    """Ask the table for each name, without a kind, as a list without such a column would."""
    return tuple(Matched(j, next(iter(table.candidates(j.name)), None)) for j in names)


def format_matches(matches: Sequence[Matched]) -> str:
    """Return a table of measures by half and sort, then each name that did not come out right.

    Precision@1: of the names with a match, the share whose match is what was meant (those that mean
    nothing of ours count against it). Recall: of the names that mean an entity, the share that is
    matched with it. First: the share where it is the first candidate, match or not.
    """
    groups: dict[str, list[Matched]] = {"all": list(matches)}
    for each in matches:
        groups.setdefault(each.judged.half, []).append(each)
    for each in matches:
        groups.setdefault(f"  {each.judged.sort}", []).append(each)
    lines = [f"{'':14}{'names':>6}{'precision@1':>13}{'recall':>8}{'first':>7}"]
    lines += [f"{name:14}{len(group):6}{_measures(group)}" for name, group in groups.items()]
    wrong = [each for each in matches if not _came_out(each)]
    lines += ["", *(_told(each) for each in wrong)] if wrong else []
    return "\n".join(lines)


def precision(matches: Iterable[Matched]) -> float | None:
    """Precision@1 as :func:`format_matches` has it; None where nothing was matched."""
    decided = [each for each in matches if each.decided]
    return sum(each.right for each in decided) / len(decided) if decided else None


def recall(matches: Iterable[Matched]) -> float | None:
    """Recall as :func:`format_matches` has it; None where no name means anything of ours."""
    meant = [each for each in matches if each.judged.meant]
    return sum(e.decided and e.right for e in meant) / len(meant) if meant else None


def _measures(group: Sequence[Matched]) -> str:
    meant = [each for each in group if each.judged.meant]
    first = sum(each.right for each in meant) / len(meant) if meant else None
    shown = ("–" if each is None else f"{each:.3f}" for each in (precision(group), recall(group)))
    return "{:>13}{:>8}".format(*shown) + f"{'–' if first is None else f'{first:.3f}':>7}"


def _came_out(each: Matched) -> bool:
    return each.right and each.decided if each.judged.meant else not each.decided


def _told(each: Matched) -> str:
    found = "nothing"
    if each.first is not None:
        found = f"{each.first.entity.id} {each.first.score}{' match' if each.first.match else ''}"
    judged = each.judged
    return f"{judged.half:9} {judged.sort:12} {judged.name} → {judged.meant or 'nothing'}: {found}"
