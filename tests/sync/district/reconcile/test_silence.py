"""Silent desks: late by the desk's own word, counted on the district's clock."""

from datetime import timedelta

import pytest

from schemas.base import utc_text
from schemas.contact import Backlog, Contact, Verdict
from sync.district.ledger.record import Record
from sync.district.ledger.sealed import SealedLedger
from sync.district.reconcile.silence import USUAL, expected_by, silent_desks
from tests.support.ledgers import NOW, Writer, a_case, file_line, granted

HOUR = timedelta(hours=1)
AT = utc_text(NOW)


def _promising(hours: float, *, wrong_by: timedelta = timedelta()) -> Contact:
    said = Writer().contact(1)
    wall = NOW + wrong_by
    clocks = said.clocks.model_copy(update={"wall": wall})
    by = wall + hours * HOUR
    return said.model_copy(update={"clocks": clocks, "next_contact_by": by})


@pytest.mark.parametrize("wrong_by", [timedelta(), timedelta(days=900), -9 * HOUR])
def test_p09_a_promise_counts_on_the_districts_clock(wrong_by: timedelta) -> None:
    assert expected_by(_promising(4, wrong_by=wrong_by), AT) == NOW + 4 * HOUR


def test_without_a_promise_a_day_and_its_night_are_usual() -> None:
    assert expected_by(Writer().contact(1), AT) == NOW + USUAL
    assert expected_by(None, AT) == NOW + USUAL
    assert expected_by(None, None) is None


def test_a_promise_for_the_past_is_one_for_now() -> None:
    assert expected_by(_promising(-5), AT) == NOW


def test_the_longest_silent_comes_first_with_what_is_at_stake(
    sealed: SealedLedger, record: Record
) -> None:
    late, punctual, gone = (
        granted(sealed, terminal) for terminal in ("01", "02", "03")
    )
    sealed.set_state(gone.device, "revoked", reason="遗失")
    backlog = Backlog(entries=3, attachment_bytes=9, earliest_due="2026-11-30")
    for desk, by in ((late, NOW + HOUR), (punctual, NOW + 9 * HOUR)):
        said = desk.contact(1, next_contact_by=by, backlog=backlog)
        sealed.contacts.keep(said, Verdict.AGREED, now=NOW)
    file_line(record, late, 1, case=a_case(1, late.device))
    file_line(record, late, 2, case=a_case(2, late.device, state="granted"))

    first, second = silent_desks(sealed, record, now=NOW + 6 * HOUR)

    assert (first.device, first.silent, first.overdue_h) == (late.device, True, 5)
    assert (first.waiting, first.at_stake, first.open_cases) == (3, "2026-11-30", 1)
    assert (second.device, second.silent, second.overdue_h) == (
        punctual.device,
        False,
        0,
    )


def test_a_desk_that_never_called_is_silent(
    sealed: SealedLedger, record: Record
) -> None:
    granted(sealed)
    sealed.ask(Writer().request(), now=NOW)
    (heard,) = silent_desks(sealed, record, now=NOW)
    assert (heard.silent, heard.expected_by, heard.verdict) == (True, None, "")
