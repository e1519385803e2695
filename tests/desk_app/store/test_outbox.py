"""Batches: written down before they go, let go by receipt, and none is dropped."""

import json

import pytest
import sqlcipher3
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.store import outbox, returned
from desk_app.store.outbox import BatchRecord
from desk_app.store.returned import ReturnedEntry
from desk_app.store.vault import Transaction, Vault
from tests.support.rows import AT, entries, undone


def _batch(first: int, last: int, *, epoch: int = 1) -> BatchRecord:
    return BatchRecord(f"{epoch}:{first}", epoch, first, last, "{}", b"sealed")


def _sent(tx: Transaction, *ranges: tuple[int, int], epoch: int = 1) -> None:
    for first, last in ranges:
        outbox.add(tx, _batch(first, last, epoch=epoch))


def _signed(tx: Transaction, *digests: str) -> None:
    for digest in digests:
        outbox.receipted(tx, digest, json.dumps({"received_at": AT, "of": digest}))


def test_the_oldest_batch_goes_first_and_is_as_it_was_written(tx: Transaction) -> None:
    _sent(tx, (1, 2), epoch=2)
    _sent(tx, (4, 6), (1, 3))
    assert outbox.oldest_waiting(tx) == _batch(1, 3) == outbox.get(tx, "1:1")
    assert outbox.all_waiting(tx) == (
        _batch(1, 3), _batch(4, 6), _batch(1, 2, epoch=2)
    )  # fmt: skip
    assert outbox.get(tx, "9:9") is None


def test_p06_a_receipt_lets_the_bytes_go_and_stays_as_proof(tx: Transaction) -> None:
    entries(tx, 3)
    _sent(tx, (1, 3))
    assert not outbox.is_released(tx, "1:1")
    _signed(tx, "1:1")
    assert outbox.is_released(tx, "1:1")
    assert outbox.oldest_waiting(tx) is None
    let_go = outbox.get(tx, "1:1")
    assert let_go is not None
    assert let_go.raw == b""
    assert outbox.receipted_at(tx, epoch=1, sequence=2) == AT
    assert outbox.receipted_at(tx, epoch=1, sequence=4) is None


def test_no_two_batches_begin_at_one_place(tx: Transaction) -> None:
    _sent(tx, (1, 3))
    with pytest.raises(sqlcipher3.IntegrityError):
        outbox.add(tx, BatchRecord("other", 1, 1, 9, "{}", b""))
    assert outbox.overlaps(tx, 1, 3, 9)
    assert not outbox.overlaps(tx, 1, 4, 9)
    assert not outbox.overlaps(tx, 2, 1, 9)


def test_what_was_refused_is_set_aside_with_its_reason_or_taken_back(
    tx: Transaction,
) -> None:
    _sent(tx, (1, 3), (4, 4))
    assert [outbox.refused_again(tx, "1:1") for _ in range(2)] == [1, 2]
    outbox.refused(tx, "1:1", 305)
    assert outbox.refusals(tx) == (("1:1", 1, 3, 305),)
    asked = [(1, 305), (1, 301), (2, 305)]
    said = [outbox.has_refusal(tx, epoch, why) for epoch, why in asked]
    assert said == [True, False, False]
    assert outbox.oldest_waiting(tx) == _batch(4, 4)
    for digest in ("1:1", "1:4"):
        outbox.take_back(tx, digest)
    assert outbox.get(tx, "1:1") is not None
    assert outbox.get(tx, "1:4") is None


def _naive_gap(ranges: list[tuple[int, int]]) -> tuple[int, int | None]:
    taken = {n for first, last in ranges for n in range(first, last + 1)}
    first = next(n for n in range(1, 99) if n not in taken)
    later = [begin for begin, _ in ranges if begin > first]
    return first, min(later) - 1 if later else None


def _naive_through(ranges: list[tuple[int, int]]) -> int:
    return _naive_gap(ranges)[0] - 1


RANGES = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(["receipted", "waiting", "none"])),
    max_size=7,
)


@given(RANGES)
@settings(derandomize=True, deadline=None, max_examples=60)
def test_p03_gaps_and_ends_are_what_counting_one_by_one_gives(
    vault: Vault, cuts: list[tuple[int, str]]
) -> None:
    """Whatever is batched, receipted or in nothing yet, no sequence is leapt over."""
    ranges: dict[str, list[tuple[int, int]]] = {"receipted": [], "waiting": []}
    end = 0
    with undone(vault) as tx:
        for size, state in cuts:
            begin, end = end + 1, end + size
            if state in ranges:
                ranges[state].append((begin, end))
                _sent(tx, (begin, end))
            if state == "receipted":
                _signed(tx, f"1:{begin}")
        entries(tx, end)
        batched = sorted(ranges["receipted"] + ranges["waiting"])
        assert outbox.next_gap(tx, 1) == _naive_gap(batched)
        through = _naive_through(sorted(ranges["receipted"]))
        assert outbox.receipted_through(tx, 1) == through
        assert outbox.last_batched(tx, 1) == (batched[-1][1] if batched else 0)
        sizes = {k: sum(b - a + 1 for a, b in r) for k, r in ranges.items()}
        left = end - sizes["receipted"]
        oldest = AT if left else None
        assert outbox.waiting(tx, 1) == (left, sizes["waiting"], oldest)
        assert outbox.flying(tx, 1) == sizes["waiting"]
        assert outbox.after(tx, epoch=1, sequence=0) == (end, sizes["receipted"])


def test_receipted_entries_are_followed_back_as_far_as_asked(tx: Transaction) -> None:
    _sent(tx, (1, 2), (3, 5), (6, 9), (10, 12))
    _signed(tx, "1:3", "1:6", "1:10")

    def begin(sequence: int, limit: int = 99) -> int:
        return outbox.receipted_back_to(tx, epoch=1, sequence=sequence, limit=limit)

    assert [begin(12), begin(7), begin(2)] == [3, 3, 3]
    assert begin(12, limit=5) == 8
    assert begin(20) == 21


def test_p06_a_stub_is_no_receipt_for_what_it_withholds(tx: Transaction) -> None:
    """An entry in quarantine went as a stub; it is let go where it is offered again."""
    entries(tx, 3)
    _sent(tx, (1, 2), (3, 3))
    _signed(tx, "1:1")
    tx.run(
        "INSERT INTO quarantine (epoch, sequence, problem, reason, found_by, state,"
        " found_at, offered_epoch, offered_sequence)"
        " VALUES (1, 2, 305, 'r', 'intake', 'offered', ?, 1, 3)",
        AT,
    )
    held = [outbox.is_receipted(tx, epoch=1, sequence=n) for n in (1, 2, 3)]
    assert held == [True, False, False]
    _signed(tx, "1:3")
    assert outbox.signed_for(tx, epoch=1, sequence=2)
    tx.run("UPDATE quarantine SET found_by = 'rules', offered_epoch = NULL")
    assert outbox.signed_for(tx, epoch=1, sequence=2)


def test_what_came_back_is_there_but_not_signed_for(tx: Transaction) -> None:
    """It may be other bytes than the journal's own at that place."""
    returned.add(tx, ReturnedEntry(
        "d" * 32, 1, 5, b"x", "c", AT, "case_received", None, 1, True
    ))  # fmt: skip
    assert outbox.is_receipted(tx, epoch=1, sequence=5)
    assert not outbox.signed_for(tx, epoch=1, sequence=5)
    assert outbox.is_receipted(tx, epoch=0, sequence=5)
    assert not outbox.is_receipted(tx, epoch=1, sequence=6)


def test_a_left_epoch_gives_up_its_batches_but_no_proof(tx: Transaction) -> None:
    _sent(tx, (1, 2), (3, 4), (5, 6))
    _sent(tx, (1, 1), epoch=2)
    _signed(tx, "1:1")
    outbox.refused(tx, "1:5", 305)
    assert outbox.give_up(tx, 1) == 2
    assert outbox.receipted_through(tx, 1) == 2
    assert outbox.oldest_waiting(tx) == _batch(1, 1, epoch=2)


def test_p08_what_the_district_lost_is_offered_again_and_the_receipt_is_kept(
    tx: Transaction,
) -> None:
    entries(tx, 6)
    _sent(tx, (1, 2), (3, 4), (5, 6))
    _signed(tx, "1:1", "1:3")
    outbox.lose(tx, epoch=1, after=3, at=AT)
    outbox.lose(tx, epoch=1, after=3, at="later")
    assert outbox.next_gap(tx, 1) == (3, None)
    kept = tx.rows("SELECT batch_digest, first, last, lost_at FROM lost_receipts")
    assert kept == [("1:3", 3, 4, AT)]


def test_p08_what_was_lost_last_says_in_which_pieces_it_was(tx: Transaction) -> None:
    entries(tx, 9)
    _sent(tx, (1, 2), (3, 6))
    _signed(tx, "1:1", "1:3")
    outbox.lose(tx, epoch=1, after=0, at="2026-11-23")
    outbox.add(tx, BatchRecord("again", 1, 1, 4, "{}", b"sealed"))
    outbox.add(tx, BatchRecord("more", 1, 5, 6, "{}", b"sealed"))
    _signed(tx, "again", "more")
    assert outbox.lost_borders(tx, 1, first=1, last=8) == (1, 3, 7)
    outbox.lose(tx, epoch=1, after=0, at="2026-11-24")
    assert outbox.lost_borders(tx, 1, first=1, last=8) == (1, 5, 7)
    assert outbox.lost_borders(tx, 1, first=5, last=6) == (5,)
    assert outbox.lost_borders(tx, 2, first=1, last=8) == (1,)
