"""The conversation without I/O: chain, outbox, outcomes, cursor."""
