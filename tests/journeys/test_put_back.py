"""A desk's folder put back: nothing is lost, none is there twice."""

import asyncio
from pathlib import Path

import pytest

from desk_app.services import (
    close_day,
    days,
    renumbering,
    standing,
    syncing,
)
from desk_app.store import outbox, returned
from schemas.case import CaseState
from schemas.contact import Verdict
from schemas.problems import Code, Problem
from sync.client.uploading import seal_ahead
from tests.support.putting_back import (
    answered,
    copy,
    now,
    put_back,
    reckon,
    settle,
    sync,
    told,
)
from tests.support.rigs import (
    an_island,
    take_case,
)


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
        filed = district.record.journals.entries_of(shared.new)
        assert ours.encode() in filed[0].entry
        renumbering.told(desk.place, shared.new)
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


@pytest.mark.parametrize("parked", [False, True])
def test_p03_a_disk_that_lost_what_was_sent_stops_nothing(
    tmp_path: Path, *, parked: bool
) -> None:
    """The greeting's counter is on the disk, the batch that followed it is not.

    Nothing looks put back; a batch of more entries overlaps with the kept one. An older
    program parked such a batch, and all that came after it waited for ever.
    """
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        numbers = {take_case(desk, "HY12-01", seed=0)}
        settle(desk, district, rounds=1)
        numbers |= {take_case(desk, "HY12-01", seed=seed) for seed in (1, 2)}
        copy(desk, tmp_path / "saved")
        settle(desk, district, rounds=1)

        desk = put_back(desk, tmp_path / "saved")
        port = syncing.VaultPort(desk.place)
        port.next_contact()
        numbers.add(take_case(desk, "HY12-01", seed=3))
        if parked:
            keys = syncing.keys_of(desk.place)
            ahead = asyncio.run(seal_ahead(port, keys, now=now()))
            assert ahead is not None
            batch = port.save_batch(ahead.made)
            with desk.place.vault.write() as tx:
                outbox.refused(tx, batch.digest, int(Code.BATCH_OVERLAPS))
        settle(desk, district)
        reckon(desk, district, numbers)
        assert not desk.sync_status().refused
        assert ("healed" in told(desk)) == parked
