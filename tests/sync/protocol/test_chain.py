"""The chain of a journal: every byte and place counts, and it grows by entries."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.chain import chain_next, chain_over, chain_start
from sync.seal import suite1

VECTORS = json.loads(
    (Path(__file__).parents[3] / "docs" / "vectors" / "wire-1.json").read_text("utf-8")
)
ENTRIES = st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6)
START = chain_start(suite1.digest, "d" * 32, 1)


def test_p10_the_frozen_heads_hold() -> None:
    head = chain_start(suite1.digest, VECTORS["device"], 1)
    heads = [head]
    for entry in VECTORS["entries"]:
        heads.append(chain_next(suite1.digest, heads[-1], entry.encode()))
    assert heads == VECTORS["chain_heads"][: len(heads)]


def test_no_two_devices_or_epochs_begin_alike() -> None:
    """Else an entry of one history could follow in another."""
    starts = {
        chain_start(suite1.digest, device, epoch)
        for device in ("d" * 32, "e" * 32)
        for epoch in (1, 2, 11)
    }
    assert len(starts) == 6


@given(ENTRIES)
def test_any_change_of_the_journal_changes_the_chain(entries: list[bytes]) -> None:
    head = chain_over(suite1.digest, START, entries)
    swapped = [entries[0] + b"x", *entries[1:]]
    assert chain_over(suite1.digest, START, swapped) != head
    assert chain_next(suite1.digest, head, b"more") != head
    assert chain_over(suite1.digest, START, entries[:-1]) != head


@given(ENTRIES, st.integers(0, 6))
def test_a_journal_may_be_taken_up_at_any_place(entries: list[bytes], at: int) -> None:
    half = chain_over(suite1.digest, START, entries[:at])
    whole = chain_over(suite1.digest, half, entries[at:])
    assert whole == chain_over(suite1.digest, START, entries)


def test_two_entries_are_not_the_one_that_they_join_to() -> None:
    joined = chain_over(suite1.digest, START, [b"one two"])
    assert chain_over(suite1.digest, START, [b"one ", b"two"]) != joined
    assert chain_over(suite1.digest, START, [b"two", b"one "]) != joined
