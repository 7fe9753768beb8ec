"""The canonical hash: the same for the same quads, however they came in."""

import hashlib
from collections.abc import Iterable

from graph_api.store.base import View
from ontology.iris import Iris

__all__ = ["canonical_hash"]


def canonical_hash(view: View, iris: Iris) -> str:
    """Return the SHA-256 of the sorted N-Quads lines of all graphs of facts.

    The catalogue is left out because it tells when things ran, conclusions because they follow the
    facts a little later. No graph has blank nodes, so the sorted lines are a canonical form.
    """
    left_out = tuple(
        f"<{iris.graph(name)}{end}"
        for name, end in (("catalogue", ">"), ("inferred", ">"), ("inferred", "/"))
    )
    return _hash_lines(
        line for line in view.lines() if not line.startswith(left_out, line.rindex(" <") + 1)
    )


def _hash_lines(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in sorted(lines):
        digest.update(line.encode())
        digest.update(b"\n")
    return digest.hexdigest()
