"""The one writer: jobs, decisions, the build and the generations it publishes."""
