"""Releases: generations that are kept as dated, checksummed dumps; some of them also answer live."""
