"""The ontology, its vocabularies and shapes, and the value types every other package shares."""
