"""Faces the network, and is blind."""
