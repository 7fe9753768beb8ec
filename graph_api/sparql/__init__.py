"""SPARQL 1.1 over HTTP, read-only: what is checked before a worker sees a query, and the protocol."""
