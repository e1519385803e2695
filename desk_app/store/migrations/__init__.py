"""The ladder of the vault's schema: one rung a file, never edited after release."""
