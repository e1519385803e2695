"""Who may use the console: a login is one person's, and its tries are counted."""

import pytest
from sqlalchemy.exc import IntegrityError

from schemas.base import utc_text
from sync.district.ledger.record import Record
from sync.district.ledger.rows import StaffMember
from tests.support.ledgers import NOW


def test_a_login_is_taken_once_and_its_tries_are_counted(record: Record) -> None:
    chen = StaffMember("chen", "陈审核", "reviewer", "00:11", 0, None)
    record.staff.add(chen)
    with pytest.raises(IntegrityError):
        record.staff.add(chen)
    record.staff.signed_in("chen", failures=3, now=NOW)
    (after,) = record.staff.members()
    assert (after.failures, after.failed_at) == (3, utc_text(NOW))
    assert record.staff.member("nobody") is None


def test_what_is_kept_of_a_try_is_that_logins_alone(record: Record) -> None:
    for login in ("lin", "chen"):
        record.staff.add(StaffMember(login, login, "reviewer", "00:11", 0, None))
    record.staff.signed_in("chen", failures=2, now=NOW)
    told = [(each.login, each.failures) for each in record.staff.members()]
    assert told == [("chen", 2), ("lin", 0)]
