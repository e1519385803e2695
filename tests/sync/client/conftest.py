"""The enrolled desk that talks to its district (tests/support/island.py)."""

from tests.support.island import desk, island, the_island

__all__ = ["desk", "island", "the_island"]
