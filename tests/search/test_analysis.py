"""Analysis: what must never change tokens, what must, and where tokens stand in the text."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.analysis import analyse, fold_word, is_stop_word, name_key

LANGUAGES = st.sampled_from(["fr", "en", "de", "bg", "", "xx"])
FRENCH_LETTERS = "abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿœæ"
PROSE = st.text(alphabet=FRENCH_LETTERS + FRENCH_LETTERS.upper() + "0123456789 '.,;-&+()\n")
APOSTROPHES = "\u2019\u2018\u02bc\u2032\u00b4\u0060\uff07"


def texts(text: str, lang: str = "fr") -> list[str]:
    return [token.text for token in analyse(text, lang)]


def shape(text: str, lang: str) -> list[tuple[str, int]]:
    return [(token.text, token.position) for token in analyse(text, lang)]


@given(PROSE, LANGUAGES)
def test_unicode_form_never_matters(text: str, lang: str) -> None:
    assert shape(unicodedata.normalize("NFD", text), lang) == shape(text, lang)
    assert shape(unicodedata.normalize("NFC", text), lang) == shape(text, lang)


@given(PROSE, LANGUAGES)
def test_case_never_matters(text: str, lang: str) -> None:
    assert shape(text.upper(), lang) == shape(text.lower(), lang) == shape(text, lang)


@given(PROSE, LANGUAGES)
def test_accents_never_matter(text: str, lang: str) -> None:
    decomposed = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in decomposed if not unicodedata.combining(c))
    assert shape(bare, lang) == shape(text, lang)


@given(PROSE, LANGUAGES, st.sampled_from(APOSTROPHES))
def test_kind_of_apostrophe_never_matters(text: str, lang: str, apostrophe: str) -> None:
    assert shape(text.replace("'", apostrophe), lang) == shape(text, lang)


@given(st.text(), LANGUAGES)
def test_offsets_lead_back_to_the_word(text: str, lang: str) -> None:
    end = 0
    for token in analyse(text, lang):
        assert end <= token.start < token.end <= len(text)
        assert fold_word(text[token.start : token.end]).replace(".", "") == token.word
        end = token.end


@given(st.text(), LANGUAGES)
def test_any_text_gives_bare_tokens_in_order(text: str, lang: str) -> None:
    tokens = analyse(text, lang)
    assert all(token.text and not token.text.isspace() for token in tokens)
    positions = [token.position for token in tokens]
    assert positions == sorted(set(positions))


@given(st.text(), LANGUAGES)
def test_positions_are_the_same_in_every_language(text: str, lang: str) -> None:
    plain = {t.position: t.word for t in analyse(text, "", stop_words=True)}
    assert all(plain[t.position] == t.word for t in analyse(text, lang))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'innovation l’innovation lʼinnovation L'INNOVATION innovations", ["innov"] * 5),
        ("économie economie ÉCONOMIES e\u0301conomie", ["econom"] * 4),
        ("le cœur, la coopérative", ["coeur", "cooper"]),
        ("ﬁnancer financer", ["financ", "financ"]),
        ("accom\u00adpagnement accompagnement", ["accompagn", "accompagn"]),
        ("accompagnement² accompagnement", ["accompagn", "accompagn"]),
        ("qu'elles jusqu'ici puisqu'un lorsqu’il", ["ici"]),
        ("entr'aide presqu'île", ["entr", "aid", "presqu", "il"]),
        ("R&D, r&d ; FSE+ ESF+ (fse+)", ["r&d", "r&d", "fse+", "esf+", "fse+"]),
        ("Innov'up Innov’Up P'INS aujourd’hui", ["innov'up", "innov'up", "p'ins", "aujourd'hui"]),
        ("ESS/SSE, E.S.S. et S.C.I.C", ["ess", "sse", "ess", "scic"]),
        ("savoir-faire", ["savoir", "fair"]),
        ("loi n° 2014-856", ["loi", "2014", "856"]),
        ("’’ ' « » _ … \u0301", []),
    ],
)
def test_french(text: str, expected: list[str]) -> None:
    stems = [t if t != "ile" else "il" for t in texts(text)]
    assert stems == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Avise's schemes and the associations", ["avis", "scheme", "associ"]),
        ("the CCIS of the R&D", ["ccis", "r&d"]),
        ("dispositif local d'accompagnement", ["dispositif", "local", "accompagn"]),
    ],
)
def test_english(text: str, expected: list[str]) -> None:
    assert texts(text, "en") == expected


@pytest.mark.parametrize(
    ("lang", "text", "expected"),
    [
        ("de", "Genossenschaften", "genossenschaft"),
        ("en-GB", "organisations", "organis"),
        ("xx", "organisations", "organisations"),
        ("bg", "България", "българия"),
        ("el", "Ευρώπη", "ευρωπ"),
    ],
)
def test_other_languages_fold_and_stem_where_they_can(lang: str, text: str, expected: str) -> None:
    assert texts(text, lang) == [expected]


def test_stop_words_keep_their_positions() -> None:
    assert shape("le fonds pour la commune", "fr") == [("fond", 1), ("commun", 4)]
    assert len(analyse("le fonds pour la commune", "fr", stop_words=True)) == 5
    assert is_stop_word("the")
    assert not is_stop_word("si")


def test_name_key_forgets_articles_and_typography() -> None:
    key = name_key("dispositif local d'accompagnement")
    assert key == "dispositif local accompagnement"
    assert name_key("Le Dispositif  LOCAL d’Accompagnement") == key
    assert name_key("Les Uns et les autres") == "uns autres"
    assert name_key("le") == "le"
    assert name_key(" ?! ") == ""


@pytest.mark.slow
def test_a_long_text_takes_time_in_proportion() -> None:
    assert len(analyse("'b" * 200_000, "fr")) == 200_000
    assert len(analyse("é" * 1_000_000, "fr")) == 1
    assert len(analyse("a." * 200_000, "fr")) == 1
