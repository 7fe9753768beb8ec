"""Which engine: by name, with the pure-Python one where the other cannot be loaded."""

import logging
from functools import cache

from search.engines.base import Engine

__all__ = ["DEFAULT_ENGINE", "ENGINES", "engine_named"]

ENGINES = ("tantivy", "whoosh")
DEFAULT_ENGINE = "tantivy"

_log = logging.getLogger(__name__)


def engine_named(name: str = DEFAULT_ENGINE) -> Engine:
    """Return the engine of that name; whoosh, with a warning, where tantivy has no build.

    Engines are imported here, when one is asked for: either may be missing.

    Raises:
        ValueError: there is no engine of that name.
    """
    if name not in ENGINES:
        raise ValueError(f"there is no search engine {name!r}: it is one of {', '.join(ENGINES)}")
    if name == "tantivy":
        try:
            from search.engines.tantivy import TantivyEngine
        except ImportError as error:
            _warn_once(str(error))
        else:
            return TantivyEngine()
    from search.engines.whoosh import WhooshEngine

    return WhooshEngine()


@cache
def _warn_once(reason: str) -> None:
    _log.warning("tantivy cannot be loaded (%s): whoosh searches instead, slower", reason)
