"""Tests of graph_api.routers."""
