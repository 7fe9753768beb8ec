"""Quad stores behind one small protocol."""
