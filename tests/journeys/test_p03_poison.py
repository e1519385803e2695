"""An entry that will not go through: alone, with a reason and a task, never in the way.

The district's parts are real; only its judgement of one entry is made to fail.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlcipher3.dbapi2 import IntegrityError

from desk_app.services import quarantining
from desk_app.store import outbox, quarantine
from schemas.problems import Code, Problem
from sync.district.intake import keeping
from sync.district.intake.keeping import IntakeParts, Keeper
from sync.district.reconcile.filing import ReconcileReport, reconcile_once
from sync.seal.batches import MAGIC, read_batch
from tests.support.rigs import Island, an_island, take_case

POISON = 4


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def _take(island: Island, count: int, *, start: int = 0) -> list[str]:
    return [
        take_case(island.desk, "HY12-01", seed=seed)
        for seed in range(start, start + count)
    ]


def _talk(island: Island) -> Code | None:
    return asyncio.run(island.desk.sync(impatient=True)).problem


def _reconcile(island: Island) -> ReconcileReport:
    district = island.district
    return reconcile_once(
        district.sealed, district.record, district.keys, now=datetime.now(UTC)
    )


def _refusing(poison: set[int], *, stubs: bool = False) -> Keeper:
    """A keeper that chokes on some sequences, as a fault of the program would."""
    real = keeping.keep_batch

    def keep(parts: IntakeParts, raw: bytes) -> str:
        header = read_batch(raw).header
        hit = poison & set(range(header.first, header.last + 1))
        if hit and (stubs or not header.withheld):
            raise Problem(Code.MESSAGE_MALFORMED)
        return real(parts, raw)

    return keep


def test_p03_a_poisonous_entry_is_alone_in_quarantine_and_holds_up_nothing(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cut in halves down to the one; the rest is filed; the one is a task."""
    numbers = _take(island, 9)
    monkeypatch.setitem(keeping.KEEPERS, MAGIC, _refusing({POISON}))

    assert _talk(island) is None

    place = island.desk.place
    assert island.desk.sync_status().waiting == 0
    (task,) = quarantining.tasks(place)
    assert (task.sequence, task.problem, task.state) == (
        POISON,
        int(Code.MESSAGE_MALFORMED),
        "open",
    )
    assert not island.desk.case(numbers[POISON - 1]).row.synced
    report = _reconcile(island)
    assert report.waiting == ()
    record = island.district.record
    filed = {number for number in numbers if record.case(number) is not None}
    assert filed == set(numbers) - {numbers[POISON - 1]}
    # What comes later goes through as ever.
    (later,) = _take(island, 1, start=20)
    assert _talk(island) is None
    assert _reconcile(island).waiting == ()
    assert record.case(later) is not None


def test_p03_what_was_in_quarantine_is_offered_again_and_filed_once(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the fault is mended the supervisor's retry brings it home."""
    numbers = _take(island, 5)
    with monkeypatch.context() as fault:
        fault.setitem(keeping.KEEPERS, MAGIC, _refusing({POISON}))
        assert _talk(island) is None
    _reconcile(island)
    place = island.desk.place

    quarantining.retry(place, 1, POISON)
    with pytest.raises(Problem):
        quarantining.retry(place, 1, POISON)
    assert _talk(island) is None
    report = _reconcile(island)

    assert (report.filed, report.set_aside, report.waiting) == (1, 0, ())
    assert island.district.record.case(numbers[POISON - 1]) is not None
    assert quarantining.tasks(place) == ()
    assert island.desk.case(numbers[POISON - 1]).row.synced


def test_p03_a_fault_of_the_district_puts_nothing_in_quarantine(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where even a stub is refused, the entry is not at fault: all of it waits."""
    _take(island, 5)
    everything = set(range(1, 100))
    with monkeypatch.context() as fault:
        fault.setitem(keeping.KEEPERS, MAGIC, _refusing(everything, stubs=True))
        assert _talk(island) is Code.MESSAGE_MALFORMED
        assert _talk(island) is Code.MESSAGE_MALFORMED
    place = island.desk.place
    assert quarantining.tasks(place) == ()
    with place.vault.read() as tx:
        assert quarantine.all_of(tx) == ()

    assert _talk(island) is None

    assert island.desk.sync_status().waiting == 0
    assert (_reconcile(island).filed, quarantining.tasks(place)) == (5, ())


def _rot(island: Island, log_position: int) -> None:
    """Turn a bit of a kept batch's sealed part, as a bad disk would."""
    engine = island.district.sealed._engine
    with engine.begin() as connection:
        raw = bytearray(
            connection.execute(
                text("SELECT raw FROM batches WHERE log_position = :at"),
                {"at": log_position},
            ).scalar_one()
        )
        raw[-100] ^= 1
        connection.execute(
            text("UPDATE batches SET raw = :raw WHERE log_position = :at"),
            {"at": log_position, "raw": bytes(raw)},
        )


def test_p03_a_batch_that_does_not_open_is_asked_for_again_and_blocks_nothing(
    island: Island,
) -> None:
    """Four cases rot at the district: a fifth is filed, and the four come again."""
    lost = _take(island, 4)
    assert _talk(island) is None
    _rot(island, 1)
    (after,) = _take(island, 1, start=9)
    assert _talk(island) is None
    record = island.district.record

    report = _reconcile(island)
    assert report.waiting == ()
    # Talk and reconcile until both are quiet: asked for, offered one by one, filed.
    for _ in range(4):
        assert _talk(island) is None
        assert _reconcile(island).waiting == ()

    assert record.case(after) is not None
    assert all(record.case(number) is not None for number in lost)
    assert quarantining.tasks(island.desk.place) == ()
    with island.desk.place.vault.read() as tx:
        assert all(outbox.is_receipted(tx, epoch=1, sequence=n) for n in range(1, 6))


def test_p03_an_entry_that_never_opens_is_offered_three_times_and_then_a_task(
    island: Island,
) -> None:
    """What fails every time needs a person; a person's retry may succeed."""
    (number,) = _take(island, 1)
    assert _talk(island) is None
    for log_position in range(1, 5):
        assert quarantining.tasks(island.desk.place) == ()
        _rot(island, log_position)
        _reconcile(island)
        assert _talk(island) is None

    (task,) = quarantining.tasks(island.desk.place)
    assert (task.sequence, task.problem, task.found_by, task.state) == (
        1,
        int(Code.BATCH_UNREADABLE),
        "reconcile",
        "open",
    )
    assert not island.desk.case(number).row.synced
    quarantining.retry(island.desk.place, 1, 1)
    assert _talk(island) is None
    _reconcile(island)
    record = island.district.record
    assert record.case(number) is not None
    assert quarantining.tasks(island.desk.place) == ()
    # Its failed tries are gaps of their own: the last one brought them all.
    assert record.journals.quarantined() == ()
    assert record.journals.broken() == []


def test_p03_a_task_is_settled_by_a_reason_and_stays_on_record(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    _take(island, 2)
    monkeypatch.setitem(keeping.KEEPERS, MAGIC, _refusing({1}))
    assert _talk(island) is None
    place = island.desk.place
    with pytest.raises(Problem) as refused:
        quarantining.settle(place, 1, 1, note=" ")
    assert refused.value.code is Code.REASON_MISSING

    quarantining.settle(place, 1, 1, note="示例：已另行办理")

    assert quarantining.tasks(place) == ()
    with place.vault.read() as tx:
        (kept,) = quarantine.all_of(tx)
        assert kept.note == "示例：已另行办理"
    with pytest.raises(IntegrityError), place.vault.write() as tx:
        tx.run("DELETE FROM quarantine")


def test_p04_an_entry_that_is_supplied_twice_has_one_effect(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second copy, and one for a place that was never empty, change nothing."""
    _take(island, 2)
    with monkeypatch.context() as fault:
        fault.setitem(keeping.KEEPERS, MAGIC, _refusing({1}))
        assert _talk(island) is None
    place = island.desk.place
    quarantining.retry(place, 1, 1)
    assert _talk(island) is None
    assert _reconcile(island).filed == 2
    with place.vault.write() as tx:
        task = quarantine.get(tx, 1, 1)
        assert task is not None
        quarantine.put(tx, quarantine.Quarantined(1, 1, 403, "", "intake", "open", "x"))
        quarantine.put(tx, quarantine.Quarantined(1, 2, 403, "", "intake", "open", "x"))
    quarantining.retry(place, 1, 1)
    quarantining.retry(place, 1, 2)
    assert _talk(island) is None

    report = _reconcile(island)

    assert (report.filed, report.set_aside) == (2, 0)
    record = island.district.record
    assert record.journals.quarantined() == ()
    assert record.list_cases()[1] == 2
