"""The guide: from a few answers about a project to the programmes that fit, and why."""
