"""What the district lacks is offered again as it stood, and only by whoever has it."""

from collections.abc import Iterator

import pytest

from desk_app.services import leaning, quarantining, steps
from desk_app.services.supplying import TRIES, supply_case, supply_range
from desk_app.store import journal, quarantine, settings
from desk_app.store.journal import KeptEntry
from desk_app.store.vault import Transaction
from schemas.encoding import base64_bytes
from schemas.feed import EntryQuarantined
from schemas.healing import EntryReleased
from schemas.journal import JournalEntry
from schemas.problems import Code
from schemas.quarantine import BatchUnreadable, EntryOffered
from schemas.steps import Acceptance
from tests.support.counter import Counter
from tests.support.rows import undone


@pytest.fixture
def tx(counter: Counter) -> Iterator[Transaction]:
    with undone(counter.place.vault) as under_way:
        yield under_way


def _last(tx: Transaction, count: int) -> tuple[KeptEntry, ...]:
    head = journal.head(tx, 1)
    assert head is not None
    return journal.after(tx, epoch=1, sequence=head.sequence - count, limit=count)


def _inside(kept: KeptEntry) -> bytes:
    body = JournalEntry.model_validate_json(kept.entry).body
    assert isinstance(body, EntryOffered)
    return base64_bytes(body.entry)


def _wanted(first: int, last: int, *, chain_after: str | None) -> BatchUnreadable:
    return BatchUnreadable(
        epoch=1, first=first, last=last, problem=int(Code.BATCH_UNREADABLE),
        reason="311", chain_after=chain_after,
    )  # fmt: skip


def test_p08_a_range_of_this_very_history_is_offered_alone_and_as_it_stood(
    counter: Counter,
) -> None:
    counter.take()
    with undone(counter.place.vault) as tx:
        (stood,) = _last(tx, 1)
        here = stood.sequence
        wanted = _wanted(here, here, chain_after=stood.chain)
        assert list(supply_range(counter.place, tx, wanted)) == []
        (made,) = _last(tx, 1)
        assert _inside(made) == stood.entry
        cut = quarantine.cut_at(tx, 1, made.sequence)
        assert cut is not None
        assert (cut.first, cut.last) == (made.sequence, made.sequence)
        task = quarantine.get(tx, 1, here)
        assert task is not None
        assert (task.state, task.offered_sequence) == ("offered", made.sequence)
        # What went before leans no more on what the district may lack.
        assert settings.get(tx, "lean_after") == f"1 {here}"


def test_p08_a_range_of_another_history_is_not_claimed(
    counter: Counter,
) -> None:
    counter.take()
    with undone(counter.place.vault) as tx:
        (stood,) = _last(tx, 1)
        wanted = _wanted(stood.sequence, stood.sequence, chain_after="0" * 64)
        assert list(supply_range(counter.place, tx, wanted)) == []
        assert _last(tx, 1) == (stood,)


def test_p03_what_failed_three_times_is_a_task(
    counter: Counter,
) -> None:
    counter.take()
    with undone(counter.place.vault) as tx:
        for _ in range(TRIES):
            (stood,) = _last(tx, 1)
            wanted = _wanted(stood.sequence, stood.sequence, chain_after=stood.chain)
            assert list(supply_range(counter.place, tx, wanted)) == []
        (stood,) = _last(tx, 1)
        wanted = _wanted(stood.sequence, stood.sequence, chain_after=stood.chain)
        (task,) = supply_range(counter.place, tx, wanted)
        assert (task.sequence, task.state) == (stood.sequence, "open")
        open_ones = [e for e in quarantine.all_of(tx) if e.state != "settled"]
        assert [e.offered_sequence for e in open_ones] == [stood.sequence]
        assert _last(tx, 1) == (stood,)


def test_p08_a_case_is_offered_whole_in_its_own_order(
    counter: Counter,
) -> None:
    number = counter.take()
    steps.accept_case(counter.place, number, Acceptance.FULL)
    with undone(counter.place.vault) as tx:
        stood = _last(tx, 2)
        supply_case(counter.place, tx, number)
        assert [_inside(each) for each in _last(tx, 2)] == [e.entry for e in stood]
        # Asked again, it offers the case again, and not what it offered before.
        supply_case(counter.place, tx, number)
        assert [_inside(each) for each in _last(tx, 2)] == [e.entry for e in stood]


def test_p03_what_the_district_filed_after_all_is_no_task_any_more(
    counter: Counter,
) -> None:
    counter.take()
    with undone(counter.place.vault) as tx:
        (stood,) = _last(tx, 1)
        place = {"epoch": 1, "sequence": stood.sequence}
        ruled = EntryQuarantined(**place, problem=152, reason="no such case")
        quarantining.take(counter.place, tx, ruled)
        released = EntryReleased(**place, by_epoch=2, by_sequence=7)
        quarantining.take(counter.place, tx, released)
        task = quarantine.get(tx, 1, stood.sequence)
        assert task is not None
        assert (task.state, task.note) == ("settled", "2/7")


def test_what_was_never_begun_anew_leans_from_the_beginning(tx: Transaction) -> None:
    assert settings.get(tx, "lean_after") is None
    leaning.begin_anew(tx)
    head = journal.head(tx, 1)
    assert settings.get(tx, "lean_after") == f"1 {head.sequence if head else 0}"
