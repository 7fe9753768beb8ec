"""Names that no list has: found, minted with stable IRIs, the same in any order."""

from itertools import permutations

from ingest.pipeline import collect_names, resolve_names
from ingest.spotted import SpottedName, minted_iri, name_key
from ingest.spotting import spot_names
from ontology.model import LabelRole
from tests.ingest.lexicons import IRIS, WORLD, document, entity, extracted

ONE = "La Fondation Sorbier aide. Le Comité Brumes (CB) dort."
TWO = "The Sorbier Foundation helps the Alder fund. La Fondation Sorbier aussi."
THREE = "Le Comité Ronces dort."


def spotted(text: str) -> list[tuple[str, str]]:
    return [(name.text, name.rule) for name in spot_names(document(text))]


def test_weak_heads_need_a_second_sign() -> None:
    assert ("Comité Brumes", "proper-head") in spotted(ONE)
    assert spotted(THREE) == []
    assert [n for n, _ in spotted(f"{THREE} Le Comité Ronces rit.")] == ["Comité Ronces"] * 2


def test_known_names_are_not_minted() -> None:
    minted = extracted("La Fondation Tilleul et la Fondation Sorbier aident.").minted
    assert [e.iri for e in minted] == [entity("Actor", "fondation-sorbier")]


def test_a_name_with_a_generic_head_is_the_bare_one() -> None:
    text = "Partners: Alizé Deux, Brindille Trois. The Alizé Deux incubator helps."
    mentions = [m for m in extracted(text).mentions if m.surface.startswith("Alizé")]
    assert len(mentions) == 2
    assert len({m.entity for m in mentions}) == 1


def test_a_title_of_common_words_counts_where_it_is_a_title() -> None:
    text = "# Lire\n\nLe guide « Vie rurale » est bon. La vie rurale aussi. Vie rurale, donc."
    found = [m.start for m in extracted(text).mentions if m.cls == "Guide"]
    assert found == [text.index("Vie rurale")]


def test_names_do_not_depend_on_the_order_of_documents() -> None:
    documents = [document(text) for text in (ONE, TWO, THREE)]
    results = []
    for order in permutations(documents):
        collected = {d.sha256: collect_names(d) for d in order}
        resolved = resolve_names(collected, WORLD, IRIS)
        results.append((resolved.everywhere, dict(resolved.in_document)))
    assert all(result == results[0] for result in results)


def test_a_minted_iri_depends_on_its_own_name_alone() -> None:
    alone = document(ONE)
    wanted = entity("Actor", "fondation-sorbier")
    for others in ([], [TWO], [TWO, THREE]):
        read = [alone, *(document(text) for text in others)]
        resolved = resolve_names({d.sha256: collect_names(d) for d in read}, WORLD, IRIS)
        names = resolved.in_document[alone.sha256]
        assert wanted in {n.entity for n in names if n.role is LabelRole.PREFERRED}


def test_keys() -> None:
    assert name_key("Agences des haies") == name_key("agence des haie")
    assert name_key("Anne Dubois", "Person") == "anne dubois"
    here = SpottedName("Bureau", "Actor", "fr", 0, 6, "template-members", local=True)
    assert here.local
    assert minted_iri(IRIS, "Actor", "bureau", "0123456789") == entity("Actor", "bureau-01234567")
