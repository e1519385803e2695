"""Places, keys on disk, TLS, words."""
