"""The language of a stretch of text, by the share of its function words. No model, no network."""

import re
from collections import Counter
from collections.abc import Iterable

__all__ = ["UNDETERMINED", "detect_language", "majority_language"]

UNDETERMINED = "und"  # the tag of BCP 47 for a text whose language nobody could tell

_WORD = re.compile(r"[^\W\d_]+")
_NOISE = re.compile(r"https?://\S+|www\.\S+|\S+@\S+|</?\w+>")
_SAMPLE = 4_000  # characters: more would not change the answer
_ENOUGH_WORDS = 5
_ENOUGH_HITS = 2
_ENOUGH_SHARE = 0.12

# Function words that at most two of these languages share; a shared word counts for both.
_STOP_WORDS = {
    "fr": "le la les l un une des du de d et est sont dans pour par sur avec que qui qu ce cette ces "
    "son sa ses leur leurs au aux en il elle ils nous vous plus ne pas ou où mais dont entre été "
    "être avoir ont fait comme afin ainsi chaque",
    "en": "the a an of and to in is are for with on by that which this these those its their his her "
    "from as at be been was were has have had not or but also it they we our your you who "
    "more such can will between through into each",
    "es": "el la los las un una unos del de y es son en para por con que se su sus al lo como más no "
    "pero entre este esta estos ha han ser desde sobre también muy",
    "de": "der die das den dem des ein eine einer eines und ist sind in für mit auf von zu im am nicht "
    "auch als sich werden wird durch bei nach oder wie aus zur zum über",
    "it": "il lo la gli le un una del della dei delle di e è sono in per con che si su al alla da nel "
    "nella come più non ma anche tra questo questa ha hanno degli",
    "pt": "o a os as um uma do da dos das de e é são em para por com que se no na nos nas ao mais não "
    "mas como entre este esta foi também pelo pela",
    "nl": "de het een van en is zijn in voor met op dat die te aan door bij ook niet als om naar uit "
    "wordt worden deze dit hun meer over tot",
    "sv": "och att det som en ett är av för på med den till i inte om har de från kan vi eller men så "
    "också genom mellan detta denna",
    "lv": "un ir ar no par uz kas tas tā šī šo kā arī bet vai lai ka pie ko nav būt tiek var savu",
}
_LANGUAGES_OF: dict[str, tuple[str, ...]] = {
    word: tuple(lang for lang, words in _STOP_WORDS.items() if word in words.split())
    for words in _STOP_WORDS.values()
    for word in words.split()
}


def detect_language(text: str) -> str:
    """Return the tag of the language of ``text``, ``""`` when it is too short or too plain to tell.

    A block that is only an address of the web, a number or a list of names gives ``""``: it takes
    its document's language.
    """
    words = _WORD.findall(_NOISE.sub(" ", text[:_SAMPLE]).lower())
    if len(words) < _ENOUGH_WORDS:
        return ""
    hits = Counter(lang for word in words for lang in _LANGUAGES_OF.get(word, ()))
    ranked = hits.most_common(2)
    if not ranked or ranked[0][1] < max(_ENOUGH_HITS, _ENOUGH_SHARE * len(words)):
        return ""
    if len(ranked) == 2 and ranked[0][1] == ranked[1][1]:
        return ""
    return ranked[0][0]


def majority_language(parts: Iterable[tuple[str, int]]) -> str:
    """Return the language that most of a document is in, from (tag, number of letters) pairs.

    Parts without a tag do not count; without any, the answer is ``"und"``.
    """
    weights: Counter[str] = Counter()
    for lang, letters in parts:
        if lang:
            weights[lang] += letters
    return min(weights, key=lambda lang: (-weights[lang], lang)) if weights else UNDETERMINED
