"""A finding names its entry and its day, and is kept with what follows from it."""

import json
from datetime import UTC, datetime

from schemas.journal import JournalEntry
from sync.district.ledger.record import Record
from sync.district.reconcile.comparing import Said
from sync.district.reconcile.noticing import found_in, noticed
from tests.support.ledgers import NOW, Writer

DESK = Writer()


def test_a_finding_is_of_the_day_in_china_and_says_where_it_stands() -> None:
    entry = JournalEntry.model_validate_json(DESK.line(7, epoch=2))
    late = datetime(2026, 11, 23, 17, 0, tzinfo=UTC)
    found = found_in(entry, "two_decisions", late, number="n", at="x", stands=None)
    assert (found.device, found.day) == (DESK.device, "2026-11-24")
    assert (found.epoch, found.sequence, found.number) == (2, 7, "n")
    assert json.loads(found.detail) == {"at": "x", "stands": None}
    assert found.closing == ""


def test_it_is_kept_and_nothing_else_that_follows_is_left_out(record: Record) -> None:
    entry = JournalEntry.model_validate_json(DESK.line(1))
    found = [found_in(entry, kind, NOW) for kind in ("clock_jumped", "two_decisions")]
    done: list[str] = []
    before = Said(also=lambda _: done.append("also"), feedback="{}")
    for said in (before, Said()):
        follows = noticed(said, found, now=NOW)
        assert follows.also is not None
        record.keep(follows.also, device=DESK.device, feedback=follows.feedback)
    assert done == ["also"]
    assert [each.body for each in record.unsent()] == ["{}"]
    kinds = [each.finding.kind for each in record.findings.of(open_only=True)]
    # Found again, it is the same finding.
    assert sorted(kinds) == ["clock_jumped", "two_decisions"]
