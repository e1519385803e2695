"""What all tests of the desk share."""

import functools
from collections.abc import Iterator

import pytest

from desk_app.store.keyslots import Argon


@pytest.fixture(autouse=True, scope="module")
def _passphrases_cost_little() -> Iterator[None]:
    """Stretching one at its real cost is test_keyslots' and the journeys' to prove."""
    cheap = functools.partial(Argon, iterations=1, lanes=1, memory_kib=8)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desk_app.store.keyslots.Argon", cheap)
        yield
