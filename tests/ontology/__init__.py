"""Tests of the package `ontology`."""
