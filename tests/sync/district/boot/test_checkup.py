"""The doctor: every part is looked at, and what cannot be looked at is a finding."""

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest

from schemas.problems import Code, Problem
from sync.district.boot.checkup import (
    charter_findings,
    check_up,
    check_up_at,
    missing_files,
)
from sync.district.boot.district import District
from sync.district.boot.serving import utc_now
from sync.district.config.places import DistrictPlaces
from tests.support.ledgers import Writer, file_line, granted, keep


def _amiss(district: District, *, years: int = 0) -> set[str]:
    now = utc_now() + timedelta(days=365 * years)
    return {each.what for each in check_up(district, now=now) if not each.ok}


def test_a_new_district_is_well(district: District) -> None:
    assert _amiss(district) == set()


def test_what_waits_for_people_is_found(district: District) -> None:
    desk = granted(district.sealed)
    district.sealed.ask(Writer().request(), now=utc_now())
    keep(district.sealed, desk.batch(1, 1))
    file_line(district.record, desk, 1, problem=Code.CHAIN_FORKED)
    assert _amiss(district) == {"pending", "unopened", "quarantined"}


def test_a_changed_record_is_found(district: District) -> None:
    desk = granted(district.sealed)
    for sequence in (1, 2):
        file_line(district.record, desk, sequence)
    with sqlite3.connect(district.places.record) as raw:
        raw.execute("DROP TRIGGER entries_never_delete")
        raw.execute("DELETE FROM entries WHERE sequence = 1")
    assert _amiss(district) == {"chains"}


def test_a_certificate_that_ends_soon_is_found_in_time(district: District) -> None:
    assert _amiss(district, years=4) == set()
    assert _amiss(district, years=5) == {"certificate"}


def test_a_key_that_others_can_read_is_found_by_name(district: District) -> None:
    key = district.places.reconcile / "opening.key"
    key.chmod(0o640)
    (found,) = (each for each in check_up(district, now=utc_now()) if not each.ok)
    assert (found.what, found.detail) == ("private", "reconcile/opening.key")


def test_a_part_that_is_not_there_is_a_finding_and_no_failure(
    district: District,
) -> None:
    (district.places.reconcile / "opening.key").unlink()
    (district.places.intake / "server.pem").write_text("none", "ascii")
    assert _amiss(district) == {"opening_key", "certificate"}


def test_lost_files_are_named(home: Path) -> None:
    places = DistrictPlaces(home)
    assert (charter_findings(places), missing_files(places)) == ((), ())
    places.charter.unlink()
    places.record.unlink()
    details = [each.detail for each in charter_findings(places)]
    assert details[1:] == ["intake/charter.json", "reconcile/record.db"]
    (found,) = check_up_at(home, now=utc_now())
    assert not found.ok


def test_where_no_district_is_there_is_nothing_to_check(tmp_path: Path) -> None:
    with pytest.raises(Problem) as refused:
        charter_findings(DistrictPlaces(tmp_path))
    assert refused.value.code is Code.DISTRICT_NOT_SET_UP


def test_a_database_that_cannot_be_opened_is_a_finding(home: Path) -> None:
    DistrictPlaces(home).sealed.write_bytes(b"something else " * 400)
    (found,) = check_up_at(home, now=utc_now())
    assert (found.what, found.ok) == ("databases", False)
    assert "sealed.db" in found.detail
