"""P9: whatever the wall clock says, time is known as far as it is proved."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sync.protocol.anchors import (
    Anchor,
    Basis,
    Reading,
    carried,
    true_time,
    wrong_by,
)

NOON = datetime(2026, 11, 23, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
YEARS = timedelta(days=3 * 365)
NONE = timedelta()
TRIP = timedelta(seconds=2)


class Machine:
    """A PC whose true time, wall clock and boots are moved by hand."""

    def __init__(self, *, wall_off: timedelta = NONE) -> None:
        self.truth = NOON
        self.off = wall_off
        self.boot = 1
        self.up_ms = 60_000

    def passes(self, time: timedelta) -> None:
        self.truth += time
        self.up_ms += round(time / timedelta(milliseconds=1))

    def reboots(self, *, away: timedelta) -> None:
        self.truth += away
        self.boot += 1
        self.up_ms = 30_000
        self.truth += timedelta(seconds=30)

    def reading(self) -> Reading:
        return Reading(self.truth + self.off, f"boot-{self.boot}", self.up_ms)

    def anchor(self) -> Anchor:
        return Anchor(self.reading(), self.truth - TRIP / 2, TRIP)

    def receipt(self) -> Anchor:
        return Anchor(self.reading(), self.truth - TRIP / 2, None)


def test_p09_without_an_anchor_the_wall_clock_is_taken_and_called_unproven() -> None:
    pc = Machine(wall_off=-YEARS)
    said = true_time(pc.reading())
    assert (said.at, said.basis) == (NOON - YEARS, Basis.UNPROVEN)
    assert said.uncertainty is None
    assert wrong_by(pc.reading(), said) == NONE


def test_p09_a_clock_set_years_back_or_forward_mid_day_changes_nothing() -> None:
    for leap in (-YEARS, YEARS):
        pc = Machine()
        anchor = pc.anchor()
        pc.passes(HOUR)
        pc.off = leap
        pc.passes(HOUR)
        said = true_time(pc.reading(), before=[anchor])
        assert abs(said.at - pc.truth) < timedelta(seconds=3)
        assert said.basis is Basis.ANCHORED
        assert abs(wrong_by(pc.reading(), said) - leap) < timedelta(seconds=3)


def test_p09_a_later_anchor_tells_when_an_earlier_entry_was_made() -> None:
    pc = Machine(wall_off=-YEARS)
    entry, truth = pc.reading(), pc.truth
    pc.passes(5 * HOUR)
    said = true_time(entry, after=[pc.anchor()])
    assert abs(said.at - truth) < timedelta(seconds=10)


def test_p09_asleep_the_clock_that_counts_sleep_goes_on() -> None:
    pc = Machine()
    anchor = pc.anchor()
    pc.passes(timedelta(days=3))
    said = true_time(pc.reading(), before=[anchor])
    assert abs(said.at - pc.truth) < timedelta(minutes=1)
    assert wrong_by(pc.reading(), said) == NONE


def test_p09_an_answer_that_came_on_a_stick_leaves_a_right_clock_alone() -> None:
    """It was under way for days: its middle is no better than the wall clock."""
    days = timedelta(days=4)
    pc = Machine()
    pc.passes(days)
    anchor = Anchor(pc.reading(), NOON + timedelta(hours=6), days)
    said = true_time(pc.reading(), before=[anchor])
    assert said.at == pc.truth
    assert wrong_by(pc.reading(), said) == NONE
    pc.off = -YEARS
    wrong = true_time(pc.reading(), before=[anchor])
    assert wrong.low is not None
    assert wrong.high is not None
    assert wrong.low <= wrong.at <= wrong.high
    assert wrong_by(pc.reading(), wrong) < -YEARS / 2


def test_p09_after_a_reboot_with_a_dead_battery_time_never_runs_backwards() -> None:
    pc = Machine()
    anchor = pc.anchor()
    pc.passes(4 * HOUR)
    last = pc.reading()
    pc.reboots(away=10 * HOUR)
    pc.off = -YEARS
    first = pc.reading()
    floor = carried(anchor, last, first)
    pc.passes(HOUR)
    said = true_time(pc.reading(), before=[anchor, floor])
    # Ten hours without power cannot be known; the hours at work can.
    assert NOON + 5 * HOUR - TRIP < said.at <= pc.truth
    assert wrong_by(pc.reading(), said) < -YEARS / 2


def test_p09_a_clock_that_was_put_right_is_believed_again() -> None:
    for leap in (-YEARS, YEARS):
        pc = Machine(wall_off=leap)
        anchor = pc.anchor()
        pc.reboots(away=HOUR)
        still_wrong = true_time(pc.reading(), before=[anchor])
        assert still_wrong.at == pc.truth - TRIP / 2
        assert abs(wrong_by(pc.reading(), still_wrong) - leap) < TRIP
        pc.off = NONE
        mended = true_time(pc.reading(), before=[anchor])
        assert mended.at == pc.truth
        assert wrong_by(pc.reading(), mended) == NONE


def test_p09_over_boots_an_entry_lies_between_the_anchors_around_it() -> None:
    pc = Machine()
    before = pc.anchor()
    pc.reboots(away=HOUR)
    pc.off = YEARS
    entry, truth = pc.reading(), pc.truth
    pc.reboots(away=HOUR)
    after = pc.anchor()
    said = true_time(entry, before=[before], after=[after])
    assert said.low is not None
    assert said.high is not None
    assert said.low <= truth <= said.high
    assert said.low <= said.at <= said.high
    assert said.basis is Basis.BOUNDED


def test_p09_an_old_receipt_sent_again_bounds_from_below_only() -> None:
    pc = Machine()
    old = Anchor(pc.reading(), NOON - timedelta(days=30), None)
    said = true_time(pc.reading(), before=[old])
    assert (said.at, said.high) == (NOON, None)
    late = true_time(pc.reading(), after=[old])
    assert (late.at, late.low, late.high) == (NOON, None, None)


def test_boots_between_add_what_they_lasted() -> None:
    pc = Machine()
    floor = pc.anchor()
    for _ in range(3):
        last = pc.reading()
        pc.reboots(away=NONE)
        floor = carried(floor, last, pc.reading())
        pc.passes(8 * HOUR)
    low = true_time(pc.reading(), before=[floor]).low
    assert low is not None
    assert pc.truth - timedelta(minutes=5) < low <= pc.truth


MOVES = st.lists(
    st.one_of(
        st.tuples(st.just("passes"), st.integers(1, 300)),
        st.tuples(st.just("reboots"), st.integers(0, 300)),
        st.tuples(st.just("sets"), st.integers(-5_000, 5_000)),
        st.tuples(st.just("hears"), st.just(0)),
    ),
    max_size=25,
)


@given(MOVES)
def test_p09_what_is_called_proved_is_true(moves: list[tuple[str, int]]) -> None:
    """Bounds hold the truth, whatever happened to the clocks in between."""
    pc = Machine()
    anchor: Anchor | None = None
    floor: Anchor | None = None
    last = pc.reading()
    for move, amount in moves:
        if move == "passes":
            pc.passes(timedelta(hours=amount))
        elif move == "sets":
            pc.off = timedelta(hours=amount)
        elif move == "hears":
            anchor = floor = pc.anchor()
        else:
            pc.reboots(away=timedelta(hours=amount))
            floor = carried(floor, last, pc.reading()) if floor else None
        before = [each for each in (anchor, floor) if each]
        said = true_time(pc.reading(), before=before)
        assert said.low is None or said.low <= pc.truth
        assert said.high is None or said.high >= pc.truth
        if floor is None:
            assert said.at == pc.reading().wall
        last = pc.reading()
