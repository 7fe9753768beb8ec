"""Tests of graph_api.store."""
