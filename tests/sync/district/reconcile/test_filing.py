"""Filing: in order, once, whole; what cannot be opened yet waits and says why."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from schemas.problems import Code
from sync.district.reconcile.filing import ReconcileReport, reconcile_once
from tests.support.rigs import Island, an_island, take_case

NOW = datetime.now(UTC)


def _pass(island: Island) -> ReconcileReport:
    place = island.district
    return reconcile_once(place.sealed, place.record, place.keys, now=NOW)


def _send(island: Island, seed: int) -> str:
    number = take_case(island.desk, "HY12-01", seed=seed)
    report = asyncio.run(island.desk.sync(impatient=True))
    assert report.problem is None
    return number


def test_p04_a_second_pass_files_nothing_again(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        number = _send(island, 1)
        assert _pass(island).filed > 0
        assert _pass(island) == ReconcileReport(0, 0, 0, ())
        found, total = island.district.record.list_cases(text="", state="")
        assert (total, found[0].number) == (1, number)


def test_p04_a_crash_before_the_batch_was_marked_files_nothing_twice(
    tmp_path: Path,
) -> None:
    """The record has the entries, the sealed half does not know it yet."""
    with an_island(tmp_path) as island:
        _send(island, 1)
        filed = _pass(island).filed
        with sqlite3.connect(island.district.places.sealed) as ledger:
            ledger.execute("UPDATE batches SET opened = 0")
        again = _pass(island)
        assert (filed > 0, again.filed, again.waiting) == (True, 0, ())
        assert island.district.record.journals.broken() == []


def test_p03_a_batch_whose_predecessor_is_missing_waits_for_it(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        first, second = _send(island, 1), _send(island, 2)
        with sqlite3.connect(island.district.places.sealed) as ledger:
            kept = ledger.execute(
                "SELECT * FROM batches ORDER BY log_position LIMIT 1"
            ).fetchone()
            ledger.execute("DELETE FROM batches WHERE log_position = ?", kept[:1])

        report = _pass(island)
        assert report.filed == 0
        assert {code for _, code in report.waiting} == {Code.CHAIN_BROKEN}

        marks = ", ".join("?" * len(kept))
        with sqlite3.connect(island.district.places.sealed) as ledger:
            ledger.execute(f"INSERT INTO batches VALUES ({marks})", kept)  # noqa: S608
        assert _pass(island).waiting == ()
        found, _ = island.district.record.list_cases(text="", state="")
        assert {each.number for each in found} == {first, second}


def test_p03_a_batch_that_does_not_open_is_set_aside_in_sight(tmp_path: Path) -> None:
    """It is receipted: its desk is told by number, and offers what was in it again."""
    with an_island(tmp_path) as island:
        first = _send(island, 1)
        with sqlite3.connect(island.district.places.sealed) as ledger:
            (raw,) = ledger.execute("SELECT raw FROM batches").fetchone()
            spoilt = raw[:-200] + bytes([raw[-200] ^ 1]) + raw[-199:]
            ledger.execute("UPDATE batches SET raw = ?", (spoilt,))
        report = _pass(island)
        assert (report.filed, report.set_aside, report.sent) == (0, 1, 1)
        assert len(island.district.record.journals.quarantined()) == 1
        second = _send(island, 2)
        assert _pass(island).filed > 0
        found, _ = island.district.record.list_cases(text="", state="")
        assert {each.number for each in found} == {first, second}
