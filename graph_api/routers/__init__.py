"""Web routes. Each module exposes ``router``; none opens a store or evaluates a query itself."""
