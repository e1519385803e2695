"""Rigs that tests share: a district on real sockets, a desk in a real vault."""
