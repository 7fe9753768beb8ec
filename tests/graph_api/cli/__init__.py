"""Tests of graph_api.cli."""
