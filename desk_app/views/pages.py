"""The keys of a screen that has pages: each is read to its end before it is turned.

Rule 1: PgDn goes on from a page's end to the page after it, PgUp from its top to the
        one before; with Ctrl they turn at once.
"""

from collections.abc import Awaitable, Callable

from desk_app.views.shell import Shell

Turn = Callable[[], Awaitable[None]]


def page_keys(
    shell: Shell, *, before: Turn, after: Turn
) -> dict[str, Callable[[], object]]:
    """Return the four keys; `before` and `after` show another page."""
    rolling = shell.frame.rolling

    async def read_on() -> None:
        # Where it ended may be no longer so: a search found more, a page is longer.
        if not await rolling.page(1):
            await after()

    async def read_back() -> None:
        if rolling.at <= 0 or not await rolling.page(-1):
            await before()

    return {
        "Page Down": shell.act(read_on),
        "Page Up": shell.act(read_back),
        "Ctrl+Page Down": shell.act(after),
        "Ctrl+Page Up": shell.act(before),
    }
