"""The recognisers' word lists and patterns, kept as YAML beside the code and compiled once."""

import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

__all__ = ["cue_patterns", "head_classes", "load_table", "small_words"]


@cache
def load_table(name: str) -> Any:
    """Return the parsed ``{name}.yaml`` of this package. Callers must not change it."""
    path = files("ingest.extract").joinpath("tables", f"{name}.yaml")
    return yaml.safe_load(path.read_text(encoding="utf-8"))


@cache
def small_words() -> frozenset[str]:
    """Return the folded articles, prepositions and conjunctions that carry no initial."""
    table = load_table("words")
    return frozenset(word for words in table["small"].values() for word in words)


@cache
def head_classes() -> Mapping[str, str]:
    """Return folded head noun ("agence", "fund") → class of what it names."""
    heads: dict[str, str] = {}
    for cls, nouns in load_table("heads")["classes"].items():
        heads.update(dict.fromkeys(nouns, cls))
    return MappingProxyType(heads)


@cache
def cue_patterns() -> Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return family → (what stands before a name of it, what stands after)."""
    return MappingProxyType(
        {
            family: (
                re.compile(rf"(?:{sides['before']})\s*$", re.IGNORECASE),
                re.compile(rf"^\s*(?:{sides['after']})", re.IGNORECASE),
            )
            for family, sides in load_table("heads")["cues"].items()
        }
    )
