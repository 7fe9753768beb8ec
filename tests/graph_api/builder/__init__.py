"""Tests of graph_api.builder."""
