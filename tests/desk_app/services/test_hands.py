"""What the composition root lends: time, chance, and a step that is entered later."""

import dataclasses
from datetime import timedelta

import pytest

from desk_app.services.hands import Earlier, Hands, Workplace
from desk_app.services.steady import SteadyClock
from sync.protocol.anchors import Anchor
from tests.support.counter import MONDAY, Counter


def _hands(**named: object) -> Hands:
    hands = Hands(
        now=lambda: MONDAY, random_bytes=lambda size: bytes(range(size)),
        dice=lambda: 0.5, monotonic_ms=lambda: 1000, boot="b",
    )  # fmt: skip
    return dataclasses.replace(hands, **named)  # type: ignore[arg-type]


def test_without_a_proved_time_the_wall_is_what_now_says() -> None:
    assert _hands().wall() == MONDAY


def test_p09_the_wall_is_told_as_it_is_however_wrong_it_is_known_to_be() -> None:
    """What verbs write down is steady; the entry's own clocks are not made up."""
    clock = SteadyClock(lambda: MONDAY, "b", lambda: 1000)
    true = MONDAY + timedelta(days=3)
    clock.heard(Anchor(clock.read(), true, timedelta(seconds=1)))
    hands = _hands(now=clock.now, clock=clock)
    assert hands.wall() == MONDAY
    assert abs(hands.now() - true) < timedelta(seconds=2)


def test_an_id_is_as_long_as_asked_and_from_the_lent_dice(counter: Counter) -> None:
    place = dataclasses.replace(counter.place, hands=_hands())
    assert place.new_id(3) == "000102"
    assert len(place.new_id()) == 32
    ids = {counter.place.new_id() for _ in range(50)}
    assert len(ids) == 50


def test_entering_later_is_for_one_step_and_leaves_the_workplace_as_it_was(
    place: Workplace,
) -> None:
    earlier = Earlier(MONDAY, "停电", "A-1")
    later = place.entering_later(earlier)
    assert later.earlier == earlier
    assert (later.vault, later.operator) == (place.vault, place.operator)
    assert place.earlier is None
    with pytest.raises(dataclasses.FrozenInstanceError):
        place.earlier = earlier  # type: ignore[misc]
