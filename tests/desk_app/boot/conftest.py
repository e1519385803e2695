"""The desk that windows and commands are tested on (tests/support/island.py)."""

import pytest

from tests.support.island import desk, island, the_island
from tests.support.rigs import Island
from tests.support.terminal import Terminal

__all__ = ["desk", "island", "terminal", "the_island"]


@pytest.fixture
def terminal(island: Island) -> Terminal:
    """A terminal at the desk, the supervisor before it."""
    return Terminal(island.desk.places.home)
