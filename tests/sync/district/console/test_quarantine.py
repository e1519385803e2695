"""The page of what could not be filed: it leads to the case, and never guesses one."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from desk_app.services import quarantining
from schemas.ids import case_number, read_case_number
from schemas.problems import Code, Problem
from sync.district.console.quarantine import masked_applicant
from sync.district.intake import keeping
from sync.district.intake.keeping import IntakeParts
from sync.seal.batches import MAGIC, read_batch
from tests.support.faults import received_again
from tests.support.rigs import Island, an_island, take_case
from tests.support.staff import at_the_console, reconcile


@pytest.fixture
def island(tmp_path: Path) -> Iterator[Island]:
    with an_island(tmp_path) as made:
        yield made


def _send(island: Island) -> None:
    assert asyncio.run(island.desk.sync(impatient=True)).problem is None
    reconcile(island)


def test_p03_an_entry_that_can_be_opened_leads_to_its_case(island: Island) -> None:
    staff = at_the_console(island, "reviewer", "reviewer")
    number = take_case(island.desk, "HY12-01", seed=1)
    received_again(island, number, as_number=number)
    _send(island)

    page = staff.page("/quarantine")

    assert f'<a href="/cases/{number}">{number}</a>' in page
    assert f"[{int(Code.CHAIN_FORKED)}]" in page
    assert "number was used before" in page
    row = island.desk.case(number).row
    assert row.item_name in page
    filed = island.district.record.case(number)
    assert filed is not None
    assert filed.identity not in page
    assert filed.applicant_name not in page
    assert filed.identity[-4:] in page
    assert "南日镇一号窗口 01" in page
    assert number in staff.page(f"/cases/{number}")


def test_p03_a_case_that_was_not_filed_has_a_number_and_no_link(
    island: Island,
) -> None:
    staff = at_the_console(island, "reviewer", "reviewer")
    number = take_case(island.desk, "HY12-01", seed=1)
    # A number of another window: the district files nothing under it.
    foreign = case_number(replace(read_case_number(number), terminal="77"))
    received_again(island, number, as_number=foreign)
    _send(island)
    page = staff.page("/quarantine")
    assert foreign in page
    assert f'href="/cases/{foreign}"' not in page
    assert "此件尚未入账" in page


def test_p03_what_cannot_be_opened_says_so_until_it_came_again(
    island: Island, monkeypatch: pytest.MonkeyPatch
) -> None:
    staff = at_the_console(island, "reviewer", "reviewer")
    number = take_case(island.desk, "HY12-01", seed=1)
    real = keeping.keep_batch

    def choking(parts: IntakeParts, raw: bytes) -> str:
        if not read_batch(raw).header.withheld:
            raise Problem(Code.MESSAGE_MALFORMED)
        return real(parts, raw)

    with monkeypatch.context() as fault:
        fault.setitem(keeping.KEEPERS, MAGIC, choking)
        _send(island)
    assert "打不开" in staff.page("/quarantine")
    assert "已重新报送并入账" not in staff.page("/quarantine")

    (task,) = quarantining.tasks(island.desk.place)
    quarantining.retry(island.desk.place, task.epoch, task.sequence)
    _send(island)

    assert island.district.record.case(number) is not None
    assert "已重新报送并入账" in staff.page("/quarantine")


def test_a_name_shows_its_first_sign_only() -> None:
    assert masked_applicant("林小海", "350305199001011234").startswith("林** 350305")
    assert masked_applicant("", "350305199001011234") == ""
