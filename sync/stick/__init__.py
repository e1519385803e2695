"""The folder on a stick, as both sides see it: names, files, what goes wrong."""
