"""P9 at the desk: whatever the PC's clock says, time goes on from what was proved."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from desk_app.boot.hands import awake_or_asleep_ms, real_hands
from desk_app.config.places import places
from desk_app.services.desk import Desk
from desk_app.services.hands import Hands
from desk_app.services.standing import local_day
from desk_app.store import journal
from sync.district.reconcile.filing import reconcile_once
from tests.support.rigs import NANRI, PASSPHRASE, Island, a_district, enrol, take_case

YEARS = timedelta(days=3 * 365)
HOUR = timedelta(hours=1)
ITEM = "HY01-02"


@dataclass
class Machine:
    """A PC whose wall clock, boot and uptime are moved by hand; truth is the real."""

    off: timedelta = timedelta()
    boot: str = "boot-1"
    since_ms: int = 0

    def hands(self) -> Hands:
        return replace(
            real_hands(),
            now=lambda: datetime.now(UTC) + self.off,
            monotonic_ms=lambda: awake_or_asleep_ms() - self.since_ms,
            boot=self.boot,
        )

    def reboots(self, desk_home: Path) -> Desk:
        self.boot += "+"
        self.since_ms = awake_or_asleep_ms() - 30_000
        desk = Desk(places(desk_home), self.hands())
        desk.unlock("lin", PASSPHRASE)
        return desk


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.fixture
def island(tmp_path: Path, machine: Machine) -> Iterator[Island]:
    with a_district(tmp_path / "district") as (district, url):
        desk = Desk(places(tmp_path / "desk"), machine.hands())
        desk.set_up(
            desk_name="南日镇一号窗口", town=NANRI, login="lin", name="林窗口",
            passphrase=PASSPHRASE,
        )  # fmt: skip
        desk.unlock("lin", PASSPHRASE)
        enrol(desk, district, url)
        yield Island(desk, district, url)
        desk.lock()


def call(desk: Desk) -> None:
    assert asyncio.run(desk.sync(impatient=True)).problem is None


def truth() -> date:
    return local_day(datetime.now(UTC))


def last_entry(desk: Desk) -> dict[str, dict[str, str]]:
    with desk.place.vault.read() as tx:
        head = journal.head(tx, 1)
        assert head is not None
        (kept,) = journal.after(tx, epoch=1, sequence=head.sequence - 1, limit=1)
    entry: dict[str, dict[str, str]] = json.loads(kept.entry)
    return entry


@pytest.mark.parametrize("leap", [-YEARS, YEARS])
def test_p09_a_clock_set_years_off_mid_day_dates_no_case_wrongly(
    island: Island, machine: Machine, leap: timedelta
) -> None:
    desk = island.desk
    call(desk)
    assert desk.sync_status().clock_off is None
    machine.off = leap
    number = take_case(desk, ITEM, seed=1)
    assert local_day(desk.case(number).row.received_at) == truth()
    assert desk.today() == truth()
    off = desk.sync_status().clock_off
    assert off is not None
    assert abs(off - leap) < HOUR
    clocks = last_entry(desk)["clocks"]
    wall = datetime.fromisoformat(clocks["wall"])
    assert abs(wall - datetime.now(UTC) - leap) < HOUR, (
        "the wall clock is kept as it is"
    )
    anchored = datetime.fromisoformat(clocks["anchored_at"])
    assert abs(anchored - datetime.now(UTC)) < HOUR
    call(desk)
    assert desk.case(number).row.synced
    d = island.district
    reconcile_once(d.sealed, d.record, d.keys, now=datetime.now(UTC))
    kinds = {each.finding.kind for each in d.record.findings.of()}
    assert kinds - {"outside_office_hours"} == {"clock_off"}


def test_p09_after_a_reboot_with_a_dead_battery_time_goes_on(
    island: Island, machine: Machine, tmp_path: Path
) -> None:
    call(island.desk)
    island.desk.lock()
    machine.off = -YEARS
    desk = machine.reboots(tmp_path / "desk")
    try:
        number = take_case(desk, ITEM, seed=1)
        view = desk.case(number)
        assert local_day(view.row.received_at) == truth()
        assert view.deadlines[0].working_days_left >= 4
        off = desk.sync_status().clock_off
        assert off is not None
        assert off < -YEARS / 2
        assert desk.board().sync.clock_off is not None
    finally:
        desk.lock()


def test_p09_a_case_dated_by_a_wrong_clock_gets_its_true_deadlines(
    tmp_path: Path, machine: Machine
) -> None:
    """The clock was wrong before the first contact: T0 stays, the law's days move."""
    machine.off = -timedelta(days=30)
    with a_district(tmp_path / "district") as (district, url):
        desk = Desk(places(tmp_path / "desk"), machine.hands())
        desk.set_up(
            desk_name="南日镇一号窗口", town=NANRI, login="lin", name="林窗口",
            passphrase=PASSPHRASE,
        )  # fmt: skip
        desk.unlock("lin", PASSPHRASE)
        enrol(desk, district, url)
        number = take_case(desk, ITEM, seed=1)
        before = desk.case(number)
        assert local_day(before.row.received_at) == truth() - timedelta(days=30)
        machine.off = timedelta()
        call(desk)
        after = desk.case(number)
        assert after.row.received_at == before.row.received_at
        assert "true_time" in after.effects
        notice = next(each for each in after.deadlines if each.what == "notice")
        assert notice.working_days_left == 5
        assert "deemed_accepted" not in after.effects
        desk.lock()


def test_p09_a_right_clock_is_left_alone(island: Island) -> None:
    desk = island.desk
    call(desk)
    for _ in range(3):
        take_case(desk, ITEM, seed=1)
        call(desk)
    assert desk.sync_status().clock_off is None
    assert desk.board().sync.clock_off is None
    desk.lock()
    desk.unlock("lin", PASSPHRASE)
    assert desk.sync_status().clock_off is None


def test_sleep_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """On Linux the clock that stops while the lid is shut is not the one taken."""
    asked: list[int] = []

    def clock(which: int) -> int:
        asked.append(which)
        return 5_000_000_000

    monkeypatch.setattr("time.clock_gettime_ns", clock)
    monkeypatch.setattr("time.CLOCK_BOOTTIME", 7, raising=False)
    assert awake_or_asleep_ms() == 5_000
    assert asked == [7]
