"""Tests of :mod:`corpus`."""
