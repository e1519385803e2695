"""Machines put back, copied and lost: nothing is lost, none is there twice.

Each story ends with the same reckoning: every number that was ever given is one case at
the district and one at the desk, and both say the same.
"""

import asyncio
import dataclasses
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desk_app.boot.hands import real_hands
from desk_app.config.places import places
from desk_app.services import (
    adopting,
    backing,
    close_day,
    days,
    freezing,
    healing,
    restoring,
    standing,
    steps,
)
from desk_app.services.desk import Desk
from desk_app.store import incidents, returned
from schemas.case import CaseState, Granted
from schemas.contact import Verdict
from schemas.problems import Code, Problem
from schemas.steps import Acceptance
from sync.client.engine import StepReport
from sync.district.boot.district import District, NewDistrict, init, open_district
from sync.district.reconcile.answering import answer_case
from sync.district.reconcile.filing import reconcile_once
from sync.district.reconcile.healing import succeed
from tests.support.rigs import (
    PASSPHRASE,
    a_desk,
    a_district,
    an_island,
    enrol,
    free_port,
    serving,
    take_case,
)


def now() -> datetime:
    return datetime.now(UTC)


def at(folder: Path, *, machine: str | None = None) -> Desk:
    """The desk of a folder, unlocked; on another machine where one is named."""
    hands = real_hands()
    if machine is not None:
        hands = dataclasses.replace(hands, machine=machine)
    desk = Desk(places(folder), hands)
    desk.unlock("lin", PASSPHRASE)
    return desk


def sync(desk: Desk) -> StepReport:
    report = asyncio.run(desk.sync(impatient=True))
    assert report.problem is None, report
    return report


def reconcile(district: District) -> None:
    report = reconcile_once(district.sealed, district.record, district.keys, now=now())
    assert report.waiting == ()


def settle(desk: Desk, district: District, *, rounds: int = 4) -> None:
    """Talk until both have said all."""
    for _ in range(rounds):
        sync(desk)
        reconcile(district)


def copy(desk: Desk, to: Path) -> None:
    """What a person does who copies the folder of a closed program."""
    desk.lock()
    shutil.copytree(desk.places.home, to)
    desk.unlock("lin", PASSPHRASE)


def put_back(desk: Desk, saved: Path) -> Desk:
    """What a person does who copies an old folder over the newer one."""
    home = desk.places.home
    desk.lock()
    shutil.rmtree(home)
    shutil.copytree(saved, home)
    return at(home)


def told(desk: Desk) -> set[str]:
    with desk.place.vault.read() as tx:
        return {each.what for each in incidents.listed(tx, unseen_only=False, limit=50)}


def answered(district: District, number: str) -> None:
    licence = Granted(licence_number=f"证-{number[-6:]}")
    answer_case(district.record, number, licence, by="审核", now=now())


def reckon(desk: Desk, district: District, numbers: set[str]) -> None:
    """Nothing lost, nothing twice, both sides say the same, nothing waits."""
    rows, total = district.record.list_cases(limit=500)
    assert {row.number for row in rows} == numbers
    assert total == len(numbers)
    assert district.record.quarantined() == ()
    shown = desk.cases(page_size=500)
    assert {row.number for row in shown.rows} == numbers
    assert desk.sync_status().waiting == 0
    for row in rows:
        view = desk.case(row.number)
        assert view.application.model_dump_json() == row.application
        assert view.row.state == row.state
        assert view.row.synced


def test_p07_a_day_is_agreed_after_a_folder_was_put_back(tmp_path: Path) -> None:
    """Lost, given back, offered again: each record counts once on both sides."""
    today = standing.local_day(now()).isoformat()
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        take_case(desk, "HY12-01", seed=0)
        settle(desk, district, rounds=1)
        copy(desk, tmp_path / "saved")
        for seed in range(1, 4):
            take_case(desk, "HY12-01", seed=seed)
        close_day.close_day(desk.place, today)
        settle(desk, district)
        assert days.view_day(desk.place, today).row.state == "agreed"

        desk = put_back(desk, tmp_path / "saved")
        # Taken before anybody could know: it bears a number that is on paper already.
        take_case(desk, "HY12-01", seed=9)
        sync(desk)
        settle(desk, district)
        assert days.view_day(desk.place, today).row.state in {"open", "reopened"}
        closed = close_day.close_day(desk.place, today)
        settle(desk, district)

        view = days.view_day(desk.place, today)
        assert view.row.state == "agreed", view.differences
        received = sum(
            each.steps.get("case_received", 0) for each in closed.statement.items
        )
        assert received == 5
        desk.lock()


def test_p08_a_folder_put_back_is_noticed_and_all_comes_back(tmp_path: Path) -> None:
    """Cases, numbers and answers of after the copy reappear; those of before stay."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        numbers = {take_case(desk, "HY12-01", seed=n) for n in range(2)}
        settle(desk, district, rounds=1)
        copy(desk, tmp_path / "saved")
        lost = {take_case(desk, "HY12-01", seed=n) for n in range(2, 5)}
        settle(desk, district)
        for number in lost:
            answered(district, number)
        settle(desk, district)

        desk = put_back(desk, tmp_path / "saved")
        report = sync(desk)

        assert report.verdict is Verdict.DESK_BEHIND
        assert "desk_behind" in told(desk)
        with pytest.raises(Problem) as frozen:
            take_case(desk, "HY12-01", seed=9)
        assert frozen.value.code is Code.NUMBERING_FROZEN
        settle(desk, district)
        after = take_case(desk, "HY12-01", seed=9)
        settle(desk, district)

        reckon(desk, district, numbers | lost | {after})
        for number in lost:
            assert desk.case(number).row.state is CaseState.GRANTED
        assert "healed" in told(desk)
        epochs = district.record.healing.epochs(limit=9)
        assert [(each.from_epoch, each.agreed) for each in epochs] == [(1, 2)]
        verdicts = {each.verdict for each in district.sealed.contacts.alarms(limit=9)}
        assert verdicts == {"desk_behind"}
        desk.lock()


def test_p08_work_done_before_the_first_contact_is_offered_again(
    tmp_path: Path,
) -> None:
    """The desk did not know: its numbers collide, and both papers stay valid."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        first = take_case(desk, "HY12-01", seed=0)
        settle(desk, district, rounds=1)
        copy(desk, tmp_path / "saved")
        theirs = take_case(desk, "HY12-01", seed=1)
        name = desk.case(theirs).row.applicant_name
        settle(desk, district)

        desk = put_back(desk, tmp_path / "saved")
        ours = take_case(desk, "HY01-02", seed=7)
        other = desk.case(ours).row.applicant_name
        assert ours == theirs
        second = take_case(desk, "HY12-01", seed=8)
        settle(desk, district)

        with desk.place.vault.read() as tx:
            (shared,) = returned.renumberings(tx, open_only=True)
        assert shared.old == ours
        assert desk.case(shared.old).row.applicant_name == name
        assert desk.case(shared.new).row.applicant_name == other
        reckon(desk, district, {first, theirs, shared.new, second})
        kinds = [
            (each.finding.kind, each.finding.number)
            for each in district.record.findings.of(open_only=True)
        ]
        assert ("number_on_two_papers", shared.new) in kinds
        filed = district.record.entries_of(shared.new)
        assert ours.encode() in filed[0].entry
        healing.told(desk.place, shared.new)
        with desk.place.vault.read() as tx:
            assert returned.renumberings(tx, open_only=True) == ()
        desk.lock()


def test_p08_what_waited_in_the_copy_and_was_sent_is_not_sent_twice(
    tmp_path: Path,
) -> None:
    """An entry of the copy reached the district after it: byte for byte the same."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        numbers = {take_case(desk, "HY12-01", seed=n) for n in range(3)}
        copy(desk, tmp_path / "saved")
        settle(desk, district)
        numbers.add(take_case(desk, "HY12-01", seed=3))
        settle(desk, district)

        desk = put_back(desk, tmp_path / "saved")
        settle(desk, district)

        reckon(desk, district, numbers)
        desk.lock()


def test_p08_put_back_twice_and_in_the_middle_of_a_healing(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        numbers = {take_case(desk, "HY12-01", seed=0)}
        settle(desk, district, rounds=1)
        copy(desk, tmp_path / "old")
        numbers |= {take_case(desk, "HY12-01", seed=n) for n in (1, 2)}
        settle(desk, district)
        desk = put_back(desk, tmp_path / "old")
        sync(desk)
        copy(desk, tmp_path / "middle")
        settle(desk, district)
        numbers.add(take_case(desk, "HY12-01", seed=3))
        settle(desk, district)

        desk = put_back(desk, tmp_path / "middle")
        settle(desk, district)
        desk = put_back(desk, tmp_path / "old")
        settle(desk, district)

        reckon(desk, district, numbers)
        desk.lock()


def test_p08_a_restore_on_a_new_machine_heals_and_old_one_is_refused(
    tmp_path: Path,
) -> None:
    """The new machine goes on; the one thought dead is told, and loses nothing."""
    recovery: list[str] = []
    with a_district(tmp_path / "district") as (district, url):
        desk = Desk(places(tmp_path / "desk"), real_hands())
        recovery.append(
            desk.set_up(
                desk_name="一号窗口", town="350305107", login="lin", name="林",
                passphrase=PASSPHRASE,
            )
        )  # fmt: skip
        desk.unlock("lin", PASSPHRASE)
        enrol(desk, district, url)
        numbers = {take_case(desk, "HY12-01", seed=0)}
        settle(desk, district, rounds=1)
        made = backing.back_up(desk.place, desk.places)
        numbers.add(take_case(desk, "HY12-01", seed=1))
        settle(desk, district)

        other = places(tmp_path / "other")
        restoring.restore(other, real_hands(), made.file, recovery_key=recovery[0])
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
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        copy(desk, tmp_path / "copy")
        numbers = {take_case(desk, "HY12-01", seed=1)}
        settle(desk, district)
        second = at(tmp_path / "copy", machine="another")

        report = asyncio.run(second.sync(impatient=True))

        assert report.problem is Code.DEVICE_CLONED
        alarms = district.sealed.contacts.alarms(limit=9)
        assert [each.verdict for each in alarms] == ["cloned"]
        numbers.add(take_case(desk, "HY12-01", seed=2))
        settle(desk, district)
        reckon(desk, district, numbers)
        second.lock()


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
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        copy(desk, tmp_path / "copy")
        numbers = {take_case(desk, "HY12-01", seed=1)}
        settle(desk, district)
        desk.lock()
        only = at(tmp_path / "copy", machine="another")
        assert asyncio.run(only.sync(impatient=True)).problem is Code.DEVICE_CLONED

        healing.declare_only(only.place)
        settle(only, district)

        reckon(only, district, numbers)
        only.lock()


@contextmanager
def district_of(home: Path, port: int) -> Iterator[District]:
    """A district served from its folder, as after a start of its programs."""
    district = open_district(home)
    with serving(home, port):
        yield district
    district.sealed.close()
    district.record.close()


@pytest.mark.parametrize("which", ["both", "sealed.db", "record.db"])
def test_p08_a_district_put_back_gets_again_what_it_lost(
    tmp_path: Path, which: str
) -> None:
    """Either of its databases, or both: entries, answers and positions are mended."""
    home, saved, port = tmp_path / "district", tmp_path / "saved", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        numbers = {take_case(desk, "HY12-01", seed=n) for n in range(2)}
        settle(desk, district, rounds=2)
        first = min(numbers)
        answered(district, first)
        settle(desk, district, rounds=2)
    shutil.copytree(home, saved)
    with district_of(home, port) as district:
        numbers |= {take_case(desk, "HY12-01", seed=n) for n in range(2, 4)}
        settle(desk, district, rounds=2)
        for number in numbers - {first}:
            answered(district, number)
        settle(desk, district, rounds=2)
        reckon(desk, district, numbers)
        incarnation = district.sealed.contacts.incarnation()
    for file in ("intake/sealed.db", "reconcile/record.db"):
        if which in {"both", file.split("/")[1]}:
            for part in home.glob(f"{file}*"):
                part.unlink()
            shutil.copy(saved / file, home / file)

    with district_of(home, port) as district:
        numbers.add(take_case(desk, "HY12-01", seed=9))
        settle(desk, district, rounds=5)
        last = max(numbers)
        answered(district, last)
        settle(desk, district, rounds=2)

        reckon(desk, district, numbers)
        for number in numbers:
            assert district.record.case(number).state == CaseState.GRANTED  # type: ignore[union-attr]
            assert len(desk.case(number).answers) == 1
            assert len(district.record.answers_of(number)) == 1
        if which != "record.db":
            assert "district_behind" in told(desk)
            assert district.sealed.contacts.incarnation() != incarnation
        if which != "sealed.db":
            assert "answers_reported" in told(desk)
    desk.lock()


@contextmanager
def an_island_at(folder: Path, port: int) -> Iterator[tuple[Desk, District]]:
    """An island whose district can be stopped and started at its place."""
    url = f"https://localhost:{port}"
    init(folder / "district", NewDistrict("350305", "秀屿区（示例）", url))
    with district_of(folder / "district", port) as district:
        desk = a_desk(folder / "desk")
        enrol(desk, district, url)
        yield desk, district


def test_p08_what_a_refused_copy_took_goes_on_under_its_new_device(
    tmp_path: Path,
) -> None:
    """Enrolled anew, it takes over its own cases; the paper's number stays."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        copy(desk, tmp_path / "copy")
        numbers = {take_case(desk, "HY12-01", seed=1)}
        settle(desk, district)
        second = at(tmp_path / "copy", machine="another")
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
        assert on_paper.encode() in district.record.entries_of(new)[0].entry
        assert district.record.quarantined() == ()
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
        fresh.lock()
