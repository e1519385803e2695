"""Fresh keys at the console: both fingerprints shown, an administrator decides."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_app.services import fresh_keys
from desk_app.store import settings
from schemas.problems import Code
from schemas.renewal import KeysRequest
from sync.district.console.fresh_keys import fresh_rows
from sync.district.intake.fresh_keys import accept_keys_request
from sync.district.reconcile.approving import device_fingerprint
from tests.support.putting_back import now
from tests.support.rigs import Island, an_island
from tests.support.staff import at_the_console


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def _asked(island: Island, request: KeysRequest) -> None:
    publics = island.district.keys.answers_publics()
    accept_keys_request(
        island.district.sealed, request.model_dump_json(), answers=publics, now=now()
    )


def test_an_administrator_compares_both_fingerprints_and_decides(
    island: Island,
) -> None:
    sealed = island.district.sealed
    request = fresh_keys.ask(island.desk.place)
    _asked(island, request)
    (row,) = fresh_rows(sealed)
    present = sealed.device(request.device)
    assert present is not None
    assert row["present"] == device_fingerprint(present)
    assert row["asked"] == fresh_keys.asked_fingerprint(request)
    path = f"/keys-requests/{row['key']}"

    reviewer = at_the_console(island, "reviewer", "reviewer")
    assert f"[{int(Code.STAFF_NOT_ALLOWED)}]" in reviewer.post(f"{path}/approve")
    assert len(fresh_rows(sealed)) == 1

    staff = at_the_console(island, "admin", "administrator")
    page = staff.page("/devices")
    assert row["present"] in page
    assert row["asked"] in page
    assert f"[{int(Code.FRESH_KEYS_NOT_ASKED)}]" in staff.post(
        "/keys-requests/0/approve"
    )
    staff.browser.post(f"{path}/approve", data={"csrf": "forged"})
    assert len(fresh_rows(sealed)) == 1
    assert f"{path}/approve" not in staff.post(f"{path}/approve")
    assert fresh_rows(sealed) == []
    changed = sealed.device(request.device)
    assert changed is not None
    assert device_fingerprint(changed) == row["asked"]


def test_a_no_needs_a_reason(island: Island) -> None:
    sealed = island.district.sealed
    request = fresh_keys.ask(island.desk.place)
    _asked(island, request)
    (row,) = fresh_rows(sealed)
    staff = at_the_console(island, "admin", "administrator")
    path = f"/keys-requests/{row['key']}/refuse"
    staff.post(path, reason="")
    assert len(fresh_rows(sealed)) == 1
    staff.post(path, reason="示例")
    assert fresh_rows(sealed) == []


def test_p08_a_forgotten_desk_is_shown_as_one_that_this_district_certified(
    island: Island,
) -> None:
    """By its keys, or altogether: then it is let in to the terminal that it had."""
    place, sealed = island.desk.place, island.district.sealed
    with place.vault.write() as tx:
        settings.put(tx, "sync_problem", str(int(Code.DEVICE_UNKNOWN)))
    request = fresh_keys.ask(place)
    assert request.standing is not None
    with sqlite3.connect(island.district.places.sealed) as rows:
        rows.execute(
            "UPDATE devices SET signing_key = ?, signing_key_id = 'x'", ("AAAA",)
        )
    _asked(island, request)
    staff = at_the_console(island, "admin", "administrator")
    (row,) = fresh_rows(sealed)
    assert row["known"]
    page = staff.page("/devices")
    assert "本区当年签发的证书" in page
    assert row["asked"] in page

    with sqlite3.connect(island.district.places.sealed) as rows:
        rows.executescript(
            "DELETE FROM keys_requests; DELETE FROM packages; DELETE FROM devices;"
        )
    _asked(island, request)
    page = staff.page("/devices")
    assert 'value="01" readonly' in page
    assert "忘了它" in page
    assert device_fingerprint(sealed.devices()[0]) in page
    path = f"/devices/{request.device}/approve"
    wrong = staff.post(path, terminal="02")
    assert f"[{int(Code.TERMINAL_NOT_ITS_OWN)}]" in wrong
    staff.post(path, terminal="01")
    assert sealed.devices()[0].state == "granted"
