"""See tests/graph_api/built.py: ``data`` is a fresh copy of a built data folder."""

from tests.graph_api.built import built, data, few_sheets, runner, settings

__all__ = ["built", "data", "few_sheets", "runner", "settings"]
