"""The kit's pieces: what people read is plain, and a problem has its number."""

import asyncio

import flet as ft
import pytest
from pydantic import JsonValue

from desk_app.components import kit
from desk_app.text.words import problem_words
from schemas.problems import Code, Problem


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (True, "✓"), (False, "—"), (None, ""), (12.5, "12.5"), ("南日", "南日"),
        (["甲", "乙"], "甲、乙"),
        ([{"种类": "带鱼", "数量": "1"}, {"种类": "鲳"}], "种类 带鱼  数量 1\n种类 鲳"),
        ({"as_given": "119°30′", "lon": 119.5}, "119°30′"),
        ({"from": "2026-06-01", "to": None}, "from 2026-06-01  to "),
    ],
)  # fmt: skip
def test_an_answer_is_read_without_brackets_or_quotes(
    value: JsonValue, read: str
) -> None:
    assert kit.plain(value) == read


def test_a_problem_shows_its_number_its_cause_and_what_to_do() -> None:
    problem = Problem(Code.BAG_EMPTY)
    title, cause, do = problem_words(problem)
    column = kit.banner(int(problem.code), (title, cause, do)).content
    assert isinstance(column, ft.Column)
    heading, rest = column.controls
    assert isinstance(heading, ft.Text)
    assert isinstance(rest, ft.Text)
    assert heading.value == f"[1012] {title}"
    assert rest.value == cause + do


def test_pressing_a_button_acts_once() -> None:
    pressed: list[int] = []
    for made in (
        kit.button("收件", lambda: pressed.append(1)),
        kit.button("收件", lambda: pressed.append(2), primary=True),
        kit.line_button("收件", lambda: pressed.append(3)),
    ):
        assert made.on_click is not None
        made.on_click(None)  # type: ignore[call-arg, arg-type]
    assert pressed == [1, 2, 3]


def test_progress_says_how_far_and_can_be_stopped() -> None:
    stopped: list[bool] = []
    row = kit.progress("已完成 3 件", "停", lambda: stopped.append(True))
    assert isinstance(row, ft.Row)
    said = [each.value for each in row.controls if isinstance(each, ft.Text)]
    assert said == ["已完成 3 件"]
    row.controls[-1].on_click(None)  # type: ignore[attr-defined]
    assert stopped == [True]


async def test_nothing_waits_for_a_control_that_left_the_page() -> None:
    """It never answers; whoever asked goes on at once."""
    kit.refresh(ft.Text("weg"))
    kit.refresh_all([])
    async with asyncio.timeout(5):
        await kit.focus(ft.TextField())
        await kit.focus(ft.TextButton("weg"))
