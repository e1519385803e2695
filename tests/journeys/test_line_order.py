"""What goes first over a narrow line: entries, then answers, then scans by a budget."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desk_app.services import budgeting, close_day, days, syncing
from desk_app.services.hands import Workplace
from desk_app.services.standing import local_day
from desk_app.services.syncing import VaultPort
from schemas.problems import Code
from sync.protocol.outbox import Patience
from tests.journeys.test_scans_travel import (
    a_case_with_scans,
    a_photograph,
    at_desk,
    reconcile,
    sync,
)
from tests.support.rigs import Island, an_island, take_case


def _later(island: Island, **span: float) -> Workplace:
    """The same desk, some time later."""
    hands = island.desk.place.hands
    moved = replace(hands, now=lambda: hands.now() + timedelta(**span))
    return replace(island.desk.place, hands=moved)


def test_scans_wait_for_the_hours_budget_and_cases_never(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        first = a_case_with_scans(island, a_photograph(1), seed=1)
        second = a_case_with_scans(island, a_photograph(2), seed=2)
        # The list goes, the naming key comes back with the next greeting.
        sync(island)
        reconcile(island)
        budgeting.set_limit(island.desk.place, 1)

        report = sync(island)

        assert report.pieces == 0
        third = take_case(island.desk, "HY12-01", seed=3)
        assert sync(island).released == 1
        assert island.desk.case(third).row.synced
        held = [at_desk(island, number).at_district for number in (first, second)]
        assert held == [0, 0]
        port = VaultPort(_later(island, hours=2))
        assert port.may_send_scans()
        budgeting.set_limit(island.desk.place, 0)
        assert sync(island).pieces > 0
        assert [at_desk(island, n).at_district for n in (first, second)] == [1, 1]


def test_a_days_statement_and_its_agreement_wait_for_no_scan(tmp_path: Path) -> None:
    """Scans wait for the hour's budget; the day is closed, sent and countersigned."""
    with an_island(tmp_path) as island:
        number = a_case_with_scans(island, a_photograph(1), seed=1)
        sync(island)
        reconcile(island)
        place = island.desk.place
        budgeting.set_limit(place, 1)
        take_case(island.desk, "HY12-01", seed=2)
        today = local_day(place.hands.now()).isoformat()
        close_day.close_day(place, today)
        pieces = 0
        for _ in range(2):
            report = sync(island)
            pieces += report.pieces
            reconcile(island)
        sync(island)
        assert days.view_day(place, today).row.state == "agreed"
        assert (pieces, at_desk(island, number).at_district) == (0, 0)


def test_a_quota_that_is_full_is_a_wait_and_costs_nothing(tmp_path: Path) -> None:
    """The district's 211 with its Retry-After, over real sockets: obeyed by all."""
    with an_island(tmp_path) as island:
        uploads = island.district.sealed.uploads
        uploads.set_limit("desk_bytes", 1)
        take_case(island.desk, "HY12-01", seed=1)
        full = asyncio.run(island.desk.sync(impatient=True))
        assert (full.problem, full.released) == (Code.DISTRICT_BUSY, 0)
        place = island.desk.place
        port = VaultPort(place)
        assert port.patience().was_told
        assert asyncio.run(island.desk.sync(impatient=True)).waited
        assert island.desk.sync_status().waiting == 1
        uploads.set_limit("desk_bytes", 2**30)
        later = replace(port.patience(), not_before=place.hands.now())
        port.keep_patience(later)
        assert sync(island).released == 1


def test_the_districts_limit_is_obeyed_over_a_larger_own(tmp_path: Path) -> None:
    with an_island(tmp_path) as island:
        place = island.desk.place
        budgeting.set_limit(place, 10_000_000)
        island.district.sealed.uploads.set_limit("bytes_per_hour", 5000)
        take_case(island.desk, "HY12-01", seed=1)
        sync(island)

        assert budgeting.limit_in_force(place) == 5000
        assert budgeting.own_limit(place) == 10_000_000


def test_an_entry_that_comes_up_goes_before_the_next_piece(tmp_path: Path) -> None:
    """A case that is saved while scans go out does not wait behind them."""
    with an_island(tmp_path) as island:
        a_case_with_scans(island, *(a_photograph(seed) for seed in range(4)), seed=1)
        sync(island)
        reconcile(island)
        saved: list[str] = []
        real = VaultPort.piece_receipted

        def at_a_receipt(port: VaultPort, chunk: str, receipt: object) -> None:
            real(port, chunk, receipt)  # type: ignore[arg-type]
            if not saved:
                saved.append(take_case(island.desk, "HY12-01", seed=9))

        with pytest.MonkeyPatch.context() as counter:
            counter.setattr(VaultPort, "piece_receipted", at_a_receipt)
            order: list[str] = []
            for name in ("release", "piece_receipted"):
                inner = getattr(VaultPort, name)

                def noted(
                    port: VaultPort, *values: object, name: str = name,
                    inner: object = inner,
                ) -> None:  # fmt: skip
                    order.append(name)
                    inner(port, *values)  # type: ignore[operator]

                counter.setattr(VaultPort, name, noted)
            report = sync(island)

        assert (report.released, report.pieces) == (1, 4)
        # One piece was under way; the case went before the other three.
        assert order == ["piece_receipted", "release", *["piece_receipted"] * 3]


def test_a_wait_that_the_district_asked_for_is_kept_by_everybody(
    tmp_path: Path,
) -> None:
    """Also over a restart, and also by the clerk who presses send (Retry-After)."""
    with an_island(tmp_path) as island:
        take_case(island.desk, "HY12-01", seed=1)
        place = island.desk.place
        asked = Patience().told_to_wait(3600, now=place.hands.now())
        VaultPort(place).keep_patience(asked)

        hasty = asyncio.run(island.desk.sync(impatient=True))

        assert hasty.waited
        assert island.desk.sync_status().waiting == 1
        assert VaultPort(place).patience().was_told
        VaultPort(place).keep_patience(replace(asked, not_before=place.hands.now()))
        assert asyncio.run(island.desk.sync(impatient=True)).released == 1


def test_a_line_with_nothing_to_carry_is_left_alone_for_a_while(
    tmp_path: Path,
) -> None:
    with an_island(tmp_path) as island:
        assert not syncing.may_rest(island.desk.place)
        take_case(island.desk, "HY12-01", seed=1)
        sync(island)
        assert syncing.may_rest(island.desk.place)
        assert not syncing.may_rest(_later(island, minutes=6))
        assert not syncing.may_rest(_later(island, days=-400))
        take_case(island.desk, "HY12-01", seed=2)
        assert not syncing.may_rest(island.desk.place)
