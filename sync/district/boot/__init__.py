"""Composition roots of the district: command line, intake, console."""
