"""How far a long work is: told by whoever does it, answered by whoever watches.

Rule 1: a count never says that the work is good, only that it goes on.
Rule 2: who is told False stops at a place where nothing is half done.
"""

from collections.abc import Callable

from schemas.problems import Code, Problem

Progress = Callable[[int], bool]
"""Told how many are done; returns False once the work shall stop."""


def nobody_watches(_: int) -> bool:
    """Go on: for works that nobody shows, as on the command line."""
    return True


def tell(progress: Progress, count: int) -> None:
    """Tell how many are done; `Problem(STOPPED)` where somebody wants it to stop."""
    if not progress(count):
        raise Problem(Code.STOPPED)
