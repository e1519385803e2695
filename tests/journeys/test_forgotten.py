"""A district put back to before it knew a desk, or its keys: people help, it heals."""

import asyncio
import shutil
from pathlib import Path

import pytest

from desk_app.services import fresh_keys
from desk_app.services.desk import Desk
from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import keys_of
from schemas.case import CaseState
from schemas.problems import Code, Problem
from sync.district.boot.district import District
from sync.district.boot.rotating import rotate
from sync.district.reconcile.approving import approve, device_fingerprint
from tests.support.putting_back import (
    an_island_at,
    answered,
    approved,
    district_of,
    now,
    reckon,
    refused_at,
    renewed,
    restored,
    settle,
    told,
)
from tests.support.rigs import a_desk, enrol, free_port, take_case


def _known_again(desk: Desk, district: District) -> None:
    """Do what both windows say: show, compare, approve."""
    request = fresh_keys.ask(desk.place)
    assert fresh_keys.ask(desk.place) == request
    assert refused_at(desk) is Code.DEVICE_UNKNOWN
    mark = fresh_keys.asked_fingerprint(request)
    device = district.sealed.device(request.device)
    assert device is not None
    if device.state == "pending":
        assert device_fingerprint(device) == mark
        terminal = district.sealed.had_terminal(device.device) or ""
        for wrong in ("09", "77"):
            with pytest.raises(Problem) as refused:
                approve(
                    district.sealed, district.charter, district.keys,
                    device=device.device, terminal=wrong, now=now(),
                )  # fmt: skip
            assert refused.value.code is Code.TERMINAL_NOT_ITS_OWN
        approve(
            district.sealed, district.charter, district.keys, device=device.device,
            terminal=terminal, now=now(),
        )  # fmt: skip
        return
    approved(desk, district)


@pytest.mark.parametrize("renewals", [1, 2, 3])
@pytest.mark.parametrize("way", ["line", "file"])
def test_p08_a_district_that_forgot_a_desks_keys_knows_it_again(
    tmp_path: Path, renewals: int, way: str
) -> None:
    """What it lost is offered again, the renewals among it: they are history now."""
    home, port = tmp_path / "district", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        numbers = {take_case(desk, "HY12-01", seed=0)}
        settle(desk, district, rounds=2)
    shutil.copytree(home, tmp_path / "saved")
    with district_of(home, port) as district:
        for seed in range(renewals):
            renewed(desk, district)
            numbers.add(take_case(desk, "HY12-01", seed=seed + 1))
            settle(desk, district, rounds=2)
        for number in sorted(numbers):
            answered(district, number)
        settle(desk, district)
        before = keys_of(desk.place)
    restored(home, tmp_path / "saved")
    with district_of(home, port) as district:
        numbers.add(take_case(desk, "HY12-01", seed=9))
        assert refused_at(desk) is Code.DEVICE_UNKNOWN
        _known_again(desk, district)
        if way == "line":
            assert asyncio.run(fresh_keys.poll(desk.place)) == "granted"
        else:
            request = fresh_keys.asked(desk.place)
            assert request is not None
            kept = asyncio.run(carrier_of(desk.place).request_keys(request))
            assert kept.package is not None
            fresh_keys.use_file(desk.place, kept.package.model_dump_json())
        assert fresh_keys.asked(desk.place) is None
        assert keys_of(desk.place).signing == before.signing
        settle(desk, district, rounds=6)
        numbers.add(take_case(desk, "HY12-01", seed=10))
        settle(desk, district, rounds=2)

        reckon(desk, district, numbers)
        assert {"known_again", "district_behind"} <= told(desk)
        states = {desk.case(each).row.state for each in numbers}
        assert CaseState.GRANTED in states
        # Its former keys are former here, too: none of them is an unknown one.
        known = district.sealed.device(before.device)
        assert known is not None
        assert known.signing_public == before.signing.public
        # And it renews them as before.
        renewed(desk, district)
    desk.lock()


@pytest.mark.parametrize("with_new_keys", [False, True])
@pytest.mark.parametrize("district_renewed", [False, True])
def test_p08_a_district_that_forgot_a_desk_takes_it_in_to_its_own_terminal(
    tmp_path: Path, *, with_new_keys: bool, district_renewed: bool
) -> None:
    home, port = tmp_path / "district", free_port()
    with an_island_at(tmp_path, port) as (first, district):
        if district_renewed:
            rotate(district, ("answers",), now=now())
        settle(first, district, rounds=2)
        first.lock()
    shutil.copytree(home, tmp_path / "saved")
    with district_of(home, port) as district:
        desk = a_desk(tmp_path / "second")
        enrol(desk, district, f"https://localhost:{port}", terminal="02")
        numbers = {take_case(desk, "HY12-01", seed=n) for n in range(2)}
        settle(desk, district)
        if with_new_keys:
            renewed(desk, district)
        for number in numbers:
            answered(district, number)
        numbers.add(take_case(desk, "HY12-01", seed=3))
        settle(desk, district)
    restored(home, tmp_path / "saved")
    with district_of(home, port) as district:
        numbers.add(take_case(desk, "HY12-01", seed=4))
        assert refused_at(desk) is Code.DEVICE_UNKNOWN
        _known_again(desk, district)
        settle(desk, district, rounds=8)

        reckon(desk, district, numbers)
        assert {"known_again", "district_behind"} <= told(desk)
    desk.lock()


def test_a_desk_that_is_known_after_all_asks_no_more(tmp_path: Path) -> None:
    """The newer backup was found: the district knows it again by itself."""
    home, port = tmp_path / "district", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        numbers = {take_case(desk, "HY12-01", seed=0)}
        settle(desk, district, rounds=2)
        shutil.copytree(home, tmp_path / "old")
        renewed(desk, district)
    shutil.copytree(home, tmp_path / "new")
    restored(home, tmp_path / "old")
    with district_of(home, port):
        assert refused_at(desk) is Code.DEVICE_UNKNOWN
        fresh_keys.ask(desk.place)
        assert refused_at(desk) is Code.DEVICE_UNKNOWN
    restored(home, tmp_path / "new")
    with district_of(home, port) as district:
        settle(desk, district)
        assert fresh_keys.asked(desk.place) is None
        reckon(desk, district, numbers)
    desk.lock()
