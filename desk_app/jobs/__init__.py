"""A table of when and which service."""
