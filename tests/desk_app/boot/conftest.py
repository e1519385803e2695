"""The desk that screens are tested on (tests/support/island.py)."""

from tests.support.island import desk, island, the_island

__all__ = ["desk", "island", "the_island"]
