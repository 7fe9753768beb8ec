"""Tests of the package `graph_api`."""
