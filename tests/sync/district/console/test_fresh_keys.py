"""Fresh keys at the console: both fingerprints shown, an administrator decides."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from desk_app.services import fresh_keys
from schemas.problems import Code
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


def test_an_administrator_compares_both_fingerprints_and_decides(
    island: Island,
) -> None:
    sealed = island.district.sealed
    request = fresh_keys.ask(island.desk.place)
    accept_keys_request(sealed, request.model_dump_json(), now=now())
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
    accept_keys_request(sealed, request.model_dump_json(), now=now())
    (row,) = fresh_rows(sealed)
    staff = at_the_console(island, "admin", "administrator")
    path = f"/keys-requests/{row['key']}/refuse"
    staff.post(path, reason="")
    assert len(fresh_rows(sealed)) == 1
    staff.post(path, reason="示例")
    assert fresh_rows(sealed) == []
