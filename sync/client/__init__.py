"""The desk's side: one loop, and the carriers it sends by."""
