import csv
from collections import Counter
from pathlib import Path
from shutil import copytree

import pytest

from corpus import SHEETS, TERRITORIES
from corpus.sheets import load_sheets
from corpus.territories import Territories, load_territories
from ingest.evaluate.gold import normalise_name
from ontology import terms as mln
from ontology.iris import Iris
from ontology.model import LabelRole, Literal
from ontology.vocabularies import RDF_TYPE, SKOS_HIDDEN_LABEL, SKOS_NOTATION, SKOS_PREF_LABEL

IRIS = Iris()


@pytest.fixture(scope="module")
def shipped() -> Territories:
    return load_territories()


def test_levels_are_complete(shipped: Territories) -> None:
    current = [t for t in shipped.by_slug.values() if not t.valid_until]
    slugs = [t.slug for t in current]
    assert sum(slug.startswith("fr-reg-") for slug in slugs) == 18
    assert sum(slug.startswith("fr-dep-") for slug in slugs) == 101
    assert sum(slug.startswith("eu-") for slug in slugs) == 27
    assert sum(t.scheme == "siren" for t in current) >= 33
    within_paris = sum("fr-epci-200054781" in t.within for t in current)
    assert (
        within_paris >= 60
    )  # communes of Greater Paris, each in one of its eleven establishments too
    assert sum(t.cls == "Commune" for t in current) >= 400
    former = [t for t in shipped.by_slug.values() if t.valid_until]
    assert len(former) == 16


def test_everything_lies_in_a_country_without_a_loop(shipped: Territories) -> None:
    for territory in shipped.by_slug.values():
        seen: set[str] = set()
        level = set(territory.within)
        while level - seen:
            seen |= level
            level = {up for slug in level for up in shipped.by_slug[slug].within}
        assert territory.slug not in seen
        seen.add(territory.slug)
        assert any(shipped.by_slug[slug].cls == "Country" for slug in seen)


def test_a_region_has_its_names_in_both_languages(shipped: Territories) -> None:
    place = IRIS.entity("territory", "fr-reg-53")
    said = {quad[1:3] for quad in shipped.by_slug["fr-reg-53"].quads(IRIS)}
    assert (SKOS_PREF_LABEL, Literal("Brittany", lang="en")) in said
    assert (SKOS_PREF_LABEL, Literal("Bretagne", lang="fr")) in said
    assert (SKOS_NOTATION, Literal("53")) in said
    assert (mln.partOf, IRIS.entity("territory", "eu-FR")) in said
    names = {(n.text, n.lang) for n in shipped.names(IRIS) if n.entity == place}
    assert names == {("Bretagne", "fr"), ("Brittany", "en")}


def test_quads_are_distinct_and_in_their_graph(shipped: Territories) -> None:
    quads = list(shipped.quads(IRIS))
    assert {quad.graph for quad in quads} == {IRIS.graph("territories")}
    assert len(quads) == len(set(quads))


def test_misprints_are_hidden_and_common_words_need_a_cue(shipped: Territories) -> None:
    idf = {quad[1:3] for quad in shipped.by_slug["fr-reg-11"].quads(IRIS)}
    assert (SKOS_HIDDEN_LABEL, Literal("Ile-de-France")) in idf
    contexts = {n.text: n.context for n in shipped.names(IRIS)}
    assert contexts["Tours"] == "capital"
    assert contexts["Nord"] == "cue"
    assert contexts["Haute-Loire"] == ""
    assert contexts["Nantes Métropole"] == "cue"
    assert "This" not in contexts
    assert "Grand" not in contexts


def test_authorities_are_actors_of_ours(shipped: Territories) -> None:
    actors = {sheet.slug for sheet in load_sheets(SHEETS) if sheet.kind == "actor"}
    named = {t.authority for t in shipped.by_slug.values() if t.authority}
    assert named <= actors
    assert len(named) >= 20
    city = shipped.by_slug["fr-com-75056"]
    governs = [quad for quad in city.quads(IRIS) if quad.predicate == mln.governs]
    assert [quad.subject for quad in governs] == [IRIS.entity("actor", "ville-de-paris")]


def test_names_have_one_preferred_text_a_language(shipped: Territories) -> None:
    preferred: dict[tuple[str, str], str] = {}
    for name in shipped.names(IRIS):
        if name.role is LabelRole.PREFERRED:
            assert preferred.setdefault((name.entity, name.lang), name.text) == name.text


@pytest.mark.parametrize(
    ("table", "line"),
    [
        ("names.csv", "fr-reg-99,X,,acronym,\n"),
        ("authorities.csv", "fr-reg-99,avise,x\n"),
        ("territories.csv", "x,Commune,X,X,,,fr-reg-99,\n"),
        ("territories.csv", "eu-FR,Country,France,France,FR,iso3166,,\n"),
    ],
)
def test_tables_that_disagree_are_refused(tmp_path: Path, table: str, line: str) -> None:
    folder = tmp_path / "territories"
    copytree(TERRITORIES, folder)
    with (folder / table).open("a", encoding="utf-8") as file:
        file.write(line)
    with pytest.raises(ValueError, match=table):
        load_territories(folder)


def test_nuts_levels_are_complete(shipped: Territories) -> None:
    codes = {code: t.slug for t in shipped.by_slug.values() for code in t.nuts}
    assert sum(len(code) == 2 for code in codes) == 27
    assert sum(len(code) == 3 for code in codes) == 92
    second = Counter(code[:2] for code in codes if len(code) == 4)
    assert second == {"FR": 27, "ES": 19, "SE": 8, "LV": 1}
    # Each code's area lies in that of the level above, or is the same.
    for code, slug in codes.items():
        if len(code) > 2 and code[:3] != "FRY":
            above, seen = {slug}, set[str]()
            while above - seen:
                seen |= above
                above = {up for each in above for up in shipped.by_slug[each].within}
            assert codes[code[:-1]] in seen, code
    said = {quad[1:3] for quad in shipped.by_slug["eu-LV"].quads(IRIS)}
    assert {(mln.nutsCode, Literal(code)) for code in ("LV", "LV0", "LV00")} <= said
    spain = {quad[1:3] for quad in shipped.by_slug["nuts-ES1"].quads(IRIS)}
    assert (RDF_TYPE, mln.StatisticalRegion) in spain


def test_a_statistical_region_counts_where_a_place_is_announced(shipped: Territories) -> None:
    contexts = {n.text: n.context for n in shipped.names(IRIS)}
    assert contexts["Catalonia"] == contexts["Catalogne"] == "cue"


def test_every_territory_of_the_annotations_resolves(shipped: Territories, gold: Path) -> None:
    names = {normalise_name(n.text) for n in shipped.names(IRIS)}
    names |= {normalise_name(n.text) for sheet in load_sheets(SHEETS) for n in sheet.names(IRIS)}
    with (gold / "entities.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    places = [row for row in rows if row["class"] == "Territory"]
    assert len(places) > 50
    for row in places:
        known = (row["preferred_label_fr"], row["preferred_label_en"], *row["aliases"].split("|"))
        assert any(normalise_name(name) in names for name in known if name), row["id"]
