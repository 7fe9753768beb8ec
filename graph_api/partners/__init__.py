"""Partners: who they are, what they send us, and what came of it."""
