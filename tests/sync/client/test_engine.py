"""One step of the loop: order, patience, and what a failure leaves for the next."""

from datetime import UTC, datetime, timedelta

import pytest

from desk_app.services.syncing import VaultPort, keys_of
from schemas.problems import Code, Problem
from sync.client.engine import StepReport, step
from sync.protocol.outbox import FIRST_DELAY, Patience
from sync.protocol.outcomes import Busy, NotOurs, Refused
from sync.protocol.pacing import MOST_IDLE
from tests.support.faulty import Faulty, a_line
from tests.support.rigs import Island, take_case


def noon() -> datetime:
    return datetime.now(UTC)


async def one_step(
    island: Island, line: Faulty, *, impatient: bool = False
) -> StepReport:
    place = island.desk.place
    return await step(
        VaultPort(place), line, keys_of(place), now=noon, dice=lambda: 0.5,
        impatient=impatient,
    )  # fmt: skip


@pytest.fixture
async def waiting(island: Island) -> Island:
    """One case waits, and nobody has lost patience."""
    place = island.desk.place
    VaultPort(place).keep_patience(Patience())
    async with a_line(island) as line:
        assert (await one_step(island, line)).problem is None
    take_case(island.desk, "HY12-01", seed=11)
    return island


def patience(island: Island) -> Patience:
    return VaultPort(island.desk.place).patience()


async def test_a_step_greets_sends_and_leaves_nothing_to_wait_for(
    waiting: Island,
) -> None:
    async with a_line(waiting) as line:
        report = await one_step(waiting, line)
    assert (report.released, report.problem, report.waited) == (1, None, False)
    assert waiting.desk.sync_status().waiting == 0
    assert patience(waiting) == Patience()


async def test_after_a_failure_the_next_try_waits_and_the_clerk_need_not(
    waiting: Island,
) -> None:
    async with a_line(waiting, *[NotOurs(Code.LINE_DOWN)] * (MOST_IDLE + 1)) as line:
        assert (await one_step(waiting, line)).problem is Code.LINE_DOWN
        assert patience(waiting).not_before is not None
        assert (await one_step(waiting, line)).waited
        line.faults.clear()
        report = await one_step(waiting, line, impatient=True)
    assert (report.released, report.waited) == (1, False)


async def test_who_was_told_to_wait_waits_even_where_the_clerk_is_impatient(
    waiting: Island,
) -> None:
    async with a_line(waiting, Busy(600)) as line:
        report = await one_step(waiting, line)
        assert (report.released, report.problem) == (0, Code.DISTRICT_BUSY)
        assert (await one_step(waiting, line, impatient=True)).waited
    due = patience(waiting).not_before
    assert due is not None
    assert due - noon() > timedelta(seconds=500)
    VaultPort(waiting.desk.place).keep_patience(Patience())


async def test_a_greeting_that_breaks_is_tried_again_at_once_a_few_times(
    waiting: Island,
) -> None:
    async with a_line(waiting) as line:
        line.greeting = Problem(Code.LINE_DOWN)
        report = await one_step(waiting, line)
    assert (report.problem, report.released) == (Code.LINE_DOWN, 0)
    assert line.pushed == [], "without a greeting nothing is sent"
    wait = patience(waiting).not_before
    assert wait is not None
    assert wait <= noon() + FIRST_DELAY * 1.1
    VaultPort(waiting.desk.place).keep_patience(Patience())


async def test_p09_a_clock_set_back_does_not_keep_a_desk_waiting(
    waiting: Island,
) -> None:
    """What was noted for tomorrow by a wrong clock is no reason today."""
    place = waiting.desk.place
    ahead = datetime.now(UTC) + timedelta(days=400)
    noted = Patience().failed(Code.LINE_DOWN, now=ahead, dice=0.5)
    VaultPort(place).keep_patience(noted)
    async with a_line(waiting) as line:
        report = await one_step(waiting, line)
    assert (report.waited, report.released) == (False, 1)


async def test_p03_a_revoked_desk_keeps_all_and_says_so(waiting: Island) -> None:
    async with a_line(waiting, Refused(Code.DEVICE_REVOKED)) as line:
        report = await one_step(waiting, line)
    assert report.problem is Code.DEVICE_REVOKED
    assert waiting.desk.sync_status().waiting == 1
    VaultPort(waiting.desk.place).keep_patience(Patience())
