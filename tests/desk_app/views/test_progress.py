"""How far a long work is: shown a few times a second, and never after its end."""

import asyncio

import pytest

from desk_app.views import progress
from desk_app.views.progress import Progress


async def in_a_thread(work: Progress, counts: range) -> list[bool]:
    return await asyncio.to_thread(lambda: [work(count) for count in counts])


async def test_a_hundred_counts_are_shown_once_and_the_last_is_what_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "_SHOWN_EVERY_S", 0.01)
    shown: list[int] = []
    seen = asyncio.Event()

    def show(count: int) -> None:
        shown.append(count)
        seen.set()

    work = Progress(show)
    went_on = await in_a_thread(work, range(100))
    await asyncio.wait_for(seen.wait(), 20)
    assert all(went_on)
    assert shown == [99]


async def test_who_stops_it_is_heard_at_the_next_count_and_nothing_more_is_shown(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(progress, "_SHOWN_EVERY_S", 0)
    shown: list[int] = []
    work = Progress(shown.append)
    assert await in_a_thread(work, range(2)) == [True, True]
    work.stop()
    assert await in_a_thread(work, range(2, 4)) == [False, False]
    before = list(shown)
    for _ in range(5):
        await asyncio.sleep(0)
    assert shown == before
