"""The audit trail: a page at a time, and only for supervisors."""

from desk_app.services import access
from desk_app.services.desk import Desk
from tests.support.headless import a_headless_window
from tests.support.rigs import PASSPHRASE


async def test_the_audit_trail_turns_back_and_is_a_supervisors(desk: Desk) -> None:
    async with a_headless_window(desk) as seen:
        await seen.shell.go("trail")
        newest = access.trail(desk.place, limit=1)[0].position
        await seen.until_shown(str(newest))
        await seen.key("Page Down")
        await seen.until(lambda: f"\n{newest}\n" not in seen.texts())
        desk.unlock("chen", PASSPHRASE)
        await seen.shell.go("trail")
        await seen.until_shown("[1", "主管")
