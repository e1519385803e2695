"""The desk: what a window PC runs."""
