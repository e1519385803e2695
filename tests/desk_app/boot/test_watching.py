"""A long work at a terminal: its count is shown, Ctrl+C is the answer to the next."""

import asyncio
import signal
from io import StringIO

import pytest
from rich.console import Console

from desk_app.boot.watching import Watch, talking, watching
from desk_app.text.words import Words
from schemas.problems import Code, Problem

KEY = "works.backup"


def _terminal() -> Console:
    return Console(file=StringIO(), force_terminal=True, width=200)


def _written(at: Console) -> str:
    assert isinstance(at.file, StringIO)
    return at.file.getvalue()


def test_the_last_count_is_shown_and_how_to_stop() -> None:
    at = _terminal()
    with watching(KEY, at, shown=True) as watch:
        assert watch(6)
        assert watch(7)
    assert Words("desk")(KEY, count=7) in _written(at)
    assert "Ctrl+C" in _written(at)


def test_words_of_a_work_may_name_its_whole() -> None:
    at = _terminal()
    with watching("works.recount", at, shown=True, total=312) as watch:
        watch(5)
    assert "5 / 312" in _written(at)


@pytest.mark.parametrize(
    ("at", "shown"),
    [(Console(file=StringIO()), True), (_terminal(), False)],
    ids=["a log", "a program"],
)
def test_nobody_but_a_person_at_a_terminal_is_shown_it(
    at: Console, *, shown: bool
) -> None:
    with watching(KEY, at, shown=shown) as watch:
        assert watch(7)
    assert _written(at) == ""


def test_ctrl_c_is_the_answer_to_the_next_count() -> None:
    """Not an exception in between: a write that was begun is ended."""
    at = _terminal()
    with watching(KEY, at, shown=True) as watch:
        assert watch(1)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)
        assert not watch(2)
        assert not watch(3)
    assert watch.stopped
    with pytest.raises(Problem) as stopped:
        watch.check()
    assert stopped.value.code is Code.STOPPED
    assert Words("desk")("works.stopping") in _written(at)


def test_pressed_after_the_last_count_it_stopped_nothing() -> None:
    with watching(KEY, _terminal(), shown=True) as watch:
        assert watch(1)
        signal.raise_signal(signal.SIGINT)
    watch.check()
    assert not watch.stopped


def _fails(watch: Watch) -> None:
    watch(1)
    raise Problem(Code.DISK_FULL)


def test_after_the_work_ctrl_c_is_what_it_was() -> None:
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(Problem), watching(KEY, _terminal(), shown=True) as watch:
        _fails(watch)
    assert signal.getsignal(signal.SIGINT) is before


async def test_what_talks_is_shown_with_what_is_left_and_gives_its_answer() -> None:
    at, told = _terminal(), asyncio.Event()

    async def work() -> str:
        await told.wait()
        return "done"

    def count() -> int:
        loop.call_soon_threadsafe(told.set)
        return 12

    loop = asyncio.get_running_loop()
    with watching("works.sync", at, shown=True) as watch:
        assert await talking(watch, work(), count) == "done"
    assert Words("desk")("works.sync", count=12) in _written(at)


async def test_ctrl_c_ends_what_talks_where_it_waits() -> None:
    """It cleans up as when its line breaks, and the problem says that it stopped."""
    cleaned: list[bool] = []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.append(True)

    with watching("works.sync", _terminal(), shown=True) as watch:
        watch.ask()
        with pytest.raises(Problem) as stopped:
            await talking(watch, work(), lambda: 3)
    assert stopped.value.code is Code.STOPPED
    assert (cleaned, watch.stopped) == ([True], True)


async def test_a_problem_of_what_talks_is_its_own() -> None:
    async def work() -> None:
        raise Problem(Code.LINE_DOWN)

    with (
        watching("works.sync", _terminal(), shown=True) as watch,
        pytest.raises(Problem) as met,
    ):
        await talking(watch, work(), lambda: 3)
    assert met.value.code is Code.LINE_DOWN
