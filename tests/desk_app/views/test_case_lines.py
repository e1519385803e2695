"""A line of the list says another case, unbuilt, and opens that one."""

import dataclasses

from desk_app.services.desk import Desk
from desk_app.views.case_lines import CaseLine
from tests.support.headless import a_headless_window
from tests.support.rigs import take_case

ITEM = "HY01-02"


async def test_it_opens_the_case_that_it_says_now(desk: Desk) -> None:
    first, second = (take_case(desk, ITEM, seed=seed) for seed in (31, 32))
    rows = {number: desk.case(number).row for number in (first, second)}
    async with a_headless_window(desk) as seen:
        await seen.shell.go("board")
        line = CaseLine(seen.shell)
        line.say(rows[first])
        hit = line.say(rows[second])
        await hit.open()
        await seen.until_shown(f"办件 {second}")


async def test_only_what_changed_is_drawn(desk: Desk) -> None:
    row = desk.case(take_case(desk, ITEM, seed=33)).row
    async with a_headless_window(desk) as seen:
        line = CaseLine(seen.shell)
        assert len(line.say(row).cells) >= 4
        assert line.say(row).cells == []
        renamed = dataclasses.replace(row, applicant_name="陈阿姨")
        (changed,) = line.say(renamed).cells
        assert changed.value == "陈阿姨"  # type: ignore[attr-defined]


async def test_what_has_not_travelled_is_marked_until_it_has(desk: Desk) -> None:
    row = desk.case(take_case(desk, ITEM, seed=34)).row
    assert not row.synced
    async with a_headless_window(desk) as seen:
        line = CaseLine(seen.shell)
        line.say(row)
        said = [str(getattr(each, "value", "")) for each in line.hit.cells]
        assert any("未送达" in each for each in said)
        (changed,) = line.say(dataclasses.replace(row, synced=True)).cells
        assert changed.value == "已收件"  # type: ignore[attr-defined]
