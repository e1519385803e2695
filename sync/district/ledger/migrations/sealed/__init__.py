"""Rungs of the ledger's ladder; one is never edited after release."""
