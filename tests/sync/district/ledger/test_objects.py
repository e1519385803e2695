"""The object store: a name is written once and whole, and what is gone is None."""

import hashlib
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sync.district.ledger.objects import Objects

NAME = "ab" * 32


def test_what_is_put_comes_back(tmp_path: Path) -> None:
    store = Objects(tmp_path / "scans")
    store.put(NAME, b"sealed")
    assert store.get(NAME) == b"sealed"
    assert Objects(tmp_path / "scans").get(NAME) == b"sealed", "after a restart, too"


def test_a_name_is_written_once(tmp_path: Path) -> None:
    """Who sends other bytes under a name that is taken changes nothing."""
    store = Objects(tmp_path)
    store.put(NAME, b"the first")
    store.put(NAME, b"the second")
    assert store.get(NAME) == b"the first"


def test_a_name_that_was_dropped_is_free_again(tmp_path: Path) -> None:
    store = Objects(tmp_path)
    store.put(NAME, b"not what it said")
    store.drop(NAME)
    store.drop(NAME)
    assert store.get(NAME) is None
    store.put(NAME, b"what it said")
    assert store.get(NAME) == b"what it said"


def test_names_are_spread_over_folders(tmp_path: Path) -> None:
    store = Objects(tmp_path)
    for n in range(8):
        store.put(f"{n:02x}" * 32, b"x")
    assert len(list(tmp_path.iterdir())) == 8


@settings(
    max_examples=30, derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)  # fmt: skip
@given(raw=st.binary(max_size=4096))
def test_any_bytes_come_back_as_they_were(tmp_path: Path, raw: bytes) -> None:
    store, name = Objects(tmp_path), hashlib.sha256(raw).hexdigest()
    store.put(name, raw)
    assert store.get(name) == raw
