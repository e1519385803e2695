"""Spans of time as people say them, and by how much a clock is off."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.text.spans import clock_off, span
from desk_app.text.words import Words

WORDS = Words("desk")


@pytest.mark.parametrize(
    ("length", "said"),
    [
        (timedelta(), "1 分钟"),
        (timedelta(seconds=59), "1 分钟"),
        (timedelta(minutes=59, seconds=59), "59 分钟"),
        (timedelta(hours=1), "1 小时"),
        (timedelta(hours=23, minutes=59), "23 小时"),
        (timedelta(days=1), "1 天"),
        (timedelta(days=400), "400 天"),
    ],
)
def test_the_largest_unit_that_fits_is_said(length: timedelta, said: str) -> None:
    assert span(WORDS, length) == said


@given(st.timedeltas(timedelta(days=-900), timedelta(days=900)))
def test_a_clock_is_fast_or_slow_by_the_same_span(off: timedelta) -> None:
    said = clock_off(WORDS, off)
    assert said.endswith(span(WORDS, abs(off)))
    assert said.startswith("电脑时钟快" if off > timedelta() else "电脑时钟慢")
