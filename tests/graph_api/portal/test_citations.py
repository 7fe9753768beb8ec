"""A citation of a page is safe to paste, whatever its title has in it."""

import json
from datetime import date

from graph_api.portal.citations import PageCitation

HOSTILE = PageCitation(
    'A & B_{x} 50% $1 #2 \\input{/etc/passwd}\n"q"', "fr", "https://x.example/id/actor/a-b",
    "Les éditions & Cie", date(2026, 3, 4),
)  # fmt: skip


def test_bibtex_has_no_command_of_a_title_and_balanced_braces() -> None:
    text = HOSTILE.bibtex()
    assert text.startswith("@misc{maillon-actor-a-b,\n")
    assert r"A \& B\_\{x\} 50\% \$1 \#2 \textbackslash{}input" in text
    assert "urldate = {2026-03-04}" in text
    assert "langid = {french}" in text
    plain = text.replace(r"\{", "").replace(r"\}", "")
    assert plain.count("{") == plain.count("}")


def test_csl_is_what_reference_managers_import() -> None:
    (item,) = json.loads(HOSTILE.csl())
    assert item["title"] == HOSTILE.title
    assert item["accessed"] == {"date-parts": [[2026, 3, 4]]}
    assert item["author"] == [{"literal": "Les éditions & Cie"}]


def test_the_plain_form_follows_the_sentence_of_the_language() -> None:
    assert HOSTILE.plain("%(day)s, %(iri)s") == "2026-03-04, https://x.example/id/actor/a-b"
