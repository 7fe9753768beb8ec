"""Analysis, query language, ranking and search engines behind one protocol."""
