"""Spans of time as people say them: the largest unit that fits, whole numbers."""

from datetime import timedelta
from typing import Final

from desk_app.text.words import Words

_UNITS: Final = (
    ("days", timedelta(days=1)),
    ("hours", timedelta(hours=1)),
    ("minutes", timedelta(minutes=1)),
)


def span(words: Words, length: timedelta) -> str:
    """Return a length of time, at least one minute."""
    for name, unit in _UNITS:
        if length >= unit:
            return words(f"span.{name}", count=length // unit)
    return words("span.minutes", count=1)


def clock_off(words: Words, off: timedelta) -> str:
    """Return by how much the PC's clock is fast (positive) or slow."""
    key = "clock.fast" if off > timedelta() else "clock.slow"
    return words(key, span=span(words, abs(off)))
