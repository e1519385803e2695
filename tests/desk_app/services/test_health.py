"""The check-up: every part is looked at, and what is not well says how to mend it."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from desk_app.services import access, catalogue, health
from desk_app.services.shown import Check
from desk_app.store import outbox, pages, quarantine
from desk_app.store.outbox import BatchRecord
from desk_app.store.quarantine import Quarantined
from schemas.base import utc_text
from schemas.problems import Code, Problem
from tests.support.counter import MONDAY, Counter, a_bare_counter, a_counter
from tests.support.rigs import PASSPHRASE


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Counter]:
    """A desk that the test may harm."""
    with a_counter(tmp_path) as made:
        for seed in (1, 2, 3):
            made.take(seed=seed)
        yield made


def _of(checks: tuple[Check, ...], what: str) -> Check:
    return next(each for each in checks if each.what == what)


def _harm(counter: Counter, table: str, change: str) -> None:
    """Change a proof with another program, past the file's own guards."""
    with counter.place.vault.write() as tx:
        for (name,) in tx.rows(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?",
            table,
        ):
            tx.run(f"DROP TRIGGER {name}")
        assert tx.run(f"UPDATE {table} {change}") > 0


def test_a_desk_that_is_well_is_well_in_every_part(own: Counter) -> None:
    checks = health.doctor(own.place)
    assert [each.what for each in checks] == [
        "vault_pages", "journal_chain", "audit_chain", "catalogue", "calendar",
        "enrolment", "line", "refused_batches",
    ]  # fmt: skip
    assert [(each.what, each.detail) for each in checks if not each.ok] == []
    assert _of(checks, "enrolment").detail == "01"
    assert health.verify(own.place) == checks[:3]


@pytest.mark.parametrize(
    "change",
    ["SET entry = x'7b7d' WHERE sequence = 2",
     "SET chain = 'another' WHERE sequence = 2"],
)  # fmt: skip
def test_an_entry_that_was_changed_is_found_by_its_place(
    own: Counter, change: str
) -> None:
    _harm(own, "journal", change)
    found = _of(health.verify(own.place), "journal_chain")
    assert (found.ok, found.detail) == (False, "#1.2")
    assert found.mend == str(int(Code.CHAIN_BROKEN))


def test_a_left_epoch_is_proof_as_well(own: Counter) -> None:
    own.put("epoch", "3")
    own.take(seed=4)
    assert _of(health.verify(own.place), "journal_chain").ok
    _harm(own, "journal", "SET entry = x'7b7d' WHERE epoch = 1 AND sequence = 3")
    assert _of(health.verify(own.place), "journal_chain").detail == "#1.3"


def test_a_check_that_is_stopped_says_nothing_of_what_it_had_not_seen(
    own: Counter,
) -> None:
    """Its count is of entries, after the file's pages were looked at."""
    counts: list[int] = []
    assert all(
        each.ok
        for each in health.verify(own.place, progress=lambda n: not counts.append(n))
    )
    assert counts[-1] == 0, "one piece holds them all"
    with pytest.raises(Problem) as stopped:
        health.verify(own.place, progress=lambda _: False)
    assert stopped.value.code is Code.STOPPED


def test_a_changed_line_of_the_trail_is_found(own: Counter) -> None:
    _harm(own, "audit", "SET what = 'viewed' WHERE position = 3")
    checks = health.verify(own.place)
    assert _of(checks, "audit_chain").detail == "#3"
    assert _of(checks, "journal_chain").ok


def test_damaged_pages_are_named_and_the_rest_is_looked_at_all_the_same(
    own: Counter,
) -> None:
    with own.place.vault.write() as tx:
        # The last pages of the file are a scan's: what is harmed is nothing else.
        pages.keep(tx, "f" * 64, "image/png", os.urandom(1 << 18))
    own.desk.lock()
    raw = bytearray(own.places.vault.read_bytes())
    raw[-2000] ^= 1
    own.places.vault.write_bytes(raw)
    place = access.unlock(
        own.places, own.desk._hands, login="lin", passphrase=PASSPHRASE
    )
    checks = health.doctor(place)
    place.vault.close()
    found = _of(checks, "vault_pages")
    assert (found.ok, found.mend) == (False, str(int(Code.VAULT_DAMAGED)))
    assert found.detail
    # Once a page proved wrong SQLCipher reads no fresh one: a part may have to say so
    # itself, but every part is looked at.
    assert {"catalogue", "calendar", "enrolment"} <= {each.what for each in checks}
    assert _of(checks, "enrolment").ok


def test_a_calendar_is_asked_for_before_it_ends_and_missed_after(
    own: Counter,
) -> None:
    through = catalogue.current_calendar(own.place).holidays.complete_through
    shown = []
    for days in (-31, -20, 1):
        own.watch.now = MONDAY.replace(
            year=through.year, month=through.month, day=through.day
        ) + timedelta(days=days)
        found = _of(health.doctor(own.place), "calendar")
        shown.append((found.ok, found.mend))
    assert shown == [(True, ""), (True, "calendar"), (False, "calendar")]


def test_what_the_district_refused_is_counted(own: Counter) -> None:
    with own.place.vault.write() as tx:
        outbox.add(tx, BatchRecord("d", 1, 1, 1, "{}", b""))
        outbox.refused(tx, "d", 305)
        quarantine.put(tx, Quarantined(
            1, 2, 305, "r", "intake", "open", utc_text(MONDAY)
        ))  # fmt: skip
    found = _of(health.doctor(own.place), "refused_batches")
    assert (found.ok, found.detail, found.mend) == (False, "2", "refused_batches")


def test_a_desk_that_no_district_knows_is_told_so(tmp_path: Path) -> None:
    bare = a_bare_counter(tmp_path)
    found = _of(health.doctor(bare.place), "enrolment")
    assert (found.ok, found.mend) == (False, str(int(Code.NOT_ENROLLED)))
    assert [each.what for each in health.verify(bare.place) if not each.ok] == []
    bare.desk.lock()
