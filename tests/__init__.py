"""Tests, one file per module. ``conftest.py`` says which fixture to use when."""
