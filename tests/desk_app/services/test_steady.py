"""P9: what the desk's clock makes of welcomes and receipts, one after another."""

from datetime import UTC, datetime, timedelta

from desk_app.services.steady import SteadyClock
from sync.protocol.anchors import Anchor, Reading

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
SECOND = timedelta(seconds=1)
YEARS = timedelta(days=1000)


class Pc:
    """A PC whose truth and wall clock are moved by hand."""

    def __init__(self, *, off: timedelta = timedelta()) -> None:
        self.truth, self.off = NOON, off
        self.clock = SteadyClock(lambda: self.truth + self.off, "b", self.up_ms)

    def up_ms(self) -> int:
        return round((self.truth - NOON) / timedelta(milliseconds=1)) + 1000

    def reading(self) -> Reading:
        return Reading(self.truth + self.off, "b", self.up_ms())

    def off_by(self) -> timedelta:
        return abs(self.clock.now() - self.truth)


def test_p09_without_a_proof_it_is_the_wall_clock() -> None:
    pc = Pc(off=-YEARS)
    assert pc.clock.now() == NOON - YEARS
    assert pc.clock.wrong_by() == timedelta()
    assert pc.clock.anchored_at is None


def test_p09_a_welcome_is_carried_on_and_the_clock_is_called_wrong() -> None:
    pc = Pc(off=-YEARS)
    pc.clock.heard(Anchor(pc.reading(), NOON, SECOND))
    pc.truth += 30 * HOUR
    assert pc.off_by() < HOUR
    assert abs(pc.clock.wrong_by() + YEARS) < HOUR
    assert pc.clock.anchored_at == NOON


def test_p09_a_receipt_only_moves_the_bound_forward() -> None:
    pc = Pc(off=-YEARS)
    pc.clock.heard(Anchor(pc.reading(), NOON - HOUR, None))
    assert pc.clock.now() == NOON - HOUR
    pc.clock.heard(Anchor(pc.reading(), NOON - 9 * HOUR, None))
    assert pc.clock.now() == NOON - HOUR
    assert pc.clock.anchored_at == NOON - HOUR


def test_p09_a_district_whose_clock_was_wrong_does_not_keep_the_desk_there() -> None:
    pc = Pc()
    pc.clock.heard(Anchor(pc.reading(), NOON + YEARS, SECOND))
    assert pc.off_by() > YEARS / 2
    pc.truth += HOUR
    pc.clock.heard(Anchor(pc.reading(), pc.truth, SECOND))
    assert pc.off_by() == timedelta()
    assert pc.clock.wrong_by() == timedelta()


def test_p09_an_answer_on_a_stick_does_not_blur_what_the_line_told() -> None:
    pc = Pc(off=-YEARS)
    pc.clock.heard(Anchor(pc.reading(), NOON, SECOND))
    pc.truth += 96 * HOUR
    pc.clock.heard(Anchor(pc.reading(), NOON + HOUR, 95 * HOUR))
    assert pc.off_by() < 2 * timedelta(minutes=1)
    # One that cannot be so is believed: somebody's clock was put right.
    pc.clock.heard(Anchor(pc.reading(), NOON + YEARS, 95 * HOUR))
    assert pc.off_by() > YEARS / 2
