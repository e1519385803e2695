"""Sealing, signing and proving: the only room that holds keys."""
