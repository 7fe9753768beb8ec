"""Messages by language, read from the translators' ``.po`` files without a compile step."""

import gettext
import io
from functools import cache
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

__all__ = ["LANGUAGES", "catalogue"]

LANGUAGES = ("fr", "en")
_LOCALES = Path(__file__).parent.parent / "locales"


@cache
def catalogue(domain: str, lang: str) -> gettext.NullTranslations:
    """Return the translations of ``domain`` (``portal`` or ``cli``) in ``lang``.

    The messages in the source code are English: for ``en``, and for a language without a
    catalogue, messages come back as they are.
    """
    path = _LOCALES / lang / f"{domain}.po"
    if not path.is_file():
        return gettext.NullTranslations()
    with path.open("rb") as file:
        messages = read_po(file, locale=lang, domain=domain)
    compiled = io.BytesIO()
    write_mo(compiled, messages)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
