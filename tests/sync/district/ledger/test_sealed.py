"""What intake keeps, unread: a batch once, with one receipt, opened in order."""

from datetime import timedelta

import pytest

from schemas.problems import Code, Problem
from schemas.receipt import Receipt
from sync.district.ledger.sealed import SealedLedger
from sync.seal.batches import Run, close_batch
from tests.support.ledgers import (
    NOW,
    Writer,
    granted,
    keep,
    the_keys,
)

DAY = timedelta(days=1)


def _refusal(verb: object) -> Code:
    with pytest.raises(Problem) as refused:
        verb()  # type: ignore[operator]
    return refused.value.code


def test_p04_the_same_bytes_get_the_same_receipt(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    batch = desk.batch(1, 3)
    first = keep(sealed, batch)
    assert keep(sealed, batch) == first == sealed.receipt_of(batch.digest)
    assert [each.log_position for each in sealed.unopened()] == [1]
    assert sealed.receipt_of("0" * 64) is None


def test_p04_batches_come_in_any_order_and_are_opened_in_theirs(
    sealed: SealedLedger,
) -> None:
    desk = granted(sealed)
    for first, last in ((4, 6), (1, 3), (7, 7)):
        keep(sealed, desk.batch(first, last))
    assert [each.first for each in sealed.unopened()] == [1, 4, 7]
    assert [each.first for each in sealed.receipts_of(desk.device)] == [4, 1, 7]


def test_p08_another_history_of_a_range_is_refused(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    keep(sealed, desk.batch(1, 3))
    other = Writer(desk.signing, desk.sealing, told="otherwise")
    assert _refusal(lambda: keep(sealed, other.batch(1, 3))) is Code.BATCH_OVERLAPS
    assert _refusal(lambda: keep(sealed, desk.batch(2, 4))) is Code.BATCH_OVERLAPS
    assert len(sealed.unopened()) == 1


def test_p08_the_very_entries_sealed_anew_get_a_receipt_for_these_bytes(
    sealed: SealedLedger,
) -> None:
    """A desk that was put back seals the same entries once more: one effect."""
    desk = granted(sealed)
    first = Receipt.model_validate_json(keep(sealed, desk.batch(1, 3)))
    again = desk.batch(1, 3)
    receipt = Receipt.model_validate_json(keep(sealed, again))
    assert receipt.batch_digest == again.digest != first.batch_digest
    assert receipt.log_position == first.log_position
    assert len(sealed.unopened()) == 1


def test_p08_entries_kept_in_several_batches_are_sealed_anew_in_one(
    sealed: SealedLedger,
) -> None:
    """The chain commits to each of them; a gap or another end is no match."""
    desk = granted(sealed)
    for first, last in ((1, 3), (4, 6), (8, 9)):
        keep(sealed, desk.batch(first, last))
    receipt = Receipt.model_validate_json(keep(sealed, desk.batch(1, 6)))
    assert (receipt.first, receipt.last, receipt.log_position) == (1, 6, 2)
    for first, last in ((2, 6), (1, 5), (4, 9)):
        refused = _refusal(lambda f=first, u=last: keep(sealed, desk.batch(f, u)))
        assert refused is Code.BATCH_OVERLAPS
    assert len(sealed.unopened()) == 3


def test_p06_what_stands_for_an_entry_is_no_receipt_for_the_entry(
    sealed: SealedLedger,
) -> None:
    desk = granted(sealed)
    keep(sealed, desk.batch(1, 1))
    before, after = desk.head(1).chain, desk.head(2).chain
    run = Run(desk.device, 1, 2, (b"{}",), before, after, withheld=True)
    to = the_keys().opening.public
    keep(sealed, close_batch(run, recipient=to, signing=desk.signing, now=NOW))
    for first in (1, 2):
        refused = _refusal(lambda f=first: keep(sealed, desk.batch(f, 2)))
        assert refused is Code.BATCH_OVERLAPS


def test_what_was_opened_can_be_opened_again_from_a_place_on(
    sealed: SealedLedger,
) -> None:
    desk = granted(sealed)
    for first, last in ((1, 2), (3, 4), (5, 6)):
        keep(sealed, desk.batch(first, last))
    for each in sealed.unopened():
        sealed.mark_opened(each.log_position)
    assert sealed.unopened() == ()
    assert sealed.opened_ends() == {(desk.device, 1): 6}
    sealed.open_again(desk.device, 1, after=3)
    assert [each.first for each in sealed.unopened()] == [3, 5]


def test_a_contact_is_noted(sealed: SealedLedger) -> None:
    desk = granted(sealed)
    sealed.contacted(desk.device, now=NOW)
    known = sealed.device_of_key(desk.signing.key_id)
    assert known is not None
    assert known.last_contact_at == "2026-11-23T04:00:00.000Z"
