"""What sentences assert, and what they only wish, deny or ask."""

import pytest

from ingest.mentions import find_mentions
from ingest.relations import LIST_CONFIDENCE, LONGEST_SENTENCE, TOPIC_PENALTY, find_relations
from ontology import terms as mln
from tests.ingest.lexicons import IRIS, WORLD, document, extracted, facts

RUNS = ("arpege", "operates", "ruche-aux-projets")
MADE = ("ruche-aux-projets", "createdBy", "arpege")
YEAR = ("ruche-aux-projets", "createdInYear", "2012")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # active
        ("L'Arpège anime la Ruche aux projets.", {RUNS}),
        ("Arpège coordonne depuis 2015 le programme Ruche aux projets (RAP).", {RUNS}),
        ("Arpège has been running the Project Hive since 2015.", {RUNS}),
        ("Arpège is a small body that runs Project Hive.", {RUNS}),
        ("Arpège, en partenariat avec le Réseau Galet, pilote la Ruche aux projets.", {RUNS}),
        ("L'Arpège et le Réseau Galet animent la Ruche aux projets.",
         {RUNS, ("reseau-galet", "operates", "ruche-aux-projets")}),
        ("Arpège runs Project Hive, Fonds Brindille and Élan rural.",
         {RUNS, ("arpege", "operates", "fonds-brindille"), ("arpege", "operates", "elan-rural")}),
        ("Arpège invests in several local funds (Fonds Brindille, Élan rural, etc.) and more.",
         {("arpege", "funds", "fonds-brindille"), ("arpege", "funds", "elan-rural")}),
        ("Arpège benefits from funding from the Banque des Rives.",
         {("banque-des-rives", "funds", "arpege")}),
        ("La Banque des Rives soutient l'association Arpège.",
         {("banque-des-rives", "supports", "arpege")}),
        ("Arpège est opérateur national de la Ruche aux projets.", {RUNS}),
        ("Arpège est membre du Réseau Galet.", {("arpege", "memberOf", "reseau-galet")}),
        ("Arpège works in partnership with the Réseau Galet.",
         {("arpege", "partnerOf", "reseau-galet")}),
        ("Arpège created a small seed fund, Fonds Brindille, for villages.",
         {("fonds-brindille", "createdBy", "arpege")}),
        # passive, after its noun
        ("La Ruche aux projets, animée au niveau national par l'Arpège, aide.", {RUNS}),
        ("Project Hive is a local scheme run by Arpège.", {RUNS}),
        ("Ce que fait la Ruche aux projets portée par l'Arpège est utile.", {RUNS}),
        ("Project Hive was launched by Arpège in 2012.", {MADE, YEAR}),
        ("The Fonds Brindille, a shared purse launched in Brumeval in 2012, grows.",
         {("fonds-brindille", "createdInYear", "2012"),
          ("fonds-brindille", "appliesIn", "brumeval")}),
        # fronted
        ("Créée en 2012 par l'Arpège, la Ruche aux projets est ouverte.", {MADE, YEAR}),
        ("Impulsée par l'Arpège en 2012, la Ruche aux projets rassemble.", {MADE, YEAR}),
        ("Led by Arpège and the Réseau Galet, Project Hive helps.",
         {RUNS, ("reseau-galet", "operates", "ruche-aux-projets")}),
        ("Animée par l'Arpège et ouverte à tous, Ruche aux projets est utile.", {RUNS}),
        ("Lancée en 2012 par l'Arpège, avec le soutien de la Banque des Rives, la Ruche aux projets aide.",
         {MADE, YEAR, ("banque-des-rives", "supports", "ruche-aux-projets")}),
        # years
        ("En 2012, l'Arpège a lancé la Ruche aux projets.", {MADE, YEAR}),
        ("L'Arpège a lancé en 2012 le dispositif Ruche aux projets.", {MADE, YEAR}),
        ("La Ruche aux projets a vu le jour en mai 2012.", {YEAR}),
        # roles
        ("Les financeurs de la Ruche aux projets sont l'Arpège et la Banque des Rives.",
         {("arpege", "funds", "ruche-aux-projets"),
          ("banque-des-rives", "funds", "ruche-aux-projets")}),
        ("En tant qu'opérateur national de la Ruche aux projets, l'Arpège agit.", {RUNS}),
        # laws
        ("La loi du 4 mars 2011 protège.", {("loi-entraide", "adoptedInYear", "2011")}),
    ],
)  # fmt: skip
def test_what_is_asserted(text: str, expected: set[tuple[str, str, str]]) -> None:
    assert facts(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "L'Arpège pourrait animer la Ruche aux projets.",
        "La Ruche aux projets pourrait être animée par l'Arpège.",
        "La Ruche aux projets sera animée par l'Arpège.",
        "La Ruche aux projets n'est pas animée par l'Arpège.",
        "L'Arpège ne finance pas la Ruche aux projets.",
        "L'Arpège ne finance plus la Ruche aux projets.",
        "Project Hive will be run by Arpège.",
        "Project Hive, to be launched by Arpège, helps.",
        "Arpège does not run Project Hive.",
        "Arpège proposes to create Project Hive.",
        "Si l'Arpège finance la Ruche aux projets, tout change.",
        "Is Project Hive run by Arpège?",
        "Le directeur de l'Arpège finance la Ruche aux projets.",
        "Grâce à l'Arpège, un village anime la Ruche aux projets.",
        "L'Arpège agit pour aider. Anime la Ruche aux projets.",
        "Le Fonds Brindille finance l'Arpège et pilote la Loire.".replace("finance", "connaît"),
        "La Ruche aux projets est financée par les adhérents de l'Arpège.",
        "Project Hive is run by Arpège's partners.",
        "L'Arpège anime Arpège.",
        "Le Schéma local d'achats partagés (SLAP), adopté en 2012, aide.",  # a kind of plan
    ],
)
def test_what_is_not_asserted(text: str) -> None:
    assert facts(text) == set()


def test_nothing_is_read_from_recommendations() -> None:
    said = "L'Arpège anime la Ruche aux projets.\n"
    assert facts(f"# Propositions\n\n{said}") == set()
    assert facts(f"**Proposition n°3** : {said}") == set()
    assert facts(f"# Bilan\n\n{said}") == {RUNS}


def test_nothing_is_read_from_contents() -> None:
    text = (
        "# Sommaire\n\n1. La Ruche aux projets animée par l'Arpège ........ 3\n"
        "2. Le Fonds Brindille créé par l'Arpège ........ 7\n"
        "3. Le Prix Méandre financé par l'Arpège ........ 9\n\n# Début\n\nUn texte.\n"
    )
    assert facts(text) == set()


def test_items_belong_to_the_sentence_before_the_list() -> None:
    text = (
        "L'Arpège anime au niveau national :\n\n- la Ruche aux projets, ouverte à tous ;\n"
        "- le Fonds Brindille.\n- en projet, le Prix Méandre\n"
    )
    assert facts(text) == {RUNS, ("arpege", "operates", "fonds-brindille")}
    claims = [c for c in extracted(text).claims if c.predicate == mln.operates]
    assert {c.confidence for c in claims} == {LIST_CONFIDENCE}
    assert {c.rule for c in claims} == {"operates-active-fr-list"}


def test_a_list_after_a_wish_asserts_nothing() -> None:
    assert facts("L'Arpège souhaite que l'on anime :\n\n- la Ruche aux projets\n") == set()


def test_amounts_qualify_funding() -> None:
    text = "La Banque des Rives finance la Ruche aux projets à hauteur de 6 M€."
    (claim,) = (c for c in extracted(text).claims if c.predicate == mln.funds)
    said = {p: getattr(v, "value", v) for p, v in claim.qualifiers}
    assert said == {mln.amount: "6000000", mln.currency: "EUR"}


def test_years_qualify_adoption() -> None:
    text = "In January 2021, the Banque des Rives adopted its SLAP."
    (claim,) = (c for c in extracted(text).claims if c.predicate == mln.adopts)
    assert [(p, getattr(v, "value", v)) for p, v in claim.qualifiers] == [(mln.year, "2021")]


def test_a_pronoun_costs_confidence() -> None:
    text = "La Ruche aux projets aide. Elle est animée par l'Arpège."
    (claim,) = (c for c in extracted(text).claims if c.predicate == mln.operates)
    assert claim.confidence == pytest.approx(0.88 - TOPIC_PENALTY)
    assert claim.passage.quote == "Elle est animée par l'Arpège."


def test_evidence_is_the_sentence() -> None:
    read = document("Avant tout. L'Arpège anime la **Ruche aux projets**. Après.")
    relations = find_relations(read, find_mentions(read, WORLD, IRIS))
    (relation,) = relations
    assert read.text[relation.start : relation.end].startswith("L'Arpège anime")
    assert read.text[relation.start : relation.end].endswith("projets**.")


def test_what_is_too_long_is_no_sentence() -> None:
    said = "L'Arpège anime la Ruche aux projets"
    assert facts(f"{said} et bien plus encore.") == {RUNS}
    assert facts(said + " et bien plus encore" * LONGEST_SENTENCE + ".") == set()
