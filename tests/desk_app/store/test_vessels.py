"""Vessels and certificates: the latest case says whose they are and when they end."""

import dataclasses

from desk_app.store import vessels
from desk_app.store.vault import Transaction
from desk_app.store.vessels import CertificateRecord, VesselRecord
from tests.support.rows import a_number

BOAT = VesselRecord("闽秀渔99001", "OWNER-1X", a_number(1), "2026-11-01")
LICENCE = CertificateRecord(
    "闽秀渔99001", "OWNER-1X", "HY01", "捕捞许可证", "2027-01-31", a_number(1)
)


def test_a_vessel_that_was_sold_is_its_new_owners(tx: Transaction) -> None:
    vessels.remember(tx, BOAT)
    sold = dataclasses.replace(
        BOAT, owner="OWNER-2", number=a_number(2), used_at="2026-11-02"
    )
    vessels.remember(tx, sold)
    assert vessels.of_owner(tx, "OWNER-1X") == ()
    assert vessels.of_owner(tx, "OWNER-2") == (sold,)


def test_a_vessel_is_found_by_a_part_of_its_name_or_by_its_owner(
    tx: Transaction,
) -> None:
    second = dataclasses.replace(BOAT, name="闽秀渔99002", used_at="2026-11-05")
    for boat in (BOAT, second, dataclasses.replace(BOAT, name="鲁渔1", owner="O")):
        vessels.remember(tx, boat)
    assert vessels.find(tx, "秀渔99", limit=9) == (second, BOAT)
    assert vessels.find(tx, "99001", limit=9) == (BOAT,)
    assert vessels.find(tx, "owner-1x", limit=1) == (second,)
    assert vessels.find(tx, "%", limit=9) == ()
    assert vessels.of_owner(tx, "OWNER-1X") == (BOAT, second)


def test_a_renewed_certificate_ends_when_the_last_case_says(tx: Transaction) -> None:
    vessels.certify(tx, LICENCE)
    renewed = dataclasses.replace(
        LICENCE, valid_until="2029-01-31", number=a_number(2), licence="(闽)船捕 1 号"
    )
    vessels.certify(tx, renewed)
    assert vessels.ending(tx, by="2028-12-31") == ()
    assert vessels.ending(tx, by="2029-01-31") == (renewed,)


def test_what_ends_is_listed_by_its_day_for_one_vessel_or_owner(
    tx: Transaction,
) -> None:
    soon = dataclasses.replace(LICENCE, kind="HY02", valid_until="2026-12-01")
    open_ended = dataclasses.replace(LICENCE, kind="HY03", valid_until=None)
    other = dataclasses.replace(LICENCE, vessel="鲁渔1", owner="O")
    for each in (LICENCE, soon, open_ended, other):
        vessels.certify(tx, each)
    by = "2027-01-31"
    every = vessels.ending(tx, by=by)
    assert (len(every), every[0]) == (3, soon)
    assert vessels.ending(tx, by=by, vessel="闽秀渔99001") == (soon, LICENCE)
    assert vessels.ending(tx, by=by, owner="O") == (other,)
    assert vessels.ending(tx, by=by, vessel="鲁渔1", owner="OWNER-1X") == ()
    assert vessels.ending(tx, by="2026-12-01") == (soon,)
