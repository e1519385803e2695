"""What a batch leans on: what the district has signed for, within reason."""

from collections.abc import Iterator

import pytest

from desk_app.services.leaning import begin_anew, context_for
from desk_app.store import journal, outbox, quarantine, returned, settings
from desk_app.store.quarantine import Quarantined
from desk_app.store.vault import Transaction
from sync.seal.compressing import KNOWN, EntryRange
from tests.support.counter import Counter
from tests.support.rows import AT, a_number, entries, undone

NAME = next(iter(KNOWN))


@pytest.fixture
def tx(counter: Counter) -> Iterator[Transaction]:
    """A vault in its third epoch, which begins with no entries."""
    with undone(counter.place.vault) as under_way:
        said = counter.town.welcome(dictionaries=(NAME,))
        settings.put(under_way, "welcome", said.model_dump_json())
        yield under_way


def _sent(tx: Transaction, first: int, last: int, *, epoch: int = 3) -> None:
    digest = f"{epoch}-{first}"
    outbox.add(tx, outbox.BatchRecord(digest, epoch, first, last, "{}", b"raw"))
    receipt = f'{{"received_at": "{AT}", "first": {first}, "last": {last}}}'
    outbox.receipted(tx, digest, receipt)


def _run(
    tx: Transaction, first: int, *, epoch: int = 3
) -> tuple[journal.KeptEntry, ...]:
    return journal.after(tx, epoch=epoch, sequence=first - 1, limit=99)


def test_without_a_dictionary_that_the_district_named_it_leans_on_nothing(
    tx: Transaction, counter: Counter
) -> None:
    entries(tx, 3, epoch=3)
    _sent(tx, 1, 2)
    for said in ((), ("from-the-future",)):
        welcome = counter.town.welcome(dictionaries=said)
        settings.put(tx, "welcome", welcome.model_dump_json())
        assert context_for(tx, epoch=3, run=_run(tx, 3)) is None
    tx.run("DELETE FROM settings WHERE name = 'welcome'")
    assert context_for(tx, epoch=3, run=_run(tx, 3)) is None


def test_it_leans_on_what_was_receipted_just_before(tx: Transaction) -> None:
    entries(tx, 6, epoch=3)
    _sent(tx, 2, 4)
    context = context_for(tx, epoch=3, run=_run(tx, 5))
    assert context is not None
    assert context.ranges == (EntryRange(3, 2, 3),)
    assert context.earlier == tuple(f"3/{n}".encode() for n in (2, 3, 4))


def test_it_leans_on_nothing_that_the_district_may_lack(tx: Transaction) -> None:
    """What was sent and has no receipt may be lost; then nobody could open it."""
    entries(tx, 4, epoch=3)
    outbox.add(tx, outbox.BatchRecord("d", 3, 1, 2, "{}", b"raw"))
    context = context_for(tx, epoch=3, run=_run(tx, 3))
    assert context is not None
    assert (context.ranges, context.earlier) == ((), ())


def test_where_a_stub_lies_there_is_nothing_to_lean_on(tx: Transaction) -> None:
    entries(tx, 5, epoch=3)
    _sent(tx, 1, 4)
    quarantine.put(tx, Quarantined(3, 2, 301, "", "intake", "open", AT))
    context = context_for(tx, epoch=3, run=_run(tx, 5))
    assert context is not None
    assert context.ranges == (EntryRange(3, 3, 2),)


def test_a_long_history_is_leaned_on_only_near_its_end(tx: Transaction) -> None:
    entries(tx, 40, epoch=3)
    _sent(tx, 1, 39)
    run = _run(tx, 40)
    context = context_for(tx, epoch=3, run=run)
    assert context is not None
    (near,) = context.ranges
    assert near.first + near.count == 40
    assert sum(map(len, context.earlier)) <= 4 * len(run[0].entry)


def test_a_correction_leans_on_its_own_earlier_application(tx: Transaction) -> None:
    number = a_number(1)
    entries(tx, 1, epoch=3, number=number)
    _sent(tx, 1, 1)
    entries(tx, 30, epoch=3, kind="notice_seen")
    _sent(tx, 2, 31)
    entries(tx, 1, epoch=3, number=number, kind="case_resubmitted")
    context = context_for(tx, epoch=3, run=_run(tx, 32))
    assert context is not None
    assert context.ranges[0] == EntryRange(3, 1, 1)
    assert context.earlier[0] == b"3/1"


def test_p08_it_leans_on_nothing_from_before_a_batch_that_did_not_open(
    tx: Transaction,
) -> None:
    settings.put(tx, "epoch", "3")
    number = a_number(1)
    entries(tx, 4, epoch=3, number=number)
    _sent(tx, 1, 4)
    begin_anew(tx)
    entries(tx, 2, epoch=3, number=number, kind="case_resubmitted")
    _sent(tx, 5, 5)
    context = context_for(tx, epoch=3, run=_run(tx, 6))
    assert context is not None
    assert context.ranges == (EntryRange(3, 5, 1),)


def test_p08_it_leans_on_no_place_where_the_district_has_other_bytes(
    tx: Transaction,
) -> None:
    """The place of a left epoch was taken by another history, and receipted as such."""
    number = a_number(1)
    entries(tx, 1, epoch=2, number=number)
    _sent(tx, 1, 1, epoch=2)
    entries(tx, 1, epoch=3, number=number, kind="case_resubmitted")
    run = _run(tx, 1)
    before = context_for(tx, epoch=3, run=run)
    assert before is not None
    assert before.ranges == (EntryRange(2, 1, 1),)

    returned.settle(tx, 2, 1, "offered_again")
    after = context_for(tx, epoch=3, run=run)
    assert after is not None
    assert after.ranges == ()
