"""The whole chain on real input, by the command that users type."""
