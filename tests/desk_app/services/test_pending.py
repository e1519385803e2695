"""What is still to be sent, of the present epoch and of those that were left."""

from collections.abc import Iterator

import pytest

from desk_app.services import pending
from desk_app.store import outbox, settings
from desk_app.store.vault import Transaction
from tests.support.counter import Counter
from tests.support.rows import AT, entries, undone


@pytest.fixture
def tx(counter: Counter) -> Iterator[Transaction]:
    with undone(counter.place.vault) as under_way:
        under_way.run("DELETE FROM settings WHERE name LIKE 'held_through%'")
        # What the counter itself wrote is no part of these beliefs.
        last = outbox.next_gap(under_way, 1)[0]
        kept = under_way.row("SELECT max(sequence) FROM journal WHERE epoch = 1")
        if kept and kept[0]:
            _batch(under_way, last, int(str(kept[0])), epoch=1, receipted=True)
        yield under_way


def _batch(
    tx: Transaction, first: int, last: int, *, epoch: int, receipted: bool = False
) -> None:
    digest = f"{epoch}-{first}"
    outbox.add(tx, outbox.BatchRecord(digest, epoch, first, last, "{}", b"raw"))
    if receipted:
        outbox.receipted(tx, digest, f'{{"received_at": "{AT}"}}')


def test_what_is_in_no_batch_waits_and_what_flies_is_counted(tx: Transaction) -> None:
    entries(tx, 5, epoch=2)
    _batch(tx, 1, 2, epoch=2, receipted=True)
    _batch(tx, 3, 3, epoch=2)
    assert pending.next_gap(tx, 2) == (2, 4, None)
    assert pending.waiting(tx, 2) == (3, 1, AT)


def test_nothing_waits_where_all_has_its_receipt(tx: Transaction) -> None:
    entries(tx, 2, epoch=2)
    _batch(tx, 1, 2, epoch=2, receipted=True)
    assert pending.waiting(tx, 2) == (0, 0, None)
    assert pending.next_gap(tx, 2) == (2, 3, None)


def test_p08_what_the_district_lost_of_a_left_epoch_goes_first(
    tx: Transaction,
) -> None:
    entries(tx, 4, epoch=2)
    _batch(tx, 1, 1, epoch=2, receipted=True)
    entries(tx, 1, epoch=3)
    assert pending.next_gap(tx, 3) == (2, 2, None)
    assert pending.waiting(tx, 3)[0] == 4
    pending.hold_through(tx, 2, 4)
    assert pending.held_through(tx, 2) == pending.offered_through(tx, 2) == 4
    assert pending.next_gap(tx, 3) == (3, 1, None)
    assert pending.waiting(tx, 3)[0] == 1


def test_while_a_healing_decides_nothing_of_a_left_epoch_is_offered(
    tx: Transaction,
) -> None:
    entries(tx, 2, epoch=2)
    entries(tx, 1, epoch=3)
    settings.put(tx, "healing_from", "2")
    assert pending.next_gap(tx, 3) == (3, 1, None)


def test_a_receipt_for_what_was_offered_again_moves_its_end(tx: Transaction) -> None:
    entries(tx, 6, epoch=2)
    pending.hold_through(tx, 2, 2)
    pending.receipted(tx, 2, first=5, last=6)
    assert pending.held_through(tx, 2) == 2, "not what follows"
    pending.receipted(tx, 2, first=3, last=4)
    assert pending.held_through(tx, 2) == 4
