"""A choice is made as fast as a clerk types: number, initials, word; never by guess."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.components.choice import Choice, Choices, matching

OPTIONS = (
    ("counter", "窗口办理"),
    ("village", "进村办理"),
    ("pier", "码头办理"),
    ("boat", "船上办理"),
)
KEYS = [key for key, _ in OPTIONS]


class Enter:
    """What the toolkit tells a field: its text, and the key."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice

    def type(self, text: str) -> None:
        field = self.choice.field
        field.value = text
        event: Any = type("Event", (), {"control": field})()
        if field.on_change is not None:
            field.on_change(event)  # type: ignore[call-arg]

    def enter(self) -> None:
        if self.choice.field.on_submit is not None:
            self.choice.field.on_submit(None)  # type: ignore[call-arg, arg-type]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("3", "pier"), ("码头办理", "pier"), ("码", "pier"), ("mtbl", "pier"),
        ("pier", "pier"), ("PIER", "pier"), (" 4 ", "boat"), ("上", "boat"),
    ],
)  # fmt: skip
def test_a_number_a_word_or_initials_mean_an_option(typed: str, meant: str) -> None:
    assert matching(typed, OPTIONS)[0] == meant


def test_nothing_typed_offers_all_and_a_foreign_word_none() -> None:
    assert list(matching("", OPTIONS)) == KEYS
    assert matching("飞机", OPTIONS) == ()


@settings(derandomize=True, max_examples=60)
@given(st.text(max_size=6))
def test_whatever_is_typed_only_options_are_offered_and_each_once(text: str) -> None:
    found = matching(text, OPTIONS)
    assert set(found) <= set(KEYS)
    assert len(set(found)) == len(found)


def test_enter_takes_the_likeliest_tells_it_once_and_goes_on() -> None:
    told: list[str | None] = []
    gone: list[bool] = []
    choice = Choice(
        "地点", OPTIONS, value=None, change=told.append, done=lambda: gone.append(True)
    )
    hand = Enter(choice)
    hand.type("2")
    assert told == []
    hand.enter()
    assert (choice.value, choice.field.value) == ("village", "进村办理")
    hand.enter()
    assert (told, gone) == (["village"], [True, True])


def test_what_means_nothing_stays_as_typed_and_is_said() -> None:
    told: list[str | None] = []
    choice = Choice("地点", OPTIONS, value="pier", change=told.append)
    hand = Enter(choice)
    hand.type("飞机")
    hand.enter()
    assert choice.field.value == "飞机"
    assert choice.field.error
    assert (choice.value, told) == ("pier", [])
    hand.type("")
    hand.enter()
    assert choice.field.error is None
    assert (choice.value, told) == (None, [None])


def test_a_click_on_an_offer_is_as_good_as_typing_it() -> None:
    choice = Choice("地点", OPTIONS, value=None)
    Enter(choice).type("进村")
    offered = choice.control.controls[1].controls  # type: ignore[attr-defined]
    offered[0].on_click(None)
    assert choice.value == "village"
    assert not choice.control.controls[1].visible


def test_several_are_taken_by_numbers_words_and_commas() -> None:
    told: list[list[str]] = []
    several = Choices(
        "地点", OPTIONS, values=["boat", "gone"], change=told.append, done=lambda: None
    )
    assert several.field.value == "船上办理"
    hand = Enter(several)
    hand.type("1 3，船上办理、没有")
    hand.enter()
    assert several.values == ["counter", "pier", "boat"]
    assert told == [["counter", "pier", "boat"]]
    assert several.field.value == "窗口办理、码头办理、船上办理"
