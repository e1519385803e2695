"""Two sides of one conversation, and what they share."""
