"""Machines copied, moved, restored and lost: one speaks for a desk, nothing is lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import (
    adopting,
    backing,
    freezing,
    healing,
    restoring,
    standing,
    steps,
)
from desk_app.services.desk import Desk
from desk_app.services.hands import Hands
from schemas.case import CaseState
from schemas.problems import Code, Problem
from schemas.steps import Acceptance
from sync.district.reconcile.healing import succeed
from tests.support.putting_back import (
    an_island_copied,
    answered,
    at,
    now,
    reckon,
    settle,
    told,
)
from tests.support.rigs import (
    PASSPHRASE,
    a_desk,
    a_desk_and_its_paper,
    a_district,
    an_island,
    enrol,
    take_case,
)


def test_p08_a_restore_on_a_new_machine_heals_and_old_one_is_refused(
    tmp_path: Path,
) -> None:
    """The new machine goes on; the one thought dead is told, and loses nothing."""
    with a_district(tmp_path / "district") as (district, url):
        desk, recovery = a_desk_and_its_paper(tmp_path / "desk")
        enrol(desk, district, url)
        numbers = {take_case(desk, "HY12-01", seed=0)}
        settle(desk, district, rounds=1)
        made = backing.back_up(desk.place, desk.places)
        numbers.add(take_case(desk, "HY12-01", seed=1))
        settle(desk, district)

        other = places(tmp_path / "other")
        restoring.restore(other, real_hands(), made.file, recovery_key=recovery)
        new = at(tmp_path / "other", machine="another")
        with pytest.raises(Problem) as frozen:
            take_case(new, "HY12-01", seed=2)
        assert frozen.value.code is Code.NUMBERING_FROZEN
        settle(new, district)
        # Only the paper register knows what the lost machine gave and never sent.
        with pytest.raises(Problem):
            take_case(new, "HY12-01", seed=2)
        freezing.resume_after(new.place, max(numbers))
        numbers.add(take_case(new, "HY12-01", seed=2))
        settle(new, district)
        reckon(new, district, numbers)

        take_case(desk, "HY12-01", seed=5)
        report = asyncio.run(desk.sync(impatient=True))
        assert report.problem is Code.DEVICE_CLONED
        assert desk.sync_status().waiting == 1
        assert "cloned" in told(desk)
        with pytest.raises(Problem) as refused:
            take_case(desk, "HY12-01", seed=6)
        assert refused.value.code is Code.NUMBERING_FROZEN
        reckon(new, district, numbers)
        desk.lock()
        new.lock()


def test_p08_the_second_copy_on_another_machine_is_refused(tmp_path: Path) -> None:
    with an_island_copied(tmp_path) as (island, numbers, second):
        desk, district = island.desk, island.district

        report = asyncio.run(second.sync(impatient=True))

        assert report.problem is Code.DEVICE_CLONED
        alarms = district.sealed.contacts.alarms(limit=9)
        assert [each.verdict for each in alarms] == ["cloned"]
        numbers.add(take_case(desk, "HY12-01", seed=2))
        settle(desk, district)
        reckon(desk, district, numbers)


def test_p08_a_machine_that_was_changed_while_nothing_was_lost_goes_on(
    tmp_path: Path,
) -> None:
    """The disk was moved to another PC: no alarm, no new epoch."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        numbers = {take_case(desk, "HY12-01", seed=1)}
        settle(desk, district)
        desk.lock()
        moved = at(desk.places.home, machine="another")

        numbers.add(take_case(moved, "HY12-01", seed=2))
        settle(moved, district)

        assert told(moved) == set()
        reckon(moved, district, numbers)
        moved.lock()


def test_p08_the_only_copy_left_is_declared_and_heals(tmp_path: Path) -> None:
    """A folder on a new machine after the old one burnt: a supervisor says so."""
    with an_island_copied(tmp_path) as (island, numbers, only):
        district = island.district
        island.desk.lock()
        assert asyncio.run(only.sync(impatient=True)).problem is Code.DEVICE_CLONED

        healing.declare_only(only.place)
        settle(only, district)

        reckon(only, district, numbers)


def test_p08_what_a_refused_copy_took_goes_on_under_its_new_device(
    tmp_path: Path,
) -> None:
    """Enrolled anew, it takes over its own cases; the paper's number stays."""
    with an_island_copied(tmp_path) as (island, numbers, second):
        desk, district = island.desk, island.district
        on_paper = take_case(second, "HY01-02", seed=7)
        name = second.case(on_paper).row.applicant_name
        report = asyncio.run(second.sync(impatient=True))
        assert report.problem is Code.DEVICE_CLONED
        second.lock()

        fresh = a_desk(tmp_path / "fresh")
        enrol(fresh, district, island.url, terminal="02")
        done = adopting.adopt(
            fresh.place, tmp_path / "copy", login="lin", passphrase=PASSPHRASE
        )
        again = adopting.adopt(
            fresh.place, tmp_path / "copy", login="lin", passphrase=PASSPHRASE
        )
        settle(fresh, district)
        settle(desk, district)

        assert (list(done.numbers), done.left) == ([on_paper], 0)
        assert (again.numbers, again.left) == ({}, 0)
        new = done.numbers[on_paper]
        assert fresh.case(new).row.applicant_name == name
        filed = district.record.case(new)
        assert filed is not None
        assert filed.applicant_name == name
        assert on_paper.encode() in district.record.journals.entries_of(new)[0].entry
        assert district.record.journals.quarantined() == ()
        _, total = district.record.list_cases()
        assert total == len(numbers) + 1
        fresh.lock()


def test_p08_a_machine_lost_without_a_backup_is_succeeded_by_another(
    tmp_path: Path,
) -> None:
    """The district gives all that it holds to the new desk, which goes on with it."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        numbers = {take_case(desk, "HY12-01", seed=n) for n in range(3)}
        settle(desk, district)
        decided = max(numbers)
        answered(district, decided)
        old = district.sealed.devices()[0].device
        desk.lock()
        fresh = a_desk(tmp_path / "fresh")
        enrol(fresh, district, island.url, terminal="02")
        new = next(d.device for d in district.sealed.devices() if d.device != old)
        with pytest.raises(Problem) as early:
            succeed(district.sealed, district.record, old=old, new=new, now=now())
        assert early.value.code is Code.DEVICE_NOT_REVOKED

        district.sealed.keys.revoke(old, reason="示例：沉海", up_to=None)
        assert succeed(
            district.sealed, district.record, old=old, new=new, now=now()
        ) == len(numbers)
        settle(fresh, district)
        first = min(numbers)
        steps.accept_case(fresh.place, first, Acceptance.FULL)
        own = take_case(fresh, "HY12-01", seed=9)
        settle(fresh, district)
        answered(district, first)
        settle(fresh, district)

        reckon(fresh, district, numbers | {own})
        assert fresh.case(first).row.state is CaseState.GRANTED
        # Decided while the lost one had it: the heir is told that, too.
        assert fresh.case(decided).row.state is CaseState.GRANTED
        assert fresh.case(decided).row.synced
        fresh.lock()


def test_p09_a_restore_under_a_clock_of_next_year_freezes_numbers_for_a_day(
    tmp_path: Path,
) -> None:
    """The new PC's clock was eight months ahead; a contact says which day it is."""
    home = tmp_path / "desk"
    with a_district(tmp_path / "district") as (district, url):
        desk, recovery = a_desk_and_its_paper(home)
        enrol(desk, district, url)
        numbers = {take_case(desk, "HY12-01", seed=0)}
        settle(desk, district, rounds=1)
        made = backing.back_up(desk.place, desk.places)
        desk.lock()

        def ahead(days: int, boot: str) -> Hands:
            span = timedelta(days=days)
            return replace(
                real_hands(), now=lambda: now() + span, boot=boot, machine="another"
            )

        where = places(tmp_path / "other")
        restoring.restore(where, ahead(250, "one"), made.file, recovery_key=recovery)
        new = Desk(where, ahead(250, "one"))
        new.unlock("lin", PASSPHRASE)
        settle(new, district)
        with pytest.raises(Problem) as frozen:
            take_case(new, "HY12-01", seed=1)
        today = standing.local_day(now()).isoformat()
        assert frozen.value.params["day"] == today
        new.lock()

        tomorrow = Desk(where, ahead(1, "two"))
        tomorrow.unlock("lin", PASSPHRASE)
        numbers.add(take_case(tomorrow, "HY12-01", seed=1))
        settle(tomorrow, district)
        reckon(tomorrow, district, numbers)
        tomorrow.lock()
