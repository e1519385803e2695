"""What scrolls below the line of screens, and how keys and screens roll it.

Rule 1: PgDn and PgUp roll by nearly a page wherever the keyboard is, or is nowhere. A
        text field that has it wants to stay in sight and rolls back by itself, at once
        or some moments later: from the key on the screen is held until it has given up.
Rule 2: a screen begins at its top: what scrolls keeps its place whatever is put into
        it, so it is made anew for another screen.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Final, cast

import flet as ft

# A field that goes back into sight takes a tenth of a second; a slow machine longer.
_HELD_S: Final = 0.25
# How often a page is asked for while it is held: nobody fights for ever.
_ASKED_AT_MOST: Final = 12
# Where something was rolled to, the toolkit says so within this time.
_SAYS_SO_S: Final = 0.15
# The share of what is seen that PgDn rolls by: some lines are on both pages.
_PAGE: Final = 0.8
# How high what is seen is, until the window has said so: about half of it.
_SEEN_AT_FIRST: Final = 410.0
_EVERY_WORD: Final = -1
# Pixels that are no difference.
_SAME: Final = 1.0
# The toolkit stops at the end only where it takes its time; this is the least.
_AT_LEAST_MS: Final = 1


class Rolling:
    """`draw` lets the window be drawn again: it rolls no sooner."""

    def __init__(self, draw: Callable[[], None]) -> None:
        self._draw = draw
        self._seen = _SEEN_AT_FIRST
        self._asked = 0
        self._held: asyncio.TimerHandle | None = None
        self._goal: float | None = None
        self._goal_of: Callable[[float], float] = lambda _: 0.0
        self._said = asyncio.Event()
        self.body = self.anew()

    def anew(self) -> ft.Column:
        """Return what another screen is put into, at its top."""
        self._at = 0.0
        self._end: float | None = None
        self._let_go()
        self.body = ft.Column(
            scroll=ft.ScrollMode.AUTO,
            expand=True,
            spacing=14,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            on_scroll=self._rolled,
            # What is said within an interval (of 0: within the same millisecond) is
            # lost, and the last of it is where the screen stands.
            scroll_interval=_EVERY_WORD,
            on_size_change=self._sized,
            size_change_interval=_EVERY_WORD,
        )
        return self.body

    @property
    def at(self) -> float:
        """How far it is rolled or about to be, in pixels as at 100 %."""
        return self._at if self._goal is None else self._goal

    @property
    def is_at_end(self) -> bool:
        """Whether it is known that nothing is left below."""
        return self._end is not None and self.at > self._end - _SAME

    def hold(self) -> None:
        """Keep the screen where it is for a moment: a key is about to roll it."""
        self._hold_at(self.at)

    async def page(self, step: int, *, not_above: float = 0.0) -> bool:
        """Roll by nearly a page; returns whether there was anything left."""
        # A key that is held down goes on from where the one before it is going.
        before = self.at

        def goal_of(seen: float) -> float:
            return max(before + step * seen * _PAGE, not_above)

        goal = goal_of(self._seen)
        self._hold_at(goal)
        self._goal_of = goal_of
        self._said.clear()
        if self._end is None or goal > self._end:
            await self._ask(goal, duration=_AT_LEAST_MS)
        else:
            await self._ask(goal)
        until = asyncio.get_running_loop().time() + _HELD_S
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._said.wait(), _HELD_S)
        if step > 0 and self._end is not None and before > self._end - _SAME:
            # It was at its end: whoever turns the page then is not kept waiting.
            self._let_go()
            return False
        await asyncio.sleep(until - asyncio.get_running_loop().time())
        return abs(self._at - before) > _SAME

    def _hold_at(self, goal: float) -> None:
        self._let_go()
        self._goal, self._asked, self._goal_of = goal, 0, lambda _: goal
        loop = asyncio.get_running_loop()
        self._held = loop.call_later(_HELD_S, self._let_go)

    def _let_go(self) -> None:
        if self._held is not None:
            self._held.cancel()
        self._held = self._goal = None

    async def to(self, key: str, *, above: float = 0.0) -> None:
        """Roll until the part that bears this key is at the top, or all is shown.

        `above` is as much of what stands over it as is wanted in sight.
        """
        await self._see(self.body.scroll_to(scroll_key=key))
        if above and not self.is_at_end:
            await self._see(self.body.scroll_to(offset=max(self.at - above, 0)))

    async def to_top(self) -> None:
        """Show the screen from its beginning."""
        await self._see(self.body.scroll_to(offset=0))

    async def to_end(self) -> None:
        """Show the end of the screen."""
        await self._see(self.body.scroll_to(offset=-1))

    async def _see(self, asked: Awaitable[object]) -> None:
        # Whoever rolls to a part has changed what there is: where it ends is not known.
        self._let_go()
        self._end = None
        self._said.clear()
        await self._sent(asked)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._said.wait(), _SAYS_SO_S)

    async def _ask(self, goal: float, *, duration: int = 0) -> None:
        self._asked += 1
        await self._sent(self.body.scroll_to(offset=goal, duration=duration))

    async def _sent(self, asked: Awaitable[object]) -> None:
        # What left the page meanwhile never answers.
        with contextlib.suppress(TimeoutError, RuntimeError):
            answer = asyncio.ensure_future(asked)
            # Sent, not answered: it may be answered only when something is drawn.
            await asyncio.sleep(0)
            self._draw()
            await answer
            self._draw()

    async def _rolled(self, event: ft.OnScrollEvent) -> None:
        if event.control is not self.body:
            return
        self._at, self._end = event.pixels, event.max_scroll_extent
        seen, self._seen = self._seen, event.viewport_dimension
        self._said.set()
        if self._goal is None or self._asked >= _ASKED_AT_MOST:
            return
        # How much is seen is said of a new screen only when it is rolled.
        goal = self._goal if seen == self._seen else self._goal_of(self._seen)
        self._goal = min(goal, self._end)
        begins = event.event_type is ft.ScrollType.START
        if begins or abs(self._at - self._goal) > _SAME:
            await self._ask(self._goal)

    def _sized(self, event: object) -> None:
        self._seen = cast("ft.LayoutSizeChangeEvent[ft.Column]", event).height
