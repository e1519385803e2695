"""Places on disk."""
