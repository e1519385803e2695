"""Words that people read."""
