"""Long works: they go on when their screen is left, and end when the desk locks."""

import threading
from collections.abc import Callable

from desk_app.services.desk import Desk
from schemas.problems import Code, Problem
from tests.support.headless import Seen, a_headless_window

PATIENCE_S = 20


class SlowWork:
    """A work that the test lets go on, one count at a time."""

    def __init__(self, counts: int = 3) -> None:
        self.counts = counts
        self.may_go_on = threading.Semaphore(0)
        self.was_stopped = threading.Event()

    def __call__(self, *, progress: Callable[[int], bool]) -> int:
        count = 0
        while self.may_go_on.acquire(timeout=PATIENCE_S):
            if not progress(count):
                self.was_stopped.set()
                raise Problem(Code.STOPPED)
            count += 1
            if count == self.counts:
                return count
        raise AssertionError(count)

    def finish(self) -> None:
        self.may_go_on.release(self.counts)


async def begin(seen: Seen, slow: SlowWork) -> None:
    """Start it from the board, as a screen's handler does."""

    async def handler() -> None:
        done = await seen.shell.do_long("works.backup", slow)
        await seen.shell.go("cases")
        seen.shell.show_note(f"note {done}")

    await seen.shell.go("board")
    seen.shell.act(handler)()
    await seen.until_shown("正在备份", "取消 Esc")


async def test_its_count_is_shown_and_its_end_takes_the_line_away(desk: Desk) -> None:
    slow = SlowWork()
    async with a_headless_window(desk) as seen:
        await begin(seen, slow)
        slow.may_go_on.release(2)
        await seen.until_shown("已写 1 兆字节")
        slow.finish()
        await seen.until_shown("note 3")
        assert "正在备份" not in seen.texts()


async def test_esc_stops_it_and_says_that_nothing_is_left_of_it(desk: Desk) -> None:
    slow = SlowWork()
    async with a_headless_window(desk) as seen:
        await begin(seen, slow)
        await seen.key("Escape")
        slow.finish()
        await seen.until_shown("已停止", "没有留下")
        assert slow.was_stopped.is_set()
        assert "正在备份" not in seen.texts()
        # The screen's own keys are back.
        await seen.key("F7")
        await seen.until_shown("备份与恢复")


async def test_who_goes_elsewhere_is_not_called_back_but_told(desk: Desk) -> None:
    slow = SlowWork()
    async with a_headless_window(desk) as seen:
        await begin(seen, slow)
        await seen.key("F4")
        await seen.until_shown("姓名、拼音、证件号", "正在备份")
        slow.finish()
        await seen.until_shown("已完成：正在备份", "姓名、拼音、证件号")
        await seen.press("查看结果")
        await seen.until_shown("note 3")
        assert "已完成：" not in seen.texts()


async def test_locking_stops_it_first_and_leaves_nothing_on_the_screen(
    desk: Desk,
) -> None:
    slow = SlowWork(counts=10**6)
    async with a_headless_window(desk) as seen:
        await begin(seen, slow)
        await seen.key("F12")
        # It is told to stop at its next count, whenever that is.
        await seen.until(lambda: slow.may_go_on.release() or slow.was_stopped.is_set())
        await seen.until_shown("登录名")
        assert desk.session is None
        assert "正在备份" not in seen.texts()


async def test_what_waits_to_be_looked_at_is_gone_when_the_desk_locks(
    desk: Desk,
) -> None:
    slow = SlowWork()
    async with a_headless_window(desk) as seen:
        await begin(seen, slow)
        await seen.key("F4")
        await seen.until_shown("姓名、拼音、证件号")
        slow.finish()
        await seen.until_shown("已完成：")
        await seen.key("F12")
        await seen.until_shown("登录名")
        assert "已完成：" not in seen.texts()


async def test_residents_see_no_work_of_the_clerk(desk: Desk) -> None:
    slow = SlowWork()
    async with a_headless_window(desk) as seen:
        await begin(seen, slow)
        await seen.key("F10")
        await seen.until(lambda: "正在备份" not in seen.texts())
        slow.finish()
