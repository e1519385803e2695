"""A visit is remembered until the window closes, and no longer than that."""

from desk_app.services.desk import Desk
from desk_app.views.last_visit import LastVisit
from tests.support.headless import a_headless_window


def test_before_any_visit_papers_are_taken_at_the_counter() -> None:
    last = LastVisit()
    assert (last.kind, last.place, last.visit_id, last.bag) == ("counter", "", "", "")


async def test_another_window_knows_nothing_of_a_visit(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        seen.shell.last_visit.kind = "pier"
        await seen.shell.go("board")
        assert seen.shell.last_visit.kind == "pier"
    async with a_headless_window(desk) as seen:
        assert seen.shell.last_visit == LastVisit()
