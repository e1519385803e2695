"""Composition root of the window: the command line, clock and dice."""
