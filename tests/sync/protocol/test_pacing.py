"""Over any line that passes 4 KiB between cuts, upload ends, and at what cost."""

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync.protocol.pacing import (
    LARGEST_PIECE,
    RUN_BYTES,
    SMALLEST_RECORD,
    Pace,
    Tries,
)

# Measured on the real line (tests/sync/client/test_p05_line.py): a connection with a
# resumed handshake and the question how far it is; a request with its answer; a TLS
# record's own bytes.
CONNECTING, ASKING, RECORD = 1900, 420, 22
SLACK = 0.15
PER_CUT = 7 * 1024


@dataclass
class ModelLine:
    """Passes so many bytes, both ways together, and breaks; again and again.

    A line through a swallowing box gives the server only requests that came whole.
    """

    budgets: list[int]
    swallowing: bool
    spent: int = 0
    cuts: int = -1
    arrived: int = 0
    left: int = 0

    def passes(self, size: int) -> bool:
        """Carry some bytes that are worthless in part."""
        self.spent += min(size, self.left)
        if size > self.left:
            return False
        self.left -= size
        return True

    def cut(self) -> None:
        self.cuts += 1
        self.left = self.budgets[self.cuts % len(self.budgets)]

    def push(self, size: int, pace: Pace) -> tuple[tuple[int, ...], int | None, bool]:
        """One try of the carrier: what was told, what was found, whether it broke."""
        if not self.passes(CONNECTING):
            return (), None, True
        found = self.arrived
        pace = pace.found(found)
        told = [found]
        while self.arrived < size:
            portion = min(pace.portion, size - self.arrived)
            if not self.passes(ASKING):
                return tuple(told), found, True
            came = 0
            for record, _ in pace.strides(portion, round_trip_s=0.6):
                if not self.passes(record + RECORD):
                    self.arrived += 0 if self.swallowing else came
                    return tuple(told), found, True
                came += record
            self.arrived += came
            told.append(self.arrived)
            pace = pace.carried_on(came)
        return tuple(told), found, False


def carry(size: int, line: ModelLine, pace: Pace | None = None) -> Pace:
    """Send as `uploading.deliver` does, and as the engine's next steps do."""
    line.cut()
    tries = Tries(pace or Pace(), 0)
    for _ in range(20_000):
        told, found, broke = line.push(size, tries.asking)
        tries = tries.after(told, found, broke=broke)
        if not broke:
            return tries.pace
        line.cut()
        if tries.hopeless:
            # A later step, after a restart: only the pace is remembered.
            tries = Tries(Pace.from_text(tries.pace.to_text()), None)
    pytest.fail("it never ends")


BUDGETS = st.lists(st.integers(4096, 90_000), min_size=1, max_size=12)


@given(size=st.integers(1, 400_000), budgets=BUDGETS, swallowing=st.booleans())
@settings(max_examples=300, deadline=None)
def test_p05_upload_ends_over_any_line_that_passes_4_kib_between_cuts(
    size: int, budgets: list[int], *, swallowing: bool
) -> None:
    """Whatever the cuts: it ends, and costs (1+ε)·size + c·cuts at most.

    Behind a box that swallows requests which are cut, nobody can know what would have
    passed: there it ends all the same, at no more than four times the size.
    """
    line = ModelLine(budgets, swallowing)

    carry(size, line)

    assert line.arrived == size
    first_try = CONNECTING + ASKING + RECORD
    share = 4 if swallowing else 1 + SLACK
    assert line.spent <= share * size + PER_CUT * line.cuts + first_try


@pytest.mark.parametrize("swallowing", [False, True])
def test_p05_the_worst_line_that_counts_still_carries_a_megabyte(
    *, swallowing: bool
) -> None:
    """Exactly 4 KiB each time: neither slower nor dearer than the promise allows."""
    line = ModelLine([4096], swallowing)

    carry(2**20, line)

    assert line.arrived == 2**20
    assert line.cuts < 2**20 / 500


def test_an_unbroken_line_gets_everything_in_one_request() -> None:
    line = ModelLine([10**9], swallowing=False)

    pace = carry(3_000_000, line)

    assert line.spent < 3_000_000 * 1.006 + CONNECTING + ASKING
    assert pace.portion == LARGEST_PIECE
    assert pace.run_bytes == RUN_BYTES


def test_p05_what_a_line_taught_survives_a_restart() -> None:
    pace = carry(300_000, ModelLine([4096], swallowing=False))
    assert pace.carried is not None
    assert pace.record == SMALLEST_RECORD

    assert Pace.from_text(pace.to_text()) == pace


def test_batches_shrink_with_the_line_down_to_one_entry_and_grow_again() -> None:
    """A run always holds at least one entry; its bytes follow what the line carries."""
    bad = Pace().cut(0).cut(300)
    assert bad.run_bytes < 10_000

    good = carry(4_000_000, ModelLine([10**9], swallowing=False), bad)

    assert good.run_bytes == RUN_BYTES


@pytest.mark.parametrize("text", [None, "", "x", "1 2 3", "1 2 3 4 5 6", "a b c d"])
def test_an_unreadable_state_is_a_fresh_start(text: str | None) -> None:
    assert Pace.from_text(text) == Pace()


def test_a_kept_state_is_kept_within_bounds() -> None:
    pace = Pace.from_text("-5 -1 -7 900")
    assert pace.portion > 0
    assert pace.record > 0
    assert pace.idle < 100


def test_a_line_that_leaves_nothing_is_left_alone_after_a_few_tries() -> None:
    tries = Tries(Pace(), 0)
    count = 0
    while not tries.hopeless:
        tries = tries.after((), None, broke=True)
        count += 1
    assert count == 5


def test_a_line_that_gains_a_little_each_time_is_never_left_alone() -> None:
    tries = Tries(Pace(), 0)
    for offset in range(100, 4000, 100):
        tries = tries.after((offset,), offset, broke=True)
        assert not tries.hopeless


def test_a_server_that_lost_all_begins_anew_and_counts_as_no_gain() -> None:
    tries = Tries(Pace(), 5000, broke=True)

    after = tries.after((0,), 0, broke=True)

    assert after.last == 0
    assert after.idle == 1


@given(
    size=st.integers(1, 300_000),
    carried=st.none() | st.integers(4096, 2**20),
    since=st.integers(0, 2**20),
    round_trip_s=st.floats(0, 5),
)
@settings(max_examples=200, deadline=None, derandomize=True)
def test_a_body_goes_out_whole_whatever_the_line(
    size: int, carried: int | None, since: int, round_trip_s: float
) -> None:
    pace = Pace(carried=carried, since=since)
    strides = list(pace.strides(size, round_trip_s=round_trip_s))
    assert sum(record for record, _ in strides) == size
    assert all(record >= SMALLEST_RECORD for record, _ in strides[:-1])
    # After the last byte there is nothing to wait for.
    assert strides[-1][1] == 0


def test_an_unbroken_line_and_a_short_one_are_never_waited_for() -> None:
    whole, new, broken = Pace(since=90_000), Pace(), Pace(carried=60_000)
    assert not any(wait for _, wait in whole.strides(200_000, round_trip_s=0.6))
    assert not any(wait for _, wait in new.strides(200_000, round_trip_s=0.02))
    assert not any(wait for _, wait in broken.strides(200_000, round_trip_s=0.02))


def _on_its_way(pace: Pace, size: int, *, between: tuple[int, int]) -> float:
    """Return how much is on its way, by the waits between two places of a body."""
    at, seconds, sent = pace.since, 0.0, 0
    for record, wait_s in pace.strides(size, round_trip_s=0.6):
        if between[0] <= at < between[1]:
            seconds, sent = seconds + wait_s, sent + record
        at += record
    return sent / seconds * 0.3


def test_p05_a_new_line_is_not_filled_where_its_first_cut_may_come() -> None:
    """At first what an office line holds, then seven tenths; then all there is."""
    new = Pace()
    assert _on_its_way(new, 200_000, between=(0, 24_000)) == pytest.approx(10_000)
    assert _on_its_way(new, 200_000, between=(30_000, 90_000)) == pytest.approx(7_168)
    # Another request of the same line goes on where this one ended.
    later = Pace(since=60_000)
    assert _on_its_way(later, 50_000, between=(60_000, 90_000)) == pytest.approx(7_168)
    proven = Pace(since=90_000)
    assert {wait for _, wait in proven.strides(200_000, round_trip_s=0.6)} == {0.0}


@given(round_trip_s=st.floats(0.1, 5))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_a_new_line_costs_seven_round_trips_and_four_seconds_at_most_and_once(
    round_trip_s: float,
) -> None:
    """However fast it is, however late the answer that says how long it is."""
    waits = [wait for _, wait in Pace().strides(10**6, round_trip_s=round_trip_s)]
    assert sum(waits) < min(7 * round_trip_s, 4)
    proven = Pace().carried_on(10**6)
    again = proven.strides(10**6, round_trip_s=round_trip_s)
    assert not any(wait for _, wait in again)


def test_what_may_be_on_its_way_at_once_waits_for_nothing() -> None:
    """A few cases a day are all there is to most conversations."""
    for pace in (Pace(), Pace(since=40_000)):
        assert not any(wait for _, wait in pace.strides(7_000, round_trip_s=0.6))
    assert any(wait for _, wait in Pace(since=40_000).strides(8_000, round_trip_s=0.6))


def test_where_a_cut_is_due_little_is_on_its_way() -> None:
    """Full speed as long as the line usually holds; then a sixty-fourth of it."""
    pace = Pace(carried=256_000, least=50_000)
    at, seconds, slow = 0, 0.0, 0
    for record, wait_s in pace.strides(60_000, round_trip_s=0.6):
        if at < 40_000:
            assert (record, wait_s) == (4096, 0.0)
        else:
            seconds += wait_s
            slow += record
        at += record
    on_its_way = slow / seconds * 0.3
    assert 0.9 * 4000 < on_its_way < 1.1 * 4000


def test_a_request_ends_where_a_cut_is_due_so_that_buffers_run_dry() -> None:
    """Else what was handed over before fills the line until the cut."""
    pace = Pace(carried=256_000, least=250_000, since=20_000)
    assert pace.portion_over(0.6) == 180_000
    assert pace.portion_over(0.02) == pace.portion
    due = Pace(carried=256_000, least=250_000, since=200_000)
    assert due.portion_over(0.6) == due.portion
    # Where little stays anyway a request more is dearer than what it saves.
    assert Pace(carried=30_000, least=30_000).portion_over(0.6) == 60_000


def test_what_has_stayed_since_the_cut_counts() -> None:
    """A later request of the same life is where a cut is due from its first byte."""
    late = Pace(carried=60_000, since=49_000, least=60_000)
    first, wait_s = next(late.strides(60_000, round_trip_s=0.6))
    assert wait_s > 0
    assert first < late.record


def test_a_line_that_got_better_is_not_slowed_for_long() -> None:
    better = Pace(carried=60_000, since=151_000, least=50_000)
    assert not any(wait for _, wait in better.strides(60_000, round_trip_s=0.6))
    # One life says less: the next one may be nearly three times as long.
    once = Pace().cut(32_000)
    late, longer = replace(once, since=80_000), replace(once, since=90_000)
    assert any(wait for _, wait in late.strides(9_000, round_trip_s=0.6))
    assert not any(wait for _, wait in longer.strides(9_000, round_trip_s=0.6))


def test_p05_after_its_first_cut_a_line_may_be_cut_at_half_of_it() -> None:
    """One life says little; later ones say where a cut is due."""
    once = Pace().cut(60_000)
    assert once.least == 30_000
    assert _on_its_way(once, 100_000, between=(30_000, 100_000)) < 1_500
    for _ in range(12):
        once = once.cut(60_000)
    assert 58_000 < (once.least or 0) <= 60_000


def test_what_a_cut_left_counts_before_the_next_byte_is_sent() -> None:
    """How far it got is known only when the next try asks: it must not be too late."""
    tries = Tries(Pace(), 0).after((), 0, broke=True)
    pace = tries.asking.found(30_000)
    assert (pace.carried, pace.least, pace.since) == (30_000, 15_000, 0)
    # The driver, which is told the same afterwards, comes to the same.
    after = tries.after((30_000,), 30_000, broke=False)
    assert after.pace == pace
    assert Pace().found(30_000) == Pace()


def test_the_worst_life_of_a_line_counts_at_once_and_is_forgotten_slowly() -> None:
    pace = Pace().cut(80_000).cut(40_000)
    assert pace.least == 40_000
    better = pace.cut(80_000)
    assert better.least == 50_000
    assert Pace.from_text(better.to_text()) == better
    assert better.carried_on(2 * 2**20).least is None


def test_p10_what_an_older_program_kept_of_a_line_is_read() -> None:
    assert Pace.from_text("512 9000 100 1") == Pace(512, 9000, 100, 1)
    assert Pace.from_text("512 9000") == Pace()
    assert Pace.from_text("not a pace") == Pace()
