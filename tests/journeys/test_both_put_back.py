"""A desk and its district put back within days: what anybody still holds is filed.

Each side forgets something that the other speaks of. A correction comes before its
case, a batch leans on bytes that are gone, an answer speaks of a case that is not
there: all of that waits, is asked for, and heals (docs/adr/0020).
"""

import asyncio
import dataclasses
import shutil
import sqlite3
from pathlib import Path

import pytest

from desk_app.services import steps
from desk_app.services.desk import Desk
from desk_app.services.enrolling import carrier_of
from desk_app.services.syncing import VaultPort, keys_of
from desk_app.store import quarantine
from schemas.problems import Code
from sync.client.uploading import seal_ahead, send_batches
from sync.district.boot.district import District
from sync.district.boot.intake import intake_parts
from sync.district.intake.keeping import keep_batch
from tests.support.putting_back import (
    an_island_at,
    answered,
    copy,
    district_of,
    now,
    put_back,
    reckon,
    reconcile,
    restored,
    settle,
    sync,
    told,
)
from tests.support.rigs import an_island, free_port, take_case

ITEM = "HY12-01"


def _corrected(desk: Desk, number: str, *, what: str) -> None:
    """Correct an older case: its entry leans on the case itself."""
    draft = desk.correction_draft(number)
    applicant = {**draft.applicant, "address": f"示例 {what}"}
    draft = desk.save_draft(dataclasses.replace(draft, applicant=applicant))
    steps.correct_on_spot(desk.place, draft, what=what)


@pytest.mark.parametrize("first", ["desk", "district"])
def test_p08_both_sides_are_put_back_in_either_order(
    tmp_path: Path, first: str
) -> None:
    """Between the two the desk talks: what it says then leans on what is lost next."""
    home, port = tmp_path / "district", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        old = take_case(desk, ITEM, seed=0)
        settle(desk, district, rounds=2)
        copy(desk, tmp_path / "saved-desk")
    shutil.copytree(home, tmp_path / "saved-district")
    with district_of(home, port) as district:
        numbers = {old} | {take_case(desk, ITEM, seed=n) for n in (1, 2)}
        _corrected(desk, old, what="更正一")
        settle(desk, district, rounds=2)
        answered(district, max(numbers))
        settle(desk, district, rounds=2)

    def desk_again(district: District) -> Desk:
        again = put_back(desk, tmp_path / "saved-desk")
        # Positions of the feed that both have lost are filled at the district's turn.
        asyncio.run(again.sync(impatient=True))
        reconcile(district)
        settle(again, district)
        return again

    if first == "desk":
        with district_of(home, port) as district:
            desk = desk_again(district)
            _corrected(desk, old, what="更正二")
            settle(desk, district, rounds=2)
        restored(home, tmp_path / "saved-district")
    else:
        restored(home, tmp_path / "saved-district")
        with district_of(home, port) as district:
            settle(desk, district)
            _corrected(desk, old, what="更正二")
            settle(desk, district, rounds=2)
            desk = desk_again(district)
    with district_of(home, port) as district:
        numbers.add(take_case(desk, ITEM, seed=9))
        _corrected(desk, min(numbers - {old}), what="更正三")
        settle(desk, district, rounds=6)

        reckon(desk, district, numbers)
        view = desk.case(old).application
        assert view.applicant.address == "示例 更正二"
        assert {"desk_behind", "district_behind"} & told(desk)
        with desk.place.vault.read() as tx:
            assert {t.state for t in quarantine.all_of(tx)} <= {"settled", "offered"}
    desk.lock()


@pytest.mark.parametrize("has_called", [False, True])
def test_p08_a_desk_put_back_to_receipts_for_what_the_district_lost(
    tmp_path: Path, *, has_called: bool
) -> None:
    """Its backup is newer than the district's, and older than its call that told it."""
    home, port = tmp_path / "district", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        numbers = {take_case(desk, ITEM, seed=0)}
        settle(desk, district, rounds=2)
    shutil.copytree(home, tmp_path / "saved-district")
    with district_of(home, port) as district:
        numbers |= {take_case(desk, ITEM, seed=n) for n in (1, 2)}
        settle(desk, district, rounds=2)
        copy(desk, tmp_path / "saved-desk")
    restored(home, tmp_path / "saved-district")
    with district_of(home, port) as district:
        if has_called:
            numbers.add(take_case(desk, ITEM, seed=3))
            settle(desk, district)
        desk = put_back(desk, tmp_path / "saved-desk")
        settle(desk, district, rounds=6)
        numbers.add(take_case(desk, ITEM, seed=9))
        settle(desk, district, rounds=2)

        reckon(desk, district, numbers)
        assert ("desk_behind" if has_called else "district_behind") in told(desk)
    desk.lock()


def test_p08_a_desk_behind_what_the_district_still_has_comes_over_what_both_lost(
    tmp_path: Path,
) -> None:
    """The hole in its feed lies behind messages that it is still to take."""
    home, port = tmp_path / "district", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        numbers = [take_case(desk, ITEM, seed=n) for n in range(4)]
        settle(desk, district, rounds=2)
        copy(desk, tmp_path / "saved-desk")
        for number in numbers[:2]:
            answered(district, number)
        reconcile(district)
    shutil.copytree(home, tmp_path / "saved-district")
    with district_of(home, port) as district:
        for number in numbers[2:]:
            answered(district, number)
        settle(desk, district, rounds=2)
    restored(home, tmp_path / "saved-district")
    with district_of(home, port) as district:
        settle(desk, district)
        numbers.append(take_case(desk, ITEM, seed=9))
        settle(desk, district, rounds=2)
        answered(district, numbers[-1])
        settle(desk, district, rounds=2)
        desk = put_back(desk, tmp_path / "saved-desk")
        first = asyncio.run(desk.sync(impatient=True))
        assert first.problem in {None, Code.FEED_GAP}
        reconcile(district)
        settle(desk, district, rounds=6)

        reckon(desk, district, set(numbers))
        assert {desk.case(number).row.state for number in numbers} == {"granted"}
    desk.lock()


async def _speak_on(desk: Desk) -> int:
    """Send what waits without a greeting: its answer came before the backup did."""
    carrier, keys = carrier_of(desk.place), keys_of(desk.place)
    try:
        return (
            await send_batches(VaultPort(desk.place), carrier, keys, now=now)
        ).released
    finally:
        await carrier.close()


@pytest.mark.parametrize("heard", [True, False])
def test_p08_what_a_district_takes_before_it_says_what_it_lost_hinders_nothing(
    tmp_path: Path, heard: bool
) -> None:
    """It holds one piece of what is offered again; its receipt may not have come."""
    home, port = tmp_path / "district", free_port()
    with an_island_at(tmp_path, port) as (desk, district):
        settle(desk, district)
    shutil.copytree(home, tmp_path / "saved-district")
    with district_of(home, port) as district:
        numbers = {take_case(desk, ITEM, seed=n) for n in (0, 1)}
        settle(desk, district)
    restored(home, tmp_path / "saved-district")
    with district_of(home, port) as district:
        numbers |= {take_case(desk, ITEM, seed=n) for n in (2, 3)}
        if heard:
            assert asyncio.run(_speak_on(desk)) == 1
        else:
            vault, keys = VaultPort(desk.place), keys_of(desk.place)
            ahead = asyncio.run(seal_ahead(vault, keys, now=now()))
            assert ahead is not None
            _, parts = intake_parts(home)
            keep_batch(parts, vault.save_batch(ahead.made).raw)
            parts.ledger.close()
        numbers.add(take_case(desk, ITEM, seed=4))
        settle(desk, district, rounds=6)

        reckon(desk, district, numbers)
        assert desk.sync_status().refused == ()
        assert "district_behind" in told(desk)
    desk.lock()


def test_p08_what_leaned_on_a_batch_that_did_not_open_heals_with_it(
    tmp_path: Path,
) -> None:
    """The first was damaged in the ledger: both ranges are asked for, and come."""
    with an_island(tmp_path) as island:
        desk, district = island.desk, island.district
        sync(desk)
        reconcile(district)
        number = take_case(desk, ITEM, seed=0)
        sync(desk)
        with sqlite3.connect(district.places.sealed) as ledger:
            newest = "(SELECT max(log_position) FROM batches)"
            (raw,) = ledger.execute(
                f"SELECT raw FROM batches WHERE log_position = {newest}"  # noqa: S608
            ).fetchone()
            spoilt = raw[:-200] + bytes([raw[-200] ^ 1]) + raw[-199:]
            ledger.execute(
                f"UPDATE batches SET raw = ? WHERE log_position = {newest}",  # noqa: S608
                (spoilt,),
            )
        _corrected(desk, number, what="更正一")
        sync(desk)
        reconcile(district)
        reasons = {each.reason[-3:] for each in district.record.journals.quarantined()}
        assert str(int(Code.CONTEXT_MISSING)) in reasons
        assert len(reasons) == 2
        assert district.record.case(number) is None

        settle(desk, district, rounds=5)

        reckon(desk, district, {number})
        filed = district.record.case(number)
        assert filed is not None
        assert filed.revision == 1
        assert desk.sync_status().quarantined == 0
        healed = district.record.journals.healed()
        assert len(healed) >= len(reasons)
        desk.lock()
