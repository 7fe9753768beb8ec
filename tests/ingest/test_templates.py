"""Structure templates: what forms of reports say, told with invented names."""

import pytest

from ingest.templates import load_templates
from ingest.templates.filling import fill_templates
from ingest.templates.forms import compile_form
from tests.ingest.lexicons import document, extracted, fact, facts

SHEET = """# Fiches

## Ruche aux projets

### A summary of your support

Un texte.

### Who benefits from the support?

Des villages.

### The support provided

- Advisory services for social innovators
- Methods and support for upscaling social innovation
- Tea and cakes

### Are they supported by financing, research or other forms of support?

{answer}

### Outcomes of your actions

- 48 emplois ont été créés
"""


@pytest.mark.parametrize(
    ("answer", "funders"),
    [
        ("Public stakeholders: Banque des Rives, Fondation Tilleul", 2),
        ("Yes, by the Banque des Rives and the Fondation Tilleul.", 2),
        ("No, not by the Banque des Rives.", 0),
        ("The Banque des Rives would like to.", 0),
    ],
)
def test_a_sheet_states_what_it_ticks_and_lists(answer: str, funders: int) -> None:
    said = facts(SHEET.format(answer=answer))
    ticked = {o for s, p, o in said if p == "offersSupportType" and s == "ruche-aux-projets"}
    assert ticked == {"advisory", "upscaling"}
    funds = {s for s, p, o in said if p == "funds" and o == "ruche-aux-projets"}
    assert len(funds) == funders


def test_figures_of_a_sheet_are_its_subjects() -> None:
    found = {f.surface: f.label for f in extracted(SHEET.format(answer="No")).figures}
    assert found["48 emplois"] == "Project Hive"


def test_a_governing_body_is_its_members_and_part_of_the_one_above() -> None:
    text = (
        "# Instances de gouvernance de l'association Arpège\n\n## Bureau des sages\n\n"
        "- Anne Dubois\n- Paul Morel (Trésorier)\n- Fondation Tilleul\n"
    )
    said = facts(text)
    (body,) = {o for _, p, o in said if p == "memberOf"}
    assert body.startswith("bureau-des-sage-"), "the body counts in this document only"
    assert {s for s, p, _ in said if p == "memberOf"} == {
        "anne-dubois", "paul-morel", "fondation-tilleul"
    }  # fmt: skip
    assert (body, "partOf", "arpege") in said
    assert ("paul-morel", "holdsRoleAt", "arpege") in said


def test_prose_in_a_list_is_no_list_of_names() -> None:
    text = "# Membres\n\n- Nous aidons les villages\n- Qui peut venir ?\n- des habitants\n"
    assert facts(text) == set()


def test_grants_with_amount_and_date() -> None:
    text = (
        "Au titre de la Ruche aux projets, la région a aidé :\n\n"
        "- Les Amis du Pré : 12.500€ pour un abri (en mars 2019) ;\n- Arpège : 3.000€ pour un four\n"
    )
    grants = [c for c in extracted(text).claims if c.predicate.endswith("beneficiaryOf")]
    assert {fact(c)[0] for c in grants} == {"les-ami-du-pre", "arpege"}
    first = next(c for c in grants if fact(c)[0] == "les-ami-du-pre")
    said = {p.rpartition("#")[2]: getattr(v, "value", v) for p, v in first.qualifiers}
    assert said["amount"] == "12500"


@pytest.mark.parametrize(
    "text",
    [
        "Contact : Anne Dubois, directrice, Arpège",
        "Anne Dubois\tDIRECTRICE, Arpège",
        "Anne Dubois, directrice de l'Arpège, accueille.",
        "La directrice de l'Arpège, Anne Dubois, accueille.",
        "# ANNE DUBOIS\n\n## DIRECTRICE DE L'ARPÈGE\n\nUn mot.",
        "# Équipe de rédaction\n\nAnne Dubois (Arpège)",
    ],
)
def test_persons_with_role_and_body(text: str) -> None:
    assert ("anne-dubois", "holdsRoleAt", "arpege") in facts(text)


def test_reading_lists() -> None:
    text = "# Notes\n\n- ***Faire pousser des haies***  \nMars 2015, Arpège\n"
    assert facts(text) == {
        ("faire-pousser-des-haies", "publishedBy", "arpege"),
        ("faire-pousser-des-haies", "publishedInYear", "2015"),
    }


def test_inline_lists_are_lists_and_not_sentences() -> None:
    sheet = "# Ruche aux projets\n\n"
    assert facts(f"{sheet}Lauréats : Arpège, Réseau Galet.") == {
        ("arpege", "beneficiaryOf", "ruche-aux-projets"),
        ("reseau-galet", "beneficiaryOf", "ruche-aux-projets"),
    }
    assert facts(f"{sheet}Voici les lauréats : Arpège dort.") == set()


def test_forms_are_of_words_and_slots() -> None:
    form = compile_form("Contact : {person}, {role}")
    assert form.match("**Contact:** Anne Dubois, directrice")
    assert not form.match("Contacts Anne Dubois, directrice")
    with pytest.raises(ValueError, match="no slot"):
        compile_form("{colour}")


def test_every_template_loads_and_slots_are_slices() -> None:
    assert len(load_templates()) > 10
    read = document(SHEET.format(answer="Public stakeholders: Banque des Rives, Fondation Tilleul"))
    filled = fill_templates(read)
    assert all(read.text[n.start : n.end] for n in filled.names)
    assert all(0 <= s.start < s.end <= len(read.text) for s in filled.statements)


def test_rubbish_fills_nothing() -> None:
    for text in ("", "-\n-\n-", "Contact : ,", "{person}", "# \n\n- \n", ":" * 50):
        if text.strip():
            assert fill_templates(document(text)).statements == []
