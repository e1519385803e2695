"""A legal day as a lamp: a colour and its words, never colour alone."""

import dataclasses
from datetime import date

import flet as ft
import pytest

from desk_app.services.shown import DeadlineShown, Lamp
from desk_app.text.words import Words
from desk_app.views.lamps import LampLine, lamp, lamp_words

WORDS = Words("desk")
GREEN = DeadlineShown("statutory", date(2026, 6, 30), 9, "green", False, False)


def marks(control: ft.Control) -> tuple[object, str]:
    assert isinstance(control, ft.Row)
    mark, text = control.controls
    assert isinstance(mark, ft.Container)
    assert isinstance(text, ft.Text)
    return mark.bgcolor, str(text.value)


def test_it_says_what_runs_until_when_and_how_much_is_left() -> None:
    assert lamp_words(GREEN, WORDS) == "法定 2026-06-30（剩 9 个工作日）"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lamp": "overdue", "working_days_left": -3}, "已超 3 个工作日"),
        ({"paused": True, "lamp": "none"}, "特别程序期间不计时"),
        ({"provisional": True}, "暂定"),
    ],
)
def test_what_is_past_paused_or_not_certain_is_said(
    change: dict[str, object], said: str
) -> None:
    assert said in lamp_words(dataclasses.replace(GREEN, **change), WORDS)


def test_every_lamp_has_a_colour_of_its_own_and_the_same_words_beside_it() -> None:
    lamps: tuple[Lamp, ...] = ("green", "amber", "red", "overdue", "none")
    shown = [
        marks(lamp(dataclasses.replace(GREEN, lamp=each), WORDS)) for each in lamps
    ]
    assert len({color for color, _ in shown}) == len(lamps)
    assert all("法定 2026-06-30" in said for _, said in shown)


def test_where_no_day_runs_there_is_nothing_to_read() -> None:
    assert lamp_words(None, WORDS) == ""
    line = LampLine()
    line.light(GREEN, WORDS)
    line.light(None, WORDS)
    assert marks(line.control) == (None, "")


def test_a_lamp_that_says_the_same_again_changes_nothing() -> None:
    line = LampLine()
    assert len(line.light(GREEN, WORDS)) == 2
    assert line.light(GREEN, WORDS) == ()
    assert line.light(dataclasses.replace(GREEN, working_days_left=8), WORDS)
