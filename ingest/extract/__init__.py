"""Recognisers: what a text names, dates and counts. Each is a pure function of text and Lexicon."""
