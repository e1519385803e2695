"""What scrolls below the line of screens, and how keys and screens roll it.

Rule 1: PgDn and PgUp roll by nearly a page wherever the keyboard is, or is nowhere. A
        text field that has it wants to stay in sight and rolls back by itself, at once
        or some moments later: a page is held until it has given up.
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
# Pixels that are no difference.
_SAME: Final = 1.0
# The toolkit stops at the end only where it takes its time; this is the least.
_AT_LEAST_MS: Final = 1


class Rolling:
    """`draw` lets the window be drawn again: it rolls no sooner."""

    def __init__(self, draw: Callable[[], None]) -> None:
        self._draw = draw
        self._seen = _SEEN_AT_FIRST
        self._held = self._asked = 0
        self._said = asyncio.Event()
        self.body = self.anew()

    def anew(self) -> ft.Column:
        """Return what another screen is put into, at its top."""
        self.at = 0.0
        """How far it is rolled, in pixels as at 100 %."""
        self._end: float | None = None
        self._goal: float | None = None
        self.body = ft.Column(
            scroll=ft.ScrollMode.AUTO,
            expand=True,
            spacing=14,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
            on_scroll=self._rolled,
            # Every word of it: what is said within an interval is lost, and the last
            # of it is where it stands.
            scroll_interval=0,
            on_size_change=self._sized,
            size_change_interval=0,
        )
        return self.body

    @property
    def is_at_end(self) -> bool:
        """Whether it is known that nothing is left below."""
        return self._end is not None and self.at > self._end - _SAME

    async def page(self, step: int, *, not_above: float = 0.0) -> bool:
        """Roll by nearly a page; returns whether there was anything left."""
        # A key that is held down goes on from where the one before it is going.
        before = self.at if self._goal is None else self._goal
        self._goal = goal = max(before + step * self._seen * _PAGE, not_above)
        self._held += 1
        self._asked = 0
        try:
            if self._end is None or goal > self._end:
                await self._ask(goal, duration=_AT_LEAST_MS)
            else:
                await self._ask(goal)
            await asyncio.sleep(_HELD_S)
        finally:
            self._held -= 1
            if not self._held:
                self._goal = None
        return abs(self.at - before) > _SAME

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
        self._end = self._goal = None
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
            await asked
            self._draw()

    async def _rolled(self, event: ft.OnScrollEvent) -> None:
        if event.control is not self.body:
            return
        self.at, self._end = event.pixels, event.max_scroll_extent
        self._seen = event.viewport_dimension
        self._said.set()
        if self._goal is None or self._asked >= _ASKED_AT_MOST:
            return
        self._goal = min(self._goal, self._end)
        begins = event.event_type is ft.ScrollType.START
        if begins or abs(self.at - self._goal) > _SAME:
            await self._ask(self._goal)

    def _sized(self, event: object) -> None:
        self._seen = cast("ft.LayoutSizeChangeEvent[ft.Column]", event).height
