"""Exchange with other collections: what we offer to harvesters and partners."""
