"""Opens what intake kept, files it, and answers."""
